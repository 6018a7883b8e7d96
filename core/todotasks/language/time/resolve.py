"""From a `When` to days and moments: the next one that fits, never before now where the words leave a
choice.
"""

from datetime import date, datetime, time, timedelta

from todotasks.language.reading.model import PART_RANGES
from todotasks.language.time.arithmetic import (
    add_days,
    add_months,
    days_in_month,
    make_date,
    next_weekday,
    week_start,
)
from todotasks.language.time.expression import (
    COMING,
    DAY_OF_MONTH,
    EXACT,
    HOLIDAY,
    MONTH_DAY,
    WEEKDAY,
    Day,
    Scan,
    TimeOfDay,
    When,
)
from todotasks.language.time.holidays import holiday, last_holiday, lasts, next_holiday

MONTH_DAY_YEARS = 3  # in which "Fri, Jul 18" must be a Friday: further off, the weekday is the slip
YEARS_AHEAD = 40  # how far to look for "Sunday 31" or 29 February
LATEST_EVENING_HOUR = 9  # "at 10" is not 22:00
LAST_AFTERNOON_HOUR = 6  # "at 6" without am or pm is in the afternoon, "at 7" in the morning


def resolve_day(s: Scan, day: Day, clock: TimeOfDay | None) -> date | None:
    if day.kind == EXACT:
        return day.date
    if day.kind == WEEKDAY:
        return _weekday(s, day, clock)
    if day.kind == MONTH_DAY:
        return _month_day(s, day)
    if day.kind == DAY_OF_MONTH:
        return _day_of_month(s, day, clock)
    return _holiday(s, day) if day.kind == HOLIDAY else None


def _weekday(s: Scan, day: Day, clock: TimeOfDay | None) -> date | None:
    step, today = day.step, s.today
    if step is not None and step < 0:
        return next_weekday(today, day.weekday) - timedelta(days=7)
    if step == COMING:
        return next_weekday(today + timedelta(days=1), day.weekday)
    if step:
        return add_days(week_start(today), 7 * step + day.weekday)
    found = next_weekday(today, day.weekday)
    if found == today and clock is not None and _passed(s, clock):
        found += timedelta(days=7)
    return found


def _passed(s: Scan, clock: TimeOfDay) -> bool:
    """Is this time of today over, whichever half of the day it means?"""
    return (_hours(clock, "")[-1], clock.minute) < (s.now.hour, s.now.minute)


def _month_day(s: Scan, day: Day) -> date | None:
    if day.year:
        return make_date(day.year, day.month, day.day)
    years = range(s.today.year, s.today.year + 9)
    ahead = [found for year in years if (found := make_date(year, day.month, day.day)) and found >= s.today]
    fits = (found for found in ahead[:MONTH_DAY_YEARS] if found.weekday() == day.weekday)
    return next(fits, ahead[0] if ahead else None)


def _day_of_month(s: Scan, day: Day, clock: TimeOfDay | None) -> date | None:
    year, month = s.today.year, s.today.month
    for _ in range(12 * YEARS_AHEAD):
        found = make_date(year, month, day.day)
        past = found is not None and (
            found < s.today or (found == s.today and clock is not None and _passed(s, clock))
        )
        if found and not past and (day.weekday < 0 or found.weekday() == day.weekday):
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _holiday(s: Scan, day: Day) -> date | None:
    if day.year:
        return holiday(day.name, day.year)
    back = day.step is not None and day.step < 0
    ahead = next_holiday(day.name, s.today + timedelta(days=bool(day.step)))
    return last_holiday(day.name, s.today) if back or not ahead else ahead


def resolve_clock(s: Scan, clock: TimeOfDay, part: str, day: date | None) -> datetime | None:
    """A time of day on `day`, or the next one from now on."""
    hours = _hours(clock, part)
    if day is not None:
        if len(hours) == 2 and day == s.today:
            later = [h for h in hours if (h, clock.minute) > (s.now.hour, s.now.minute)]
            hour = _preferred(clock, [h for h in hours if h in later] or hours)
        else:
            hour = _preferred(clock, hours)
        return _at(day, hour, clock)
    upcoming = [
        h for h in hours if (h, clock.minute, clock.second) > (s.now.hour, s.now.minute, s.now.second)
    ]
    hour = _preferred(clock, upcoming or hours)
    return _at(s.today if upcoming else s.today + timedelta(days=1), hour, clock)


