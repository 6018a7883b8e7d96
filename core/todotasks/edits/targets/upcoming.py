"""When a task comes back next: the rule's status says it, which the operator keeps.

A rule that counts from completions has no next time while a task of it is open, and after one that was done
early the schedule would name the day that is done already. The schedule answers where the operator has not
seen the rule as it is now.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from todotasks.api import RecurrenceRule
from todotasks.edits.model.world import World

if TYPE_CHECKING:
    from todotasks.recurrence import Rule


def upcoming(rule: RecurrenceRule, schedule: "Rule", world: World) -> datetime | None:
    """The next occurrence of which there is no task yet, in the rule's zone; None: none, or not known yet."""
    known = _is_seen(rule)
    told = rule.status.next_schedule_time if known else None
    if told is not None and told > world.now:
        return told.astimezone(schedule.clock.zone)
    if known and rule.spec.basis == "Completion":
        return None if told is None else told.astimezone(schedule.clock.zone)
    return schedule.next_after(world.now)


def upcoming_as_changed(rule: RecurrenceRule, schedule: "Rule", world: World) -> datetime | None:
    """The first one by a schedule that the rule does not have yet: from now on, after all that were made.

    None where it counts from a completion that is still to come.
    """
    if rule.spec.basis == "Completion" and rule.status.active_count:
        return None
    begin = world.now
    if schedule.all_day:  # of an all-day one today is not over
        begin = world.now.astimezone(schedule.clock.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = schedule.next_after(begin, inclusive=schedule.all_day)
    last = rule.status.last_schedule_time
    if first is not None and last is not None and first <= last:
        return schedule.next_after(last)
    return first


def _is_seen(rule: RecurrenceRule) -> bool:
    generation = rule.metadata.generation
    return generation > 0 and rule.status.observed_generation == generation
