"""What was understood of a message, with the tasks in sight, as an object for JSON."""

from typing import Any

from todotasks.language.candidates.afterwards import due_afterwards
from todotasks.language.grounding.listed import listed, named
from todotasks.language.grounding.sight import Sight
from todotasks.language.reading.model import Reading
from todotasks.language.reading.serialize import as_object
from todotasks.language.understanding import Step, Understanding

MOST_CANDIDATES = 4  # that are shown


def grounded_object(found: Understanding, sight: Sight) -> dict[str, Any]:
    """What would be done with the tasks in sight: the reading, `targets`, `asks`, `candidates`; of a message
    with several commands the same for each in `commands`."""
    steps = grounded_objects(found, sight)
    first = dict(steps[0])
    if len(steps) > 1:
        first["commands"] = steps
    return first


def grounded_objects(found: Understanding, sight: Sight) -> list[dict[str, Any]]:
    """The same for each command of the message."""
    return [_grounded(step, sight) for step in found.steps]


def _grounded(step: Step, sight: Sight) -> dict[str, Any]:
    reading = step.reading
    group = step.candidate.group
    out = as_object(reading)
    if group is not None and reading.names:
        out["targets"] = [sight.things[place].title for place in group.things]
        if reading.action == "remind":
            out["intent"] = "update"
        elif reading.intent == "update":
            out["due"] = due_afterwards(reading, sight.things[group.things[0]]) or out["due"]
    else:
        out["targets"] = [sight.things[place].title for place in _meant(reading, sight)]
    out["asks"] = step.asks
    out["candidates"] = [
        {
            "action": each.action,
            "targets": [sight.things[place].title for place in each.group.things] if each.group else [],
            "score": round(each.chance, 3),
            "why": list(each.why),
        }
        for each in step.ranked[:MOST_CANDIDATES]
    ]
    out["unused"] = list(step.unused)
    return out


def _meant(reading: Reading, sight: Sight) -> tuple[int, ...]:
    """The things that a reading means without naming them: those of a list, those that fit a filter."""
    if reading.action.startswith("recurrence-") or (reading.intent == "list" and reading.target):
        return named(reading.target, sight)
    if reading.ordinals and reading.action != "search":
        places = [n - 1 if n > 0 else len(sight.shown) + n for n in reading.ordinals]
        return tuple(sight.shown[k] for k in places if 0 <= k < len(sight.shown) and sight.shown[k] >= 0)
    narrowed = reading.filter is not None and not reading.target and reading.reference is None
    if reading.intent == "list" or (
        narrowed and reading.intent in {"complete", "delete", "update", "reopen"}
    ):
        return listed(reading, sight)
    return ()
