"""A task that does not come back begins to: it stays as the first one, and its rule goes on from there."""

from datetime import datetime

import msgspec

from todotasks.api import TodoTask
from todotasks.edits.model.command import (
    ChangeRule,
)
from todotasks.edits.model.edit import Document, plain
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import (
    at_time,
    day_of,
    moment_of,
    written,
)
from todotasks.edits.model.world import World, is_occurrence
from todotasks.edits.plan import editing
from todotasks.edits.plan.dues import changed_due
from todotasks.edits.plan.recurring.common import short_month_remarks
from todotasks.edits.plan.recurring.create import lead_time
from todotasks.edits.plan.recurring.schedules import (
    ScheduleError,
    first_occurrence,
    new_schedule,
)
from todotasks.edits.targets.resolve import (
    Found,
    Wanted,
    problem,
    resolve,
)
from todotasks.edits.targets.rows import occurrence_of, zone_of
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import explain

_TEMPLATE_FIELDS = ("title", "notes", "priority", "tags", "project", "assignee", "links")


def rule_or_task(command: ChangeRule, world: World) -> Found | Plan:
    """A rule; a task that does not come back, where it is called just so or no rule is meant."""
    named = resolve(command.target, world, Wanted("open", rules="also"))
    if isinstance(named, Found) and named.sure and single_task(named, world) is not None:
        return named
    found = resolve(command.target, world, Wanted("any", rules="only"))
    if isinstance(found, Plan) and found.problem is not None:
        return found if isinstance(named, Plan) and named.question is None else named
    return found


def single_task(found: Found, world: World) -> TodoTask | None:
    """The task, where it is one that no rule has made."""
    task = found.things[0] if len(found.things) == 1 else None
    if not isinstance(task, TodoTask) or task.spec.completed or is_occurrence(task):
        return None
    return task


def made_recurring(task: TodoTask, command: ChangeRule, found: Found, world: World) -> Plan:
    """The task stays as the first one, and its rule goes on from there. Without a due it gets that of the
    first occurrence. Raises DueError."""
    schedule, due = command.schedule, task.spec.due
    zone = zone_of(task, world)
    if schedule.start is None and due is not None:
        # A time of day that is said is that of all to come; this one keeps its own.
        own_time = "BYHOUR" not in (schedule.rrule or "").upper()
        start = due if own_time else day_of(moment_of(due, zone)).isoformat()
        schedule = msgspec.structs.replace(schedule, start=start, time_zone=task.spec.time_zone)
    try:
        told = new_schedule(schedule, world)
    except ScheduleError as error:
        return problem("Invalid", str(error), error.field)
    what = quoted(task.spec.title)
    first = first_occurrence(told.rule, world)
    if first is None:
        return problem("Invalid", phrase(world.language, "never", what=what), "spec")
    if due is None:
        begin = told.rule.next_after(world.now, inclusive=True) if isinstance(first, datetime) else None
        stands = begin or at_time(day_of(first), datetime.min.time(), str(told.rule.clock.zone))
    else:
        moment = moment_of(due, zone)
        stands = moment if isinstance(moment, datetime) else at_time(moment, datetime.min.time(), zone)
    following = told.rule.next_after(stands)
    if following is None:
        return problem("Invalid", phrase(world.language, "never", what=what), "spec")
    begins = occurrence_of(told.rule, following)
    rule_zone = str(told.rule.clock.zone)
    fields = {**told.fields, "start": written(begins, rule_zone)}
    if "rrule" not in fields and "simple" not in fields:
        fields = {**told.fields, "start": written(day_of(begins), rule_zone)}
    own = {k: v for k, v in plain(task.spec).items() if k in _TEMPLATE_FIELDS}
    counting = [r for r in plain(task.spec.reminders or ()) if "before" in r]
    template = {**own, **({"reminders": counting} if counting else {})}
    lead, remarks = lead_time(None, [r["before"] for r in counting], told.rule, world)
    spec: Document = {**fields, **({"leadTime": lead} if lead else {}), "template": {"spec": template}}
    edits = [editing.create("recurrencerules", task.spec.title, spec, world)]
    if due is None:
        edits.append(editing.patch(task, changed_due(written(first, world.zone), task, world), world))
    reply = phrase(
        world.language, "made-recurring", what=what,
        schedule=explain(
            told.rule, from_completion=schedule.basis == "Completion", language=world.language
        ),
        moment=format_moment(begins, world.language),
    )  # fmt: skip
    remarks += short_month_remarks(told.rule, schedule.basis == "Completion", world)
    return Plan(reply=reply, edits=tuple(edits), remarks=(*found.remarks, *remarks))
