"""Reminder (`reminders`, `rem`): when and through which channels somebody is told of a task."""

from datetime import datetime
from typing import Literal

import msgspec

from todotasks.api.conditions import Condition
from todotasks.api.meta import Metadata

DeliveryState = Literal["Pending", "Delivered", "Retrying", "Failed"]


class TaskRef(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A TodoTask of the same namespace."""

    name: str


class ReminderSpec(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """Exactly one of `at` (date-time) and `before_due` (a duration such as `30m`)."""

    task_ref: TaskRef = TaskRef(name="")
    at: str | None = None
    before_due: str | None = None
    repeat_every: str | None = None
    max_repeats: int | None = None
    channels: tuple[str, ...] | None = None
    message: str | None = None
    snooze_until: datetime | None = None
    suspend: bool = False


class Delivery(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """What became of the last firing on one channel."""

    channel: str
    state: DeliveryState = "Pending"
    attempts: int = 0
    last_error: str | None = None
    time: datetime | None = None


class PutOff(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A snooze as it was found: what it put off is not what is planned later.

    `planned_time` is when the reminder was to fire first then, `skipped` how many repeats fell into the
    snooze and do not count against `max_repeats`.
    """

    until: datetime
    planned_time: datetime
    skipped: int = 0


class ReminderStatus(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    observed_generation: int = -1
    fire_time: datetime | None = None
    fired_at: datetime | None = None
    fired_count: int = 0
    left_out_at: datetime | None = None
    put_off: PutOff | None = None
    next: str | None = None  # `fire_time` as it is written in the task's zone
    deliveries: tuple[Delivery, ...] | None = None
    conditions: tuple[Condition, ...] | None = None


class Reminder(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    metadata: Metadata
    spec: ReminderSpec = ReminderSpec()
    status: ReminderStatus = ReminderStatus()
    api_version: str = ""
    kind: str = ""
