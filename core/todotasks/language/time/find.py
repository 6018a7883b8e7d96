"""All time expressions of a message: find atoms, merge what stands together, drop what is only a word.

    tokens ─▶ atom at each position (the longest wins) ─▶ join neighbours ─▶ ranges ─▶ weak ones out ─▶ [When]

Linear: each position tries a handful of matchers, each looks a bounded way ahead.
"""

from todotasks.language.lexer.tokens import NUMBER, ORDINAL
from todotasks.language.time.clock import clock_at, part_at, time_range
from todotasks.language.time.combine import (
    join_ranges,
    joined,
    lead_in,
    title_word,
)
from todotasks.language.time.dates import day_then_month, month_then_day, numeric_date
from todotasks.language.time.expression import (
    HOLIDAY,
    MONTH_DAY,
    WEEKDAY,
    Scan,
    TimeOfDay,
    When,
    exact,
)
from todotasks.language.time.numbers import ordinal
from todotasks.language.time.offsets import (
    after_preposition,
    bare_duration,
    before_word,
    counted_from,
    for_duration,
    shifted,
    signed,
)
from todotasks.language.time.periods import (
    after_next,
    day_number_of,
    edge,
    grain_of,
    last_day,
    modified,
    named_year,
    nth_of,
    nth_quarter,
    period_around,
    quarter_name,
    season,
    week_number,
    week_of,
    weekend,
    year_alone,
)
from todotasks.language.time.relative_days import (
    day_of_month,
    holiday_at,
    led,
    relative_day,
    weekday,
)
from todotasks.language.words import roles as r

END_OF_WORK = 17  # the hour of "eod" and "close of business", as long as it is ahead
DEPTH = 2  # "two days before the end of next month": how deep one expression may stand in another

_NUMERIC = r.NUM | r.ORD
_MODIFIER = r.THIS | r.NEXT | r.LAST | r.COMING
_EDGE = r.START_OF | r.MID_OF | r.END_OF | r.EARLY | r.LATE
_DURATION = r.NUM | r.FEW | r.HALF | r.A
_BEGINS = (
    r.SEASON | r.TEMPORAL | r.NUM | r.ORD | r.FEW | r.HALF | r.QUARTER | r.ARTICLE | r.A | _MODIFIER | _EDGE |
    r.IN | r.AT | r.FOR | r.WITHIN
    | r.AFTER | r.CLOSEST | r.AGO_PREFIX | r.PLUS | r.MINUS | r.WEEK_OF | r.LAST_OF
) & ~r.OCLOCK  # fmt: skip


