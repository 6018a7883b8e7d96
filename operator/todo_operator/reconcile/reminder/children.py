"""The Reminders that a task's `spec.reminders` stand for.

The name of each is made of the task's and of what the entry says, so an entry that is edited is another
Reminder, and what people did to one (snoozed, suspended) stays with the entry that it was about.

    entry without its Reminder ──▶ create     Reminder without its entry ──▶ delete
"""

import hashlib
from datetime import datetime, time
from typing import Any, Final

import msgspec

from todo_operator.reconcile.reminder.checks import ObservedReminder
from todo_operator.reconcile.reminder.decide import look
from todo_operator.reconcile.reminder.facts import TASK_KIND, ReminderFacts
from todo_operator.reconcile.reminder.times import SHORTEST_REPEAT
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import GROUP_VERSION, ReminderSpec, TaskReminder
from todotasks.api.due import DueError, resolve_due
from todotasks.api.durations import DurationError, parse_duration
from todotasks.api.reminder import TaskRef

REMINDER_KIND: Final = "Reminder"
NAME_LENGTH: Final = 253
DIGEST_LENGTH: Final = 8


class Children(msgspec.Struct, frozen=True):
    """What has to be made and deleted. `wanted` are all entries as the Reminders that they stand for."""

    wanted: dict[str, ReminderSpec] = {}
    missing: tuple[str, ...] = ()
    surplus: tuple[ReminderFacts, ...] = ()


def children(task: TaskFacts, existing: tuple[ReminderFacts, ...]) -> Children:
    """`existing` are the Reminders of this task, its own and those that people have made."""
    if task.unreadable is not None:
        return Children()  # nobody knows what they should be; what is there stays
    wanted = {
        child_name(task, entry): child_spec(task, entry) for entry in task.reminders if _is_clear(entry)
    }
    surplus = tuple(r for r in existing if r.owner == task.uid and r.name not in wanted and not r.deleting)
    # A completed task gets no new ones: they would have nothing to say.
    names = {r.name for r in existing}
    missing = () if task.completed else tuple(name for name in wanted if name not in names)
    return Children(wanted, missing, surplus)


def next_reminder_time(
    task: TaskFacts,
    existing: tuple[ReminderFacts, ...],
    now: datetime,
    default_zone: str | None,
    all_day_time: time,
) -> datetime | None:
    """When somebody is reminded next of the task: by what is there, and by what is about to be made."""
    if task.completed or task.deleting:
        return None
    named = {r.name for r in existing}
    plan = children(task, existing)
    gone = {r.name for r in plan.surplus}
    to_come = (
        ReminderFacts(task.namespace, name, "", created=now, spec=spec)
        for name, spec in plan.wanted.items()
        if name not in named
    )
    seen = [
        look(ObservedReminder(reminder, task, default_zone=default_zone, all_day_time=all_day_time), now).next
        for reminder in (*(r for r in existing if r.name not in gone and not r.deleting), *to_come)
    ]
    return min((at for at in seen if at is not None), default=None)


def child_name(task: TaskFacts, entry: TaskReminder) -> str:
    """`<task>-<digest>`: the name is the lock."""
    parts: list[object] = [task.name, entry.before, entry.at, sorted(entry.channels or ())]
    if entry.repeat_every is not None:  # those without keep the names that they had before there were repeats
        parts += [entry.repeat_every, entry.max_repeats]
    said = msgspec.json.encode(parts)
    digest = hashlib.sha256(said).hexdigest()[:DIGEST_LENGTH]
    return f"{task.name[: NAME_LENGTH - DIGEST_LENGTH - 1].rstrip('-.')}-{digest}"


def child_spec(task: TaskFacts, entry: TaskReminder) -> ReminderSpec:
    return ReminderSpec(
        task_ref=TaskRef(task.name),
        at=entry.at,
        before_due=entry.before,
        repeat_every=entry.repeat_every,
        max_repeats=entry.max_repeats,
        channels=entry.channels or None,
    )


def child_body(task: TaskFacts, name: str, spec: ReminderSpec) -> dict[str, Any]:
    """The controller owner makes the API server delete it with its task."""
    owner = {
        "apiVersion": GROUP_VERSION,
        "kind": TASK_KIND,
        "name": task.name,
        "uid": task.uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {
        "apiVersion": GROUP_VERSION,
        "kind": REMINDER_KIND,
        "metadata": {"name": name, "namespace": task.namespace, "ownerReferences": [owner]},
        "spec": msgspec.to_builtins(spec),
    }


def _is_clear(entry: TaskReminder) -> bool:
    """The others are told of in the task's condition Stalled."""
    if (entry.before is None) == (entry.at is None):
        return False
    try:
        if entry.before is not None:
            parse_duration(entry.before)
        else:
            resolve_due(entry.at or "", "UTC")
        if entry.repeat_every is not None:
            return parse_duration(entry.repeat_every) >= SHORTEST_REPEAT
    except (DurationError, DueError):
        return False
    return True
