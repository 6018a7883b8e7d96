"""What can be found out about a TodoTask: small checks of one shape, in lists whose order is the priority.

A check is named after its finding and answers None when there is nothing to find. `STALLS` are all asked,
and all they find is said at once; of a condition's checks in `CONDITIONS` the first that finds something
decides. The lists are tested as a whole, so that a new check cannot silently shadow an old one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from todo_operator.reconcile import conditions
from todo_operator.reconcile.conditions import ConditionChecks, Finding, not_ready, stall
from todo_operator.reconcile.reasons import TaskCondition, TaskReason
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import SubtaskTotals, TaskReminder
from todotasks.api.due import FIELD_DUE, Due, DueError, check_time_zone, resolve_due
from todotasks.api.durations import DurationError, parse_duration
from todotasks.api.zones import load_zone

TITLE_MAX_LENGTH = 512  # characters, as in the CRD
SHORTEST_REPEAT = timedelta(minutes=1)
NAMES_IN_A_MESSAGE = 5  # the rest is counted: a message has 1024 characters
NO_SUBTASKS = SubtaskTotals()


@dataclass(frozen=True, slots=True)
class Dependency:
    """One entry of dependsOn. `completed` None: there is no such task."""

    name: str
    completed: bool | None


@dataclass(frozen=True, slots=True)
class ObservedTask:
    """Everything the decision is made of; the cache gathers it.

    A cycle is the way round as names, beginning and ending with this task; where it is too long to be found,
    its first step; empty when it is on none.
    """

    task: TaskFacts
    subtasks: SubtaskTotals = NO_SUBTASKS
    dependencies: tuple[Dependency, ...] = ()
    dependency_cycle: tuple[str, ...] = ()
    parent_exists: bool = True
    parent_cycle: tuple[str, ...] = ()
    is_needed: bool = False  # an open task depends on this one
    default_zone: str | None = None
    next_reminder_time: datetime | None = None
    reminder_refused: str | None = None  # what the API server said when it did not want one


@dataclass(frozen=True, slots=True)
class TaskSituation:
    """What the checks look at: the observed, plus what was derived from it once."""

    observed: ObservedTask
    now: datetime
    due: Due | None = None
    due_error: DueError | None = None
    stalls: tuple[Finding, ...] = ()

    @property
    def task(self) -> TaskFacts:
        return self.observed.task

    @property
    def is_overdue(self) -> bool:
        return not self.task.completed and self.due is not None and self.now >= self.due.overdue_at


Check = conditions.Check[TaskSituation]


# --- what only an edit can heal -----------------------------------------------------------------------


def spec_is_unreadable(s: TaskSituation) -> Finding | None:
    if s.task.unreadable is None:
        return None
    return stall(TaskReason.INVALID_SPEC, s.task.unreadable)


def title_is_empty_or_too_long(s: TaskSituation) -> Finding | None:
    length = len(s.task.title)
    if s.task.unreadable or 1 <= length <= TITLE_MAX_LENGTH:
        return None
    return stall(
        TaskReason.INVALID_TITLE, f"spec.title: has {length} characters, accepted are 1 to {TITLE_MAX_LENGTH}"
    )


def time_zone_is_unknown(s: TaskSituation) -> Finding | None:
    if s.task.time_zone is None:
        return None
    try:
        check_time_zone(s.task.time_zone)
    except DueError as error:
        return stall(TaskReason.INVALID_TIME_ZONE, str(error))
    return None


def due_is_unreadable(s: TaskSituation) -> Finding | None:
    error = s.due_error
    if error is None or (error.field != FIELD_DUE and s.task.time_zone is not None):
        return None  # the task's own unknown zone has its own check, which needs no due
    reason = TaskReason.INVALID_DUE if error.field == FIELD_DUE else TaskReason.INVALID_TIME_ZONE
    return stall(reason, str(error))


def a_reminder_is_unreadable(s: TaskSituation) -> Finding | None:
    problems = [
        f"spec.reminders[{index}]{problem}"
        for index, reminder in enumerate(s.task.reminders)
        if (problem := _reminder_problem(reminder, s.task)) is not None
    ]
    return stall(TaskReason.INVALID_REMINDER, "; ".join(problems)) if problems else None


def ttl_is_negative(s: TaskSituation) -> Finding | None:
    ttl = s.task.ttl_seconds_after_completed
    if ttl is None or ttl >= 0:
        return None
    return stall(TaskReason.INVALID_TTL, f"spec.ttlSecondsAfterCompleted: is {ttl}, accepted are 0 and more")


def task_is_its_own_ancestor(s: TaskSituation) -> Finding | None:
    cycle = s.observed.parent_cycle
    if not cycle:
        return None
    return stall(TaskReason.PARENT_CYCLE, f"spec.parent: is a cycle: {_way(cycle)}")


def a_reminder_is_refused(s: TaskSituation) -> Finding | None:
    if s.observed.reminder_refused is None:
        return None
    return stall(
        TaskReason.REMINDER_REFUSED, f"the API server refuses the reminder {s.observed.reminder_refused}"
    )


STALLS: tuple[Check, ...] = (
    spec_is_unreadable,
    title_is_empty_or_too_long,
    time_zone_is_unknown,
    due_is_unreadable,
    a_reminder_is_unreadable,
    ttl_is_negative,
    task_is_its_own_ancestor,
    a_reminder_is_refused,
)


# --- the conditions: for each, the first check that finds something decides ---------------------------


def spec_is_stalled(s: TaskSituation) -> Finding | None:
    return not_ready(s.stalls)


def task_is_completed(s: TaskSituation) -> Finding | None:
    return Finding("True", TaskReason.COMPLETED, "It is completed.") if s.task.completed else None


def task_is_scheduled(s: TaskSituation) -> Finding | None:
    if s.due is None:
        return None
    return Finding("True", TaskReason.SCHEDULED, f"Due {_when(s.due)}.{_about_parent(s)}")


def task_is_accepted(s: TaskSituation) -> Finding | None:
    return Finding("True", TaskReason.ACCEPTED, f"Accepted; it has no due date.{_about_parent(s)}")


def task_is_open(_: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.OPEN, "It is open.")


def completed_is_never_overdue(s: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.COMPLETED, "It is completed.") if s.task.completed else None


def due_cannot_be_told(s: TaskSituation) -> Finding | None:
    if s.due_error is None:
        return None
    reason = TaskReason.INVALID_DUE if s.due_error.field == FIELD_DUE else TaskReason.INVALID_TIME_ZONE
    return Finding("Unknown", reason, "Its due time cannot be told; see Ready.")


def there_is_no_due(s: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.NO_DUE_DATE, "It has no due date.") if s.due is None else None


def due_has_passed(s: TaskSituation) -> Finding | None:
    if s.due is None or not s.is_overdue:
        return None
    return Finding("True", TaskReason.PAST_DUE, f"Was due {_when(s.due)}.")


def due_is_ahead(s: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.NOT_YET_DUE, f"Due {_when(s.due)}.") if s.due else None


def completed_is_never_blocked(s: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.COMPLETED, "It is completed.") if s.task.completed else None


def task_waits_for_itself(s: TaskSituation) -> Finding | None:
    cycle = s.observed.dependency_cycle
    if not cycle:
        return None
    return Finding("True", TaskReason.DEPENDENCY_CYCLE, f"spec.dependsOn is a cycle: {_way(cycle)}")


def a_dependency_is_missing(s: TaskSituation) -> Finding | None:
    missing = [d.name for d in s.observed.dependencies if d.completed is None]
    if not missing:
        return None
    still_open = _open_names(s)
    waits = f" Waits also for {_names(still_open)}." if still_open else ""
    message = f"No such task: {_names(missing)}. Create it or take it out of spec.dependsOn.{waits}"
    return Finding("True", TaskReason.DEPENDENCY_MISSING, message)


def a_dependency_is_open(s: TaskSituation) -> Finding | None:
    still_open = _open_names(s)
    if not still_open:
        return None
    return Finding("True", TaskReason.DEPENDENCY_OPEN, f"Waits for {_names(still_open)}.")


def there_are_no_dependencies(s: TaskSituation) -> Finding | None:
    if s.observed.dependencies:
        return None
    return Finding("False", TaskReason.NO_DEPENDENCIES, "It waits for no other task.")


def dependencies_are_completed(_: TaskSituation) -> Finding | None:
    return Finding("False", TaskReason.DEPENDENCIES_COMPLETED, "All it waited for is completed.")


# In the order in which they are written. The last check of each finds always something.
CONDITIONS: ConditionChecks[TaskSituation] = (
    (TaskCondition.READY, (spec_is_stalled, task_is_completed, task_is_scheduled, task_is_accepted)),
    (TaskCondition.COMPLETED, (task_is_completed, task_is_open)),
    (
        TaskCondition.OVERDUE,
        (completed_is_never_overdue, due_cannot_be_told, there_is_no_due, due_has_passed, due_is_ahead),
    ),
    (
        TaskCondition.BLOCKED,
        (
            completed_is_never_blocked,
            task_waits_for_itself,
            a_dependency_is_missing,
            a_dependency_is_open,
            there_are_no_dependencies,
            dependencies_are_completed,
        ),
    ),
)


# --- words ---------------------------------------------------------------------------------------------


def _reminder_problem(reminder: TaskReminder, task: TaskFacts) -> str | None:
    if (reminder.before is None) == (reminder.at is None):
        return ": exactly one of before and at"
    try:
        if reminder.repeat_every is not None and parse_duration(reminder.repeat_every) < SHORTEST_REPEAT:
            return f'.repeatEvery: "{reminder.repeat_every}" is shorter than 1m'
    except DurationError as error:
        return f".repeatEvery: {error}"
    try:
        if reminder.before is not None:
            parse_duration(reminder.before)
            return None if task.due is not None else ".before: needs spec.due"
        resolve_due(reminder.at or "", "UTC")  # only its shape: its zone is the task's, checked above
    except DurationError as error:
        return f".before: {error}"
    except DueError as error:
        return f".at: {error.message}"
    return None


def _open_names(s: TaskSituation) -> list[str]:
    return [d.name for d in s.observed.dependencies if d.completed is False]


def _names(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in islice(names, NAMES_IN_A_MESSAGE))
    more = len(names) - NAMES_IN_A_MESSAGE
    return f"{shown} and {more} more" if more > 0 else shown


def _way(cycle: tuple[str, ...]) -> str:
    """`a → b → a`; a long way round is shortened in the middle."""
    if cycle[0] != cycle[-1]:
        return f"{cycle[0]} → {cycle[1]} → … → {cycle[0]}"
    if len(cycle) > 2 * NAMES_IN_A_MESSAGE:
        left_out = f"({len(cycle) - 2 * NAMES_IN_A_MESSAGE} more)"
        cycle = (*cycle[:NAMES_IN_A_MESSAGE], left_out, *cycle[-NAMES_IN_A_MESSAGE:])
    return " → ".join(cycle)


def _when(due: Due) -> str:
    """`on 2026-11-21, all day (Europe/Berlin)` or `at 2026-11-21T17:00:00+01:00 (Europe/Berlin)`."""
    local = due.instant.astimezone(load_zone(due.zone))
    if due.all_day:
        return f"on {local.date().isoformat()}, all day ({due.zone})"
    return f"at {local.isoformat(timespec='seconds')} ({due.zone})"


def _about_parent(s: TaskSituation) -> str:
    if s.task.parent is None or s.observed.parent_exists:
        return ""
    return f' Its parent "{s.task.parent}" does not exist.'
