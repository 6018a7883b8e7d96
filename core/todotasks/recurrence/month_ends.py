"""Rules that leave out months, or years, because these have no such day: the 31st, 29 February, a fifth
Monday, week 53, the 366th day.

RFC 5545 (3.3.10) ignores a date that does not exist, and cron does the same. That is right, and seldom what
was meant by "monthly on the 31st": whoever says it should hear of it, and of the last one, which all have.
"""

from dataclasses import dataclass
from typing import Literal

from todotasks.recurrence.notation.cron import LAST
from todotasks.recurrence.notation.rrule_text import Freq, RRule
from todotasks.recurrence.rule import Rule

LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month, in a leap year
ALWAYS = 28  # days that every month has, in every year
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Written = Literal["rrule", "simple", "cron"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What some months or years have not: `number` as the day of the month; the 29 February of a `leap` year;
    the fifth (sixth and so on of a year) `weekday`; the week, or the day, of the year of that number."""

    what: Literal["day", "leap", "weekday", "week", "yearday"]
    number: int
    weekday: int = 0
    of_year: bool = False  # of a weekday: counted in the year

    @property
    def ordinal(self) -> str:
        """29th, 30th, 31st, 53rd"""
        return f"{self.number}{ {1: 'st', 3: 'rd'}.get(self.number % 10, 'th') }"

    @property
    def weekday_name(self) -> str:
        return WEEKDAYS[self.weekday]

    def note(self, written: Written = "rrule") -> str:
        """What is left out, and how to have the last one where the rule is `written` so."""
        match self.what:
            case "day":
                return (
                    f"months without a {self.ordinal} are left out; "
                    f"{_LAST_DAY[written]} is the last day of every month"
                )
            case "leap":
                last_day = _LAST_DAY[written]
                return f"years without a 29 February are left out; {last_day} is the last day of February"
            case "weekday":
                nth = "fifth" if self.number == 5 else self.ordinal
                code = _CODES[self.weekday]
                last = {"rrule": f"BYDAY=-1{code}", "simple": "nth: -1", "cron": f"{(self.weekday + 1) % 7}L"}
                period = "years" if self.of_year else "months"
                return (
                    f"{period} without a {nth} {self.weekday_name} are left out; "
                    f"{last[written]} is the last one of every {period[:-1]}"
                )
            case "week":
                return "years without a week 53 are left out; BYWEEKNO=-1 is the last week of every year"
            case "yearday":
                return "years without a day 366 are left out; BYYEARDAY=-1 is the last day of every year"


_LAST_DAY: dict[Written, str] = {"rrule": "BYMONTHDAY=-1", "simple": "dayOfMonth: -1", "cron": "L"}


def left_out(rule: Rule, *, from_completion: bool = False) -> LeftOut | None:
    """What the rule leaves out; None where each month (year) that it is about has the day.

    `from_completion`: it counts from when a task is done; a plain one then steps to the last day by itself.
    """
    if from_completion and rule.source.plain:
        return None
    source = rule.source.rrule
    if source is not None:
        found = _weekday(source) or _of_year(source)
        if found is not None:
            return found
        days, months = _days_of_rrule(source, rule)
    else:
        cron = rule.source.cron
        if cron is not None and cron.whole[2] and any(nth == 5 for nth, _ in cron.nth_weekdays):
            return LeftOut("weekday", 5, next(weekday for nth, weekday in cron.nth_weekdays if nth == 5))
        days, months = _days_of_cron(rule)
    lacking = [(day, month) for day in days for month in months if day > _always(month)]
    if not lacking:
        return None
    if all(each == (29, 2) for each in lacking) and tuple(months) == (2,):
        return LeftOut("leap", 29)
    return LeftOut("day", max(day for day, _ in lacking))


def _always(month: int) -> int:
    return ALWAYS if month == 2 else LONGEST[month - 1]


def _weekday(source: RRule) -> LeftOut | None:
    """The fifth Monday of a month, the 53rd of a year."""
    if source.freq not in {Freq.MONTHLY, Freq.YEARLY} or source.by_month_day or source.by_week_number:
        return None
    of_year = source.freq is Freq.YEARLY and not source.by_month
    most = 52 if of_year else 4  # that each has
    nth = source.by_nth_weekday
    if source.by_set_pos and len(source.by_weekday) == 1 and not of_year:  # BYDAY=MO;BYSETPOS=5
        nth = tuple((place, source.by_weekday[0]) for place in source.by_set_pos)
    elif source.by_set_pos:
        return None
    lacking = [(abs(number), weekday) for number, weekday in nth if abs(number) > most]
    if not lacking or len(lacking) < len(nth):  # beside others it fills in: "the fourth and the fifth"
        return None
    return LeftOut("weekday", lacking[0][0], lacking[0][1], of_year)


def _of_year(source: RRule) -> LeftOut | None:
    """Week 53, day 366."""
    if source.by_set_pos:
        return None
    for what, numbers, most in (("week", source.by_week_number, 52), ("yearday", source.by_year_day, 365)):
        if numbers and all(abs(number) > most for number in numbers):
            return LeftOut("week" if what == "week" else "yearday", max(map(abs, numbers)))
    return None


def _days_of_rrule(source: RRule, rule: Rule) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The days of the month that are named, and the months that it is about."""
    named = source.by_month_day
    chosen_among = source.by_set_pos or source.by_weekday or source.by_nth_weekday or source.by_week_number
    if (
        source.freq not in {Freq.DAILY, Freq.MONTHLY, Freq.YEARLY}
        or (source.freq is Freq.DAILY and source.interval > 1)  # it meets a day of the month by chance
        or chosen_among
        or any(day < 0 or day == ALWAYS for day in named)
    ):
        return (), ()
    months = source.by_month or tuple(range(1, 13))
    if source.freq == Freq.MONTHLY and rule.start is not None and not source.by_month:
        first = rule.start.month - 1
        months = tuple(sorted({(first + k * source.interval) % 12 + 1 for k in range(12)}))
    return tuple(day for day in named if day > ALWAYS), months


def _days_of_cron(rule: Rule) -> tuple[tuple[int, ...], tuple[int, ...]]:
    cron = rule.source.cron
    if cron is None or not cron.whole[4] or cron.starred[2]:  # `*/2` is no day that somebody has named
        return (), ()
    if cron.last_workday or LAST in cron.month_days or ALWAYS in cron.month_days:  # 25-31: up to the end
        return (), ()
    return tuple(day for day in cron.month_days if day > ALWAYS), tuple(cron.months)
