"""Tasks that come back: made, paused, resumed, left out once, on another schedule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from todotasks.api import ANNOTATION_SCHEDULED_TIME, RecurrenceRule, TodoTask
from todotasks.api.durations import DurationError, format_duration, parse_duration
from todotasks.edits.model.command import (
    ChangeRule,
    CreateRule,
    SkipOccurrence,
    StopRule,
)
from todotasks.edits.model.edit import Document, plain
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import (
    Moment,
    at_time,
    day_of,
    due_of,
    moment_of,
    time_alone,
    written,
)
from todotasks.edits.model.world import Thing, World, is_occurrence
from todotasks.edits.plan import editing
from todotasks.edits.plan.create import parent_of, spec_of
from todotasks.edits.plan.dues import changed_due, reminder_texts, zone_remarks
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.schedules import (
    PlannedSchedule,
    ScheduleError,
    changed_schedule,
    first_occurrence,
    new_schedule,
)
from todotasks.edits.targets.resolve import (
    Found,
    Wanted,
    problem,
    resolve,
)
from todotasks.edits.targets.rows import occurrence_of, schedule_of, title_of, zone_of
from todotasks.edits.targets.upcoming import upcoming, upcoming_as_changed
from todotasks.edits.wording.details import spec_details
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule, explain, short_months

MOST_LEFT_OUT = 366  # days that a rule can list in `except`
_TEMPLATE_FIELDS = ("title", "notes", "priority", "tags", "project", "assignee", "links")
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
    lead, remarks = _lead(command.lead_time, [r.before or "" for r in counting], told.rule, world)
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
        schedule=explain(told.rule, from_completion=command.schedule.basis == "Completion"),
        details=on + (f"; {details}" if details else ""),
    )  # fmt: skip
    return Plan(reply=reply, edits=(edit,), remarks=remarks)


def _lead(
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


# --- pause, resume -------------------------------------------------------------------------------------


def plan_stop(command: StopRule, world: World, *, confirmed: bool) -> Plan:
    found = rules_of(resolve(command.target, world, Wanted("any", rules="only")), world)
    if isinstance(found, Plan):
        return found
    if command.until is not None:
        return _stop_until(command.until, found, world, confirmed=confirmed)
    key = "resume" if command.resume else "stop"
    rules = [thing for thing in found.things if isinstance(thing, RecurrenceRule)]
    changed = [rule for rule in rules if rule.spec.suspend == command.resume]
    details = ""
    if command.resume and len(changed) == 1 and (schedule := schedule_of(changed[0], world)):
        details = _resumes_on(changed[0], schedule, world)
    draft = Draft(
        key,
        edits=tuple(editing.patch(rule, {"suspend": not command.resume}, world) for rule in changed),
        changed=tuple(changed),
        same=tuple(rule for rule in rules if rule not in changed),
        same_key=f"{key}-already",
        values={"details": details},
    )
    return finish(draft, found, world, confirmed=confirmed)


def _stop_until(until: str, found: Found, world: World, *, confirmed: bool) -> Plan:
    """Leaves out the days before that one, so that it goes on by itself. Raises DueError."""
    end = day_of(moment_of(until, world.zone))
    edits, changed, same = [], [], []
    count = 0
    following: Moment | None = None
    for rule in found.things:
        assert isinstance(rule, RecurrenceRule), "tasks were replaced by their rules"
        schedule = schedule_of(rule, world)
        what = quoted(title_of(rule))
        if schedule is None:
            return problem("Invalid", f"{what}: {phrase(world.language, 'bad-schedule')}.", "spec")
        zone = str(schedule.clock.zone)
        finish_at = at_time(end, datetime.min.time(), zone)
        if finish_at <= world.now:
            text = phrase(world.language, "pause-past", moment=format_moment(end, world.language))
            return problem("Invalid", text, "spec.except")
        days = _days_between(schedule, world.now, finish_at)
        there = list(rule.spec.except_ or ())
        left_out = [day for day in days if day not in there]
        if len(there) + len(left_out) > MOST_LEFT_OUT:
            text = phrase(world.language, "pause-too-long", what=what, most=MOST_LEFT_OUT)
            return problem("TooMany", text, "spec.except")
        if not left_out:
            same.append(rule)
            continue
        edits.append(editing.patch(rule, {"except": [*there, *left_out]}, world))
        changed.append(rule)
        count += len(left_out)
        at = schedule.next_after(finish_at, inclusive=True)
        following = None if at is None else occurrence_of(schedule, at)
    on = "" if following is None else format_moment(following, world.language)
    details = phrase(world.language, "next-is", moment=on) if on and len(changed) == 1 else ""
    key = "stop-until"
    values = {"moment": format_moment(end, world.language), "count": str(count), "details": details}
    draft = Draft(key, tuple(edits), tuple(changed), tuple(same), "stop-until-already", values=values)
    return finish(draft, found, world, confirmed=confirmed)


def _days_between(schedule: Rule, start: datetime, end: datetime) -> list[str]:
    """The local days on which it would come back, one entry each, however often on a day."""
    zone = schedule.clock.zone
    days: list[str] = []
    at = schedule.next_after(start)
    while at is not None and at < end and len(days) <= MOST_LEFT_OUT:
        day = at.astimezone(zone).date()
        days.append(day.isoformat())
        at = schedule.next_after(
            at_time(day + timedelta(days=1), datetime.min.time(), str(zone)), inclusive=True
        )
    return days


def _resumes_on(rule: RecurrenceRule, schedule: Rule, world: World) -> str:
    """; first on Thursday, 3 December 2026; nothing where an open task has to be done first."""
    following = upcoming(rule, schedule, world)
    first = None if following is None else occurrence_of(schedule, following)
    if rule.spec.basis == "Schedule" and rule.status.next_schedule_time is None:
        first = first_occurrence(schedule, world)
    if first is None:
        return ""
    return phrase(world.language, "first-on", moment=format_moment(first, world.language))


def rules_of(found: Found | Plan, world: World) -> Found | Plan:
    """Rules only: of an occurrence, the rule that made it."""
    if isinstance(found, Plan):
        return found
    rules: list[Thing] = []
    for thing in found.things:
        rule = thing if isinstance(thing, RecurrenceRule) else world.rule_of(thing)
        if rule is None:
            return problem("NotFound", phrase(world.language, "not-recurring", what=quoted(title_of(thing))))
        rules.append(rule)
    unique = tuple({rule.metadata.name: rule for rule in rules}.values())
    return Found(unique, found.bulk, found.sure, found.remarks)


# --- another schedule ----------------------------------------------------------------------------------


def plan_change_rule(command: ChangeRule, world: World, *, confirmed: bool) -> Plan:
    resolved = _rule_or_task(command, world)
    if isinstance(resolved, Found) and (task := _single(resolved, world)) is not None:
        return _made_recurring(task, command, resolved, world)
    found = rules_of(resolved, world)
    if isinstance(found, Plan):
        return found
    edits, changed, same = [], [], []
    remarks: list[str] = []
    told: PlannedSchedule | None = None
    words = ""
    for rule in found.things:
        assert isinstance(rule, RecurrenceRule), "tasks were replaced by their rules"
        try:
            told = changed_schedule(command.schedule, rule.spec, schedule_of(rule, world), world)
        except ScheduleError as error:
            return problem("Invalid", str(error), error.field)
        words = explain(told.rule, from_completion=command.schedule.basis == "Completion")
        remarks += _changed_remarks(rule, told, world)
        if told.fields:
            edits.append(editing.patch(rule, told.fields, world))
            changed.append(rule)
        else:
            same.append(rule)
    values = {"schedule": words, "details": _next_on(changed, told, world)}
    draft = Draft(
        "schedule", tuple(edits), tuple(changed), tuple(same), values=values, remarks=tuple(remarks)
    )
    return finish(draft, found, world, confirmed=confirmed)


def _rule_or_task(command: ChangeRule, world: World) -> Found | Plan:
    """A rule first; of a task that does not come back, the task."""
    found = resolve(command.target, world, Wanted("any", rules="only"))
    if isinstance(found, Plan) and found.problem is not None:
        other = resolve(command.target, world, Wanted("open"))
        return found if isinstance(other, Plan) and other.question is None else other
    return found


def _single(found: Found, world: World) -> TodoTask | None:
    """The task, where it is one that no rule has made."""
    task = found.things[0] if len(found.things) == 1 else None
    if not isinstance(task, TodoTask) or task.spec.completed or is_occurrence(task):
        return None
    return task


def _made_recurring(task: TodoTask, command: ChangeRule, found: Found, world: World) -> Plan:
    """The task stays as the first one, and its rule goes on from there. Without a due it gets that of the
    first occurrence. Raises DueError."""
    schedule, due = command.schedule, task.spec.due
    zone = zone_of(task, world)
    if schedule.start is None and due is not None:
        schedule = msgspec.structs.replace(schedule, start=due, time_zone=task.spec.time_zone)
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
    lead, remarks = _lead(None, [r["before"] for r in counting], told.rule, world)
    spec: Document = {**fields, **({"leadTime": lead} if lead else {}), "template": {"spec": template}}
    edits = [editing.create("recurrencerules", task.spec.title, spec, world)]
    if due is None:
        edits.append(editing.patch(task, changed_due(written(first, world.zone), task, world), world))
    reply = phrase(
        world.language, "made-recurring", what=what,
        schedule=explain(told.rule, from_completion=schedule.basis == "Completion"),
        moment=format_moment(begins, world.language),
    )  # fmt: skip
    remarks += short_month_remarks(told.rule, schedule.basis == "Completion", world)
    return Plan(reply=reply, edits=tuple(edits), remarks=(*found.remarks, *remarks))


def _next_on(changed: Sequence[Thing], told: PlannedSchedule | None, world: World) -> str:
    """; next on Thursday, 3 December 2026"""
    rule = changed[0] if len(changed) == 1 else None
    if told is None or not isinstance(rule, RecurrenceRule) or rule.spec.suspend:
        return ""
    following = upcoming_as_changed(rule, told.rule, world)
    if following is None:
        return ""
    moment = format_moment(occurrence_of(told.rule, following), world.language)
    return phrase(world.language, "next-is", moment=moment)


def _changed_remarks(rule: RecurrenceRule, told: PlannedSchedule, world: World) -> list[str]:
    remarks = list(short_month_remarks(told.rule, rule.spec.basis == "Completion", world))
    if told.rewritten is not None:
        was, becomes = told.rewritten
        what = quoted(title_of(rule))
        remarks.append(phrase(world.language, "rewritten", what=what, was=was, becomes=becomes))
    return remarks


def short_month_remarks(schedule: Rule, completion: bool, world: World) -> tuple[str, ...]:
    """Says where months or years are left out because they have no such day, and how to have the last one."""
    short = None if completion and schedule.source.plain else short_months(schedule)
    if short is None:
        return ()
    if short.leap_years:
        return (phrase(world.language, "short-years"),)
    day = f"{short.day}." if world.language == "de" else short.ordinal
    return (phrase(world.language, "short-months", day=day),)


# --- leave one out -------------------------------------------------------------------------------------


def plan_skip(command: SkipOccurrence, world: World, *, confirmed: bool) -> Plan:
    """The date goes to `except`. A task that was made for it already would be deleted, so that is asked."""
    resolved = resolve(command.target, world, Wanted("any", rules="only"))
    shown = resolved.things[0] if isinstance(resolved, Found) and len(resolved.things) == 1 else None
    found = rules_of(resolved, world)
    if isinstance(found, Plan):
        return found
    if len(found.things) != 1:
        return problem("Unclear", phrase(world.language, "say-which"))
    rule = found.things[0]
    assert isinstance(rule, RecurrenceRule), "tasks were replaced by their rules"
    schedule = schedule_of(rule, world)
    what = quoted(title_of(rule))
    if schedule is None:
        return problem("Invalid", f"{what}: {phrase(world.language, 'bad-schedule')}.", "spec")
    occurrence = _occurrence(command, shown, rule, schedule, world)
    if occurrence is None:
        on = ""
        if command.on is not None:
            on = f": {format_moment(day_of(moment_of(command.on, world.zone)), world.language)}"
        return problem("NotFound", phrase(world.language, "no-next", what=what, moment=on))
    zone = str(schedule.clock.zone)
    local = occurrence.astimezone(schedule.clock.zone)
    entry = _entry(local, schedule, zone)
    moment = occurrence_of(schedule, occurrence)
    there = list(rule.spec.except_ or ())
    open_ones = [
        t for t in world.occurrences_of(rule) if not t.spec.completed and _scheduled(t, world) == occurrence
    ]
    edits = [editing.delete(task, world) for task in open_ones]
    if entry not in there:
        edits.insert(0, editing.patch(rule, {"except": [*there, entry]}, world))
    draft = Draft(
        "skip", tuple(edits), (rule,) if edits else (), () if edits else (rule,), "skip-already",
        values={"moment": format_moment(moment, world.language)}, must_ask=bool(open_ones),
    )  # fmt: skip
    return finish(draft, found, world, confirmed=confirmed)


def _occurrence(
    command: SkipOccurrence, shown: Thing | None, rule: RecurrenceRule, schedule: Rule, world: World
) -> datetime | None:
    """That of the day that was said, that of the task that was meant, else the next: one whose task is
    there already before one that is to come."""
    made = sorted(
        at for task in world.occurrences_of(rule)
        if not task.spec.completed and (at := _scheduled(task, world)) is not None
    )  # fmt: skip
    if command.on is not None and time_alone(command.on) is None:
        day = day_of(moment_of(command.on, world.zone))
        zone = str(schedule.clock.zone)
        start, end = (at_time(d, datetime.min.time(), zone) for d in (day, day + timedelta(days=1)))
        there = [at for at in made if start <= at < end]
        return next(iter([*there, *schedule.between(start, end, 1), *_excepted(rule, day, start)]), None)
    if isinstance(shown, TodoTask):
        return _scheduled(shown, world)
    ahead = [at for at in made if at > world.now or (schedule.all_day and _is_today(at, schedule, world))]
    if ahead:
        return ahead[0]
    if made and rule.spec.basis == "Completion":
        return made[0]  # nothing comes before it is done or left out
    return upcoming(rule, schedule, world)


def _excepted(rule: RecurrenceRule, day: date, start: datetime) -> list[datetime]:
    """A day that is left out already."""
    return [start] if day.isoformat() in (rule.spec.except_ or ()) else []


def _is_today(at: datetime, schedule: Rule, world: World) -> bool:
    zone = schedule.clock.zone
    return at.astimezone(zone).date() == world.now.astimezone(zone).date()


def _entry(local: datetime, schedule: Rule, zone: str) -> str:
    """The day; the moment where there are several on that day."""
    start, end = (
        at_time(d, datetime.min.time(), zone) for d in (local.date(), local.date() + timedelta(days=1))
    )
    several = len(schedule.between(start, end, 2)) > 1
    return written(local if several else local.date(), zone)


def _scheduled(task: TodoTask, world: World) -> datetime | None:
    """For when it was made: its annotation, else its due."""
    text = task.metadata.annotation(ANNOTATION_SCHEDULED_TIME) or task.spec.due
    due = due_of(text, task.spec.time_zone or world.namespace_zone)
    return due.instant if due is not None else None
