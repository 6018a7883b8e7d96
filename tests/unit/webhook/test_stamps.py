"""Stamps by the webhook, for servers without the policy: the same cases, the same outcome."""

from typing import Any

import msgspec
import pytest

from todo_webhook.review import Kind, Meta, Plural, Request, Thing, User
from todo_webhook.stamps import stamps
from todotasks.api.stamps import stamped as beforehand

ACTOR = "todotasks.dev/last-actor"


def stamped(
    labels: dict[str, str] | None, annotations: dict[str, str] | None, spec: Any, plural: str = "todotasks"
) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """Labels and annotations with the patch applied."""
    request = Request(
        "u",
        kind=Kind("todotasks.dev", "v1", "TodoTask"),
        resource=Plural("todotasks.dev", "v1", plural),
        user_info=User("ana"),
        object=Thing(Meta(labels=labels, annotations=annotations), spec),
    )
    found: dict[str, Any] = {"labels": labels and {**labels}, "annotations": annotations and {**annotations}}
    if labels == {}:
        found["labels"] = {}
    if annotations == {}:
        found["annotations"] = {}
    for step in stamps(request):
        _, _, field, *key = step["path"].split("/")
        if not key:
            assert found[field] is None
            found[field] = step["value"]
        elif step["op"] == "remove":
            del found[field][key[0].replace("~1", "/").replace("~0", "~")]
        else:
            found[field][key[0].replace("~1", "/").replace("~0", "~")] = step["value"]
    return found["labels"], found["annotations"]


@pytest.mark.parametrize(
    ("labels", "tags", "wanted"),
    [
        (None, None, None),
        (None, [], None),
        ({"team": "a"}, ["deep-work"], {"team": "a", "tag.todotasks.dev/deep-work": ""}),
        (None, ["Work", "work", "C++", "größer"], {"tag.todotasks.dev/work": ""}),
        ({"tag.todotasks.dev/forged": ""}, None, {}),
        ({"tag.todotasks.dev/a~b/c": ""}, ["x"], {"tag.todotasks.dev/x": ""}),
        (None, "home", None),
        (None, [1, ["a"], None], None),
        (None, ["\u0130stanbul", "\u212a"], None),  # no ASCII: lower case of it would be another word
    ],
)  # fmt: skip
def test_labels_follow_the_tags(labels: Any, tags: Any, wanted: Any) -> None:
    spec = {} if tags is None else {"tags": tags}
    assert stamped(labels, {ACTOR: "ana"}, spec)[0] == wanted


@pytest.mark.parametrize("before", [None, {}, {ACTOR: "mallory"}, {ACTOR: "ana "}, {ACTOR: "ana"}])
def test_the_actor_is_who_asks_whatever_stands_there(before: dict[str, str] | None) -> None:
    assert stamped(None, before, {})[1] == {ACTOR: "ana"}


def test_other_kinds_have_no_labels_of_tags() -> None:
    labels = {"tag.todotasks.dev/mine": "x"}
    assert stamped(labels, None, {"tags": ["y"]}, "recurrencerules")[0] == labels


@pytest.mark.parametrize(
    ("old", "new", "patched"),
    [
        ({"cron": "a"}, {"cron": "a", "rrule": "b"}, ["/spec/cron"]),
        ({"rrule": "b"}, {"cron": "a", "rrule": "b"}, ["/spec/rrule"]),
        ({"simple": {}}, {"cron": "a", "simple": {}}, ["/spec/simple"]),
        ({"cron": "a"}, {"cron": "b"}, []),
        ({"simple": {}}, {"cron": "a", "rrule": "b", "simple": {}}, []),  # the schema says what is wrong
        (None, {"cron": "a", "rrule": "b"}, []),
        ({"cron": "a"}, "nonsense", []),
    ],
)
def test_who_sets_another_way_of_writing_a_schedule_means_it_instead(
    old: Any, new: Any, patched: list[str]
) -> None:
    request = Request(
        "u",
        resource=Plural("todotasks.dev", "v1", "recurrencerules"),
        user_info=User("ana"),
        object=Thing(Meta(annotations={ACTOR: "ana"}), new),
        old_object=Thing(Meta(annotations={ACTOR: "ana"}), old) if old is not None else None,
    )
    assert [step["path"] for step in stamps(request)] == patched


@pytest.mark.parametrize(
    ("change", "mine"),
    [
        ({}, False),
        ({"spec": {"title": "y"}}, True),
        ({"labels": {"team": "a"}}, True),
        ({"annotations": {ACTOR: "mallory"}}, True),
        ({"annotations": None}, True),
        ({"finalizers": ("example.com/keep",)}, True),
        ({"owner_references": ({"uid": "u"},)}, True),
    ],
)
def test_a_write_that_changes_nothing_is_nobodys(change: dict[str, Any], mine: bool) -> None:
    meta = {"labels": None, "annotations": {ACTOR: "ben"}, "finalizers": None, "owner_references": None}
    spec = {"title": "x"}
    request = Request(
        "u",
        resource=Plural("todotasks.dev", "v1", "todotasks"),
        user_info=User("ana"),
        operation="UPDATE",
        object=Thing(
            Meta(**{**meta, **{k: v for k, v in change.items() if k != "spec"}}), change.get("spec", spec)
        ),
        old_object=Thing(Meta(**meta), spec),
    )
    assert bool(stamps(request)) is mine


def test_what_is_right_is_left_alone() -> None:
    request = Request(
        "u",
        resource=Plural("todotasks.dev", "v1", "todotasks"),
        user_info=User("ana"),
        object=Thing(Meta(labels={"tag.todotasks.dev/a": ""}, annotations={ACTOR: "ana"}), {"tags": ["A"]}),
    )
    assert stamps(request) == []


@pytest.mark.parametrize("tags", [None, [], ["Work", "work", "C++", "a b"], [1, None], ["x" * 63]])
@pytest.mark.parametrize("labels", [None, {}, {"team": "a", "tag.todotasks.dev/forged": ""}])
def test_a_body_that_was_stamped_rightly_beforehand_has_nothing_left_to_stamp(tags: Any, labels: Any) -> None:
    body = {"metadata": {"name": "x", "labels": labels}, "spec": {"title": "x", "tags": tags}}
    made = beforehand(body, "ana", is_task=True)
    assert body["metadata"] == {"name": "x", "labels": labels}
    request = Request(
        "u",
        resource=Plural("todotasks.dev", "v1", "todotasks"),
        user_info=User("ana"),
        object=Thing(
            Meta(labels=made["metadata"].get("labels"), annotations=made["metadata"]["annotations"]),
            made["spec"],
        ),
    )
    assert stamps(request) == []
    request = msgspec.structs.replace(request, user_info=User("ben"))
    assert [step["path"] for step in stamps(request)] == ["/metadata/annotations/todotasks.dev~1last-actor"]
