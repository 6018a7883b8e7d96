"""A rule in German words, as `explanation` says it in English: `jeden zweiten Dienstag um 09:00, UTC`.

The same parts in the same order; where English needs a form for each frequency, German has one sentence
that names the unit and what selects days in it.
"""

from collections.abc import Sequence
from datetime import UTC, date

from todotasks.recurrence.calendar.clock import ZoneClock
from todotasks.recurrence.calendar.times import clock_times
from todotasks.recurrence.naming import ALL_HOURS, ALL_MINUTES, MOST_TIMES, from_both_ends, in_order, step_of
from todotasks.recurrence.notation.cron import LAST, Cron
from todotasks.recurrence.notation.rrule_text import Freq, RRule
from todotasks.recurrence.rule import Rule
from todotasks.recurrence.words import WORKDAYS, clock_time, joined, ranged

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
# By frequency: one of them, several, and what belongs to one of them.
UNITS = (
    ("jedes Jahr", "Jahre", "des Jahres"),
    ("jeden Monat", "Monate", "des Monats"),
    ("jede Woche", "Wochen", "der Woche"),
    ("jeden Tag", "Tage", "des Tages"),
    ("jede Stunde", "Stunden", "der Stunde"),
    ("jede Minute", "Minuten", "der Minute"),
    ("jede Sekunde", "Sekunden", "der Sekunde"),
)
NTH = ("ersten", "zweiten", "dritten", "vierten", "fünften")


def explain_in_german(rule: Rule, *, from_completion: bool = False) -> str:
    source = rule.source
    if from_completion and source.plain and source.rrule is not None:
        read = source.rrule
        timed = "" if rule.all_day or read.freq >= Freq.HOURLY else _at(read)
        sentence = f"{_every(read.interval, read.freq)} nach Erledigung{timed}"
    elif source.cron is not None:
        sentence = _cron(source.cron)
    elif source.rrule is not None:
        sentence = _rrule(source.rrule, rule.all_day)
    else:
        sentence = "mehrere Regeln und Tage zusammen"
    parts = [sentence, "UTC" if rule.clock.zone is UTC else str(rule.clock.zone)]
    if from_completion and not source.plain:
        parts.append("ab Erledigung gezählt")
    if source.until is not None:
        parts.append(f"bis {_until(rule.clock, source.until)}")
    if source.count is not None:
        parts.append("einmal" if source.count == 1 else f"{source.count}-mal")
    if source.left_out:
        parts.append(f"außer an {source.left_out} {'Tag' if source.left_out == 1 else 'Tagen'}")
    return ", ".join(parts)


def _until(clock: ZoneClock, instant: int) -> str:
    local = clock.to_datetime(instant)
    day = _day(local.date())
    # The last second of a day is how "until that day" was kept.
    return day if (local.hour, local.minute, local.second) == (23, 59, 59) else f"{day} {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def _and(items: Sequence[str]) -> str:
    return joined(items, "und")


def _or(items: Sequence[str]) -> str:
    return joined(items, "oder")


def _nth(number: int) -> str:
    """`ersten` … `fünften`, `6.`; from the end `letzten`, `vorletzten`, `drittletzten`, `6.-letzten`."""
    if number < 0:
        from_end = {-1: "letzten", -2: "vorletzten", -3: "drittletzten"}
        return from_end.get(number, f"{-number}.-letzten")
    return NTH[number - 1] if number <= len(NTH) else f"{number}."


def _every(interval: int, freq: int) -> str:
    one, many, _ = UNITS[freq]
    return one if interval == 1 else f"alle {interval} {many}"


def _weekdays(days: Sequence[int], join: str = "und") -> str:
    if tuple(days) == WORKDAYS:
        return "Werktag (Montag bis Freitag)"
    return joined([WEEKDAYS[day] for day in days], join)


def _months(numbers: Sequence[int]) -> str:
    return _and([MONTHS[number - 1] for number in numbers])


def _month_days(days: Sequence[int]) -> str:
    ahead = [day for day in days if day > 0]
    named = [f"{day}." for day in ahead]
    if len(named) > MOST_TIMES:
        named = [f"{each}.".replace("–", ".–") for each in ranged(ahead)]
    return _and(named + [f"{_nth(day)} Tag" for day in from_both_ends(days) if day < 0])


def _nth_weekdays(days: Sequence[tuple[int, int]]) -> str:
    return _and([f"{_nth(n)} {WEEKDAYS[day]}" for n, day in in_order(days)])


