"""Durations as the API writes them: `1w2d3h4m5s`.

Whole numbers with the units weeks, days, hours, minutes, seconds, in this order, each at most once.
A day is 24 hours: durations count elapsed time, so `1d` before 09:00 on the day the clocks go forward
is 08:00 the day before. Go's fractions and ISO 8601's `P1D` are refused: one way to write a thing.
"""

import re
from datetime import timedelta

MAX_DURATION = timedelta(days=3660)  # ten years: longer is a typing mistake, and safe to add to any date

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}  # seconds
_PATTERN = re.compile("".join(rf"(?:(?P<{unit}>[0-9]{{1,9}}){unit})?" for unit in _UNITS))
_EXPECTED = "expected whole numbers with units in the order w, d, h, m, s, such as 1d12h or 30m"


class DurationError(ValueError):
    """The text is no duration; the message says what was given and what would be accepted."""


def parse_duration(text: str) -> timedelta:
    """`1d12h` as a timedelta. Raises `DurationError`."""
    match = _PATTERN.fullmatch(text)
    if match is None or not text:
        raise DurationError(f'"{text}" is not a duration: {_EXPECTED}')
    seconds = sum(int(number) * _UNITS[unit] for unit, number in match.groupdict("0").items())
    if seconds > MAX_DURATION.total_seconds():
        raise DurationError(f'"{text}" is longer than {MAX_DURATION.days} days')
    return timedelta(seconds=seconds)


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
