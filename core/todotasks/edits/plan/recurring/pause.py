"""Paused, also until a day, and resumed."""

from datetime import datetime, timedelta

from todotasks.api import RecurrenceRule
from todotasks.edits.model.command import (
    StopRule,
)
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import (
    Moment,
    at_time,
    day_of,
    moment_of,
)
from todotasks.edits.model.world import World
from todotasks.edits.plan import editing
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.recurring.common import rules_of
from todotasks.edits.plan.recurring.schedules import (
    first_occurrence,
)
from todotasks.edits.targets.resolve import (
    Found,
    Wanted,
    problem,
    resolve,
)
from todotasks.edits.targets.rows import occurrence_of, schedule_of, title_of
from todotasks.edits.targets.upcoming import upcoming
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule

MOST_LEFT_OUT = 366  # days that a rule can list in `except`


def plan_stop(command: StopRule, world: World, *, confirmed: bool) -> Plan:
    found = rules_of(resolve(command.target, world, Wanted("any", rules="only")), world)
    if isinstance(found, Plan):
        return found
    if command.until is not None:
        return _stop_until(command.until, found, world, confirmed=confirmed)
    key = "resume" if command.resume else "stop"
    rules = [thing for thing in found.things if isinstance(thing, RecurrenceRule)]
    changed = [rule for rule in rules if rule.spec.suspend == command.resume]
    details = ""
    if command.resume and len(changed) == 1 and (schedule := schedule_of(changed[0], world)):
        details = _resumes_on(changed[0], schedule, world)
    draft = Draft(
        key,
        edits=tuple(editing.patch(rule, {"suspend": not command.resume}, world) for rule in changed),
        changed=tuple(changed),
        same=tuple(rule for rule in rules if rule not in changed),
        same_key=f"{key}-already",
        values={"details": details},
    )
    return finish(draft, found, world, confirmed=confirmed)


def _stop_until(until: str, found: Found, world: World, *, confirmed: bool) -> Plan:
    """Leaves out the days before that one, so that it goes on by itself. Raises DueError."""
    end = day_of(moment_of(until, world.zone))
    edits, changed, same = [], [], []
    count = 0
    following: Moment | None = None
    for rule in found.things:
        assert isinstance(rule, RecurrenceRule), "tasks were replaced by their rules"
        schedule = schedule_of(rule, world)
        what = quoted(title_of(rule))
        if schedule is None:
            return problem("Invalid", f"{what}: {phrase(world.language, 'bad-schedule')}.", "spec")
        zone = str(schedule.clock.zone)
        finish_at = at_time(end, datetime.min.time(), zone)
        if finish_at <= world.now:
            text = phrase(world.language, "pause-past", moment=format_moment(end, world.language))
            return problem("Invalid", text, "spec.except")
        days = _days_between(schedule, world.now, finish_at)
        there = list(rule.spec.except_ or ())
        left_out = [day for day in days if day not in there]
        if len(there) + len(left_out) > MOST_LEFT_OUT:
            text = phrase(world.language, "pause-too-long", what=what, most=MOST_LEFT_OUT)
            return problem("TooMany", text, "spec.except")
        if not left_out:
            same.append(rule)
            continue
        edits.append(editing.patch(rule, {"except": [*there, *left_out]}, world))
        changed.append(rule)
        count += len(left_out)
        at = schedule.next_after(finish_at, inclusive=True)
        following = None if at is None else occurrence_of(schedule, at)
    on = "" if following is None else format_moment(following, world.language)
    details = phrase(world.language, "next-is", moment=on) if on and len(changed) == 1 else ""
    key = "stop-until"
    values = {"moment": format_moment(end, world.language), "count": str(count), "details": details}
    draft = Draft(key, tuple(edits), tuple(changed), tuple(same), "stop-until-already", values=values)
    return finish(draft, found, world, confirmed=confirmed)


def _days_between(schedule: Rule, start: datetime, end: datetime) -> list[str]:
    """The local days on which it would come back, one entry each, however often on a day."""
    zone = schedule.clock.zone
    days: list[str] = []
    at = schedule.next_after(start)
    while at is not None and at < end and len(days) <= MOST_LEFT_OUT:
        day = at.astimezone(zone).date()
        days.append(day.isoformat())
        at = schedule.next_after(
            at_time(day + timedelta(days=1), datetime.min.time(), str(zone)), inclusive=True
        )
    return days


def _resumes_on(rule: RecurrenceRule, schedule: Rule, world: World) -> str:
    """; first on Thursday, 3 December 2026; nothing where an open task has to be done first."""
    following = upcoming(rule, schedule, world)
    first = None if following is None else occurrence_of(schedule, following)
    if rule.spec.basis == "Schedule" and rule.status.next_schedule_time is None:
        first = first_occurrence(schedule, world)
    if first is None:
        return ""
    return phrase(world.language, "first-on", moment=format_moment(first, world.language))