def _hours(hours: Sequence[int]) -> str:
    return f"{'Stunde' if len(hours) == 1 else 'Stunden'} {_and(ranged(hours))}"


def _at(rule: RRule) -> str:
    times = clock_times(rule.by_hour, rule.by_minute, rule.by_second)
    if len(times) <= MOST_TIMES:
        return " um " + _and([clock_time(time) for time in times])
    seconds = "" if rule.by_second == (0,) else f", Sekunde {_and(ranged(rule.by_second))}"
    return f" zu Minute {_and(ranged(rule.by_minute))} der {_hours(rule.by_hour)}{seconds}"


# --- recurrence rules ------------------------------------------------------------------------------------


def _rrule(rule: RRule, all_day: bool) -> str:
    if rule.freq >= Freq.HOURLY:
        return _below_a_day(rule)
    time = "" if all_day else _at(rule)
    if rule.by_set_pos:
        positions = _and([_nth(position) for position in from_both_ends(rule.by_set_pos)])
        times = clock_times(rule.by_hour, rule.by_minute, rule.by_second)
        only_days = rule.by_weekday and len(_filters(rule)) == (2 if rule.by_month else 1)
        if only_days and len(times) == 1 and rule.freq in (Freq.MONTHLY, Freq.YEARLY):
            day = "Tag" if len(rule.by_weekday) == 7 else _weekdays(rule.by_weekday, "oder")
            within = f" im {_months(rule.by_month)}" if rule.by_month else ""
            return f"{_every(rule.interval, rule.freq)} am {positions} {day}{within}{time}"
        candidates = "; ".join(filter(None, [", ".join(_filters(rule)) or "jeder Tag", time.strip()]))
        return f"{_every(rule.interval, rule.freq)} am {positions} von diesen: {candidates}"
    return _days(rule) + time


def _days(rule: RRule) -> str:
    filters = _filters(rule)
    only_weekdays = rule.by_weekday and len(filters) == 1
    if only_weekdays and rule.interval == 1 and rule.freq in (Freq.WEEKLY, Freq.DAILY):
        return "jeden Tag" if len(rule.by_weekday) == 7 else f"jeden {_weekdays(rule.by_weekday)}"
    if only_weekdays and rule.interval == 2 and rule.freq is Freq.WEEKLY and len(rule.by_weekday) == 1:
        return f"jeden zweiten {WEEKDAYS[rule.by_weekday[0]]}"
    if rule.freq is Freq.YEARLY and rule.by_month and rule.by_month_day and len(filters) == 2:
        days = _month_days(rule.by_month_day)
        return f"{_every(rule.interval, rule.freq)} am {days} {_months(rule.by_month)}"
    if rule.freq is Freq.MONTHLY and rule.by_month_day and len(filters) == 1:
        return f"{_every(rule.interval, rule.freq)} am {_month_days(rule.by_month_day)}"
    if rule.freq is Freq.MONTHLY and rule.by_nth_weekday and not rule.by_weekday and len(filters) == 1:
        return f"{_every(rule.interval, rule.freq)} am {_nth_weekdays(rule.by_nth_weekday)}"
    return ", ".join([_every(rule.interval, rule.freq), *filters])


def _filters(rule: RRule) -> list[str]:
    """Every part that selects days, one after the other; all of them must hold."""
    filters = []
    if rule.by_month:
        filters.append(f"im {_months(rule.by_month)}")
    if rule.by_week_number:
        ahead = [n for n in rule.by_week_number if n > 0]
        weeks = [f"in Woche {_or(ranged(ahead))}"] if ahead else []
        weeks += [f"in der {_nth(n)} Woche" for n in from_both_ends(rule.by_week_number) if n < 0]
        begins = f", Wochen ab {WEEKDAYS[rule.week_start]}" if rule.week_start else ""
        filters.append(f"{_or(weeks)} des Jahres{begins}")
    if rule.by_year_day:
        filters.append(
            f"am {_and([f'{_nth(day)} Tag' for day in from_both_ends(rule.by_year_day)])} des Jahres"
        )
    if rule.by_month_day:
        filters.append(f"am {_month_days(rule.by_month_day)} des Monats")
    if rule.by_weekday or rule.by_nth_weekday:
        days = [f"am {_weekdays(rule.by_weekday, 'oder')}"] if rule.by_weekday else []
        if rule.by_nth_weekday:
            within = "des Monats" if rule.freq is Freq.MONTHLY or rule.by_month else "des Jahres"
            days.append(f"am {_nth_weekdays(rule.by_nth_weekday)} {within}")
        filters.append(_or(days))
    for offset in rule.by_easter:
        days_off = "1 Tag" if abs(offset) == 1 else f"{abs(offset)} Tage"
        side = "nach" if offset > 0 else "vor"
        filters.append(f"{days_off} {side} Ostersonntag" if offset else "am Ostersonntag")
    return filters


