"""The events of what time brought about: each `Emission` of a plan as a CloudEvent.

A rule's emission carries all that its event says; a task's and a reminder's carry the whole task, which comes
from the mirror.
"""

from datetime import datetime

import msgspec

from todo_operator.reconcile.plan import ReminderEmission, RuleEmission
from todotasks.api import Metadata, RecurrenceRule, RecurrenceRuleStatus, Reminder, ReminderSpec
from todotasks.events import CloudEvent
from todotasks.events.emissions import (
    occurrence_scheduled,
    occurrence_skipped,
    occurrences_missed,
    reminder_of_state_due,
    rule_exhausted,
)


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
        time_zone=emission.time_zone,
        now=now,
    )


def rule_event(emission: RuleEmission, now: datetime) -> CloudEvent:
    """`now` is when it was found out."""
    key = emission.key
    rule = RecurrenceRule(
        Metadata(
            name=key.name,
            namespace=key.namespace,
            uid=emission.uid,
            generation=emission.generation,
            resource_version=emission.resource_version,
        )
    )
    if emission.instant is None:
        status = RecurrenceRuleStatus(occurrences=emission.count, last_schedule_time=emission.first)
        return rule_exhausted(RecurrenceRule(rule.metadata, status=status), now=now)
    match emission.happening:
        case "recurrence.scheduled":
            task = Metadata(name=emission.task, namespace=key.namespace, uid=emission.task_uid)
            return occurrence_scheduled(rule, emission.instant, task, now=now)
        case "recurrence.skipped":
            return occurrence_skipped(
                rule, emission.instant, reason=emission.reason, message=emission.message, now=now
            )
    return occurrences_missed(
        rule,
        emission.first or emission.instant,
        emission.instant,
        emission.count,
        reason=emission.reason,
        message=emission.message,
        now=now,
    )
