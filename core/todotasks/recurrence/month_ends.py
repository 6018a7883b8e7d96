"""Rules that leave out months, or years, because these have no such day: the 31st, 29 February.

RFC 5545 (3.3.10) ignores a date that does not exist, and cron does the same. That is right, and seldom what
was meant by "monthly on the 31st": whoever says it should hear of it, and of the last day (BYMONTHDAY=-1).
"""

from dataclasses import dataclass

from todotasks.recurrence.notation.cron import LAST
from todotasks.recurrence.notation.rrule_text import Freq
from todotasks.recurrence.rule import Rule

LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month, in a leap year
ALWAYS = 28  # days that every month has, in every year


@dataclass(frozen=True, slots=True)
class ShortMonths:
    """`day` is the day of the month that some have not; `leap_years`: it is 29 February and nothing else."""

    day: int
    leap_years: bool = False

    @property
    def ordinal(self) -> str:
        """29th, 30th, 31st"""
        return f"{self.day}{'st' if self.day == 31 else 'th'}"

    def note(self) -> str:
        if self.leap_years:
            return "years without a 29 February are left out; BYMONTHDAY=-1 is the last day of February"
        return f"months without a {self.ordinal} are left out; BYMONTHDAY=-1 is the last day of every month"


def short_months(rule: Rule) -> ShortMonths | None:
    """What the rule leaves out; None where each month (year) that it is about has the day."""
    days, months = _days_of_rrule(rule) if rule.source.rrule is not None else _days_of_cron(rule)
    lacking = [(day, month) for day in days for month in months if day > _always(month)]
    if not lacking:
        return None
    leap_years = all(each == (29, 2) for each in lacking) and tuple(months) == (2,)
    return ShortMonths(max(day for day, _ in lacking), leap_years)


def _always(month: int) -> int:
    return ALWAYS if month == 2 else LONGEST[month - 1]


def _days_of_rrule(rule: Rule) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The days of the month that are named, and the months that it is about."""
    source = rule.source.rrule
    assert source is not None, "asked for only where there is one"
    named = source.by_month_day
    chosen_among = source.by_set_pos or source.by_weekday or source.by_nth_weekday or source.by_week_number
    if (
        source.freq not in {Freq.MONTHLY, Freq.YEARLY}
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
