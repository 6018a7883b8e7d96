"""Events from the difference of two states: what the recorder tells the world.

Nothing here knows how a change was seen. A watch gives each step; a relist gives the first and the last
state, and marks what it finds as `coalesced`. Calling a function again with the same two states gives
the same ids, which is what makes a replay after a crash harmless.
"""

from datetime import datetime
from typing import Final

from todotasks.api import RecurrenceRule, Reminder, TodoTask
from todotasks.api.meta import Metadata
from todotasks.api.stamps import ANNOTATION_TRACEPARENT, fresh_traceparent
from todotasks.events import types
from todotasks.events.data import DeletionReason
from todotasks.events.envelope import CloudEvent, encode, event_id, new_event
from todotasks.events.state import JSON, difference, rule_state, task_state

TASKS: Final = "todotasks"
RULES: Final = "recurrencerules"
REMINDERS: Final = "reminders"


def task_events(
    old: TodoTask | None, new: TodoTask | None, *, now: datetime, coalesced: bool = False
) -> list[CloudEvent]:
    """What happened to a task between two states, in order. `now` is when it was seen."""
    if new is None:
        return [] if old is None else [_task_deleted(old, now, coalesced)]
    meta, state = new.metadata, task_state(new)
    if old is None:
        born = _data("task", state, coalesced)
        events = [_event(meta, types.TASK_CREATED, TASKS, meta.creation_timestamp or now, born)]
        if new.spec.completed:
            done = _data("task", state, coalesced, changed=(), previous={})
            events.append(_event(meta, types.TASK_COMPLETED, TASKS, now, done))
        return events
    before = old.metadata
    changed, previous = difference(task_state(old), state)
    data = _data("task", state, coalesced, changed=changed, previous=previous)
    events = []
    if changed and changed != ("spec.completed",):
        events.append(_event(meta, types.TASK_UPDATED, TASKS, now, data, before=before))
    if "spec.completed" in changed:
        turned = types.TASK_COMPLETED if new.spec.completed else types.TASK_REOPENED
        events.append(_event(meta, turned, TASKS, now, data, before=before))
    return events


def task_rediscovered(new: TodoTask, *, now: datetime) -> list[CloudEvent]:
    """A task that was there before, in a state that can no longer be read: something may have changed."""
    data = _data("task", task_state(new), True, changed=(), previous={})
    return [_event(new.metadata, types.TASK_UPDATED, TASKS, now, data)]


def rule_events(
    old: RecurrenceRule | None, new: RecurrenceRule | None, *, now: datetime, coalesced: bool = False
) -> list[CloudEvent]:
    """What happened to a recurrence rule itself; its occurrences are events of the scheduler."""
    if new is None:
        if old is None:
            return []
        data = _data("rule", rule_state(old), coalesced)
        return [_event(old.metadata, types.RECURRENCE_DELETED, RULES, now, data, stamped=False)]
    meta, state = new.metadata, rule_state(new)
    if old is None:
        born = _data("rule", state, coalesced)
        return [_event(meta, types.RECURRENCE_CREATED, RULES, meta.creation_timestamp or now, born)]
    changed, previous = difference(rule_state(old), state)
    if not changed:
        return []
    data = _data("rule", state, coalesced, changed=changed, previous=previous)
    return [_event(meta, types.RECURRENCE_UPDATED, RULES, now, data, before=old.metadata)]


def reminder_events(
    old: Reminder | None,
    new: Reminder | None,
    *,
    task_uid: str | None,
    now: datetime,
    coalesced: bool = False,
) -> list[CloudEvent]:
    """A reminder that got a time, or another one; one that was put off. Its end is not news.

    `task_uid` keys the event, so that it is in order with the others of its task; where the task is not
    known (yet), the reminder keys it.
    """
    if new is None:
        return []
    meta, status, spec = new.metadata, new.status, new.spec
    task: JSON = {"namespace": meta.namespace, "name": spec.task_ref.name}
    if task_uid:
        task["uid"] = task_uid
    events = []
    was = None if old is None else old.metadata
    told = [
        (types.REMINDER_SNOOZED, "snoozeUntil", spec.snooze_until, old and old.spec.snooze_until),
        (types.REMINDER_SCHEDULED, "fireTime", status.fire_time, old and old.status.fire_time),
    ]
    for event_type, field, value, before in told:
        if value is None or value == before:
            continue
        data: JSON = {"reminder": object_ref(meta), "task": task, field: value}
        if coalesced:
            data["coalesced"] = True
        key = task_uid or meta.uid
        # The fire time is the operator's doing: the actor is who touched the spec last.
        stamped = event_type == types.REMINDER_SNOOZED
        events.append(_event(meta, event_type, REMINDERS, now, data, key=key, stamped=stamped, before=was))
    return events


def task_snapshot(task: TodoTask, *, now: datetime) -> bytes:
    """The value of `task-updates` after a change; after a deletion it is None, the tombstone."""
    return encode(
        _event(task.metadata, types.TASK_SNAPSHOT, TASKS, now, _data("task", task_state(task), False))
    )


def snapshot_id(metadata: Metadata) -> str:
    return event_id(metadata.uid, metadata.resource_version, types.TASK_SNAPSHOT)


def tombstone_id(metadata: Metadata) -> str:
    """A tombstone has no envelope; the outbox needs an id for it, and so does who reads its table."""
    return f"{metadata.uid}:{metadata.resource_version}:task.tombstone"


def deletion_reason(task: TodoTask, now: datetime) -> DeletionReason:
    """Why a task that is gone is gone: its time after completion was over, or somebody deleted it."""
    ttl, completed_at = task.spec.ttl_seconds_after_completed, task.status.completion_time
    if ttl is None or completed_at is None or not task.spec.completed:
        return "Deleted"
    # Compared this way around: a time to live of a million years must not overflow a date.
    return "Expired" if (now - completed_at).total_seconds() >= ttl else "Deleted"


def object_ref(metadata: Metadata) -> JSON:
    return {"namespace": metadata.namespace, "name": metadata.name, "uid": metadata.uid}


def _task_deleted(old: TodoTask, now: datetime, coalesced: bool) -> CloudEvent:
    data = _data("task", task_state(old), coalesced, reason=deletion_reason(old, now))
    # Whoever changed the task last is not who deleted it, so the stamps do not go with this event.
    return _event(old.metadata, types.TASK_DELETED, TASKS, now, data, stamped=False)


def _data(field: str, state: JSON, coalesced: bool, **more: object) -> JSON:
    data: JSON = {field: state, **more}
    if coalesced:
        data["coalesced"] = True
    return data


def _event(
    meta: Metadata,
    event_type: str,
    plural: str,
    time: datetime,
    data: JSON,
    *,
    key: str = "",
    stamped: bool = True,
    before: Metadata | None = None,
) -> CloudEvent:
    """`before`: of the state that was changed; a trace that stood there already is of another change."""
    stamps = meta.annotations if stamped else None
    if stamps and before is not None and ANNOTATION_TRACEPARENT in stamps:
        trace = fresh_traceparent(before.annotations, stamps)
        stamps = {**stamps, ANNOTATION_TRACEPARENT: trace or ""}
    return new_event(
        event_type,
        id=event_id(meta.uid, meta.resource_version, event_type),
        plural=plural,
        subject=str(meta.key),
        key=key or meta.uid,
        time=time,
        data=data,
        resource_version=meta.resource_version,
        annotations=stamps,
    )
