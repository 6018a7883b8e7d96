"""Arithmetic of days. Pure; every function may return None for "no such day"."""

from datetime import date, datetime, timedelta

from todotasks.language.words.calendar_schema import Unit

LAST_YEAR = 9998
FAR = timedelta(days=366 * 400)


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_days(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def add_months(day: date, months: int) -> date | None:
    """The same day of another month; the last one where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= LAST_YEAR:
        return None
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def add_workdays(day: date, count: int) -> date:
    step = 1 if count >= 0 else -1
    left = min(abs(count), 5000)
    while left:
        day += timedelta(days=step)
        if day.weekday() < 5:
            left -= 1
    return day


def add_unit(moment: datetime, unit: Unit, amount: float) -> datetime | None:
    """`moment` plus an amount of a unit; a part of a month or a year counts in days."""
    kind, size = unit
    try:
        if kind == "seconds":
            return moment + timedelta(seconds=size * amount)
        if kind == "days":
            return moment + timedelta(days=size * amount)
        if kind == "workdays":
            shifted = add_workdays(moment.date(), int(amount))
            return moment + (shifted - moment.date())
        whole = int(size * amount)
        day = add_months(moment.date(), whole)
        if day is None:
            return None
        rest = size * amount - whole
        return moment + (day - moment.date()) + timedelta(days=round(rest * 30))
    except (OverflowError, ValueError):
        return None


def week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday on or after `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month; -1 is the last."""
    if nth > 0:
        day = next_weekday(date(year, month, 1), weekday) + timedelta(days=7 * (nth - 1))
    else:
        last = date(year, month, days_in_month(year, month))
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return day if day.month == month else None
