"""The page of the kind RecurrenceRule says what the operator says."""

import re
from pathlib import Path

import msgspec
import pytest
import yaml

from tests.unit.operator.build import NOW
from todo_operator.reconcile.reasons import RuleCondition, RuleReason, SkipReason
from todotasks.api import RecurrenceRule
from todotasks.recurrence import Rule, rule_from_spec

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "recurrence-rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", [*RuleReason])
def test_each_reason_is_documented(reason):
    assert f"`{reason}`" in PAGE


def test_no_reason_is_documented_that_nobody_gives():
    rows = re.findall(r"^\| (?:\w+ \| \w+ \| )?((?:`[A-Z]\w+`(?:, )?)+) \| ", PAGE, re.MULTILINE)
    documented = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    policies = {"All", "Skip"}  # the table of missedPolicy
    assert documented - policies == {str(reason) for reason in RuleReason}


def test_each_condition_and_each_reason_of_an_event_is_documented():
    for condition in RuleCondition:
        assert re.search(rf"^\| {condition} \||^{condition} is for", PAGE, re.MULTILINE)
    assert [reason for reason in SkipReason if reason not in PAGE] == []


def test_the_examples_are_read_without_mistakes():
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        for document in yaml.safe_load_all(block):
            rule = msgspec.convert(document, RecurrenceRule)
            assert isinstance(rule_from_spec(rule.spec, created=NOW), Rule)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (DOCS / target).exists(), target
