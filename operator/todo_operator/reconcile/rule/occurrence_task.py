"""The task of an occurrence: what the template says, due at the scheduled time, with its parts open again."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from todo_operator.reconcile.rule.facts import RuleFacts, occurrence_name
from todotasks.api import ANNOTATION_SCHEDULED_TIME, GROUP_VERSION
from todotasks.api.recurrence_rule import SubtaskTemplate
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.recurrence import Rule

LABEL_RULE: Final = "todotasks.dev/rule"  # on an occurrence: the name of its rule
# One character for each of the 32 parts there may be: 52 + 9 + 2 characters fit a label.
PART_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def occurrence_body(rule: RuleFacts, schedule: Rule, scheduled: datetime) -> dict[str, Any]:
    """The controller owner makes `kubectl delete` take it along, and `--cascade=orphan` leave it."""
    template = rule.spec.template
    given = template.metadata
    spec = msgspec.to_builtins(template.spec)
    spec["due"] = due_text(schedule, scheduled)
    spec.setdefault("timeZone", str(schedule.clock.zone))
    owner = {
        "apiVersion": GROUP_VERSION,
        "kind": RECURRENCERULES.kind,
        "name": rule.name,
        "uid": rule.uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {
        "apiVersion": GROUP_VERSION,
        "kind": TODOTASKS.kind,
        "metadata": {
            "name": occurrence_name(rule.name, scheduled),
            "namespace": rule.namespace,
            "labels": {**((given and given.labels) or {}), LABEL_RULE: rule.name},
            "annotations": {
                **((given and given.annotations) or {}),
                ANNOTATION_SCHEDULED_TIME: instant_text(scheduled),
            },
            "ownerReferences": [owner],
        },
        "spec": spec,
    }


def part_bodies(rule: RuleFacts, occurrence: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The subtasks, each controlled by the occurrence (who makes them puts that in)."""
    parts = rule.spec.template.subtasks or ()
    return tuple(_part(part, letter, occurrence) for part, letter in zip(parts, PART_LETTERS, strict=False))


def _part(part: SubtaskTemplate, letter: str, occurrence: dict[str, Any]) -> dict[str, Any]:
    metadata, of = occurrence["metadata"], occurrence["spec"]
    spec = msgspec.to_builtins(part) | {"parent": metadata["name"]}
    for inherited in ("priority", "project", "assignee"):
        if inherited in of:
            spec.setdefault(inherited, of[inherited])
    return {
        "apiVersion": GROUP_VERSION,
        "kind": TODOTASKS.kind,
        "metadata": {"name": f"{metadata['name']}-{letter}", "namespace": metadata["namespace"]},
        "spec": spec,
    }


def due_text(schedule: Rule, scheduled: datetime) -> str:
    """With its offset: on the day the clocks go back, the time of day alone says two instants."""
    local = scheduled.astimezone(schedule.clock.zone)
    return local.date().isoformat() if schedule.all_day else local.isoformat(timespec="seconds")


def instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