def _below_a_day(rule: RRule) -> str:
    parts = [_every(rule.interval, rule.freq)]
    if rule.by_minute and not (rule.freq is Freq.HOURLY and rule.by_minute == (0,)):
        parts.append(f"zu Minute {_and(ranged(rule.by_minute))}")
    if rule.by_second and rule.by_second != (0,):
        parts.append(f"zu Sekunde {_and(ranged(rule.by_second))}")
    if rule.by_hour:
        parts.append(f"in {_hours(rule.by_hour)}")
    parts += _filters(rule)
    if rule.by_set_pos:
        positions = _and([f"zum {_nth(position)} Mal" for position in from_both_ends(rule.by_set_pos)])
        parts.append(f"nur {positions} {UNITS[rule.freq][2]}")
    return ", ".join(parts)


# --- cron ------------------------------------------------------------------------------------------------


def _cron(cron: Cron) -> str:
    time, days = _cron_time(cron), _cron_days(cron)
    if time.startswith("um "):
        return f"{days or 'jeden Tag'} {time}"
    return f"{time}, {days}" if days else time


def _cron_time(cron: Cron) -> str:
    hours, minutes = cron.hours, cron.minutes
    step = step_of(minutes, 60)
    if hours == ALL_HOURS:
        if minutes == ALL_MINUTES:
            return "jede Minute"
        if step:
            return f"alle {step} Minuten"
        return "jede Stunde" + ("" if minutes == (0,) else f" zu Minute {_and(ranged(minutes))}")
    if minutes == (0,) and (hourly := step_of(hours, 24)):
        return f"alle {hourly} Stunden"
    times = clock_times(hours, minutes, (0,))
    if len(times) <= MOST_TIMES:
        return "um " + _and([clock_time(time) for time in times])
    if minutes == ALL_MINUTES:
        return f"jede Minute der {_hours(hours)}"
    if step:
        return f"alle {step} Minuten in {_hours(hours)}"
    return f"zu Minute {_and(ranged(minutes))} der {_hours(hours)}"


def _cron_days(cron: Cron) -> str:
    """Empty for every day."""
    any_month_day, any_month, any_weekday = cron.whole[2:]
    in_months = "" if any_month else f" im {_months(cron.months)}"
    if not any_month_day and not any_weekday:
        days = f"am {_cron_month_days(cron)} des Monats"
        if cron.either_day:
            return f"{days} oder am {_cron_weekdays(cron)}{in_months}"
        named = f"{days}, soweit das auf {_cron_weekdays(cron, 'einen ', 'den ')} fällt"
        return named + (f",{in_months}" if in_months else "")
    if not any_month_day:
        if any_month:
            return f"jeden Monat am {_cron_month_days(cron)}"
        return f"jedes Jahr am {_cron_month_days(cron)} {_months(cron.months)}"
    if any_weekday:
        return in_months and f"jeden Tag{in_months}"
    if cron.nth_weekdays and not cron.weekdays:
        return f"jeden Monat am {_nth_weekdays(cron.nth_weekdays)}{in_months}"
    more = f" und am {_nth_weekdays(cron.nth_weekdays)} des Monats" if cron.nth_weekdays else ""
    return f"jeden {_weekdays(cron.weekdays)}{more}{in_months}"


def _cron_month_days(cron: Cron) -> str:
    days = [day for day in cron.month_days if day != LAST]
    shown = [_month_days(days)] if days else []
    if LAST in cron.month_days:
        shown.append("letzten Tag")
    if cron.last_workday:
        shown.append("letzten Werktag (Montag bis Freitag)")
    return _and(shown)


def _cron_weekdays(cron: Cron, one: str = "", certain: str = "") -> str:
    shown = [one + _weekdays(cron.weekdays, "oder")] if cron.weekdays else []
    if cron.nth_weekdays:
        shown.append(f"{certain}{_nth_weekdays(cron.nth_weekdays)} des Monats")
    return _or(shown)
