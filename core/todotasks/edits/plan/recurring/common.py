"""What the plans of rules share: the rules that are meant, and what is said of months without such a day."""

from todotasks.api import RecurrenceRule
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.resolve import (
    Found,
    problem,
)
from todotasks.edits.targets.rows import title_of
from todotasks.edits.wording.formatting import quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule, short_months


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


def short_month_remarks(schedule: Rule, completion: bool, world: World) -> tuple[str, ...]:
    """Says where months or years are left out because they have no such day, and how to have the last one."""
    short = None if completion and schedule.source.plain else short_months(schedule)
    if short is None:
        return ()
    if short.leap_years:
        return (phrase(world.language, "short-years"),)
    day = f"{short.day}." if world.language == "de" else short.ordinal
    return (phrase(world.language, "short-months", day=day),)
