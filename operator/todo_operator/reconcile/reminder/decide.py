"""The decision about a Reminder: `reconcile(observed, now) -> Plan`.

Level, not edge: which instant is owed is derived from the times (`reminder_times`) and from what the status
says was told. No I/O, no clock, and calling it again after its plan was applied changes nothing.

    its newest instant that has passed
      ├── is told already (status.firedAt)                         ──▶ nothing
      ├── is left out already (status.leftOutAt)                   ──▶ nothing
      ├── was over when the reminder was made                      ──▶ left out
      ├── fell into a time when it was suspended, or the task done ──▶ left out
      └── else                     ──▶ reminder.due, once; `late` where it is more than a minute ago

Choices that are API:
- `status.firedAt` is the planned instant, also of a late firing: it is what the event's id is made of, so a
  crash between event and status tells the same again under the same id.
- What was left out is written down as an instant, not as a state: a due date that is moved while nobody looks
  makes another instant, and that one is owed although the last look said Passed.
- Of several instants that passed while nothing could fire, the newest is told and the others are left out.
- A channel that is missing does not keep it silent; the notifier says what became of it.
- A task that is missing does: there is nothing to tell. What it owes is told when the task is there.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from todo_operator.reconcile.conditions import (
    Finding,
    all_findings,
    conditions_of,
    findings,
    first_finding,
)
from todo_operator.reconcile.plan import Plan, ReminderEmission
from todo_operator.reconcile.reasons import ReminderCondition, ReminderReason
from todo_operator.reconcile.reminder.checks import (
    CONDITIONS,
    DELIVERED,
    STALLS,
    ObservedReminder,
    ReminderSituation,
    was_late,
)
from todo_operator.reconcile.reminder.times import (
    FIELD_AT,
    Instant,
    Timing,
    first_instant,
    timing,
)
from todotasks.api import ReminderStatus, find_condition
from todotasks.api.due import DEFAULT_ZONE, FIELD_DUE, DueError
from todotasks.api.durations import DurationError

LATE_AFTER: Final = timedelta(minutes=1)
MADE_IN_TIME: Final = timedelta(minutes=1)  # "remind me now" is older than its object by a moment
SILENT: Final = (ReminderReason.SUSPENDED, ReminderReason.TASK_COMPLETED)


def reconcile(observed: ObservedReminder, now: datetime) -> Plan[ReminderStatus]:
    """What has to be written and told now, and when to look again. `now` is in UTC."""
    if observed.reminder.deleting:
        return Plan()
    s = look(observed, now)
    status = _status(s, now)
    return Plan(
        status=status if status != observed.reminder.status else None,
        emits=_emissions(s),
        requeue_at=s.next,  # while it is silent, time changes nothing that has to be written
    )


def emissions(observed: ObservedReminder, now: datetime) -> tuple[ReminderEmission, ...]:
    """What `reconcile` would emit, and no more of its work: ten thousand may be asked in one second."""
    return () if observed.reminder.deleting else _emissions(look(observed, now))


def look(observed: ObservedReminder, now: datetime) -> ReminderSituation:
    """What is owed now and what is ahead."""
    reminder, (times, trouble) = observed.reminder, _timing(observed, now)
    s = ReminderSituation(
        observed,
        times,
        trouble,
        fired_at=reminder.status.fired_at,
        fired_count=reminder.status.fired_count,
        left_out_at=reminder.status.left_out_at,
        late=was_late(reminder),
    )
    stalls = all_findings(STALLS, s)
    if stalls:
        return replace(s, stalls=stalls)
    if times is None or _is_silent(observed):
        return s
    owed, following = times.latest, times.next
    s = replace(s, next=following.at if following else None)
    if owed is None or _is_settled(s, owed):
        return s
    if _is_left_out(s, owed):
        return replace(s, left_out_at=owed.at)
    return replace(
        s, due=owed, fired_at=owed.at, fired_count=s.fired_count + 1, late=now - owed.at > LATE_AFTER
    )


def _timing(observed: ObservedReminder, now: datetime) -> tuple[Timing | None, Finding | None]:
    """Its instants, or why they cannot be told; neither, where another check says what is missing."""
    spec, task = observed.reminder.spec, observed.task
    if task is None or observed.reminder.unreadable or (spec.at is None) == (spec.before_due is None):
        return None, None
    try:
        first = first_instant(spec, task, observed.default_zone, observed.all_day_time)
        if first is None:
            return None, None
        status = observed.reminder.status
        return timing(spec, first, now, fired_at=status.fired_at, found=status.put_off), None
    except DurationError:
        return None, None
    except DueError as error:
        # What is wrong with the task heals there; only a wrong `at` is an edit of this object.
        mine = error.field == FIELD_AT
        is_time = mine or error.field == FIELD_DUE
        reason = ReminderReason.INVALID_TIME if is_time else ReminderReason.INVALID_TIME_ZONE
        of_task = "" if mine else f"Of the task {task.name}: "
        return None, Finding("True" if mine else "False", reason, f"{of_task}{error}")


def _is_silent(observed: ObservedReminder) -> bool:
    return observed.reminder.spec.suspend or observed.task is None or observed.task.completed


def _is_settled(s: ReminderSituation, instant: Instant) -> bool:
    """Whether it, or a later one, was told or left out before."""
    return any(at is not None and instant.at <= at for at in (s.fired_at, s.left_out_at))


def _is_left_out(s: ReminderSituation, instant: Instant) -> bool:
    if instant.at < s.reminder.created - MADE_IN_TIME:
        return True
    ready = find_condition(s.reminder.status.conditions, ReminderCondition.READY)
    return ready is not None and ready.reason in SILENT


def _status(s: ReminderSituation, now: datetime) -> ReminderStatus:
    reminder = s.reminder
    found = findings(CONDITIONS, s)
    if s.fired_at is not None:
        found.append((ReminderCondition.DELIVERED, first_finding(DELIVERED, s)))
    return ReminderStatus(
        observed_generation=reminder.generation,
        fire_time=s.next,
        fired_at=s.fired_at,
        fired_count=s.fired_count,
        left_out_at=s.left_out_at,
        put_off=reminder.status.put_off if s.timing is None else s.timing.put_off,
        next=_told(s),
        deliveries=reminder.status.deliveries,  # the notifier's; never another one than is there
        conditions=conditions_of(
            found,
            generation=reminder.generation,
            before=reminder.status.conditions,
            now=now,
            stalled=bool(s.stalls),
        ),
    )


def _told(s: ReminderSituation) -> str | None:
    """With its offset: on the day the clocks go back, the time of day alone says two instants."""
    if s.next is None or s.timing is None:
        return None
    return s.next.astimezone(s.timing.zone).isoformat(timespec="seconds")


def _emissions(s: ReminderSituation) -> tuple[ReminderEmission, ...]:
    if s.due is None:
        return ()
    reminder, task = s.reminder, s.observed.task
    assert task is not None, "without its task nothing is owed"
    return (
        ReminderEmission(
            happening="reminder.due",
            key=reminder.key,
            uid=reminder.uid,
            instant=s.due.at,
            repeat=s.due.repeat,
            task=task.key,
            task_uid=task.uid,
            late=s.late,
            channels=s.uses,
            message=reminder.spec.message,
            time_zone=task.time_zone or s.observed.default_zone or DEFAULT_ZONE,
            resource_version=str(reminder.resource_version),
        ),
    )
