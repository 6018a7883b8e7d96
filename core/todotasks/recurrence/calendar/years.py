"""The calendar as bits: one integer a year, bit *i* set when its *i*-th day (0 = 1 January) is meant.

All questions about days become a shift and a mask: the next day is the lowest bit that is left, the
number of days a bit count. What a filter such as "second Tuesday" selects depends only on the *kind* of
the year: its first weekday, and whether it, the year before and the year after are leap years (week
numbers look across both ends). There are 28 kinds, and they come back every 400 years; so nothing here
has to be computed twice, and "never" is proven by looking at one cycle.

Days are `date.toordinal()` numbers, weekdays count from Monday = 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

CYCLE_YEARS = 400
CYCLE_DAYS = 146_097
CYCLE_WEEKS = 20_871
CYCLE_MONTHS = 4_800

FIRST_YEAR, LAST_YEAR = 1, 9999  # what `datetime` can hold

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Year(NamedTuple):
    number: int
    first: int  # ordinal of 1 January
    length: int  # days
    weekday: int  # of 1 January
    kind: int  # equal for years whose calendars are equal, week numbers included

    @property
    def full(self) -> int:
        return (1 << self.length) - 1


@cache
def year_of(number: int) -> Year:
    before = number - 1
    first = before * 365 + before // 4 - before // 100 + before // 400 + 1
    leap = is_leap(number)
    weekday = (first + 6) % 7
    kind = weekday * 8 + is_leap(before) * 4 + leap * 2 + is_leap(number + 1)
    return Year(number, first, 365 + leap, weekday, kind)


@cache
def month_starts(leap: bool) -> tuple[int, ...]:
    """Index of the first day of each month, and the length of the year at the end: 13 numbers."""
    starts = [0]
    for month, length in enumerate(_LENGTHS):
        starts.append(starts[-1] + length + (leap and month == 1))
    return tuple(starts)


@cache
def every(step: int, length: int) -> int:
    """Bits 0, step, 2·step … below `length`."""
    if step >= length:
        return 1
    # Doubling: a SECONDLY rule has 86,400 bits, and a division of such numbers takes milliseconds.
    bits, width = 1, step
    while width < length:
        bits |= bits << width
        width *= 2
    return bits & ((1 << length) - 1)


def lowest(bits: int) -> int:
    """Index of the lowest set bit; -1 when there is none."""
    return (bits & -bits).bit_length() - 1


def nth_bit(bits: int, index: int) -> int:
    """Index of the `index`-th (from 0) set bit, which must exist: by halves, a year has hundreds."""
    low, high = 0, bits.bit_length()
    while high - low > 1:
        middle = (low + high) // 2
        if (below := (bits & ((1 << middle) - 1)).bit_count()) > index:
            high = middle
            bits &= (1 << middle) - 1
        else:
            low = middle
            bits = bits >> middle << middle
            index -= below
    return low


def weekday_bits(year: Year, weekday: int) -> int:
    return (every(7, 371) << ((weekday - year.weekday) % 7)) & year.full


def month_bits(year: Year, month: int) -> int:
    starts = month_starts(year.length == 366)
    return (1 << starts[month]) - (1 << starts[month - 1])


def nth_weekday_bits(year: Year, nth: int, weekday: int, low: int, high: int) -> int:
    """The n-th such weekday of the days low..high-1 (from the end when negative), if there is one."""
    if nth > 0:
        index = low + (weekday - year.weekday - low) % 7 + 7 * (nth - 1)
    else:
        index = high - 1 - (year.weekday + high - 1 - weekday) % 7 + 7 * (nth + 1)
    return 1 << index if low <= index < high else 0


def _first_week(weekday: int, week_start: int) -> int:
    """Index of the first day of week 1, -3 to 3: the first week with at least four days in the year."""
    index = (week_start - weekday) % 7
    return index - 7 if index >= 4 else index


def week_number_bits(year: Year, numbers: tuple[int, ...], week_start: int) -> int:
    """The days that lie in weeks with these numbers (from the end when negative).

    Days at the year's ends belong to a week of the neighbouring year and match that week's number, so
    that over the years each week is complete.
    """
    first = _first_week(year.weekday, week_start)
    after = year_of(year.number + 1)
    weeks = (year.length + _first_week(after.weekday, week_start) - first) // 7
    spans = [(first, weeks)]
    if first > 0:
        before = year_of(year.number - 1)
        start = _first_week(before.weekday, week_start) - before.length
        spans.append((start, (first - start) // 7))
    end = first + 7 * weeks
    if end < year.length:
        beyond = year_of(year.number + 2)
        length = after.length + _first_week(beyond.weekday, week_start)
        spans.append((end, (year.length + length - end) // 7))
    bits = 0
    for start, count in spans:
        for number in numbers:
            index = number - 1 if number > 0 else count + number
            if 0 <= index < count:
                low = start + 7 * index
                bits |= 0x7F << low if low >= 0 else 0x7F >> -low
    return bits & year.full


def easter_index(year: Year) -> int:
    """Index of Easter Sunday in the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year.number % 19, year.number // 100, year.number % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    shifted = h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114
    month, day = shifted // 31, shifted % 31
    return month_starts(year.length == 366)[month - 1] + day


@dataclass(frozen=True, slots=True)
class DayFilter:
    """Which days of a year the BYxxx parts of a rule leave. An empty tuple filters nothing.

    `nth_weekdays` are counted within each month when `nth_in_month`, else within the year.
    """

    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    week_start: int = 0
    weekdays: tuple[int, ...] = ()
    nth_weekdays: tuple[tuple[int, int], ...] = ()
    nth_in_month: bool = False
    easter: tuple[int, ...] = ()

    @property
    def depends_on_kind_only(self) -> bool:
        return not self.easter  # Easter wanders for 5,700,000 years before it repeats

    def bits(self, year: Year) -> int:
        bits = year.full
        if self.months:
            bits &= _union(month_bits(year, month) for month in self.months)
        if self.month_days:
            bits &= month_day_bits(year, self.month_days)
        if self.year_days:
            days = (day - 1 if day > 0 else year.length + day for day in self.year_days)
            bits &= _union(1 << index for index in days if 0 <= index < year.length)
        if self.week_numbers:
            bits &= week_number_bits(year, self.week_numbers, self.week_start)
        if self.weekdays or self.nth_weekdays:
            # A union: "BYDAY=MO,1TU" is every Monday and the first Tuesday.
            plain = _union(weekday_bits(year, weekday) for weekday in self.weekdays)
            bits &= plain | self._nth_weekday_bits(year)
        if self.easter:
            sunday = easter_index(year)
            indexes = (sunday + offset for offset in self.easter)
            bits &= _union(1 << index for index in indexes if 0 <= index < year.length)
        return bits

    def _nth_weekday_bits(self, year: Year) -> int:
        if not self.nth_in_month:
            return _union(nth_weekday_bits(year, n, day, 0, year.length) for n, day in self.nth_weekdays)
        starts = month_starts(year.length == 366)
        return _union(
            nth_weekday_bits(year, n, day, starts[month - 1], starts[month])
            for month in self.months or range(1, 13)
            for n, day in self.nth_weekdays
        )


def month_day_bits(year: Year, days: tuple[int, ...]) -> int:
    starts = month_starts(year.length == 366)
    bits = 0
    for low, high in pairwise(starts):
        for day in days:
            index = low + day - 1 if day > 0 else high + day
            if low <= index < high:
                bits |= 1 << index
    return bits


def _union(bits_of_each: Iterable[int]) -> int:
    bits = 0
    for each in bits_of_each:
        bits |= each
    return bits
