"""The view of one kind: what comes of lists and watches, and what is remembered for those who come back."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chat_gateway.live.objects import REMINDER, TASK, LiveObject, without_managed_fields
from chat_gateway.live.view import Happened, Step, View
from todotasks.api import Metadata
from todotasks.kube.resources import TODOTASKS
from todotasks.kube.watch.observed import Change, ChangeType, Listed, ListedObject, Skipped, Watched


def raw(uid: str, version: int, **fields: Any) -> bytes:
    metadata = {
        "name": fields.pop("name", uid),
        "namespace": fields.pop("namespace", "home"),
        "uid": uid,
        "resourceVersion": str(version),
        "managedFields": [{"manager": "x"}],
    }
    return json.dumps({"metadata": metadata, "spec": {"title": uid}, **fields}).encode()


def change(type: ChangeType, uid: str, version: int, **fields: Any) -> Change[LiveObject]:
    body = raw(uid, version, **fields)
    return Change(type, msgspec.json.decode(body, type=LiveObject), body)


def watched(*changes: Change[LiveObject], skipped: tuple[Skipped, ...] = ()) -> Watched[LiveObject]:
    versions = [int(each.object.metadata.resource_version) for each in changes]
    versions += [int(each.metadata.resource_version) for each in skipped]
    return Watched(changes, str(max(versions)), skipped)


def listed(position: int, *objects: tuple[str, int], **options: Any) -> Listed[LiveObject]:
    found = tuple(
        ListedObject(msgspec.json.decode(body, type=LiveObject), body)
        for body in (raw(uid, version) for uid, version in objects)
    )
    whole = options.get("complete", True)
    return Listed(found, whole, options.get("first", True), str(position) if whole else "", "test")


def a_view(position: int = 10, *objects: tuple[str, int], history: int = 100) -> View:
    view = View(TASK, history)
    view.listed(listed(position, *objects))
    return view


def said(step: Step | None) -> list[tuple[str, str]]:
    assert step is not None
    return [(kind_of(each), each.known.uid) for each in step.changes]


def kind_of(happened: Happened) -> str:
    if happened.before is None:
        return "ADDED"
    return "DELETED" if happened.after is None else "MODIFIED"


def test_the_first_list_is_what_is_there_and_no_change() -> None:
    view = View(TASK, 100)
    assert view.listed(listed(0, ("a", 1), complete=False)) is None
    step = view.listed(listed(10, ("b", 2), first=False))
    assert step == Step((), 10)
    assert {each.uid for each in view.objects()} == {"a", "b"}
    assert view.floor == view.position == 10


def test_changes_come_in_their_order_with_what_was_before() -> None:
    view = a_view(10, ("a", 5))
    step = view.watched(
        watched(change("ADDED", "b", 11), change("MODIFIED", "a", 12), change("DELETED", "b", 13))
    )
    assert said(step) == [("ADDED", "b"), ("MODIFIED", "a"), ("DELETED", "b")]
    assert step.position == 13
    assert [each.position for each in step.changes] == [11, 12, 13]


def test_what_is_known_already_is_no_change() -> None:
    view = a_view(10, ("a", 5))
    assert said(view.watched(watched(change("ADDED", "a", 5)))) == []
    assert said(view.watched(watched(change("DELETED", "c", 11)))) == []


def test_a_list_after_a_gap_brings_the_deletes_that_nobody_saw() -> None:
    view = a_view(10, ("a", 5), ("b", 6), ("c", 7))
    step = view.listed(listed(20, ("a", 5), ("b", 15), ("d", 16)))
    assert said(step) == [("DELETED", "c"), ("MODIFIED", "b"), ("ADDED", "d")]
    assert {each.position for each in step.changes} == {20}  # type: ignore[union-attr]
    since = view.since(10)
    assert since is not None
    assert len(list(since)) == 3


def test_a_list_that_broke_off_is_void() -> None:
    view = a_view(10, ("a", 5))
    assert view.listed(listed(0, ("b", 6), complete=False)) is None
    assert said(view.listed(listed(20, ("a", 5)))) == []


def test_a_name_that_belongs_to_another_object_now_is_a_delete_and_an_add() -> None:
    view = a_view(10, ("a", 5))
    step = view.watched(watched(change("DELETED", "a", 11), change("ADDED", "a2", 12, name="a")))
    assert said(step) == [("DELETED", "a"), ("ADDED", "a2")]


def test_a_cluster_that_is_behind_where_it_was_is_told_and_its_history_is_gone() -> None:
    view = a_view(10, ("a", 5))
    view.watched(watched(change("ADDED", "b", 30)))
    step = view.listed(listed(20, ("a", 5)))
    assert step == Step((), 20, restored=True)
    assert view.since(10) is None
    assert [each.uid for each in view.objects()] == ["a"]


def test_an_object_that_does_not_fit_its_type_is_there_all_the_same_and_in_its_place() -> None:
    view = a_view(10, ("a", 5))
    body = raw("odd", 11, spec={"title": 7})
    odd = Skipped(
        "ADDED", Metadata(name="odd", namespace="home", uid="odd", resource_version="11"), body, "no"
    )
    step = view.watched(watched(change("MODIFIED", "a", 12), skipped=(odd,)))
    assert said(step) == [("ADDED", "odd"), ("MODIFIED", "a")]
    gone = Skipped(
        "DELETED", Metadata(name="odd", namespace="home", uid="odd", resource_version="13"), body, "no"
    )
    assert said(view.watched(watched(skipped=(gone,)))) == [("DELETED", "odd")]


@given(st.integers(1, 30), st.integers(1, 10), st.integers(0, 45))
def test_the_history_has_all_behind_a_position_or_says_that_it_has_not(
    count: int, longest: int, position: int
) -> None:
    view = a_view(10, history=longest)
    for number in range(count):
        view.watched(watched(change("ADDED", f"t{number}", 11 + number)))
    since = view.since(position)
    wanted = [11 + number for number in range(count) if 11 + number > position]
    if since is None:
        assert len(wanted) > longest or position < 10
    else:
        assert [each.position for each in since] == wanted


def test_managed_fields_go_and_all_else_stays_as_it_was() -> None:
    body = raw("a", 1, status={"x": [1, {"y": None}]}, spec={"title": "ä", "big": 12345678901234567890})
    found = json.loads(without_managed_fields(body, TODOTASKS))
    before = json.loads(body)
    del before["metadata"]["managedFields"]
    assert found == {**before, "apiVersion": "todotasks.dev/v1", "kind": "TodoTask"}


def test_a_reminder_fires_when_its_status_says_so_for_the_first_time() -> None:
    view = View(REMINDER, 100)
    view.listed(listed(10, ("r", 5)))

    def fires(version: int, **status: Any) -> bool:
        step = view.watched(watched(change("MODIFIED", "r", version, status=status)))
        return step.changes[0].fired

    assert not fires(11, observedGeneration=1)
    assert fires(12, firedAt="2027-01-01T09:00:00Z", firedCount=1)
    assert not fires(13, firedAt="2027-01-01T09:00:00Z", firedCount=1, observedGeneration=2)
    assert fires(14, firedAt="2027-01-01T10:00:00Z", firedCount=2)
