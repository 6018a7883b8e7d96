"""Dues and reminders as a spec has them: what was said in the person's zone, read in the task's.

A local time is kept as local time, with `timeZone` where the namespace's is another one: so it stays at its
hour when the clocks change.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from todotasks.api import TaskReminder, TodoTask
from todotasks.api.due import DueError
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.edit import Document, plain
from todotasks.edits.model.times import (
    Moment,
    Shift,
    TimeError,
    at_time,
    day_of,
    moment_of,
    same_moment,
    shifted,
    time_alone,
    with_offset,
    written,
)
from todotasks.edits.model.world import World
from todotasks.edits.targets.rows import zone_of
from todotasks.edits.wording.phrases import phrase

_OFFSET = re.compile(r"(Z|[+-]\d{2}:\d{2})$")


def has_offset(text: str) -> bool:
    return "T" in text and _OFFSET.search(text) is not None


def new_due(due: str, time_zone: str | None, world: World) -> Document:
    """`due` and `timeZone` of a new task. Raises DueError."""
    zone = time_zone or world.zone
    moment = moment_of(due, zone)
    fields: Document = {"due": due}
    if time_zone is not None or (not has_offset(due) and _differs(zone, None, moment, world)):
        fields["timeZone"] = zone
    return fields


def _differs(zone: str, own: str | None, moment: Moment, world: World) -> bool:
    """Whether what is meant in `zone` would be read otherwise in the zone of the task (`own`) or, without
    one, of the namespace. Where that may not be read, it is taken to differ; but a day that is said in a
    zone which was only assumed is left to the namespace, whose days are likelier meant.
    """
    if own is not None or world.zone_known:
        return zone != (own or world.namespace_zone)
    return isinstance(moment, datetime) or not world.zone_assumed


def zone_remarks(fields: Document, world: World) -> tuple[str, ...]:
    """Says so where times were read in a zone that nobody has named."""
    if not world.zone_assumed or "due" not in fields:
        return ()
    return (phrase(world.language, "zone-assumed", namespace=world.namespace, zone=world.zone),)


def changed_due(due: str, task: TodoTask, world: World, *, all_day: bool = False) -> Document:
    """The fields that change when a task gets this due. T15:00 keeps its day, a day alone its time of day
    unless it is `all_day`. A due that is there stays in the zone in which it is read, whoever moves it from
    where: a `timeZone` that is written beside it would stay when a file puts the due back. Raises DueError,
    TimeError."""
    clock = time_alone(due)
    if clock is not None:
        due = written(_same_day(task, clock, world), world.zone)
    elif due.startswith("T"):
        raise TimeError(f'"{due}" is no time of day: give T00:00 to T23:59')
    moment = moment_of(due, world.zone)
    zone = zone_of(task, world)
    is_known = world.zone_known or task.spec.time_zone is not None
    if isinstance(moment, datetime) and task.spec.due is not None and is_known and zone != world.zone:
        return {"due": due if has_offset(due) else written(moment, zone)}
    if not isinstance(moment, datetime) and not all_day and task.spec.due is not None:
        there = moment_of(task.spec.due, zone)
        if isinstance(there, datetime):
            moved = at_time(moment, there.time(), zone)
            return {"due": with_offset(moved) if has_offset(task.spec.due) else written(moved, zone)}
    fields: Document = {"due": due}
    needs_zone = not has_offset(due) and _differs(world.zone, task.spec.time_zone, moment, world)
    if needs_zone and (isinstance(moment, datetime) or task.spec.due is None):
        fields["timeZone"] = world.zone
    return fields


def _same_day(task: TodoTask, clock: time, world: World) -> Moment:
    """That time on the day it is due, where whoever says it is; without one, the next such time."""
    if task.spec.due is not None:
        there = moment_of(task.spec.due, zone_of(task, world))
        if isinstance(there, datetime):
            there = there.astimezone(load_zone(world.zone))
        return at_time(day_of(there), clock, world.zone)
    today = at_time(world.local_now.date(), clock, world.zone)
    return today if today > world.now else at_time(today.date() + timedelta(days=1), clock, world.zone)


def shifted_due(shift: Shift, task: TodoTask, world: World) -> Document:
    """The due moved, written as it was written; without one, counted from now. Raises DueError, TimeError."""
    if task.spec.due is None:
        base: Moment = world.local_now.date() if not shift.seconds else world.local_now
        return changed_due(written(shifted(base, shift), world.zone), task, world)
    zone = zone_of(task, world)
    moved = shifted(moment_of(task.spec.due, zone), shift)
    if has_offset(task.spec.due) and isinstance(moved, datetime):
        return {"due": with_offset(moved)}
    return {"due": written(moved, zone)}


def reminder_texts(
    reminders: Sequence[TaskReminder], due: str | None, zone: str, world: World
) -> list[Document]:
    """Reminders as `spec.reminders` has them, for a task whose times are read in `zone`, each once.

    One at the very due time counts from it, so that it moves along. Raises DueError.
    """
    out: list[Document] = []
    for reminder in reminders:
        entry: Document = {}
        if reminder.before is not None:
            entry["before"] = reminder.before
        if reminder.at is not None:
            at = _moment_at(reminder.at, world)
            if due is not None and same_moment(moment_of(due, zone), at):
                entry["before"] = "0s"
            else:
                entry["at"] = reminder.at if has_offset(reminder.at) else _local(at, zone, world)
        if reminder.repeat_every is not None:
            entry["repeatEvery"] = reminder.repeat_every
        if reminder.max_repeats is not None:
            entry["maxRepeats"] = reminder.max_repeats
        if reminder.channels:
            entry["channels"] = list(reminder.channels)
        if entry not in out:
            out.append(entry)
    return out


def _local(at: datetime, zone: str, world: World) -> str:
    """Wall-clock time; with its offset where it is not known in which zone it will be read."""
    if world.zone_known or zone != world.namespace_zone:
        return written(at, zone)
    return with_offset(at)


def in_zone(task: TodoTask, zone: str, world: World) -> list[Document]:
    """The task's reminders at the same moments when its time zone becomes another one."""
    out: list[Document] = plain(task.spec.reminders or ())
    for entry in out:
        if "at" in entry and not has_offset(entry["at"]):
            entry["at"] = written(moment_of(entry["at"], zone_of(task, world)), zone)
    return out


def _moment_at(at: str, world: World) -> datetime:
    """A reminder said with a day alone comes when those of all-day tasks do."""
    try:
        moment = moment_of(at, world.zone)
    except DueError as error:
        raise DueError("spec.reminders.at", error.message) from error
    if isinstance(moment, datetime):
        return moment
    return at_time(moment, world.all_day_time, world.zone)


def check_zone(name: str | None, field: str) -> None:
    """Raises DueError."""
    if name is None:
        return
    try:
        load_zone(name)
    except ZoneError as error:
        raise DueError(field, str(error)) from error
