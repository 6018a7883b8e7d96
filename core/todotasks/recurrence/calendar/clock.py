"""Where the clocks of a place stand: from wall-clock times to instants and back, across every change.

An instant and a wall-clock time are both integers, seconds since day 0; the offset lies between them. The
one question asked here is: *with which offsets does an instant's wall-clock time count?* Usually it is the
one offset in force. Around a change of the clocks two policies differ:

    RFC 5545 (`Policy.WALL`)   A time in the gap counts at the same distance after the gap, so for as long
                               as the gap was, instants count with both offsets (02:30 and 03:30 are one
                               instant). The second pass through the fold counts with none.
    real time (`Policy.REAL`)  Only what the clock shows counts: the gap never, the fold twice.

    gap 02:00→03:00   wall    01:00    01:59│03:00    03:59  04:00
                      WALL    {before}      │{before, after} {after}
                      REAL    {before}      │{after}         {after}
    fold 03:00→02:00  wall    02:00    02:59│02:00    02:59  03:00
                      WALL    {before}      │{ }             {after}
                      REAL    {before}      │{after}         {after}

So time is cut into spans with a fixed set of offsets, and everything else (the next, the previous, how
many) is done span by span. Changes of a year are found by probing the zone, once a year and zone.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.calendar.walls import FIRST_WALL, LAST_WALL
from todotasks.recurrence.calendar.years import year_of

EPOCH = datetime(1, 1, 1, tzinfo=UTC)
EPOCH_DAY = 1  # its ordinal; day 0 is the day before
PROBE_STEP = 3 * DAY  # the two nearest changes on record lie 3.99 days apart (Freetown, September 1939)
LONGEST_GAP = 25 * 3600  # Manila, Apia and Kiritimati skipped a whole day
FIRST_INSTANT, LAST_INSTANT = FIRST_WALL - DAY, LAST_WALL + DAY


class Policy(Enum):
    WALL = "wall"
    REAL = "real"


class Span(NamedTuple):
    """Instants start..end-1, and the offsets with which their wall-clock times count."""

    start: int
    end: int
    offsets: tuple[int, ...]


class Change(NamedTuple):
    at: int  # the first instant of the new offset
    before: int
    after: int


def from_datetime(moment: datetime) -> int:
    """Whole seconds since day 0, rounded down."""
    since = moment - EPOCH
    return (since.days + EPOCH_DAY) * DAY + since.seconds


class ZoneClock:
    """A zone and a policy. `zone` is anything with a `utcoffset`; zones come from `zoneinfo`."""

    def __init__(self, zone: tzinfo, policy: Policy = Policy.WALL) -> None:
        self.zone = zone
        self.policy = policy
        self._fixed = zone is UTC or isinstance(zone, timezone)
        self._everything = Span(
            FIRST_INSTANT, LAST_INSTANT, (self.offset(FIRST_INSTANT),) if self._fixed else ()
        )

    def offset(self, instant: int) -> int:
        return _offset(self.zone, instant)

    def to_datetime(self, instant: int) -> datetime:
        """The instant with the offset that the clock has then.

        A fixed offset, not the zone: Python (PEP 495) finds a time in the fold of a zone unequal to the
        same instant in any other zone, so a value read back from storage would not be equal to it.
        """
        moment = EPOCH + timedelta(days=instant // DAY - EPOCH_DAY, seconds=instant % DAY)
        if self.zone is UTC:
            return moment
        offset = moment.astimezone(self.zone).utcoffset()
        assert offset is not None
        return moment.astimezone(_fixed_zone(offset))

    def wall(self, instant: int) -> int:
        return instant + self.offset(instant)

    def instant(self, wall: int) -> int:
        """RFC 5545, whatever the policy: in the gap with the offset before it, in the fold the first."""
        naive = EPOCH + timedelta(days=wall // DAY - EPOCH_DAY, seconds=wall % DAY)
        offset = naive.replace(tzinfo=self.zone).utcoffset()
        assert offset is not None
        return wall - offset // timedelta(seconds=1)

    def spans_from(self, instant: int) -> Iterator[Span]:
        """The span that holds `instant`, and all that follow, to the end of the calendar."""
        if self._fixed:
            yield self._everything
            return
        instant = max(instant, FIRST_INSTANT)
        number = _year_number(instant)
        spans = _spans(self.zone, self.policy, number)
        index = bisect_right(spans, instant, key=_start) - 1
        while True:
            yield from spans[index:]
            number += 1
            if year_of(number).first * DAY >= LAST_INSTANT:
                return
            spans, index = _spans(self.zone, self.policy, number), 0

    def spans_back_from(self, instant: int) -> Iterator[Span]:
        """The span that holds `instant`, and all before it, latest first."""
        if self._fixed:
            yield self._everything
            return
        instant = min(instant, LAST_INSTANT - 1)
        number = _year_number(instant)
        spans = _spans(self.zone, self.policy, number)
        index = bisect_right(spans, instant, key=_start) - 1
        while True:
            yield from reversed(spans[: index + 1])
            number -= 1
            if number < 1:
                return
            spans = _spans(self.zone, self.policy, number)
            index = len(spans) - 1


@lru_cache(maxsize=1024)
def _fixed_zone(offset: timedelta) -> timezone:
    return timezone(offset)


def _start(span: Span) -> int:
    return span.start


def _year_number(instant: int) -> int:
    return (EPOCH + timedelta(days=instant // DAY - EPOCH_DAY)).year


def _offset(zone: tzinfo, instant: int) -> int:
    moment = EPOCH + timedelta(days=instant // DAY - EPOCH_DAY, seconds=instant % DAY)
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1)


@lru_cache(maxsize=4096)
def _spans(zone: tzinfo, policy: Policy, number: int) -> tuple[Span, ...]:
    """The spans of one year of UTC, without holes."""
    year = year_of(number)
    low = max(year.first * DAY, FIRST_INSTANT)
    high = min((year.first + year.length) * DAY, LAST_INSTANT)
    # A change just before the year can reach into it (Kiritimati skipped 31 December 1994).
    changes = [*_changes(zone, max(low - LONGEST_GAP, FIRST_INSTANT), high)]
    pieces: list[Span] = []
    start = low
    current = _offset(zone, changes[0].at - 1 if changes else low)
    for change in changes:
        if change.at > start:
            pieces.append(Span(start, change.at, (current,)))
        start = max(start, change.at)
        until = min(change.at + abs(change.after - change.before), high)
        if policy is Policy.WALL and until > start:
            both = (change.before, change.after) if change.after > change.before else ()
            pieces.append(Span(start, until, both))
            start = until
        current = change.after
    if start < high:
        pieces.append(Span(start, high, (current,)))
    return tuple(pieces)


def _changes(zone: tzinfo, low: int, high: int) -> Iterator[Change]:
    before = _offset(zone, low)
    while low < high:
        probe = min(low + PROBE_STEP, high)
        after = _offset(zone, probe)
        if after != before:
            known, changed = low, probe
            while changed - known > 1:
                middle = (known + changed) // 2
                if _offset(zone, middle) == before:
                    known = middle
                else:
                    changed = middle
            # Between two probes lies one change, so what holds just after it holds at the probe.
            yield Change(changed, before, after)
        low, before = probe, after
