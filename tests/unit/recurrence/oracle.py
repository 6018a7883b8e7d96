"""A second opinion on recurrence: slow, literal, and sharing no code with what it judges.

It looks at every minute (or second) of the wall clock, asks whether the text of RFC 5545 allows it, maps it
to an instant with Python's own `zoneinfo`, and collects the instants in a set. What cron follows in real
time is looked at minute by minute of UTC. There is no arithmetic here that could be wrong in an
interesting way.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQS = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")


def parts_of(rule: str) -> dict[str, str]:
    return dict(part.split("=") for part in rule.split(";"))


def numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(number) for number in parts[name].split(",")] if name in parts else []


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """RFC 5545: `fold=0` is the first in the fold, and the offset before the gap in the gap."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def week_number(day: date, week_start: int) -> tuple[int, int, int]:
    """(year the week belongs to, its number, number of weeks of that year), by counting."""
    monday_like = day - timedelta(days=(day.weekday() - week_start) % 7)
    # A week belongs to the year in which it has at least four days: that of its fourth day.
    year = (monday_like + timedelta(days=3)).year
    weeks = [
        start
        for offset in range(-7, 372)
        if (start := date(year, 1, 1) + timedelta(days=offset)).weekday() == week_start
        and (start + timedelta(days=3)).year == year
    ]
    return year, weeks.index(monday_like) + 1, len(weeks)


