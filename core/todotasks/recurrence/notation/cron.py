"""Cron schedules: five fields, names, ranges, lists, steps, `?`, `L`, `LW`, `5L`, `1#2`, and the macros.

The grammar is that of Debian's cron and of Kubernetes CronJobs (robfig/cron's standard parser) with the
extensions of croniter and cronsim. Where the two differ, Debian decides: a day field that begins with `*`
(also `*/2`) joins the other one with *and*, otherwise either may match.

A schedule with `*` (or `?`) at the beginning of the minute or hour field follows real time when the clocks
change, as cron itself does; all others are wall-clock times like those of a recurrence rule.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from todotasks.recurrence.calendar.clock import Policy
from todotasks.recurrence.calendar.days import Days
from todotasks.recurrence.calendar.times import SameTimes, clock_times
from todotasks.recurrence.calendar.walls import WallSet
from todotasks.recurrence.calendar.years import (
    Year,
    month_bits,
    month_day_bits,
    month_starts,
    nth_weekday_bits,
    weekday_bits,
)
from todotasks.recurrence.errors import FieldError, quoted

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LAST = -1  # as the day of the month: the last one; as the number of a weekday: the last such one


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    accepted: str
    names: tuple[str, ...] = ()
    first_name: int = 0


_MINUTE = _Field("minute", 0, 59, "0 to 59, such as 0, */15, 0,30")
_HOUR = _Field("hour", 0, 23, "0 to 23, such as 9, 9-17, */2")
_DAY = _Field("day of month", 1, 31, "1 to 31, L (the last day) or LW (the last day from Monday to Friday)")
_MONTH = _Field("month", 1, 12, "1 to 12 or JAN to DEC", _MONTHS, 1)
_WEEKDAY = _Field(
    "day of week",
    0,
    7,
    "0 to 7 (0 and 7 are Sunday) or SUN to SAT, 5L (the last Friday), 1#2 (the second Monday)",
    _DAYS,
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A read schedule. Weekdays count from Monday = 0; the fields hold what they say, `starred` how."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: tuple[int, ...]  # LAST is the last day
    last_workday: bool
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    nth_weekdays: tuple[tuple[int, int], ...]
    starred: tuple[bool, bool, bool, bool, bool]  # which fields begin with `*` or `?`
    whole: tuple[bool, bool, bool, bool, bool]  # which fields are nothing but `*` or `?`

    @property
    def either_day(self) -> bool:
        """Whether the two day fields join with *or*."""
        return not (self.starred[2] or self.starred[4])

    @property
    def policy(self) -> Policy:
        return Policy.REAL if self.starred[0] or self.starred[1] else Policy.WALL

    @property
    def depends_on_kind_only(self) -> bool:
        return True

    def bits(self, year: Year) -> int:
        """The days of a year."""
        by_month_day = month_day_bits(year, self.month_days)
        if self.last_workday:
            by_month_day |= _last_workday_bits(year)
        by_weekday = 0
        for weekday in self.weekdays:
            by_weekday |= weekday_bits(year, weekday)
        starts = month_starts(year.length == 366)
        for nth, weekday in self.nth_weekdays:
            for low, high in pairwise(starts):
                by_weekday |= nth_weekday_bits(year, nth, weekday, low, high)
        months = 0
        for month in self.months:
            months |= month_bits(year, month)
        return months & (by_month_day | by_weekday if self.either_day else by_month_day & by_weekday)

    def walls(self) -> WallSet:
        return WallSet(Days(self), SameTimes(clock_times(self.hours, self.minutes, (0,))))


def _last_workday_bits(year: Year) -> int:
    bits = 0
    for end in month_starts(year.length == 366)[1:]:
        weekday = (year.weekday + end - 1) % 7
        bits |= 1 << (end - 1 - max(weekday - 4, 0))
    return bits


def read_cron(text: str, path: str) -> tuple[Cron | None, list[FieldError]]:
    """The schedule, or what is wrong with it, field by field."""
    stripped = text.strip()
    if stripped.startswith("@"):
        macro = MACROS.get(stripped.lower())
        if macro is None:
            return None, [FieldError(path, _macro_message(stripped))]
        stripped = macro
    if re.match(r"(CRON_)?TZ=", stripped):
        return None, [FieldError(path, "has the time zone inside: put it into timeZone")]
    fields = stripped.split()
    if len(fields) != 5:
        return None, [FieldError(path, _number_message(fields))]
    reader = _Reader(path)
    minutes = reader.numbers(_MINUTE, fields[0])
    hours = reader.numbers(_HOUR, fields[1])
    month_days, last_workday = reader.month_days(fields[2])
    months = reader.numbers(_MONTH, fields[3])
    weekdays, nth_weekdays = reader.weekdays(fields[4])
    starred = tuple(field[0] in "*?" for field in fields)
    whole = tuple(field in ("*", "?") for field in fields)
    assert len(starred) == 5
    assert len(whole) == 5
    if reader.errors:
        return None, reader.errors
    either_day = not (starred[2] or starred[4])
    if not either_day and not last_workday and LAST not in month_days:
        longest = max(LONGEST_MONTHS[month - 1] for month in months)
        if min(month_days) > longest:
            message = f"never fires: no chosen month has a day {min(month_days)}, the longest has {longest}"
            return None, [FieldError(path, message)]
    return (
        Cron(
            " ".join(fields),
            minutes,
            hours,
            month_days,
            last_workday,
            months,
            weekdays,
            nth_weekdays,
            starred,
            whole,
        ),
        [],
    )


def _macro_message(given: str) -> str:
    known = ", ".join(MACROS)
    if given.lower().startswith("@every"):
        return (
            f"{quoted(given)} has no place in the calendar: write an RRULE such as FREQ=HOURLY;INTERVAL=3, "
            f"or one of {known}"
        )
    return f"{quoted(given)} is not known: write five fields such as 0 9 * * 1-5, or one of {known}"


def _number_message(fields: list[str]) -> str:
    if len(fields) == 6:
        return (
            "has six fields: seconds (or a year) are not supported, an occurrence falls on a whole minute; "
            "write minute, hour, day of month, month, day of week, such as 0 9 * * 1-5"
        )
    return (
        f"has {len(fields)} field{'' if len(fields) == 1 else 's'}: write five (minute, hour, day of month, "
        f"month, day of week) such as 0 9 * * 1-5, or one of {', '.join(MACROS)}"
    )


_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class _Refused(Exception):
    """A term of a field that cannot be read; the message says why."""


class _Reader:
    def __init__(self, path: str) -> None:
        self._path = path
        self.errors: list[FieldError] = []

    def numbers(self, field: _Field, text: str) -> tuple[int, ...]:
        found: set[int] = set()
        for term in text.split(","):
            try:
                found.update(_term(field, term))
            except _Refused as refused:
                self._refuse(field, term, str(refused))
        return tuple(sorted(found))

    def month_days(self, text: str) -> tuple[tuple[int, ...], bool]:
        terms = text.upper().split(",")
        plain = [term for term in terms if term not in ("L", "LW")]
        days = self.numbers(_DAY, ",".join(plain)) if plain else ()
        return ((LAST, *days) if "L" in terms else days), "LW" in terms

    def weekdays(self, text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        plain: set[int] = set()
        nth: set[tuple[int, int]] = set()
        for term in text.upper().split(","):
            try:
                if re.fullmatch(r"[0-9]L", term, re.ASCII):
                    nth.add((LAST, _number(_WEEKDAY, term[0])))
                elif "#" in term:
                    day, _, number = term.partition("#")
                    nth.add((_nth(number), _number(_WEEKDAY, day)))
                else:
                    plain.update(_term(_WEEKDAY, term))
            except _Refused as refused:
                self._refuse(_WEEKDAY, term, str(refused))
        # Cron counts from Sunday, and Sunday is 7 too; here Monday is 0.
        return (
            tuple(sorted({(day + 6) % 7 for day in plain})),
            tuple(sorted({(number, (day + 6) % 7) for number, day in nth})),
        )

    def _refuse(self, field: _Field, term: str, reason: str) -> None:
        given = quoted(term) if term else "an empty place in a list"
        self.errors.append(
            FieldError(
                self._path, f"{field.name}: {given}{': ' + reason if reason else ''}; write {field.accepted}"
            )
        )


def _term(field: _Field, term: str) -> range:
    base, slash, step_text = term.partition("/")
    step = 1
    if slash:
        if not _NUMBER.fullmatch(step_text) or int(step_text) == 0:
            raise _Refused("after / stands a step of at least 1")
        step = int(step_text)
    last = 6 if field is _WEEKDAY else field.high  # 7 is another name for Sunday, not an eighth day
    if base in ("*", "?"):
        return range(field.low, last + 1, step)
    low_text, dash, high_text = base.partition("-")
    low = _number(field, low_text)
    if dash:
        high = _number(field, high_text)
        if high < low:
            sunday = " (Sunday is also 7)" if field is _WEEKDAY else ""
            raise _Refused(f"the range goes backwards{sunday}")
    else:
        high = max(low, last) if slash else low
    return range(low, high + 1, step)


def _nth(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise _Refused("after # stands 1 to 5")
    return int(text)


def _number(field: _Field, text: str) -> int:
    upper = text.upper()
    if upper in field.names:
        return field.names.index(upper) + field.first_name
    if not _NUMBER.fullmatch(text) or not field.low <= int(text) <= field.high:
        raise _Refused("")
    return int(text)
