"""Which events the difference of two states gives, and what they say."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from tests.unit.events.build import BORN, NOW, UID, a_reminder, a_rule, a_task
from todotasks.api import Condition, TodoTask, TodoTaskStatus
from todotasks.events import (
    ANNOTATION_LAST_ACTOR,
    ANNOTATION_TRACEPARENT,
    CloudEvent,
    decode,
    deletion_reason,
    reminder_events,
    rule_events,
    task_events,
    task_rediscovered,
    task_snapshot,
    types,
)
from todotasks.events.data import TaskChanged, TaskCreated, TaskDeleted, TaskSnapshot

OPEN = a_task(100)


def kinds(events: list[CloudEvent]) -> list[str]:
    return [event.type.removeprefix("dev.todotasks.").removesuffix(".v1") for event in events]


def changed(old: TodoTask, new: TodoTask) -> TaskChanged:
    (event,) = task_events(old, new, now=NOW)
    return event.read(TaskChanged)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, a_task(), ["task.created"]),
        (None, a_task(completed=True), ["task.created", "task.completed"]),
        (OPEN, None, ["task.deleted"]),
        (None, None, []),
        (OPEN, a_task(101, title="Pay the rent"), ["task.updated"]),
        (OPEN, a_task(101, completed=True), ["task.completed"]),
        (a_task(completed=True), a_task(101), ["task.reopened"]),
        (OPEN, a_task(101, title="Rent", completed=True), ["task.updated", "task.completed"]),
        (OPEN, a_task(101, labels={"team": "a"}), ["task.updated"]),
        (OPEN, a_task(101, annotations={"note": "a"}), ["task.updated"]),
    ],
)
def test_a_difference_gives_the_events_that_name_it(
    old: TodoTask | None, new: TodoTask | None, expected: list[str]
) -> None:
    assert kinds(task_events(old, new, now=NOW)) == expected


@pytest.mark.parametrize(
    ("what", "new"),
    [
        ("a resourceVersion", a_task(101)),
        ("a status", a_task(101, status=TodoTaskStatus(observed_generation=3, due_time=NOW))),
        (
            "a condition",
            a_task(101, status=TodoTaskStatus(conditions=(Condition("Overdue", "True", "Late"),))),
        ),
        ("a generation", a_task(101, meta={"generation": 7})),
        ("who asked last", a_task(101, annotations={ANNOTATION_LAST_ACTOR: "ada"})),
        ("a trace", a_task(101, annotations={ANNOTATION_TRACEPARENT: "00-x"})),
        (
            "kubectl's copy",
            a_task(101, annotations={"kubectl.kubernetes.io/last-applied-configuration": "{}"}),
        ),
        ("a wish to be reconciled", a_task(101, annotations={"todotasks.dev/reconcile-at": "now"})),
        ("a label that mirrors a tag", a_task(101, labels={"tag.todotasks.dev/home": ""})),
        ("empty instead of absent", a_task(101, tags=(), depends_on=(), labels={}, annotations={})),
        ("the beginning of a deletion", a_task(101, meta={"deletion_timestamp": NOW})),
    ],
)
def test_what_nobody_decided_is_no_event(what: str, new: TodoTask) -> None:
    assert task_events(OPEN, new, now=NOW) == []


def test_an_update_names_what_changed_and_holds_what_was_before() -> None:
    old = a_task(100, notes="Ask for a receipt", labels={"team": "a", "room": "1"}, tags=("home",))
    new = a_task(101, title="Pay the rent", due="2026-03-01", labels={"team": "b"}, tags=("home", "money"))

    data = changed(old, new)

    assert data.changed == ("spec.due", "spec.notes", "spec.tags", "spec.title", "metadata.labels")
    assert data.previous == {
        "spec": {"due": None, "notes": "Ask for a receipt", "tags": ["home"], "title": "Pay rent"},
        "metadata": {"labels": {"team": "a", "room": "1"}},
    }
    assert data.task.spec == new.spec


def test_a_task_shows_the_defaults_that_a_consumer_would_have_to_know() -> None:
    (event,) = task_events(None, TodoTask(metadata=OPEN.metadata), now=NOW)
    task = msgspec.json.decode(event.data)["task"]
    assert task["spec"] == {"title": "", "priority": "Medium", "completed": False}
    assert (task["apiVersion"], task["kind"]) == ("todotasks.dev/v1", "TodoTask")


def test_events_do_not_carry_our_stamps_nor_the_copy_of_the_manifest() -> None:
    stamps = {
        ANNOTATION_LAST_ACTOR: "ada",
        "kubectl.kubernetes.io/last-applied-configuration": "the whole manifest",
        "kept": "yes",
    }
    (event,) = task_events(None, a_task(annotations=stamps, labels={"tag.todotasks.dev/a": ""}), now=NOW)
    meta = event.read(TaskCreated).task.metadata
    assert (meta.annotations, meta.labels) == ({"kept": "yes"}, None)


def test_the_actor_and_the_trace_come_from_the_stamps() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    (event,) = task_events(
        OPEN,
        a_task(101, title="x", annotations={ANNOTATION_LAST_ACTOR: "ada\n", ANNOTATION_TRACEPARENT: trace}),
        now=NOW,
    )
    assert (event.actor, event.traceparent) == ("ada", trace)


def test_who_wrote_last_is_not_said_to_have_deleted() -> None:
    (event,) = task_events(a_task(annotations={ANNOTATION_LAST_ACTOR: "ada"}), None, now=NOW)
    assert event.actor is None


def test_a_forged_trace_is_left_out() -> None:
    (event,) = task_events(None, a_task(annotations={ANNOTATION_TRACEPARENT: "00-zz"}), now=NOW)
    assert event.traceparent is None


def test_ids_hang_on_the_version_and_not_on_the_clock() -> None:
    new = a_task(101, title="x", completed=True)
    first = task_events(OPEN, new, now=NOW)
    again = task_events(OPEN, new, now=NOW + timedelta(hours=1))
    assert [event.id for event in first] == [event.id for event in again]
    assert [event.id for event in first] == [f"{UID}:101:task.updated.v1", f"{UID}:101:task.completed.v1"]


def test_the_attributes_say_where_and_in_which_order() -> None:
    (event,) = task_events(None, OPEN, now=NOW)
    assert event.source == "/apis/todotasks.dev/v1/todotasks"
    assert event.subject == "home/pay-rent"
    assert event.partitionkey == UID
    assert event.sequence == "00000000000000000100"
    assert event.time == BORN
    assert event.topic == types.TOPIC_TASK_EVENTS


@pytest.mark.parametrize("states", [(None, OPEN), (OPEN, None), (OPEN, a_task(101, title="x"))])
def test_what_was_found_by_comparing_lists_says_coalesced(states: tuple[Any, Any]) -> None:
    (seen,) = task_events(*states, now=NOW)
    (found,) = task_events(*states, now=NOW, coalesced=True)
    assert "coalesced" not in msgspec.json.decode(seen.data)
    assert msgspec.json.decode(found.data)["coalesced"] is True


def test_a_task_whose_past_is_unreadable_is_updated_and_not_created_again() -> None:
    (event,) = task_rediscovered(OPEN, now=NOW)
    data = event.read(TaskChanged)
    assert (event.type, data.changed, data.previous, data.coalesced) == (types.TASK_UPDATED, (), {}, True)


def test_a_deletion_holds_the_last_state_and_why() -> None:
    (event,) = task_events(a_task(250, title="Old"), None, now=NOW)
    data = event.read(TaskDeleted)
    assert (data.task.spec.title, data.reason, event.time) == ("Old", "Deleted", NOW)
    assert event.id == f"{UID}:250:task.deleted.v1"


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (a_task(), "Deleted"),
        (a_task(completed=True, ttl_seconds_after_completed=60), "Deleted"),
        (
            a_task(
                completed=True,
                ttl_seconds_after_completed=60,
                status=TodoTaskStatus(completion_time=NOW - timedelta(seconds=60)),
            ),
            "Expired",
        ),
        (
            a_task(
                completed=True,
                ttl_seconds_after_completed=60,
                status=TodoTaskStatus(completion_time=NOW - timedelta(seconds=59)),
            ),
            "Deleted",
        ),
        (
            a_task(
                ttl_seconds_after_completed=60,
                status=TodoTaskStatus(completion_time=NOW - timedelta(days=1)),
            ),
            "Deleted",
        ),
    ],
    ids=["no ttl", "not reconciled", "its time was over", "a second before", "reopened"],
)
def test_a_task_expired_only_when_its_time_was_over(task: TodoTask, reason: str) -> None:
    assert deletion_reason(task, NOW) == reason


def test_a_snapshot_is_the_whole_task_with_its_status() -> None:
    task = a_task(status=TodoTaskStatus(observed_generation=1, due_time=NOW))
    event = decode(task_snapshot(task, now=NOW))
    assert event.topic == types.TOPIC_TASK_UPDATES
    assert event.read(TaskSnapshot).task.status == task.status


# ── rules and reminders ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, a_rule(), ["recurrence.created"]),
        (a_rule(), a_rule(101, suspend=True), ["recurrence.updated"]),
        (a_rule(), a_rule(101), []),
        (a_rule(), None, ["recurrence.deleted"]),
        (None, None, []),
    ],
)
def test_a_rule_is_created_updated_deleted(old: Any, new: Any, expected: list[str]) -> None:
    assert kinds(rule_events(old, new, now=NOW)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, a_reminder(), []),
        (None, a_reminder(fire_time=NOW), ["reminder.scheduled"]),
        (a_reminder(), a_reminder(101, fire_time=NOW), ["reminder.scheduled"]),
        (a_reminder(fire_time=NOW), a_reminder(101, fire_time=NOW, message="x"), []),
        (a_reminder(fire_time=NOW), a_reminder(101, fire_time=BORN), ["reminder.scheduled"]),
        (a_reminder(fire_time=NOW), a_reminder(101), []),
        (a_reminder(), a_reminder(101, snooze_until=NOW), ["reminder.snoozed"]),
        (
            a_reminder(snooze_until=NOW),
            a_reminder(101, snooze_until=NOW, fire_time=NOW),
            ["reminder.scheduled"],
        ),
        (a_reminder(fire_time=NOW), None, []),
    ],
)
def test_a_reminder_tells_when_it_will_fire_and_when_it_is_put_off(
    old: Any, new: Any, expected: list[str]
) -> None:
    assert kinds(reminder_events(old, new, task_uid="t", now=NOW)) == expected


@pytest.mark.parametrize(("task_uid", "key"), [("the-task", "the-task"), (None, UID)])
def test_a_reminder_is_in_order_with_its_task_where_that_is_known(task_uid: str | None, key: str) -> None:
    (event,) = reminder_events(None, a_reminder(fire_time=NOW), task_uid=task_uid, now=NOW)
    assert (event.partitionkey, event.topic) == (key, types.TOPIC_REMINDERS)


def test_a_trace_is_of_the_change_that_set_it_and_of_no_later_one() -> None:
    """Whoever writes next without traces leaves the annotation where it is; it is not their trace."""
    first = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    second = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01"
    made = a_task(101, annotations={ANNOTATION_TRACEPARENT: first})
    untraced = a_task(102, title="x", annotations={ANNOTATION_TRACEPARENT: first})
    traced = a_task(103, title="y", annotations={ANNOTATION_TRACEPARENT: second})
    states = [None, made, untraced, traced]
    events = [task_events(old, new, now=NOW)[0] for old, new in pairwise(states)]
    assert [event.traceparent for event in events] == [first, None, second]
