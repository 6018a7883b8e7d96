"""Words into typed readings: `parse("pay rent on the 1st of every month", now, zone)`.

Pure: no I/O, no clock; microseconds. The grammar is code, the words are tables (`words`): a second language
is a folder. `docs/language.md` says what is understood and how well.
"""

from todotasks.language.reader import parse
from todotasks.language.reading.describe import describe
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
from todotasks.language.replies import ShortReply, answer

__all__ = [
    "Context",
    "DayParts",
    "Filter",
    "Interval",
    "Reading",
    "Recurrence",
    "Reminder",
    "ShortReply",
    "Span",
    "answer",
    "describe",
    "parse",
]
