"""What the events carry, as typed values: for who consumes them, and the source of the JSON Schemas.

A published type accepts one kind of change: a new field that may be absent. Everything else (a removed
or renamed field, another type, one more or one less allowed value) is a new type, `….v2`; a test holds
us to it. `task`, `rule` are the objects as the API has them, without what only the API server or we
ourselves need (`managedFields`, kubectl's copy of the manifest, our stamps).
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from todotasks.api import RecurrenceRule, TodoTask

DeletionReason = Literal["Deleted", "Expired"]  # by somebody; by spec.ttlSecondsAfterCompleted


class ObjectRef(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Which object. `uid` is missing only where it was not known (a reminder of a task not yet there)."""

    namespace: str
    name: str
    uid: str | None = None


class _Data(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """Every data can be cut to fit through Kafka; `abridged` then names what was left out."""

    abridged: tuple[str, ...] | None = None


class _Observed(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`coalesced`: found by comparing two lists, so states in between may have passed unseen."""

    coalesced: bool = False


class _Changed(_Observed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`changed` names the fields; `previous` is a JSON merge patch (RFC 7396) back to the state before.

    Both are empty where there was no state before, or it could not be read.
    """

    changed: tuple[str, ...]
    previous: dict[str, Any]


class TaskCreated(_Observed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: TodoTask


class TaskChanged(_Changed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: TodoTask


class TaskOverdue(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: TodoTask
    overdue_at: datetime


class TaskDeleted(_Observed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: TodoTask
    reason: DeletionReason


class TaskSnapshot(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: TodoTask


class RuleCreated(_Observed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    rule: RecurrenceRule


class RuleChanged(_Changed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    rule: RecurrenceRule


class RuleDeleted(_Observed, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    rule: RecurrenceRule


class _Occurrence(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    rule: ObjectRef
    scheduled_time: datetime


class OccurrenceScheduled(_Occurrence, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: ObjectRef


class OccurrenceSkipped(_Occurrence, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`reason` is a CamelCase word as in conditions, `message` a sentence for a person."""

    reason: str
    message: str


class OccurrenceMissed(_Occurrence, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`count` occurrences, the first at `first_scheduled_time`, the last at `scheduled_time`."""

    first_scheduled_time: datetime
    count: int
    reason: str
    message: str


class RuleExhausted(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    rule: ObjectRef
    occurrences: int
    last_scheduled_time: datetime | None = None


class _Reminder(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    reminder: ObjectRef


class ReminderScheduled(_Reminder, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: ObjectRef
    fire_time: datetime
    coalesced: bool = False


class ReminderSnoozed(_Reminder, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    task: ObjectRef
    snooze_until: datetime
    coalesced: bool = False


class ReminderDue(_Reminder, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """All that a delivery needs: the whole task, so that nobody has to ask the API server for it.

    `repeat` counts from 0; `late` is the reminder whose time passed while nothing could fire it. `timeZone`
    is the one in which the task's wall-clock times are meant: its own, else its namespace's, else UTC.
    """

    task: TodoTask
    fire_time: datetime
    channels: tuple[str, ...]
    message: str | None = None
    repeat: int = 0
    late: bool = False
    time_zone: str | None = None


class ReminderDelivered(_Reminder, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`event` is the id of the `reminder.due` that this answers."""

    task: ObjectRef
    event: str
    channel: str
    attempts: int


class ReminderFailed(ReminderDelivered, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`error` is for a person and holds no secret (no URL of a channel, no password)."""

    error: str


class Actor(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Who asked, as the API server authenticated them."""

    username: str
    groups: tuple[str, ...] = ()


class AdmissionRequested(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """An attempt that admission let through: what the API server then did is told by the other events.

    `resource_version` is that of the object before, absent for a create. `changed` names fields
    (`spec.title`, `metadata.labels`), at most 64 of them.
    """

    verb: Literal["create", "update", "delete"]
    kind: str
    object: ObjectRef
    user: Actor
    resource_version: str | None = None
    changed: tuple[str, ...] = ()


class AdmissionGap(_Data, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """`dropped` attempts between the two moments are on no record: Kafka was away for too long."""

    since: datetime
    until: datetime
    dropped: int
    replica: str
