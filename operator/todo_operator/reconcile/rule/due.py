"""Which occurrences of a RecurrenceRule are to be made now. Pure, and all of its memory is in the status:

    … settled …│ unsettled: their time has come │ ahead
               │ past (≤ now) │ within leadTime  │
          nextScheduleTime                   now + leadTime

`nextScheduleTime` is the first occurrence that nothing was decided about yet; all before it are settled, be
they made, skipped or missed, and are never looked at again. So a clock that is set back makes nothing twice,
a task that somebody deleted does not come back, and what was missed while nobody looked lies between
`nextScheduleTime` and now. An edit changes nothing of what was made: the new schedule begins where the edit
finds it, after the last occurrence that was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import takewhile

from todo_operator.reconcile.reasons import SkipReason
from todo_operator.reconcile.rule.facts import RuleFacts
from todotasks.api.durations import CalendarDuration
from todotasks.recurrence import Rule

SECOND = timedelta(seconds=1)  # occurrences fall on whole ones
ON_TIME = timedelta(minutes=5)  # missedPolicy Skip: what comes less late is not called missed
MOST_AT_ONCE = 100  # occurrences made in one go
MOST_AHEAD = 100  # occurrences of a rule that are made and whose time is still to come
MOST_COUNTED = 1_000  # missed ones; who misses more is told "at least"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rule in UTC: in a zone, Python compares and adds wall-clock times, which lies twice a year."""

    rule: Rule

    @property
    def all_day(self) -> bool:
        return self.rule.all_day

    def at_or_after(self, instant: datetime) -> datetime | None:
        return _utc(self.rule.next_after(instant, inclusive=True))

    def before(self, instant: datetime, inclusive: bool = False) -> datetime | None:
        return _utc(self.rule.previous(instant, inclusive=inclusive))

    def between(self, start: datetime, end: datetime, limit: int) -> list[datetime]:
        return [at.astimezone(UTC) for at in self.rule.between(start, end, limit=limit)]

    def midnight(self, instant: datetime, days: int = 0) -> datetime:
        """The beginning of the local day of `instant`, or of one of the days after it."""
        zone = self.rule.clock.zone
        day = instant.astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, time(), zone).astimezone(UTC)


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before its time a task is made. Days are those of the calendar, in the rule's zone."""

    duration: CalendarDuration
    zone: tzinfo = UTC

    def made_at(self, occurrence: datetime) -> datetime:
        try:
            return self.duration.before(occurrence, self.zone)
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)  # before the calendar: long ago

    def reach(self, now: datetime) -> datetime:
        """Whatever is made by now is not after this."""
        return now + self.duration.about + (timedelta(days=1) if self.duration.days else timedelta())


NO_LEAD = Lead(CalendarDuration())


@dataclass(frozen=True, slots=True)
class Missed:
    """Occurrences in a row that are left out; `count` stops at MOST_COUNTED."""

    first: datetime
    last: datetime
    count: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class DueOccurrences:
    """`wanted` in the order of time; `next` the first occurrence after all that was looked at."""

    wanted: tuple[datetime, ...]
    missed: Missed | None
    next: datetime | None
    cut_until: datetime | None = None  # the lead time would make more than MOST_AHEAD: not before this


def due_by_schedule(
    rule: RuleFacts, schedule: Calendar, lead: Lead, now: datetime, made_ahead: Sequence[datetime] = ()
) -> DueOccurrences:
    """basis Schedule. `made_ahead` are the times of those that are made and still to come."""
    since = unsettled_since(rule, schedule, now, lead)
    if rule.spec.suspend:
        return DueOccurrences((), None, schedule.at_or_after(since))  # it stays where it is
    past, missed = _past(rule, schedule, since, now)
    ahead = schedule.between(max(since, now + SECOND), lead.reach(now) + SECOND, limit=MOST_AHEAD + 1)
    # As long as each is due: where the clocks go back, a later one may be due before an earlier one.
    ahead = list(takewhile(lambda at: lead.made_at(at) <= now, ahead))
    cut_until = None
    room = max(0, MOST_AHEAD - len(made_ahead))
    if len(ahead) > room:
        ahead = ahead[:room]
        cut_until = min([*made_ahead, *ahead])
    reached = ahead[-1] if ahead else now
    following = max(since, reached.replace(microsecond=0) + SECOND)
    wanted = _one_a_minute(rule, [*past, *ahead])
    return DueOccurrences(wanted, missed, schedule.at_or_after(following), cut_until)


