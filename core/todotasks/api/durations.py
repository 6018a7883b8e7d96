"""Durations as the API writes them: `1w2d3h4m5s`.

Whole numbers with the units weeks, days, hours, minutes, seconds, in this order, each at most once.
Days and weeks are those of the calendar, the rest is elapsed time, as RFC 5545 has it (3.3.6): `1d` before
09:00 is 09:00 of the day before, also where that day had 23 hours, and `24h` before it is then 08:00.
`parse_duration` is for what no zone has a say in. Go's fractions and ISO 8601's `P1D` are refused: one way
to write a thing.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

MAX_DURATION = timedelta(days=3660)  # ten years: longer is a typing mistake, and safe to add to any date

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}  # seconds
_PATTERN = re.compile("".join(rf"(?:(?P<{unit}>[0-9]{{1,9}}){unit})?" for unit in _UNITS))
_EXPECTED = "expected whole numbers with units in the order w, d, h, m, s, such as 1d12h or 30m"


class DurationError(ValueError):
    """The text is no duration; the message says what was given and what would be accepted."""


class CalendarDuration(NamedTuple):
    """Days of the calendar, and then elapsed seconds."""

    days: int = 0
    seconds: int = 0

    @property
    def about(self) -> timedelta:
        """As if each day had 24 hours."""
        return timedelta(days=self.days, seconds=self.seconds)

    def after(self, instant: datetime, zone: tzinfo, times: int = 1) -> datetime:
        """`instant` and so many of these, in UTC; negative `times` go back. Raises `OverflowError`.

        A wall-clock time in the gap is read with the offset before it, in the fold the first one is meant.
        """
        if self.days:
            wall = instant.astimezone(zone)
            day = (wall + timedelta(days=self.days * times)).replace(fold=0)
            instant = day.astimezone(UTC)
        return instant + timedelta(seconds=self.seconds * times)

    def before(self, instant: datetime, zone: tzinfo) -> datetime:
        return self.after(instant, zone, -1)


def parse_calendar_duration(text: str) -> CalendarDuration:
    """`1d12h` as a day and twelve hours. Raises `DurationError`."""
    numbers = _read(text)
    days = numbers["w"] * 7 + numbers["d"]
    return CalendarDuration(days, numbers["h"] * 3600 + numbers["m"] * 60 + numbers["s"])


def last_before(before: str, repeat_every: str | None, max_repeats: int | None) -> timedelta | None:
    """How long before the due time a reminder fires for the last time; negative: after it. None: it goes on
    until the task is done. Raises `DurationError`."""
    first = parse_duration(before)
    if repeat_every is None:
        return first
    return None if max_repeats is None else first - parse_duration(repeat_every) * max_repeats


def parse_duration(text: str) -> timedelta:
    """`1d12h` as a timedelta of elapsed time. Raises `DurationError`."""
    return timedelta(seconds=sum(number * _UNITS[unit] for unit, number in _read(text).items()))


def _read(text: str) -> dict[str, int]:
    match = _PATTERN.fullmatch(text)
    if match is None or not text:
        raise DurationError(f'"{text}" is not a duration: {_EXPECTED}')
    numbers = {unit: int(number) for unit, number in match.groupdict("0").items()}
    if sum(number * _UNITS[unit] for unit, number in numbers.items()) > MAX_DURATION.total_seconds():
        raise DurationError(f'"{text}" is longer than {MAX_DURATION.days} days')
    return numbers


def format_duration(duration: timedelta) -> str:
    """The shortest text that `parse_duration` reads back as `duration` (whole seconds, not negative)."""
    rest = int(duration.total_seconds())
    if rest < 0:
        raise DurationError(f"a duration is not negative, got {duration}")
    parts = []
    for unit, size in _UNITS.items():
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"
