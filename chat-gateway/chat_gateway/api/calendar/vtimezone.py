"""VTIMEZONE components (RFC 5545, 3.6.5) for the zones and years that a calendar uses. Pure.

Written by hand, since icalendar's own give the beginning of daylight saving in the time that it changes to,
an hour late: a change stands in the local time before it (`TZOFFSETFROM`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


class Transition(NamedTuple):
    """A zone's clocks are set from one offset to another at an instant."""

    at: datetime  # UTC
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def vtimezone(name: str, first: datetime, last: datetime) -> Timezone:
    """The zone from a year before `first` to a year after `last`."""
    zone = ZoneInfo(name)
    begin = datetime(max(first.year - 1, 2), 1, 1, tzinfo=UTC)
    end = datetime(min(last.year + 2, 9998), 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    now = begin.astimezone(zone)
    component.add_component(
        _observance(Transition(begin, _offset(now), _offset(now), now.tzname() or name, bool(now.dst())))
    )
    for change in changes(zone, begin, end):
        component.add_component(_observance(change))
    return component


def changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Transition]:
    """Each change of the offset between two instants. (Two within a day would be one; no zone has that.)"""
    day = timedelta(days=1)
    while begin < end:
        low, high = begin, min(begin + day, end)
        begin = high
        before, after = _offset(low.astimezone(zone)), _offset(high.astimezone(zone))
        if before == after:
            continue
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            if _offset(middle.astimezone(zone)) == before:
                low = middle
            else:
                high = middle
        # The changes are at whole seconds: the first one with the new offset.
        at = high.replace(microsecond=0)
        local = at.astimezone(zone)
        yield Transition(at, before, after, local.tzname() or str(zone), bool(local.dst()))


def _observance(change: Transition) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.daylight else TimezoneStandard()
    component.add("dtstart", (change.at + change.before).replace(tzinfo=None))
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    component.add("tzname", change.name)
    return component


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None
    return offset
