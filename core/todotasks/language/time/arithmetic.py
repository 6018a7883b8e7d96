"""Arithmetic of days, and the holidays people name as dates. Pure; every function may return None for "no
such day".
"""

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


def easter(year: int) -> date:
    """Easter Sunday (Gregorian), by Butcher's rule."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


# Either (month, day), or (month, weekday, nth), or days from Easter Sunday.
_FIXED: dict[str, tuple[int, int]] = {
    "christmas": (12, 25), "christmas-eve": (12, 24), "boxing-day": (12, 26), "new-year": (1, 1),
    "new-year-eve": (12, 31), "independence-day": (7, 4), "halloween": (10, 31), "valentine": (2, 14),
    "st-patrick": (3, 17), "juneteenth": (6, 19), "veterans-day": (11, 11), "april-fools": (4, 1),
    "earth-day": (4, 22), "groundhog-day": (2, 2), "may-day": (5, 1), "epiphany": (1, 6),
    "cinco-de-mayo": (5, 5), "guy-fawkes": (11, 5), "inauguration-day": (1, 20), "st-george": (4, 23),
    "all-saints": (11, 1), "german-unity": (10, 3), "st-nicholas": (12, 6), "second-christmas-day": (12, 26),
    "reformation-day": (10, 31),
}  # fmt: skip
_NTH: dict[str, tuple[int, int, int]] = {
    "thanksgiving": (11, 3, 4), "labor-day": (9, 0, 1), "memorial-day": (5, 0, -1), "mothers-day": (5, 6, 2),
    "fathers-day": (6, 6, 3), "mlk": (1, 0, 3), "presidents-day": (2, 0, 3), "columbus-day": (10, 0, 2),
}  # fmt: skip
_FROM_EASTER = {
    "easter": 0,
    "easter-monday": 1,
    "good-friday": -2,
    "pentecost": 49,
    "ascension": 39,
    "whit-monday": 50,
}
_AFTER_THANKSGIVING = {"black-friday": 1, "cyber-monday": 4}


def holiday(name: str, year: int) -> date | None:
    if not 1 <= year <= LAST_YEAR:
        return None
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _NTH:
        return nth_weekday(year, *_NTH[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(days=_FROM_EASTER[name])
    if name in _AFTER_THANKSGIVING:
        thanksgiving = nth_weekday(year, *_NTH["thanksgiving"])
        return thanksgiving and thanksgiving + timedelta(days=_AFTER_THANKSGIVING[name])
    return None