def atom(s: Scan, i: int, depth: int = DEPTH) -> When | None:
    """The longest time expression that begins at token `i`."""
    t = s.t
    mask, kind = t.masks[i], t.kinds[i]
    best: When | None = None

    def better(found: When | None) -> None:
        nonlocal best
        if found is not None and (best is None or found.j > best.j):
            best = found

    if kind == NUMBER:
        better(numeric_date(s, i))
        better(quarter_name(s, i))
    if kind in {NUMBER, ORDINAL} or mask & _NUMERIC:
        better(day_then_month(s, i))
        better(_clock(s, i))
        hours = time_range(s, i)
        if hours is not None and best is not None and best.weak and hours.j == best.j and _ascends(hours):
            best = hours  # "monday 6-8" are hours, "friday 7-6" is 6 July
        better(hours)
        better(modified(s, i))
        if kind != NUMBER or t.lexicon.tables.ordinal_dot:
            better(_nth(s, i, depth))
            better(day_of_month(s, i))
        elif i and t.masks[i - 1] & r.ON:
            better(day_of_month(s, i))
        if depth:
            better(before_word(s, i, atom, depth))
        if kind == NUMBER:
            better(year_alone(s, i))
    elif mask & _DURATION and depth:
        better(before_word(s, i, atom, depth))
    if mask & (r.HALF | r.QUARTER | r.CLOCK_WORD):
        better(_clock(s, i))
        better(time_range(s, i))
    if mask & r.MONTH:
        better(month_then_day(s, i))
    if depth and (mask & (r.ARTICLE | r.ORD | r.CLOSEST | r.WEEKDAY) or kind == ORDINAL):
        better(counted_from(s, i, atom, depth))
    if mask & (r.WEEKDAY | r.ARTICLE | _MODIFIER):
        better(weekday(s, i))
    if mask & (r.RELATIVE | r.ARTICLE):
        better(relative_day(s, i))
    if mask & r.ARTICLE:
        better(day_then_month(s, i))
        better(day_of_month(s, i))
        better(_nth(s, i, depth))
        better(_the_period(s, i))
        if depth:
            better(before_word(s, i, atom, depth))
    elif mask & (r.LAST_OF | r.ORD) and kind != NUMBER:
        better(_nth(s, i, depth))
    if mask & (_MODIFIER | r.ARTICLE):
        better(modified(s, i))
    if mask & (r.ORD | r.ARTICLE) or kind == ORDINAL:
        better(nth_quarter(s, i))
    if mask & (r.SEASON | r.ARTICLE | _MODIFIER):
        better(season(s, i))
    if mask & (r.WEEKEND | r.ARTICLE):
        better(weekend(s, i))
    if mask & (r.HOLIDAY | _MODIFIER | r.ARTICLE):
        better(holiday_at(s, i))
    if mask & r.QUARTER_NAME or t.words[i] in {"q", "h"}:
        better(quarter_name(s, i))
    if mask & (r.PART | r.ARTICLE | r.IN | r.AT | r.ON | r.FOR | r.THIS | r.EARLY | r.LATE):
        better(part_at(s, i))
    if mask & (r.IN | r.WITHIN | r.AFTER | r.AGO_PREFIX):
        better(after_preposition(s, i, atom, depth))
    if mask & r.FOR:
        better(for_duration(s, i))
    if mask & _EDGE and depth:
        better(_edge(s, i, depth))
    if mask & r.END_OF_DAY:
        better(_end(s, i))
    if mask & r.NOW:
        best = best or _now(s, i)
    if mask & (r.PLUS | r.MINUS):
        better(signed(s, i))
    if mask & r.WEEK_OF and depth:
        better(week_of(s, i, atom(s, i + 1 if not t.masks[i + 1] & r.ON else i + 2, depth - 1)))
    if mask & (r.UNIT | r.ARTICLE | r.WEEKEND):
        better(after_next(s, i))
        better(named_year(s, i))
        better(week_number(s, i))
    if mask & r.UNIT and depth:
        better(before_word(s, i, atom, depth))
    if best is None and mask & _DURATION | (kind == NUMBER):
        best = bare_duration(s, i)
    if best is not None and t.masks[best.j] & (r.PLUS | r.MINUS):
        best = shifted(s, best)
    return best


def _clock(s: Scan, i: int) -> When | None:
    read = clock_at(s, i)
    if read is None:
        return None
    clock, j, bare = read
    when = When(i, j)
    when.clock, when.bare = clock, bare
    return when


def _ascends(hours: When) -> bool:
    return bool(hours.clock and hours.end and hours.end.clock and hours.clock.hour < hours.end.clock.hour)


def _now(s: Scan, i: int) -> When:
    when = When(i, i + 1)
    when.instant = s.now
    when.weak = (
        len(s.t.words[i]) <= 5 and bool(s.t.words[i + 1]) and i + 1 < s.t.count and title_word(s.t, i + 1)
    )
    return when


def _the_period(s: Scan, i: int) -> When | None:
    """the day · the week · the fortnight: the one that is running. Weak: it is often only a noun."""
    t = s.t
    grain = grain_of(t, i + 1)
    if not grain:
        if t.words[i + 1] in {"day", "month's"} and i > 0 and t.masks[i - 1] & (r.FOR | r.OF):
            when = When(i, i + 2)
            when.day = exact(s.today)
            when.weak = True
            return when
        return None
    period = period_around(s.today, grain)
    if period is None:
        return None
    when = When(i, i + 2)
    when.period, when.period_point, when.grain = period, last_day(period, grain, s.today), grain
    when.weak = when.bare = True
    return when


