"""Checks and what they find, and how findings become the conditions of a status: for all kinds the same.

A check looks at a situation (what was observed, and what was derived from it once) and is named after its
finding; None: there is nothing to find. Of a condition's checks the first that finds something decides, so
the order of a list is the priority. What only an edit can heal is found by `all_findings`, all of it at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from todotasks.api import Condition, merge_conditions
from todotasks.api.conditions import ConditionStatus

STALLED: Final = "Stalled"  # of every kind: there only while it is true; kstatus reads it as failed

SituationT = TypeVar("SituationT")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: a reason and a sentence; for Unknown and False as for True."""

    status: ConditionStatus
    reason: StrEnum
    message: str


Check = Callable[[SituationT], Finding | None]
# The types of the conditions in the order in which they are written; the last check of each always finds.
ConditionChecks = tuple[tuple[StrEnum, tuple[Check[SituationT], ...]], ...]


def stall(reason: StrEnum, message: str) -> Finding:
    """What only an edit can heal."""
    return Finding("True", reason, message)


def first_finding(checks: Iterable[Check[SituationT]], situation: SituationT) -> Finding:
    return next(found for check in checks if (found := check(situation)) is not None)


def all_findings(checks: Iterable[Check[SituationT]], situation: SituationT) -> tuple[Finding, ...]:
    return tuple(found for check in checks if (found := check(situation)) is not None)


def not_ready(stalls: tuple[Finding, ...]) -> Finding | None:
    """All that stalls an object, as its Ready says it; None where nothing does."""
    if not stalls:
        return None
    return Finding("False", stalls[0].reason, "; ".join(found.message for found in stalls))


def findings(checks: ConditionChecks[SituationT], situation: SituationT) -> list[tuple[StrEnum, Finding]]:
    """What decides about each condition."""
    return [(type_, first_finding(of_type, situation)) for type_, of_type in checks]


def conditions_of(
    found: Iterable[tuple[str, Finding]],
    *,
    generation: int,
    before: Iterable[Condition] | None,
    now: datetime,
    stalled: bool = False,
) -> tuple[Condition, ...]:
    """The conditions to be stored; where the object is `stalled`, that says what the first of them says."""
    wanted = [*found]
    if stalled:
        why = wanted[0][1]
        wanted.append((STALLED, stall(why.reason, why.message)))
    return merge_conditions(
        before,
        (
            Condition(
                type=str(type_),
                status=finding.status,
                reason=str(finding.reason),
                message=finding.message,
                observed_generation=generation,
            )
            for type_, finding in wanted
        ),
        now,
    )