@dataclass
class RRuleOracle:
    rule: str
    start: datetime  # naive

    def __post_init__(self) -> None:
        self.parts = parts_of(self.rule)
        self.freq = FREQS.index(self.parts["FREQ"])
        self.interval = int(self.parts.get("INTERVAL", "1"))
        self.week_start = DAYS.index(self.parts.get("WKST", "MO"))
        self.set_pos = numbers(self.parts, "BYSETPOS")
        self.hours = numbers(self.parts, "BYHOUR")
        self.minutes = numbers(self.parts, "BYMINUTE")
        self.seconds = numbers(self.parts, "BYSECOND")
        self._known: dict[date, bool] = {}
        if not self.hours and self.freq < 4:
            self.hours = [self.start.hour]
        if not self.minutes and self.freq < 5:
            self.minutes = [self.start.minute]
        if not self.seconds and self.freq < 6:
            self.seconds = [self.start.second]

    # --- does a wall-clock time match the BYxxx parts? ---

    def day_matches(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = self._day_matches(day)
        return self._known[day]

    def _day_matches(self, day: date) -> bool:
        parts, freq = self.parts, FREQS[self.freq]
        months = numbers(parts, "BYMONTH")
        names_days = any(name in parts for name in ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"))
        if months and day.month not in months:
            return False
        if not names_days:
            if freq == "YEARLY" and not months and day.month != self.start.month:
                return False
            if freq in ("YEARLY", "MONTHLY") and day.day != self.start.day:
                return False
            if freq == "WEEKLY" and day.weekday() != self.start.weekday():
                return False
        length = calendar.monthrange(day.year, day.month)[1]
        month_days = numbers(parts, "BYMONTHDAY")
        if month_days and day.day not in month_days and day.day - length - 1 not in month_days:
            return False
        of_year = day.timetuple().tm_yday
        year_length = 366 if calendar.isleap(day.year) else 365
        year_days = numbers(parts, "BYYEARDAY")
        if year_days and of_year not in year_days and of_year - year_length - 1 not in year_days:
            return False
        week_numbers = numbers(parts, "BYWEEKNO")
        if week_numbers:
            _, number, weeks = week_number(day, self.week_start)
            if number not in week_numbers and number - weeks - 1 not in week_numbers:
                return False
        if "BYDAY" in parts:
            return any(self._weekday_matches(day, item, bool(months)) for item in parts["BYDAY"].split(","))
        return True

    def _weekday_matches(self, day: date, item: str, months: bool) -> bool:
        if DAYS[day.weekday()] != item[-2:]:
            return False
        if len(item) == 2:
            return True
        if FREQS[self.freq] == "MONTHLY" or months:
            first, last = (
                day.replace(day=1),
                day.replace(day=calendar.monthrange(day.year, day.month)[1]),
            )
        else:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        same = [
            each
            for offset in range((last - first).days + 1)
            if (each := first + timedelta(days=offset)).weekday() == day.weekday()
        ]
        number = int(item[:-2])
        index = number - 1 if number > 0 else len(same) + number
        return 0 <= index < len(same) and same[index] == day

    def time_matches(self, wall: datetime) -> bool:
        return (
            (not self.hours or wall.hour in self.hours)
            and (not self.minutes or wall.minute in self.minutes)
            and (not self.seconds or wall.second in self.seconds)
        )

    # --- is its period one of the INTERVAL, and is it picked by BYSETPOS? ---

    def period(self, wall: datetime) -> int:
        day = wall.toordinal()
        match FREQS[self.freq]:
            case "YEARLY":
                return wall.year
            case "MONTHLY":
                return wall.year * 12 + wall.month
            case "WEEKLY":
                return (day + 6 - self.week_start) // 7
            case "DAILY":
                return day
            case "HOURLY":
                return day * 24 + wall.hour
            case "MINUTELY":
                return (day * 24 + wall.hour) * 60 + wall.minute
        return ((day * 24 + wall.hour) * 60 + wall.minute) * 60 + wall.second

    def walls(self, low: datetime, high: datetime, step: timedelta) -> Iterator[datetime]:
        """The matching wall-clock times from `low` to `high`, looking every `step`."""
        anchor = self.period(self.start)
        group: list[datetime] = []
        group_period = None
        wall = low
        while wall <= high:
            if not self.day_matches(wall.date()):
                wall = datetime.combine(wall.date() + timedelta(days=1), datetime.min.time())
                continue
            if self.time_matches(wall):
                period = self.period(wall)
                if (period - anchor) % self.interval == 0:
                    if not self.set_pos:
                        yield wall
                    elif period == group_period:
                        group.append(wall)
                    else:
                        yield from self._picked(group)
                        group, group_period = [wall], period
            wall += step
        yield from self._picked(group)

    def _picked(self, group: list[datetime]) -> list[datetime]:
        indexes = {pos - 1 if pos > 0 else len(group) + pos for pos in self.set_pos}
        return [wall for index, wall in enumerate(group) if index in indexes]

    def instants(self, zone: ZoneInfo, low: datetime, high: datetime, step: timedelta) -> list[datetime]:
        """The occurrences between two naive times, in UTC; `low` and `high` cut off whole periods."""
        begin = instant(self.start, zone)
        return sorted({at for wall in self.walls(low, high, step) if (at := instant(wall, zone)) >= begin})


@dataclass
class CronOracle:
    """Fields of sets; `real` says that it follows real time."""

    minutes: set[int]
    hours: set[int]
    days: set[int]
    months: set[int]
    weekdays: set[int]  # Sunday is 0
    either: bool
    real: bool

    def matches(self, wall: datetime) -> bool:
        day = wall.day in self.days
        weekday = wall.isoweekday() % 7 in self.weekdays
        return (
            wall.minute in self.minutes
            and wall.hour in self.hours
            and wall.month in self.months
            and (day or weekday if self.either else day and weekday)
        )

    def instants(self, zone: ZoneInfo, low: datetime, high: datetime) -> list[datetime]:
        minute = timedelta(minutes=1)
        found = set()
        if self.real:
            # Until 1937 Amsterdam's minutes began at second 28 of UTC: look at the seconds in use.
            seconds = {instant(edge, zone).second for edge in (low, high)}
            for second in seconds:
                at = low.replace(tzinfo=UTC, second=second)
                while at <= high.replace(tzinfo=UTC):
                    shown = at.astimezone(zone)
                    if shown.second == 0 and self.matches(shown):
                        found.add(at)
                    at += minute
            return sorted(found)
        wall = low
        while wall <= high:
            if self.matches(wall):
                found.add(instant(wall, zone))
            wall += minute
        return sorted(found)
