"""Reminders: added to what is there, put off no longer when a task moves, and nobody to send them."""

from collections.abc import Iterable

from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.model.command import Remind
from todotasks.edits.model.edit import Document, Edit, plain
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.dues import reminder_texts
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.recurring.create import lead_for
from todotasks.edits.targets.resolve import Wanted, problem, resolve
from todotasks.edits.targets.rows import title_of, zone_of
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase


def plan_remind(command: Remind, world: World, *, confirmed: bool) -> Plan:
    language = world.language
    if command.target.reference is not None and not (world.touched or world.shown):
        return problem("Unclear", phrase(language, "remind-of-what"))
    found = resolve(command.target, world, Wanted("open", rules="also"))
    if isinstance(found, Plan):
        return found
    edits, changed, same = [], [], []
    new: list[Document] = []
    remarks: list[str] = []
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
        outer: Document = {}
        if isinstance(thing, RecurrenceRule):
            outer, told = lead_for(
                thing, [r.before for r in command.reminders if r.before is not None], world
            )
            remarks += told
        edits.append(editing.patch_task_fields(thing, {"reminders": wanted}, world, outer))
    first = changed[0] if changed else None
    zone = zone_of(first, world) if isinstance(first, TodoTask) else None
    details = spec_details({"reminders": new, "timeZone": zone}, world) if new else ""
    draft = Draft(
        "remind", tuple(edits), tuple(changed), tuple(same), values={"details": details},
        remarks=tuple(dict.fromkeys(remarks)),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


# --- what a move does to them --------------------------------------------------------------------------


def awakened(task: TodoTask, world: World) -> tuple[list[Edit], list[str]]:
    """Reminders of the task that count back from its due and are put off: a task that gets another time has
    its reminders by that, since the newer wish wins."""
    edits, remarks = [], []
    for reminder in world.reminders:
        spec = reminder.spec
        if spec.task_ref.name != task.metadata.name or spec.before_due is None or spec.snooze_until is None:
            continue
        if spec.snooze_until <= world.now:
            continue
        edits.append(editing.patch(reminder, {"snoozeUntil": None}, world, task.spec.title))
        until = format_moment(spec.snooze_until.astimezone(world.local_now.tzinfo), world.language)
        remarks.append(phrase(world.language, "snooze-ends", what=quoted(task.spec.title), moment=until))
    return edits, remarks


def own_reminders(task: TodoTask, world: World) -> list[Edit]:
    """Deletes reminders of the task that somebody made by themselves; those that the operator made of
    `spec.reminders` go with it."""
    return [
        editing.delete(reminder, world, task.spec.title)
        for reminder in world.reminders
        if reminder.spec.task_ref.name == task.metadata.name
        and not reminder.metadata.is_controlled_by(task.metadata.uid)
    ]


def reminded(world: World) -> list[Thing]:
    """The open tasks that somebody is reminded of, for "cancel the reminder" out of the blue."""
    named = {reminder.spec.task_ref.name for reminder in world.reminders}
    return [
        task
        for task in world.tasks
        if not task.spec.completed and (task.spec.reminders or task.metadata.name in named)
    ]


# --- who sends them ------------------------------------------------------------------------------------


def unsent_remarks(edits: Iterable[Edit], world: World) -> tuple[str, ...]:
    """Says so where a reminder is made that no channel would send."""
    if world.channels is None or any(channel.spec.default for channel in world.channels):
        return ()
    if not any(_reminds_by_default(edit) for edit in edits):
        return ()
    return (phrase(world.language, "no-channel", namespace=world.namespace),)


def _reminds_by_default(edit: Edit) -> bool:
    spec = (edit.manifest or edit.patch or {}).get("spec") or {}
    if edit.resource == "reminders":
        return edit.verb == "create" and not spec.get("channels")
    if "template" in spec:
        spec = (spec["template"] or {}).get("spec") or {}
    return any(not entry.get("channels") for entry in spec.get("reminders") or ())
