"""One example of every type, made by the functions that make the real ones.

docs/events.md shows them, and the tests hold each to its schema: an example cannot lie.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from todotasks.api import (
    Condition,
    Metadata,
    RecurrenceRule,
    RecurrenceRuleSpec,
    RecurrenceRuleStatus,
    Reminder,
    ReminderSpec,
    ReminderStatus,
    TaskRef,
    TaskTemplate,
    TodoTask,
    TodoTaskSpec,
    TodoTaskStatus,
)
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT
from todotasks.events import changes, emissions
from todotasks.events.data import Actor, AdmissionGap, AdmissionRequested, ObjectRef
from todotasks.events.envelope import (
    CloudEvent,
    decode,
)

_NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
_DUE = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


def _metadata(name: str, uid: str, version: int, generation: int = 1) -> Metadata:
    return Metadata(
        name=name,
        namespace="home",
        uid=uid,
        resource_version=str(version),
        generation=generation,
        creation_timestamp=_NOW - timedelta(days=1),
        annotations={
            ANNOTATION_LAST_ACTOR: "ada@example.com",
            ANNOTATION_TRACEPARENT: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
    )


_TASK = TodoTask(
    metadata=_metadata("pay-rent", "3f0c1a52-7d0e-4c59-9a44-0d8e7b0d6d11", 4711),
    spec=TodoTaskSpec(title="Pay rent", priority="High", tags=("home",), due="2026-03-01T17:00:00Z"),
    status=TodoTaskStatus(
        observed_generation=1,
        due_time=_DUE,
        conditions=(Condition("Ready", "True", "Scheduled", "Due on 1 March 2026 at 17:00 UTC.", 1, _NOW),),
    ),
)
_RULE = RecurrenceRule(
    metadata=_metadata("rent", "c5a7c9d2-58a1-4b8e-8c8e-3e4c1b9f0a77", 4702),
    spec=RecurrenceRuleSpec(
        rrule="FREQ=MONTHLY;BYMONTHDAY=1",
        template=TaskTemplate(spec=TodoTaskSpec(title="Pay rent", priority="High")),
    ),
    status=RecurrenceRuleStatus(observed_generation=1, occurrences=12, last_schedule_time=_DUE),
)
_REMINDER = Reminder(
    metadata=_metadata("pay-rent-1h", "9be1f4a6-0a52-4b0e-b3a3-7d6b8c6f2e90", 4713),
    spec=ReminderSpec(
        task_ref=TaskRef("pay-rent"),
        before_due="1h",
        channels=("phone",),
        message="The rent is due in an hour.",
        snooze_until=_DUE - timedelta(minutes=30),
    ),
    status=ReminderStatus(observed_generation=1, fire_time=_DUE - timedelta(hours=1)),
)


def _next(task: TodoTask, version: int, **spec: object) -> TodoTask:
    return msgspec.structs.replace(
        task,
        metadata=msgspec.structs.replace(task.metadata, resource_version=str(version), generation=2),
        spec=msgspec.structs.replace(task.spec, **spec),
    )


def examples() -> Iterator[CloudEvent]:
    """In the order of `EVENT_TYPES`."""
    later = _next(_TASK, 4720, due="2026-03-02T17:00:00Z")
    done = _next(_TASK, 4731, completed=True)
    yield from changes.task_events(None, _TASK, now=_NOW)
    yield from changes.task_events(_TASK, later, now=_NOW)
    yield from changes.task_events(_TASK, done, now=_NOW)
    yield from changes.task_events(done, _next(_TASK, 4740), now=_NOW)
    yield emissions.task_overdue(_TASK, _DUE, now=_DUE)
    yield from changes.task_events(_next(_TASK, 4750), None, now=_NOW)
    yield decode(changes.task_snapshot(_TASK, now=_NOW))

    paused = msgspec.structs.replace(
        _RULE,
        metadata=msgspec.structs.replace(_RULE.metadata, resource_version="4760", generation=2),
        spec=msgspec.structs.replace(_RULE.spec, suspend=True),
    )
    yield from changes.rule_events(None, _RULE, now=_NOW)
    yield from changes.rule_events(_RULE, paused, now=_NOW)
    yield from changes.rule_events(paused, None, now=_NOW, coalesced=True)
    yield emissions.occurrence_scheduled(_RULE, _DUE, _TASK.metadata, now=_NOW)
    yield emissions.occurrence_skipped(
        _RULE, _DUE, reason="StillOpen", message="The occurrence before is still open.", now=_NOW
    )
    yield emissions.occurrences_missed(
        _RULE,
        _DUE - timedelta(days=31),
        _DUE,
        2,
        reason="Downtime",
        message="2 occurrences passed while nothing ran; missedPolicy is Skip.",
        now=_NOW,
    )
    yield emissions.rule_exhausted(_RULE, now=_NOW)

    snoozed, scheduled = changes.reminder_events(None, _REMINDER, task_uid=_TASK.metadata.uid, now=_NOW)
    due = emissions.reminder_due(
        _REMINDER, _TASK, _DUE - timedelta(hours=1), ("phone",), time_zone="Europe/Berlin", now=_NOW
    )
    yield scheduled
    yield due
    yield emissions.reminder_delivered(due, "phone", 1, now=_NOW)
    yield emissions.reminder_failed(due, "phone", 5, "The server refused the recipient (550).", now=_NOW)
    yield snoozed

    attempt = AdmissionRequested(
        verb="update",
        kind="TodoTask",
        object=ObjectRef("home", "pay-rent", _TASK.metadata.uid),
        user=Actor("ada@example.com", ("system:authenticated",)),
        resource_version="4711",
        changed=("spec.due",),
    )
    yield emissions.admission_requested(
        "0a1d3c55-90f4-4f0e-8f0d-5e3f4c7b1a20", attempt, plural=changes.TASKS, now=_NOW
    )
    gap = AdmissionGap(
        since=_NOW, until=_NOW + timedelta(minutes=3), dropped=12, replica="todotasks-webhook-7d9f-x2k"
    )
    yield emissions.admission_gap(gap, now=_NOW + timedelta(minutes=3))
