"""Which neighbours belong together: "friday" + "at 3pm", "monday" + "of next week", "10am" – "12pm"."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from todotasks.language.lexer.tokens import SIGN, Tokens
from todotasks.language.time.arithmetic import make_date, next_weekday, week_start
from todotasks.language.time.expression import (
    COMING,
    DAY_OF_MONTH,
    EXACT,
    HOLIDAY,
    MONTH_DAY,
    WEEKDAY,
    Scan,
    When,
    exact,
)
from todotasks.language.time.relative_days import noun_goes_on, title_goes_on
from todotasks.language.time.resolve import resolve_day
from todotasks.language.words import roles as r

MOST_JOINTS = 3  # small words between two parts of one expression

_JOINT = (
    r.FROM | r.BETWEEN | r.AT | r.ON | r.OF | r.ARTICLE | r.IN | r.FOR | r.APPROX | r.THIS | r.BY | r.FILLER
)
_SIGNS = frozenset(",-:.@'t()/")
LEAD = (
    r.AT
    | r.ON
    | r.BY
    | r.FROM
    | r.SINCE
    | r.AFTER
    | r.BEFORE
    | r.UNTIL
    | r.IN
    | r.FOR
    | r.ARTICLE
    | r.APPROX
    | r.BETWEEN
    | r.WITHIN
    | r.FILLER
)
_RELATION = r.BEFORE | r.AFTER | r.SINCE | r.UNTIL | r.BY


def title_word(t: Tokens, j: int) -> bool:
    return j < t.count and title_goes_on(t, j)


def _gap_joins(t: Tokens, i: int, j: int) -> tuple[bool, int]:
    """May what ends before i and what begins at j be one? Also the relation said between them (before,
    after).
    """
    if j - i > MOST_JOINTS:
        return False, 0
    relation = 0
    for k in range(i, j):
        if (t.kinds[k] == SIGN and t.words[k] in _SIGNS) or t.words[k] == "t":
            continue
        mask = t.masks[k]
        if mask & (r.BEFORE | r.AFTER) and not mask & r.AT:
            relation = mask & (r.BEFORE | r.AFTER)
        elif not mask & _JOINT or mask & r.TO:
            return False, 0
    return True, relation


def joined(s: Scan, found: list[When]) -> list[When]:
    """Merge from left to right as long as two neighbours complete each other."""
    t = s.t
    out: list[When] = []
    for when in found:
        while out:
            fits, relation = _gap_joins(t, out[-1].j, when.i)
            if when.i - out[-1].j == 1 and t.masks[out[-1].j] & r.OF and not out[-1].clock and when.has_day:
                out[-1].weak = out[-1].weak and not out[-1].part  # the morning of february 15th
            if fits and out[-1].day and when.day and t.words[out[-1].j] == "-" and t.gaps[out[-1].j]:
                break  # today - next friday: from one to the other
            if any(
                t.masks[k] & r.BY and not t.masks[k] & r.AT for k in range(out[-1].j, when.i)
            ) and _hours_only(out[-1]):
                break  # "chapters 3-5 by monday"
            both = _merge(s, out[-1], when) if fits and not _sentence_ends(t, out[-1].j, when.i) else None
            if both is None:
                break
            if relation:
                both.mode = "before" if relation & r.BEFORE else "after"
            both.i, both.j = out[-1].i, when.j
            both.dead = out[-1].dead or when.dead
            out.pop()
            when = both  # noqa: PLW2901 - the merged one may merge again
        _zone(t, when)
        out.append(when)
    return out


def _hours_only(when: When) -> bool:
    """Two bare numbers that are hours only if a day completes them."""
    return when.weak and when.end is not None and when.clock is not None and when.day is None


def _sentence_ends(t: Tokens, i: int, j: int) -> bool:
    return (
        j - i == 1
        and t.words[i] == "."
        and t.gaps[j]
        and t.gaps[i] is False
        and t.text[t.starts[j]].isupper()
    )


def _zone(t: Tokens, when: When) -> None:
    """3pm EST · 10:30 JST · 1994-11-05T13:15:30Z · +01:00"""
    j = when.j
    if when.clock is None or when.zone:
        return
    if t.masks[j] & r.ZONE:
        when.zone = t.entries[j].name
        when.j = j + 1
        if (
            t.words[j + 1] in {"+", "-"}
            and not t.gaps[j + 1]
            and t.numbers[j + 2] >= 0
            and when.zone == "UTC"
        ):
            _offset(t, when, j + 1)
    elif t.words[j] == "z" and not t.gaps[j]:
        when.zone, when.j = "UTC", j + 1
    elif (
        t.words[j] in {"+", "-"}
        and not t.gaps[j]
        and t.words[j + 2] == ":"
        and t.numbers[j + 3] >= 0
        and when.has_day
    ):
        _offset(t, when, j)


def _offset(t: Tokens, when: When, j: int) -> None:
    hours, k = t.numbers[j + 1], j + 2
    minutes = 0
    if t.words[k] == ":" and 0 <= t.numbers[k + 1] < 60:
        minutes, k = t.numbers[k + 1], k + 2
    if 0 <= hours <= 14:
        when.zone, when.j = f"{t.words[j]}{hours:02d}:{minutes:02d}", k


Merge = Callable[[Scan, When, When], When | None]


def _merge(s: Scan, a: When, b: When) -> When | None:
    if (a.mode in {"for", "bare"} and a.duration) or (b.mode in {"for", "bare"} and b.duration):
        return None
    if a.dead and b.dead:
        return a
    if (a.bare and a.grain == "year") or (b.bare and b.grain == "year"):
        return _with_year(s, a, b)
    if a.end is not None and a.clock is not None and (b.clock is not None or b.end is not None):
        return None
    a_day, b_day = a.day, b.day
    if a_day is not None and b_day is not None:
        return _two_days(s, a, b)
    if a_day is not None and b.period is not None:
        return _day_in_period(s, a, b)
    if b_day is not None and a.period is not None:
        return _day_in_period(s, b, a)
    if a.period is not None and b.period is not None:
        return None
    if a.instant is not None and a.duration is not None and not a.duration.has_time and b.clock is not None:
        a.day, a.instant = exact(a.instant.date()), None  # two days from now at 4
    if a.instant is not None or b.instant is not None:
        return None
    return _day_and_time(s, a, b)


def _with_year(s: Scan, a: When, b: When) -> When | None:
    """Thu Oct 26 11:00:09 *2023*: a day that lacks a year takes the one behind it."""
    year = b.period[0].year if b.bare and b.period else 0
    if not year or a.day is None or a.day.kind != MONTH_DAY or a.clock is None:
        return None
    day = make_date(year, a.day.month, a.day.day)
    if day is None:
        a.dead = True
        return a
    a.day = exact(day)
    return a


def _take(a: When, b: When) -> When:
    """`a` with the time that only `b` has."""
    if a.clock is None:
        a.clock = b.clock
        a.bare = b.bare
    a.part = a.part or b.part
    a.zone = a.zone or b.zone
    if b.end is not None and a.end is None:
        a.end = b.end
    a.weak = a.weak and b.weak
    a.said = a.said or b.said
    return a


def _two_days(s: Scan, a: When, b: When) -> When | None:
    """Tuesday, 10 January · Monday 21 · in 3 days on Friday. Two days of one kind are two expressions."""
    first, second = a.day, b.day
    assert first is not None
    assert second is not None
    if a.clock is not None and b.clock is not None:
        return None
    told = b.duration is not None and a.duration is None and a.j - a.i == 1 and s.t.masks[b.i] & r.IN
    if told and b.duration and first.kind == second.kind == EXACT and first.date is not None:
        moved = b.duration.added_to(datetime.combine(first.date, time()))  # tomorrow in two weeks
        if moved is not None:
            a.day = exact(moved.date())
            return _take(a, b)
    if second.kind == WEEKDAY and first.kind in {MONTH_DAY, EXACT, DAY_OF_MONTH} and b.i > a.i:
        return _then_weekday(s, a, b)
    if first.kind != WEEKDAY or second.kind == WEEKDAY:
        if first.kind == DAY_OF_MONTH and second.kind in {MONTH_DAY, EXACT}:
            return None
        return None
    if second.kind in {DAY_OF_MONTH, MONTH_DAY} and not second.year:
        second.weekday = first.weekday
    elif second.kind == HOLIDAY:
        return None
    elif second.kind == EXACT and b.duration is not None and second.date is not None:
        eight = b.duration.amounts == [(("days", 1), 8.0)]  # Donnerstag in acht Tagen: a week after Thursday
        second.date = next_weekday(second.date - timedelta(days=eight), first.weekday)
        b.duration = None  # a day now, and no distance
    elif second.kind == EXACT and b.j - b.i == 1 and s.t.masks[b.i] & r.RELATIVE:
        return None  # "monday, tomorrow": two days
    b.end = b.end or a.end
    return _take(b, a)


def _then_weekday(s: Scan, a: When, b: When) -> When | None:
    """the 12th, a friday · two months from today on Tuesday"""
    first, second = a.day, b.day
    assert first is not None
    assert second is not None
    if first.kind == DAY_OF_MONTH:
        first.weekday = second.weekday
        return _take(a, b)
    if first.kind == EXACT and a.duration is not None and first.date is not None:
        days = (
            a.duration.smallest == "days"
            and len(a.duration.amounts) == 1
            and a.duration.amounts[0][0][1] == 1
        )
        base = first.date
        first.date = next_weekday(base, second.weekday)
        if days and first.date != base:
            first.date = next_weekday(week_start(base), second.weekday)
        return _take(a, b)
    day = resolve_day(s, first, None)
    if day is not None and day.weekday() == second.weekday:
        return _take(a, b)
    return None


def _day_in_period(s: Scan, a: When, b: When) -> When | None:
    """friday next week · monday of the following week · 1st week of Oct on Friday"""
    assert a.day is not None
    assert b.period is not None
    start, end = b.period
    if (
        a.day.kind == WEEKDAY
        and b.grain in {"week", "weekend"}
        and (end - start).days <= 7
        and a.day.step is None
    ):
        day = next_weekday(start, a.day.weekday)
        if b.grain == "week" and b.clock is None:
            whole = start if start.weekday() == 0 else week_start(start)
            day = next_weekday(whole, a.day.weekday)
        b.day, b.period, b.period_point, b.grain = exact(day), None, None, ""
        return _take(b, a)
    if a.day.kind in {MONTH_DAY, EXACT} and b.grain == "year":
        year = start.year
        if a.day.kind == MONTH_DAY:
            found = make_date(year, a.day.month, a.day.day)
            if found is None:
                return None
            a.day = exact(found)
            return _take(a, b)
    if a.day.kind == DAY_OF_MONTH and b.grain == "month":
        found = make_date(start.year, start.month, a.day.day)
        if found is None:
            return None
        a.day = exact(found)
        return _take(a, b)
    return None


def _day_and_time(s: Scan, a: When, b: When) -> When | None:
    a_dated = a.day is not None or a.period is not None
    b_dated = b.day is not None or b.period is not None
    if a_dated and b_dated:
        return None
    if a_dated or b_dated:
        dated, timed = (a, b) if a_dated else (b, a)
        if timed.clock is not None and dated.clock is not None:
            return None
        if timed.clock is None and (not timed.part or (timed is a and timed.weak)):
            return None
        if timed.part and dated.part and timed.part != dated.part:
            return None
        if timed.clock is not None and timed.clock.second == 59 and dated.period is not None:
            return None
        return _take(dated, timed)
    if a.clock is not None and b.part and b.clock is None:
        return _take(a, b)
    if b.clock is not None and a.part and a.clock is None:
        noun = a.weak and a.i > 0 and title_word(s.t, a.i - 1)  # date night at 9
        return None if noun else _take(b, a)
    return None


def join_ranges(s: Scan, found: list[When]) -> list[When]:
    """A to B, A - B, between A and B. Two times, two days, or a time that a day completes."""
    t = s.t
    out: list[When] = []
    for when in found:
        if out and _range_between(t, out[-1], when) and _same_kind(s, out[-1], when):
            first = out.pop()
            if first.dead or when.dead:
                first.dead = True
            else:
                first.end = when
                first.weak = first.weak and when.weak
                if (
                    first.clock is not None
                    and first.day is None
                    and when.day is not None
                    and when.clock is not None
                    and first.instant is None
                    and not t.masks[when.i] & (r.RELATIVE | r.WEEKDAY)  # from 2pm till tomorrow 4:30pm
                ):
                    first.day = when.day  # from 5 to 6pm of April 22
            first.j = when.j
            when = first  # noqa: PLW2901 - a range takes the place of its end
        out.append(when)
    return joined(s, out) if len(out) > 1 else out


def _range_between(t: Tokens, a: When, b: When) -> bool:
    between = range(a.j, b.i)
    if a.end is not None or b.end is not None or not 1 <= len(between) <= 3:
        return False
    started = _begins_range(t, a.i)
    has_to = False
    for k in between:
        mask = t.masks[k]
        if mask & r.TO or (mask & r.AND and started == 2):
            has_to = True
        elif not (mask & (r.ARTICLE | r.AT | r.ON | r.FROM | r.APPROX) or t.words[k] == "'"):
            return False
    return has_to


def _begins_range(t: Tokens, i: int) -> int:
    """2 after "between", 1 after "from"."""
    for k in range(i, max(i - 3, -1), -1):
        if t.masks[k] & r.BETWEEN:
            return 2
        if t.masks[k] & r.FROM:
            return 1
    return 0


def _same_kind(s: Scan, a: When, b: When) -> bool:
    if (a.duration and a.mode) or (b.duration and b.mode):
        return False
    if a.weak and b.weak and not _begins_range(s.t, a.i) and a.grain != "month":
        return False
    a_time, b_time = (
        a.clock is not None or a.instant is not None,
        b.clock is not None or b.instant is not None,
    )
    a_day, b_day = a.day is not None or a.period is not None, b.day is not None or b.period is not None
    if a_time and b_time:
        return True
    return (a_day or a.instant is not None) and (b_day or b.instant is not None)


def lead_in(s: Scan, when: When) -> None:
    """Take the prepositions before an expression into its span, and what they say about it."""
    t = s.t
    i = when.i
    if t.masks[when.j] & r.ALL_DAY and (when.day is not None or when.period is not None):
        when.all_day, when.j = True, when.j + 1
        if when.clock is not None:
            when.clock, when.end = None, None
        when.part = ""
    goes_on = when.j < t.count and noun_goes_on(t, when.j)  # "for the 8pm show": the article is the show's
    while i > 0 and t.masks[i - 1] & LEAD and when.i - i < 4:
        mask = t.masks[i - 1]
        if (
            mask & r.APPROX
            and not mask & r.AT
            and len(t.words[i - 1]) < 5
            and t.words[i - 1] not in {"~", "ca"}
        ) and t.words[i - 1] == "like":
            break
        if mask & r.ARTICLE and not mask & (r.AT | r.ON | r.BY) and i < when.i:
            break  # "das um eine Stunde": an article before a preposition is a pronoun
        if goes_on and when.duration is None and mask & (r.ARTICLE | r.FOR) and not mask & (r.ON | r.AT):
            break
        if t.words[i - 1][:3] == "due" or t.words[i - 1] == "deadline":
            when.said = True
            when.mode = when.mode or ("until" if t.words[i - 1][-2:] == "by" else "")
            break
        i -= 1
        when.said = when.said or not mask & (r.ARTICLE | r.APPROX)
        if not when.mode and mask & _RELATION and when.end is None:
            when.mode = mode_of(t, i)
    if when.mode == "before" and when.day and when.day.kind == WEEKDAY and when.day.step is None:
        when.day.step = COMING  # before Wednesday: of today nobody says so
    if i > 0 and t.masks[i - 1] & r.ALL_DAY and when.clock is None and (when.day or when.period):
        when.all_day, i = True, i - 1  # all day friday
    if t.words[i - 1] == "(" and t.words[when.j] == ")" and i > 0:
        i -= 1
        when.j += 1
    when.i = i


def mode_of(t: Tokens, i: int) -> str:
    """What a preposition says: by and until are a deadline, before an end, after and since a beginning."""
    mask = t.masks[i]
    if mask & r.BEFORE:
        return "before"
    if mask & r.BY:
        return "until"
    if mask & r.AFTER and not mask & r.FROM:
        return "after"
    return "since" if mask & r.SINCE and not mask & r.FROM else ""
