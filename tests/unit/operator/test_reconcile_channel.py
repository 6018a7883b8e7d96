"""The decision about a NotificationChannel, as sentences."""

from typing import Any

import msgspec
import pytest

from tests.unit.operator.build import NOW
from todo_operator.reconcile.channel import read_channel_facts, reconcile
from todo_operator.reconcile.plan import Plan
from todotasks.api import find_condition

MAIL: dict[str, Any] = {"email": {"to": ["ana@example.com"]}}


def a_channel(**spec: Any) -> Any:
    metadata = {"name": "mail", "namespace": "home", "uid": "uid-c", "resourceVersion": "3", "generation": 1}
    return read_channel_facts({"metadata": metadata, "spec": spec})


def ready(plan: Plan[Any]) -> tuple[str, str]:
    assert plan.status is not None
    found = find_condition(plan.status.conditions, "Ready")
    assert found is not None
    return f"{found.status} {found.reason}", found.message


@pytest.mark.parametrize(
    "spec",
    [
        MAIL,
        {"webhook": {"url": "https://example.com/hook"}},
        {"apprise": {}, "secretRef": {"name": "ntfy"}},
    ],
)
def test_one_that_is_well_written_is_ready(spec):
    assert ready(reconcile(a_channel(**spec), NOW))[0] == "True Accepted"


def test_its_secret_is_the_notifiers_to_look_for():
    assert '"ntfy"' in ready(reconcile(a_channel(apprise={}, secretRef={"name": "ntfy"}), NOW))[1]


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ({}, "exactly one"),
        (MAIL | {"webhook": {"url": "https://example.com"}}, "exactly one"),
        ({"email": {"to": []}}, "spec.email.to"),
        ({"webhook": {"url": "ftp://example.com"}}, "spec.webhook.url"),
        ({"apprise": {}}, "spec.secretRef"),
        ({"email": {"to": 7}}, "spec.email"),
    ],
)
def test_what_only_an_edit_heals_is_stalled_and_says_where(spec, part):
    plan = reconcile(a_channel(**spec), NOW)
    told, message = ready(plan)
    assert told == "False InvalidSpec"
    assert part in message
    assert find_condition(plan.status.conditions, "Stalled") is not None


def test_nothing_is_written_twice():
    channel = a_channel(**MAIL)
    seen = msgspec.structs.replace(channel, status=reconcile(channel, NOW).status)
    assert reconcile(seen, NOW) == Plan()


def test_one_that_is_being_deleted_is_left_alone():
    assert reconcile(msgspec.structs.replace(a_channel(**MAIL), deleting=True), NOW) == Plan()
