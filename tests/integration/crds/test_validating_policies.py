"""The alternative without a webhook: what of its rules an expression can say, through the real API server."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.crds.namespaced import document
from todo_cli.local.controlplane.kubectl import Kubectl

FOLDER = Path(__file__).parents[3] / "manifests" / "components" / "validating-policies"


@pytest.fixture(scope="module")
def policies(kubectl: Kubectl) -> Iterator[Kubectl]:
    files = [FOLDER / name for name in ("tasks.yaml", "rules.yaml", "channels.yaml")]
    for file in files:
        kubectl("apply", "-f", str(file))
    deadline = time.monotonic() + 60
    while "not a public address" not in said(
        kubectl, "NotificationChannel", {"webhook": {"url": "http://10.0.0.1/"}}
    ):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    yield kubectl
    for file in files:
        kubectl("delete", "-f", str(file))


def said(kubectl: Kubectl, kind: str, spec: dict[str, Any]) -> str:
    """What is said against it; empty where it is accepted."""
    try:
        kubectl(
            "create", "-n", "default", "--dry-run=server", "-f", "-", input_text=document(kind, "x-new", spec)
        )
    except Exception as error:
        return str(error)
    return ""


def rule(**fields: Any) -> dict[str, Any]:
    return {
        "template": {"spec": {"title": "x", **fields.pop("task", {})}, **fields.pop("template", {})},
        **fields,
    }


@pytest.mark.parametrize(
    ("kind", "wrong", "message", "right"),
    [
        (
            "RecurrenceRule",
            rule(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
            "never fires",
            rule(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28"),
        ),
        (
            "RecurrenceRule",
            rule(rrule="FREQ=MINUTELY", template={"subtasks": [{"title": "One"}]}),
            "more than 60 tasks an hour",
            rule(rrule="FREQ=MINUTELY;INTERVAL=15", template={"subtasks": [{"title": "One"}]}),
        ),
        (
            "RecurrenceRule",
            rule(cron="0 9 * * *", task={"reminders": [{"before": "30m"}]}),
            "can never fire",
            rule(cron="0 9 * * *", leadTime="1h", task={"reminders": [{"before": "30m"}]}),
        ),
        (
            "RecurrenceRule",
            rule(cron="0 9 * * *", task={"reminders": [{"before": "30m"}, {"before": "0s"}]}),
            "can never fire",
            rule(
                cron="0 9 * * *",
                task={"reminders": [{"before": "0s"}, {"before": "1d", "repeatEvery": "1h"}]},
            ),
        ),
        (
            "NotificationChannel",
            {"webhook": {"url": "http://[fd00::1]/"}},
            "not a public address",
            {"webhook": {"url": "https://93.184.216.34/"}},
        ),
        (
            "NotificationChannel",
            {"webhook": {"url": "http://metadata.google.internal/"}},
            "a name inside a network",
            {"webhook": {"url": "https://example.com/"}},
        ),
    ],
    ids=["never", "too many", "no lead time", "at the very time", "inside", "name inside"],
)
def test_what_an_expression_can_say_is_said_without_the_webhook(
    policies: Kubectl, kind: str, wrong: dict[str, Any], message: str, right: dict[str, Any]
) -> None:
    assert message in said(policies, kind, wrong)
    assert said(policies, kind, right) == ""
