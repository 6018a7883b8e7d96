"""Words into typed readings: `parse("pay rent on the 1st of every month", now, zone)`.

Pure: no I/O, no clock; microseconds. The grammar is code, the words are tables (`words`): a second language
is a folder. `docs/language.md` says what is understood and how well.

The reader and its tables are imported when they are first asked for: `kubectl todo list` has nothing to read,
and would wait 0.1 s for them at each call.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from todotasks.language.reading.model import (
    Context,
    DayParts,
    Filter,
    Interval,
    Reading,
    Recurrence,
    Reminder,
    Span,
)

if TYPE_CHECKING:
    from todotasks.language.candidates.model import TIE
    from todotasks.language.choosing import Choice, choose, without_courtesy
    from todotasks.language.corrections import read_correction
    from todotasks.language.followups import read_followup
    from todotasks.language.grounding.heard import hear
    from todotasks.language.grounding.match import match
    from todotasks.language.reader import parse
    from todotasks.language.reading.describe import describe
    from todotasks.language.reading.widening import is_whole
    from todotasks.language.replies import ALL, NO, YES, ShortReply, answer
    from todotasks.language.understanding import Step, Understanding, understand

_LATER = {
    **dict.fromkeys(("ALL", "NO", "YES", "ShortReply", "answer"), "replies"),
    **dict.fromkeys(("Step", "Understanding", "understand"), "understanding"),
    **dict.fromkeys(("Choice", "choose", "without_courtesy"), "choosing"),
    "read_correction": "corrections",
    "read_followup": "followups",
    "TIE": "candidates.model",
    "describe": "reading.describe",
    "hear": "grounding.heard",
    "is_whole": "reading.widening",
    "match": "grounding.match",
    "parse": "reader",
}

__all__ = [
    "ALL",
    "NO",
    "TIE",
    "YES",
    "Choice",
    "Context",
    "DayParts",
    "Filter",
    "Interval",
    "Reading",
    "Recurrence",
    "Reminder",
    "ShortReply",
    "Span",
    "Step",
    "Understanding",
    "answer",
    "choose",
    "describe",
    "hear",
    "is_whole",
    "match",
    "parse",
    "read_correction",
    "read_followup",
    "understand",
    "without_courtesy",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found
