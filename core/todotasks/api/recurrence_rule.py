"""RecurrenceRule (`recurrencerules`, `rr`): when a task comes back."""

from datetime import datetime
from typing import Literal

import msgspec

from todotasks.api.conditions import Condition
from todotasks.api.meta import Metadata
from todotasks.api.task import TodoTaskSpec

DayOfWeek = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class SimpleSchedule(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A schedule for people who know neither cron nor RFC 5545.

    `nth` (1..5, or -1 for the last) with `days_of_week` picks the n-th such day of the month;
    `day_of_month` is 1..31, or -1 for the last day. `time` is `HH:MM`.
    """

    frequency: Literal["Daily", "Weekly", "Monthly", "Yearly"]
    interval: int = 1
    days_of_week: tuple[DayOfWeek, ...] | None = None
    day_of_month: int | None = None
    nth: int | None = None
    time: str | None = None


class TemplateMetadata(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None


class SubtaskTemplate(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    title: str
    notes: str | None = None
    priority: Literal["Low", "Medium", "High", "Urgent"] | None = None


class TaskTemplate(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What each occurrence is made of; its due is the occurrence, its subtasks start open again."""

    metadata: TemplateMetadata | None = None
    spec: TodoTaskSpec = TodoTaskSpec()
    subtasks: tuple[SubtaskTemplate, ...] | None = None


class RecurrenceRuleSpec(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    template: TaskTemplate = TaskTemplate()
    cron: str | None = None
    rrule: str | None = None
    simple: SimpleSchedule | None = None
    time_zone: str | None = None
    start: str | None = None
    until: str | None = None
    count: int | None = None
    except_: tuple[str, ...] | None = msgspec.field(default=None, name="except")
    basis: Literal["Schedule", "Completion"] = "Schedule"
    lead_time: str | None = None
    concurrency_policy: Literal["Allow", "Forbid", "Replace"] = "Allow"
    missed_policy: Literal["Latest", "All", "Skip"] = "Latest"
    starting_deadline_seconds: int | None = None
    suspend: bool = False
    history_limit: int | None = None


class ActiveOccurrence(msgspec.Struct, frozen=True, rename="camel"):
    """An open occurrence: the TodoTask's name and its scheduled time."""

    name: str
    scheduled_time: datetime


class RecurrenceRuleStatus(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    observed_generation: int = -1
    last_schedule_time: datetime | None = None
    next_schedule_time: datetime | None = None
    occurrences: int = 0
    active_count: int = 0
    active: tuple[ActiveOccurrence, ...] | None = None
    schedule: str | None = None  # in words
    next: str | None = None  # `next_schedule_time` as it is written in the rule's zone; a date if all-day
    time_zone: str | None = None  # the one that counts
    conditions: tuple[Condition, ...] | None = None


class RecurrenceRule(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    metadata: Metadata
    spec: RecurrenceRuleSpec = RecurrenceRuleSpec()
    status: RecurrenceRuleStatus = RecurrenceRuleStatus()
    api_version: str = ""
    kind: str = ""
