"""Builders for reminders: one that is valid, on the same fixed now as the tasks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.unit.operator.build import NOW, a_task, hours
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.reminder.checks import ObservedReminder
from todo_operator.reconcile.reminder.facts import ReminderFacts
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import ReminderSpec, ReminderStatus
from todotasks.api.reminder import TaskRef

DUE = NOW + hours(5)


def a_reminder(**changes: Any) -> ReminderFacts:
    """Made an hour ago, for the task of `a_task`. What is no field of the object is one of its spec."""
    plain: dict[str, Any] = {
        "namespace": "home",
        "name": "rent-soon",
        "uid": "uid-r",
        "created": NOW - hours(1),
        "resource_version": 9,
        "generation": 1,
    }
    of_object = {name: changes.pop(name) for name in [*changes] if name in ReminderFacts.__struct_fields__}
    for name in ("at",):
        if isinstance(changes.get(name), datetime):
            changes[name] = changes[name].isoformat()
    spec = ReminderSpec(task_ref=TaskRef("pay-rent"), **changes)
    return ReminderFacts(**(plain | {"spec": spec} | of_object))


def seeing(
    reminder: ReminderFacts | None = None, task: TaskFacts | str | None = "due", **changes: Any
) -> ObservedReminder:
    """The reminder with its task, which is due at `DUE`, and one default channel."""
    found = a_task(due=DUE) if isinstance(task, str) else task
    plain: dict[str, Any] = {"channels": frozenset({"mail", "chat"}), "default_channels": ("mail",)}
    return ObservedReminder(reminder or a_reminder(before_due="1h"), found, **(plain | changes))


def after(seen: ObservedReminder, plan: Plan[ReminderStatus], **spec: Any) -> ObservedReminder:
    """What is there once `plan` is applied, and then the reminder's spec edited by `spec`."""
    reminder = seen.reminder
    if plan.status is not None:
        reminder = msgspec.structs.replace(reminder, status=plan.status)
    if spec:
        reminder = msgspec.structs.replace(
            reminder,
            generation=reminder.generation + 1,
            spec=msgspec.structs.replace(reminder.spec, **spec),
        )
    return replace(seen, reminder=reminder)


def with_task(seen: ObservedReminder, **changes: Any) -> ObservedReminder:
    assert seen.task is not None
    due = changes.get("due")
    if isinstance(due, datetime):
        changes["due"] = due.isoformat()
    return replace(seen, task=msgspec.structs.replace(seen.task, **changes))


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)
