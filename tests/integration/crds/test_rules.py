"""Each rule of the CRDs, tried on the real API server: what it accepts, what it refuses, in which words."""

import re
from typing import Any

import pytest

from tests.integration.crds.all_cases import CASES
from tests.integration.crds.cases import RESOURCES, Case, reminder
from tests.support import crds
from tests.support.crds import Rule
from todotasks.kube import KubeClient, resources
from todotasks.kube.errors import Invalid

#: Rules that compare with the object as it was; they have tests of their own below.
TRANSITIONS = {"a reminder stays with its task; make a new Reminder for another one"}
#: Fields that are always refused. Their form is checked all the same, so that one answer says everything.
NEVER_ACCEPTED = {
    ("RecurrenceRule", "spec.template.spec.due"),
    ("RecurrenceRule", "spec.template.spec.reminders[].at"),
}


async def answer(kube: KubeClient, case: Case) -> list[tuple[str, str]]:
    """What the API server has against an object, as it says it; nothing is stored."""
    body = {"metadata": {"name": case.name, "namespace": "default"}, "spec": case.spec}
    try:
        await kube.create(RESOURCES[case.kind], body, "default", dry_run=True)
    except Invalid as error:
        return sorted((cause.field, cause.message) for cause in error.causes)
    return []


@pytest.mark.parametrize("case", CASES, ids=[case.label for case in CASES])
async def test_the_api_server_says_exactly_that(kube: KubeClient, case: Case) -> None:
    assert await answer(kube, case) == sorted(case.refused)


def test_no_two_cases_are_the_same() -> None:
    assert len({case.label for case in CASES}) == len(CASES)


# ── completeness ─────────────────────────────────────────────────────────────────────────────────────
def schema_path(field: str) -> str:
    """The field of an answer as a path in the schema: `spec.tags[2]` is `spec.tags[]`."""
    return re.sub(r"\[\d+\]", "[]", field)


def answers_for(rule: Rule) -> list[Case]:
    """The cases that a rule refuses: its message, and its own field or one within it (fieldPath)."""
    return [
        case
        for case in CASES
        for field, message in case.refused
        if case.kind == rule.kind
        and message.endswith(f": {rule.message}")
        and within(schema_path(field), rule.path)
    ]


def within(field: str, path: str) -> bool:
    if path.endswith(".*"):
        return field.startswith(f"{path[:-2]}[")
    return field == path or path == "" or field.startswith(f"{path}.")


def has(value: Any, path: str) -> bool:
    """Whether an object has something at a path of the schema, so that the rules there ran."""
    if path == "":
        return value is not None
    head, _, rest = path.partition(".")
    if head == "*":
        return any(has(inner, rest) for inner in value.values())
    name = head.removesuffix("[]")
    if not isinstance(value, dict) or name not in value:
        return False
    if head.endswith("[]"):
        return any(has(inner, rest) for inner in value[name])
    return has(value[name], rest)


RULES = crds.all_rules()


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}.{rule.path}: {rule.message}" for rule in RULES])
def test_each_rule_has_a_refused_and_an_accepted_case(rule: Rule) -> None:
    if rule.message not in TRANSITIONS:
        assert answers_for(rule), "no case is refused by it"
    if (rule.kind, rule.path) not in NEVER_ACCEPTED:
        accepted = [case for case in CASES if case.kind == rule.kind and not case.refused]
        assert any(has({"spec": case.spec}, rule.path) for case in accepted), "no accepted case has the field"


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────
async def test_a_reminder_stays_with_its_task(kube: KubeClient, namespace: str) -> None:
    body = {"metadata": {"name": "rent"}, "spec": reminder()}
    await kube.create(resources.REMINDERS, body, namespace)
    with pytest.raises(Invalid) as error:
        await kube.patch(resources.REMINDERS, "rent", {"spec": {"taskRef": {"name": "other"}}}, namespace)
    assert [tuple(cause) for cause in error.value.causes] == [
        (
            "spec.taskRef.name",
            "Invalid value: a reminder stays with its task; make a new Reminder for another one",
        )
    ]
    await kube.patch(resources.REMINDERS, "rent", {"spec": {"beforeDue": "2h"}}, namespace)


async def test_a_change_is_held_to_the_same_rules_as_a_new_object(kube: KubeClient, namespace: str) -> None:
    body = {"metadata": {"name": "rent"}, "spec": {"title": "Pay the rent", "due": "2026-12-01"}}
    await kube.create(resources.TODOTASKS, body, namespace)
    with pytest.raises(Invalid, match="no such day in the calendar"):
        await kube.patch(resources.TODOTASKS, "rent", {"spec": {"due": "2026-02-30"}}, namespace)


async def test_an_apply_without_the_task_of_a_reminder_is_refused(kube: KubeClient, namespace: str) -> None:
    body = {"metadata": {"name": "rent"}, "spec": reminder()}
    await kube.apply(resources.REMINDERS, "rent", body, namespace, field_manager="ana")
    with pytest.raises(Invalid, match="taskRef"):
        await kube.apply(
            resources.REMINDERS,
            "rent",
            {"metadata": {"name": "rent"}, "spec": {"beforeDue": "1h"}},
            namespace,
            field_manager="ana",
        )
