"""Points in time as people and iCalendar write them: a date, a local date-time, an instant.

    2026-11-21                 20261121             a date
    2026-11-21T17:00[:00]      20261121T170000      wall-clock time, read on the rule's clock
    2026-11-21T17:00:00+01:00  20261121T160000Z     an instant

Fractions of a second are cut off: occurrences fall on whole seconds.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from todotasks.recurrence.calendar.clock import ZoneClock, from_datetime
from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.calendar.walls import FIRST_WALL, LAST_WALL
from todotasks.recurrence.errors import quoted

ACCEPTED = (
    'a date such as "2026-11-21", a date-time with offset such as "2026-11-21T17:00:00+01:00", '
    'or a local date-time such as "2026-11-21T17:00"'
)
ICALENDAR_ACCEPTED = '"20261121", "20261121T170000" or "20261121T160000Z"'

_EXTENDED = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt](\d\d)(\d\d)(\d\d)([Zz])?)?", re.ASCII)


class Stamp(NamedTuple):
    """`wall` is the wall-clock time as written, midnight for a date; `offset` is there if it was given."""

    wall: int
    is_date: bool
    offset: int | None = None

    def instant(self, clock: ZoneClock) -> int:
        """The instant; for a date that of its midnight."""
        return clock.instant(self.wall) if self.offset is None else self.wall - self.offset

    def local_wall(self, clock: ZoneClock) -> int:
        """What the clock of the rule shows at this moment."""
        return self.wall if self.offset is None else clock.wall(self.wall - self.offset)

    def last_instant(self, clock: ZoneClock) -> int:
        """The moment as the end of something: a date includes its whole day."""
        return clock.instant(self.wall + DAY) - 1 if self.is_date else self.instant(clock)


def read_moment(text: str) -> Stamp | str:
    """The moment, or what is wrong with the text."""
    match = _EXTENDED.fullmatch(text) or _BASIC.fullmatch(text)
    if match is None:
        return f"{quoted(text)} is not a point in time: write {ACCEPTED}"
    return _moment(text, match)


def read_icalendar_moment(text: str) -> Stamp | str:
    match = _BASIC.fullmatch(text)
    if match is None:
        return f"{quoted(text)} is not a point in time of iCalendar: write {ICALENDAR_ACCEPTED}"
    return _moment(text, match)


def _moment(text: str, match: re.Match[str]) -> Stamp | str:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        wall_date = date(int(year), int(month), int(day))
    except ValueError:
        return f"{quoted(text)} names a day that is not in the calendar"
    if hour is not None:
        try:
            time(int(hour), int(minute), int(second or 0))
        except ValueError:
            return f"{quoted(text)} names no time of day: hours go from 00 to 23, minutes and seconds to 59"
    seconds = int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)
    wall = wall_date.toordinal() * DAY + seconds
    if not FIRST_WALL <= wall < LAST_WALL:
        return f"{quoted(text)} lies outside the years 0001 to 9999, or on their outermost days"
    if offset is None:
        return Stamp(wall, hour is None)
    if offset in "Zz":
        return Stamp(wall, False, 0)
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 23 or minutes > 59:
        return f"{quoted(text)} has the offset {offset}: at most 23:59"
    sign = -1 if offset[0] == "-" else 1
    return Stamp(wall, False, sign * (hours * 3600 + minutes * 60))


def moment_of(when: datetime) -> Stamp:
    """A `datetime` as a moment; a naive one is wall-clock time."""
    if when.tzinfo is None:
        return Stamp(from_datetime(when.replace(tzinfo=UTC)), False)
    offset = when.utcoffset()
    assert offset is not None
    seconds = offset // timedelta(seconds=1)
    return Stamp(from_datetime(when) + seconds, False, seconds)


def fixed_zone(offset: int) -> tzinfo:
    return timezone(timedelta(seconds=offset)) if offset else UTC
