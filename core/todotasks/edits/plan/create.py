"""New tasks: one manifest, as an expert would write it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from todotasks.api import TodoTask
from todotasks.edits.model.command import CreateTask, Relative, Target, TaskFields
from todotasks.edits.model.edit import Document
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import due_of, read_shift
from todotasks.edits.model.world import World
from todotasks.edits.plan import editing
from todotasks.edits.plan.dues import check_zone, new_due, reminder_texts, shifted_due, zone_remarks
from todotasks.edits.targets.resolve import Wanted, problem, resolve
from todotasks.edits.targets.rows import titles_of
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import phrase


def plan_create(command: CreateTask, world: World) -> Plan:
    task = command.task
    parent = parent_of(task.parent, world)
    if isinstance(parent, Plan):
        return parent
    check_zone(task.time_zone, "spec.timeZone")
    beside = ""
    if task.relative is not None:
        related = _related(task.relative, world)
        if isinstance(related, Plan):
            return related
        task, beside = msgspec.structs.replace(task, due=related.due, time_zone=related.zone), related.title
    times: Document = new_due(task.due, task.time_zone, world) if task.due else {}
    if not times and (task.time_zone is not None):
        times["timeZone"] = task.time_zone
    zone = times.get("timeZone") or world.namespace_zone
    if any(reminder.before is not None for reminder in task.reminders) and not task.due:
        return problem("Invalid", phrase(world.language, "needs-due", what=quoted(task.title)), "spec.due")
    reminders = reminder_texts(task.reminders, task.due, zone, world)
    spec = spec_of(task, parent.name if parent else None, times, reminders, world)
    edit = editing.create("todotasks", task.title, spec, world)
    said = {name: value for name, value in spec.items() if name not in {"title", "notes"}}
    details = spec_details(said, world, parent=parent.title if parent else None)
    remarks = (*_remarks(task, zone, world), *zone_remarks(times, world))
    if beside and task.relative is not None:
        shift = task.relative.shift
        key = "counted-before" if shift.startswith("-") else "counted-after"
        said_shift = shift.removeprefix("-")
        remarks += (phrase(world.language, key, shift=said_shift, what=quoted(beside)),)
    return Plan(
        reply=phrase(world.language, "created", what=quoted(task.title), details=details),
        edits=(edit,),
        remarks=remarks,
    )


@dataclass(frozen=True, slots=True)
class _Related:
    due: str
    zone: str | None
    title: str


def _related(relative: Relative, world: World) -> _Related | Plan:
    """The due that is counted from another task's; it does not move along. Raises DueError, TimeError."""
    other = one_task(relative.target, world, "one-relative", "spec.due")
    if isinstance(other, Plan):
        return other
    if other.spec.due is None:
        text = phrase(world.language, "relative-without-due", what=quoted(other.spec.title))
        return problem("Invalid", text, "spec.due")
    due = str(shifted_due(read_shift(relative.shift), other, world)["due"])
    return _Related(due, other.spec.time_zone, other.spec.title)


def spec_of(
    task: TaskFields, parent: str | None, times: Document, reminders: Sequence[Document], world: World
) -> Document:
    """The fields in the order in which people write them; what is not said is not there."""
    spec = {
        "title": task.title,
        "notes": task.notes,
        "parent": parent,
        "priority": task.priority,
        "tags": list(dict.fromkeys(task.tags)) or None,
        "project": task.project,
        "assignee": (world.me or "me") if task.assignee == "me" else task.assignee,
        "due": times.get("due"),
        "timeZone": times.get("timeZone"),
        "dependsOn": list(dict.fromkeys(task.depends_on)) or None,
        "reminders": list(reminders) or None,
    }
    return {name: value for name, value in spec.items() if value is not None}


def _remarks(task: TaskFields, zone: str, world: World) -> tuple[str, ...]:
    due = due_of(task.due, zone) if task.due else None
    if due is not None and due.overdue_at <= world.now:
        return (phrase(world.language, "in-the-past", what=quoted(task.title)),)
    return ()


@dataclass(frozen=True, slots=True)
class Parent:
    name: str
    title: str


def parent_of(target: Target | None, world: World) -> Parent | Plan | None:
    """The task of which another one is a part. Several that fit are not asked for but named: a choice
    would replace the command's own target."""
    if target is None:
        return None
    task = one_task(target, world, "one-parent", "spec.parent")
    return task if isinstance(task, Plan) else Parent(task.metadata.name, task.spec.title)


def one_task(target: Target, world: World, key: str, field: str) -> TodoTask | Plan:
    """The one open task that is meant; `key` is the phrase of the problem where several are."""
    found = resolve(target, world, Wanted("open"))
    if isinstance(found, Plan):
        if found.question is None:
            return found
        titles = [row.title for row in found.question.rows]
    else:
        tasks = [thing for thing in found.things if isinstance(thing, TodoTask)]
        if len(tasks) == 1:
            return tasks[0]
        titles = titles_of(tasks)
    text = phrase(
        world.language, key, count=len(titles), said=quoted(target.title or "it"),
        titles=quoted_list(titles, world.language),
    )  # fmt: skip
    return problem("Ambiguous", text, field)
