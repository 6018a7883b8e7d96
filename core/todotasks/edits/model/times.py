"""Times of commands and of specs: what a due says in a zone, and how it is written when it moves.

A due is kept as it was meant: a day stays a day, wall-clock time keeps its hour across daylight saving, and
"two days" are two days of the calendar while "two hours" are hours that pass.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from todotasks.api.due import Due, resolve_due
from todotasks.api.zones import load_zone

Moment = date | datetime  # a date is all day; a datetime is aware

_SHIFT = re.compile(r"(\d+)(mo|y|w|d|h|m|s)")
_TIME_ALONE = re.compile(r"T(\d{2}):(\d{2})")
_FIRST, _LAST = date(1900, 1, 2), date(2999, 12, 30)  # what the API accepts, less a day for any zone


class TimeError(ValueError):
    """A time that cannot be told; the message says why."""


@dataclass(frozen=True, slots=True)
class Shift:
    """So far: months and days of the calendar, then seconds that pass."""

    months: int = 0
    days: int = 0
    seconds: int = 0


def read_shift(text: str) -> Shift:
    """`-1w2d` → nine days back."""
    sign = -1 if text.startswith("-") else 1
    months = days = seconds = 0
    for number, unit in _SHIFT.findall(text):
        count = sign * int(number)
        match unit:
            case "y":
                months += 12 * count
            case "mo":
                months += count
            case "w" | "d":
                days += count * (7 if unit == "w" else 1)
            case _:
                seconds += count * {"h": 3600, "m": 60, "s": 1}[unit]
    return Shift(months, days, seconds)


def time_alone(text: str) -> time | None:
    """T15:00"""
    found = _TIME_ALONE.fullmatch(text)
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2]))
    except ValueError:
        return None


def moment_of(due: str, zone: str) -> Moment:
    """The day or the instant that a due means, read in `zone`; raises DueError."""
    resolved = resolve_due(due, zone)
    local = resolved.instant.astimezone(load_zone(zone))
    return local.date() if resolved.all_day else local


def written(moment: Moment, zone: str) -> str:
    """2026-03-06, or wall-clock time of `zone`: 2026-03-06T15:00; with offset where that is twice."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    local = moment.astimezone(UTC).astimezone(load_zone(zone)).replace(microsecond=0)
    text = local.replace(tzinfo=None).isoformat(timespec="seconds" if local.second else "minutes")
    return with_offset(local) if local.fold else text


def with_offset(moment: datetime) -> str:
    """2026-03-06T15:00:00+01:00"""
    text = moment.replace(microsecond=0).isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def shifted(moment: Moment, shift: Shift) -> Moment:
    """The moment moved; raises TimeError where there is no such time, or a day is moved by hours."""
    if shift.seconds and not isinstance(moment, datetime):
        raise TimeError("it is due all day, so it moves by days and not by hours")
    try:
        day = _month_later(moment, shift.months) + timedelta(days=shift.days)
        if isinstance(moment, datetime):
            # On its own day the second 02:30 of an hour that comes twice stays the second.
            fold = moment.fold if day == moment.date() else 0
            wall = moment.replace(year=day.year, month=day.month, day=day.day, fold=fold)
            moved = (wall.astimezone(UTC) + timedelta(seconds=shift.seconds)).astimezone(moment.tzinfo)
        else:
            moved = None
    except (OverflowError, ValueError) as error:
        raise TimeError("that is outside the calendar of the years 1900 to 2999") from error
    if not _FIRST <= day <= _LAST or (moved is not None and not _FIRST <= moved.date() <= _LAST):
        raise TimeError("that is outside the calendar of the years 1900 to 2999")
    return day if moved is None else moved


def _month_later(moment: Moment, months: int) -> date:
    """31 January and one month is the last day of February."""
    number = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(moment.day, calendar.monthrange(year, month + 1)[1]))


def at_time(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, load_zone(zone))


def same_moment(one: Moment, other: Moment) -> bool:
    """Whether they are one day, or one instant.

    Not `==`: of an hour that comes twice Python calls the same instant in two zones unequal (PEP 495).
    """
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.astimezone(UTC) == other.astimezone(UTC)
    return one == other


def day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def due_of(due: str | None, zone: str) -> Due | None:
    """None where there is no due, or none that can be read (the operator says so in a condition)."""
    if due is None:
        return None
    try:
        return resolve_due(due, zone)
    except ValueError:
        return None
