"""A rule in words, so that a person sees how it was read: `every second Tuesday at 09:00, Europe/Berlin`.

What a rule leaves open and takes from its start is said too: "on the 5th of every month". Words are chosen
so that the common rules, typed back in, are understood as the same rule.
"""

from collections.abc import Sequence
from datetime import UTC

from todotasks.recurrence import words
from todotasks.recurrence.calendar.clock import ZoneClock
from todotasks.recurrence.calendar.times import clock_times
from todotasks.recurrence.naming import ALL_HOURS, ALL_MINUTES, MOST_TIMES, from_both_ends, in_order, step_of
from todotasks.recurrence.notation.cron import LAST, Cron
from todotasks.recurrence.notation.rrule_text import Freq, RRule
from todotasks.recurrence.rule import Rule


def explain(rule: Rule, *, from_completion: bool = False, language: str = "en") -> str:
    """The rule in words: `every second Tuesday at 09:00, Europe/Berlin`; in German where `language` is de."""
    if language == "de":
        # Only now: the operator says English, and has no use for the other words.
        from todotasks.recurrence.german import explain_in_german  # noqa: PLC0415

        return explain_in_german(rule, from_completion=from_completion)
    source = rule.source
    if from_completion and source.plain and source.rrule is not None:
        sentence = _after_completion(source.rrule, rule.all_day)
    elif source.cron is not None:
        sentence = _cron(source.cron)
    elif source.rrule is not None:
        sentence = _rrule(source.rrule, rule.all_day)
    else:
        sentence = "a set of several rules and dates"
    parts = [sentence, _zone(rule)]
    if from_completion and not source.plain:
        parts.append("counted from completion")
    if source.until is not None:
        parts.append(f"until {_until(rule.clock, source.until)}")
    if source.count is not None:
        parts.append("once" if source.count == 1 else f"{source.count} times")
    if source.left_out:
        parts.append(f"except {source.left_out} date{'' if source.left_out == 1 else 's'}")
    return ", ".join(parts)


def why_never(rule: Rule) -> str | None:
    """For a rule without any occurrence, a sentence that says so; None for all others."""
    return f"never fires: nothing in the calendar is {explain(rule)}" if rule.never_fires else None


def _after_completion(rule: RRule, all_day: bool) -> str:
    unit = ("year", "month", "week", "day", "hour", "minute", "second")[rule.freq]
    time = "" if all_day or rule.freq >= Freq.HOURLY else _at(rule)
    return f"{words.every(rule.interval, unit)} after completion{time}"


def _zone(rule: Rule) -> str:
    return "UTC" if rule.clock.zone is UTC else str(rule.clock.zone)


def _until(clock: ZoneClock, instant: int) -> str:
    local = clock.to_datetime(instant)
    day = words.day_in_full(local.date())
    # The last second of a day is how "until that day" was kept.
    return day if (local.hour, local.minute, local.second) == (23, 59, 59) else f"{day} {local:%H:%M}"


# --- recurrence rules ------------------------------------------------------------------------------------


def _rrule(rule: RRule, all_day: bool) -> str:
    if rule.freq >= Freq.HOURLY:
        return _below_a_day(rule)
    if rule.by_set_pos:
        return _picked(rule, all_day)
    return _days(rule) + ("" if all_day else _at(rule))


def _days(rule: RRule) -> str:
    """The days, in the words of the frequency where it has some, else with all filters named."""
    weekday_only = _only(rule, "by_weekday") and rule.by_weekday
    if rule.freq is Freq.DAILY and _only(rule):
        return words.every(rule.interval, "day")
    if rule.freq is Freq.WEEKLY and weekday_only:
        return _weeks(rule)
    if rule.freq is Freq.DAILY and weekday_only and rule.interval == 1:
        return _weeks(rule)
    in_months = words.months(rule.by_month)
    if rule.freq is Freq.MONTHLY and not in_months:
        day = _day_of_month(rule)
        if day and rule.interval == 1 and " and " not in day:
            return f"on {day} of every month"
        if day:
            return f"{words.every(rule.interval, 'month')} on {day}"
    if rule.freq is Freq.YEARLY and in_months:
        if _only(rule, "by_month", "by_month_day") and _is_one_date(rule.by_month_day, rule.by_month):
            return f"{words.every(rule.interval, 'year')} on {rule.by_month_day[0]} {in_months}"
        day = _day_of_month(rule)
        if day:
            return f"{words.every(rule.interval, 'year')} on {day} of {in_months}"
    unit = {Freq.YEARLY: "year", Freq.MONTHLY: "month", Freq.WEEKLY: "week", Freq.DAILY: "day"}[rule.freq]
    return ", ".join([words.every(rule.interval, unit), *_filters(rule)])


def _is_one_date(days: Sequence[int], months: Sequence[int]) -> bool:
    return len(days) == len(months) == 1 and days[0] > 0


