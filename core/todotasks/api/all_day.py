"""When of an all-day task's day its reminders come, and what is put off until a day comes back.

09:00, or what the namespace's annotation `todotasks.dev/all-day-reminder-time` says.
"""

from datetime import time
from typing import Final

ALL_DAY_TIME: Final = time(9)  # local time


def read_time_of_day(text: str) -> time | None:
    """`09:00`; None when it is no time of day."""
    try:
        read = time.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is None and len(text) <= len("09:00:00") else None
