"""Changes of what is there: complete, reopen, change fields, delete.

A patch says only what becomes different; an object for which nothing does gets none.
"""

from datetime import datetime
from typing import Any

from todotasks.api import RecurrenceRule, TodoTask, TodoTaskSpec
from todotasks.edits.model.command import (
    Changes,
    Complete,
    Delete,
    Reopen,
    Scope,
    Update,
)
from todotasks.edits.model.edit import Document, Edit, plain
from todotasks.edits.model.plan import Plan, Question
from todotasks.edits.model.times import (
    Shift,
    TimeError,
    day_of,
    moment_of,
    read_shift,
    time_alone,
    with_offset,
)
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.create import Parent, parent_of
from todotasks.edits.plan.dependencies import depending
from todotasks.edits.plan.dues import (
    changed_due,
    has_offset,
    in_zone,
    reminder_texts,
    shifted_due,
    zone_remarks,
)
from todotasks.edits.plan.finish import Draft, finish, naming
from todotasks.edits.plan.recurring.create import lead_for
from todotasks.edits.plan.recurring.schedules import ScheduleError, retimed
from todotasks.edits.plan.reminders import awakened, own_reminders, reminded
from todotasks.edits.targets.resolve import (
    MOST_CHOICES,
    Found,
    Wanted,
    problem,
    resolve,
    unclear,
)
from todotasks.edits.targets.rows import (
    PRIORITIES,
    occurrence_of,
    rows_of,
    schedule_of,
    title_of,
    zone_of,
)
from todotasks.edits.targets.upcoming import upcoming
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import clean, format_moment, quoted
from todotasks.edits.wording.phrases import phrase

ALL_TAGS = "*"  # as a tag to be removed


# --- complete, reopen ----------------------------------------------------------------------------------


def plan_complete(command: Complete | Reopen, world: World, *, confirmed: bool) -> Plan:
    completes = isinstance(command, Complete)
    key = "complete" if completes else "reopen"
    found = tasks_of(resolve(command.target, world, Wanted("open" if completes else "completed")), world)
    if isinstance(found, Plan):
        return found
    tasks = [thing for thing in found.things if isinstance(thing, TodoTask)]
    changed = tuple(task for task in tasks if task.spec.completed != completes)
    remarks = tuple(
        phrase(
            world.language, "open-parts", what=quoted(task.spec.title), open=parts.total - parts.completed,
            total=parts.total,
        )
        for task in changed
        if completes and (parts := task.status.subtasks) and parts.completed < parts.total
    )  # fmt: skip
    draft = Draft(
        key,
        edits=tuple(editing.patch_task_fields(task, {"completed": completes}, world) for task in changed),
        changed=changed,
        same=tuple(task for task in tasks if task.spec.completed == completes),
        same_key=f"{key}-already",
        remarks=remarks,
    )
    return finish(draft, found, world, confirmed=confirmed)


def tasks_of(found: Found | Plan, world: World) -> Found | Plan:
    """Tasks only: of a rule that was shown or named, its oldest open task."""
    if isinstance(found, Plan):
        return found
    tasks: list[Thing] = []
    for thing in found.things:
        if isinstance(thing, TodoTask):
            tasks.append(thing)
            continue
        open_ones = [task for task in world.occurrences_of(thing) if not task.spec.completed]
        if not open_ones:
            return problem("NotFound", no_occurrence(thing, world))
        tasks.append(min(open_ones, key=lambda task: (task.spec.due or "", task.metadata.name)))
    return Found(tuple(tasks), found.bulk, found.sure, found.remarks)


def in_scope(found: Found | Plan, scope: Scope, world: World) -> Found | Plan:
    """ "Just this one" is the task, "all of them" the rule that makes them."""
    if isinstance(found, Plan) or scope is None:
        return found
    if scope == "this":
        return tasks_of(found, world)
    things: list[Thing] = []
    for thing in found.things:
        rule = thing if isinstance(thing, RecurrenceRule) else world.rule_of(thing)
        if rule is None:
            text = phrase(world.language, "not-recurring", what=quoted(title_of(thing)))
            return problem("NotFound", text)
        things.append(rule)
    unique = {thing.metadata.uid: thing for thing in things}
    return Found(tuple(unique.values()), found.bulk, found.sure, found.remarks)


