"""Putting off: the reminders that would come before then; where a task has none, its due date."""

from datetime import UTC, datetime

from todotasks.api import RecurrenceRule, Reminder, TodoTask
from todotasks.edits.model.command import Snooze, StopRule
from todotasks.edits.model.edit import Document, Edit
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import (
    Moment,
    TimeError,
    at_time,
    day_of,
    moment_of,
    read_shift,
    same_moment,
    shifted,
    time_alone,
    with_offset,
    written,
)
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.dues import changed_due
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.recurring.pause import plan_stop
from todotasks.edits.plan.recurring.skip import scheduled_for
from todotasks.edits.plan.update import differing, tasks_of
from todotasks.edits.targets.resolve import (
    Found,
    Wanted,
    problem,
    resolve,
    unclear,
)
from todotasks.edits.targets.rows import schedule_of, zone_of
from todotasks.edits.targets.upcoming import upcoming
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase


def plan_snooze(command: Snooze, world: World, *, confirmed: bool) -> Plan:
    resolved = resolve(command.target, world, Wanted("open", rules="also"))
    if isinstance(resolved, Found) and _pauses(command, resolved, world):
        return plan_stop(StopRule(command.target, until=command.until), world, confirmed=confirmed)
    found = tasks_of(resolved, world)
    if isinstance(found, Plan):
        return found
    until = _until(command, world)
    if until is None:
        return unclear(world, "say-when")
    instant = _instant(until, world)
    if instant <= world.now:
        text = phrase(world.language, "snooze-past", moment=format_moment(instant, world.language))
        return problem("Invalid", text, "spec.snoozeUntil")
    edits: list[Edit] = []
    changed: list[Thing] = []
    same: list[Thing] = []
    remarks: list[str] = []
    moments: list[Moment] = []
    for task in found.things:
        assert isinstance(task, TodoTask), "rules were replaced by their tasks"
        reminders = [r for r in world.reminders if r.spec.task_ref.name == task.metadata.name]
        if reminders:
            meant = _meant(reminders, instant)
            made = [edit for r in meant if (edit := _put_off(r, task, instant, world)) is not None]
            moment: Moment = instant
        else:
            moment = _later(task, command, until, world)
            fields = differing(task.spec, changed_due(written(moment, world.zone), task, world))
            made = [editing.patch_task_fields(task, fields, world)] if fields else []
            if made:
                remarks.append(phrase(world.language, "no-reminder-moved", what=quoted(task.spec.title)))
        (changed if made else same).append(task)
        edits += made
        moments += [moment] if made else []
    draft = Draft(
        "snooze", tuple(edits), tuple(changed), tuple(same),
        values={"moment": format_moment(moments[0] if moments else instant, world.language)},
        remarks=tuple(remarks),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


def _pauses(command: Snooze, found: Found, world: World) -> bool:
    """ "Pause standup until January": put off beyond the one that comes after it, the rule is meant;
    so it is where none is open. Raises DueError."""
    if command.until is None or time_alone(command.until) is not None or len(found.things) != 1:
        return False
    thing = found.things[0]
    rule = thing if isinstance(thing, RecurrenceRule) else world.rule_of(thing)
    schedule = schedule_of(rule, world) if rule is not None else None
    if rule is None or schedule is None:
        return False
    open_ones = [task for task in world.occurrences_of(rule) if not task.spec.completed]
    if not open_ones:
        return True
    made = [at for task in open_ones if (at := scheduled_for(task, world)) is not None]
    following = upcoming(rule, schedule, world)
    while following is not None and any(same_moment(following, at) for at in made):
        following = schedule.next_after(following)
    return following is not None and following < _instant(moment_of(command.until, world.zone), world)


def _instant(until: Moment, world: World) -> datetime:
    """A day begins when reminders of all-day tasks come."""
    if isinstance(until, datetime):
        return until
    return at_time(until, world.all_day_time, world.zone)


def _until(command: Snooze, world: World) -> Moment | None:
    """Raises DueError, TimeError."""
    if command.until is not None:
        clock = time_alone(command.until)
        if clock is None:
            return moment_of(command.until, world.zone)
        today = at_time(world.local_now.date(), clock, world.zone)
        if today > world.now:
            return today
        return at_time(day_of(shifted(today.date(), read_shift("1d"))), clock, world.zone)
    if command.by is not None:
        return shifted(world.local_now, read_shift(command.by))
    return None


def _meant(reminders: list[Reminder], until: datetime) -> list[Reminder]:
    """Those that would come before then. Where none would, the one that came last comes once more: of a task
    with a reminder of the day before and one of the hour before, both would, at the same time."""
    here = [r for r in reminders if not r.spec.suspend]
    before = [r for r in here if r.status.fire_time is not None and r.status.fire_time <= until]
    waiting = [r for r in here if r.status.fire_time is None]
    unseen = [r for r in waiting if r.status.observed_generation < 0]
    over = [r for r in waiting if r.status.observed_generation >= 0]
    never = datetime.min.replace(tzinfo=UTC)
    last = max(over, key=lambda r: (r.status.fired_at or never, r.metadata.name), default=None)
    return [*before, *unseen] or ([last] if last is not None else [])


def _put_off(reminder: Reminder, task: TodoTask, until: datetime, world: World) -> Edit | None:
    """None for one that comes later anyway, is paused, or is put off until then already."""
    spec, status = reminder.spec, reminder.status
    if spec.suspend or (status.fire_time is not None and status.fire_time > until):
        return None
    if spec.snooze_until is not None and same_moment(spec.snooze_until, until):
        return None
    body: Document = {"snoozeUntil": with_offset(until)}
    return editing.patch(reminder, body, world, task.spec.title)


def _later(task: TodoTask, command: Snooze, until: Moment, world: World) -> Moment:
    """When it is due instead: then, or so much later than it was due, if that is ahead."""
    if command.by is None or task.spec.due is None:
        return until
    due = moment_of(task.spec.due, zone_of(task, world))
    now: Moment = world.now if isinstance(due, datetime) else world.local_now.date()
    try:
        return shifted(max(due, now), read_shift(command.by))
    except TimeError:
        return until  # a day is not put off by hours: then it is from now on
