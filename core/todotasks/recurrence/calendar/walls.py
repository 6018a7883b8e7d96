"""The wall-clock times that a rule selects, before any time zone: days times times of day.

A wall-clock time is one integer, seconds since day 0 on the clock of the rule's place. Searching forward,
backward and counting are arithmetic on years and days; none of them walks from the start.
"""

from datetime import date

from todotasks.recurrence.calendar.days import Days
from todotasks.recurrence.calendar.times import DAY, Times
from todotasks.recurrence.calendar.years import (
    FIRST_YEAR,
    LAST_YEAR,
    Year,
    every,
    lowest,
    year_of,
)

# Two days from both ends of Python's calendar, so that an occurrence can be shown in every zone.
FIRST_WALL = (year_of(FIRST_YEAR).first + 2) * DAY
LAST_WALL = (year_of(LAST_YEAR).first + year_of(LAST_YEAR).length - 2) * DAY


LONGEST_COUNTED_CYCLE = 60  # days; beyond, a look at each day costs no more


class WallSet:
    """Every day of `days` has at least one time in `times`."""

    def __init__(self, days: Days, times: Times) -> None:
        self._days = days
        self._times = times

    def on_or_after(self, wall: int) -> int | None:
        if wall >= LAST_WALL:
            return None
        day, second = divmod(max(wall, FIRST_WALL), DAY)
        found = self._days.on_or_after(day)
        if found == day:
            time = self._times.first(day, second)
            if time is not None:
                return day * DAY + time
            found = self._days.on_or_after(day + 1)
        if found is None:
            return None
        time = self._times.first(found, 0)
        assert time is not None
        return found * DAY + time

    def before(self, wall: int, floor: int) -> int | None:
        """The last wall-clock time before `wall`, not before `floor`."""
        day, second = divmod(min(wall, LAST_WALL), DAY)
        floor = max(floor, FIRST_WALL)
        if wall <= floor:
            return None
        found = self._days.before(day + 1, floor // DAY)
        if found == day:
            time = self._times.last(day, second)
            if time is not None:
                return day * DAY + time if day * DAY + time >= floor else None
            found = self._days.before(day, floor // DAY)
        if found is None:
            return None
        time = self._times.last(found, DAY)
        assert time is not None
        return found * DAY + time if found * DAY + time >= floor else None

    def count(self, low: int, high: int) -> int:
        """How many lie in low..high-1: bit counts for each year; a look at each day where all days differ."""
        low, high = max(low, FIRST_WALL), min(high, LAST_WALL)
        if low >= high:
            return 0
        low_day, high_day = low // DAY, high // DAY
        before_low = self._count_in_day(low_day, low % DAY)
        return self._count_days(low_day, high_day) + self._count_in_day(high_day, high % DAY) - before_low

    def _count_in_day(self, day: int, second: int) -> int:
        """How many of `day` lie before `second`."""
        if not second or self._days.on_or_after(day) != day:
            return 0
        return self._times.count(day, second)

    def _count_days(self, low: int, high: int) -> int:
        """How many lie on the days low..high-1."""
        total = 0
        while low < high:
            year = _year_holding(low)
            end = min(high, year.first + year.length)
            bits = (self._days.bits(year) >> (low - year.first)) & ((1 << (end - low)) - 1)
            total += self._count_bits(low, bits)
            low = end
        return total

    def _count_bits(self, first: int, bits: int) -> int:
        cycle = self._times.cycle
        if cycle is not None and cycle <= LONGEST_COUNTED_CYCLE:
            return sum(
                self._times.count(first + day) * (bits & (every(cycle, 366) << day)).bit_count()
                for day in range(cycle)
            )
        total = 0
        while bits:
            total += self._times.count(first + lowest(bits))
            bits &= bits - 1
        return total

    def nth_on_or_after(self, wall: int, nth: int) -> int | None:
        """The nth (from 1) at or after `wall`: whole years are skipped by their count."""
        day, second = divmod(max(wall, FIRST_WALL), DAY)
        nth += self._count_in_day(day, second)
        while day * DAY < LAST_WALL:
            year = _year_holding(day)
            bits = self._days.bits(year) >> (day - year.first)
            count = self._count_bits(day, bits)
            if nth <= count:
                return self._nth_in(day, bits, nth)
            nth -= count
            day = year.first + year.length
        return None

    def _nth_in(self, first: int, bits: int, nth: int) -> int | None:
        day, nth = first + lowest(bits), nth - 1
        while nth >= self._times.count(day):
            nth -= self._times.count(day)
            bits &= bits - 1
            day = first + lowest(bits)
        time = self._times.first(day, 0)
        for _ in range(nth):
            assert time is not None
            time = self._times.first(day, time + 1)
        assert time is not None
        return day * DAY + time if day * DAY + time < LAST_WALL else None


def _year_holding(day: int) -> Year:
    return year_of(date.fromordinal(day).year)
