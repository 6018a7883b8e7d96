"""Whatever is sent gets an answer; nothing is a 500."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from todo_webhook.review import BadReview, Request, answer, decide, read_review
from todo_webhook.rules import Context, Limits, TaskNode, judge
from todotasks.recurrence import FieldError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KINDS = ("TodoTask", "RecurrenceRule", "Reminder", "NotificationChannel")


class AWorld:
    """Surroundings that do not change."""

    def __init__(
        self, tasks: dict[str, TaskNode] | None = None, channels: dict[str, bool] | None = None
    ) -> None:
        self.tasks, self.channels = tasks or {}, {} if channels is None else channels

    def context(self, namespace: str, name: str, now: datetime, *, creating: bool) -> Context:
        return Context(
            namespace=namespace,
            name=name,
            now=now,
            creating=creating,
            channels=self.channels,
            task=self.tasks.get,
            limits=Limits(),
        )


def context(name: str = "t", **fields: Any) -> Context:
    return Context(**{"namespace": "home", "name": name, "now": NOW, **fields})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *("title", "due", "timeZone", "completed", "parent", "dependsOn", "reminders", "tags", "rrule", "cron"),
    *(
        "simple",
        "start",
        "until",
        "count",
        "except",
        "leadTime",
        "template",
        "basis",
        "taskRef",
        "at",
        "channels",
    ),
    *("beforeDue", "repeatEvery", "snoozeUntil", "email", "webhook", "apprise", "secretRef", "default"),
)
texts = st.sampled_from(
    [
        "", "x", "2026-02-30", "2099-01-01", "0001-01-01", "9999-12-31T23:59:59Z", "1h", "999999999w",
        "Europe/Berlin",
        "../../etc/passwd", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=0", "* * * * *",
        "FREQ=YEARLY;BYEASTER=1", "0 0 31 2 *", "\x00", "\ud800", "http://[::1", "http://①.②/", "a@b",
        "@", "é@ü.ö",
    ]
)  # fmt: skip
specs = st.dictionaries(
    st.sampled_from(FIELDS),
    texts
    | json_values
    | st.lists(texts, max_size=3)
    | st.dictionaries(st.sampled_from(FIELDS), texts, max_size=4),
    max_size=6,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(KINDS), specs, st.none() | specs)
def test_no_spec_whatsoever_makes_a_rule_fail(
    kind: str, spec: dict[str, Any], old: dict[str, Any] | None
) -> None:
    verdict = judge(kind, spec, old, context(channels={}, task={}.get))
    for error in verdict.errors:
        assert error.path.startswith("spec")
    json.loads(answer(Request("u"), verdict).decode("utf-8", "replace"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_bytes_are_a_review_or_a_bad_review(body: bytes) -> None:
    try:
        request = read_review(body)
    except BadReview:
        return
    decide(request, AWorld(), NOW)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["uid", "kind", "operation", "object", "oldObject", "userInfo", "dryRun", "name"]),
        json_values,
    )
)
def test_a_review_with_anything_in_it_is_answered(request: dict[str, Any]) -> None:
    body = json.dumps({"apiVersion": "admission.k8s.io/v1", "request": request}).encode()
    try:
        read = read_review(body)
    except BadReview:
        return
    verdict = decide(read, AWorld(), NOW)  # type: ignore[arg-type]
    assert json.loads(answer(read, verdict))["response"]["uid"] == read.uid


def test_deeply_nested_json_is_a_bad_review() -> None:
    body = (
        b'{"apiVersion":"admission.k8s.io/v1","request":{"uid":"u","object":{"spec":'
        + b"[" * 100_000
        + b"]" * 100_000
    )
    with pytest.raises(BadReview):
        read_review(body + b"}}}")


def test_an_error_of_ours_lets_the_object_in_with_a_warning() -> None:
    class Broken:
        def context(self, *_: object, **__: object) -> Context:
            raise RuntimeError

    body = {"apiVersion": "admission.k8s.io/v1", "request": {"uid": "u", "object": {"spec": {}}}}
    verdict = decide(read_review(json.dumps(body).encode()), Broken(), NOW)  # type: ignore[arg-type]
    assert verdict.errors == ()
    assert "could not check" in verdict.warnings[0]


def test_a_mistake_that_was_there_before_does_not_hold_up_another_change() -> None:
    old = {"title": "x", "timeZone": "Nowhere/There"}
    same = judge("TodoTask", {**old, "completed": True}, old, context(creating=False))
    assert same.errors == ()
    assert same.warnings == (
        'spec.timeZone: "Nowhere/There" is not an IANA time zone, such as "Europe/Berlin" or "UTC" (as '
        "before)",
    )
    new = judge("TodoTask", {"title": "x", "timeZone": "Somewhere/Else"}, old, context(creating=False))
    assert [error.path for error in new.errors] == ["spec.timeZone"]


def test_what_is_not_known_is_not_judged() -> None:
    spec = {
        "title": "x",
        "dependsOn": ["a"],
        "parent": "b",
        "due": "2099-01-01",
        "reminders": [{"before": "1h"}],
    }
    assert judge("TodoTask", spec, None, context()) == judge("TodoTask", {"title": "x"}, None, context())


def test_a_ring_of_thousands_costs_no_more_than_the_limit() -> None:
    count, asked = 5_000, 0

    def task(name: str) -> TaskNode:
        nonlocal asked
        asked += 1
        place = int(name)
        return TaskNode(depends_on=tuple(str((place + step) % count) for step in range(1, 33)))

    spec = {"title": "x", "dependsOn": [str(step) for step in range(1, 33)]}
    verdict = judge("TodoTask", spec, None, context(name="new", task=task))
    assert verdict.errors == (
        FieldError(
            "spec.dependsOn",
            "more than 500 tasks would have to be completed first, counting what they depend on themselves; "
            "depend on fewer, or on one task that stands for them",
        ),
    )
    assert asked <= 2 * 500


def test_an_answer_has_every_error_as_a_cause() -> None:
    spec = {"title": "x", "timeZone": "Mars/Olympus", "dependsOn": ["t"]}
    sent = json.loads(answer(Request("u"), judge("TodoTask", spec, None, context())))["response"]
    assert sent["allowed"] is False
    assert [cause["field"] for cause in sent["status"]["details"]["causes"]] == [
        "spec.timeZone",
        "spec.dependsOn[0]",
    ]
    assert sent["status"]["message"].count("; ") >= 1
