"""Times of day that a rule selects, in seconds since midnight on the wall clock.

Three shapes: the same times on every day (`SameTimes`: daily and coarser rules, cron), times that follow
an interval below a day (`UnitTimes`: "every 90 minutes" counts on over midnight), and times that differ
by day because BYSETPOS picked them from a whole week, month or year (`PickedTimes`).
"""

import math
from bisect import bisect_left
from functools import lru_cache
from typing import Protocol

from todotasks.recurrence.calendar.years import every, lowest

DAY = 86_400  # seconds
REMEMBERED_PHASES = 32  # unit masks a rule keeps; a mask of a SECONDLY rule takes 11 KiB


class Times(Protocol):
    def first(self, day: int, second: int) -> int | None:
        """The first time of `day` at or after `second`."""

    def last(self, day: int, second: int) -> int | None:
        """The last time of `day` before `second`."""

    def count(self, day: int, second: int = DAY) -> int:
        """How many times of `day` lie before `second`."""

    @property
    def cycle(self) -> int | None:
        """After how many days the times repeat; None when they do not repeat by days."""


@lru_cache(maxsize=256)
def clock_times(
    hours: tuple[int, ...], minutes: tuple[int, ...], seconds: tuple[int, ...]
) -> tuple[int, ...]:
    """Every combination, sorted; shared by all rules that use it."""
    return tuple(sorted({h * 3600 + m * 60 + s for h in hours for m in minutes for s in seconds}))


class SameTimes:
    def __init__(self, times: tuple[int, ...]) -> None:
        self.times = times

    def first(self, day: int, second: int) -> int | None:
        index = bisect_left(self.times, second)
        return self.times[index] if index < len(self.times) else None

    def last(self, day: int, second: int) -> int | None:
        index = bisect_left(self.times, second)
        return self.times[index - 1] if index else None

    def count(self, day: int, second: int = DAY) -> int:
        return bisect_left(self.times, second)

    @property
    def cycle(self) -> int | None:
        return 1


class TimesByDay(Protocol):
    def __call__(self, day: int) -> tuple[int, ...]: ...


class PickedTimes:
    """`by_day(day)` gives the times of a selected day, sorted."""

    def __init__(self, by_day: TimesByDay) -> None:
        self._by_day = by_day

    def first(self, day: int, second: int) -> int | None:
        times = self._by_day(day)
        index = bisect_left(times, second)
        return times[index] if index < len(times) else None

    def last(self, day: int, second: int) -> int | None:
        times = self._by_day(day)
        index = bisect_left(times, second)
        return times[index - 1] if index else None

    def count(self, day: int, second: int = DAY) -> int:
        return bisect_left(self._by_day(day), second)

    @property
    def cycle(self) -> int | None:
        return None


class UnitTimes:
    """Every `interval`-th unit (hour, minute or second) counted from `anchor`, within the allowed ones.

    `allowed` has a bit for each unit of a day that the BYxxx parts leave, `offsets` are the seconds within
    a unit. `anchor` is the number of the start's unit since day 0.
    """

    def __init__(self, unit: int, allowed: int, offsets: tuple[int, ...], interval: int, anchor: int) -> None:
        self._unit = unit  # seconds
        self._units = DAY // unit
        self._allowed = allowed
        self._offsets = offsets
        self._interval = interval
        self._anchor = anchor
        self._cycle = interval // math.gcd(self._units, interval)
        self._remembered: dict[int, int] = {}

    def _bits(self, day: int) -> int:
        if self._interval == 1:
            return self._allowed
        phase = (self._anchor - self._units * day) % self._interval
        if phase >= self._units:
            return 0
        bits = self._remembered.get(phase)
        if bits is None:
            bits = self._allowed & (every(self._interval, self._units) << phase)
            if len(self._remembered) >= REMEMBERED_PHASES:
                self._remembered.clear()
            self._remembered[phase] = bits
        return bits

    def first(self, day: int, second: int) -> int | None:
        bits = self._bits(day)
        unit, rest = divmod(second, self._unit)
        bits >>= unit
        if bits & 1 and self._offsets[-1] >= rest:
            return unit * self._unit + self._offsets[bisect_left(self._offsets, rest)]
        bits >>= 1
        return (unit + 1 + lowest(bits)) * self._unit + self._offsets[0] if bits else None

    def last(self, day: int, second: int) -> int | None:
        bits = self._bits(day)
        unit, rest = divmod(second, self._unit)
        if bits >> unit & 1 and self._offsets[0] < rest:
            return unit * self._unit + self._offsets[bisect_left(self._offsets, rest) - 1]
        bits &= (1 << unit) - 1
        return (bits.bit_length() - 1) * self._unit + self._offsets[-1] if bits else None

    def count(self, day: int, second: int = DAY) -> int:
        bits = self._bits(day)
        unit, rest = divmod(second, self._unit)
        whole = (bits & ((1 << unit) - 1)).bit_count() * len(self._offsets)
        return whole + (bisect_left(self._offsets, rest) if bits >> unit & 1 else 0)

    @property
    def cycle(self) -> int | None:
        return self._cycle

    def day_residues(self) -> tuple[int, frozenset[int]] | None:
        """(modulus, residues) of the days that have at least one time; None when every day has one.

        A unit `s` of the day comes up on the days d with units·d + s ≡ anchor (mod interval). With
        g = gcd(units, interval) that asks for s ≡ anchor (mod g), and then names one residue of d modulo
        interval/g. So one pass over the allowed units answers it for all days to come.
        """
        g, modulus = math.gcd(self._units, self._interval), self._cycle
        if modulus == 1:  # then all days are alike
            return None if self._bits(1) else (1, frozenset())
        inverse = pow(self._units // g, -1, modulus)
        allowed = self._allowed.to_bytes((self._units + 7) // 8, "little")
        residues = set()
        for unit in range(self._anchor % g, self._units, g):
            if allowed[unit >> 3] >> (unit & 7) & 1:
                residues.add((self._anchor - unit) // g * inverse % modulus)
                if len(residues) == modulus:
                    break
        return None if len(residues) == modulus else (modulus, frozenset(residues))
