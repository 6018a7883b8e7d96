"""One schedule in the three ways of writing: what was said as an RRULE, as cron or as `simple` has it.

A rule that somebody declares in a file (Git) keeps its way of writing when it is changed by words: the file
names `cron`, and beside an `rrule` the API server would refuse it from then on ("exactly one of"). What a way
of writing cannot say is None, and then the kind has to change.
"""

import re
from collections.abc import Mapping
from datetime import datetime, time

from todotasks.api import SimpleSchedule
from todotasks.edits.model.edit import Document
from todotasks.recurrence.notation.simple import DAYS_OF_WEEK

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {"DAILY": "Daily", "WEEKLY": "Weekly", "MONTHLY": "Monthly", "YEARLY": "Yearly"}
_NTH = re.compile(r"([+-]?\d)([A-Z]{2})")
_CRON_KNOWS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "WKST"})
_SIMPLE_KNOWS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST"})
_CRON_FIELDS = 5


def as_cron(parts: Mapping[str, str], clock: time | None, day: datetime) -> str | None:
    """`parts` of an RRULE without a time of day that is one time, which is `clock`. `day` is an occurrence of
    before: what is not said (the weekday, the day of the month) is taken from it."""
    if not set(parts) <= _CRON_KNOWS:
        return None
    minutes, hours = _cron_times(parts, clock)
    days = _cron_days(parts, day)
    if minutes is None or days is None:
        return None
    return f"{minutes} {hours} {days}"


def _cron_times(parts: Mapping[str, str], clock: time | None) -> tuple[str | None, str]:
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    hours, minutes = parts.get("BYHOUR", "*"), parts.get("BYMINUTE", "0")
    match freq:
        case "MINUTELY":
            if 60 % interval or "BYMINUTE" in parts:
                return None, ""
            return ("*" if interval == 1 else f"*/{interval}"), hours
        case "HOURLY":
            if 24 % interval or ("BYHOUR" in parts and interval > 1):
                return None, ""
            return minutes, hours if interval == 1 else f"*/{interval}"
        case "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY":
            if interval > 1 or (clock is None and "BYHOUR" not in parts):
                return None, ""
            return (minutes, hours) if clock is None else (str(clock.minute), str(clock.hour))
        case _:
            return None, ""


def _cron_days(parts: Mapping[str, str], day: datetime) -> str | None:
    """Day of the month, month, weekday."""
    freq = parts["FREQ"]
    month_days, months, weekdays = parts.get("BYMONTHDAY"), parts.get("BYMONTH", "*"), parts.get("BYDAY")
    if weekdays is not None and month_days is not None:
        return None  # in cron the two join with "or"
    if month_days is not None:
        named = ["L" if each == "-1" else each for each in month_days.split(",")]
        if any(each.startswith("-") for each in named):
            return None
        month_days = ",".join(named)
    if freq == "WEEKLY" and weekdays is None:
        weekdays = _CODES[day.weekday()]
    if freq in {"MONTHLY", "YEARLY"} and month_days is None and weekdays is None:
        month_days = str(day.day)
    if freq == "YEARLY" and months == "*":
        if parts.get("BYDAY") is not None:
            return None
        months = str(day.month)
    codes = _cron_weekdays(weekdays, within_month=freq in {"MONTHLY", "YEARLY"})
    return None if codes is None else f"{month_days or '*'} {months} {codes}"


def _cron_weekdays(weekdays: str | None, *, within_month: bool) -> str | None:
    if weekdays is None:
        return "*"
    out = []
    for each in weekdays.split(","):
        found = _NTH.fullmatch(each)
        if found is None:
            if each not in _CODES or within_month:
                return None
            out.append(str((_CODES.index(each) + 1) % 7))
            continue
        number, code = int(found[1]), (_CODES.index(found[2]) + 1) % 7
        if number == -1:
            out.append(f"{code}L")
        elif 1 <= number <= 5:
            out.append(f"{code}#{number}")
        else:
            return None
    return _run(out)


def _run(days: list[str]) -> str:
    """1,2,3,4,5 → 1-5, as people write it."""
    numbers = [int(day) for day in days if day.isdecimal()]
    if len(numbers) == len(days) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(days)


def cron_at(cron: str, clock: time) -> str | None:
    """The same days at another time of day; None for a line that has several times."""
    fields = cron.split()
    if len(fields) != _CRON_FIELDS or not (fields[0].isdecimal() and fields[1].isdecimal()):
        return None
    return " ".join([str(clock.minute), str(clock.hour), *fields[2:]])


def parts_of_simple(simple: SimpleSchedule) -> dict[str, str]:
    """The parts of an RRULE that say the same, without the time of day."""
    parts = {"FREQ": simple.frequency.upper()}
    if simple.interval > 1:
        parts["INTERVAL"] = str(simple.interval)
    if simple.days_of_week:
        codes = [_CODES[DAYS_OF_WEEK.index(day)] for day in simple.days_of_week if day in DAYS_OF_WEEK]
        parts["BYDAY"] = ",".join(f"{simple.nth or ''}{code}" for code in codes)
    if simple.day_of_month is not None:
        parts["BYMONTHDAY"] = str(simple.day_of_month)
    return parts


def as_simple(parts: Mapping[str, str], clock: time | None) -> Document | None:
    """All of `simple`; a time of day is left out where none is known."""
    frequency = _FREQUENCIES.get(parts["FREQ"])
    if frequency is None or not set(parts) <= _SIMPLE_KNOWS:
        return None
    out: Document = {"frequency": frequency}
    if parts.get("INTERVAL", "1") != "1":
        out["interval"] = int(parts["INTERVAL"])
    by_day, by_month_day = parts.get("BYDAY"), parts.get("BYMONTHDAY")
    in_month = frequency in {"Monthly", "Yearly"}
    if by_month_day is not None:
        if by_day is not None or not in_month or not re.fullmatch(r"-1|\d{1,2}", by_month_day):
            return None
        out["dayOfMonth"] = int(by_month_day)
    if by_day is not None:
        days = [_NTH.fullmatch(each) for each in by_day.split(",")]
        numbers = {int(found[1]) for found in days if found is not None}
        if in_month:
            if not all(days) or len(numbers) != 1 or not numbers <= {-1, 1, 2, 3, 4, 5}:
                return None
            out["nth"] = numbers.pop()
            out["daysOfWeek"] = [DAYS_OF_WEEK[_CODES.index(found[2])] for found in days if found]
        elif frequency == "Weekly" and not any(days):
            out["daysOfWeek"] = [DAYS_OF_WEEK[_CODES.index(each)] for each in by_day.split(",")]
        else:
            return None
    if clock is not None:
        out["time"] = f"{clock:%H:%M}"
    return out
