"""Events that no change of an object tells: what time, the scheduler and the deliveries bring about.

Their ids hang on the instant that was planned, not on when somebody got round to it, so that an operator
that died between event and status patch says the same thing again under the same id. `now` is when it
was found out and is the event's `time`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from todotasks.api import RecurrenceRule, Reminder, TodoTask
from todotasks.api.meta import Metadata
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT
from todotasks.events import types
from todotasks.events.changes import REMINDERS, RULES, TASKS, object_ref
from todotasks.events.data import AdmissionGap, AdmissionRequested, ReminderDue
from todotasks.events.envelope import (
    CloudEvent,
    event_id,
    new_event,
)
from todotasks.events.state import JSON, task_state


def task_overdue(task: TodoTask, overdue_at: datetime, *, now: datetime) -> CloudEvent:
    """`overdue_at`: the due instant; for an all-day task the end of that day in its zone."""
    meta = task.metadata
    return new_event(
        types.TASK_OVERDUE,
        id=event_id(meta.uid, overdue_at, types.TASK_OVERDUE),
        plural=TASKS,
        subject=str(meta.key),
        key=meta.uid,
        time=now,
        data={"task": task_state(task), "overdueAt": overdue_at},
        resource_version=meta.resource_version,
    )


def occurrence_scheduled(
    rule: RecurrenceRule, scheduled: datetime, task: Metadata, *, now: datetime
) -> CloudEvent:
    data: JSON = {"scheduledTime": scheduled, "task": object_ref(task)}
    return _of_rule(rule, types.RECURRENCE_SCHEDULED, scheduled, data, now)


def occurrence_skipped(
    rule: RecurrenceRule, scheduled: datetime, *, reason: str, message: str, now: datetime
) -> CloudEvent:
    data: JSON = {"scheduledTime": scheduled, "reason": reason, "message": message}
    return _of_rule(rule, types.RECURRENCE_SKIPPED, scheduled, data, now)


def occurrences_missed(
    rule: RecurrenceRule,
    first: datetime,
    last: datetime,
    count: int,
    *,
    reason: str,
    message: str,
    now: datetime,
) -> CloudEvent:
    data: JSON = {
        "firstScheduledTime": first,
        "scheduledTime": last,
        "count": count,
        "reason": reason,
        "message": message,
    }
    return _of_rule(rule, types.RECURRENCE_MISSED, last, data, now)


def rule_exhausted(rule: RecurrenceRule, *, now: datetime) -> CloudEvent:
    """Once per generation: an edited rule may have occurrences again, and run out again."""
    data: JSON = {"occurrences": rule.status.occurrences}
    if rule.status.last_schedule_time is not None:
        data["lastScheduledTime"] = rule.status.last_schedule_time
    return _of_rule(rule, types.RECURRENCE_EXHAUSTED, f"g{rule.metadata.generation}", data, now)


def reminder_due(
    reminder: Reminder,
    task: TodoTask,
    fire_time: datetime,
    channels: Sequence[str],
    *,
    repeat: int = 0,
    late: bool = False,
    time_zone: str | None = None,
    now: datetime,
) -> CloudEvent:
    return reminder_of_state_due(
        reminder,
        task.metadata,
        encoded_state(task),
        fire_time,
        channels,
        repeat=repeat,
        late=late,
        time_zone=time_zone,
        now=now,
    )


def encoded_state(task: TodoTask) -> msgspec.Raw:
    """The task as events show it, already JSON: made once for all the events that carry it."""
    return msgspec.Raw(msgspec.json.encode(task_state(task)))


def reminder_of_state_due(
    reminder: Reminder,
    task: Metadata,
    state: msgspec.Raw,
    fire_time: datetime,
    channels: Sequence[str],
    *,
    repeat: int = 0,
    late: bool = False,
    time_zone: str | None = None,
    now: datetime,
) -> CloudEvent:
    """`reminder_due`, of a task whose `encoded_state` is at hand."""
    data: JSON = {
        "reminder": object_ref(reminder.metadata),
        "task": state,
        "fireTime": fire_time,
        "channels": list(channels),
    }
    if reminder.spec.message is not None:
        data["message"] = reminder.spec.message
    if repeat:
        data["repeat"] = repeat
    if late:
        data["late"] = True
    if time_zone is not None:
        data["timeZone"] = time_zone
    return new_event(
        types.REMINDER_DUE,
        id=event_id(reminder.metadata.uid, _fired(fire_time, repeat), types.REMINDER_DUE),
        plural=REMINDERS,
        subject=str(reminder.metadata.key),
        key=task.uid,
        time=now,
        data=data,
        resource_version=reminder.metadata.resource_version,
        # The trace of whoever asked for it, which was a while ago; nobody acts now.
        annotations=_trace(reminder.metadata.annotation(ANNOTATION_TRACEPARENT))
        or _trace(task.annotation(ANNOTATION_TRACEPARENT)),
    )


def reminder_delivered(due: CloudEvent, channel: str, attempts: int, *, now: datetime) -> CloudEvent:
    """The answer to a `reminder.due`, made by who delivered it; it has no Reminder, only the event."""
    return _answer(due, types.REMINDER_DELIVERED, channel, {"attempts": attempts}, now)


def reminder_failed(due: CloudEvent, channel: str, attempts: int, error: str, *, now: datetime) -> CloudEvent:
    return _answer(due, types.REMINDER_FAILED, channel, {"attempts": attempts, "error": error}, now)


def _of_rule(
    rule: RecurrenceRule, event_type: str, version: str | datetime, data: JSON, now: datetime
) -> CloudEvent:
    meta = rule.metadata
    return new_event(
        event_type,
        id=event_id(meta.uid, version, event_type),
        plural=RULES,
        subject=str(meta.key),
        key=meta.uid,
        time=now,
        data={"rule": object_ref(meta), **data},
        resource_version=meta.resource_version,
    )


def _answer(due: CloudEvent, event_type: str, channel: str, more: JSON, now: datetime) -> CloudEvent:
    asked = due.read(ReminderDue)
    reminder = asked.reminder
    fired = f"{_fired(asked.fire_time, asked.repeat)}#{channel}"
    task = asked.task.metadata
    return new_event(
        event_type,
        id=event_id(reminder.uid or due.subject, fired, event_type),
        plural=REMINDERS,
        subject=due.subject,
        key=due.partitionkey,
        time=now,
        data={
            "reminder": reminder,
            "task": object_ref(task),
            "event": due.id,
            "channel": channel,
            **more,
        },
        annotations=_trace(due.traceparent),
    )


def _trace(traceparent: str | None) -> dict[str, str] | None:
    return {ANNOTATION_TRACEPARENT: traceparent} if traceparent else None


def _fired(fire_time: datetime, repeat: int) -> str:
    instant = fire_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{instant}#{repeat}" if repeat else instant


def admission_requested(
    request: str,
    attempt: AdmissionRequested,
    *,
    plural: str,
    now: datetime,
    traceparent: str | None = None,
) -> CloudEvent:
    """An attempt; `request` is the uid that the API server gave it, so a call that it repeats is the same."""
    uid = attempt.object.uid or request
    stamps = {ANNOTATION_LAST_ACTOR: attempt.user.username}
    if traceparent:
        stamps[ANNOTATION_TRACEPARENT] = traceparent
    return new_event(
        types.ADMISSION_REQUESTED,
        id=f"{request}:{types.EVENT_TYPES[types.ADMISSION_REQUESTED].short}",
        plural=plural,
        subject=f"{attempt.object.namespace}/{attempt.object.name}",
        key=uid,
        time=now,
        data=msgspec.to_builtins(attempt),
        annotations=stamps,
    )


def admission_gap(gap: AdmissionGap, *, now: datetime) -> CloudEvent:
    """Said once the attempts can be recorded again."""
    at = gap.since.astimezone(UTC).isoformat(timespec="microseconds")
    return new_event(
        types.ADMISSION_GAP,
        id=f"{gap.replica}:{at}:{types.EVENT_TYPES[types.ADMISSION_GAP].short}",
        plural=TASKS,
        subject=gap.replica,
        key=gap.replica,
        time=now,
        data=msgspec.to_builtins(gap),
    )
