"""Occurrences of one rule part as instants: wall-clock times, a clock, a start, an end, a count.

An instant occurs when one of the offsets with which it counts (see `clock`) makes it a selected wall-clock
time. So nothing is lost and nothing doubled at a change of the clocks, by construction: two wall-clock
times that meet in one instant are one occurrence.

Instants are integers, seconds since day 0.
"""

from collections.abc import Iterator
from typing import Protocol

from todotasks.recurrence.calendar.clock import (
    FIRST_INSTANT,
    LAST_INSTANT,
    Policy,
    Span,
    ZoneClock,
)
from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.calendar.walls import WallSet

# Offsets of one place never differ by more (the date line moved: 24 h, and an hour of summer time).
OFFSET_SPREAD = 26 * 3600
LONG = 50 * 365 * DAY  # so many years of a zone's changes are better not looked up in vain
FAR = 4 * DAY  # from here on it pays to jump over spans instead of walking through them


class Occurrences(Protocol):
    """What a rule is put together from."""

    def on_or_after(self, instant: int) -> int | None: ...
    def before(self, instant: int) -> int | None: ...


class Moments:
    """Instants given one by one (RDATE)."""

    def __init__(self, instants: frozenset[int]) -> None:
        self._instants = sorted(instants)

    def on_or_after(self, instant: int) -> int | None:
        return next((at for at in self._instants if at >= instant), None)

    def before(self, instant: int) -> int | None:
        return next((at for at in reversed(self._instants) if at < instant), None)


class Series:
    """`start` and `until` are included; `count` counts from `start`."""

    def __init__(
        self,
        walls: WallSet,
        clock: ZoneClock,
        start: int | None,
        *,
        until: int | None = None,
        count: int | None = None,
    ) -> None:
        self.walls = walls
        self.clock = clock
        self.start = FIRST_INSTANT if start is None else start
        self._until = LAST_INSTANT - 1 if until is None else min(until, LAST_INSTANT - 1)
        self._count = count
        # An instant known to be within `count`, and how many occurrences there are before it. One value,
        # so that threads which ask at the same time see both halves of the same count.
        self._counted = (self.start, 0)

    def on_or_after(self, instant: int) -> int | None:
        if instant > self._until:
            return None
        found = self._on_or_after(max(instant, self.start))
        if found is None or found > self._until or not self._within_count(found):
            return None
        return found

    def before(self, instant: int) -> int | None:
        instant = min(instant, self._until + 1)
        if instant > self.start and not self._within_count(instant - 1):
            instant = min(instant, self._until + 1)  # the count has become an end
        return self._before(instant)

    def _on_or_after(self, instant: int) -> int | None:
        spans = self.clock.spans_from(instant)
        while True:
            span = next(spans, None)
            if span is None:
                return None
            low = max(instant, span.start)
            found: int | None = None
            beyond: int | None = None
            for offset in span.offsets:
                wall = self.walls.on_or_after(low + offset)
                if wall is None:
                    continue
                at = wall - offset
                if at < span.end:
                    found = at if found is None else min(found, at)
                else:
                    beyond = at if beyond is None else min(beyond, at)
            if found is not None:
                return found
            if not span.offsets or (beyond is not None and beyond < span.end + FAR):
                continue
            # Nothing in this span. When the clocks are put back, the next one may begin with earlier
            # wall-clock times than were asked for here; only if there are none of these may we jump.
            wall = self.walls.on_or_after(low + min(span.offsets) - OFFSET_SPREAD)
            if wall is None:
                return None
            at = wall - max(span.offsets) - OFFSET_SPREAD
            if at > span.end:
                instant = at
                spans = self.clock.spans_from(instant)

    def _before(self, instant: int) -> int | None:
        if instant <= self.start:
            return None
        floor = self.start + self.clock.offset(self.start) - 2 * OFFSET_SPREAD
        spans = self.clock.spans_back_from(instant - 1)
        while True:
            span = next(spans, None)
            if span is None or span.end <= self.start:
                return None
            high = min(instant, span.end)
            found: int | None = None
            beyond: int | None = None
            for offset in span.offsets:
                wall = self.walls.before(high + offset, floor)
                if wall is None:
                    continue
                at = wall - offset
                if at >= span.start:
                    found = at if found is None else max(found, at)
                else:
                    beyond = at if beyond is None else max(beyond, at)
            if found is not None:
                return found if found >= self.start else None
            if not span.offsets or (beyond is not None and beyond > span.start - FAR):
                continue
            wall = self.walls.before(high + max(span.offsets) + OFFSET_SPREAD, floor)
            if wall is None:
                return None
            at = wall - min(span.offsets) + OFFSET_SPREAD
            if at < span.start:
                instant = at
                spans = self.clock.spans_back_from(instant)

    # --- COUNT -------------------------------------------------------------------------------------------

    def _within_count(self, instant: int) -> bool:
        """Whether `instant` is not beyond the last counted occurrence.

        Counting resumes where the last question ended: a scheduler that walks forward pays for each
        occurrence once. Beyond the end, the count becomes `until` and is never asked again.
        """
        count = self._count
        if count is None:
            return instant <= self._until
        known, counted = self._counted
        if instant <= known or (instant - known > LONG and self._is_far_from(count, instant)):
            return True
        for span in self.clock.spans_from(known):
            low, high = max(span.start, known), min(span.end, instant)
            if low < high:
                here = self._count_in(span, low, high)
                if counted + here >= count:
                    self._until = min(self._until, self._nth_in(span, low, high, count - counted))
                    self._count = None
                    return instant <= self._until
                counted += here
            if span.end >= instant:
                break
        self._counted = (instant, counted)
        return True

    def _is_far_from(self, count: int, instant: int) -> bool:
        """Whether there are not even enough wall-clock times, whatever the clocks do: asks no zone."""
        times = self.walls.count(self.start - OFFSET_SPREAD, instant + OFFSET_SPREAD)
        return times * (1 if self.clock.policy is Policy.WALL else 2) <= count

    def _count_in(self, span: Span, low: int, high: int) -> int:
        if len(span.offsets) == 1:
            offset = span.offsets[0]
            return self.walls.count(low + offset, high + offset)
        return sum(1 for _ in self._each(span, low, high))

    def _nth_in(self, span: Span, low: int, high: int, nth: int) -> int:
        if len(span.offsets) == 1:
            wall = self.walls.nth_on_or_after(low + span.offsets[0], nth)
            assert wall is not None
            return wall - span.offsets[0]
        return [*self._each(span, low, high)][nth - 1]

    def _each(self, span: Span, low: int, high: int) -> Iterator[int]:
        """One by one: only around a change of the clocks, so for an hour, and once for a day in Apia."""
        while low < high:
            walls = ((self.walls.on_or_after(low + offset), offset) for offset in span.offsets)
            found = min((wall - offset for wall, offset in walls if wall is not None), default=high)
            if found >= high:
                return
            yield found
            low = found + 1