def _hours(clock: TimeOfDay, part: str) -> list[int]:
    """The hours that the words can mean."""
    hour = clock.hour
    if part in {"afternoon", "evening", "dinner"} and hour < 12 and not clock.exact:
        return [hour + 12]
    if part == "night" and hour <= 12:
        if hour == 12:
            return [24]
        return [hour + 12] if hour >= 5 else [hour + 12 if clock.exact and hour > 4 else hour]
    if part in {"morning", "forenoon", "breakfast"}:
        return [0 if hour == 12 and not clock.exact else hour]
    if clock.exact or hour > 12 or hour == 0:
        return [hour]
    if hour > LATEST_EVENING_HOUR or (hour > LAST_AFTERNOON_HOUR and clock.minute):
        return [hour]
    return [hour, hour + 12]


def _preferred(clock: TimeOfDay, hours: list[int]) -> int:
    if len(hours) == 2:
        return hours[1] if clock.hour <= LAST_AFTERNOON_HOUR else hours[0]
    return hours[0]


def _at(day: date, hour: int, clock: TimeOfDay) -> datetime | None:
    if hour >= 24:
        moved = add_days(day, 1)
        return datetime.combine(moved, time(hour - 24, clock.minute, clock.second)) if moved else None
    return datetime.combine(day, time(hour, clock.minute, clock.second))


def resolve_part(s: Scan, part: str, day: date | None) -> datetime:
    """The hour a part of the day stands for. One that has begun today means its next full hour."""
    hour = s.parts.hour(part)
    begin, end = PART_RANGES.get(part, (hour, hour + 1))
    if day is None:
        day = s.today if s.now.hour < max(end, hour + 1) else s.today + timedelta(days=1)
    if day == s.today and s.now.hour >= hour:
        if begin <= s.now.hour < end - 1:
            hour = s.now.hour + 1
        elif part == "night" and s.now.hour >= hour:
            hour = min(s.now.hour + 1, 23)
    return datetime.combine(day, time(hour))


def day_of(s: Scan, when: When) -> date | None:
    """The day an expression is about, if any."""
    if when.day is not None:
        return resolve_day(s, when.day, when.clock if not when.part else None)
    if when.instant is not None:
        return when.instant.date()
    return when.period_point


def moment_of(s: Scan, when: When) -> date | datetime | None:
    """The due: a day, or a moment where a time is known."""
    if when.instant is not None:
        return when.instant
    day = day_of(s, when)
    if day is None and (when.day is not None or when.period is not None):
        return None
    if when.clock is not None:
        clock = when.clock
        if clock.hour == 0 and clock.minute == 0 and when.part == "night" and day is not None:
            return _at(day, 24, clock)  # midnight tonight is where tomorrow begins
        if when.part == "night" and day == s.today and clock.hour < 5:
            return resolve_clock(s, TimeOfDay(clock.hour, clock.minute, clock.second), "", None)
        return resolve_clock(s, clock, when.part, day)
    if when.part:
        return resolve_part(s, when.part, day)
    return day


def interval_of(s: Scan, when: When) -> tuple[date | datetime | None, date | datetime | None] | None:
    """From where to where, if the words say a stretch of time."""
    if when.end is not None:
        return range_of(s, when)
    point = moment_of(s, when)
    if when.mode in {"before", "until"}:
        if when.period and not when.has_time:
            return None, when.period[1] if when.edge or when.mode == "until" else when.period[0]
        return None, point
    if when.mode == "within" and when.instant is None and isinstance(point, date):
        return s.today, point
    if when.mode == "within":
        return s.now, point
    if when.mode in {"after", "since"}:
        start: date | datetime | None = point
        if when.period:
            start = when.period[1] if when.mode == "after" else when.period[0]
        return start, None
    if when.clock is not None or when.instant is not None:
        return None
    days = lasts(when.day.name) if when.day is not None and when.day.kind == HOLIDAY and not when.part else 1
    if days > 1 and isinstance(point, date):
        return point, point + timedelta(days=days)  # a feast of several days
    if when.part and isinstance(point, datetime):
        begin, end = PART_RANGES.get(when.part, (point.hour, point.hour + 1))
        day = point.date()
        start_of = datetime.combine(day, time(begin))
        return start_of, (
            datetime.combine(day, time(23, 59, 59)) if end == 24 else datetime.combine(day, time(end))
        )
    return when.period


