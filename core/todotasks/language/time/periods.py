"""Stretches of days: next week · this weekend · the last week of july · Q3 2027 · end of the month · later
this week.

A period has a point, the day it stands for when one day is needed: what is due "next month" is due on its
first day, "this month" or
"by the end of it" on its last; "next week" keeps the day of the week.
"""

from datetime import date, timedelta

from todotasks.language.lexer.tokens import NUMBER, ORDINAL, Tokens
from todotasks.language.time.arithmetic import (
    add_days,
    add_months,
    add_workdays,
    days_in_month,
    make_date,
    next_weekday,
    nth_weekday,
    week_start,
)
from todotasks.language.time.clock import ends_free, stands_free
from todotasks.language.time.dates import year_behind
from todotasks.language.time.expression import (
    COMING,
    DAY_OF_MONTH,
    Day,
    Duration,
    Scan,
    TimeOfDay,
    When,
    exact,
    step_of,
)
from todotasks.language.time.numbers import cardinal, ordinal
from todotasks.language.time.relative_days import led
from todotasks.language.time.resolve import resolve_day
from todotasks.language.words import roles as r

_MODIFIERS = r.THIS | r.NEXT | r.LAST | r.COMING
_GRAINS = {("days", 7): "week", ("months", 1): "month", ("months", 3): "quarter", ("months", 12): "year"}
_SINGULAR = frozenset({"day", "week", "month", "quarter", "year"})  # "chapter 4 next week" counts no weeks
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
FRIDAY, SATURDAY = 4, 5


