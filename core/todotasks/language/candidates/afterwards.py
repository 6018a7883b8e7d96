"""When a task would be due after a reading: what only moves the day keeps the time, and the reverse."""

import re
from datetime import datetime, timedelta

from todotasks.language.grounding.sight import Seen
from todotasks.language.reading.model import Reading
from todotasks.language.time.arithmetic import add_months

_SHIFT = re.compile(
    r"(?P<sign>-?)P(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
_DAY, _MINUTE = 10, 16  # characters of a date and of a date-time


def due_afterwards(reading: Reading, seen: Seen | None) -> str | None:
    """A date or a local date-time to the minute; None: none is said."""
    had = _moment(seen)
    if reading.shift is not None:
        return None if had is None or seen is None else _shifted(reading.shift, had, seen.due or "")
    if reading.due is None:
        return None
    text = reading.due.isoformat()[:_MINUTE]
    if had is None or seen is None:
        return text
    if len(text) == _DAY and len(seen.due or "") > _DAY and not reading.all_day:
        return f"{text}T{had:%H:%M}"
    if reading.time_only:
        return f"{had:%Y-%m-%d}T{text[_DAY + 1 :]}"
    return text


def _moment(seen: Seen | None) -> datetime | None:
    if seen is None or not seen.due:
        return None
    try:
        return datetime.fromisoformat(seen.due)
    except ValueError:
        return None


def _shifted(shift: str, had: datetime, written: str) -> str | None:
    found = _SHIFT.fullmatch(shift)
    if found is None:
        return None
    parts = {name: int(value or 0) for name, value in found.groupdict().items() if name != "sign"}
    sign = -1 if found["sign"] else 1
    day = add_months(had.date(), sign * (12 * parts["y"] + parts["mo"]))
    if day is None:
        return None
    moved = datetime.combine(day, had.time()) + sign * timedelta(
        weeks=parts["w"], days=parts["d"], hours=parts["h"], minutes=parts["m"], seconds=parts["s"]
    )
    timed = len(written) > _DAY or parts["h"] or parts["m"]
    return moved.isoformat()[: _MINUTE if timed else _DAY]
