"""Moments at a distance: in 3 days · 2 hours from now · 15 min ago · 2 weeks before Christmas · +2 months, 5
days.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from todotasks.language.lexer.lexicon import Entry
from todotasks.language.lexer.tokens import NUMBER, Tokens
from todotasks.language.time.arithmetic import next_weekday
from todotasks.language.time.expression import (
    HOLIDAY,
    WEEKDAY,
    Duration,
    Scan,
    When,
    exact,
)
from todotasks.language.time.holidays import holiday
from todotasks.language.time.numbers import cardinal, duration, ordinal
from todotasks.language.time.relative_days import title_goes_on
from todotasks.language.time.resolve import resolve_clock, resolve_day
from todotasks.language.words import roles as r

MINUTE, HOUR = ("seconds", 60), ("seconds", 3600)
MOST_WEEKS = 52  # "3 fridays from now"
YEARS = 8  # around a day, in which its closest holiday is looked for
Atom = Callable[[Scan, int, int], When | None]


def _moved(s: Scan, i: int, j: int, span: Duration, sign: int = 1) -> When | None:
    """From now: an instant where hours count, else a day."""
    moment = span.added_to(s.now, sign)
    if moment is None or not 1 < moment.year < 9998:
        return None
    when = When(i, j)
    when.duration = span
    if span.has_time:
        when.instant = moment
    else:
        when.day = exact(moment.date())
    return when


def after_preposition(s: Scan, i: int, atom: Atom, depth: int) -> When | None:
    """in 3 days · within two weeks · after an hour · in 2 days from today · vor drei Tagen"""
    t = s.t
    mask = t.masks[i]
    sign = 1
    k = i + 1
    if mask & r.AGO_PREFIX and (ago := duration(t, k)):
        return _moved(s, i, ago[1], ago[0], -1)
    if not mask & (r.IN | r.WITHIN | r.AFTER):
        return None
    read = duration(t, k) or _minutes_alone(t, k)
    if read is None:
        return None
    read = _and_minutes(t, *read)
    span, j = read
    if not _names_units(t, k, j) and t.words[j - 1] != "'" and (i or j < t.count):
        return None
    when = anchored(s, i, read, atom, depth) if depth else None
    if when:
        return when
    if t.masks[j] & r.AGO and not t.masks[j] & r.BEFORE:
        return None  # handed in 5 minutes ago
    owned = t.masks[j] & r.TIMES and t.words[j - 1][-2:] == "'s"
    if owned or (t.masks[j] & r.FILLER and t.words[j][0] == "'"):
        j += 1  # in three weeks' time, in a month's time
    if title_goes_on(t, j) and mask & r.IN and t.words[i] != "in" and t.words[i] != "within":
        return None
    if mask & r.AFTER and t.masks[j] & r.COMPLETION:
        return None
    when = _moved(s, i, j, span, sign)
    if when and mask & r.WITHIN:
        when.said = True
        when.mode = "within"
    return when


def _and_minutes(t: Tokens, span: Duration, j: int) -> tuple[Duration, int]:
    """in an hour *and ten*: minutes, where nothing stands behind that they could count."""
    more = cardinal(t, j + 1) if t.masks[j] & r.AND and t.masks[j - 1] & r.UNIT else None
    whole = len(span.amounts) == 1 and span.amounts[0][0] == HOUR
    if more is None or not whole or not 1 <= more[0] < 60 or more[1] < t.count:
        return span, j
    return Duration([*span.amounts, (MINUTE, more[0])], span.vague), more[1]


def _minutes_alone(t: Tokens, k: int) -> tuple[Duration, int] | None:
    """in 15', or "in 15" and nothing else: minutes."""
    if t.kinds[k] != NUMBER or not t.masks[k - 1] & r.IN or not 1 <= t.numbers[k] < 60:
        return None
    signed = t.words[k + 1] == "'" and not t.gaps[k + 1] and (t.gaps[k + 2] or k + 2 >= t.count)
    if not signed and (k != 1 or k + 1 != t.count):
        return None
    return Duration([(MINUTE, float(t.numbers[k]))]), k + 1 + signed


def _names_units(t: Tokens, i: int, j: int) -> bool:
    return any(t.masks[k] & r.UNIT for k in range(i, j))


# "that week on monday" is no week behind a day
_NAMES_A_WEEK = (
    r.ARTICLE | r.THIS | r.NEXT | r.LAST | r.COMING | r.EVERY | r.PER | r.OF | r.OTHER | r.NUM | r.FEW
)


