"""Whatever stands in an object becomes facts; what cannot be read is said."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from todo_operator.reconcile.task.facts import facts_of, read_facts
from todotasks.api import TaskReminder, TodoTask, TodoTaskStatus


def a_body(spec: Any, status: Any = None, **metadata: Any) -> dict[str, Any]:
    plain = {
        "name": "pay-rent",
        "namespace": "home",
        "uid": "uid-1",
        "resourceVersion": "42",
        "generation": 2,
    }
    return {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": plain | metadata,
        "spec": spec,
        "status": status if status is not None else {"observedGeneration": -1},
    }


COMPLETE = {
    "title": "Pay rent",
    "notes": "x" * 10_000,
    "priority": "High",
    "due": "2026-11-21",
    "timeZone": "UTC",
    "dependsOn": ["a", "b"],
    "parent": "p",
    "reminders": [{"before": "1h"}],
    "tags": None,
    "ttlSecondsAfterCompleted": 5,
}


def test_both_ways_in_give_the_same_facts():
    body = a_body(COMPLETE, {"observedGeneration": 2, "dueTime": "2026-11-21T00:00:00Z"})
    facts = read_facts(body)
    assert facts == facts_of(msgspec.convert(body, TodoTask))
    assert facts.resource_version == 42
    assert facts.depends_on == ("a", "b")
    assert facts.reminders == (TaskReminder(before="1h"),)
    assert facts.status.due_time == datetime(2026, 11, 21, tzinfo=UTC)
    assert facts.unreadable is None


def test_a_deletion_in_progress_is_seen():
    assert read_facts(a_body(COMPLETE, deletionTimestamp="2026-11-21T00:00:00Z")).deleting


@pytest.mark.parametrize("spec", [None, {}])
def test_a_missing_spec_is_an_empty_one(spec):
    facts = read_facts(a_body(spec))
    assert (facts.title, facts.unreadable) == ("", None)


def test_what_can_be_read_of_a_broken_spec_is_kept_and_every_error_is_said():
    facts = read_facts(a_body({"title": "Pay", "completed": True, "priority": "ASAP", "dependsOn": ["a", 5]}))
    assert (facts.title, facts.completed, facts.depends_on) == ("Pay", True, ())
    assert facts.unreadable is not None
    assert "spec.priority: Invalid enum value 'ASAP'" in facts.unreadable
    assert "spec.dependsOn[1]: Expected `str`, got `int`" in facts.unreadable


def test_a_spec_that_is_no_object_is_said():
    assert read_facts(a_body(["title"])).unreadable == "spec: expected an object, got list"


@pytest.mark.parametrize("status", ["done", {"conditions": [{"type": "Ready"}]}, {"dueTime": "soon"}])
def test_a_status_that_cannot_be_read_counts_as_none(status):
    assert read_facts(a_body(COMPLETE, status)).status == TodoTaskStatus()
