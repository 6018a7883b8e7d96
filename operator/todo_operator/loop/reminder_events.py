"""The event of a `ReminderEmission`: the reminder is in the emission, the task comes from the mirror."""

from datetime import datetime

import msgspec

from todo_operator.reconcile.plan import ReminderEmission
from todotasks.api import Metadata, Reminder, ReminderSpec
from todotasks.events import CloudEvent
from todotasks.events.emissions import reminder_of_state_due


def reminder_event(
    emission: ReminderEmission, task: Metadata, state: msgspec.Raw, now: datetime
) -> CloudEvent:
    """`now` is when it was found out; `state` is the `encoded_state` of the task."""
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
    return reminder_of_state_due(
        reminder,
        task,
        state,
        emission.instant,
        emission.channels,
        repeat=emission.repeat,
        late=emission.late,
        now=now,
    )