def no_occurrence(rule: RecurrenceRule, world: World) -> str:
    schedule = schedule_of(rule, world)
    following = upcoming(rule, schedule, world) if schedule and not rule.spec.suspend else None
    after = ""
    if schedule is not None and following is not None:
        moment = format_moment(occurrence_of(schedule, following), world.language)
        after = phrase(world.language, "next-on", moment=moment)
    return phrase(world.language, "no-occurrence", what=quoted(title_of(rule)), next=after)


# --- delete --------------------------------------------------------------------------------------------


def plan_delete(command: Delete, world: World, *, confirmed: bool) -> Plan:
    found = in_scope(resolve(command.target, world, Wanted("any", rules="also")), command.scope, world)
    if isinstance(found, Plan):
        return found
    rules = [thing for thing in found.things if isinstance(thing, RecurrenceRule)]
    active = any(rule.status.active_count or world.occurrences_of(rule) for rule in rules)
    remarks = [phrase(world.language, "takes-along")] if active else []
    for thing in found.things:
        rule = world.rule_of(thing) if isinstance(thing, TodoTask) else None
        if rule is not None and not rule.spec.suspend and rule not in rules:
            title = clean(title_of(rule))
            remarks.append(phrase(world.language, "comes-back", what=quoted(title), title=title))
    draft = Draft(
        "delete",
        edits=tuple(editing.delete(thing, world) for thing in found.things),
        changed=found.things,
        remarks=tuple(dict.fromkeys(remarks)),
        must_ask=True,
        deletes=True,
    )
    return finish(draft, found, world, confirmed=confirmed)


# --- change fields -------------------------------------------------------------------------------------