def period_around(day: date, grain: str, step: int = 0) -> tuple[date, date] | None:
    """The week, month, quarter or year around `day`, `step` of them later: its first day and the first one
    after it.
    """
    if grain == "week":
        start = add_days(week_start(day), 7 * step)
        return (start, start + timedelta(days=7)) if start and start.year < 9998 else None
    size = _MONTHS[grain]
    first = add_months(date(day.year, (day.month - 1) // size * size + 1, 1), size * step)
    end = add_months(first, size) if first else None
    return (first, end) if first and end else None


def last_day(period: tuple[date, date], grain: str, today: date) -> date:
    """The day by which a period is over: of a week its Friday, unless that has passed."""
    if grain == "week":
        friday = period[0] + timedelta(days=FRIDAY)
        return friday if friday >= today else period[1] - timedelta(days=1)
    return period[1] - timedelta(days=1)


def make_period(i: int, j: int, period: tuple[date, date], point: date, grain: str) -> When:
    when = When(i, j)
    when.period, when.period_point, when.grain = period, point, grain
    return when


def grain_of(t: Tokens, i: int) -> str:
    return _GRAINS.get(t.entries[i].unit, "") if t.masks[i] & r.UNIT and len(t.words[i]) > 1 else ""


def after_next(s: Scan, i: int) -> When | None:
    """the week after next"""
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if not t.masks[k + 1] & r.AFTER or not t.masks[k + 2] & r.NEXT:
        return None
    if t.masks[i] & r.WEEKEND and not t.words[i].endswith("s"):
        return _weekend(s, i, i + 3, 2)
    grain = grain_of(t, k)
    if not grain:
        return None
    return _named(s, i, k + 3, grain, 2)


def modified(s: Scan, i: int) -> When | None:
    """next week · this month · last quarter · the coming year · next 2 weeks · the following day · next hour
    · 3 next weeks
    """
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if t.kinds[k] == NUMBER or (t.masks[k] & (r.NUM | r.FEW) and not t.masks[k] & _MODIFIERS):
        count = cardinal(t, k)
        if (
            count
            and t.masks[count[1]] & _MODIFIERS
            and t.masks[count[1] + 1] & r.UNIT
            and len(t.words[count[1] + 1]) > 2
            and not (count[0] > 1 and t.words[count[1] + 1] in _SINGULAR and not t.masks[count[1]] & r.COMING)
        ):
            return _several(s, i, count[1] + 2, step_of(t, count[1]), count[0], count[1] + 1)
        return None
    if not t.masks[k] & _MODIFIERS:
        return None
    step = step_of(t, k)
    k += 1
    count = cardinal(t, k) if t.kinds[k] == NUMBER or t.masks[k] & r.NUM else None
    if t.masks[k] & r.FEW:
        count = (t.entries[k].number, k + 1)
    if count and t.masks[count[1]] & r.UNIT and len(t.words[count[1]]) > 1:
        when = _several(s, i, count[1] + 1, step, count[0], count[1])
        return when
    if t.masks[k] & r.WEEKEND:
        return _weekend(s, i, k + 1, step)
    if t.masks[k] & r.MONTH and t.kinds[k + 1] not in {NUMBER, ORDINAL}:
        return _named_month(s, i, k, step)
    if t.masks[k] & r.WORKDAY and len(t.words[k]) > 3:
        day = (
            add_workdays(s.today, -1 if step < 0 else 1) if step else next_weekday(s.today, s.today.weekday())
        )
        when = When(i, k + 1)
        when.day = exact(day)
        return when
    if not t.masks[k] & r.UNIT or len(t.words[k]) < 2:
        return None
    unit = t.entries[k].unit
    grain = _GRAINS.get(unit)
    if grain in _MONTHS and t.words[k][-2:] == "'s":
        return None  # next year's budget
    if grain:
        return _named(s, i, k + 1, grain, 1 if step == COMING else step)
    sign = -1 if step < 0 else 1
    when = When(i, k + 1)
    if unit[0] == "seconds" and step:
        when.instant = Duration([(unit, 1.0)]).added_to(s.now, sign)
        return when
    if unit == ("days", 1) and step and not t.words[k].startswith("night"):
        neighbour = add_days(s.today, sign)
        if neighbour is None:
            return None
        when.day = exact(neighbour)
        return when
    if unit == ("days", 14) and step >= 0:
        start = week_start(s.today) + timedelta(days=14 if step else 0)
        return make_period(i, k + 1, (start, start + timedelta(days=14)), start if step else s.today, "week")
    return None


def _named_month(s: Scan, i: int, k: int, step: int) -> When:
    """this august · next march · last may"""
    month = s.t.entries[k].month
    year = s.today.year
    if step < 0:
        year -= month >= s.today.month
    elif step:
        year += month <= s.today.month
    start = date(year, month, 1)
    when = make_period(i, k + 1, (start, date(year + month // 12, month % 12 + 1, 1)), start, "month")
    when.weak = s.t.words[k] in {"may", "march"} and step == 0
    return when


def _several(s: Scan, i: int, j: int, step: int, count: float, unit_at: int) -> When | None:
    """next 2 weeks: from tomorrow to so many days later; more units may follow (next 2 weeks 3 days)."""
    t = s.t
    sign = -1 if step < 0 else 1
    amounts = [(t.entries[unit_at].unit, count)]
    more = cardinal(t, j) if t.kinds[j] == NUMBER else None
    if more and t.masks[more[1]] & r.UNIT and len(t.words[more[1]]) > 2:
        amounts.append((t.entries[more[1]].unit, more[0]))
        j = more[1] + 1
    span = Duration(amounts)
    moment = span.added_to(s.now, sign)
    if moment is None or not step:
        return None
    if span.has_time:
        when = When(i, j)
        when.instant = moment
        return when
    first, last = (
        (s.today + timedelta(days=1), moment.date() + timedelta(days=1))
        if sign > 0
        else (moment.date(), s.today)
    )
    when = make_period(i, j, (first, last), moment.date(), "days")
    when.duration = span
    return when


def _named(s: Scan, i: int, j: int, grain: str, step: int) -> When | None:
    period = period_around(s.today, grain, step)
    if period is None:
        return None
    if step == 0:
        point = last_day(period, grain, s.today)
    elif grain == "week":
        point = s.today + timedelta(days=7 * step)
    elif grain == "quarter":
        point = add_months(s.today, 3 * step) or period[0]
    else:
        point = period[0]
    return make_period(i, j, period, point, grain)


def _weekend(s: Scan, i: int, j: int, step: int) -> When:
    saturday = s.today - timedelta(days=1) if s.today.weekday() == 6 else next_weekday(s.today, 5)
    saturday += timedelta(days=7 * (0 if step == COMING else step))
    return make_period(
        i,
        j,
        (saturday, saturday + timedelta(days=2)),
        max(saturday, s.today) if step == 0 else saturday,
        "weekend",
    )


def weekend(s: Scan, i: int) -> When | None:
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if not t.masks[k] & r.WEEKEND or t.words[k].endswith("weekends"):
        return None
    when = _weekend(s, i, k + 1, 0)
    when.weak = t.words[k] == "weekend" and k == i and not led(t, i)
    return when


def year_alone(s: Scan, i: int) -> When | None:
    """in 2027 · by 2028: only after such a word, and not in the past. Elsewhere it waits for a date that
    lacks one.
    """
    t = s.t
    if t.kinds[i] != NUMBER or len(t.words[i]) != 4 or not stands_free(t, i) or not ends_free(t, i + 1):
        return None
    year = t.numbers[i]
    if not s.today.year <= year <= s.today.year + 50:
        return None
    when = make_period(i, i + 1, (date(year, 1, 1), date(year + 1, 1, 1)), date(year, 1, 1), "year")
    when.weak = True
    when.bare = True
    return when


def named_year(s: Scan, i: int) -> When | None:
    """in the year 2031 · im Jahr 2031. One that is over is no day to come."""
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if grain_of(t, k) != "year":
        return None
    k += 2 if t.masks[k + 1] & r.OF else 1
    if (
        t.kinds[k] != NUMBER
        or len(t.words[k]) != 4
        or not ends_free(t, k + 1)
        or not 1000 <= t.numbers[k] <= 2999
    ):
        return None
    year = t.numbers[k]
    when = make_period(i, k + 1, (date(year, 1, 1), date(year + 1, 1, 1)), date(year, 1, 1), "year")
    when.dead = year < s.today.year and not led(t, i)
    return when


def quarter_name(s: Scan, i: int) -> When | None:
    """Q3 · q1 2027 · 2027 Q1 · 2019-H2"""
    t = s.t
    k, year, j = i, 0, i + 1
    short = len(t.words[i]) == 2 and t.words[i + 1] == "q" and not t.gaps[i + 1]  # 18Q4
    if t.kinds[i] == NUMBER and (len(t.words[i]) == 4 or short):
        k = i + 2 if t.words[i + 1] == "-" else i + 1
        year, j = t.numbers[i] + (2000 if short else 0), k + 1
        if t.masks[k] & r.QUARTER_NAME and t.words[k] in {"q", "h"}:
            j = k + 2
    entry = t.entries[k] if t.masks[k] & r.QUARTER_NAME else None
    step = entry.step if entry else 0
    if (
        not entry
        and t.words[k] in {"q", "h"}
        and t.kinds[k + 1] == NUMBER
        and not t.gaps[k + 1]
        and len(t.words[k + 1]) == 1
    ):
        step = t.numbers[k + 1] + (10 if t.words[k] == "h" else 0)
        j = k + 2
    if step not in {1, 2, 3, 4, 11, 12}:
        return None
    if not year:
        n = j + 1 if t.words[j] in {"-", ",", "/"} else j
        if t.masks[n] & r.OF:
            n += 1
        if t.kinds[n] == NUMBER and len(t.words[n]) == 4:
            year, j = t.numbers[n], n + 1
    size, number = (6, step - 10) if step > 10 else (3, step)
    year = year or (s.today.year + (1 if number * size < s.today.month else 0))
    if not 1000 <= year <= 2999:
        return None
    start = date(year, (number - 1) * size + 1, 1)
    end = add_months(start, size)
    if end is None:
        return None
    when = make_period(i, j, (start, end), start, "quarter")
    when.weak, when.dead = not led(t, i), end <= s.today
    return when


def nth_quarter(s: Scan, i: int) -> When | None:
    """the 3rd quarter · fourth quarter 2018 · 4th qtr of next year"""
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    read = ordinal(t, k)
    if read is None or not 1 <= read[0] <= 4 or grain_of(t, read[1]) != "quarter":
        return None
    number, j = read[0], read[1] + 1
    if said := year_behind(s, j):
        year, j = said
    else:
        year = s.today.year + (3 * number < s.today.month)
    start = date(year, 3 * number - 2, 1)
    end = add_months(start, 3)
    if end is None:
        return None
    when = make_period(i, j, (start, end), start, "quarter")
    when.dead = end <= s.today
    return when


# When the seasons begin, north of the equator: month and day.
SEASONS = ((3, 20), (6, 21), (9, 23), (12, 21))


def season(s: Scan, i: int) -> When | None:
    """this summer · next winter · in spring 2027 · last season: due on its first day, in a running one on
    its last.
    """
    t = s.t
    k, step = i, None
    if t.masks[k] & r.ARTICLE:
        k += 1
    if t.masks[k] & _MODIFIERS:
        step = step_of(t, k)
        k += 1
    if not t.masks[k] & r.SEASON:
        return None
    number, j = t.entries[k].step, k + 1
    starts = [date(year, *SEASONS[n]) for year in range(s.today.year - 2, s.today.year + 4) for n in range(4)]
    running = max(n for n, day in enumerate(starts) if day <= s.today)
    if said := year_behind(s, j):
        year, j = said
        if not number or not 1 < year < 9998:
            return None
        begin, end = date(year, *SEASONS[number - 1]), date(year + number // 4, *SEASONS[number % 4])
        return make_period(i, j, (begin, end), begin, "season")
    if not number:  # this season
        if step is None:
            return None
        at = running + (1 if step == COMING else step)
    else:
        at = next(n for n in range(running, running + 5) if n % 4 == number - 1)
        if step is not None and step != COMING:
            past = step < 0
            at += 4 * (step if past or (step > 0 and at == running) else max(step - 1, 0))
    begin, end = starts[at], starts[at + 1]
    point = end - timedelta(days=1) if begin <= s.today < end else begin
    when = make_period(i, j, (begin, end), point, "season")
    when.weak = not step  # "this summer" is more often said of how long than of when
    return when


def week_of(s: Scan, i: int, anchor: When | None) -> When | None:
    """the week of April 10th: `anchor` is the date that was read behind it."""
    if anchor is None or anchor.day is None:
        return None
    day = resolve_day(s, anchor.day, None)
    if day is None:
        return None
    start = week_start(day)
    return make_period(i, anchor.j, (start, start + timedelta(days=7)), start, "week")


def week_number(s: Scan, i: int) -> When | None:
    """week 31 · week 3 of 2027"""
    t = s.t
    begin = i
    i = i + 1 if t.masks[i] & r.ARTICLE else i
    if (
        grain_of(t, i) != "week"
        or t.kinds[i + 1] != NUMBER
        or not 1 <= t.numbers[i + 1] <= 53
        or not ends_free(t, i + 2)
    ):
        return None
    j, year = i + 2, s.today.year
    if t.masks[j] & r.OF and t.kinds[j + 1] == NUMBER and len(t.words[j + 1]) == 4:
        year, j = t.numbers[j + 1], j + 2
    first = make_date(year, 1, 4)
    if first is None or not 1000 <= year <= 2999:
        return None
    start = week_start(first) + timedelta(days=7 * (t.numbers[i + 1] - 1))
    when = make_period(begin, j, (start, start + timedelta(days=7)), start, "week")
    when.weak = not led(t, begin) and t.words[i] not in t.lexicon.tables.calendar_weeks.split("|")
    return when


def edge(s: Scan, i: int, inner: When | None, which: int) -> When | None:
    """end of, start of, mid, early, late + a period: a half of it, and its first, middle or last day."""
    if inner is None:
        return None
    if inner.day is not None and which & (r.END_OF | r.LATE):
        if which & r.LATE:
            return None
        inner.clock = TimeOfDay(23, 59, 59)
        inner.i = i
        return inner
    if inner.period is None or inner.grain not in {"week", "month", "quarter", "season", "year"}:
        return None
    start, end = inner.period
    if inner.grain == "week":
        middle = start + timedelta(days=3)
    elif inner.grain == "month":
        middle = start + timedelta(days=15)
    elif inner.grain == "season":
        middle = start + (end - start) // 2
    else:
        middle = add_months(start, _MONTHS[inner.grain] // 2) or start
    if which & (r.START_OF | r.EARLY):
        return make_period(
            i, inner.j, (start, middle), max(start, s.today) if start <= s.today < end else start, inner.grain
        )
    if which & r.MID_OF:
        if inner.grain == "month":
            period, point = (
                (start + timedelta(days=9), start + timedelta(days=20)),
                start + timedelta(days=14),
            )
        elif inner.grain == "year":
            period, point = (date(start.year, 5, 1), date(start.year, 9, 1)), date(start.year, 7, 1)
        else:
            period, point = (
                (middle - timedelta(days=1), middle + timedelta(days=1)),
                middle - timedelta(days=1),
            )
        return make_period(i, inner.j, period, point, inner.grain)
    first = max(middle, s.today) if which & r.LATE and start <= s.today < end else middle
    when = make_period(i, inner.j, (first, end), last_day(inner.period, inner.grain, s.today), inner.grain)
    when.edge = True
    return when


# --- one of several within a period ---


def nth_of(s: Scan, i: int, behind: When | None, number: int, j: int) -> When | None:
    """first week of Jan · last week of july · 2nd tuesday of next month · the 15th day of June · last day of
    the year

    `j` is the unit or weekday; `behind` is the period read behind "of".
    """
    t = s.t
    if behind is None or behind.period is None:
        return None
    start, end = behind.period
    when = When(i, behind.j)
    if t.masks[j] & (r.WEEKDAY | r.WORKDAY):
        if t.masks[j] & r.WORKDAY:
            day = add_workdays(start - timedelta(days=1), number) if number > 0 else add_workdays(end, number)
        else:
            base = next_weekday(start, t.entries[j].weekday) if number > 0 else None
            day = (
                base + timedelta(days=7 * (number - 1))
                if base
                else nth_weekday(
                    (end - timedelta(days=1)).year,
                    (end - timedelta(days=1)).month,
                    t.entries[j].weekday,
                    number,
                )
                or end
            )
        if not start <= day < end:
            return None
        when.day = exact(day)
        return when
    if t.masks[j] & r.WEEKEND:
        saturday = next_weekday(start, SATURDAY)
        if number < 0:
            saturday = next_weekday(end - timedelta(days=7), SATURDAY) + timedelta(days=7 * (number + 1))
        else:
            saturday += timedelta(days=7 * (number - 1))
        if not start <= saturday < end:
            return None
        return make_period(i, behind.j, (saturday, saturday + timedelta(days=2)), saturday, "weekend")
    unit = t.entries[j].unit
    if unit == ("days", 1):
        day = start + timedelta(days=number - 1) if number > 0 else end + timedelta(days=number)
        if not start <= day < end:
            return None
        when.day = exact(day)
        return when
    if unit == ("days", 7) or t.masks[j] & r.WEEK_OF:
        if number > 0:
            monday = (
                week_start(start)
                if week_start(start) + timedelta(days=3) >= start
                else week_start(start) + timedelta(days=7)
            )
            monday += timedelta(days=7 * (number - 1))
        else:
            monday = week_start(end - timedelta(days=1))
            if monday + timedelta(days=3) >= end:
                monday -= timedelta(days=7)
            monday += timedelta(days=7 * (number + 1))
        return make_period(i, behind.j, (monday, monday + timedelta(days=7)), monday, "week")
    if unit[0] == "months" and unit[1] < 12 and behind.grain == "year":
        index = number - 1 if number > 0 else 12 // unit[1] + number
        first = add_months(start, unit[1] * index)
        last = add_months(first, unit[1]) if first else None
        return make_period(i, behind.j, (first, last), first, "month") if first and last else None
    return None


def day_number_of(s: Scan, i: int, behind: When | None, number: int) -> When | None:
    """the 18th of the month · the 3rd of next month"""
    if behind is None or behind.period is None or behind.grain != "month":
        return None
    start = behind.period[0]
    when = When(i, behind.j)
    if behind.period[0] <= s.today < behind.period[1] and number < s.today.day:
        when.day = Day(DAY_OF_MONTH)
        when.day.day = number
        return when
    if number > days_in_month(start.year, start.month):
        return None
    when.day = exact(date(start.year, start.month, number))
    return when
