"""The decision about a TodoTask: `reconcile(observed, now) -> Plan`.

Level, not edge: it decides from what is there, never from which event arrived. No I/O, no clock, and
calling it again after its plan was applied changes nothing.

The life of a task, and the condition that tells it:

    created ──▶ open ────────── due passes ──▶ open, Overdue
                 │ ▲  ▲                           │
       Blocked ◀─┘ └──┼──── reopened ────┐        │
    (dependsOn open)  │                  │        │
                      └───────────── completed ◀──┘
                                         │ ttlSecondsAfterCompleted, and no open task waits for it
                                         ▼
                                      deleted

Beside it, whatever the state: `Stalled` while the spec says something that only an edit can heal. What can
be told in spite of it is told; what cannot is Unknown.

Choices that are API:
- `subtasks` counts the direct children. A tree of any depth is then a chain of such counts, and a change at
  the bottom costs one status write, not one for each ancestor.
- A dependency that does not exist blocks (reason DependencyMissing): applied in any order, a task never
  looks free for a moment. So the TTL of a completed task waits while an open task depends on it.
- `task.overdue` happens once for each due instant; a new due is a new instant.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from todo_operator.reconcile.conditions import all_findings, conditions_of, findings
from todo_operator.reconcile.plan import Delete, Plan, TaskEmission
from todo_operator.reconcile.reasons import TaskCondition
from todo_operator.reconcile.task.checks import (
    CONDITIONS,
    STALLS,
    ObservedTask,
    TaskSituation,
)
from todotasks.api import TodoTaskStatus, is_true
from todotasks.api.due import DueError, resolve_due


def reconcile(observed: ObservedTask, now: datetime) -> Plan[TodoTaskStatus]:
    """What has to be written, deleted and told now, and when to look again. `now` is in UTC."""
    task = observed.task
    if task.deleting:
        return Plan()  # whoever holds it with a finalizer has the last word; a write would change nothing
    situation = _look(observed, now)
    status = _status(situation)
    expires_at = _expires_at(situation, status)
    if expires_at is not None and now >= expires_at:
        # The completion time is written once even when the TTL is 0, so that the record has it.
        unsaid = task.status.completion_time is None
        gone = Delete(task.key, task.uid, str(task.resource_version))
        return Plan(status=status if unsaid else None, deletes=(gone,))
    return Plan(
        status=status if status != task.status else None,
        emits=_emissions(situation),
        requeue_at=min(_instants_ahead(situation, expires_at), default=None),
    )


def emissions(observed: ObservedTask, now: datetime) -> tuple[TaskEmission, ...]:
    """What `reconcile` would emit, and no more of its work: ten thousand may be asked in one second."""
    return () if observed.task.deleting else _emissions(_look(observed, now))


def _look(observed: ObservedTask, now: datetime) -> TaskSituation:
    due, due_error = None, None
    if observed.task.due is not None:
        try:
            due = resolve_due(observed.task.due, observed.task.time_zone, observed.default_zone)
        except DueError as error:
            due_error = error
    situation = TaskSituation(observed, now, due, due_error)
    return replace(situation, stalls=all_findings(STALLS, situation))


def _status(s: TaskSituation) -> TodoTaskStatus:
    generation = s.task.generation
    return TodoTaskStatus(
        observed_generation=generation,
        due_time=s.due.instant if s.due else None,
        completion_time=_completion_time(s),
        next_reminder_time=s.observed.next_reminder_time,
        subtasks=s.observed.subtasks if s.observed.subtasks.total else None,
        conditions=conditions_of(
            findings(CONDITIONS, s),
            generation=generation,
            before=s.task.status.conditions,
            now=s.now,
            stalled=bool(s.stalls),
        ),
    )


def _completion_time(s: TaskSituation) -> datetime | None:
    """When it was first seen completed; kept while it stays so, gone when it is reopened."""
    if not s.task.completed:
        return None
    return s.task.status.completion_time or s.now.replace(microsecond=0)


def _expires_at(s: TaskSituation, status: TodoTaskStatus) -> datetime | None:
    """When its TTL ends. None while an open task depends on it: it would find its dependency missing."""
    ttl = s.task.ttl_seconds_after_completed
    if ttl is None or ttl < 0 or status.completion_time is None or s.observed.is_needed:
        return None
    try:
        return status.completion_time + timedelta(seconds=ttl)
    except OverflowError:
        return None  # after the year 9999: never


def _instants_ahead(s: TaskSituation, expires_at: datetime | None) -> Iterable[datetime]:
    """The instants at which this decision changes by time alone, all after `now`."""
    if s.due is not None and not s.task.completed and not s.is_overdue:
        yield s.due.overdue_at
    if expires_at is not None:
        yield expires_at


def _emissions(s: TaskSituation) -> tuple[TaskEmission, ...]:
    """`task.overdue`, unless the stored status says that it was told for this very due instant.

    The status is written after the event is safe in the outbox, so a crash between the two tells it
    again, under the same id.
    """
    old = s.task.status
    if s.due is None or not s.is_overdue:
        return ()
    if is_true(old.conditions, TaskCondition.OVERDUE) and old.due_time == s.due.instant:
        return ()
    return (TaskEmission("task.overdue", s.task.key, s.task.uid, s.due.overdue_at),)
