"""TodoTask (`todotasks`, `tt`): something to do."""

from datetime import datetime
from typing import Literal

import msgspec

from todotasks.api.conditions import Condition
from todotasks.api.meta import Metadata

Priority = Literal["Low", "Medium", "High", "Urgent"]


class TaskReminder(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """One entry of spec.reminders: exactly one of `before` (a duration such as `1h`, `1d`) and `at`.

    With `repeat_every` (a duration) it fires again until the task is done, at most `max_repeats` times.
    """

    before: str | None = None
    at: str | None = None
    channels: tuple[str, ...] | None = None
    repeat_every: str | None = None
    max_repeats: int | None = None


class Link(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    url: str
    title: str | None = None


class TodoTaskSpec(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """See `crds/todotasks.dev_todotasks.yaml` for what each field accepts.

    `due` is an RFC 3339 date (all day), a date-time with offset, or a local date-time that is read in
    `time_zone` (default: the namespace's annotation `todotasks.dev/time-zone`, else UTC).
    """

    title: str = ""
    notes: str | None = None
    priority: Priority = "Medium"
    tags: tuple[str, ...] | None = None
    due: str | None = None
    time_zone: str | None = None
    completed: bool = False
    parent: str | None = None
    depends_on: tuple[str, ...] | None = None
    project: str | None = None
    assignee: str | None = None
    reminders: tuple[TaskReminder, ...] | None = None
    links: tuple[Link, ...] | None = None
    ttl_seconds_after_completed: int | None = None


class SubtaskTotals(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    total: int = 0
    completed: int = 0


class TodoTaskStatus(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """`observed_generation` is -1 until the operator has seen the task (the CRD's default)."""

    observed_generation: int = -1
    due_time: datetime | None = None
    completion_time: datetime | None = None
    next_reminder_time: datetime | None = None
    subtasks: SubtaskTotals | None = None
    conditions: tuple[Condition, ...] | None = None


class TodoTask(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    metadata: Metadata
    spec: TodoTaskSpec = TodoTaskSpec()
    status: TodoTaskStatus = TodoTaskStatus()
    api_version: str = ""
    kind: str = ""
