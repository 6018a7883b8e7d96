"""The decision about a NotificationChannel, as sentences."""

from typing import Any

import msgspec
import pytest

from tests.unit.operator.build import NOW
from todo_operator.reconcile.channel import read_channel_facts, reconcile
from todo_operator.reconcile.plan import Plan
from todotasks.api import find_condition
from todotasks.channel_rules import ChannelLimits

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
        ({"email": {"to": ["ana@example.com", "bob at example.com"]}}, "spec.email.to[1]"),
        ({"email": {"to": ["a@example.com"], "from": "=?utf-8?q?ceo?=@example.com"}}, "spec.email.from"),
        ({"email": {"to": ["ana@10.0.0.1"]}}, "does not end in a number"),
        ({"webhook": {"url": "http://example.com%00.evil/"}}, "is no name of a host"),
        ({"webhook": {"url": "http://[v1.fe80]/"}}, "is no name of a host"),
        ({"webhook": {"url": "https://user:word@example.com/"}}, "without a user or password"),
        ({"webhook": {"url": "https://under_.-.example.com/"}}, "letters, digits, inner hyphens"),
    ],
)
def test_what_only_an_edit_heals_is_stalled_and_says_where(spec, part):
    plan = reconcile(a_channel(**spec), NOW)
    told, message = ready(plan)
    assert told == "False InvalidSpec"
    assert part in message
    assert find_condition(plan.status.conditions, "Stalled") is not None


OURS = ChannelLimits(sender="todo@example.com", senders=("example.org",), recipients=("example.com",))
OWN_SERVER = {"secretRef": {"name": "smtp"}}


@pytest.mark.parametrize(
    ("spec", "parts"),
    [
        ({"email": {"to": ["bob@elsewhere.example"]}}, ["spec.email.to", "TODO_NOTIFIER_RECIPIENTS"]),
        ({"email": {"to": ["a@example.com", "b@sub.example.com"]}}, ["addresses of sub.example.com"]),
        (
            {"email": {"to": ["ana@example.com"], "from": "ceo@bank.example"}},
            ["spec.email.from", "TODO_NOTIFIER_SENDERS"],
        ),
        ({"email": {"to": ["b@x.example"], "from": "c@y.example"}}, ["spec.email.from", "spec.email.to"]),
        ({"webhook": {"url": "http://10.1.2.3/hook"}}, ["10.1.2.3", "TODO_NOTIFIER_ALLOW_PRIVATE"]),
        ({"webhook": {"url": "http://127。0。0。1/hook"}}, ["127.0.0.1"]),
        ({"webhook": {"url": "http://[::1]:8080/"}}, ["::1"]),
        ({"webhook": {"url": "http://2130706433/"}}, ["127.0.0.1"]),
        ({"webhook": {"url": "https://grafana.monitoring.svc/"}}, ["a name inside a network"]),
        ({"webhook": {"url": "http://10.1.2.3/"}} | OWN_SERVER, ["10.1.2.3"]),
    ],
)
def test_what_the_notifier_will_refuse_by_its_settings_is_not_ready_and_says_which(spec, parts):
    plan = reconcile(a_channel(**spec), NOW, OURS)
    told, message = ready(plan)
    assert told == "False NotAllowed"
    assert [part for part in parts if part not in message] == []
    assert find_condition(plan.status.conditions, "Stalled") is not None


@pytest.mark.parametrize(
    "spec",
    [
        MAIL,
        {"email": {"to": ["Ana@EXAMPLE.com"], "from": "team@example.org"}},
        {"webhook": {"url": "https://[2606:4700::1111]/hook"}},
    ],
)
def test_what_the_settings_allow_is_ready(spec):
    assert ready(reconcile(a_channel(**spec), NOW, OURS))[0] == "True Accepted"


def test_a_server_of_its_own_may_send_to_anybody_and_must_be_named_by_the_secret():
    spec = {"email": {"to": ["bob@elsewhere.example"]}} | OWN_SERVER
    told, message = ready(reconcile(a_channel(**spec), NOW, OURS))
    assert told == "True Accepted"
    assert "It must name a mail server of its own (smtp-url): spec.email.to" in message


def test_nothing_is_written_twice():
    channel = a_channel(**MAIL)
    seen = msgspec.structs.replace(channel, status=reconcile(channel, NOW).status)
    assert reconcile(seen, NOW) == Plan()


def test_one_that_is_being_deleted_is_left_alone():
    assert reconcile(msgspec.structs.replace(a_channel(**MAIL), deleting=True), NOW) == Plan()
