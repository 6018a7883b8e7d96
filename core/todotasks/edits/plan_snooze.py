"""Putting off: the reminders that would come before then; where a task has none, its due date."""

from datetime import UTC, datetime, time

from todotasks.api import Reminder, TodoTask
from todotasks.edits import making
from todotasks.edits.command import Snooze
from todotasks.edits.dues import changed_due
from todotasks.edits.making import Draft, finish
from todotasks.edits.model import Document, Edit, Plan
from todotasks.edits.phrases import say
from todotasks.edits.plan_update import edit_of, tasks_of
from todotasks.edits.rows import zone_of
from todotasks.edits.targets import Wanted, problem, resolve, unclear
from todotasks.edits.times import (
    Moment,
    TimeError,
    at_time,
    day_of,
    moment_of,
    read_shift,
    shifted,
    time_alone,
    with_offset,
    written,
)
from todotasks.edits.words import quoted, say_moment
from todotasks.edits.world_model import Thing, World


def plan_snooze(command: Snooze, world: World, *, confirmed: bool) -> Plan:
    found = tasks_of(resolve(command.target, world, Wanted("open", rules="also")), world)
    if isinstance(found, Plan):
        return found
    until = _until(command, world)
    if until is None:
        return unclear(world, "say-when")
    instant = until if isinstance(until, datetime) else at_time(until, time(world.parts.morning), world.zone)
    if instant <= world.now:
        text = say(world.language, "snooze-past", moment=say_moment(instant, world.language))
        return problem("Invalid", text, "spec.snoozeUntil")
    edits: list[Edit] = []
    changed: list[Thing] = []
    same: list[Thing] = []
    remarks = []
    for task in found.things:
        assert isinstance(task, TodoTask), "rules were replaced by their tasks"
        reminders = [r for r in world.reminders if r.spec.task_ref.name == task.metadata.name]
        if reminders:
            made = [_put_off(reminder, task, instant, world) for reminder in reminders]
        else:
            made = [_moved(task, command, until, world)]
            remarks += (
                [say(world.language, "no-reminder-moved", what=quoted(task.spec.title))] if made[0] else []
            )
        done = [edit for edit in made if edit is not None]
        (changed if done else same).append(task)
        edits += done
    draft = Draft(
        "snooze", tuple(edits), tuple(changed), tuple(same),
        values={"moment": say_moment(instant, world.language)}, remarks=tuple(remarks),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


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


def _put_off(reminder: Reminder, task: TodoTask, until: datetime, world: World) -> Edit | None:
    """None for one that comes later anyway, is paused, or is put off until then already."""
    spec, status = reminder.spec, reminder.status
    if spec.suspend or (status.fire_time is not None and status.fire_time > until):
        return None
    if spec.snooze_until is not None and spec.snooze_until == until:
        return None
    body: Document = {"snoozeUntil": with_offset(until)}
    return making.patch(reminder, body, world, task.spec.title)


def _moved(task: TodoTask, command: Snooze, until: Moment, world: World) -> Edit | None:
    """The due put off: until then, or by so much from when it is due, if that is ahead."""
    moment = until
    if command.by is not None and task.spec.due is not None:
        due = moment_of(task.spec.due, zone_of(task, world))
        ahead = due > world.now if isinstance(due, datetime) else due > world.local_now.date()
        if ahead or not isinstance(due, datetime):
            base = due if ahead else world.local_now.date()
            try:
                moment = shifted(base, read_shift(command.by))
            except TimeError:
                moment = until  # a day is not put off by hours: then it is from now on
    fields = changed_due(written(moment, world.zone), task, world)
    if fields.get("due") == task.spec.due and "timeZone" not in fields:
        return None
    if isinstance(moment, datetime) and moment.astimezone(UTC) <= world.now:
        return None
    return edit_of(task, fields, world)
