"""Changes of what is there: complete, reopen, change fields, add reminders, delete.

A patch says only what becomes different; an object for which nothing does gets none.
"""

from typing import Any

from todotasks.api import RecurrenceRule, TodoTask, TodoTaskSpec
from todotasks.edits.model.command import (
    Changes,
    Complete,
    Delete,
    Remind,
    Reopen,
    Update,
)
from todotasks.edits.model.edit import Document, Edit, plain
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import TimeError, read_shift, time_alone
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.create import Parent, parent_of
from todotasks.edits.plan.dues import (
    changed_due,
    has_offset,
    in_zone,
    reminder_texts,
    shifted_due,
    zone_remarks,
)
from todotasks.edits.plan.finish import Draft, finish, naming
from todotasks.edits.plan.schedules import ScheduleError, retimed
from todotasks.edits.targets.resolve import (
    Found,
    Wanted,
    problem,
    resolve,
    unclear,
)
from todotasks.edits.targets.rows import (
    PRIORITIES,
    occurrence_of,
    schedule_of,
    title_of,
    zone_of,
)
from todotasks.edits.targets.upcoming import upcoming
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import clean, format_moment, quoted
from todotasks.edits.wording.phrases import phrase


def edit_of(thing: Thing, spec: Document, world: World, outer: Document | None = None) -> Edit:
    """A change of a task; of a rule, of what its tasks will look like, and `outer` of the rule itself."""
    if isinstance(thing, RecurrenceRule):
        template = {"template": {"spec": spec}} if spec else {}
        return editing.patch(thing, {**(outer or {}), **template}, world)
    return editing.patch(thing, spec, world)


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
        edits=tuple(edit_of(task, {"completed": completes}, world) for task in changed),
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
    found = resolve(command.target, world, Wanted("any", rules="also"))
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
        must_ask=bool(rules),
        deletes=True,
    )
    return finish(draft, found, world, confirmed=confirmed)


# --- change fields -------------------------------------------------------------------------------------


def plan_update(command: Update, world: World, *, confirmed: bool) -> Plan:
    changes = command.changes
    found = resolve(command.target, world, Wanted("open", rules="also"))
    if isinstance(found, Plan):
        return found
    if changes == Changes():
        return unclear(world, "no-change", what=naming(found.things, world) if found.things else "it")
    parent = parent_of(changes.parent, world)
    if isinstance(parent, Plan):
        return parent
    edits, changed, same, remarks = [], [], [], []
    patches: list[Document] = []
    for thing in found.things:
        try:
            spec, said = _changed(thing, changes, parent, world)
            outer = _retimed(thing, changes, world)
        except TimeError as error:
            what = quoted(title_of(thing))
            return problem("Invalid", phrase(world.language, "cannot-move", what=what, why=error), "spec.due")
        except _Refused as refused:
            return problem("Invalid", str(refused), refused.field)
        except ScheduleError as error:
            return problem("Invalid", str(error), error.field)
        if spec or outer:
            edits.append(edit_of(thing, spec, world, outer))
            changed.append(thing)
            patches.append(spec)
            remarks += said
        else:
            same.append(thing)
    draft = Draft(
        "update", tuple(edits), tuple(changed), tuple(same),
        values={"details": _details(patches, changed, changes, parent, world)},
        remarks=tuple(dict.fromkeys(remarks)),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


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
        spec.setdefault("timeZone", zone_of(first, world))
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
    if parent is not None:
        if parent.name == thing.metadata.name and not is_rule:
            text = phrase(world.language, "own-parent", what=quoted(title_of(thing)))
            raise _Refused(text, "spec.parent")
        wanted["parent"] = parent.name
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


def _retimed(thing: Thing, changes: Changes, world: World) -> Document:
    """What comes back does so at another time of day."""
    clock = time_alone(changes.due) if changes.due is not None else None
    if clock is None or not isinstance(thing, RecurrenceRule):
        return {}
    return retimed(clock, thing.spec, schedule_of(thing, world), world)


def _times(task: TodoTask, changes: Changes, wanted: Document, world: World) -> list[str]:
    what = quoted(task.spec.title)
    if changes.due is not None:
        moved = changed_due(changes.due, task, world)
        wanted.update(moved)
        if "timeZone" in wanted and any(r.at and not has_offset(r.at) for r in task.spec.reminders or ()):
            wanted["reminders"] = in_zone(task, wanted["timeZone"], world)
        return list(zone_remarks(moved, world))
    elif changes.shift is not None:
        wanted.update(shifted_due(read_shift(changes.shift), task, world))
        return [phrase(world.language, "counted-from-today", what=what)] if task.spec.due is None else []
    elif "due" in changes.clear:
        # The API refuses reminders that count back from nothing.
        kept = [r for r in task.spec.reminders or () if r.before is None]
        if len(kept) < len(task.spec.reminders or ()):
            wanted["reminders"] = plain(kept) or None
            return [phrase(world.language, "reminders-gone", what=what)]
    return []


def _with_notes(there: str | None, more: str) -> str:
    """A further line; said twice, it stands there once."""
    if not there:
        return more
    lines = there.rstrip("\n")
    return there if lines == more or lines.endswith("\n" + more) else f"{lines}\n{more}"


def _tags(there: tuple[str, ...], changes: Changes) -> list[str] | None:
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


# --- reminders -----------------------------------------------------------------------------------------


def plan_remind(command: Remind, world: World, *, confirmed: bool) -> Plan:
    found = resolve(command.target, world, Wanted("open", rules="also"))
    if isinstance(found, Plan):
        return found
    language = world.language
    edits, changed, same = [], [], []
    new: list[Document] = []
    for thing in found.things:
        is_rule = isinstance(thing, RecurrenceRule)
        spec = thing.spec.template.spec if isinstance(thing, RecurrenceRule) else thing.spec
        if is_rule and any(reminder.at is not None for reminder in command.reminders):
            return problem("Invalid", phrase(language, "at-left-out"), "spec.template.spec.reminders")
        if not is_rule and spec.due is None and any(r.before is not None for r in command.reminders):
            return problem("Invalid", phrase(language, "needs-due", what=quoted(title_of(thing))), "spec.due")
        reads_in = spec.time_zone or world.namespace_zone
        there = plain(spec.reminders or ())
        new = reminder_texts(command.reminders, spec.due, reads_in, world)
        wanted = [*there, *(entry for entry in new if entry not in there)]
        if wanted == there:
            same.append(thing)
            continue
        changed.append(thing)
        edits.append(edit_of(thing, {"reminders": wanted}, world))
    first = changed[0] if changed else None
    zone = zone_of(first, world) if isinstance(first, TodoTask) else None
    details = spec_details({"reminders": new, "timeZone": zone}, world) if new else ""
    draft = Draft("remind", tuple(edits), tuple(changed), tuple(same), values={"details": details})
    return finish(draft, found, world, confirmed=confirmed)
