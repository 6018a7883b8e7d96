"""What was understood of a message, with the tasks in sight, as an object for JSON."""

from typing import Any

from todotasks.language.candidates.afterwards import due_afterwards
from todotasks.language.grounding.sight import WORD, Sight, small_words
from todotasks.language.grounding.stems import folded
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
        out["targets"] = _named(reading.target, sight) if reading.action.startswith("recurrence-") else []
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


def _named(target: str | None, sight: Sight) -> list[str]:
    """What repeats is named by its words: the titles that have all of them."""
    said = {folded(word) for word in WORD.findall(target or "")} - small_words()
    if not said:
        return []
    return [
        thing.title for thing in sight.things if said <= {folded(word) for word in WORD.findall(thing.title)}
    ]
