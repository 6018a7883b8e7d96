"""`reminder.due` events for the tests of who consumes them."""

from datetime import UTC, datetime
from typing import Any

from todotasks.api import Reminder, ReminderSpec, TaskRef, TodoTask, TodoTaskSpec
from todotasks.api.meta import Metadata
from todotasks.events import CloudEvent, reminder_due

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def a_due_event(
    *,
    name: str = "rent-1d",
    namespace: str = "home",
    uid: str = "11111111-1111-1111-1111-111111111111",
    channels: tuple[str, ...] = ("mail",),
    message: str | None = None,
    repeat: int = 0,
    late: bool = False,
    zone: str | None = None,
    told_at: datetime = NOW,
    **spec: Any,
) -> CloudEvent:
    """The event of a reminder of the task `rent`; `spec` is that of the task."""
    task = TodoTask(
        metadata=Metadata(name="rent", namespace=namespace, uid="22222222-2222-2222-2222-222222222222"),
        spec=TodoTaskSpec(**({"title": "Pay the rent"} | spec)),
    )
    reminder = Reminder(
        metadata=Metadata(name=name, namespace=namespace, uid=uid),
        spec=ReminderSpec(task_ref=TaskRef(name="rent"), before_due="1d", message=message),
    )
    return reminder_due(reminder, task, NOW, channels, repeat=repeat, late=late, time_zone=zone, now=told_at)