def plan_update(command: Update, world: World, *, confirmed: bool) -> Plan:
    changes = command.changes
    found = in_scope(_updated(command, world), command.scope, world)
    if isinstance(found, Plan):
        return found
    if changes == Changes():
        return unclear(world, "no-change", what=naming(found.things, world) if found.things else "it")
    parent = parent_of(changes.parent, world)
    if isinstance(parent, Plan):
        return parent
    edits, changed, same, remarks = [], [], [], []
    patches: list[Document] = []
    removes = False  # reminders that somebody made by themselves
    for thing in found.things:
        also: list[Edit] = []
        try:
            spec, said = _changed(thing, changes, parent, world)
            outer, told = _of_the_rule(thing, changes, spec, world)
        except TimeError as error:
            what = quoted(title_of(thing))
            return problem("Invalid", phrase(world.language, "cannot-move", what=what, why=error), "spec.due")
        except _Refused as refused:
            return problem("Invalid", str(refused), refused.field)
        except ScheduleError as error:
            return problem("Invalid", str(error), error.field)
        if isinstance(thing, TodoTask):
            if "due" in spec:
                also, awake = awakened(thing, world)
                remarks += awake
            if "reminders" in changes.clear:
                also = own_reminders(thing, world)
                removes = removes or bool(also)
        if not (spec or outer or also):
            same.append(thing)
            continue
        if spec or outer:
            edits.append(editing.patch_task_fields(thing, spec, world, outer))
        edits += also
        changed.append(thing)
        patches.append(spec)
        remarks += [*said, *told]
    draft = Draft(
        "update", tuple(edits), tuple(changed), tuple(same),
        values={"details": _details(patches, changed, changes, parent, world)},
        remarks=tuple(dict.fromkeys(remarks)), must_ask=removes, deletes=removes,
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


def _updated(command: Update, world: World) -> Found | Plan:
    """What is changed. "Cancel the reminder" out of the blue means the task that somebody is reminded of."""
    seen = world.touched or world.shown
    if command.changes.clear == ("reminders",) and command.target.reference is not None and not seen:
        tasks = reminded(world)
        if len(tasks) == 1:
            return Found((tasks[0],))
        if tasks:
            text = phrase(world.language, "ask-which-reminder")
            return Plan(reply=text, question=Question("choice", text, rows_of(tasks[:MOST_CHOICES], world)))
        return problem("NotFound", phrase(world.language, "no-reminder"))
    return resolve(command.target, world, Wanted("open", rules="also"))


class _Refused(Exception):
    """Why an object cannot be changed like this."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def _details(
    patches: list[Document], changed: list[Thing], changes: Changes, parent: Parent | None, world: World
) -> str:
    """The fields of one; of several, what they have in common."""
    if not patches:
        return ""
    spec = {
        name: value for name, value in patches[0].items() if all(p.get(name, ...) == value for p in patches)
    }
    first = changed[0]
    if isinstance(first, RecurrenceRule) and changes.due is not None:
        spec = {"due": changes.due.removeprefix("T"), **spec}
    if isinstance(first, TodoTask) and "due" in spec:
        zone = spec.setdefault("timeZone", zone_of(first, world))
        moment = moment_of(spec["due"], zone) if spec["due"] and "T" in (changes.due or "") else None
        if isinstance(moment, datetime) and "reminders" not in spec:
            # Told in the zone of whoever has said it, though it is written in the task's.
            spec["due"], spec["timeZone"] = with_offset(moment), world.zone
    said = spec_details(spec, world, parent=parent.title if parent else None)
    if "due" not in spec and changes.shift is not None:
        moved = phrase(world.language, "moved", shift=changes.shift)
        said = f"{said}; {moved}" if said else f": {moved}"
    return said


def _changed(
    thing: Thing, changes: Changes, parent: Parent | None, world: World
) -> tuple[Document, list[str]]:
    """The merge patch of the spec (of a rule: of its template's), empty where nothing changes."""
    is_rule = isinstance(thing, RecurrenceRule)
    spec: TodoTaskSpec = thing.spec.template.spec if isinstance(thing, RecurrenceRule) else thing.spec
    wanted = _plain_fields(spec, changes, world) | _relations(thing, changes, parent, world)
    remarks: list[str] = []
    if isinstance(thing, RecurrenceRule):
        moved = changes.due is not None and time_alone(changes.due) is None
        if moved or changes.shift is not None or "due" in changes.clear:
            raise _Refused(
                phrase(world.language, "rule-due", what=quoted(title_of(thing))), "spec.template.spec.due"
            )
    else:
        remarks += _times(thing, changes, wanted, world)
    if changes.reminders is not None:
        due = wanted.get("due", spec.due)
        zone = wanted.get("timeZone") or (world.zone if is_rule else zone_of(thing, world))  # type: ignore[arg-type]
        wanted["reminders"] = reminder_texts(changes.reminders, due, zone, world) or None
    return differing(spec, wanted), remarks


def _plain_fields(spec: TodoTaskSpec, changes: Changes, world: World) -> Document:
    wanted: Document = dict.fromkeys(changes.clear)
    for name in ("title", "notes", "priority", "project"):
        if getattr(changes, name) is not None:
            wanted[name] = getattr(changes, name)
    if changes.assignee is not None:
        wanted["assignee"] = (world.me or "me") if changes.assignee == "me" else changes.assignee
    if changes.add_notes is not None:
        wanted["notes"] = _with_notes(wanted.get("notes", spec.notes), changes.add_notes)
    if changes.priority_step:
        place = PRIORITIES.index(wanted.get("priority") or spec.priority) + changes.priority_step
        wanted["priority"] = PRIORITIES[max(0, min(place, len(PRIORITIES) - 1))]
    if changes.add_tags or changes.remove_tags:
        wanted["tags"] = _tags(() if "tags" in changes.clear else spec.tags or (), changes)
    return wanted


def _relations(thing: Thing, changes: Changes, parent: Parent | None, world: World) -> Document:
    """Of what it is a part, and for what it waits. Raises _Refused."""
    wanted: Document = {}
    if parent is not None:
        if parent.name == thing.metadata.name and isinstance(thing, TodoTask):
            text = phrase(world.language, "own-parent", what=quoted(title_of(thing)))
            raise _Refused(text, "spec.parent")
        wanted["parent"] = parent.name
    if (
        isinstance(thing, TodoTask)
        and "dependsOn" not in changes.clear
        and (waits := depending(thing, changes, world)) is not None
    ):
        if isinstance(waits, Plan):
            raise _Refused(waits.reply, "spec.dependsOn")
        wanted["dependsOn"] = waits or None
    return wanted


def _of_the_rule(
    thing: Thing, changes: Changes, spec: Document, world: World
) -> tuple[Document, tuple[str, ...]]:
    """What changes of a rule beside its template: its time of day, and how long before its tasks are made,
    so that their reminders can fire."""
    if not isinstance(thing, RecurrenceRule):
        return {}, ()
    clock = time_alone(changes.due) if changes.due is not None else None
    outer = {} if clock is None else retimed(clock, thing.spec, schedule_of(thing, world), world)
    if "reminders" not in spec or not changes.reminders:
        return outer, ()
    befores = [reminder.before for reminder in changes.reminders if reminder.before is not None]
    lead, told = lead_for(thing, befores, world)
    return {**outer, **lead}, told


def _times(task: TodoTask, changes: Changes, wanted: Document, world: World) -> list[str]:
    what = quoted(task.spec.title)
    if changes.due is not None:
        moved = changed_due(changes.due, task, world, all_day=changes.all_day)
        wanted.update(moved)
        if "timeZone" in wanted and any(r.at and not has_offset(r.at) for r in task.spec.reminders or ()):
            wanted["reminders"] = in_zone(task, wanted["timeZone"], world)
        return list(zone_remarks(moved, world))
    elif changes.shift is not None:
        shift = read_shift(changes.shift)
        moved = shifted_due(shift, task, world)
        wanted.update(moved)
        if task.spec.due is None:
            return [phrase(world.language, "counted-from-today", what=what)]
        return _shorter_month(task, shift, moved["due"], world)
    elif "due" in changes.clear:
        # The API refuses reminders that count back from nothing.
        kept = [r for r in task.spec.reminders or () if r.before is None]
        if len(kept) < len(task.spec.reminders or ()):
            wanted["reminders"] = plain(kept) or None
            return [phrase(world.language, "reminders-gone", what=what)]
    return []


def _shorter_month(task: TodoTask, shift: Shift, due: str, world: World) -> list[str]:
    """31 January and one month: a day that the other month does not have is said to be its last."""
    zone = zone_of(task, world)
    was, becomes = (day_of(moment_of(each or "", zone)) for each in (task.spec.due, due))
    if not shift.months or shift.days or shift.seconds or was.day == becomes.day:
        return []
    return [phrase(world.language, "last-day", what=quoted(task.spec.title), day=was.day)]


def _with_notes(there: str | None, more: str) -> str:
    """A further line; said twice, it stands there once."""
    if not there:
        return more
    lines = there.rstrip("\n")
    return there if lines == more or lines.endswith("\n" + more) else f"{lines}\n{more}"


def _tags(there: tuple[str, ...], changes: Changes) -> list[str] | None:
    if ALL_TAGS in changes.remove_tags:
        there = ()
    gone = {tag.casefold() for tag in changes.remove_tags} - {tag.casefold() for tag in changes.add_tags}
    kept = [tag for tag in there if tag.casefold() not in gone]
    return list(dict.fromkeys([*kept, *changes.add_tags])) or None


def differing(spec: TodoTaskSpec, wanted: Document) -> Document:
    """What of `wanted` is not so already; null for what goes."""
    out: Document = {}
    for name, value in wanted.items():
        there = _there(spec, name)
        if there != value and not (value is None and there in (None, [], "")):
            out[name] = value
    return out


def _there(spec: TodoTaskSpec, name: str) -> Any:
    if name == "priority":
        return spec.priority  # omitted where it is the default
    return plain(spec).get(name)
