"""One of several within a period: first week of Jan · 2nd tuesday of next month · last day of the year."""

from datetime import date, timedelta

from todotasks.language.time.arithmetic import (
    add_months,
    add_workdays,
    days_in_month,
    next_weekday,
    nth_weekday,
    week_start,
)
from todotasks.language.time.expression import (
    DAY_OF_MONTH,
    Day,
    Scan,
    When,
    exact,
)
from todotasks.language.time.periods import make_period
from todotasks.language.words import roles as r


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
