"""Local times become instants: the zone is attached last, by the rule of RFC 5545.

A time in the gap is read at the offset before the gap (02:30 becomes 03:30), a time in the fold is the
first of the two.
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from todotasks.language.reading.model import Moment


@cache
def named_zone(name: str) -> tzinfo:
    """A zone named in the text: an IANA name from the tables, or an offset."""
    if name[:1] in "+-" and name[1:3].isdigit():
        minutes = int(name[1:3]) * 60 + int(name[4:6] or 0)
        return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    return UTC if name == "UTC" else ZoneInfo(name)


def aware(moment: datetime, zone: tzinfo, said: str = "") -> datetime:
    """A wall-clock time in the zone that was said, else in the person's own."""
    there = named_zone(said) if said else zone
    local = moment.replace(tzinfo=there, fold=0)
    try:
        return local.astimezone(UTC).astimezone(there)
    except OverflowError:
        return local


def spanned(start: Moment, duration: str) -> Moment | None:
    """Where something ends that begins at `start` and takes an ISO duration of days, hours and minutes."""
    days = seconds = 0
    number = ""
    timed = False
    for char in duration[1:]:
        if char.isdigit():
            number += char
            continue
        value, number = int(number or 0), ""
        if char == "T":
            timed = True
        elif char == "M" and not timed:
            days += value * 30
        elif char == "D":
            days += value
        else:
            seconds += value * {"H": 3600, "M": 60, "S": 1}[char]
    try:
        if isinstance(start, datetime):
            return start + timedelta(days=days, seconds=seconds)
        return start + timedelta(days=days) if days and not seconds else None
    except OverflowError:
        return None


def as_day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
