"""Days that a rule selects: a calendar filter and an interval, searched year by year.

A year costs a dictionary look-up by its kind and a mask for the interval; the first day after some date is
then a shift. So a search costs the same near the start and a thousand years after it, and a
filter that selects nothing (30 February, every second Tuesday of an interval that only meets Mondays) is
proven empty by one cycle of 400 years of the calendar times the interval, or by the end of the calendar.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from todotasks.recurrence.calendar.years import (
    CYCLE_DAYS,
    CYCLE_MONTHS,
    CYCLE_WEEKS,
    CYCLE_YEARS,
    FIRST_YEAR,
    LAST_YEAR,
    DayFilter,
    Year,
    every,
    lowest,
    month_bits,
    year_of,
)

REMEMBERED_YEARS = 512  # bit masks a rule keeps: 28 kinds of years, times the phases of an interval
LAST_DAY = year_of(LAST_YEAR + 1).first - 1
_Key = TypeVar("_Key")


class YearFilter(Protocol):
    """What selects days by the calendar alone: the BYxxx parts of a rule, or the day fields of cron."""

    @property
    def depends_on_kind_only(self) -> bool: ...
    def bits(self, year: Year) -> int: ...


class Step(Protocol):
    """What an interval selects. `phase` is all that matters of a year besides its kind."""

    @property
    def cycle_years(self) -> int: ...
    def phase(self, year: Year) -> int: ...
    def bits(self, year: Year, phase: int) -> int: ...


def _cycle(interval: int, units_in_400_years: int) -> int:
    return CYCLE_YEARS * (interval // math.gcd(interval, units_in_400_years))


@dataclass(frozen=True, slots=True)
class EveryYears:
    interval: int
    start: int  # year

    @property
    def cycle_years(self) -> int:
        return _cycle(self.interval, CYCLE_YEARS)

    def phase(self, year: Year) -> int:
        return (year.number - self.start) % self.interval

    def bits(self, year: Year, phase: int) -> int:
        return 0 if phase else year.full


@dataclass(frozen=True, slots=True)
class EveryMonths:
    interval: int
    start: int  # 12 * year + month - 1

    @property
    def cycle_years(self) -> int:
        return _cycle(self.interval, CYCLE_MONTHS)

    def phase(self, year: Year) -> int:
        return (self.start - 12 * year.number) % self.interval

    def bits(self, year: Year, phase: int) -> int:
        bits = 0
        for month in range(phase, 12, self.interval):
            bits |= month_bits(year, month + 1)
        return bits


@dataclass(frozen=True, slots=True)
class EveryWeeks:
    interval: int
    start: int  # the first day of the week that holds the start

    @property
    def cycle_years(self) -> int:
        return _cycle(self.interval, CYCLE_WEEKS)

    def phase(self, year: Year) -> int:
        return (self.start - year.first) % (7 * self.interval)

    def bits(self, year: Year, phase: int) -> int:
        step = 7 * self.interval
        bits = every(step, year.length) * 0x7F << phase
        if step - phase < 7:  # the week that began before 1 January
            bits |= 0x7F >> (step - phase)
        return bits & year.full


@dataclass(frozen=True, slots=True)
class EveryDays:
    interval: int
    start: int  # day

    @property
    def cycle_years(self) -> int:
        return _cycle(self.interval, CYCLE_DAYS)

    def phase(self, year: Year) -> int:
        return (self.start - year.first) % self.interval

    def bits(self, year: Year, phase: int) -> int:
        return (every(self.interval, year.length) << phase) & year.full


LONGEST_PATTERN = 20_000  # days; a longer cycle is kept as the sorted list of its days


class DayResidues:
    """Days whose number modulo `modulus` is one of `residues`: what an interval below a day leaves."""

    def __init__(self, modulus: int, residues: frozenset[int]) -> None:
        self._modulus = modulus
        self._sorted = sorted(residues)
        self._pattern = 0  # one cycle, and as much of the next that a year can begin on any day of it
        if modulus <= LONGEST_PATTERN:
            cycle = sum(1 << residue for residue in residues)
            self._pattern = cycle * every(modulus, modulus + 366)

    @property
    def cycle_years(self) -> int:
        return _cycle(self._modulus, CYCLE_DAYS)

    def phase(self, year: Year) -> int:
        return year.first % self._modulus

    def bits(self, year: Year, phase: int) -> int:
        if self._pattern:
            return (self._pattern >> phase) & year.full
        bits = 0
        for begin in (phase, phase - self._modulus):  # the year may run over the end of the cycle
            low = bisect_left(self._sorted, begin)
            high = bisect_left(self._sorted, begin + year.length)
            for residue in self._sorted[low:high]:
                bits |= 1 << (residue - begin)
        return bits


def _remember(memory: dict[_Key, int], key: _Key, bits: int) -> int:
    if len(memory) >= REMEMBERED_YEARS:
        memory.clear()
    memory[key] = bits
    return bits


class Days:
    """The days of a filter and a step. `keep` has the last word on a year's bits (BYSETPOS)."""

    def __init__(
        self, filter_: YearFilter, step: Step | None = None, keep: Callable[[Year, int], int] | None = None
    ) -> None:
        self._filter = filter_
        self._step = step
        self._keep = keep
        self._by_kind: dict[int, int] = {}
        self._kept: dict[tuple[int, int], int] = {}
        self._none_from = LAST_DAY + 1  # nothing at or after this day: found once, not searched again
        self._cycle_years = LAST_YEAR
        if filter_.depends_on_kind_only:
            self._cycle_years = min(LAST_YEAR, step.cycle_years if step else CYCLE_YEARS)

    def bits(self, year: Year) -> int:
        key = year.kind if self._filter.depends_on_kind_only else year.number
        bits = self._by_kind.get(key)
        if bits is None:
            bits = _remember(self._by_kind, key, self._filter.bits(year))
        if not bits:
            return 0
        phase = 0
        if self._step:
            phase = self._step.phase(year)
            bits &= self._step.bits(year, phase)
        if not (bits and self._keep):
            return bits
        kept = self._kept.get((key, phase))
        return _remember(self._kept, (key, phase), self._keep(year, bits)) if kept is None else kept

    def on_or_after(self, day: int) -> int | None:
        if day >= self._none_from:
            return None
        number = date.fromordinal(day).year if day > 0 else FIRST_YEAR
        year = year_of(number)
        bits = self.bits(year) >> max(day - year.first, 0)
        if bits:
            return max(day, year.first) + lowest(bits)
        for following in range(number + 1, min(number + self._cycle_years, LAST_YEAR) + 1):
            year = year_of(following)
            bits = self.bits(year)
            if bits:
                return year.first + lowest(bits)
        self._none_from = day
        return None

    def before(self, day: int, floor: int) -> int | None:
        """The last day before `day`, not before `floor`."""
        if day <= floor:
            return None
        number = date.fromordinal(day).year
        year = year_of(number)
        bits = self.bits(year) & ((1 << (day - year.first)) - 1)
        last_number = max(number - self._cycle_years, FIRST_YEAR)
        while not bits and year.first > floor and number > last_number:
            number -= 1
            year = year_of(number)
            bits = self.bits(year)
        found = year.first + bits.bit_length() - 1 if bits else 0
        return found if found >= floor and bits else None


ALL_DAYS = DayFilter()
