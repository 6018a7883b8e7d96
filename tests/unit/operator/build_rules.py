"""Builders: a valid rule on a fixed now, its occurrences, and `after(plan)`: what the next look finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.unit.operator.build import NOW
from todo_operator.reconcile.plan import Plan, RuleEmission
from todo_operator.reconcile.rule.checks import ObservedRule
from todo_operator.reconcile.rule.decide import reconcile
from todo_operator.reconcile.rule.facts import Occurrence, RuleFacts, occurrence_name
from todotasks.api import RecurrenceRuleSpec, RecurrenceRuleStatus, find_condition
from todotasks.recurrence import rule_from_spec

UID = "uid-rule"
CREATED = NOW - timedelta(days=30)


def at(text: str) -> datetime:
    """`at("11-21T09:00")`, in UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def a_rule(**spec: Any) -> RuleFacts:
    """Daily at 09:00 in UTC, created at CREATED and not seen yet; `spec` in the names of the API."""
    facts = {name: spec.pop(name) for name in list(spec) if name in RuleFacts.__struct_fields__}
    schedule = {} if spec.keys() & {"cron", "rrule", "simple"} else {"cron": "0 9 * * *"}
    template = {"template": {"spec": {"title": "Pay rent"}}}
    return RuleFacts(
        **{
            "namespace": "home",
            "name": "rent",
            "uid": UID,
            "created": CREATED,
            "resource_version": 7,
            "generation": 1,
            "spec": msgspec.convert(template | schedule | spec, RecurrenceRuleSpec),
            **facts,
        }
    )


def settled(rule: RuleFacts, next_: datetime, last: datetime | None = None, **status: Any) -> RuleFacts:
    """The rule as it is once the operator has seen it, and waits for `next_`."""
    found = RecurrenceRuleStatus(rule.generation, last, next_, **status)
    return msgspec.structs.replace(rule, status=found)


def observed(rule: RuleFacts, *occurrences: Occurrence, zone: str = "UTC", **changes: Any) -> ObservedRule:
    read = rule_from_spec(rule.spec, zone, rule.created)
    schedule = tuple(read) if isinstance(read, list) else read
    return ObservedRule(rule, schedule, occurrences, **changes)


def an_occurrence(scheduled: datetime, done: datetime | None = None, **changes: Any) -> Occurrence:
    name = occurrence_name("rent", scheduled)
    found = Occurrence(name, f"uid-{name}", 1, UID, scheduled, done is not None, done)
    return found._replace(**changes)


def made(plan: Plan[RecurrenceRuleStatus]) -> list[str]:
    """When the tasks that it makes are scheduled: `["11-21T09:00"]`."""
    instants = [create.emits[0].instant for create in plan.creates]
    return [instant.strftime("%m-%dT%H:%M") for instant in instants if instant is not None]


def events(plan: Plan[RecurrenceRuleStatus]) -> list[RuleEmission]:
    return [*plan.emits, *(e for create in plan.creates for e in create.emits)]


def told_events(plan: Plan[RecurrenceRuleStatus]) -> list[str]:
    """`["missed 3 OnlyLatest", "scheduled"]`."""
    return [
        " ".join(filter(None, (e.happening.partition(".")[2], str(e.count or ""), e.reason)))
        for e in events(plan)
    ]


def after(seen: ObservedRule, plan: Plan[RecurrenceRuleStatus]) -> ObservedRule:
    """What is there once `plan` is applied, in the order of the executor."""
    kept = {o.name: o for o in seen.occurrences}
    for create in plan.creates:
        scheduled = create.emits[0].instant
        kept.setdefault(create.key.name, Occurrence(create.key.name, "new", 1, seen.rule.uid, scheduled))
    for prune in plan.prunes:
        kept.pop(prune.key.name, None)
    rule = seen.rule
    if plan.status is not None:
        rule = msgspec.structs.replace(rule, status=plan.status)
    return replace(seen, rule=rule, occurrences=tuple(kept.values()))


def edited(seen: ObservedRule, **spec: Any) -> ObservedRule:
    """With another spec, of which the operator knows nothing yet."""
    new = a_rule(**spec).spec
    rule = msgspec.structs.replace(seen.rule, spec=new, generation=seen.rule.generation + 1)
    return observed(rule, *seen.occurrences)


def complete(seen: ObservedRule, when: datetime) -> ObservedRule:
    """All that is open is done at `when`."""
    done = tuple(
        o if o.completed else o._replace(completed=True, completed_at=when) for o in seen.occurrences
    )
    return replace(seen, occurrences=done)


def run(
    seen: ObservedRule, start: datetime, end: datetime, look: timedelta | None = None
) -> tuple[ObservedRule, list[str]]:
    """Looks whenever a plan asks for it, until `end`; returns what is there then, and all it made."""
    all_made: list[str] = []
    now = start
    for _ in range(10_000):
        plan = reconcile(seen, now)
        all_made += made(plan)
        seen = after(seen, plan)
        wanted = plan.requeue_at if look is None else now + look
        if wanted is None or wanted > end:
            return seen, all_made
        now = wanted
    raise AssertionError("it asks to be looked at without end")


def told(plan: Plan[RecurrenceRuleStatus], type_: str) -> str:
    assert plan.status is not None, "the plan writes no status"
    found = find_condition(plan.status.conditions, type_)
    return "absent" if found is None else f"{found.status} {found.reason}"


def message(plan: Plan[RecurrenceRuleStatus], type_: str) -> str:
    assert plan.status is not None, "the plan writes no status"
    found = find_condition(plan.status.conditions, type_)
    assert found is not None, f"there is no condition {type_}"
    return found.message