def _weekdays_away(s: Scan, i: int) -> When | None:
    """3 fridays from now · two sundays ago"""
    t = s.t
    alone = t.entries[i].unit == ("days", 7) and not (i and t.masks[i - 1] & _NAMES_A_WEEK)
    read = (1.0, i) if alone else (1.0, i + 1) if t.masks[i] & r.A else cardinal(t, i)
    if read is None or not 1 <= read[0] <= MOST_WEEKS or read[0] != int(read[0]):
        return None
    j, count = read[1], int(read[0])
    if t.entries[j].unit == ("days", 7) and t.masks[j + 1] & r.ON and t.masks[j + 2] & r.WEEKDAY:
        day = next_weekday(s.today + timedelta(days=1), t.entries[j + 2].weekday)
        when = When(i, j + 3)  # (a) week on tuesday, as the British say
        when.day = exact(day + timedelta(days=7 * count))
        return when
    kind, days = t.entries[j].unit
    whole = kind == "days" and days % 7 == 0 and days > 0 and t.masks[j] & r.UNIT
    if whole and t.masks[j + 1] & r.RELATIVE and t.entries[j + 1].days >= 0 and not t.entries[j + 1].part:
        when = When(i, j + 2)  # three weeks tomorrow
        when.day = exact(s.today + timedelta(days=t.entries[j + 1].days + days * count))
        return when
    if not t.masks[j] & (r.PLURAL_DAY | r.WEEKDAY) or not t.masks[j + 1] & (r.FROM_NOW | r.AGO):
        return None
    ahead = t.masks[j + 1] & r.FROM_NOW
    day = next_weekday(s.today + timedelta(days=1), t.entries[j].weekday)
    when = When(i, j + 2)
    when.day = exact(day + timedelta(days=7 * (count - 1) if ahead else -7 * count))
    return when


def before_word(s: Scan, i: int, atom: Atom, depth: int) -> When | None:
    """3 days later · half an hour from now · 15 minute ago · two days after today · a week from friday · the
    min after
    """
    t = s.t
    if (weekdays := _weekdays_away(s, i)) is not None:
        return weekdays
    read = duration(t, i)
    if read is None:
        if not t.masks[i] & r.ARTICLE and not t.masks[i] & r.UNIT:
            return None
        read = duration(t, i, bare_unit=True)
        if read is None:
            return None
    elif t.masks[i] & (r.HALF | r.QUARTER) and not _names_units(t, i, read[1]):
        return None
    if depth and (when := anchored(s, i, read, atom, depth)):
        return when
    span, j = read
    mask = t.masks[j]
    if mask & r.LATER and not (mask & r.AFTER and title_goes_on(t, j + 1)):
        if mask & r.AFTER and not t.masks[i] & r.ARTICLE:
            return None
        moved = _moved(s, i, j + 1, span)
        if moved and moved.day is not None and mask & r.FROM_NOW:
            moved.day, moved.instant = None, span.added_to(s.now)
        return moved
    if mask & r.AGO and not title_goes_on(t, j + 1) | bool(t.masks[j + 1] & (r.ARTICLE | r.A)):
        return _moved(s, i, j + 1, span, -1)
    if mask & r.AGO and not mask & r.BEFORE:
        return _moved(s, i, j + 1, span, -1)
    return None


def counted_from(s: Scan, i: int, atom: Atom, depth: int) -> When | None:
    """the third tuesday after christmas 2014 · the monday after easter · the closest monday to Oct 5th"""
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    nth = ordinal(t, k)
    bare = nth is None and k == i and not t.masks[k] & r.CLOSEST
    number, k = nth or (1, k)
    closest = bool(t.masks[k] & r.CLOSEST)
    k += closest
    if not t.masks[k] & (r.WEEKDAY | r.HOLIDAY):
        return None
    relation = t.masks[k + 1]
    if not relation & (r.TO if closest else r.AFTER | r.BEFORE):
        return None
    anchor = atom(s, k + 2, depth - 1)
    if anchor is None or anchor.dead or anchor.instant or not (anchor.day or anchor.period):
        return None
    if bare and not (anchor.day and anchor.day.kind == HOLIDAY):
        return None  # friday after easter; "friday after the 5th" names two days
    if anchor.period:  # behind a year is behind its last day
        behind = relation & r.AFTER and not closest
        first = anchor.period[1] - timedelta(days=1) if behind else anchor.period[0]
    elif base := anchor_moment(s, anchor):
        first = base.date()
    else:
        return None
    if not 1 <= number <= MOST_WEEKS:
        return None
    sign = 0 if closest else 1 if relation & r.AFTER else -1
    day = _nth_from(t.entries[k], first, number, sign)
    if day is None:
        return None
    when = When(i, anchor.j)
    when.day = exact(day)
    return when


def _nth_from(entry: Entry, first: date, number: int, sign: int) -> date | None:
    """The nth such weekday or holiday after a day (1), before it (-1) or nearest to it (0)."""
    if entry.mask & r.WEEKDAY:
        near = next_weekday(first, entry.weekday) - timedelta(days=7)
        days = [near + timedelta(days=7 * n) for n in range(-number, number + 2)]
    else:
        around = range(first.year - YEARS - 4 * number, first.year + YEARS + 4 * number)
        days = [day for year in around if (day := holiday(entry.name, year))]
    days = [day for day in days if not sign or sign * (day - first).days > 0]
    days.sort(key=lambda day: (abs((day - first).days), day))
    return days[number - 1] if number <= len(days) else None


