"""The shared recurrence corpora. What differs is in a table below, with its reason; `docs/recurrence.md`
has the same table for people."""

from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import Any

import pytest

from tests.unit.recurrence.corpora import cases
from todotasks.recurrence import Rule, RuleSpec, parse_rule

GAP_SKIPPED = "the source skips a time in the gap; here it fires at the same distance after the gap"
GAP_AT_ONCE = "the source fires right after the gap; here at the same distance after it"
FOLD_TWICE = "the source fires a fixed time in both passes of the fold; here in the first"
STARRED_DAY = "the source joins a day field */n with `or`; here, as Debian's cron does, with `and`"

# Case → why it comes out differently here. Everything that is not in the table must agree.
CRON_EXCEPTIONS = {
    "cron-0013": STARRED_DAY,
    "cron-0019": GAP_SKIPPED,
    "cron-0030": GAP_SKIPPED,
    "cron-0032": FOLD_TWICE,
    "cron-0037": FOLD_TWICE,
    "cron-0047": FOLD_TWICE,
    "cron-0086": STARRED_DAY,
    "cron-0345": GAP_AT_ONCE,
    "cron-0359": GAP_AT_ONCE,
    "cron-0369": GAP_SKIPPED,
    "cron-0370": GAP_SKIPPED,
    "cron-0371": FOLD_TWICE,
}


@pytest.mark.parametrize("case", [*cases("dateutil_rrule"), *cases("rfc5545_examples_tz")])
def test_every_rule_fires_when_the_corpus_says(case: dict[str, Any]) -> None:
    rule = parse_rule(RuleSpec(rrule=case["rule"], start=case["dtstart"], time_zone=case["tz"]))
    assert isinstance(rule, Rule), rule
    # One more than expected shows that a complete list ends.
    found = rule.first(len(case["expected"]) + case["complete"])
    shown = [(at if case["tz"] else at.replace(tzinfo=None)).isoformat() for at in found]
    assert shown == case["expected"]


@pytest.mark.parametrize("case", [*cases("dateutil_rrule"), *cases("rfc5545_examples_tz")])
def test_every_rule_fires_backwards_as_it_does_forwards(case: dict[str, Any]) -> None:
    rule = parse_rule(RuleSpec(rrule=case["rule"], start=case["dtstart"], time_zone=case["tz"]))
    assert isinstance(rule, Rule), rule
    forward = rule.first(len(case["expected"]))
    backward = []
    at = rule.previous(forward[-1], inclusive=True) if forward else None
    while at is not None:
        backward.append(at)
        at = rule.previous(at)
    assert backward[::-1] == forward


@pytest.mark.parametrize("case", cases("librecur_invalid_rrule"))
def test_every_invalid_rule_is_refused_with_a_message_that_names_the_part(case: dict[str, Any]) -> None:
    errors = parse_rule(RuleSpec(rrule=case["rule"], start=case["dtstart"]), path="spec")
    assert isinstance(errors, list)
    assert errors
    assert {error.path for error in errors} == {"spec.rrule"}
    assert all(error.message for error in errors)


def zone_of(case: dict[str, Any]) -> str | tzinfo:
    offset = datetime.fromisoformat(case["dtstart"]).tzinfo
    return case["tz"] or offset or "UTC"


def in_five_fields(rule: str) -> str | None:
    """A schedule with seconds as one without, where that means the same."""
    fields = rule.split()
    return " ".join(fields[-5:]) if len(fields) == 5 or fields[0] == "0" else None


def agrees(case: dict[str, Any], rule: Rule) -> bool:
    start = datetime.fromisoformat(case["dtstart"])
    start = start if start.tzinfo else start.replace(tzinfo=rule.clock.zone)
    if case["check"] == "match":
        return (rule.next_after(start, inclusive=True) == start) == case["expected_match"]
    expected = [datetime.fromisoformat(text) for text in case["expected"]]
    # In UTC: Python finds a zone's time in the fold unequal to the same instant elsewhere.
    in_utc = [(at if at.tzinfo else at.replace(tzinfo=rule.clock.zone)).astimezone(UTC) for at in expected]
    found = list(islice(rule.after(start), max(len(in_utc), 1)))
    return found == in_utc


@pytest.mark.parametrize("case", cases("cron"))
def test_cron_does_what_the_corpus_says_or_what_the_table_of_exceptions_says(case: dict[str, Any]) -> None:
    given = parse_rule(RuleSpec(cron=case["rule"]), default_zone=zone_of(case))
    if case["check"] == "error":
        assert isinstance(given, list)
        return
    if len(case["rule"].split()) == 6:
        assert isinstance(given, list)
        assert "six fields" in given[0].message
    text = in_five_fields(case["rule"])
    if text is None:
        return
    rule = parse_rule(RuleSpec(cron=text), default_zone=zone_of(case))
    if isinstance(rule, list):
        assert "never fires" in rule[0].message
        assert case["expected"] == []
        return
    if case["id"] in CRON_EXCEPTIONS:
        assert not agrees(case, rule), f"{case['id']} agrees: take it out of the table of exceptions"
    else:
        assert agrees(case, rule)
