"""A recurrence being read, and the RRULE it becomes (RFC 5545, without DTSTART)."""

from datetime import date

from todotasks.language.time.expression import TimeOfDay
from todotasks.language.words.calendar_schema import Unit

DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = (0, 1, 2, 3, 4)
QUARTER_ENDS = (3, 6, 9, 12)
QUARTER_STARTS = (1, 4, 7, 10)
MOST_TIMES = 96  # of a day: every quarter of an hour
_ORDER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class RuleDraft:
    """What is known of a recurrence; `rrule` puts it in words that a calendar understands."""

    __slots__ = (
        "completion", "count", "days", "exceptions", "excluded", "extra", "freq", "hours", "i", "interval",
        "j", "month_days", "months", "nth", "parity", "part", "parts", "remarks",
        "scope", "set_pos", "spread", "start", "times", "until", "weak", "weeks", "window",
    )  # fmt: skip

    def __init__(self, i: int, j: int) -> None:
        self.i = i
        self.j = j
        self.freq = ""
        self.interval = 1
        self.days: list[int] = []  # weekdays
        self.nth: list[tuple[int, int]] = []  # (nth, weekday)
        self.month_days: list[int] = []
        self.months: list[int] = []
        self.set_pos: list[int] = []
        self.scope = ""  # of `nth`, `set_pos`, `month_days`: month, quarter, year
        self.times: list[TimeOfDay] = []
        self.hours: list[int] = []  # within which an interval of minutes counts
        self.part = ""
        self.parts: list[str] = []  # further ones: every morning and evening
        self.spread = False  # the times are ours, not said: "twice a day"
        self.parity: int | None = None  # only even weeks of the year (0), or odd ones (1)
        self.weeks: list[int] = []  # of a year, by number
        self.count = 0
        self.until: date | None = None
        self.start: date | None = None
        self.excluded: list[int] = []  # weekdays
        self.exceptions: list[date] = []
        self.extra: list[tuple[int, int]] = []  # further tokens that belong to it: the count, the exceptions
        self.window: tuple[TimeOfDay, TimeOfDay] | None = None  # every hour *from 9 to 17*
        self.completion = False
        self.remarks: list[str] = []
        self.weak = False  # an adjective ("a weekly call"): anything clearer takes its place

    def unit(self, unit: Unit, amount: float = 1) -> bool:
        """Every `amount` of `unit` ("every 3 days"); False for what no RRULE can say."""
        kind, size = unit
        steps = round(size * amount) if kind in {"days", "months", "seconds"} else 0
        if kind == "workdays":
            self.freq, self.interval = ("WEEKLY", 1) if amount == 1 else ("DAILY", max(round(amount), 1))
            if amount == 1:
                self.days = list(WORKDAYS)
            else:
                self.remarks.append("counted in calendar days: a rule cannot step over weekends")
            return True
        if steps < 1:
            return False
        if kind == "days":
            self.freq, self.interval = (
                ("WEEKLY", steps // 7) if size % 7 == 0 and steps % 7 == 0 else ("DAILY", steps)
            )
        elif kind == "months":
            self.freq, self.interval = (
                ("YEARLY", steps // 12) if size % 12 == 0 and steps % 12 == 0 else ("MONTHLY", steps)
            )
        elif steps % 3600 == 0:
            self.freq, self.interval = "HOURLY", steps // 3600
        elif steps % 60 == 0:
            self.freq, self.interval = "MINUTELY", steps // 60
        else:
            self.freq, self.interval = "SECONDLY", steps
        return True

    def at_least(self, freq: str) -> None:
        """A place within a month needs a monthly rule; a coarser one stays."""
        if self.freq not in _ORDER or _ORDER.index(self.freq) < _ORDER.index(freq):
            self.freq = freq

    def _settle(self) -> None:
        if self.weeks:
            self.freq, self.interval = "YEARLY", self.interval if self.freq == "YEARLY" else 1
            return
        if self.month_days or self.nth or self.set_pos:
            if self.scope == "quarter" or (
                self.freq == "MONTHLY" and self.interval == 3 and self.scope == "quarter"
            ):
                last = all(n < 0 for n in [*self.month_days, *self.set_pos, *(n for n, _ in self.nth)])
                self.freq, self.interval = "MONTHLY", 1
                self.months = list(QUARTER_ENDS if last else QUARTER_STARTS)
            elif self.scope == "year" or self.months:
                self.at_least("YEARLY")
                if self.month_days and self.month_days == [-1] and not self.months:
                    self.months, self.month_days = [12], [31]
            else:
                self.at_least("MONTHLY")
        elif self.months and not self.freq:
            self.freq = "YEARLY"  # every june; "every day in june" stays daily
        elif self.days and ((self.freq in {"", "DAILY"} and self.interval == 1) or not self.freq):
            self.freq = "WEEKLY"
        if not self.freq:
            self.freq = "DAILY"
        if self.excluded:
            if self.freq == "DAILY" and self.interval == 1:
                self.freq, self.days = "WEEKLY", list(range(7))
            if self.freq == "WEEKLY" and self.days:
                self.days = [day for day in self.days if day not in self.excluded] or self.days

    def _settle_window(self) -> None:
        """Every hour within some hours of the day: these hours and minutes, each day that has them."""
        assert self.window is not None
        first, last = (clock.hour * 60 + clock.minute for clock in self.window)
        step = self.interval * (60 if self.freq == "HOURLY" else 1)
        found = list(range(first, last + 1, step))[:MOST_TIMES]
        by_hour: dict[int, set[int]] = {}
        for minute in found:
            by_hour.setdefault(minute // 60, set()).add(minute % 60)
        full = max(by_hour.values(), key=len)
        if any(by_hour[hour] != full for hour in by_hour if hour != max(by_hour)):
            # every 45 minutes: other minutes each hour, which only an interval can say
            self.hours = list(range(first // 60, max(last // 60, first // 60 + 1)))
            return
        while len(by_hour) > 1 and by_hour[max(by_hour)] != full:
            hour = max(by_hour)  # 12:00 of "every 30 minutes from 9 to 12": a rule has all minutes of an hour
            del by_hour[hour]
            self.remarks.append(
                f"a rule cannot end within an hour: the last is at {max(by_hour)}:{max(full):02}"
            )
        self.freq, self.interval = ("WEEKLY" if self.days else "DAILY"), 1
        self.times = [
            TimeOfDay(hour, minute) for hour, minutes in by_hour.items() for minute in sorted(minutes)
        ]

    def rrule(self) -> str:
        if self.window is not None and self.freq in {"HOURLY", "MINUTELY"}:
            self._settle_window()
        self._settle()
        while self.start and self.until and self.until < self.start and self.until.year < self.start.year + 2:
            self.until = self.until.replace(year=self.until.year + 1, day=min(self.until.day, 28))
        out = [f"FREQ={self.freq}"]
        if self.interval > 1:
            out.append(f"INTERVAL={self.interval}")
        if self.weeks:
            out.append("BYWEEKNO=" + ",".join(map(str, dict.fromkeys(self.weeks))))
        if self.months:
            out.append("BYMONTH=" + ",".join(map(str, dict.fromkeys(self.months))))
        if self.month_days:
            of_year = self.freq == "YEARLY" and not self.months  # the 31st of each month is not yearly
            out.append(
                ("BYYEARDAY=" if of_year else "BYMONTHDAY=")
                + ",".join(map(str, dict.fromkeys(self.month_days)))
            )
        if self.nth:
            out.append("BYDAY=" + ",".join(f"{n}{DAY_NAMES[day]}" for n, day in dict.fromkeys(self.nth)))
        elif self.days:
            out.append("BYDAY=" + ",".join(DAY_NAMES[day] for day in sorted(set(self.days))))
        if self.set_pos:
            out.append("BYSETPOS=" + ",".join(map(str, dict.fromkeys(self.set_pos))))
        if self.times:
            minutes = {clock.minute for clock in self.times}
            hours = sorted({clock.hour for clock in self.times})
            if len(minutes) > 1 and len(minutes) * len(hours) != len(
                {(c.hour, c.minute) for c in self.times}
            ):
                hours, minutes = [self.times[0].hour], {self.times[0].minute}
                self.remarks.append(
                    "only the first time is used: one rule cannot have times with different minutes"
                )
            out.append("BYHOUR=" + ",".join(map(str, hours)))
            out.append("BYMINUTE=" + ",".join(map(str, sorted(minutes))))
        elif self.hours:
            out.append("BYHOUR=" + ",".join(map(str, self.hours)))
        if self.count:
            out.append(f"COUNT={self.count}")
        elif self.until:
            out.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(out)
