"""The events of `RuleEmission`s: all they need is in the emission, so nothing has to be looked up."""

from datetime import datetime

from todo_operator.reconcile.plan import RuleEmission
from todotasks.api import Metadata, RecurrenceRule, RecurrenceRuleStatus
from todotasks.events import CloudEvent
from todotasks.events.emissions import (
    occurrence_scheduled,
    occurrence_skipped,
    occurrences_missed,
    rule_exhausted,
)


def rule_event(emission: RuleEmission, now: datetime) -> CloudEvent:
    """`now` is when it was found out."""
    key = emission.key
    rule = RecurrenceRule(
        Metadata(
            name=key.name,
            namespace=key.namespace,
            uid=emission.uid,
            generation=emission.generation,
            resource_version=emission.resource_version,
        )
    )
    if emission.instant is None:
        status = RecurrenceRuleStatus(occurrences=emission.count, last_schedule_time=emission.first)
        return rule_exhausted(RecurrenceRule(rule.metadata, status=status), now=now)
    match emission.happening:
        case "recurrence.scheduled":
            task = Metadata(name=emission.task, namespace=key.namespace, uid=emission.task_uid)
            return occurrence_scheduled(rule, emission.instant, task, now=now)
        case "recurrence.skipped":
            return occurrence_skipped(
                rule, emission.instant, reason=emission.reason, message=emission.message, now=now
            )
    return occurrences_missed(
        rule,
        emission.first or emission.instant,
        emission.instant,
        emission.count,
        reason=emission.reason,
        message=emission.message,
        now=now,
    )
