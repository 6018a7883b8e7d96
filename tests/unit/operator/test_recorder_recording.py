"""What the recorder writes for what it saw, and that doing it again adds nothing."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.events.build import NOW, UID, a_reminder, a_rule, a_task, metadata
from todo_operator.record.diff import (
    NO_TASKS,
    KnownTasks,
    Recording,
    record_changes,
    record_page,
    record_skipped,
    record_vanished,
)
from todo_operator.record.kinds import RECORDED_KINDS, Known, RecordedKind
from todotasks.api import OwnerReference, TodoTask, TodoTaskStatus
from todotasks.events import decode
from todotasks.kube import Change, ListedObject, Skipped
from todotasks.store import MirrorRow, OutboxMessage

TASKS, RULES, REMINDERS, CHANNELS = RECORDED_KINDS
OTHER = "9be1f4a6-0a52-4b0e-b3a3-7d6b8c6f2e90"


def raw(obj: Any) -> bytes:
    return msgspec.json.encode(obj)


def change(kind: str, obj: Any) -> Change[Any]:
    return Change(kind, obj, raw(obj))  # type: ignore[arg-type]


def added(obj: Any) -> Change[Any]:
    return change("ADDED", obj)


def modified(obj: Any) -> Change[Any]:
    return change("MODIFIED", obj)


def deleted(obj: Any) -> Change[Any]:
    return change("DELETED", obj)


def known(*objects: Any, archived: bool = False) -> dict[str, Known[Any]]:
    return {
        obj.metadata.uid: Known(int(obj.metadata.resource_version), obj, archived, obj.metadata)
        for obj in objects
    }


def damaged(version: int = 100) -> dict[str, Known[Any]]:
    return {UID: Known(version, None, False, metadata(version))}


MIRRORED = KnownTasks(
    {("home", "pay-rent"): "the-task"}, {"the-owner": "home", "gone": "home", "theirs": "work"}
)


def watch(
    *changes: Change[Any], before: dict[str, Known[Any]] | None = None, kind: RecordedKind[Any] = TASKS
) -> Recording[Any]:
    return record_changes(kind, changes, before or {}, now=NOW, tasks=MIRRORED)


def page(*objects: Any, before: dict[str, Known[Any]] | None = None) -> Recording[Any]:
    observed = [ListedObject(obj, raw(obj)) for obj in objects]
    return record_page(TASKS, observed, before or {}, now=NOW, tasks=NO_TASKS)


def told(recording: Recording[Any]) -> list[str]:
    """`created 100`, `tombstone`, `updated 101 coalesced`, in order."""
    return [_told(message) for _, message in recording.messages]


def _told(message: OutboxMessage) -> str:
    if message.value is None:
        return "tombstone"
    event = decode(message.value)
    marked = " coalesced" if msgspec.json.decode(event.data).get("coalesced") else ""
    return f"{event.type.split('.')[-2]} {event.id.split(':')[1]}{marked}"


# ── a watch ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changes", "before", "expected"),
    [
        ([added(a_task(100))], {}, ["created 100", "snapshot 100"]),
        ([modified(a_task(101, title="x"))], known(a_task(100)), ["updated 101", "snapshot 101"]),
        (
            [modified(a_task(101, status=TodoTaskStatus(observed_generation=1)))],
            known(a_task(100)),
            ["snapshot 101"],
        ),
        ([deleted(a_task(105))], known(a_task(100)), ["deleted 105", "tombstone"]),
        ([added(a_task(100)), deleted(a_task(101))], {}, ["created 100", "deleted 101", "tombstone"]),
        (
            [added(a_task(100)), modified(a_task(101, title="x")), modified(a_task(102, completed=True))],
            {},
            ["created 100", "updated 101", "updated 102", "completed 102", "snapshot 102"],
        ),
        ([deleted(a_task(105))], {}, ["deleted 105", "tombstone"]),
        ([modified(a_task(105))], {}, ["created 105 coalesced", "snapshot 105"]),
        ([modified(a_task(105))], damaged(), ["updated 105 coalesced", "snapshot 105"]),
    ],
    ids=[
        "created",
        "updated",
        "status only",
        "deleted",
        "came and went at once",
        "three steps, one snapshot",
        "deleted, never seen before",
        "changed, never recorded before",
        "changed, its past unreadable",
    ],
)
def test_the_steps_of_a_watch_are_told(
    changes: list[Change[Any]], before: dict[str, Known[Any]], expected: list[str]
) -> None:
    assert told(watch(*changes, before=before)) == expected


@pytest.mark.parametrize(
    ("again", "before"),
    [
        (added(a_task(100)), known(a_task(100))),
        (modified(a_task(99, title="old")), known(a_task(100))),
        (deleted(a_task(100)), known(a_task(100), archived=True)),
    ],
    ids=["the same", "an older one", "a deletion"],
)
def test_what_the_mirror_has_seen_is_not_recorded_again(
    again: Change[Any], before: dict[str, Known[Any]]
) -> None:
    recording = watch(again, before=before)
    assert not recording
    assert recording.seen == [again]  # but the rest of the operator is told: it may have missed it


def test_a_task_that_came_and_went_between_two_commits_is_in_the_archive() -> None:
    recording = watch(added(a_task(100)), deleted(a_task(101, title="Last words")))
    assert [(row.uid, row.title) for row in recording.tasks] == [(UID, "Last words")]
    assert [(gone.uid, gone.resource_version) for gone in recording.archive] == [(UID, 101)]


def test_an_expired_task_is_archived_as_such() -> None:
    done = TodoTaskStatus(completion_time=NOW)
    expired = a_task(101, completed=True, ttl_seconds_after_completed=0, status=done)
    assert [gone.reason for gone in watch(deleted(expired), before=known(a_task())).archive] == ["Expired"]


def test_the_mirror_keeps_the_object_as_it_was_received_without_managed_fields() -> None:
    received = (
        b'{"apiVersion":"todotasks.dev/v1","kind":"TodoTask","metadata":{"name":"pay-rent","namespace":"home",'
        b'"uid":"u","resourceVersion":"7","managedFields":[{"manager":"kubectl"}]},'
        b'"spec":{"title":"x","priority":"Medium","tomorrow":[1]}}'
    )
    task = msgspec.json.decode(received, type=TodoTask)
    (row,) = watch(Change("ADDED", task, received)).tasks
    assert msgspec.json.decode(row.doc) == {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "pay-rent", "namespace": "home", "uid": "u", "resourceVersion": "7"},
        "spec": {"title": "x", "priority": "Medium", "tomorrow": [1]},
    }


def test_one_object_that_cannot_be_recorded_does_not_stop_its_neighbours() -> None:
    bad = Change("ADDED", a_task(100), b"not what was decoded")
    recording = watch(bad, added(a_task(101, uid=OTHER)))
    assert told(recording) == ["created 101", "snapshot 101"]
    assert [row.uid for row in recording.tasks] == [OTHER]
    (letter,) = recording.letters
    assert letter.id == f"{UID}:100:unrecorded"
    assert letter.value == b"not what was decoded"
    assert "TodoTask home/pay-rent" in letter.error


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("task", "before", "expected"),
    [
        (a_task(100), {}, ["created 100 coalesced", "snapshot 100"]),
        (a_task(100), known(a_task(100)), []),
        (a_task(109, title="x"), known(a_task(100)), ["updated 109 coalesced", "snapshot 109"]),
        (a_task(109), known(a_task(100)), ["snapshot 109"]),
        (a_task(109), known(a_task(100), archived=True), ["created 109 coalesced", "snapshot 109"]),
        (a_task(100), damaged(100), ["snapshot 100"]),
        (a_task(109), damaged(100), ["updated 109 coalesced", "snapshot 109"]),
        (a_task(50, title="x"), known(a_task(100)), ["updated 50 coalesced", "snapshot 50"]),
    ],
    ids=[
        "new",
        "unchanged",
        "changed",
        "only its status",
        "archived by mistake",
        "damaged and unchanged",
        "damaged and changed",
        "older than the mirror: etcd was restored",
    ],
)
def test_a_list_is_compared_with_the_mirror(
    task: TodoTask, before: dict[str, Known[Any]], expected: list[str]
) -> None:
    assert told(page(task, before=before)) == expected


def test_a_row_that_is_ahead_of_the_api_server_is_forgotten_first() -> None:
    recording = page(a_task(50), a_task(101, uid=OTHER), before=known(a_task(100), a_task(100, uid=OTHER)))
    assert recording.forget == [UID]


def test_a_damaged_row_is_replaced_although_nothing_happened() -> None:
    recording = page(a_task(100), before=damaged(100))
    assert (recording.forget, [row.uid for row in recording.tasks]) == ([UID], [UID])
    assert recording.seen == []


def test_who_is_gone_from_the_list_was_deleted_at_the_last_version_known() -> None:
    recording = record_vanished(TASKS, known(a_task(100, title="Old")).values(), now=NOW, position="500")
    assert told(recording) == ["deleted 100 coalesced", "tombstone"]
    # Whatever an older server still says of it, up to the list that lacked it, is void.
    assert [(gone.uid, gone.resource_version) for gone in recording.archive] == [(UID, 500)]
    assert [one.type for one in recording.seen] == ["DELETED"]


def test_the_deletion_of_a_damaged_row_still_says_who_it_was() -> None:
    recording = record_vanished(TASKS, damaged().values(), now=NOW, position="500")
    event = decode(recording.messages[0][1].value or b"")
    assert (event.subject, event.id) == ("home/pay-rent", f"{UID}:100:task.deleted.v1")


def test_who_was_archived_before_does_not_die_again() -> None:
    assert not record_vanished(TASKS, known(a_task(), archived=True).values(), now=NOW, position="500")


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────────
def skipped(kind: str, version: int = 101) -> Skipped:
    return Skipped(kind, metadata(version), b'{"spec":7}', "expected object")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED"])
def test_an_unreadable_object_is_a_dead_letter_and_its_row_stays(kind: str) -> None:
    recording = record_skipped(TASKS, [skipped(kind)], known(a_task(100)), now=NOW)
    assert told(recording) == []
    assert recording.tasks == []
    (letter,) = recording.letters
    assert (letter.id, letter.topic, letter.value) == (
        f"{UID}:101:unreadable",
        "todotasks.todotasks.dev",
        b'{"spec":7}',
    )
    assert letter.error == "TodoTask home/pay-rent: expected object"


def test_the_deletion_of_an_unreadable_object_is_told_from_its_last_readable_state() -> None:
    recording = record_skipped(TASKS, [skipped("DELETED", 120)], known(a_task(100)), now=NOW)
    assert told(recording) == ["deleted 120", "tombstone"]


def test_the_deletion_of_an_object_that_was_never_readable_is_nothing() -> None:
    assert not record_skipped(TASKS, [skipped("DELETED")], {}, now=NOW)


def test_an_object_without_any_metadata_has_a_letter_of_its_own_too() -> None:
    nothing = Skipped("ADDED", type(metadata())(), b"\xff", "not JSON")
    (letter,) = record_skipped(TASKS, [nothing], {}, now=NOW).letters
    assert letter.id.endswith(":unreadable")
    assert letter.key == "?"


# ── the other kinds ──────────────────────────────────────────────────────────────────────────────────
def test_rules_are_mirrored_and_told_without_snapshots() -> None:
    recording = watch(added(a_rule(100)), kind=RULES)
    assert told(recording) == ["created 100"]
    assert [(row.kind, row.name) for row in recording.objects] == [("RecurrenceRule", "daily")]


def test_channels_are_mirrored_and_nothing_is_told() -> None:
    channel = CHANNELS.type(metadata=metadata())
    recording = watch(added(channel), kind=CHANNELS)
    assert (told(recording), len(recording.objects)) == ([], 1)


TASK_OWNER = OwnerReference("todotasks.dev/v1", "TodoTask", "pay-rent", "the-owner", True)


def owner(**fields: Any) -> tuple[OwnerReference, ...]:
    return (msgspec.structs.replace(TASK_OWNER, **fields),)


@pytest.mark.parametrize(
    ("owners", "key"),
    [
        pytest.param(None, "the-task", id="by the name of its task"),
        pytest.param(owner(), "the-owner", id="by its owner"),
        pytest.param(owner(uid="gone"), "gone", id="by its owner that is deleted"),
        pytest.param(owner(uid="new"), "new", id="by its owner that the mirror has yet to see"),
        pytest.param(owner(uid="theirs"), "the-task", id="not by a task of another namespace"),
        pytest.param(owner(name="other"), "the-task", id="not by a task that it is not about"),
        pytest.param(owner(kind="ConfigMap", api_version="v1"), "the-task", id="not by another kind"),
        pytest.param(owner(api_version="example.com/v1"), "the-task", id="not by another group"),
    ],
)
def test_a_reminder_is_told_under_the_key_of_its_own_task_whatever_its_owner_reference_says(
    owners: tuple[OwnerReference, ...] | None, key: str
) -> None:
    reminder = a_reminder(fire_time=NOW)
    owned = msgspec.structs.replace(
        reminder, metadata=msgspec.structs.replace(reminder.metadata, owner_references=owners)
    )
    recording = watch(added(owned), kind=REMINDERS)
    assert [message.key for _, message in recording.messages] == [key]
    (event,) = [msgspec.json.decode(message.value or b"") for _, message in recording.messages]
    assert event["data"]["task"]["uid"] == key


# ── any history ──────────────────────────────────────────────────────────────────────────────────────
class Mirror:
    """The mirror and the outbox as the store keeps them, in memory: what a commit leaves behind."""

    def __init__(self) -> None:
        self.rows: dict[str, MirrorRow] = {}
        self.ids: list[str] = []

    def commit(self, recording: Recording[Any]) -> None:
        for row in recording.tasks:
            before = self.rows.get(row.uid)
            if before is None or before.resource_version < row.resource_version:
                self.rows[row.uid] = MirrorRow(row.resource_version, row.doc, False, row.namespace, row.name)
        for gone in recording.archive:
            before = self.rows.get(gone.uid)
            if before is not None:
                version = max(before.resource_version, gone.resource_version)
                self.rows[gone.uid] = before._replace(archived=True, resource_version=version)
        self.ids += [message.id for _, message in recording.messages]

    def known(self, changes: Iterable[Change[Any]]) -> dict[str, Known[Any]]:
        uids = {one.object.metadata.uid for one in changes}
        return {uid: TASKS.known(self.rows[uid], uid) for uid in uids if uid in self.rows}


@st.composite
def histories(draw: st.DrawFn) -> list[Change[Any]]:
    """Of up to three tasks: each is created, changed some times, perhaps deleted."""
    alive: dict[str, bool] = {}
    history: list[Change[Any]] = []
    for version in range(1, draw(st.integers(1, 12)) + 1):
        candidates = [uid for uid in "abc" if alive.get(uid, True)]  # a uid never comes back
        if not candidates:
            break
        uid = draw(st.sampled_from(candidates))
        task = a_task(version, uid=uid, title=draw(st.sampled_from("xy")), completed=draw(st.booleans()))
        if uid not in alive:
            alive[uid] = True
            history.append(added(task))
        elif draw(st.integers(0, 4)) == 0:
            alive[uid] = False
            history.append(deleted(task))
        else:
            history.append(modified(task))
    return history


@given(histories(), st.randoms(use_true_random=False))
def test_however_a_history_is_cut_and_repeated_the_ids_are_the_same_and_come_once(
    history: list[Change[Any]], chance: Any
) -> None:
    """Commits in doubt are done again from any earlier point; only snapshots depend on the cut."""
    at_once = Mirror()
    for one in history:
        at_once.commit(watch(one, before=at_once.known([one])))

    in_pieces = Mirror()
    position = 0
    while position < len(history):
        begin = chance.randint(0, position)
        end = chance.randint(position + 1, len(history))
        part = history[begin:end]
        in_pieces.commit(watch(*part, before=in_pieces.known(part)))
        position = end

    assert _events(in_pieces.ids) == _events(at_once.ids)
    assert len(set(in_pieces.ids)) == len(in_pieces.ids)
    assert {uid: row.archived for uid, row in in_pieces.rows.items()} == {
        uid: row.archived for uid, row in at_once.rows.items()
    }


def _events(ids: list[str]) -> list[str]:
    return sorted(id_ for id_ in ids if "snapshot" not in id_)
