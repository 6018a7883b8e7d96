"""A time expression while it is being read: what is known of it so far, unresolved.

    atoms (`dates`, `days`, `periods`, `clock`, `offsets`) ──merge──▶ When ──resolve──▶ due, interval

Nothing is resolved until everything that stands together has been merged: "Sunday 31" is one day only when
both
are known, and "Friday" at noon on a Friday is today or not depending on the time that follows.
All moments are local and naive here; the zone is attached at the very end.
"""

from datetime import date, datetime

from todotasks.language.lexer.tokens import Tokens
from todotasks.language.reading.model import DayParts
from todotasks.language.time.arithmetic import add_unit
from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Unit


class Scan:
    """The tokens of one message, with the moment and the habits they are read with."""

    __slots__ = ("day_first", "now", "parts", "t", "today")

    def __init__(self, tokens: Tokens, now: datetime, day_first: bool, parts: DayParts) -> None:
        self.t = tokens
        self.now = now
        self.today = now.date()
        self.day_first = day_first
        self.parts = parts


class Duration:
    """Amounts of units, in the order they were said."""

    __slots__ = ("amounts", "vague")

    def __init__(self, amounts: list[tuple[Unit, float]], vague: bool = False) -> None:
        self.amounts = amounts
        self.vague = vague

    @property
    def has_time(self) -> bool:
        return any(unit[0] == "seconds" for unit, _ in self.amounts)

    @property
    def smallest(self) -> str:
        return self.amounts[-1][0][0]

    def added_to(self, moment: datetime, sign: int = 1) -> datetime | None:
        result: datetime | None = moment
        for unit, amount in self.amounts:
            if result is None:
                return None
            result = add_unit(result, unit, sign * amount)
        return result

    def iso(self, sign: int = 1) -> str:
        """ISO 8601: P1M2DT3H. Weeks are days; a part of a month is days."""
        months = days = seconds = 0.0
        for (kind, size), amount in self.amounts:
            if kind == "seconds":
                seconds += size * amount
            elif kind == "months":
                whole = int(size * amount)
                months += whole
                days += round((size * amount - whole) * 30)
            else:
                days += size * amount
        fraction = days - int(days)
        days, seconds = int(days), round(seconds + fraction * 86400)
        hours, rest = divmod(int(seconds), 3600)
        minutes, rest = divmod(rest, 60)
        date_part = (f"{int(months)}M" if months else "") + (f"{int(days)}D" if days else "")
        time_part = (
            (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}S" if rest else "")
        )
        body = date_part + ("T" + time_part if time_part else "")
        return ("-" if sign < 0 else "") + "P" + (body or "T0S")

    def short(self) -> str:
        """As `spec.reminders` has it: 1w, 1d, 30m. Months count as 30 days there."""
        out = ""
        for (kind, size), amount in self.amounts:
            if kind == "seconds":
                total = round(size * amount)
                hours, rest = divmod(total, 3600)
                minutes, seconds = divmod(rest, 60)
                out += (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
                out += f"{seconds}s" if seconds else ""
            elif kind == "months":
                out += f"{round(size * amount * 30)}d"
            elif kind == "days" and size == 7 and amount == int(amount):
                out += f"{int(amount)}w"
            else:
                days = size * amount
                out += (f"{int(days)}d" if int(days) else "") + (
                    f"{round(days % 1 * 24)}h" if days % 1 else ""
                )
        return out or "0m"


class TimeOfDay:
    """A time of day. `exact` is False where 5 may be 5:00 or 17:00."""

    __slots__ = ("exact", "hour", "minute", "second")

    def __init__(self, hour: int, minute: int = 0, second: int = 0, exact: bool = True) -> None:
        self.hour = hour
        self.minute = minute
        self.second = second
        self.exact = exact

    def copy(self) -> "TimeOfDay":
        return TimeOfDay(self.hour, self.minute, self.second, self.exact)


# Kinds of a day, from vague to exact: a merge keeps the more exact one.
WEEKDAY, DAY_OF_MONTH, MONTH_DAY, HOLIDAY, EXACT = range(5)


class Day:
    """A day: which of its parts are known depends on `kind`."""

    __slots__ = ("date", "day", "kind", "month", "name", "step", "weekday", "year")

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.date: date | None = None  # EXACT
        self.year = 0  # 0: not said
        self.month = 0
        self.day = 0
        self.weekday = -1
        self.step: int | None = None  # this = 0, next = 1, last = -1, coming = 2; None: not said
        self.name = ""


COMING = 100  # `Day.step`: strictly after today


def step_of(t: Tokens, i: int) -> int:
    """this = 0, next = 1 (übernächste = 2), last = -1, coming = `COMING`"""
    mask = t.masks[i]
    if mask & r.COMING:
        return COMING
    if mask & r.NEXT:
        return t.entries[i].step or 1
    return -1 if mask & r.LAST else 0


def exact(day: date) -> Day:
    result = Day(EXACT)
    result.date = day
    return result


class When:
    """A time expression over tokens `i` to `j`."""

    __slots__ = (
        "all_day",
        "bare", "clock", "day", "dead", "duration", "edge", "end", "grain", "i", "instant", "j", "mode",
        "part", "period",
        "period_point", "said", "weak", "yearless", "zone",
    )  # fmt: skip

    def __init__(self, i: int, j: int) -> None:
        self.i = i
        self.j = j
        self.day: Day | None = None
        self.clock: TimeOfDay | None = None
        self.part = ""
        self.instant: datetime | None = None
        self.period: tuple[date, date] | None = None  # the second is the first day after it
        self.period_point: date | None = None  # the day that a period stands for when one is needed
        self.edge = False  # the end of a period
        self.grain = ""  # of the period: week, month, quarter, year, weekend
        self.duration: Duration | None = None
        self.end: When | None = None  # of a range
        self.mode = ""  # before, after, since, until
        self.zone = ""
        self.yearless = False  # a month whose year was not said
        self.weak = False  # counts only beside something strong, or after a word like "on"
        self.dead = False  # has the shape of a date and is none (31 June): nothing in it is read
        self.all_day = False  # said so: no time of day
        self.bare = False  # a number that is an hour only because of what stands before it
        self.said = False  # a preposition of time stands before it

    @property
    def has_day(self) -> bool:
        return self.day is not None or self.instant is not None

    @property
    def has_time(self) -> bool:
        return self.clock is not None or bool(self.part)
