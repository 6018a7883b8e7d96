"""One occurrence left out."""

from datetime import date, datetime, timedelta

from todotasks.api import ANNOTATION_SCHEDULED_TIME, RecurrenceRule, TodoTask
from todotasks.edits.model.command import (
    SkipOccurrence,
)
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import (
    at_time,
    day_of,
    due_of,
    moment_of,
    same_moment,
    time_alone,
    written,
)
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.recurring.common import rules_of
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

MOST_AHEAD = timedelta(days=366 * 10)  # in which the next ones are looked for


def plan_skip(command: SkipOccurrence, world: World, *, confirmed: bool) -> Plan:
    """The date goes to `except`. A task that was made for it already would be deleted, so that is asked."""
    resolved = resolve(command.target, world, Wanted("any", rules="only"))
    shown = resolved.things[0] if isinstance(resolved, Found) and len(resolved.things) == 1 else None
    found = rules_of(resolved, world)
    if isinstance(found, Plan):
        return found
    if len(found.things) != 1:
        return problem("Unclear", phrase(world.language, "say-which"))
    rule = found.things[0]
    assert isinstance(rule, RecurrenceRule), "tasks were replaced by their rules"
    schedule = schedule_of(rule, world)
    what = quoted(title_of(rule))
    if schedule is None:
        return problem("Invalid", f"{what}: {phrase(world.language, 'bad-schedule')}.", "spec")
    occurrences = _occurrences(command, shown, rule, schedule, world)
    if not occurrences:
        on = ""
        if command.on is not None:
            on = f": {format_moment(day_of(moment_of(command.on, world.zone)), world.language)}"
        return problem("NotFound", phrase(world.language, "no-next", what=what, moment=on))
    zone = str(schedule.clock.zone)
    entries = [_entry(each.astimezone(schedule.clock.zone), schedule, zone) for each in occurrences]
    moments = [format_moment(occurrence_of(schedule, each), world.language) for each in occurrences]
    there = list(rule.spec.except_ or ())
    open_ones = [
        task
        for task in world.occurrences_of(rule)
        if not task.spec.completed
        and (at := scheduled_for(task, world)) is not None
        and any(same_moment(at, each) for each in occurrences)
    ]
    edits = [editing.delete(task, world) for task in open_ones]
    if more := [entry for entry in entries if entry not in there]:
        edits.insert(0, editing.patch(rule, {"except": [*there, *more]}, world))
    draft = Draft(
        "skip", tuple(edits), (rule,) if edits else (), () if edits else (rule,), "skip-already",
        values={"moment": phrase(world.language, "and").join(moments)}, must_ask=bool(open_ones),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


def _occurrences(
    command: SkipOccurrence, shown: Thing | None, rule: RecurrenceRule, schedule: Rule, world: World
) -> list[datetime]:
    """The first, and as many as were said behind it that are not left out already."""
    first = _occurrence(command, shown, rule, schedule, world)
    if first is None or command.count == 1:
        return [] if first is None else [first]
    later = schedule.between(first + timedelta(seconds=1), first + MOST_AHEAD, command.count - 1)
    return [first, *later]


def _occurrence(
    command: SkipOccurrence, shown: Thing | None, rule: RecurrenceRule, schedule: Rule, world: World
) -> datetime | None:
    """That of the day that was said, that of the task that was meant, else the next: one whose task is
    there already before one that is to come."""
    made = sorted(
        at for task in world.occurrences_of(rule)
        if not task.spec.completed and (at := scheduled_for(task, world)) is not None
    )  # fmt: skip
    if command.on is not None and time_alone(command.on) is None:
        day = day_of(moment_of(command.on, world.zone))
        zone = str(schedule.clock.zone)
        start, end = (at_time(d, datetime.min.time(), zone) for d in (day, day + timedelta(days=1)))
        there = [at for at in made if start <= at < end]
        return next(iter([*there, *schedule.between(start, end, 1), *_excepted(rule, day, start)]), None)
    if isinstance(shown, TodoTask):
        return scheduled_for(shown, world)
    ahead = [at for at in made if at > world.now or (schedule.all_day and _is_today(at, schedule, world))]
    if ahead:
        return ahead[0]
    if made and rule.spec.basis == "Completion":
        return made[0]  # nothing comes before it is done or left out
    return upcoming(rule, schedule, world)


def _excepted(rule: RecurrenceRule, day: date, start: datetime) -> list[datetime]:
    """A day that is left out already."""
    return [start] if day.isoformat() in (rule.spec.except_ or ()) else []


def _is_today(at: datetime, schedule: Rule, world: World) -> bool:
    zone = schedule.clock.zone
    return at.astimezone(zone).date() == world.now.astimezone(zone).date()


def _entry(local: datetime, schedule: Rule, zone: str) -> str:
    """The day; the moment where there are several on that day."""
    start, end = (
        at_time(d, datetime.min.time(), zone) for d in (local.date(), local.date() + timedelta(days=1))
    )
    several = len(schedule.between(start, end, 2)) > 1
    return written(local if several else local.date(), zone)


def scheduled_for(task: TodoTask, world: World) -> datetime | None:
    """For when it was made: its annotation, else its due."""
    text = task.metadata.annotation(ANNOTATION_SCHEDULED_TIME) or task.spec.due
    due = due_of(text, task.spec.time_zone or world.namespace_zone)
    return due.instant if due is not None else None
