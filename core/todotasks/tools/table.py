"""Which tools there are: for each command one, with the words by which a program chooses it.

A tool's arguments are the fields of its command (`edits.command`), so its schema, its validation and what it
does are those of every other way in. `explain` and `confirm` have arguments of their own: the first asks
nothing of the cluster, the second answers a question that another tool's result has asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from todotasks.edits.model.command import (
    Blockers,
    ChangeRule,
    Command,
    Complete,
    CreateRule,
    CreateTask,
    Delete,
    ListTasks,
    Remind,
    Reopen,
    ScheduleFields,
    ShowTask,
    SkipOccurrence,
    Snooze,
    StopRule,
    Summary,
    TaskFields,
    Undo,
    Update,
)


class Explain(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """Exactly one of `text` (a phrase as a person writes it) and `schedule` (a recurrence)."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)] | None = None
    schedule: ScheduleFields | None = None
    count: Annotated[int, Meta(ge=1, le=50, description="how many occurrences to list")] = 5


class Confirm(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """The answer to a question that a tool's result has asked. Ask the person; do not answer for them."""

    question: Annotated[
        str, Meta(max_length=64, description="`question` of that result's structured content")
    ]
    answer: Annotated[
        Literal["yes", "no"] | int,
        Meta(description="yes or no to what would be done; where one is to be chosen, a row's number or no"),
    ] = "yes"


@dataclass(frozen=True, slots=True)
class Tool:
    """`command` makes the command of the arguments; None where the tool is no command."""

    name: str
    title: str
    description: str
    arguments: type[Any]
    command: Callable[[Any], Command] | None = None
    reads: bool = False  # changes nothing
    destroys: bool = False  # what it takes away is not there any more, or others lose sight of it
    idempotent: bool = False
    for_model: bool = True  # offered to the model behind the chat, too

    @property
    def options(self) -> bool:
        """Whether a call may say dryRun and idempotencyKey."""
        return self.command is not None and not self.reads


def _itself(command: Command) -> Command:
    return command


def _of_task(task: TaskFields) -> Command:
    return CreateTask(task)


_TARGET = (
    "Name the task by `target.names` (from a search) or `target.title`; "
    "a `target.filter` means all that fit. "
)
_ASKS = (
    "More than one at once is not done but asked for: the result then carries a `question` for `confirm`. "
)

TOOLS: tuple[Tool, ...] = (
    Tool(
        "search",
        "Search tasks",
        "List tasks by text, tags, priority, project, assignee, due range or state; without a filter "
        "all open ones. Gives each task's name, title, due and state.",
        ListTasks,
        _itself,
        reads=True,
    ),
    Tool(
        "show",
        "Show a task",
        "Everything about one task or recurring task. " + _TARGET,
        ShowTask,
        _itself,
        reads=True,
    ),
    Tool(
        "blockers",
        "What blocks a task",
        "What has to be done before a task: the open ones that it depends on, and its open subtasks. "
        + _TARGET,
        Blockers,
        _itself,
        reads=True,
    ),
    Tool(
        "summary",
        "What is on",
        "What is overdue, what is due in a range (default: today), and how much is open.",
        Summary,
        _itself,
        reads=True,
    ),
    Tool(
        "create",
        "Create a task",
        "Make one task. `due` is a date for all day, or a local date-time such as 2026-03-06T15:00. "
        "For something that comes back use `schedule`.",
        TaskFields,
        _of_task,
    ),
    Tool(
        "schedule",
        "Create a recurring task",
        "Make a task that comes back, by RRULE (RFC 5545), cron or a simple schedule. `task.due` is "
        "not said: each occurrence has its own.",
        CreateRule,
        _itself,
    ),
    Tool(
        "edit",
        "Edit tasks",
        "Change title, notes, priority, tags, due (`due`, or `shift` to move it), project, assignee, "
        "parent or reminders; `clear` empties fields. " + _TARGET + _ASKS,
        Update,
        _itself,
        destroys=True,
    ),
    Tool(
        "complete",
        "Complete tasks",
        "Mark tasks as done. " + _TARGET + _ASKS,
        Complete,
        _itself,
        idempotent=True,
    ),
    Tool(
        "reopen",
        "Reopen tasks",
        "Mark completed tasks as not done. " + _TARGET + _ASKS,
        Reopen,
        _itself,
        idempotent=True,
    ),
    Tool(
        "delete",
        "Delete tasks",
        "Delete tasks or recurring tasks. " + _TARGET + _ASKS,
        Delete,
        _itself,
        destroys=True,
    ),
    Tool(
        "remind",
        "Add reminders",
        "Be told of a task: `before` its due (1h, 1d) or `at` a time. " + _TARGET,
        Remind,
        _itself,
    ),
    Tool(
        "snooze",
        "Snooze",
        "Put off a task's reminders `until` a time or `by` a duration; where there are none, its due."
        " " + _TARGET,
        Snooze,
        _itself,
    ),
    Tool(
        "reschedule",
        "Change a recurrence",
        "Change when a recurring task comes back. " + _TARGET,
        ChangeRule,
        _itself,
        destroys=True,
    ),
    Tool(
        "stop",
        "Stop or resume a recurrence",
        "Suspend a recurring task; `resume` takes that back. The open occurrences stay. " + _TARGET,
        StopRule,
        _itself,
        destroys=True,
        idempotent=True,
    ),
    Tool(
        "skip",
        "Skip an occurrence",
        "Leave out one occurrence of a recurring task: that of `on`, else the next. " + _TARGET,
        SkipOccurrence,
        _itself,
        destroys=True,
    ),
    Tool(
        "undo",
        "Undo",
        "Take back the last edits that were made here. Refused where somebody has changed the objects since.",
        Undo,
        _itself,
        destroys=True,
        for_model=False,
    ),
    Tool(
        "explain",
        "Explain a phrase or a rule",
        "Say how a phrase is understood, or a recurrence in words with its next occurrences. Changes "
        "nothing.",
        Explain,
        reads=True,
        for_model=False,
    ),
    Tool(
        "confirm",
        "Answer a question",
        "Carry out (or drop) what a result asked about. Show the person the rows and ask before you say yes.",
        Confirm,
        destroys=True,
        for_model=False,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
