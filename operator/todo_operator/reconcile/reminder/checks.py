"""What can be found out about a Reminder: small checks of one shape, in ordered lists.

As for tasks: `STALLS` are all asked and all they find is said at once; of a condition's checks in
`CONDITIONS` the first that finds something decides.
"""

from dataclasses import dataclass
from datetime import datetime, time

import msgspec

from todo_operator.reconcile import conditions
from todo_operator.reconcile.conditions import ConditionChecks, Finding, not_ready, stall
from todo_operator.reconcile.reasons import ReminderCondition, ReminderReason
from todo_operator.reconcile.reminder.facts import ReminderFacts
from todo_operator.reconcile.reminder.times import SHORTEST_REPEAT, Instant, Timing
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api.all_day import ALL_DAY_TIME
from todotasks.api.conditions import find_condition
from todotasks.api.durations import DurationError, parse_duration
from todotasks.api.reminder import Delivery


@dataclass(frozen=True, slots=True)
class ObservedReminder:
    """Everything the decision is made of. `task` None: there is no such task.

    `channels` are the NotificationChannels of the namespace, `default_channels` those of them that reminders
    use which name none.
    """

    reminder: ReminderFacts
    task: TaskFacts | None
    default_zone: str | None = None
    all_day_time: time = ALL_DAY_TIME
    channels: frozenset[str] = frozenset()
    default_channels: tuple[str, ...] = ()


