"""Conditions: metav1.Condition and the one way to change a list of them.

The rules are Kubernetes' (apimachinery `meta.SetStatusCondition`): a list-map by `type`,
`lastTransitionTime` moves only when `status` does, `observedGeneration` is always the newest.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

ConditionStatus = Literal["True", "False", "Unknown"]

MESSAGE_MAX_LENGTH = 1024  # characters; the CRDs allow as much


class Condition(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """metav1.Condition. `reason` is CamelCase and never empty, `message` a sentence for a person."""

    type: str
    status: ConditionStatus
    reason: str
    message: str = ""
    observed_generation: int = 0
    last_transition_time: datetime | None = None


def find_condition(conditions: Iterable[Condition] | None, type_: str) -> Condition | None:
    for condition in conditions or ():
        if condition.type == type_:
            return condition
    return None


def is_true(conditions: Iterable[Condition] | None, type_: str) -> bool:
    found = find_condition(conditions, type_)
    return found is not None and found.status == "True"


def with_condition(
    conditions: Iterable[Condition] | None, new: Condition, now: datetime
) -> tuple[Condition, ...]:
    """The list with `new` in it; `lastTransitionTime` is kept while the status stays the same."""
    old = tuple(conditions or ())
    found = find_condition(old, new.type)
    since = found.last_transition_time if found and found.status == new.status else None
    placed = msgspec.structs.replace(
        new,
        message=new.message[:MESSAGE_MAX_LENGTH],
        last_transition_time=since or now.replace(microsecond=0),
    )
    if found is None:
        return (*old, placed)
    return tuple(placed if c.type == new.type else c for c in old)


def merge_conditions(
    old: Iterable[Condition] | None, wanted: Iterable[Condition], now: datetime
) -> tuple[Condition, ...]:
    """Exactly the `wanted` conditions, in their order, with the transition times of `old` kept.

    A type that is no longer wanted (Stalled, once healed) disappears, and so does a second entry of one
    type, should a damaged status have one.
    """
    before = tuple(old or ())

    def placed(new: Condition) -> Condition:
        found = find_condition(before, new.type)
        return with_condition((found,) if found else (), new, now)[0]

    return tuple(placed(new) for new in wanted)
