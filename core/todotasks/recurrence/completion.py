"""`basis: Completion`: the next due time counts from when the task was done, at the rule's time of day.

    every 3 days at 19:00, done on Tuesday at 22:15        → Friday 19:00
    every month, done on 31 January                        → the last day of February
    every second Monday at 09:00, done on a Wednesday      → the Monday of the week after next
    every 3 months on the first Sunday, done on 3 October  → the first Sunday of January
    every 4 hours, done at 10:07                           → 14:07

A rule that is nothing but an interval steps from the *date* of completion, so that finishing late in the
evening or early in the morning does not move the time of day. A step of months or years that ends on a day
which its month does not have ends on the month's last day: the date was not chosen, it is when someone was
done. Steps below a day are real time.

A rule that names days or several times gives its next one after the completion, its interval counted from
the day (week, month, year) of the completion. With an interval of two or more that day (week, …) itself has
one only if the task that was done was one of it: "every three months" is not two days later. Cron schedules
have no interval: the next one after it.
"""

import calendar
from dataclasses import replace
from datetime import date, datetime

from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.calendar.walls import LAST_WALL
from todotasks.recurrence.calendar.years import LAST_YEAR
from todotasks.recurrence.notation.rrule import UNIT_SECONDS, walls_of
from todotasks.recurrence.notation.rrule_text import Freq, RRule
from todotasks.recurrence.rule import Rule
from todotasks.recurrence.series import Series

LAST_DAY = LAST_WALL // DAY
MAX_EXCEPTED_IN_A_ROW = 10_000  # as many as a rule can list


def next_after_completion(
    rule: Rule, completed_at: datetime, scheduled: datetime | None = None
) -> datetime | None:
    """The due time of the next task, always after `completed_at`; None when the rule has ended.

    `scheduled` is the due time of the task that was completed. With it a task that was done early is not
    due again at the very time for which it was made; that matters to rules that name days. `count` is not
    looked at: how many there have been, only the caller knows.
    """
    rrule = rule.source.rrule
    after = completed_at if scheduled is None or scheduled < completed_at else scheduled
    if rrule is None or (rule.start is not None and completed_at < rule.start):
        return rule.next_after(after)
    done = rule.seconds(completed_at)
    if not rule.source.plain:
        return _next_named(rule, rrule, done, rule.seconds(after), scheduled)
    found = _step(rule, rrule, done)
    for _ in range(MAX_EXCEPTED_IN_A_ROW):
        if found is None or (rule.source.until is not None and found > rule.source.until):
            return None
        # Not after: where the clocks go back over midnight, the next date's early hours come first.
        if found > done and not rule.is_left_out(found):
            return rule.clock.to_datetime(found)
        found = _step(rule, rrule, found)
    return None


def _next_named(
    rule: Rule, rrule: RRule, done: int, after: int, scheduled: datetime | None
) -> datetime | None:
    """The rule with its interval counted from the completion; it stays the rule in all else."""
    wall = rule.clock.wall(done)
    unit = UNIT_SECONDS.get(rrule.freq, DAY)
    anchor = wall // unit * unit
    walls = walls_of(rrule, anchor)
    if walls is None:
        return None
    series = Series(walls, rule.clock, rule.clock.instant(wall // DAY * DAY))
    begin, end = _period(rrule, wall)
    if scheduled is None:
        was_of_it = rrule.freq > Freq.MONTHLY  # unknown: of a month or a year it hardly was
    else:
        was_of_it = rule.clock.wall(rule.seconds(scheduled)) >= begin
    if rrule.interval > 1 and not was_of_it and end < LAST_WALL:
        after = max(after, rule.clock.instant(end) - 1)
    found = replace(rule, parts=(series,), _count=None).at_or_after(after + 1)
    return None if found is None else rule.clock.to_datetime(found)


def _period(rrule: RRule, wall: int) -> tuple[int, int]:
    """The year, month, week, … in which `wall` lies, in which intervals count: its begin and its end."""
    if rrule.freq in UNIT_SECONDS:
        unit = UNIT_SECONDS[rrule.freq]
        return wall // unit * unit, (wall // unit + 1) * unit
    day = wall // DAY
    if rrule.freq is Freq.DAILY:
        return day * DAY, (day + 1) * DAY
    date_ = date.fromordinal(day)
    if rrule.freq is Freq.WEEKLY:
        first = day - (date_.weekday() - rrule.week_start) % 7
        return first * DAY, (first + 7) * DAY
    if rrule.freq is Freq.MONTHLY:
        first = date_.replace(day=1).toordinal()
        return first * DAY, (first + calendar.monthrange(date_.year, date_.month)[1]) * DAY
    first = date(date_.year, 1, 1).toordinal()
    return first * DAY, (first + 365 + calendar.isleap(date_.year)) * DAY


def _step(rule: Rule, rrule: RRule, done: int) -> int | None:
    """One interval on from the local date of `done`, at the rule's time of day."""
    if rrule.freq in UNIT_SECONDS:
        at = done + rrule.interval * UNIT_SECONDS[rrule.freq]
        return at if rrule.freq is Freq.SECONDLY else at // 60 * 60
    day = _day_after(rrule, date.fromordinal(rule.clock.wall(done) // DAY))
    if day is None:
        return None
    time = rrule.by_hour[0] * 3600 + rrule.by_minute[0] * 60 + rrule.by_second[0]
    return rule.clock.instant(day * DAY + time)


def _day_after(rrule: RRule, done: date) -> int | None:
    if rrule.freq >= Freq.WEEKLY:
        day = done.toordinal() + rrule.interval * (7 if rrule.freq is Freq.WEEKLY else 1)
        return day if day < LAST_DAY else None
    months = rrule.interval * (12 if rrule.freq is Freq.YEARLY else 1)
    year, month = divmod(done.year * 12 + done.month - 1 + months, 12)
    if year >= LAST_YEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(done.day, last)).toordinal()