def _end(s: Scan, i: int) -> When | None:
    """eod · end of the month · eow · Monatsanfang"""
    which, _, name = s.t.entries[i].name.rpartition(" of ")
    when = When(i, i + 1)
    if name in {"day", "workday"}:
        over = name == "day" or s.now.hour >= END_OF_WORK
        when.clock = TimeOfDay(23, 59, 59) if over else TimeOfDay(END_OF_WORK)
        when.weak = False
        return when
    period = period_around(s.today, name)
    if period is None:
        return None
    inner = When(i, i + 1)
    inner.period, inner.period_point, inner.grain = period, period[0], name
    if which != "start" or period[0] >= s.today:
        return edge(s, i, inner, {"start": r.START_OF, "mid": r.MID_OF}.get(which, r.END_OF))
    coming = period_around(s.today, name, 1)  # the first of a month that runs has gone by
    if coming is not None:
        inner.period, inner.period_point = coming, coming[0]
    return edge(s, i, inner, r.START_OF)


def _edge(s: Scan, i: int, depth: int) -> When | None:
    """end of next month · mid-November · early next week · later today · the middle of March"""
    t = s.t
    which = t.masks[i] & _EDGE
    k = i + 1
    while t.words[k] == "-" or t.masks[k] & r.OF:
        k += 1
        if k - i > 3:
            return None
    inner = _inner(s, k, depth)
    if (
        inner is None
        and (found := grain_of(t, k))
        and (t.masks[i] & r.END_OF or t.words[k - 1] in {"of", "des", "der"} or " of" in t.words[i])
    ):
        period = period_around(s.today, found)
        if period:
            inner = When(k, k + 1)
            inner.period, inner.period_point, inner.grain = period, period[0], found
    if inner is None:
        return None
    if which & (r.EARLY | r.LATE) and inner.day is not None and inner.clock is None and not inner.part:
        inner.i = i
        return inner if t.masks[i] & r.LATE or t.masks[k] & r.RELATIVE else None
    return edge(s, i, inner, which)


def _inner(s: Scan, k: int, depth: int) -> When | None:
    """What stands behind "of": a period, a month by name, "the month"."""
    t = s.t
    if t.kinds[k] == NUMBER and len(t.words[k]) == 4:
        when = year_alone(s, k)
        if when:
            when.weak = False
        return when
    found = atom(s, k, depth - 1)
    grain = grain_of(t, k) if found is None and t.masks[k - 1] & r.ARTICLE else ""
    period = period_around(s.today, grain) if grain else None
    if period is None:
        return found
    running = When(k, k + 1)  # the last day *des Monats*
    running.period, running.period_point, running.grain = period, period[0], grain
    return running


def _nth(s: Scan, i: int, depth: int) -> When | None:
    """the last week of july · first monday of next month · the 15th day of June · 3rd of the month"""
    if not depth:
        return None
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    read = ordinal(t, k)
    if t.masks[k] & r.LAST_OF and not read:
        read = (-1, k + 1)
    if read is None:
        return None
    number, j = read
    if t.masks[j] & r.LAST_OF and number > 0:
        number, j = -number, j + 1
    at_unit = j
    if t.masks[j] & r.WEEK_OF:  # "first week of": one word to the tokenizer
        behind = _inner(s, j + 1, depth)
        return nth_of(s, i, behind, number, j)
    if t.masks[j] & (r.UNIT | r.WEEKDAY | r.WORKDAY | r.WEEKEND):
        j += 1
    elif number < 0:
        return None
    of_this = t.masks[j] & r.THIS and t.words[j].startswith("in ")  # one word to the tokenizer
    if not t.masks[j] & r.OF and not of_this:
        return None
    behind = _inner(s, j if of_this else j + 1, depth)
    if behind is None or behind.period is None:
        return None
    if at_unit == j:
        return day_number_of(s, i, behind, number) if k > i or t.kinds[k] == ORDINAL or led(t, i) else None
    return nth_of(s, i, behind, number, at_unit)


