"""When of an all-day task's day its reminders come, and what is put off until a day comes back.

09:00, or what the namespace's annotation `todotasks.dev/all-day-reminder-time` says.
"""

from datetime import UTC, datetime, time
from typing import Final

from todotasks.api.due import Due
from todotasks.api.zones import load_zone

ALL_DAY_TIME: Final = time(9)  # local time


def counted_from(due: Due, all_day_time: time = ALL_DAY_TIME) -> datetime:
    """The instant from which a task's reminders count back, in UTC."""
    if not due.all_day:
        return due.instant
    zone = load_zone(due.zone)
    day = due.instant.astimezone(zone).date()
    return datetime.combine(day, all_day_time, zone).astimezone(UTC)


def read_time_of_day(text: str) -> time | None:
    """`09:00`; None when it is no time of day."""
    try:
        read = time.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is None and len(text) <= len("09:00:00") else None
