"""Rules and reminders as an editor has them: field by field, exactly as given.

What a person says leaves the rest to follow (`recurring.change`, `reminders`); a form says all of it. So here
nothing is guessed: the patch is what was given, where it differs, and a schedule that does not hold is
refused with every mistake in it, before the API server is asked.
"""

from typing import Any

import msgspec

from todotasks.api import RecurrenceRule, RecurrenceRuleSpec, Reminder
from todotasks.edits.model.command import DeleteReminder, SetReminder, SetRule
from todotasks.edits.model.edit import Document, plain
from todotasks.edits.model.merge import difference, merged
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan import editing
from todotasks.edits.plan.recurring.common import short_month_remarks
from todotasks.edits.targets.resolve import problem
from todotasks.edits.targets.rows import occurrence_of
from todotasks.edits.targets.upcoming import upcoming_as_changed
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule, explain, rule_from_spec

# What the operator makes of an entry of a task, and would make so again.
_OF_THE_ENTRY = ("at", "beforeDue", "repeatEvery", "maxRepeats", "channels")


# --- rules ---------------------------------------------------------------------------------------------


def plan_set_rule(command: SetRule, world: World) -> Plan:
    rule = world.rule_by_name.get(command.name) if command.name is not None else None
    if command.name is not None and rule is None:
        said = quoted(command.name)
        return problem("NotFound", phrase(world.language, "rule-not-found", said=said, near=""))
    there: Document = plain(rule.spec) if rule is not None else {}
    said = plain(command.spec)
    if (
        rule is None
        and "timeZone" not in said
        and (world.zone != world.namespace_zone or not world.zone_known)
    ):
        said["timeZone"] = world.zone
    wanted = merged(there, said)
    read = _read(wanted, rule, world)
    if isinstance(read, Plan):
        return read
    title = wanted["template"]["spec"]["title"]
    after = wanted.get("basis") == "Completion"
    schedule = explain(read, from_completion=after, language=world.language)
    remarks = short_month_remarks(read, after, world)
    if rule is None:
        first = read.next_after(world.now, inclusive=True)
        if first is None:
            return problem("Invalid", phrase(world.language, "never", what=quoted(title)), "spec")
        moment = format_moment(occurrence_of(read, first), world.language)
        details = phrase(world.language, "first-on", moment=moment)
        edit = editing.create("recurrencerules", title, wanted, world)
        reply = phrase(world.language, "created-rule", what=quoted(title), schedule=schedule, details=details)
        return Plan(reply=reply, edits=(edit,), remarks=remarks)
    patch = difference(there, wanted)
    if not patch:
        return Plan(reply=phrase(world.language, "unchanged", what=quoted(title)))
    following = None if rule.spec.suspend else upcoming_as_changed(rule, read, world)
    details = ""
    if following is not None:
        moment = format_moment(occurrence_of(read, following), world.language)
        details = phrase(world.language, "next-is", moment=moment)
    reply = phrase(world.language, "schedule", what=quoted(title), schedule=schedule, details=details)
    if patch.keys() == {"template"}:
        reply = phrase(world.language, "update", what=quoted(title), details="")
    return Plan(reply=reply, edits=(editing.patch(rule, patch, world),), remarks=remarks)


def _read(wanted: Document, rule: RecurrenceRule | None, world: World) -> Rule | Plan:
    """The schedule of a spec, or the plan that says everything that is wrong with it."""
    try:
        spec = msgspec.convert(wanted, RecurrenceRuleSpec)
    except msgspec.ValidationError as error:
        return problem("Invalid", f"spec: {error}", "spec")
    if not spec.template.spec.title.strip():
        return problem(
            "Invalid", "spec.template.spec.title: say what is to be done", "spec.template.spec.title"
        )
    created = rule.metadata.creation_timestamp if rule is not None else None
    read = rule_from_spec(spec, world.namespace_zone, created or world.now)
    if not isinstance(read, Rule):
        return problem("Invalid", "; ".join(str(error) for error in read), read[0].path)
    return read


# --- reminders -----------------------------------------------------------------------------------------


def plan_set_reminder(command: SetReminder, world: World) -> Plan:
    fields: dict[str, Any] = plain(command.spec)
    if command.name is None:
        return _new_reminder(command.task, fields, world)
    reminder = _reminder(command.name, world)
    if isinstance(reminder, Plan):
        return reminder
    what = quoted(reminder.spec.task_ref.name)
    there: Document = plain(reminder.spec)
    patch = {name: value for name, value in fields.items() if there.get(name) != value}
    of_the_entry = [name for name in _OF_THE_ENTRY if name in patch]
    if of_the_entry and any(owner.controller for owner in reminder.metadata.owner_references or ()):
        names = ", ".join(of_the_entry)
        return problem(
            "Invalid", phrase(world.language, "reminder-of-task", fields=names), f"spec.{of_the_entry[0]}"
        )
    if not patch:
        return Plan(reply=phrase(world.language, "unchanged", what=what))
    edit = editing.patch(reminder, patch, world, reminder.spec.task_ref.name)
    return Plan(reply=phrase(world.language, "set-reminder", what=what), edits=(edit,))


def plan_delete_reminder(command: DeleteReminder, world: World) -> Plan:
    reminder = _reminder(command.name, world)
    if isinstance(reminder, Plan):
        return reminder
    what = reminder.spec.task_ref.name
    edit = editing.delete(reminder, world, what)
    return Plan(reply=phrase(world.language, "delete-reminder", what=quoted(what)), edits=(edit,))


def _new_reminder(name: str | None, fields: Document, world: World) -> Plan:
    task = world.task_by_name.get(name or "")
    if task is None:
        return problem("NotFound", phrase(world.language, "not-found", said=quoted(name or ""), near=""))
    given = {field: value for field, value in fields.items() if value is not None}
    if "beforeDue" in given and task.spec.due is None:
        return problem(
            "Invalid", phrase(world.language, "needs-due", what=quoted(task.spec.title)), "spec.due"
        )
    spec = {"taskRef": {"name": task.metadata.name}, **given}
    edit = editing.create("reminders", task.spec.title, spec, world)
    return Plan(
        reply=phrase(world.language, "remind", what=quoted(task.spec.title), details=""), edits=(edit,)
    )


def _reminder(name: str, world: World) -> Reminder | Plan:
    for reminder in world.reminders:
        if reminder.metadata.name == name:
            return reminder
    return problem("NotFound", phrase(world.language, "no-reminder-named", what=quoted(name)))
