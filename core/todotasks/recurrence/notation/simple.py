"""`simple` schedules: frequency, interval, days, time. They are recurrence rules in plainer words.

`dayOfMonth` and `nth` with `daysOfWeek` pick the day of a month; a Yearly schedule takes its month from the
start. What is not given comes from the start, as in a recurrence rule.
"""

import re
from typing import Protocol

from todotasks.recurrence.errors import FieldError, quoted
from todotasks.recurrence.notation.rrule_text import LARGEST, Freq, RRule

FREQUENCIES = {
    "Daily": Freq.DAILY,
    "Weekly": Freq.WEEKLY,
    "Monthly": Freq.MONTHLY,
    "Yearly": Freq.YEARLY,
}
DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)


class ErrorSink(Protocol):
    def __call__(self, field: str, message: str) -> None: ...


class SimpleLike(Protocol):
    """`todotasks.api.SimpleSchedule` has this shape."""

    @property
    def frequency(self) -> str: ...
    @property
    def interval(self) -> int: ...
    @property
    def days_of_week(self) -> tuple[str, ...] | None: ...
    @property
    def day_of_month(self) -> int | None: ...
    @property
    def nth(self) -> int | None: ...
    @property
    def time(self) -> str | None: ...


def read_simple(
    simple: SimpleLike, path: str, start_month: int | None
) -> tuple[RRule | None, list[FieldError]]:
    """The rule, or all that is wrong. `start_month` is what a Yearly schedule with a day needs."""
    errors: list[FieldError] = []

    def error(field: str, message: str) -> None:
        errors.append(FieldError(f"{path}.{field}", message))

    freq = FREQUENCIES.get(simple.frequency)
    if freq is None:
        error("frequency", f"{quoted(str(simple.frequency))}: write one of {', '.join(FREQUENCIES)}")
    if not 1 <= simple.interval <= LARGEST:
        error("interval", f"{simple.interval}: write a whole number from 1")
    weekdays = _read_days(simple.days_of_week or (), error)
    _check_days(simple, freq, error)
    match = _TIME.fullmatch(simple.time) if simple.time is not None else None
    if simple.time is not None and match is None:
        error("time", f"{quoted(simple.time)}: write a time of day from 00:00 to 23:59")
    if errors or freq is None:
        return None, errors
    nth, day = simple.nth, simple.day_of_month
    in_year = freq is Freq.YEARLY and (day is not None or nth is not None)
    return (
        RRule(
            freq,
            simple.interval,
            by_month=(start_month,) if in_year and start_month else (),
            by_month_day=() if day is None else (day,),
            by_weekday=weekdays if nth is None else (),
            by_nth_weekday=() if nth is None else tuple((nth, weekday) for weekday in weekdays),
            by_hour=(int(match[1]),) if match else (),
            by_minute=(int(match[2]),) if match else (),
            by_second=(0,) if match else (),
        ),
        [],
    )


def _read_days(days: tuple[str, ...], error: ErrorSink) -> tuple[int, ...]:
    wrong = [day for day in days if day not in DAYS_OF_WEEK]
    if wrong:
        error("daysOfWeek", f"{quoted(', '.join(map(str, wrong)))}: write {', '.join(DAYS_OF_WEEK)}")
    return tuple(sorted({DAYS_OF_WEEK.index(day) for day in days if day in DAYS_OF_WEEK}))


def _check_days(simple: SimpleLike, freq: Freq | None, error: ErrorSink) -> None:
    """Which day: `dayOfMonth`, or `daysOfWeek`, for months and years with `nth`."""
    nth, day, named = simple.nth, simple.day_of_month, bool(simple.days_of_week)
    below_a_month = freq in (Freq.DAILY, Freq.WEEKLY)
    if nth is not None and nth not in (-1, 1, 2, 3, 4, 5):
        error("nth", f"{nth}: write 1 to 5, or -1 for the last one of the month")
    if nth is not None and not named:
        error("daysOfWeek", "is missing: nth picks the n-th such day of the month, so say which day")
    if day is not None and not (1 <= day <= 31 or day == -1):
        error("dayOfMonth", f"{day}: write 1 to 31, or -1 for the last day of the month")
    if day is not None and named:
        error("dayOfMonth", "excludes daysOfWeek: give the one or the other")
    for field, given in (("nth", nth), ("dayOfMonth", day)):
        if given is not None and below_a_month:
            error(field, "needs the frequency Monthly or Yearly")
    if named and nth is None and freq is Freq.DAILY:
        error("daysOfWeek", "some days of each week are the frequency Weekly")
    if named and nth is None and day is None and freq in (Freq.MONTHLY, Freq.YEARLY):
        error("nth", "is missing: say which of these days of the month, 1 to 5, or -1 for the last")
