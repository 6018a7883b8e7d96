"""Words into typed readings: `parse("pay rent on the 1st of every month, remind me the day before", now,
zone)`.

Pure: no I/O, no clock, no model; microseconds. A grammar over data tables: what a word can be (`roles`,
`tables_*`), how time is
said (`dates`, `days`, `clock`, `periods`, `offsets`, `recur`), how commands are said (`frames_*`), what is
none of our business
(`domain_*`). `docs/language.md` says what is understood and how well.
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