def find(s: Scan) -> list[When]:
    """Every time expression of the message, merged, in order."""
    t = s.t
    masks, kinds = t.masks, t.kinds
    found: list[When] = []
    i, count = 0, t.count
    while i < count:
        if masks[i] & _BEGINS or kinds[i] == NUMBER or kinds[i] == ORDINAL or t.words[i] in {"q", "h"}:
            when = atom(s, i)
            if when is not None:
                found.append(when)
                i = t.read_to = when.j
                continue
        i += 1
    if not found:
        return found
    found = joined(s, found)
    found = join_ranges(s, found)
    for when in found:
        lead_in(s, when)
    whole = t.count
    counted = [when for when in found if _counts(s, when, whole)]
    _bare_time(s, counted)
    if len(counted) > 1 and any(_describes(s, when) for when in counted):
        clear = [when for when in counted if not _describes(s, when)]
        return clear if any(when.has_day or when.instant for when in clear) else counted
    return counted


def _bare_time(s: Scan, found: list[When]) -> None:
    """haircut friday *1730*: four digits at the end of a message that has a day and no time."""
    t, last = s.t, s.t.count - 1
    if t.kinds[last] != NUMBER or len(t.words[last]) != len("1730") or not any(w.day for w in found):
        return
    hour, minute = divmod(t.numbers[last], 100)
    year = hour in {19, 20} and minute % 5
    if any(w.has_time or w.instant or w.j > last for w in found) or hour > 23 or minute > 59 or year:
        return
    when = When(last, last + 1)
    when.clock = TimeOfDay(hour, minute)
    found.append(when)


def _describes(s: Scan, when: When) -> bool:
    """order *sunday* roast tomorrow, the *7pm* show: beside a clear day, a bare weekday or hour before a noun
    belongs to the noun.
    """
    day = when.day
    if when.period is not None and when.i > 0 and s.t.masks[when.i] & r.FOR and when.grain != "days":
        return True  # the budget *for March* by friday
    if day is None and when.clock is not None and not (when.period or when.end or when.instant or when.said):
        return when.i > 0 and bool(s.t.masks[when.i - 1] & r.ARTICLE) and title_word(s.t, when.j)
    return (
        day is not None
        and day.kind == WEEKDAY
        and day.step is None
        and not (when.said or when.has_time or when.end or when.period)
        and when.i > 0
        and title_word(s.t, when.j)
    )


def _counts(s: Scan, when: When, count: int) -> bool:
    """Is it a time expression, or only a word that looks like one?"""
    if when.dead:
        return False
    t = s.t
    if when.i > 0 and t.masks[when.i - 1] & r.TO:
        when.said = True
    if when.grain in {"quarter", "year"} and t.masks[when.i] & r.FOR:
        return False  # "the budget for next year" is not due then
    if not when.weak:
        return True
    if when.i == 0 and when.j >= count - (s.t.words[count - 1] == ".") and when.day is not None:
        alone = s.t.words[0] != "sun" or when.j > 1  # a whole message
        return when.day.kind in {WEEKDAY, HOLIDAY, MONTH_DAY} and alone
    if when.i == 0 and when.j >= count and when.grain in {"season", "quarter"}:
        return True
    if when.mode == "bare":
        return True
    if when.said and when.period is not None:
        if when.bare and when.grain != "year":
            return bool(t.masks[when.i] & r.WITHIN) and not title_word(t, when.j)
        if when.bare:
            return not title_word(t, when.j) and t.masks[when.i] & (r.IN | r.BY) != 0
        return not (t.masks[when.j - 1] & r.NAME_LIKE and title_word(t, when.j))
    if when.said and when.day is not None and when.day.kind == MONTH_DAY:
        return bool(t.masks[when.i] & (r.ON | r.BY | r.FROM | r.FOR)) and not title_word(t, when.j)
    if when.said and when.day is not None:
        return not title_word(t, when.j) or when.day.kind <= 1
    if when.i == 0 and when.j == count and when.grain == "month":
        return len(t.words[0]) > 4 or t.words[0] == "may"
    return False
