"""Builders: a valid task on a fixed now, and modifiers that say the one thing that matters.

`after(plan)` is the executor in one line: the task as the next look would find it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.task.checks import Dependency, ObservedTask
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import Condition, TodoTaskStatus, find_condition

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def a_task(**changes: Any) -> TaskFacts:
    """An open task without a due date that the operator has not seen yet. `due` may be a datetime."""
    due = changes.get("due")
    if isinstance(due, datetime):
        changes["due"] = due.isoformat()
    plain: dict[str, Any] = {
        "namespace": "home",
        "name": "pay-rent",
        "uid": "uid-1",
        "resource_version": 7,
        "generation": 1,
        "title": "Pay rent",
    }
    return TaskFacts(**(plain | changes))


def observed(task: TaskFacts | None = None, **changes: Any) -> ObservedTask:
    return ObservedTask(task or a_task(), **changes)


def waiting_for(**dependencies: bool | None) -> tuple[Dependency, ...]:
    """`waiting_for(a=True, b=None)`: a is completed, b does not exist."""
    return tuple(Dependency(name, completed) for name, completed in dependencies.items())


def after(seen: ObservedTask, plan: Plan[TodoTaskStatus], **spec: Any) -> ObservedTask:
    """What is there once `plan` is applied, and then the spec edited by `spec`."""
    task = seen.task
    if plan.status is not None:
        task = msgspec.structs.replace(task, status=plan.status)
    if spec:
        task = msgspec.structs.replace(task, generation=task.generation + 1, **spec)
    return replace(seen, task=task)


def condition(plan: Plan[TodoTaskStatus], type_: str) -> Condition:
    assert plan.status is not None, "the plan writes no status"
    found = find_condition(plan.status.conditions, type_)
    assert found is not None, f"there is no condition {type_}"
    return found


def told(plan: Plan[TodoTaskStatus], type_: str) -> str:
    """`True PastDue`: what most tests ask."""
    found = condition(plan, type_)
    return f"{found.status} {found.reason}"
