"""Which days a list is asked for, beyond one expression of time: *april* · the 24th *and 25th* · friday *and*
saturday.
"""

from datetime import date, datetime

from todotasks.language.lexer.tokens import ORDINAL, Tokens
from todotasks.language.reading.model import Interval
from todotasks.language.slots.fill import LISTS, Assembly
from todotasks.language.time.arithmetic import make_date
from todotasks.language.time.expression import When
from todotasks.language.time.periods import period_around
from todotasks.language.time.resolve import moment_of
from todotasks.language.words import roles as r
from todotasks.language.words.shared import ABOUT, DETERMINERS, JOINS_DAYS


def days(a: Assembly) -> None:
    """Put what is found into the interval of a list."""
    if a.action in LISTS and not _month(a):
        _joined(a)


def _month(a: Assembly) -> bool:
    """show me *april*: where a month is all that is named, what is due in it."""
    span = a.slots.get("target")
    if span is None or "interval" in a.values or not ABOUT.isdisjoint(a.c.words):
        return False
    t = a.c.t
    i, j = a.c.tokens_of(span)
    while j - i > 1 and (t.words[i] in DETERMINERS or t.words[i] in {"all", "of", "in", "for"}):
        i += 1
    if j - i != 1 or not t.masks[i] & r.MONTH:
        return False
    today, month = a.c.s.today, t.entries[i].month
    first = date(today.year + (month < today.month), month, 1)
    period = period_around(first, "month")
    if period is None:
        return False
    a.action, a.slots = "list", {name: slot for name, slot in a.slots.items() if name != "target"}
    a.values["interval"] = Interval(*period)
    a.span("interval", i, j)
    a.c.used.update(range(i, j))
    return True


def _joined(a: Assembly) -> None:
    whens = [when for when in a.c.whens if when.mode != "bare" and when.day is not None and not when.has_time]
    for when in whens:
        start = moment_of(a.c.s, when)
        if not isinstance(start, date) or isinstance(start, datetime):
            continue
        found = _other(a, when, whens) or _number(a.c.t, when, start)
        if found is not None and found[0] > start:
            a.values["interval"] = Interval(start, found[0], True)
            a.span("interval", when.i, found[1])
            a.c.used.update(range(when.i, found[1]))
            return


def _other(a: Assembly, one: When, whens: list[When]) -> tuple[date, int] | None:
    """on friday *and saturday*"""
    for other in whens:
        between = range(one.j, other.i)
        if other.i > one.j and all(a.c.t.words[k] in JOINS_DAYS for k in between):
            end = moment_of(a.c.s, other)
            return (end, other.j) if isinstance(end, date) and not isinstance(end, datetime) else None
    return None


def _number(t: Tokens, one: When, start: date) -> tuple[date, int] | None:
    """the 24th *and 25th*"""
    k = one.j
    while t.words[k] in JOINS_DAYS:
        k += 1
    if k == one.j or t.kinds[k] != ORDINAL:
        return None
    day = make_date(start.year, start.month, t.numbers[k])
    return (day, k + 1) if day is not None else None