def _only(rule: RRule, *fields: str) -> bool:
    """Whether no other part than these selects days."""
    all_fields = (
        "by_month",
        "by_week_number",
        "by_year_day",
        "by_month_day",
        "by_weekday",
        "by_nth_weekday",
        "by_easter",
    )
    return not any(getattr(rule, name) for name in all_fields if name not in fields)


def _weeks(rule: RRule) -> str:
    days = rule.by_weekday
    if len(days) == 7:
        return "every day" if rule.interval == 1 else f"{words.every(rule.interval, 'week')} on every day"
    named = words.weekdays(days)
    if rule.interval == 1:
        return f"every {named}"
    if rule.interval == 2 and len(days) == 1:
        return f"every second {named}"
    return f"{words.every(rule.interval, 'week')} on {'every ' if named == 'weekday' else ''}{named}"


def _day_of_month(rule: RRule) -> str | None:
    """`the 1st and the last day`, `the second Tuesday`; None when other filters are in play."""
    if rule.by_month_day and _only(rule, "by_month", "by_month_day"):
        return _month_days(rule.by_month_day)
    if rule.by_nth_weekday and _only(rule, "by_month", "by_nth_weekday"):
        return words.joined(
            [f"the {words.nth(n)} {words.WEEKDAYS[day]}" for n, day in in_order(rule.by_nth_weekday)]
        )
    if rule.by_weekday and _only(rule, "by_month", "by_weekday"):
        return f"every {words.weekdays(rule.by_weekday)}"
    return None


def _month_days(days: Sequence[int]) -> str:
    shown = [f"the {words.numbered(day)}" for day in days if day > 0]
    if len(shown) > MOST_TIMES:
        shown = ["days " + words.joined(words.ranged([day for day in days if day > 0]))]
    shown += [f"the {words.nth(day)} day" for day in reversed(days) if day < 0]
    return words.joined(shown)


def _filters(rule: RRule) -> list[str]:
    """Every part that selects days, one after the other; all of them must hold."""
    filters = []
    if rule.by_month:
        filters.append(f"in {words.months(rule.by_month)}")
    if rule.by_week_number:
        numbers = [n for n in rule.by_week_number if n > 0]
        weeks = [f"week {words.joined(words.ranged(numbers))}"] if numbers else []
        weeks += [f"the {words.nth(n)} week" for n in reversed(rule.by_week_number) if n < 0]
        starts = f", weeks beginning on {words.WEEKDAYS[rule.week_start]}" if rule.week_start else ""
        filters.append(f"in {words.joined(weeks, 'or')} of the year{starts}")
    if rule.by_year_day:
        days = [f"the {words.nth(day)} day" for day in from_both_ends(rule.by_year_day)]
        filters.append(f"on {words.joined(days)} of the year")
    if rule.by_month_day:
        filters.append(f"on {_month_days(rule.by_month_day)} of the month")
    if rule.by_weekday or rule.by_nth_weekday:
        within = "month" if rule.freq is Freq.MONTHLY or rule.by_month else "year"
        days = [f"on a {words.weekdays(rule.by_weekday, 'or')}"] if rule.by_weekday else []
        days += [
            f"on the {words.nth(n)} {words.WEEKDAYS[day]} of the {within}"
            for n, day in in_order(rule.by_nth_weekday)
        ]
        filters.append(words.joined(days, "or"))
    for offset in rule.by_easter:
        side = "after" if offset > 0 else "before"
        days_off = f"{abs(offset)} day{'' if abs(offset) == 1 else 's'} {side} "
        filters.append(f"{days_off if offset else 'on '}Easter Sunday")
    return filters


def _picked(rule: RRule, all_day: bool) -> str:
    """BYSETPOS: `the last weekday of every month`, else "the first and last of: …, in each week"."""
    unit = {Freq.YEARLY: "year", Freq.MONTHLY: "month", Freq.WEEKLY: "week", Freq.DAILY: "day"}[rule.freq]
    positions = words.joined([f"the {words.nth(position)}" for position in from_both_ends(rule.by_set_pos)])
    times = clock_times(rule.by_hour, rule.by_minute, rule.by_second)
    only_days = rule.by_weekday and _only(rule, "by_month", "by_weekday")
    if len(times) == 1 and only_days and rule.freq in (Freq.MONTHLY, Freq.YEARLY):
        day = "day" if len(rule.by_weekday) == 7 else words.weekdays(rule.by_weekday, "or")
        every = words.every(rule.interval, unit)
        within = f" in {words.months(rule.by_month)}" if rule.by_month else ""
        one = rule.interval == 1 and len(rule.by_set_pos) == 1
        sentence = f"on {positions} {day} of {every}" if one else f"{every} on {positions} {day}"
        return sentence + within + ("" if all_day else _at(rule))
    candidates = "; ".join(filter(None, [", ".join(_filters(rule)) or "every day", _at(rule).strip()]))
    return f"{words.every(rule.interval, unit)}, {positions} of these: {candidates}"


