"""Tasks that come back, made."""

from datetime import timedelta

from todotasks.api import RecurrenceRule
from todotasks.api.durations import DurationError, format_duration, parse_duration
from todotasks.edits.model.command import (
    CreateRule,
)
from todotasks.edits.model.edit import Document
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan import editing
from todotasks.edits.plan.create import parent_of, spec_of
from todotasks.edits.plan.dues import reminder_texts, zone_remarks
from todotasks.edits.plan.recurring.common import short_month_remarks
from todotasks.edits.plan.recurring.schedules import (
    ScheduleError,
    first_occurrence,
    new_schedule,
)
from todotasks.edits.targets.resolve import (
    problem,
)
from todotasks.edits.targets.rows import schedule_of
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule, explain

MARGIN = timedelta(hours=1)  # a task is there before its reminder, also where the operator was away a while


def plan_create_rule(command: CreateRule, world: World) -> Plan:
    task = command.task
    parent = parent_of(task.parent, world)
    if isinstance(parent, Plan):
        return parent
    try:
        told = new_schedule(command.schedule, world)
    except ScheduleError as error:
        return problem("Invalid", str(error), error.field)
    first = first_occurrence(told.rule, world)
    if first is None:
        return problem("Invalid", phrase(world.language, "never", what=quoted(task.title)), "spec")
    counting = [reminder for reminder in task.reminders if reminder.before is not None]
    reminders = reminder_texts(counting, None, world.zone, world)
    lead, remarks = lead_time(command.lead_time, [r.before or "" for r in counting], told.rule, world)
    if len(counting) < len(task.reminders):
        remarks += (phrase(world.language, "at-left-out"),)
    remarks += zone_remarks({"due": first}, world)
    remarks += short_month_remarks(told.rule, command.schedule.basis == "Completion", world)
    template = spec_of(task, parent.name if parent else None, {}, reminders, world)
    spec: Document = {**told.fields, **({"leadTime": lead} if lead else {}), "template": {"spec": template}}
    edit = editing.create("recurrencerules", task.title, spec, world)
    said = {name: value for name, value in template.items() if name not in {"title", "notes"}}
    details = spec_details(said, world, parent=parent.title if parent else None).removeprefix(": ")
    on = phrase(world.language, "first-on", moment=format_moment(first, world.language))
    reply = phrase(
        world.language, "created-rule", what=quoted(task.title),
        schedule=explain(
            told.rule, from_completion=command.schedule.basis == "Completion", language=world.language
        ),
        details=on + (f"; {details}" if details else ""),
    )  # fmt: skip
    return Plan(reply=reply, edits=(edit,), remarks=remarks)


def lead_for(rule: RecurrenceRule, befores: list[str], world: World) -> tuple[Document, tuple[str, ...]]:
    """What changes of a rule that is there when its tasks get these reminders, and what is said of it."""
    schedule = schedule_of(rule, world)
    if schedule is None:
        return {}, ()
    lead, remarks = lead_time(rule.spec.lead_time, befores, schedule, world)
    return ({}, ()) if lead == rule.spec.lead_time else ({"leadTime": lead}, remarks)


def lead_time(
    said: str | None, befores: list[str], rule: Rule, world: World
) -> tuple[str | None, tuple[str, ...]]:
    """How long before its due time each task is made: as was said, but before the first of its reminders.

    Without it a task is made when it is due, and a reminder of the day before would come too late.
    """
    try:
        longest = max((parse_duration(before) for before in befores), default=None)
        wanted = parse_duration(said) if said else None
    except DurationError:
        return said, ()  # the API server says what is wrong with it
    if longest is None:
        return said, ()
    # An all-day task is made at midnight and reminds from nine o'clock on: that is margin enough.
    needed = longest if rule.all_day else longest + MARGIN
    if wanted is not None and wanted >= needed:
        return said, ()
    if not needed:
        return None, ()
    lead = format_duration(needed)
    return lead, (phrase(world.language, "lead-for-reminders", lead=lead),)