def anchored(s: Scan, i: int, read: tuple[Duration, int], atom: Atom, depth: int) -> When | None:
    """a duration before, after or from a day: the anchor is read behind the word."""
    t = s.t
    span, j = read
    mask = t.masks[j]
    if not mask & (r.BEFORE | r.AFTER | r.FROM):
        return None
    sign = -1 if mask & r.BEFORE else 1
    anchor = atom(s, j + 1, depth - 1)
    if anchor is None or anchor.dead:
        return None
    base = anchor_moment(s, anchor)
    if base is None:
        return None
    end = anchor.j
    if span.has_time and anchor.day is not None and anchor.clock is None and not anchor.instant:
        base, end = _at_clock(s, base, end, atom)
    moment = span.added_to(base, sign)
    if moment is None or not 1 < moment.year < 9998:
        return None
    when = When(i, end)
    when.duration = span
    if span.has_time or anchor.instant:
        when.instant = moment
    else:
        when.day = exact(moment.date())
        when.part = anchor.part
    return when


def _at_clock(s: Scan, base: datetime, j: int, atom: Atom) -> tuple[datetime, int]:
    """24 hours before saturday *9pm*: the moment that is counted from, and the position behind it."""
    k = j + 1 if s.t.masks[j] & r.AT else j
    behind = atom(s, k, 0)
    if behind is None or behind.clock is None or behind.day is not None or behind.weak:
        return base, j
    moment = resolve_clock(s, behind.clock, behind.part, base.date())
    return (moment, behind.j) if moment is not None else (base, j)


def anchor_moment(s: Scan, anchor: When) -> datetime | None:
    """What to count from; None where the anchor is too vague (a bare hour, "in the morning")."""
    if anchor.instant:
        return anchor.instant
    if anchor.weak and (anchor.day is None or anchor.day.kind == WEEKDAY):
        return None
    if anchor.day is None:
        if anchor.period and anchor.period_point:
            return datetime.combine(anchor.period_point, time())
        if anchor.clock and not anchor.bare:
            return resolve_clock(s, anchor.clock, "", None)
        return None
    day = resolve_day(s, anchor.day, None)
    return datetime.combine(day, time()) if day else None


def signed(s: Scan, i: int) -> When | None:
    """+15 minutes · +2 months, 5 days · -2hr5min: a minus touches its number and follows none."""
    t = s.t
    back = bool(t.masks[i] & r.MINUS)
    if i and (not t.gaps[i] or (back and t.kinds[i - 1] == NUMBER)):
        return None
    if back and t.gaps[i + 1]:
        return None
    read = duration(t, i + 1)
    if read is None or (back and len(t.words[read[1] - 1]) < 2):
        return None  # "-3y" is rather a name
    return _moved(s, i, read[1], read[0], -1 if back else 1)


def shifted(s: Scan, when: When) -> When:
    """next tuesday +10 days · now + 40minutes · 2023-12-29 -10days: a signed duration behind a day."""
    t = s.t
    j = when.j
    if not t.masks[j] & (r.PLUS | r.MINUS) or (t.gaps[j + 1] and t.masks[j] & r.MINUS):
        return when
    read = duration(t, j + 1)
    base = anchor_moment(s, when) if read else None
    if read is None or base is None:
        return when
    moment = read[0].added_to(base, -1 if t.masks[j] & r.MINUS else 1)
    if moment is None:
        return when
    result = When(when.i, read[1])
    if when.instant or read[0].has_time:
        result.instant = moment
    else:
        result.day = exact(moment.date())
    return result


def for_duration(s: Scan, i: int) -> When | None:
    """for 2 hours: how long it takes; a timer's or a snooze's verb makes a moment of it (`slots`)."""
    t = s.t
    if not t.masks[i] & r.FOR:
        return None
    read = duration(t, i + 1)
    if read is None or (title_goes_on(t, read[1]) and t.masks[read[1]] & r.NAME_LIKE):
        return None
    if not any(t.masks[k] & r.UNIT for k in range(i + 1, read[1])):
        return None
    when = When(i, read[1])
    when.duration = read[0]
    when.mode = "for"
    return when


def bare_duration(s: Scan, i: int) -> When | None:
    """2 days · 10 more minutes: means something only to a command that moves or snoozes."""
    read = duration(s.t, i)
    if read is None:
        return None
    when = When(i, read[1])
    when.duration = read[0]
    if s.t.words[read[1]] in s.t.lexicon.tables.lasting.split("|") and s.t.words[read[1]]:
        when.j, when.mode = when.j + 1, "for"  # drei Wochen lang
        return when
    when.mode = "bare"
    when.weak = True
    return when
