"""Which Reminders a task's spec.reminders stand for."""

from datetime import datetime, time
from typing import Any

import msgspec
import pytest

from tests.unit.operator.build import NOW, a_task, hours, observed
from tests.unit.operator.build_reminders import DUE, a_reminder
from todo_operator.reconcile.reminder.children import child_body, child_name, children, next_reminder_time
from todo_operator.reconcile.reminder.facts import ReminderFacts
from todo_operator.reconcile.task.decide import reconcile as reconcile_task
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import TaskReminder

HOUR, DAY = TaskReminder(before="1h"), TaskReminder(before="1d")


def made(task: TaskFacts, **changes: Any) -> tuple[ReminderFacts, ...]:
    """The children of the task, as they are once they were made."""
    found = children(task, ())
    return tuple(
        msgspec.structs.replace(a_reminder(), name=name, uid=name, owner=task.uid, spec=spec, **changes)
        for name, spec in found.wanted.items()
    )


def next_time(task: TaskFacts, existing: tuple[ReminderFacts, ...] = ()) -> datetime | None:
    return next_reminder_time(task, existing, NOW, None, time(9))


def test_each_entry_is_a_reminder_that_the_task_controls():
    task = a_task(due=DUE, reminders=(HOUR, TaskReminder(at="2026-11-21T13:00", channels=("chat",))))
    found = children(task, ())
    assert len(found.missing) == 2
    bodies = [child_body(task, name, found.wanted[name]) for name in found.missing]
    assert bodies[0]["spec"] == {"taskRef": {"name": "pay-rent"}, "beforeDue": "1h"}
    assert bodies[1]["spec"]["channels"] == ("chat",) or bodies[1]["spec"]["channels"] == ["chat"]
    assert bodies[0]["metadata"]["ownerReferences"][0]["uid"] == task.uid
    assert bodies[0]["metadata"]["name"].startswith("pay-rent-")


def test_an_entry_that_repeats_is_a_reminder_that_repeats():
    nagging = TaskReminder(before="1h", repeat_every="15m", max_repeats=4)
    task = a_task(due=DUE, reminders=(nagging,))
    found = children(task, ())
    (name,) = found.missing
    assert child_body(task, name, found.wanted[name])["spec"] == {
        "taskRef": {"name": "pay-rent"},
        "beforeDue": "1h",
        "repeatEvery": "15m",
        "maxRepeats": 4,
    }
    plain = children(a_task(due=DUE, reminders=(HOUR,)), made(task))
    assert (plain.missing, len(plain.surplus)) == (("pay-rent-" + plain.missing[0][-8:],), 1)


def test_those_that_are_there_are_not_made_again():
    task = a_task(due=DUE, reminders=(HOUR, DAY))
    found = children(task, made(task))
    assert (found.missing, found.surplus) == ((), ())


def test_an_edited_entry_is_another_reminder_and_the_old_one_goes():
    before = a_task(due=DUE, reminders=(HOUR, DAY))
    found = children(a_task(due=DUE, reminders=(TaskReminder(before="2h"), DAY)), made(before))
    assert len(found.missing) == 1
    assert [r.spec.before_due for r in found.surplus] == ["1h"]


def test_their_order_does_not_matter():
    existing = made(a_task(due=DUE, reminders=(HOUR, DAY)))
    found = children(a_task(due=DUE, reminders=(DAY, HOUR)), existing)
    assert (found.missing, found.surplus) == ((), ())


def test_what_people_made_stays():
    found = children(a_task(due=DUE), (a_reminder(before_due="1h"),))
    assert found.surplus == ()


def test_a_completed_task_gets_no_new_ones_and_keeps_the_old_ones():
    task = a_task(due=DUE, reminders=(HOUR,), completed=True)
    assert children(task, ()).missing == ()
    assert children(task, made(task)).surplus == ()


def test_entries_that_the_task_is_told_of_are_left_out():
    task = a_task(due=DUE, reminders=(TaskReminder(before="soon"), TaskReminder(), TaskReminder(at="noon")))
    assert children(task, ()).missing == ()


def test_of_an_unreadable_task_nothing_is_deleted():
    existing = made(a_task(due=DUE, reminders=(HOUR,)))
    assert children(a_task(unreadable="spec.due: no"), existing).surplus == ()


def test_a_long_name_leaves_room_for_the_digest():
    (name,) = children(a_task(name="a" * 253, due=DUE, reminders=(HOUR,)), ()).missing
    assert len(name) <= 253


def test_the_next_reminder_time_is_known_before_the_reminder_is_made_and_the_same_after():
    task = a_task(due=DUE, reminders=(HOUR, DAY))
    assert next_time(task) == DUE - hours(1) == next_time(task, made(task))


def test_the_next_reminder_time_knows_what_people_did_to_it():
    task = a_task(due=DUE, reminders=(HOUR,))
    (child,) = made(task)
    suspended = msgspec.structs.replace(child, spec=msgspec.structs.replace(child.spec, suspend=True))
    assert next_time(task, (suspended,)) is None
    later = DUE + hours(1)
    snoozed = msgspec.structs.replace(child, spec=msgspec.structs.replace(child.spec, snooze_until=later))
    assert next_reminder_time(task, (snoozed,), DUE, None, time(9)) == later


def test_a_completed_task_has_none():
    assert next_time(a_task(due=DUE, reminders=(HOUR,), completed=True)) is None


def test_an_entry_that_repeats_makes_a_reminder_that_does():
    entry = TaskReminder(before="1h", repeat_every="15m", max_repeats=8)
    task = a_task(due=DUE, reminders=(entry,))
    (name,) = children(task, ()).missing
    spec = child_body(task, name, children(task, ()).wanted[name])["spec"]
    assert (spec["beforeDue"], spec["repeatEvery"], spec["maxRepeats"]) == ("1h", "15m", 8)


def test_an_entry_that_does_not_repeat_keeps_the_name_it_always_had():
    task = a_task(due=DUE, reminders=(TaskReminder(before="1h"),))
    assert children(task, ()).missing == ("pay-rent-0d983509",)


def test_another_pattern_is_another_reminder():
    names = {
        child_name(a_task(), TaskReminder(before="1h", repeat_every=every, max_repeats=most))
        for every, most in [(None, None), ("15m", None), ("15m", 3), ("30m", 3)]
    }
    assert len(names) == 4


@pytest.mark.parametrize("every", ["30s", "soon", "0m"])
def test_an_entry_that_repeats_too_often_or_unreadably_makes_none(every):
    task = a_task(due=DUE, reminders=(TaskReminder(before="1h", repeat_every=every),))
    assert children(task, ()).missing == ()
    stalled = reconcile_task(observed(task), DUE).status.conditions[-1]
    assert (stalled.type, stalled.reason) == ("Stalled", "InvalidReminder")
    assert "spec.reminders[0].repeatEvery" in stalled.message