def end_counts(when: When, end: date | datetime | None) -> bool:
    """Is the end a day that belongs to it? Of "by friday" and "monday to friday" it is; of "before friday"
    and "this week" it is where the next begins."""
    if end is None or isinstance(end, datetime):
        return False
    if when.end is not None:
        return when.end.period is None
    return when.mode in {"until", "within"} and when.period is None


def range_of(s: Scan, when: When) -> tuple[date | datetime | None, date | datetime | None] | None:
    """A to B: what one side lacks it takes from the other, and B comes after A."""
    end = when.end
    assert end is not None
    _share(s, when, end)
    first = moment_of(s, when)
    if when.period and not when.clock:
        first = when.period[0]
    last = moment_of(s, end)
    if end.period and not end.clock:
        last = end.period[0]
    if first is None or last is None:
        return None
    if isinstance(first, datetime) != isinstance(last, datetime):
        first, last = _as_date(first), _as_date(last)
    if isinstance(first, datetime) and isinstance(last, datetime):
        if end.day is None and end.instant is None:
            last = _clock_after(s, end, first)
        elif when.day is None and when.instant is None and first > last and when.clock is not None:
            first = datetime.combine(last.date(), first.time())
        return first, last
    while last < first:
        moved = _later(last, end)
        if moved is None or moved <= last:
            break
        last = moved
    return first, last


def _as_date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _later(last: date, end: When) -> date | None:
    """The next time an end comes that lies before its beginning."""
    if end.day is not None and end.day.kind == WEEKDAY:
        return last + timedelta(days=7)
    if end.day is not None and end.day.kind == DAY_OF_MONTH:
        moved = add_months(last, 1)
        return (
            make_date(moved.year, moved.month, min(end.day.day, days_in_month(moved.year, moved.month)))
            if moved
            else None
        )
    if (end.day is not None and end.day.kind == MONTH_DAY) or end.grain == "month":
        return add_months(last, 12)
    return None


def _share(s: Scan, when: When, end: When) -> None:
    """3 - 4pm: both in the afternoon. 10 August - 12 September 2013: both in 2013."""
    a, b = when.clock, end.clock
    if a is not None and b is not None:
        if not when.part and not a.exact and b.exact and 1 <= a.hour <= 12:
            afternoon = a.hour % 12 + 12
            fits = (afternoon, a.minute) < (b.hour, b.minute) and b.hour >= 12
            a.hour, a.exact = (
                (afternoon if fits else a.hour % 12 if a.hour == 12 and b.hour < 12 else a.hour),
                True,
            )
        if when.part and not end.part:
            end.part = when.part
        elif end.part and not when.part:
            when.part = end.part
    if when.yearless and when.period is not None:
        other = end.period[0] if end.period else resolve_day(s, end.day, None) if end.day else None
        if other is not None:
            month = when.period[0].month
            year = other.year - (month > other.month)
            when.period = (date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
            when.period_point = when.period[0]
    first, last = when.day, end.day
    if first is not None and last is not None and first.kind == MONTH_DAY and last.kind == MONTH_DAY:
        _set_year_of(s, last)
    if first is not None and last is not None:
        if first.kind == MONTH_DAY and last.kind == EXACT and last.date is not None:
            year = last.date.year - (1 if (first.month, first.day) > (last.date.month, last.date.day) else 0)
            _set_year(first, year)
        elif last.kind == MONTH_DAY and first.kind == EXACT and first.date is not None:
            year = first.date.year + (1 if (last.month, last.day) < (first.date.month, first.date.day) else 0)
            _set_year(last, year)


def _set_year_of(s: Scan, day: Day) -> None:
    found = resolve_day(s, day, None)
    if found is not None:
        day.kind, day.date = EXACT, found


def _set_year(day: Day, year: int) -> None:
    found = make_date(year, day.month, day.day)
    if found is not None:
        day.kind, day.date = EXACT, found


def _clock_after(s: Scan, end: When, first: datetime) -> datetime:
    """The end of a range that is only a time: the first such moment after the beginning."""
    clock = end.clock
    if clock is None:
        return first
    hours = _hours(clock, end.part)
    candidates = sorted(_at(first.date(), hour, clock) or first for hour in hours)
    for candidate in candidates:
        if candidate > first:
            return candidate
    return candidates[0] + timedelta(days=1)
