"""Days that a rule selects: a calendar filter and an interval, searched year by year.

A year costs one dictionary look-up once its kind and the interval's phase were met; the first day after
some date is then a shift. So a search costs the same near the start and a thousand years after it, and a
filter that selects nothing (30 February, every second Tuesday of an interval that only meets Mondays) is
proven empty by one cycle of 400 years of the calendar times the interval, or by the end of the calendar.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from todotasks.recurrence.years import (
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

REMEMBERED_YEARS = 512  # bit masks a rule keeps; 28 kinds times the phases of a usual interval


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


@dataclass(frozen=True, slots=True)
class DayResidues:
    """Days whose number modulo `modulus` is one of `residues`: what an interval below a day leaves."""

    modulus: int
    residues: frozenset[int]

    @property
    def cycle_years(self) -> int:
        return _cycle(self.modulus, CYCLE_DAYS)

    def phase(self, year: Year) -> int:
        return year.first % self.modulus

    def bits(self, year: Year, phase: int) -> int:
        bits = 0
        if len(self.residues) <= self.modulus // year.length:
            for residue in self.residues:
                index = (residue - phase) % self.modulus
                if index < year.length:
                    bits |= 1 << index
        else:
            for index in range(min(self.modulus, year.length)):
                if (phase + index) % self.modulus in self.residues:
                    bits |= every(self.modulus, year.length) << index
        return bits & year.full


class Days:
    """The days of a filter and a step. `keep` has the last word on a year's bits (BYSETPOS)."""

    def __init__(
        self, filter_: YearFilter, step: Step | None = None, keep: Callable[[Year, int], int] | None = None
    ) -> None:
        self._filter = filter_
        self._step = step
        self._keep = keep
        self._remembered: dict[tuple[int, int], int] = {}
        self._cycle_years = LAST_YEAR
        if filter_.depends_on_kind_only:
            self._cycle_years = min(LAST_YEAR, step.cycle_years if step else CYCLE_YEARS)

    def bits(self, year: Year) -> int:
        step = self._step
        phase = step.phase(year) if step else 0
        key = (year.kind if self._filter.depends_on_kind_only else year.number, phase)
        bits = self._remembered.get(key)
        if bits is None:
            bits = self._filter.bits(year)
            if step and bits:
                bits &= step.bits(year, phase)
            if self._keep and bits:
                bits = self._keep(year, bits)
            if len(self._remembered) >= REMEMBERED_YEARS:
                self._remembered.clear()
            self._remembered[key] = bits
        return bits

    def on_or_after(self, day: int) -> int | None:
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