def _at(rule: RRule) -> str:
    times = clock_times(rule.by_hour, rule.by_minute, rule.by_second)
    if len(times) <= MOST_TIMES:
        return " at " + words.joined([words.clock_time(time) for time in times])
    minutes = words.joined(words.ranged(rule.by_minute))
    seconds = "" if rule.by_second == (0,) else f", second {words.joined(words.ranged(rule.by_second))}"
    return f" at minute {minutes} of {_hours(rule.by_hour)}{seconds}"


def _hours(hours: Sequence[int]) -> str:
    return f"{'hour' if len(hours) == 1 else 'hours'} {words.joined(words.ranged(hours))}"


def _below_a_day(rule: RRule) -> str:
    unit = {Freq.HOURLY: "hour", Freq.MINUTELY: "minute", Freq.SECONDLY: "second"}[rule.freq]
    parts = [words.every(rule.interval, unit)]
    if rule.freq is Freq.HOURLY and rule.by_minute != (0,):
        parts[0] += f" at minute {words.joined(words.ranged(rule.by_minute))}"
    elif rule.by_minute and rule.freq > Freq.HOURLY:
        parts.append(f"in minute {words.joined(words.ranged(rule.by_minute))} of the hour")
    if rule.by_second and rule.by_second != (0,):
        parts.append(f"at second {words.joined(words.ranged(rule.by_second))}")
    if rule.by_hour:
        parts.append(f"in {_hours(rule.by_hour)}")
    parts += _filters(rule)
    if rule.by_set_pos:
        positions = words.joined(
            [f"the {words.nth(position)}" for position in from_both_ends(rule.by_set_pos)]
        )
        parts.append(f"only {positions} time in each {unit}")
    return ", ".join(parts)


# --- cron ------------------------------------------------------------------------------------------------


def _cron(cron: Cron) -> str:
    time, days = _cron_time(cron), _cron_days(cron)
    if time.startswith("at "):
        return f"{days or 'every day'} {time}"
    return f"{time}, {days}" if days else time


def _cron_time(cron: Cron) -> str:
    hours, minutes = cron.hours, cron.minutes
    if hours == ALL_HOURS:
        if minutes == ALL_MINUTES:
            return "every minute"
        step = step_of(minutes, 60)
        if step:
            return f"every {step} minutes"
        return (
            "every hour" if minutes == (0,) else f"every hour at minute {words.joined(words.ranged(minutes))}"
        )
    if minutes == (0,) and (step := step_of(hours, 24)):
        return words.every(step, "hour")
    times = clock_times(hours, minutes, (0,))
    if len(times) <= MOST_TIMES:
        return "at " + words.joined([words.clock_time(time) for time in times])
    of_hours = _hours(hours)
    if minutes == ALL_MINUTES:
        return f"every minute of {of_hours}"
    if step := step_of(minutes, 60):
        return f"every {step} minutes in {of_hours}"
    return f"at minute {words.joined(words.ranged(minutes))} of {of_hours}"


def _cron_days(cron: Cron) -> str:
    """Empty for every day."""
    any_month_day, any_month, any_weekday = cron.whole[2:]
    in_months = "" if any_month else f" in {words.months(cron.months)}"
    of_months = "every month" if any_month else words.months(cron.months)
    if not any_month_day and not any_weekday:
        join = "or on" if cron.either_day else "if that is"
        return f"on {_cron_month_days(cron)} of the month {join} {_cron_weekdays(cron)}{in_months}"
    if not any_month_day:
        if _is_one_date(cron.month_days, cron.months) and not cron.last_workday:
            return f"every year on {cron.month_days[0]} {of_months}"
        return f"on {_cron_month_days(cron)} of {of_months}"
    if any_weekday:
        return in_months.strip() and f"every day{in_months}"
    if cron.nth_weekdays and not cron.weekdays:
        return f"on {_cron_nth_weekdays(cron)} of {of_months}"
    every = f"every {words.weekdays(cron.weekdays)}"
    if cron.nth_weekdays:
        every += f" and on {_cron_nth_weekdays(cron)} of the month"
    return every + in_months


def _cron_month_days(cron: Cron) -> str:
    days = [day for day in cron.month_days if day != LAST]
    shown = [_month_days(days)] if days else []
    if LAST in cron.month_days:
        shown.append("the last day")
    if cron.last_workday:
        shown.append("the last weekday (Monday to Friday)")
    return words.joined(shown)


def _cron_weekdays(cron: Cron) -> str:
    shown = [f"a {words.weekdays(cron.weekdays, 'or')}"] if cron.weekdays else []
    if cron.nth_weekdays:
        shown.append(f"{_cron_nth_weekdays(cron)} of the month")
    return words.joined(shown, "or")


def _cron_nth_weekdays(cron: Cron) -> str:
    return words.joined(
        [f"the {words.nth(n)} {words.WEEKDAYS[day]}" for n, day in in_order(cron.nth_weekdays)]
    )