class ReminderSituation(msgspec.Struct, frozen=True, gc=False):
    """What the checks look at: the observed, plus what was derived from it once.

    A struct, because three are made for each decision and a dataclass would take a quarter of its time.
    """

    observed: ObservedReminder
    timing: Timing | None = None  # None: there is no instant to reckon from
    trouble: Finding | None = None  # why its instants cannot be told
    due: Instant | None = None  # what has to be told now
    next: datetime | None = None  # when it fires next
    fired_at: datetime | None = None
    fired_count: int = 0
    left_out_at: datetime | None = None
    late: bool = False
    stalls: tuple[Finding, ...] = ()

    @property
    def reminder(self) -> ReminderFacts:
        return self.observed.reminder

    @property
    def uses(self) -> tuple[str, ...]:
        """The names of the channels through which it goes."""
        named = self.reminder.spec.channels
        return tuple(named) if named else self.observed.default_channels

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Those of the last firing: older ones are of the firing before, until the notifier replaces them."""
        if self.fired_at is None:
            return ()
        fired_at = self.fired_at.replace(microsecond=0)  # the notifier writes whole seconds
        return tuple(
            d for d in self.reminder.status.deliveries or () if d.time is not None and d.time >= fired_at
        )


Check = conditions.Check[ReminderSituation]


# --- what only an edit can heal -----------------------------------------------------------------------


def spec_is_unreadable(s: ReminderSituation) -> Finding | None:
    if s.reminder.unreadable is None:
        return None
    return stall(ReminderReason.INVALID_SPEC, s.reminder.unreadable)


def not_exactly_one_time(s: ReminderSituation) -> Finding | None:
    spec = s.reminder.spec
    if s.reminder.unreadable or (spec.at is None) != (spec.before_due is None):
        return None
    return stall(ReminderReason.INVALID_SPEC, "spec: give exactly one of at and beforeDue")


def a_duration_is_unreadable(s: ReminderSituation) -> Finding | None:
    spec = s.reminder.spec
    problems = []
    for name, text in (("beforeDue", spec.before_due), ("repeatEvery", spec.repeat_every)):
        if text is None:
            continue
        try:
            duration = parse_duration(text)
        except DurationError as error:
            problems.append(f"spec.{name}: {error}")
        else:
            if name == "repeatEvery" and duration < SHORTEST_REPEAT:
                problems.append(f'spec.{name}: "{text}" is shorter than 1m')
    return stall(ReminderReason.INVALID_DURATION, "; ".join(problems)) if problems else None


def its_time_is_unreadable(s: ReminderSituation) -> Finding | None:
    return s.trouble if s.trouble is not None and s.trouble.status == "True" else None


STALLS: tuple[Check, ...] = (
    spec_is_unreadable,
    not_exactly_one_time,
    a_duration_is_unreadable,
    its_time_is_unreadable,
)


# --- the conditions -----------------------------------------------------------------------------------


def spec_is_stalled(s: ReminderSituation) -> Finding | None:
    return not_ready(s.stalls)


def task_is_missing(s: ReminderSituation) -> Finding | None:
    if s.observed.task is not None:
        return None
    name = s.reminder.spec.task_ref.name
    message = f'There is no task "{name}" here. Create it or delete this reminder.'
    return Finding("False", ReminderReason.TASK_MISSING, message)


def task_is_completed(s: ReminderSituation) -> Finding | None:
    if s.observed.task is None or not s.observed.task.completed:
        return None
    return Finding("True", ReminderReason.TASK_COMPLETED, "Its task is completed, so it is silent.")


def it_is_suspended(s: ReminderSituation) -> Finding | None:
    if not s.reminder.spec.suspend:
        return None
    return Finding(
        "True", ReminderReason.SUSPENDED, "It is suspended; what falls into this time is left out."
    )


def its_time_cannot_be_told(s: ReminderSituation) -> Finding | None:
    return s.trouble


def there_is_no_due_date(s: ReminderSituation) -> Finding | None:
    if s.timing is not None:
        return None
    message = "Its task has no due date to count from. Set spec.due of the task, or spec.at here."
    return Finding("False", ReminderReason.NO_DUE_DATE, message)


def a_channel_is_missing(s: ReminderSituation) -> Finding | None:
    missing = [name for name in s.uses if name not in s.observed.channels]
    if not missing or s.next is None:
        return None
    names = ", ".join(f'"{name}"' for name in missing)
    message = f"There is no NotificationChannel {names} here. Create it or take it out of spec.channels."
    return Finding("False", ReminderReason.CHANNEL_MISSING, message)


def it_is_scheduled(s: ReminderSituation) -> Finding | None:
    if s.next is None:
        return None
    through = ", ".join(s.uses) or "no channel: the namespace has no default one"
    return Finding("True", ReminderReason.SCHEDULED, f"Fires at {_when(s.next)}, through {through}.")


def it_has_fired(s: ReminderSituation) -> Finding | None:
    if s.fired_at is None:
        return None
    return Finding("True", ReminderReason.DONE, "It has fired, and will not again.")


def its_time_has_passed(s: ReminderSituation) -> Finding | None:
    assert s.timing is not None
    message = (
        f"Its time, {_when(s.timing.first)}, was over before it was made, or passed while it was suspended"
        " or its task was completed. Give it a later one."
    )
    return Finding("True", ReminderReason.PASSED, message)


def it_fired_late(s: ReminderSituation) -> Finding | None:
    if s.fired_at is None or not s.late:
        return None
    return Finding(
        "True",
        ReminderReason.FIRED_LATE,
        f"Fired {_times(s)}; the last one, for {_when(s.fired_at)}, was late: nothing could fire it in time.",
    )


def it_fired(s: ReminderSituation) -> Finding | None:
    if s.fired_at is None:
        return None
    return Finding("True", ReminderReason.FIRED, f"Fired {_times(s)}, the last time for {_when(s.fired_at)}.")


def it_has_not_fired(_: ReminderSituation) -> Finding | None:
    return Finding("False", ReminderReason.NOT_YET, "It has not fired.")


def a_delivery_has_failed(s: ReminderSituation) -> Finding | None:
    return _deliveries(s, "Failed", ReminderReason.DELIVERY_FAILED, "Could not be delivered through")


def a_delivery_is_tried_again(s: ReminderSituation) -> Finding | None:
    return _deliveries(s, "Retrying", ReminderReason.RETRYING, "Is tried again through")


def there_is_no_channel(s: ReminderSituation) -> Finding | None:
    if s.deliveries or s.uses:
        return None
    message = "It names no channel, and no NotificationChannel here is marked as default."
    return Finding("False", ReminderReason.NO_CHANNEL, message)


def a_delivery_is_pending(s: ReminderSituation) -> Finding | None:
    if s.deliveries and all(d.state == "Delivered" for d in s.deliveries):
        return None
    return Finding("False", ReminderReason.PENDING, "Nothing is known yet of its delivery.")


def all_is_delivered(s: ReminderSituation) -> Finding | None:
    channels = ", ".join(d.channel for d in s.deliveries)
    return Finding("True", ReminderReason.DELIVERED, f"Delivered through {channels}.")


# In the order in which they are written. The last check of each finds always something.
CONDITIONS: ConditionChecks[ReminderSituation] = (
    (
        ReminderCondition.READY,
        (
            spec_is_stalled,
            it_is_suspended,
            task_is_missing,
            task_is_completed,
            its_time_cannot_be_told,
            there_is_no_due_date,
            a_channel_is_missing,
            it_is_scheduled,
            it_has_fired,
            its_time_has_passed,
        ),
    ),
    (ReminderCondition.FIRED, (it_fired_late, it_fired, it_has_not_fired)),
)
DELIVERED: tuple[Check, ...] = (
    a_delivery_has_failed,
    a_delivery_is_tried_again,
    there_is_no_channel,
    a_delivery_is_pending,
    all_is_delivered,
)


def was_late(reminder: ReminderFacts) -> bool:
    """Whether the stored status says so of the last firing."""
    fired = find_condition(reminder.status.conditions, ReminderCondition.FIRED)
    return fired is not None and fired.reason == ReminderReason.FIRED_LATE


# --- words --------------------------------------------------------------------------------------------


def _deliveries(s: ReminderSituation, state: str, reason: ReminderReason, words: str) -> Finding | None:
    found = [d for d in s.deliveries if d.state == state]
    if not found:
        return None
    told = "; ".join(d.channel + (f" ({d.last_error})" if d.last_error else "") for d in found)
    return Finding("False", reason, f"{words} {told}.")


def _when(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _times(s: ReminderSituation) -> str:
    return "once" if s.fired_count == 1 else f"{s.fired_count} times"
