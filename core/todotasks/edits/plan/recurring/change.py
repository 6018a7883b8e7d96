"""On another schedule."""

from collections.abc import Sequence

from todotasks.api import RecurrenceRule
from todotasks.edits.model.command import (
    ChangeRule,
)
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import Thing, World
from todotasks.edits.plan import editing
from todotasks.edits.plan.finish import Draft, finish
from todotasks.edits.plan.recurring.common import rules_of, short_month_remarks
from todotasks.edits.plan.recurring.convert import made_recurring, rule_or_task, single_task
from todotasks.edits.plan.recurring.schedules import (
    PlannedSchedule,
    ScheduleError,
    changed_schedule,
    first_occurrence,
)
from todotasks.edits.targets.resolve import (
    Found,
    problem,
)
from todotasks.edits.targets.rows import occurrence_of, schedule_of, title_of
from todotasks.edits.targets.upcoming import upcoming_as_changed
from todotasks.edits.wording.formatting import format_moment, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import explain


def plan_change_rule(command: ChangeRule, world: World, *, confirmed: bool) -> Plan:
    resolved = rule_or_task(command, world)
    if isinstance(resolved, Found) and (task := single_task(resolved, world)) is not None:
        return made_recurring(task, command, resolved, world)
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
            old, created = schedule_of(rule, world), rule.metadata.creation_timestamp
            told = changed_schedule(command.schedule, rule.spec, old, world, created)
        except ScheduleError as error:
            return problem("Invalid", str(error), error.field)
        after = command.schedule.basis == "Completion"
        words = explain(told.rule, from_completion=after, language=world.language)
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
    if first_occurrence(told.rule, world) is None:
        remarks.append(phrase(world.language, "ended", what=quoted(title_of(rule))))
    if told.rewritten is not None:
        was, becomes = told.rewritten
        what = quoted(title_of(rule))
        remarks.append(phrase(world.language, "rewritten", what=what, was=was, becomes=becomes))
    elif told.clashes:
        remarks.append(phrase(world.language, "clashes", what=quoted(title_of(rule))))
    return remarks
