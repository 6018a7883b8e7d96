"""Commands: what a person asked for, before it is known which objects that touches.

One union for all who ask: the grammar makes commands of words, a model and MCP send them as JSON, and so
does `POST /v1/edits`. Unknown fields are refused, so that a misspelt one is an error and not ignored. Texts
that name a time are those of the API: `due` is a date, a date-time with offset or a local date-time.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from todotasks.api import Priority, SimpleSchedule, TaskReminder
from todotasks.api.recurrence_rule import SubtaskTemplate

MOST_TARGETS = 500  # names or ordinals of one command

Text = Annotated[str, Meta(min_length=1, max_length=512)]
Name = Annotated[str, Meta(min_length=1, max_length=253)]
Duration = Annotated[
    str, Meta(pattern=r"^-?(\d+[wdhms])+$", description="such as 30m, 1d, 1w2d; - is earlier")
]
Due = Annotated[str, Meta(max_length=64, description="2026-03-06, 2026-03-06T15:00 or with an offset")]
Shift = Annotated[
    str,
    Meta(
        pattern=r"^-?(\d+(y|mo|w|d|h|m|s))+$",
        description="such as 2d, 1mo, 1w2d, -3h; y, mo, w and d are those of the calendar",
    ),
]
Tag = Annotated[str, Meta(min_length=1, max_length=63)]
# As long as the resource takes them.
RRuleText = Annotated[str, Meta(max_length=1024)]
CronText = Annotated[str, Meta(max_length=256)]
Except = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=366)]

Clearable = Literal["due", "notes", "project", "assignee", "parent", "reminders", "tags", "dependsOn"]
# Of a task that comes back: this one only, or all of them (its rule); None: what was named.
Scope = Literal["this", "all"] | None
Sort = Literal["due", "priority", "created", "title", "completed"]


class _Part(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """How all of this travels as JSON."""


class Range(_Part, frozen=True):
    """From `start` to `end`, the end not included; RFC 3339 dates or date-times; without one it is open."""

    start: Due | None = None
    end: Due | None = None


class Filter(_Part, frozen=True):
    """Which tasks: all that are said hold together. Nothing said: all open ones."""

    text: Text | None = None
    completed: bool | None = None
    overdue: bool | None = None
    priority: Priority | None = None
    tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()
    any_tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()  # at least one of them
    project: Name | None = None
    assignee: Name | None = None
    due: Range | None = None
    has_due: bool | None = None
    recurring: bool | None = None
    everything: bool = False  # completed ones too; for a bulk edit: all of them, said so


class Target(_Part, frozen=True):
    """Which objects a command is about: exactly one of the fields.

    `title` is matched (exact name, exact title, then alike); `ordinals` count in what was last shown, from
    1, -1 the last; `reference` is "it" (the last one) or "them" (all of the last answer).
    """

    names: Annotated[tuple[Name, ...], Meta(max_length=MOST_TARGETS)] = ()
    title: Text | None = None
    ordinals: Annotated[tuple[int, ...], Meta(max_length=MOST_TARGETS)] = ()
    reference: Literal["it", "them"] | None = None
    filter: Filter | None = None


class Relative(_Part, frozen=True):
    """A time that hangs on another task: `shift` from its due, such as -15m for 15 minutes before."""

    target: Target
    shift: Shift


class TaskFields(_Part, frozen=True):
    """What a task is made with; each is the field of the same name of a TodoTask."""

    title: Text
    notes: Annotated[str, Meta(max_length=16_384)] | None = None
    priority: Priority | None = None
    tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()
    due: Due | None = None
    time_zone: str | None = None
    project: Name | None = None
    assignee: Name | None = None
    parent: Target | None = None
    reminders: Annotated[tuple[TaskReminder, ...], Meta(max_length=16)] = ()
    depends_on: tuple[Name, ...] = ()
    relative: Relative | None = None  # instead of `due`


class ScheduleFields(_Part, frozen=True):
    """When a task comes back: one of `rrule`, `cron`, `simple`; the rest as a RecurrenceRule has it."""

    rrule: RRuleText | None = None
    cron: CronText | None = None
    simple: SimpleSchedule | None = None
    start: Due | None = None
    until: Due | None = None
    count: int | None = None
    except_: Except = msgspec.field(default=(), name="except")
    basis: Literal["Schedule", "Completion"] = "Schedule"
    time_zone: str | None = None


class Changes(_Part, frozen=True):
    """What is changed of tasks that are there; what is not said stays.

    `due` may also be a time of day alone, T15:00: the task stays on its day. A day alone leaves a task its
    time of day, unless `all_day` is said.
    """

    title: Text | None = None
    notes: Annotated[str, Meta(max_length=16_384)] | None = None
    add_notes: Annotated[str, Meta(max_length=16_384)] | None = None  # goes below the notes that are there
    priority: Priority | None = None
    priority_step: Literal[-1, 0, 1] = 0  # one step more or less urgent
    add_tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()
    remove_tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] = ()
    due: Due | None = None
    all_day: bool = False
    shift: Shift | None = None  # moves the due that is there; in the task's own zone
    project: Name | None = None
    assignee: Name | None = None
    parent: Target | None = None
    depends_on: Target | None = None  # has to be done first; joins what is there
    independent_of: Target | None = None  # no longer has to
    reminders: tuple[TaskReminder, ...] | None = None
    clear: tuple[Clearable, ...] = ()


class TemplateTask(_Part, frozen=True):
    """What the tasks of a rule look like; null takes a field away, what is not said stays."""

    title: Text | UnsetType = UNSET
    notes: Annotated[str, Meta(max_length=16384)] | UnsetType | None = UNSET
    priority: Priority | UnsetType | None = UNSET
    tags: Annotated[tuple[Tag, ...], Meta(max_length=32)] | UnsetType | None = UNSET
    project: Name | UnsetType | None = UNSET
    assignee: Name | UnsetType | None = UNSET
    reminders: Annotated[tuple[TaskReminder, ...], Meta(max_length=16)] | UnsetType | None = UNSET


class TemplateFields(_Part, frozen=True):
    spec: TemplateTask | UnsetType = UNSET
    subtasks: Annotated[tuple[SubtaskTemplate, ...], Meta(max_length=32)] | UnsetType | None = UNSET


class RuleFields(_Part, frozen=True):
    """Fields of a RecurrenceRule as an editor sets them: exactly so, null takes one away, what is not said
    stays. `ScheduleFields` is for what a person says, of which the rest follows."""

    rrule: RRuleText | UnsetType | None = UNSET
    cron: CronText | UnsetType | None = UNSET
    simple: SimpleSchedule | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET
    start: Due | UnsetType | None = UNSET
    until: Due | UnsetType | None = UNSET
    count: int | UnsetType | None = UNSET
    except_: Except | UnsetType | None = msgspec.field(default=UNSET, name="except")
    basis: Literal["Schedule", "Completion"] | UnsetType = UNSET
    lead_time: Duration | UnsetType | None = UNSET
    concurrency_policy: Literal["Allow", "Forbid", "Replace"] | UnsetType = UNSET
    missed_policy: Literal["Latest", "All", "Skip"] | UnsetType = UNSET
    history_limit: int | UnsetType | None = UNSET
    template: TemplateFields | UnsetType = UNSET


class ReminderFields(_Part, frozen=True):
    """Fields of a Reminder as an editor sets them: null takes one away, what is not said stays."""

    at: Due | UnsetType | None = UNSET
    before_due: Duration | UnsetType | None = UNSET
    repeat_every: Duration | UnsetType | None = UNSET
    max_repeats: int | UnsetType | None = UNSET
    channels: Annotated[tuple[Name, ...], Meta(max_length=16)] | UnsetType | None = UNSET
    message: Annotated[str, Meta(max_length=1024)] | UnsetType | None = UNSET
    snooze_until: Due | UnsetType | None = UNSET
    suspend: bool | UnsetType = UNSET


class _Command(_Part, frozen=True, tag_field="action"):
    """The JSON object says which command it is in `action`."""


class CreateTask(_Command, frozen=True, tag="create"):
    task: TaskFields


class CreateRule(_Command, frozen=True, tag="recurrence-create"):
    """A task that comes back. `task.due` is not said: each occurrence has its own."""

    task: TaskFields
    schedule: ScheduleFields
    lead_time: Duration | None = None


class Remind(_Command, frozen=True, tag="remind"):
    """Adds reminders to tasks that are there."""

    target: Target
    reminders: Annotated[tuple[TaskReminder, ...], Meta(min_length=1, max_length=16)]


class Update(_Command, frozen=True, tag="update"):
    """Also moves tasks: `changes.due` or `changes.shift`."""

    target: Target
    changes: Changes
    scope: Scope = None


class Complete(_Command, frozen=True, tag="complete"):
    target: Target


class Reopen(_Command, frozen=True, tag="reopen"):
    target: Target


class Delete(_Command, frozen=True, tag="delete"):
    target: Target
    scope: Scope = None


class Snooze(_Command, frozen=True, tag="snooze"):
    """Puts off the reminders of tasks (one of `until` and `by`); where there is none, the due date."""

    target: Target
    until: Due | None = None
    by: Shift | None = None


class StopRule(_Command, frozen=True, tag="recurrence-stop"):
    """Suspends a rule; `resume` takes that back. The open occurrences stay. `until` (a day): it leaves out
    those before that day and goes on by itself."""

    target: Target
    resume: bool = False
    until: Due | None = None


class SkipOccurrence(_Command, frozen=True, tag="recurrence-skip"):
    """Leaves out one occurrence: that of `on` (a date), else the next, or the next `count`."""

    target: Target
    on: Due | None = None
    count: Annotated[int, Meta(ge=1, le=50)] = 1


class ChangeRule(_Command, frozen=True, tag="recurrence-change"):
    """Another schedule; a task that does not come back begins to."""

    target: Target
    schedule: ScheduleFields


class SetRule(_Command, frozen=True, tag="recurrence-set"):
    """A rule as an editor has it: that of `name`, or a new one."""

    spec: RuleFields
    name: Name | None = None


class SetReminder(_Command, frozen=True, tag="reminder-set"):
    """A Reminder of its own as an editor has it: that of `name`, or a new one of the task `task`."""

    spec: ReminderFields
    name: Name | None = None
    task: Name | None = None


class DeleteReminder(_Command, frozen=True, tag="reminder-delete"):
    name: Name


class ListTasks(_Command, frozen=True, tag="list"):
    filter: Filter = Filter()
    sort: Sort = "due"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: (
        Annotated[str, Meta(max_length=4096, description="`next` of the page before, all else alike")] | None
    ) = None


class ShowTask(_Command, frozen=True, tag="show"):
    target: Target


class Blockers(_Command, frozen=True, tag="blockers"):
    """What has to be done before a task: what it depends on and its parts, as far as they are open."""

    target: Target


class Summary(_Command, frozen=True, tag="summary"):
    """What is on: overdue, due in the range (default: today), and how many are open."""

    due: Range | None = None


class Undo(_Command, frozen=True, tag="undo"):
    """Takes back the last `count` messages' edits."""

    count: Annotated[int, Meta(ge=1, le=20)] = 1


class Help(_Command, frozen=True, tag="help"):
    pass


class NotOurs(_Command, frozen=True, tag="none"):
    """Talk that asks for nothing here."""


Command = (
    CreateTask | CreateRule | Remind | Update | Complete | Reopen | Delete | Snooze | StopRule
    | SkipOccurrence | ChangeRule | SetRule | SetReminder | DeleteReminder
    | ListTasks | ShowTask | Blockers | Summary | Undo | Help | NotOurs
)  # fmt: skip

# What can be done to another thing as it was to the first.
AGAIN = (Complete, Reopen, Update, Snooze, Delete, Remind)
