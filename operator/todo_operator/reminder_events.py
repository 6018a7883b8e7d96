"""The event of a `ReminderEmission`: the reminder is in the emission, the task comes from the mirror."""

from datetime import datetime

from todo_operator.reconcile.plan import ReminderEmission
from todotasks.api import Metadata, Reminder, ReminderSpec, TodoTask
from todotasks.events import CloudEvent
from todotasks.events.births import reminder_due


def reminder_event(emission: ReminderEmission, task: TodoTask, now: datetime) -> CloudEvent:
    """`now` is when it was found out."""
    key = emission.key
    reminder = Reminder(
        Metadata(
            name=key.name,
            namespace=key.namespace,
            uid=emission.uid,
            resource_version=emission.resource_version,
        ),
        ReminderSpec(message=emission.message),
    )
    return reminder_due(
        reminder,
        task,
        emission.instant,
        emission.channels,
        repeat=emission.repeat,
        late=emission.late,
        now=now,
    )
