"""What decisions about a RecurrenceRule are made of: the rule, and its occurrences from the task cache.

An occurrence is a task that the rule controls. Its scheduled time stands in an annotation; where somebody
took that away, its name still has the minute.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from todo_operator.reconcile.facts import EPOCH, ObjectFacts, identity, read_parts
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import Metadata, RecurrenceRule, RecurrenceRuleSpec, RecurrenceRuleStatus


class Occurrence(NamedTuple):
    """A task that a rule has made. `scheduled` None: nothing says any more for when."""

    name: str
    uid: str
    resource_version: int
    rule: str  # the rule's uid
    scheduled: datetime | None
    completed: bool = False
    completed_at: datetime | None = None
    deleting: bool = False
    is_untouched: bool = False  # nobody has edited it since it was made

    def same_to_its_rule(self, other: "Occurrence | None") -> bool:
        """Whether nothing has changed of which the rule's decision is made."""
        return other is not None and self == other._replace(resource_version=self.resource_version)


class RuleFacts(ObjectFacts, frozen=True, gc=False, kw_only=True):
    """A RecurrenceRule without the metadata that decides nothing."""

    created: datetime
    spec: RecurrenceRuleSpec = RecurrenceRuleSpec()
    status: RecurrenceRuleStatus = RecurrenceRuleStatus()


def rule_facts_of(rule: RecurrenceRule) -> RuleFacts:
    return _facts(rule.metadata, rule.spec, rule.status, unreadable=None)


def read_rule_facts(body: Mapping[str, Any]) -> RuleFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status."""
    return _facts(*read_parts(body, RecurrenceRuleSpec, RecurrenceRuleStatus))


def _facts(
    meta: Metadata, spec: RecurrenceRuleSpec, status: RecurrenceRuleStatus, unreadable: str | None
) -> RuleFacts:
    return RuleFacts(
        **identity(meta, unreadable),
        created=meta.creation_timestamp or EPOCH,
        spec=spec,
        status=status,
    )


def occurrence_of(task: TaskFacts, rule: str) -> Occurrence:
    return Occurrence(
        task.name,
        task.uid,
        task.resource_version,
        rule,
        _scheduled(task),
        task.completed,
        task.status.completion_time if task.completed else None,
        task.deleting,
        task.generation <= 1,
    )


def occurrence_name(rule: str, scheduled: datetime) -> str:
    """`<rule>-<minutes since 1970>`: the name is the lock."""
    return f"{rule}-{int(scheduled.timestamp()) // 60}"


def _scheduled(task: TaskFacts) -> datetime | None:
    try:
        instant = datetime.fromisoformat(task.scheduled or "")
    except ValueError:
        instant = None
    if instant is not None and instant.tzinfo is not None:
        return instant.astimezone(UTC)
    minutes = task.name.rpartition("-")[2]
    if minutes.isascii() and minutes.isdigit() and len(minutes) <= 9:
        return datetime.fromtimestamp(int(minutes) * 60, UTC)
    return None