def unsettled_since(rule: RuleFacts, schedule: Calendar, now: datetime, lead: Lead = NO_LEAD) -> datetime:
    """From here on nothing was decided yet."""
    status = rule.status
    cursor, last = status.next_schedule_time, status.last_schedule_time
    here = max(now, rule.created)  # by a clock that was set back it may not have been made yet
    if status.observed_generation < 0:
        # A start in the very second of the creation is meant: "from now on". Times are known to the second.
        at_once = schedule.rule.start == rule.created.replace(microsecond=0)
        since = rule.created if at_once and not schedule.all_day else _begin(schedule, rule.created)
    elif cursor is not None and (cursor <= now or not _is_edited(rule, schedule)):
        since = cursor
    elif cursor is None and status.observed_generation == rule.generation:
        # It had none left, also none of those that leadTime lets come early.
        since = lead.duration.after(here, lead.zone) + SECOND
    else:
        since = _begin(schedule, here)
    return since if last is None else max(since, last + SECOND)


def late_from(schedule: Calendar, at: datetime) -> datetime:
    """From when on it is late: from its time; an all-day one from the end of its day."""
    if not schedule.all_day:
        return at
    return schedule.midnight(at, days=1)


def _is_edited(rule: RuleFacts, schedule: Calendar) -> bool:
    """By itself, or in how it reads: another zone of the namespace moves every occurrence."""
    cursor = rule.status.next_schedule_time
    if rule.status.observed_generation != rule.generation or cursor is None:
        return True
    return schedule.at_or_after(cursor) != cursor


def _begin(schedule: Calendar, instant: datetime) -> datetime:
    """A schedule that begins at `instant` has what comes after it, and all of an all-day one's first day."""
    if not schedule.all_day:
        return instant.replace(microsecond=0) + SECOND
    return schedule.midnight(instant)


def _past(
    rule: RuleFacts, schedule: Calendar, since: datetime, now: datetime
) -> tuple[list[datetime], Missed | None]:
    """Of those whose time has passed: whom the policy wants made, and whom it leaves out."""
    newest = schedule.before(now, inclusive=True)
    if newest is None or newest < since:
        return [], None
    deadline = rule.spec.starting_deadline_seconds
    wanted: list[datetime] = []
    policy, at = rule.spec.missed_policy, newest
    while True:
        reason = None
        late = now.replace(microsecond=0) - late_from(schedule, at)
        if deadline is not None and late > timedelta(seconds=deadline):
            reason = SkipReason.DEADLINE_EXCEEDED
        elif policy == "Skip" and (wanted or late > ON_TIME):
            reason = SkipReason.SKIPPED
        elif policy == "Latest" and wanted:
            reason = SkipReason.ONLY_LATEST
        elif len(wanted) == MOST_AT_ONCE:
            reason = SkipReason.TOO_MANY
        if reason is not None:
            return wanted, _missed(schedule, since, at, reason)
        wanted.insert(0, at)
        earlier = schedule.before(at)
        if earlier is None or earlier < since:
            return wanted, None
        at = earlier


def _missed(schedule: Calendar, since: datetime, last: datetime, reason: SkipReason) -> Missed:
    found = schedule.between(since, last + SECOND, limit=MOST_COUNTED)
    return Missed(found[0], last, len(found), reason)


def _one_a_minute(rule: RuleFacts, found: list[datetime]) -> tuple[datetime, ...]:
    """A name has minutes only: of several in one minute (BYSECOND) the first is made."""
    last = rule.status.last_schedule_time
    before = None if last is None else int(last.timestamp()) // 60
    kept = []
    for at in found:
        minute = int(at.timestamp()) // 60
        if minute != before:
            kept.append(at)
        before = minute
    return tuple(kept)
