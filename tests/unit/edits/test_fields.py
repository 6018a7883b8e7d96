"""Rules and reminders as an editor sets them: the fields that were given, or every mistake in them."""

import json
from typing import Any

import msgspec
import pytest

from tests.unit.edits.worlds import the_world, world_of
from todotasks.edits.model import command as c
from todotasks.edits.model.plan import Plan
from todotasks.edits.plan.dispatch import needs, plan

REMINDERS = """
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {name: report}
spec: {title: report, due: "2026-03-06T15:00", reminders: [{before: 1h}]}
---
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {name: someday}
spec: {title: someday}
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata:
  name: report-1a2b
  ownerReferences:
    - {apiVersion: todotasks.dev/v1, kind: TodoTask, name: report, uid: TodoTask/report, controller: true}
spec: {taskRef: {name: report}, beforeDue: 1h}
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata: {name: nag}
spec: {taskRef: {name: report}, at: "2026-03-06T09:00", message: now!}
"""


def asked(body: dict[str, Any], *, reminders: bool = False) -> Plan:
    command = msgspec.json.decode(json.dumps(body), type=c.Command)
    return plan(command, world_of(REMINDERS) if reminders else the_world())


def patch_of(planned: Plan) -> Any:
    assert planned.problem is None, planned
    [edit] = planned.edits
    return (edit.manifest or edit.patch or {})["spec"]


def rule(name: str | None = "watering", **spec: Any) -> Plan:
    return asked({"action": "recurrence-set", "name": name, "spec": spec})


def test_only_what_differs_is_written_and_null_takes_a_field_away() -> None:
    assert patch_of(rule(leadTime=None, missedPolicy="Skip")) == {"leadTime": None, "missedPolicy": "Skip"}
    assert patch_of(rule(rrule=None, simple={"frequency": "Weekly", "daysOfWeek": ["Monday"]})) == {
        "rrule": None,
        "simple": {"frequency": "Weekly", "daysOfWeek": ["Monday"]},
    }
    template = {
        "spec": {"title": "water the plants", "priority": "High"},
        "subtasks": [{"title": "the palm"}],
    }
    assert patch_of(rule(template=template)) == {
        "template": {"spec": {"priority": "High"}, "subtasks": [{"title": "the palm"}]}
    }


def test_what_is_so_already_is_not_sent() -> None:
    planned = rule(rrule="FREQ=DAILY;INTERVAL=3", start="2026-03-03T19:00", leadTime="3d")
    assert planned.edits == () and planned.problem is None


def test_a_new_rule_has_all_that_was_given_and_the_zone_of_who_asks() -> None:
    spec = {"cron": "0 9 * * 1", "template": {"spec": {"title": "weekly review", "tags": ["work"]}}}
    planned = rule(None, **spec)
    assert planned.edits[0].resource == "recurrencerules"
    assert planned.edits[0].name == "weekly-review"
    written = patch_of(planned)
    assert {name: written[name] for name in spec} == spec
    assert "every Monday at 09:00" in planned.reply


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"rrule": "FREQ=SOMETIMES", "template": {"spec": {"title": "x"}}}, "spec.rrule"),
        ({"template": {"spec": {"title": "x"}}}, "exactly one of"),
        ({"rrule": "FREQ=DAILY", "cron": "@daily", "template": {"spec": {"title": "x"}}}, "exactly one of"),
        ({"rrule": "FREQ=DAILY"}, "spec.template.spec.title"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "template": {"spec": {"title": "x"}}}, "never"),
    ],
)
def test_a_rule_that_does_not_hold_is_refused_before_anything_is_asked(
    spec: dict[str, Any], says: str
) -> None:
    planned = rule(None, **spec)
    assert planned.edits == ()
    assert planned.problem is not None and says in planned.problem.message


def test_a_rule_that_is_not_there_is_not_made() -> None:
    planned = rule("nowhere", leadTime="1d")
    assert planned.problem is not None and planned.problem.reason == "NotFound"


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────
def reminder(name: str | None = None, task: str | None = None, **spec: Any) -> Plan:
    body = {"action": "reminder-set", "name": name, "task": task, "spec": spec}
    return asked(body, reminders=True)


def test_a_reminder_of_its_own_is_made_changed_and_deleted() -> None:
    made = reminder(task="report", beforeDue="2h", repeatEvery="1d", maxRepeats=3, message="still open")
    assert patch_of(made) == {
        "taskRef": {"name": "report"},
        "beforeDue": "2h",
        "repeatEvery": "1d",
        "maxRepeats": 3,
        "message": "still open",
    }
    assert patch_of(reminder("nag", message=None, suspend=True)) == {"message": None, "suspend": True}
    gone = asked({"action": "reminder-delete", "name": "nag"}, reminders=True)
    assert [(edit.verb, edit.resource, edit.name) for edit in gone.edits] == [("delete", "reminders", "nag")]


def test_one_that_the_task_declares_can_be_paused_but_not_rewritten() -> None:
    assert patch_of(reminder("report-1a2b", suspend=True)) == {"suspend": True}
    refused = reminder("report-1a2b", beforeDue="2h")
    assert refused.problem is not None and "spec.reminders" in refused.problem.message


def test_a_reminder_that_counts_back_needs_a_task_with_a_due_date() -> None:
    refused = reminder(task="someday", beforeDue="2h")
    assert refused.problem is not None and refused.problem.field == "spec.due"
    assert reminder(task="nobody", at="2026-03-06T09:00").problem is not None
    assert reminder("nothing", suspend=True).problem is not None


def test_who_is_reminded_through_no_channel_is_told_so() -> None:
    body: dict[str, Any] = {"action": "reminder-set", "task": "report", "spec": {"beforeDue": "2h"}}
    command = msgspec.json.decode(json.dumps(body), type=c.Command)
    assert needs(command).channels
    said = plan(command, world_of(REMINDERS, channels=())).remarks
    assert len(said) == 1 and "channel" in said[0]
    body["spec"] = {"beforeDue": "2h", "channels": ["mail"]}
    named = msgspec.json.decode(json.dumps(body), type=c.Command)
    assert plan(named, world_of(REMINDERS, channels=())).remarks == ()
    template = {"spec": {"title": "x", "reminders": [{"before": "1h"}]}}
    rule_body: dict[str, Any] = {
        "action": "recurrence-set",
        "spec": {"rrule": "FREQ=DAILY", "template": template},
    }
    assert needs(msgspec.json.decode(json.dumps(rule_body), type=c.Command)).channels
    rule_body["spec"] = {"leadTime": None}
    assert not needs(msgspec.json.decode(json.dumps(rule_body), type=c.Command)).channels
