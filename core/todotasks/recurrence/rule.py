"""A rule that was read: when it fires next, when it fired last, and all in between.

    spec = RuleSpec(rrule="FREQ=MONTHLY;BYDAY=2TU", start="2026-01-01T09:00", time_zone="Europe/Berlin")
    rule = parse_rule(spec)
    rule.next_after(now)

Instants go in and come out as aware `datetime`s, in the zone of the rule. A rule is immutable to its
callers; it remembers calendars and counts, so keep it rather than parse it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from todotasks.recurrence.calendar.clock import (
    FIRST_INSTANT,
    LAST_INSTANT,
    ZoneClock,
    from_datetime,
)
from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.notation.cron import Cron
from todotasks.recurrence.notation.rrule_text import RRule
from todotasks.recurrence.series import Occurrences

# An EXRULE can take away everything its RRULE gives; nobody means a rule of which so many in a row are gone.
MAX_EXCLUDED_IN_A_ROW = 10_000


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is left out: moments, whole local days, and (EXRULE) other series."""

    instants: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    series: tuple[Occurrences, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What the rule was read from, for `explain` and for counting from a completion.

    `rrule` is complete: what it had left open is taken from the start. `plain` means that nothing but an
    interval says on which day it fires. `until` and `count` are the nearer of the rule's and the spec's.
    """

    rrule: RRule | None = None
    cron: Cron | None = None
    plain: bool = False
    until: int | None = None
    count: int | None = None
    left_out: int = 0  # moments and days


@dataclass(slots=True)
class Rule:
    """Made by `parse_rule`. `notes` say how odd parts were read; `all_day` that no time of day was given."""

    clock: ZoneClock
    parts: tuple[Occurrences, ...]
    excluded: Exclusions
    source: Source
    start: datetime | None
    all_day: bool
    notes: tuple[str, ...] = ()
    _count: int | None = None  # over all parts, where a single part cannot keep it
    _until: int = LAST_INSTANT
    _never: bool | None = field(default=None, repr=False)

    def next_after(self, instant: datetime, inclusive: bool = False) -> datetime | None:
        """The first occurrence after `instant` (at or after it when `inclusive`), or None."""
        found = self.at_or_after(self.seconds(instant, up=inclusive) + (not inclusive))
        return None if found is None else self.clock.to_datetime(found)

    def previous(self, instant: datetime, inclusive: bool = False) -> datetime | None:
        """The last occurrence before `instant` (at or before it when `inclusive`), or None."""
        found = self._before(self.seconds(instant, up=not inclusive) + inclusive)
        return None if found is None else self.clock.to_datetime(found)

    def between(self, start: datetime, end: datetime, limit: int | None = None) -> list[datetime]:
        """The occurrences at or after `start` and before `end`, at most `limit` of them."""
        stop = self.seconds(end, up=True)
        found: list[datetime] = []
        at = self.at_or_after(self.seconds(start, up=True))
        while at is not None and at < stop and (limit is None or len(found) < limit):
            found.append(self.clock.to_datetime(at))
            at = self.at_or_after(at + 1)
        return found

    def after(self, instant: datetime | None = None, inclusive: bool = False) -> Iterator[datetime]:
        """All occurrences after `instant`, one by one; without it, from the first one on."""
        at = FIRST_INSTANT if instant is None else self.seconds(instant, up=inclusive) + (not inclusive)
        found = self.at_or_after(at)
        while found is not None:
            yield self.clock.to_datetime(found)
            found = self.at_or_after(found + 1)

    def first(self, number: int) -> list[datetime]:
        """The first `number` occurrences."""
        return list(islice(self.after(), number))

    def is_exhausted_after(self, instant: datetime) -> bool:
        """Whether nothing follows `instant`."""
        return self.next_after(instant) is None

    @property
    def never_fires(self) -> bool:
        """Whether there is no occurrence at all: proven over the calendar's cycle, not searched for ever."""
        if self._never is None:
            self._never = self.at_or_after(FIRST_INSTANT) is None
        return self._never

    # --- in integers -------------------------------------------------------------------------------------

    def seconds(self, instant: datetime, *, up: bool = False) -> int:
        """Whole seconds, fractions rounded down or up. A naive time is wall-clock time of the rule."""
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=self.clock.zone)
        return from_datetime(instant) + (up and instant.microsecond > 0)

    def at_or_after(self, at: int) -> int | None:
        excluded = self.excluded
        for _ in range(MAX_EXCLUDED_IN_A_ROW):
            found = self._before_exclusions(at)
            if found is None or found > self._last():
                return None
            if excluded.days and (day := self.clock.wall(found) // DAY) in excluded.days:
                at = max(found + 1, self.clock.instant((day + 1) * DAY))
            elif self.is_left_out(found):
                at = found + 1
            else:
                return found
        return None

    def _before(self, at: int) -> int | None:
        excluded = self.excluded
        at = min(at, self._last() + 1)
        for _ in range(MAX_EXCLUDED_IN_A_ROW):
            found = max((at_ for part in self.parts if (at_ := part.before(at)) is not None), default=None)
            if found is None:
                return None
            if excluded.days and (day := self.clock.wall(found) // DAY) in excluded.days:
                midnight = self.clock.instant(day * DAY)
                # When the clocks went back over midnight, the day before lies between; then step by one.
                same_offset = self.clock.offset(midnight) == self.clock.offset(found)
                at = min(found, midnight) if same_offset else found
            elif self.is_left_out(found):
                at = found
            else:
                return found
        return None

    def _before_exclusions(self, at: int) -> int | None:
        """The first at or after `at`, be it excluded or not."""
        if len(self.parts) == 1:
            return self.parts[0].on_or_after(at)
        return min(
            (found for part in self.parts if (found := part.on_or_after(at)) is not None), default=None
        )

    def is_left_out(self, at: int) -> bool:
        excluded = self.excluded
        return (
            at in excluded.instants
            or (bool(excluded.days) and self.clock.wall(at) // DAY in excluded.days)
            or any(part.on_or_after(at) == at for part in excluded.series)
        )

    def _last(self) -> int:
        if self._count is not None:
            # Several parts together: counted one by one, once, before anything is left out.
            at: int | None = FIRST_INSTANT - 1
            for _ in range(self._count):
                assert at is not None
                at = self._before_exclusions(at + 1)
                if at is None:
                    break
            self._until = min(self._until, LAST_INSTANT if at is None else at)
            self._count = None
        return self._until
