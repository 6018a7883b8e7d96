"""The table of conditions by their names, which the modules beside it fill."""

from collections.abc import Callable

from todotasks.language.frames.pattern import Match
from todotasks.language.slots.draft import Draft

Condition = Callable[[Draft, Match], bool]
CONDITIONS: dict[str, Condition] = {}


def condition(name: str) -> Callable[[Condition], Condition]:
    """Make a function the condition of that name in the tables of frames."""

    def register(check: Condition) -> Condition:
        CONDITIONS[name] = check
        return check

    return register
