"""When a Reminder fires: its instants by spec, due time and now; what was told is not asked here.

    first ── repeatEvery ── repeatEvery ── …          first: `at`, or the due time less `beforeDue`
      │            │             │
      │   snoozeUntil ◀──────────┘ those before it are put off until then: one firing, and on in the pattern

Of several instants that have passed, only the latest counts: what was missed is told once. A snooze puts off
what was planned when it was made. Where the first instant is moved to a time before its end, that is the
newer wish, and the snooze has no say in it. Repeats that a snooze swallowed do not count as repeats.
Days and weeks are those of the calendar in the task's zone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import ReminderSpec
from todotasks.api.all_day import ALL_DAY_TIME, counted_from
from todotasks.api.due import FIELD_DUE, DueError, resolve_due
from todotasks.api.durations import CalendarDuration, parse_calendar_duration
from todotasks.api.reminder import PutOff
from todotasks.api.zones import load_zone

SHORTEST_REPEAT: Final = timedelta(minutes=1)
FIELD_AT: Final = "spec.at"
# Many are read at once where many come due at once, and mostly the same few texts.
_resolve: Final = lru_cache(maxsize=1024)(resolve_due)
_LATEST: Final = datetime(9999, 12, 29, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class First:
    """When a reminder fires first, and the zone in which its days are counted."""

    at: datetime
    zone: tzinfo = UTC


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
    put_off: PutOff | None = None  # the snooze that counts
    zone: tzinfo = UTC  # in which it is told


def first_instant(
    spec: ReminderSpec, task: TaskFacts, default_zone: str | None, all_day_time: time = ALL_DAY_TIME
) -> First | None:
    """When it fires first; None: the task has no due time. Raises `DueError` or `DurationError`."""
    if spec.at is not None:
        try:
            at = _resolve(spec.at, task.time_zone, default_zone)
            return First(at.instant, load_zone(at.zone))
        except DueError as error:
            raise DueError(FIELD_AT if error.field == FIELD_DUE else error.field, error.message) from error
    before = parse_calendar_duration(spec.before_due or "")
    if task.due is None:
        return None
    due = _resolve(task.due, task.time_zone, default_zone)
    try:
        zone = load_zone(due.zone)
        return First(before.before(counted_from(due, all_day_time), zone), zone)
    except OverflowError as error:
        raise DueError(FIELD_DUE, f'"{task.due}" less {spec.before_due} is before the calendar') from error


def timing(
    spec: ReminderSpec,
    first: First,
    now: datetime,
    *,
    fired_at: datetime | None = None,
    found: PutOff | None = None,
) -> Timing:
    """What has passed and what is ahead. Raises `DurationError`.

    `fired_at` is the last firing, `found` the snooze as the last look found it.
    """
    pattern = _Pattern.read(spec, first)
    put_off = _put_off(spec, pattern, fired_at, found)
    if put_off is None or put_off.planned_time != first.at or put_off.until < first.at:
        return Timing(first.at, pattern.latest(now), pattern.next(now), put_off, first.zone)
    until, skipped = put_off.until, put_off.skipped
    if now < until:
        before = pattern.latest(until, skipped)
        snoozed = Instant(until, before.repeat if before else 0)
        return Timing(first.at, None, snoozed, put_off, first.zone)
    latest = pattern.latest(now, skipped)
    if latest is not None and latest.at <= until:
        latest = Instant(until, latest.repeat)
    return Timing(first.at, latest, pattern.next(now, skipped), put_off, first.zone)


def _put_off(
    spec: ReminderSpec, pattern: "_Pattern", fired_at: datetime | None, found: PutOff | None
) -> PutOff | None:
    """The snooze with what it puts off: what was planned when it was found, however that moves later."""
    if spec.snooze_until is None:
        return None
    until = spec.snooze_until.astimezone(UTC)
    if found is not None and found.until == until:
        return found
    first, skipped = pattern.first.at, 0
    if pattern.most is not None and first <= until and (fired_at is None or fired_at < until):
        told = 0
        if fired_at is not None and fired_at >= first:
            before = found.skipped if found is not None and found.planned_time == first else 0
            told = pattern.passed(fired_at) - before
        skipped = max(0, pattern.passed(until) - told)
    return PutOff(until, first, skipped)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`first`, and again every so often, at most `most` times, of which `skipped` ones do not count."""

    first: First
    every: CalendarDuration | None
    most: int | None

    @classmethod
    def read(cls, spec: ReminderSpec, first: First) -> "_Pattern":
        every = parse_calendar_duration(spec.repeat_every) if spec.repeat_every is not None else None
        most = None if every is None else spec.max_repeats
        return cls(first, None if every is None or every.about <= timedelta() else every, most)

    def latest(self, now: datetime, skipped: int = 0) -> Instant | None:
        if self.first.at > now:
            return None
        number = self.passed(now)
        if self.most is not None:
            number = min(number, self.most + skipped)
        return Instant(self._at(number), max(0, number - skipped))

    def next(self, now: datetime, skipped: int = 0) -> Instant | None:
        if self.first.at > now:
            return Instant(self.first.at)
        if self.every is None:
            return None
        number = self.passed(now) + 1
        if self.most is not None and number - skipped > self.most:
            return None
        if number > (_LATEST - self.first.at) // self.every.about:
            return None
        return Instant(self._at(number), max(0, number - skipped))

    def passed(self, now: datetime) -> int:
        """The number of the last one at or before `now`; looked for, as days may have 23 or 25 hours."""
        if self.every is None or now < self.first.at:
            return 0
        number = max(0, (now - self.first.at) // self.every.about - 1)
        while number < (_LATEST - self.first.at) // self.every.about and self._at(number + 1) <= now:
            number += 1
        return number

    def _at(self, number: int) -> datetime:
        if self.every is None or number == 0:
            return self.first.at
        return self.every.after(self.first.at, self.first.zone, number)
