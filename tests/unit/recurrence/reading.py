"""Short ways to read a rule in tests."""

from todotasks.recurrence import FieldError, Rule, RuleSpec, explain, parse_rule


def rule(
    rrule: str | None = None,
    start: str | None = "2026-01-01T09:00",
    zone: str | None = "Europe/Berlin",
    **limits: object,
) -> Rule:
    spec = RuleSpec(rrule=rrule, start=start, time_zone=zone, **limits)  # type: ignore[arg-type]
    found = parse_rule(spec)
    assert isinstance(found, Rule), found
    return found


def refused(
    rrule: str | None = None, start: str | None = "2026-01-01T09:00", **limits: object
) -> list[FieldError]:
    found = parse_rule(RuleSpec(rrule=rrule, start=start, **limits))  # type: ignore[arg-type]
    assert isinstance(found, list), f"accepted: {explain(found)}"
    assert found
    return found


def dates(rule: Rule, number: int) -> list[str]:
    return [f"{at:%Y-%m-%d}" for at in rule.first(number)]


def times(rule: Rule, number: int) -> list[str]:
    return [f"{at:%Y-%m-%dT%H:%M%z}" for at in rule.first(number)]
