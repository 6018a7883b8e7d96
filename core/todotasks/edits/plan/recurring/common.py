"""What the plans of rules share: the rules that are meant, and what is said of months without such a day."""

from todotasks.api import RecurrenceRule
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.resolve import (
    Found,
    problem,
)
from todotasks.edits.targets.rows import title_of
from todotasks.edits.wording.formatting import day_name, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.recurrence import Rule, left_out


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
    lacking = left_out(schedule, from_completion=completion)
    if lacking is None:
        return ()
    german = world.language == "de"
    ordinal = f"{lacking.number}." if german else lacking.ordinal
    match lacking.what:
        case "leap":
            return (phrase(world.language, "short-years"),)
        case "day":
            return (phrase(world.language, "short-months", day=ordinal),)
        case "weekday":
            weekday = day_name(lacking.weekday, world.language)
            key = "short-weekdays-of-year" if lacking.of_year else "short-weekdays"
            return (phrase(world.language, key, day=f"{ordinal} {weekday}", weekday=weekday),)
        case _:
            key = "short-weeks" if lacking.what == "week" else "short-days-of-year"
            return (phrase(world.language, key, day=ordinal),)
