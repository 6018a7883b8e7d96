"""An RFC 5545 rule and its start become days and times of day.

What the rule leaves open comes from the start: `FREQ=MONTHLY` from the 5th at 09:00 is the 5th at 09:00.
A start that does not fit the rule is not an occurrence.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from todotasks.recurrence.calendar.days import (
    DayResidues,
    Days,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    EveryYears,
    Step,
)
from todotasks.recurrence.calendar.times import (
    DAY,
    PickedTimes,
    SameTimes,
    UnitTimes,
    clock_times,
)
from todotasks.recurrence.calendar.walls import WallSet
from todotasks.recurrence.calendar.years import (
    DayFilter,
    Year,
    lowest,
    month_starts,
    nth_bit,
    year_of,
)
from todotasks.recurrence.notation.rrule_text import Freq, RRule

UNIT_SECONDS = {Freq.HOURLY: 3600, Freq.MINUTELY: 60, Freq.SECONDLY: 1}
_ALL_HOURS, _ALL_SIXTY = tuple(range(24)), tuple(range(60))


def walls_of(rule: RRule, start: int) -> WallSet | None:
    """The wall-clock times of a completed rule, counted from `start`; None when BYSETPOS picks nothing."""
    if rule.freq in UNIT_SECONDS:
        return _below_a_day(rule, start)
    times = clock_times(rule.by_hour, rule.by_minute, rule.by_second)
    step = _step(rule, start)
    days_filter = _day_filter(rule)
    if not rule.by_set_pos:
        return WallSet(Days(days_filter, step), SameTimes(times))
    if rule.freq is Freq.DAILY:
        picked = pick(times, rule.by_set_pos)
        return WallSet(Days(days_filter, step), SameTimes(picked)) if picked else None
    largest = len(times) * (len(rule.by_weekday) or 7 if rule.freq is Freq.WEEKLY else 366)
    if not pick(range(largest), rule.by_set_pos):
        return None
    picker = _Picker(Days(days_filter, step), rule, times)
    days = Days(days_filter, step, picker.keep)
    return WallSet(days, PickedTimes(picker.times_of) if len(times) > 1 else SameTimes(times))


def completed(rule: RRule, start: int) -> RRule:
    """`rule` with all that it leaves open taken from `start` (wall-clock), so that only its phase is left."""
    months, month_days, weekdays = rule.by_month, rule.by_month_day, rule.by_weekday
    if not rule.selects_days and rule.freq <= Freq.WEEKLY:
        first = date.fromordinal(start // DAY)
        if rule.freq is Freq.YEARLY and not months:
            months = (first.month,)
        if rule.freq <= Freq.MONTHLY:
            month_days = (first.day,)
        else:
            weekdays = (first.weekday(),)
    return replace(
        rule,
        by_month=months,
        by_month_day=month_days,
        by_weekday=weekdays,
        by_hour=rule.by_hour or ((start % DAY // 3600,) if rule.freq < Freq.HOURLY else ()),
        by_minute=rule.by_minute or ((start % 3600 // 60,) if rule.freq < Freq.MINUTELY else ()),
        by_second=rule.by_second or ((start % 60,) if rule.freq < Freq.SECONDLY else ()),
    )


def _day_filter(rule: RRule) -> DayFilter:
    """The BYxxx parts of a completed rule that select days."""
    return DayFilter(
        months=rule.by_month,
        month_days=rule.by_month_day,
        year_days=rule.by_year_day,
        week_numbers=rule.by_week_number,
        week_start=rule.week_start,
        weekdays=rule.by_weekday,
        nth_weekdays=rule.by_nth_weekday,
        nth_in_month=rule.freq is Freq.MONTHLY or bool(rule.by_month),
        easter=rule.by_easter,
    )


def week_of(day: int, week_start: int) -> int:
    """The first day of the week that holds `day`."""
    return day - (day + 6 - week_start) % 7


def pick(items: Sequence[int], positions: tuple[int, ...]) -> tuple[int, ...]:
    """BYSETPOS: the items at these positions (from 1; from the end when negative)."""
    indexes = {p - 1 if p > 0 else len(items) + p for p in positions}
    return tuple(items[index] for index in sorted(indexes) if 0 <= index < len(items))


def _step(rule: RRule, start: int) -> Step | None:
    if rule.interval == 1:
        return None
    day = start // DAY
    first = date.fromordinal(day)
    if rule.freq is Freq.YEARLY:
        return EveryYears(rule.interval, first.year)
    if rule.freq is Freq.MONTHLY:
        return EveryMonths(rule.interval, 12 * first.year + first.month - 1)
    if rule.freq is Freq.WEEKLY:
        return EveryWeeks(rule.interval, week_of(day, rule.week_start))
    return EveryDays(rule.interval, day)


def _below_a_day(rule: RRule, start: int) -> WallSet | None:
    unit = UNIT_SECONDS[rule.freq]
    hours = rule.by_hour or _ALL_HOURS
    minutes, seconds = rule.by_minute or _ALL_SIXTY, rule.by_second or _ALL_SIXTY
    if rule.freq is Freq.HOURLY:
        allowed, offsets = _spread(1, 1, hours), clock_times((0,), minutes, seconds)
    elif rule.freq is Freq.MINUTELY:
        allowed, offsets = _spread(_spread(1, 1, minutes), 60, hours), clock_times((0,), (0,), seconds)
    else:
        allowed, offsets = _spread(_spread(_spread(1, 1, seconds), 60, minutes), 3600, hours), (0,)
    if rule.by_set_pos:
        offsets = pick(offsets, rule.by_set_pos)
        if not offsets:
            return None
    times = UnitTimes(unit, allowed, offsets, rule.interval, start // unit)
    residues = times.day_residues()
    return WallSet(Days(_day_filter(rule), DayResidues(*residues) if residues else None), times)


def _spread(pattern: int, width: int, positions: tuple[int, ...]) -> int:
    """`pattern`, `width` bits wide, at each of the positions."""
    bits = 0
    for position in positions:
        bits |= pattern << width * position
    return bits


class _Picker:
    """BYSETPOS over whole weeks, months or years: which of a period's days, and which of their times."""

    def __init__(self, candidates: Days, rule: RRule, times: tuple[int, ...]) -> None:
        self._candidates = candidates
        self._freq = rule.freq
        self._week_start = rule.week_start
        self._positions = rule.by_set_pos
        self._times = times
        self._last: tuple[int, dict[int, tuple[int, ...]]] = (-1, {})

    def keep(self, year: Year, bits: int) -> int:
        """Those of the year's candidate days that are picked."""
        kept, index = 0, lowest(bits)
        while index >= 0:
            low, high = self._period(year.first + index)
            for day in self._picked(low, high):
                if 0 <= day - year.first < year.length:
                    kept |= 1 << (day - year.first)
            done = high - year.first
            index = lowest(bits >> done << done)
        return kept

    def times_of(self, day: int) -> tuple[int, ...]:
        return self._picked(*self._period(day)).get(day, ())

    def _picked(self, low: int, high: int) -> dict[int, tuple[int, ...]]:
        if self._last[0] == low:
            return self._last[1]
        bits = self._bits(low, high)
        per_day = len(self._times)
        picked: dict[int, tuple[int, ...]] = {}
        for item in pick(range(bits.bit_count() * per_day), self._positions):
            day = low + nth_bit(bits, item // per_day)
            picked[day] = (*picked.get(day, ()), self._times[item % per_day])
        self._last = (low, picked)
        return picked

    def _period(self, day: int) -> tuple[int, int]:
        if self._freq is Freq.WEEKLY:
            low = week_of(day, self._week_start)
            return low, low + 7
        year = year_of(date.fromordinal(day).year)
        if self._freq is Freq.YEARLY:
            return year.first, year.first + year.length
        starts = month_starts(year.length == 366)
        month = bisect_right(starts, day - year.first)
        return year.first + starts[month - 1], year.first + starts[month]

    def _bits(self, low: int, high: int) -> int:
        """The candidates among the days low..high-1; a week may lie in two years."""
        bits = 0
        number = date.fromordinal(max(low, 1)).year
        for year in (year_of(number), year_of(number + 1)):
            shift = year.first - low
            of_year = self._candidates.bits(year)
            bits |= of_year << shift if shift >= 0 else of_year >> -shift
        return bits & ((1 << (high - low)) - 1)
