"""TaskFacts: the part of a TodoTask that decisions are made of.

Notes, tags, links and managedFields decide nothing; what stays fits the cache's budget of 1 kB a task.
"""

from collections.abc import Mapping
from typing import Any

from todo_operator.reconcile.facts import ObjectFacts, identity, read_parts
from todotasks.api import Metadata, TaskReminder, TodoTask, TodoTaskSpec, TodoTaskStatus
from todotasks.api.meta import ANNOTATION_SCHEDULED_TIME
from todotasks.kube.resources import RECURRENCERULES


class TaskFacts(ObjectFacts, frozen=True, gc=False):
    """What a decision about a task needs to know of the task itself."""

    title: str = ""
    due: str | None = None
    time_zone: str | None = None
    completed: bool = False
    parent: str | None = None
    depends_on: tuple[str, ...] = ()
    reminders: tuple[TaskReminder, ...] = ()
    ttl_seconds_after_completed: int | None = None
    rule: str | None = None  # uid of the RecurrenceRule whose occurrence it is
    scheduled: str | None = None  # the annotation that says for when the rule made it
    status: TodoTaskStatus = TodoTaskStatus()


def facts_of(task: TodoTask) -> TaskFacts:
    return _facts(task.metadata, task.spec, task.status, unreadable=None)


def read_facts(body: Mapping[str, Any]) -> TaskFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status."""
    return _facts(*read_parts(body, TodoTaskSpec, TodoTaskStatus))


def rule_of(meta: Metadata) -> str | None:
    """The uid of the RecurrenceRule that controls it."""
    owners = meta.owner_references or ()
    return next((o.uid for o in owners if o.controller and o.kind == RECURRENCERULES.kind), None)


def _facts(meta: Metadata, spec: TodoTaskSpec, status: TodoTaskStatus, unreadable: str | None) -> TaskFacts:
    return TaskFacts(
        **identity(meta, unreadable),
        title=spec.title,
        due=spec.due,
        time_zone=spec.time_zone,
        completed=spec.completed,
        parent=spec.parent,
        depends_on=tuple(spec.depends_on or ()),
        reminders=tuple(spec.reminders or ()),
        ttl_seconds_after_completed=spec.ttl_seconds_after_completed,
        rule=rule_of(meta),
        scheduled=meta.annotation(ANNOTATION_SCHEDULED_TIME),
        status=status,
    )
