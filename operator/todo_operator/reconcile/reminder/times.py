"""When a Reminder fires: its instants by spec, due time and now; what was told is not asked here.

    first ── repeatEvery ── repeatEvery ── …          first: `at`, or the due time less `beforeDue`
      │            │             │
      │   snoozeUntil ◀──────────┘ those before it are put off until then: one firing, and on as before

Of several instants that have passed, only the latest counts: what was missed is told once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import ReminderSpec
from todotasks.api.due import FIELD_DUE, Due, DueError, resolve_due
from todotasks.api.durations import parse_duration
from todotasks.api.zones import load_zone

ALL_DAY_TIME: Final = time(9)  # local time on the due day of an all-day task, from which `beforeDue` counts
FIELD_AT: Final = "spec.at"
# Many are read at once where many come due at once, and mostly the same few texts.
_resolve: Final = lru_cache(maxsize=1024)(resolve_due)
_LATEST: Final = datetime(9999, 12, 29, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Instant:
    """One planned firing. `repeat` 0 is the first; a snoozed one has the number of the last before it."""

    at: datetime
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """`latest` is the newest instant that has passed, `next` the first ahead; None where there is none."""

    first: datetime
    latest: Instant | None
    next: Instant | None


def first_instant(
    spec: ReminderSpec, task: TaskFacts, default_zone: str | None, all_day_time: time = ALL_DAY_TIME
) -> datetime | None:
    """When it fires first; None: the task has no due time. Raises `DueError` or `DurationError`."""
    if spec.at is not None:
        try:
            return _resolve(spec.at, task.time_zone, default_zone).instant
        except DueError as error:
            raise DueError(FIELD_AT if error.field == FIELD_DUE else error.field, error.message) from error
    before = parse_duration(spec.before_due or "")
    if task.due is None:
        return None
    due = _resolve(task.due, task.time_zone, default_zone)
    try:
        return _due_instant(due, all_day_time) - before
    except OverflowError as error:
        raise DueError(FIELD_DUE, f'"{task.due}" less {spec.before_due} is before the calendar') from error


def timing(spec: ReminderSpec, first: datetime, now: datetime) -> Timing:
    """What has passed and what is ahead. Raises `DurationError`."""
    every = parse_duration(spec.repeat_every) if spec.repeat_every is not None else None
    most = None if every is None else spec.max_repeats
    if every is not None and every <= timedelta():
        every = None
    snoozed = spec.snooze_until.astimezone(UTC) if spec.snooze_until is not None else None
    if snoozed is not None and snoozed < first:
        snoozed = None  # there was nothing to put off
    if snoozed is not None and now < snoozed:
        before = _latest(first, every, most, snoozed)
        return Timing(first, None, Instant(snoozed, before.repeat if before else 0))
    latest = _latest(first, every, most, now)
    if snoozed is not None and latest is not None and latest.at <= snoozed:
        latest = Instant(snoozed, latest.repeat)
    return Timing(first, latest, _next(first, every, most, now))


def read_time_of_day(text: str) -> time | None:
    """`09:00`; None when it is no time of day."""
    try:
        read = time.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is None and len(text) <= len("09:00:00") else None


def _due_instant(due: Due, all_day_time: time) -> datetime:
    if not due.all_day:
        return due.instant
    zone = load_zone(due.zone)
    day: date = due.instant.astimezone(zone).date()
    return datetime.combine(day, all_day_time, zone).astimezone(UTC)


def _latest(first: datetime, every: timedelta | None, most: int | None, now: datetime) -> Instant | None:
    if first > now:
        return None
    number = 0 if every is None else (now - first) // every
    if most is not None:
        number = min(number, most)
    return Instant(first if every is None else first + number * every, number)


def _next(first: datetime, every: timedelta | None, most: int | None, now: datetime) -> Instant | None:
    if first > now:
        return Instant(first)
    if every is None:
        return None
    number = (now - first) // every + 1
    if (most is not None and number > most) or number > (_LATEST - first) // every:
        return None
    return Instant(first + number * every, number)
