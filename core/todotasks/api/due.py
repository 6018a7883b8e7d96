"""When a task is due: `spec.due` read in a time zone, resolved to instants.

Three ways to write it, told apart by shape alone:

    2026-11-21                  all day: the calendar day in the zone
    2026-11-21T17:00:00+01:00   an instant; the zone is only for display
    2026-11-21T17:00            wall-clock time, read in the zone

The zone is `spec.timeZone`, else the namespace's (annotation `todotasks.dev/time-zone`), else UTC.
Daylight saving as RFC 5545 has it: a wall-clock time in the gap is read with the offset before the gap
(02:30 becomes 03:30); in the fold the first of the two is meant. That is what `fold=0` does in Python.
Pure: no clock, no I/O beyond reading the zone's file once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from todotasks.api.meta import ANNOTATION_TIME_ZONE
from todotasks.api.zones import ZoneError, load_zone

DEFAULT_ZONE = "UTC"

FIELD_DUE = "spec.due"
FIELD_TIME_ZONE = "spec.timeZone"
FIELD_DEFAULT_ZONE = f"the namespace's annotation {ANNOTATION_TIME_ZONE}"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[Tt](?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<offset>[Zz]|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_EXPECTED = (
    'expected a date such as "2026-11-21", a date-time with offset such as "2026-11-21T17:00:00+01:00",'
    ' or a local date-time such as "2026-11-21T17:00:00"'
)
# Two days from both ends of Python's calendar: whoever shows the instant in any zone must not overflow.
_FIRST = datetime(1, 1, 3, tzinfo=UTC)
_LAST = datetime(9999, 12, 29, tzinfo=UTC)
_RANGE = "years 0001 to 9999, without their outermost days"


class DueError(ValueError):
    """A due that cannot be resolved: `field` is where the mistake is, `message` what to do about it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Due:
    """A resolved due.

    `instant` is the due time, for an all-day task the start of that day there; `overdue_at` is the first
    instant at which an open task is overdue: the due time itself, for an all-day task the end of that day
    there. Both in UTC. `zone` is the name of the zone to show it in.
    """

    all_day: bool
    instant: datetime
    overdue_at: datetime
    zone: str


def resolve_due(due: str, time_zone: str | None = None, default_zone: str | None = None) -> Due:
    """`due` as instants. Raises `DueError`, which names the field at fault."""
    zone_field, zone_name = _effective_zone(time_zone, default_zone)
    if _DATE.fullmatch(due):
        zone = _load(zone_field, zone_name)
        day = _read_date(due, due)
        start = _to_utc(datetime.combine(day, time(), zone), due)
        # Not start + 24 h: a day has 23 or 25 hours twice a year, and Apia's 2011-12-30 has none.
        end = _to_utc(datetime.combine(_day_after(day, due), time(), zone), due)
        return Due(all_day=True, instant=start, overdue_at=end, zone=zone_name)
    match = _DATE_TIME.fullmatch(due)
    if match is None:
        raise DueError(FIELD_DUE, f'"{due}" is not a date or date-time: {_EXPECTED}')
    tz: tzinfo
    if match["offset"]:
        tz = _read_offset(match["offset"], due)
        # A namespace with a broken default zone does no harm here: the instant does not depend on it.
        zone_name = zone_name if _is_known(zone_name) else DEFAULT_ZONE
    else:
        tz = _load(zone_field, zone_name)
    wall = datetime.combine(_read_date(match["date"], due), _read_time(match, due), tz)
    instant = _to_utc(wall, due)
    return Due(all_day=False, instant=instant, overdue_at=instant, zone=zone_name)


def check_time_zone(name: str, field: str = FIELD_TIME_ZONE) -> None:
    """Raises `DueError` when `name` is no time zone."""
    _load(field, name)


def _effective_zone(time_zone: str | None, default_zone: str | None) -> tuple[str, str]:
    if time_zone is not None:
        return FIELD_TIME_ZONE, time_zone
    if default_zone is not None:
        return FIELD_DEFAULT_ZONE, default_zone
    return FIELD_DEFAULT_ZONE, DEFAULT_ZONE


def _load(field: str, name: str) -> tzinfo:
    try:
        return load_zone(name)
    except ZoneError as error:
        raise DueError(field, str(error)) from error


def _is_known(name: str) -> bool:
    try:
        load_zone(name)
    except ZoneError:
        return False
    return True


def _read_date(text: str, due: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DueError(FIELD_DUE, f'"{due}" names a day that does not exist: {error}') from error


def _day_after(day: date, due: str) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError as error:
        raise DueError(FIELD_DUE, f'"{due}" is out of range: {_RANGE}') from error


def _read_time(match: re.Match[str], due: str) -> time:
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    try:
        return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), microsecond)
    except ValueError as error:
        raise DueError(FIELD_DUE, f'"{due}" names a time that does not exist: {error}') from error


def _read_offset(text: str, due: str) -> tzinfo:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise DueError(FIELD_DUE, f'"{due}" has the offset {text}: at most 23:59')
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _to_utc(wall: datetime, due: str) -> datetime:
    try:
        instant = wall.astimezone(UTC)
    except OverflowError as error:
        raise DueError(FIELD_DUE, f'"{due}" is out of range: {_RANGE}') from error
    if not _FIRST <= instant <= _LAST:
        raise DueError(FIELD_DUE, f'"{due}" is out of range: {_RANGE}')
    return instant
