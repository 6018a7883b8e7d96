"""What is said of a task that comes back: its next time as its status has it, what a change comes to."""

# ruff: noqa: E501 - a table is read along its line

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.edits.worlds import world_of
from todotasks.edits.model import command as c
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import plan
from todotasks.edits.targets.rows import rows_of

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=BERLIN)
TARGET = c.Target(names=("r",))


def world(spec: str, status: str = "{}", *, now: datetime = SATURDAY, tasks: str = "") -> World:
    rule = f"""
apiVersion: todotasks.dev/v1
kind: RecurrenceRule
metadata: {{name: r, generation: 2, creationTimestamp: "2026-01-01T08:00:00Z"}}
spec: {{template: {{spec: {{title: water}}}}, {spec}}}
status: {status}
"""
    return world_of(rule + tasks, now=now)


def changed(spec: str, rrule: str, status: str = "{}", **more: Any) -> Plan:
    command = c.ChangeRule(TARGET, c.ScheduleFields(rrule=rrule))
    return plan(command, world(spec, status, **more))


def patch_of(planned: Plan) -> dict[str, Any]:
    (edit,) = planned.edits
    assert edit.patch is not None
    return dict(edit.patch["spec"])


# ── from one day to another ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("spec", "rrule", "following"),
    [
        ('rrule: "FREQ=WEEKLY;BYDAY=FR"', "FREQ=WEEKLY;BYDAY=TH", "Thursday, 3 December 2026"),
        ('rrule: "FREQ=WEEKLY;BYDAY=TH"', "FREQ=WEEKLY;BYDAY=FR", "Friday, 4 December 2026"),
        ('rrule: "FREQ=WEEKLY;BYDAY=FR"', "FREQ=WEEKLY;BYDAY=SU", "Sunday, 29 November 2026"),
        (
            'rrule: "FREQ=WEEKLY;BYDAY=FR", start: "2026-11-06T17:00"', "FREQ=WEEKLY;BYDAY=TH",
            "Thursday, 3 December 2026 at 17:00 (Europe/Berlin)",
        ),
        (  # the first one is still to come
            'rrule: "FREQ=WEEKLY;BYDAY=FR", start: "2026-12-04T17:00"', "FREQ=WEEKLY;BYDAY=TH",
            "Thursday, 3 December 2026 at 17:00 (Europe/Berlin)",
        ),
        (  # every other week keeps its rhythm: 4 December is one
            'rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", start: "2026-11-06"', "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            "Thursday, 3 December 2026",
        ),
        (
            'rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", start: "2026-11-13"', "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            "Thursday, 10 December 2026",
        ),
        ('rrule: "FREQ=MONTHLY;BYMONTHDAY=15"', "FREQ=MONTHLY;BYMONTHDAY=30", "Monday, 30 November 2026"),
        ('rrule: "FREQ=MONTHLY;BYMONTHDAY=15"', "FREQ=MONTHLY;BYMONTHDAY=10", "Thursday, 10 December 2026"),
        ('cron: "0 17 * * 5"', "FREQ=WEEKLY;BYDAY=TH", "Thursday, 3 December 2026 at 17:00 (Europe/Berlin)"),
        (
            "simple: {frequency: Weekly, daysOfWeek: [Friday]}", "FREQ=WEEKLY;BYDAY=TH",
            "Thursday, 3 December 2026",
        ),
        (  # that of this week was made in advance: nothing comes before it again
            'rrule: "FREQ=WEEKLY;BYDAY=FR", leadTime: 7d', "FREQ=WEEKLY;BYDAY=TH",
            "Thursday, 3 December 2026",
        ),
    ],
)  # fmt: skip
def test_another_day_counts_from_the_day_on_which_it_is_said(spec: str, rrule: str, following: str) -> None:
    assert changed(spec, rrule).reply.endswith(f"; next on {following}.")


def test_what_was_made_in_advance_is_not_made_again_before_it() -> None:
    status = '{observedGeneration: 2, lastScheduleTime: "2026-12-03T23:00:00Z"}'
    planned = changed('rrule: "FREQ=WEEKLY;BYDAY=FR", leadTime: 7d', "FREQ=WEEKLY;BYDAY=TH", status)
    assert planned.reply.endswith("; next on Thursday, 10 December 2026.")


# ── a file that declares it ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("spec", "rrule", "patch"),
    [
        ('cron: "0 9 * * 5"', "FREQ=WEEKLY;BYDAY=TH", {"cron": "0 9 * * 4"}),
        ('cron: "0 9 * * 5"', "FREQ=WEEKLY;BYDAY=TH;BYHOUR=17;BYMINUTE=30", {"cron": "30 17 * * 4"}),
        ('cron: "0 9 * * 5"', "FREQ=DAILY", {"cron": "0 9 * * *"}),
        ('cron: "0 9 * * *"', "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", {"cron": "0 9 * * 1-5"}),
        ('cron: "0 9 * * *"', "FREQ=WEEKLY;BYDAY=SA,SU", {"cron": "0 9 * * 6,0"}),
        ('cron: "0 9 * * *"', "FREQ=MONTHLY;BYMONTHDAY=1", {"cron": "0 9 1 * *"}),
        ('cron: "0 9 * * *"', "FREQ=MONTHLY;BYMONTHDAY=-1", {"cron": "0 9 L * *"}),
        ('cron: "0 9 * * *"', "FREQ=MONTHLY;BYDAY=2TU", {"cron": "0 9 * * 2#2"}),
        ('cron: "0 9 * * *"', "FREQ=MONTHLY;BYDAY=-1FR", {"cron": "0 9 * * 5L"}),
        ('cron: "0 9 * * *"', "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=6", {"cron": "0 9 6 3 *"}),
        ('cron: "0 9 * * *"', "FREQ=HOURLY;INTERVAL=2", {"cron": "0 */2 * * *"}),
        ('cron: "0 9 * * *"', "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101", {"cron": "0 9 * * 1", "until": "2027-01-01"}),
        (
            "simple: {frequency: Weekly, daysOfWeek: [Friday], time: '09:00'}", "FREQ=WEEKLY;BYDAY=TH",
            {"simple": {"daysOfWeek": ["Thursday"]}},
        ),
        (
            "simple: {frequency: Weekly, daysOfWeek: [Friday], time: '09:00'}", "FREQ=MONTHLY;BYMONTHDAY=-1",
            {"simple": {"frequency": "Monthly", "daysOfWeek": None, "dayOfMonth": -1}},
        ),
        (
            "simple: {frequency: Monthly, dayOfMonth: 3}", "FREQ=MONTHLY;BYDAY=1MO",
            {"simple": {"dayOfMonth": None, "nth": 1, "daysOfWeek": ["Monday"]}},
        ),
        (
            "simple: {frequency: Daily}", "FREQ=DAILY;BYHOUR=7;BYMINUTE=0",
            {"simple": {"time": "07:00"}},
        ),
    ],
)  # fmt: skip
def test_a_schedule_keeps_its_way_of_writing(spec: str, rrule: str, patch: dict[str, Any]) -> None:
    planned = changed(spec, rrule)
    assert patch_of(planned) == patch
    assert not [remark for remark in planned.remarks if "was written as" in remark]


@pytest.mark.parametrize(
    ("spec", "rrule", "clashes"),
    [
        ("simple: {frequency: Weekly, daysOfWeek: [Friday]}", "FREQ=MONTHLY;BYMONTHDAY=-1", True),
        ("simple: {frequency: Monthly, dayOfMonth: 3}", "FREQ=MONTHLY;BYDAY=1MO", True),
        ("simple: {frequency: Weekly, daysOfWeek: [Friday]}", "FREQ=WEEKLY;BYDAY=TH", False),
        ("simple: {frequency: Daily}", "FREQ=DAILY;BYHOUR=7;BYMINUTE=0", False),
        ('cron: "0 9 * * 5"', "FREQ=WEEKLY;BYDAY=TH", False),
        ('rrule: "FREQ=WEEKLY;BYDAY=FR"', "FREQ=MONTHLY;BYMONTHDAY=-1", False),
    ],
)
def test_fields_that_clash_with_those_of_a_file_are_said(spec: str, rrule: str, clashes: bool) -> None:
    says = "A file that declares the schedule of “water” (Git) is refused by kubectl apply until it says the same."
    assert (says in changed(spec, rrule).remarks) is clashes


@pytest.mark.parametrize(
    ("spec", "rrule", "was"),
    [
        ('cron: "0 9 * * 5"', "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "cron"),
        ('cron: "0 9 * * 5"', "FREQ=MONTHLY;BYMONTHDAY=-2", "cron"),
        ("simple: {frequency: Weekly, daysOfWeek: [Friday]}", "FREQ=HOURLY;INTERVAL=2", "simple"),
        ("simple: {frequency: Monthly, dayOfMonth: 3}", "FREQ=MONTHLY;BYMONTHDAY=3,15", "simple"),
    ],
)
def test_what_its_way_of_writing_cannot_say_is_written_otherwise_and_said(
    spec: str, rrule: str, was: str
) -> None:
    planned = changed(spec, rrule)
    assert patch_of(planned)[was] is None
    assert planned.remarks[-1] == (
        f"The schedule of “water” was written as {was} and is rrule now, because {was} cannot say "
        f"it. Where a file declares {was} (Git), whoever applies it next puts that back."
    )


def test_a_cron_line_gets_another_time_of_day() -> None:
    command = c.Update(TARGET, c.Changes(due="T07:30"))
    assert patch_of(plan(command, world('cron: "0 9 * * 1-5"'))) == {"cron": "30 7 * * 1-5"}
    several = plan(command, world('cron: "0 9,17 * * *"'))
    assert several.problem is not None and several.problem.field == "spec.cron"


# ── months without such a day ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("rrule", "remark"),
    [
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "Months without a 31st are left out; “on the last day of every month” has them all.",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "Years without a 29 February are left out; “on the last day of February every year” has them all.",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=28", None),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", None),
    ],
)
def test_who_names_a_day_that_some_months_lack_hears_of_it(rrule: str, remark: str | None) -> None:
    made = plan(c.CreateRule(c.TaskFields("pay"), c.ScheduleFields(rrule=rrule)), world("rrule: FREQ=DAILY"))
    assert made.remarks == (() if remark is None else (remark,))
    assert changed('rrule: "FREQ=WEEKLY"', rrule).remarks == made.remarks


# ── the next one, by the status ──────────────────────────────────────────────────────────────────────
NAMED = 'rrule: "FREQ=WEEKLY;BYDAY=MO", basis: Completion'


def test_a_rule_that_counts_from_completion_says_the_day_that_the_operator_has_found() -> None:
    # That of Monday the 30th was done early, on Saturday.
    status = '{observedGeneration: 2, nextScheduleTime: "2026-12-06T23:00:00Z"}'
    seen = world(NAMED, status)
    assert plan(c.ShowTask(TARGET), seen).reply.endswith("; next Monday, 7 December 2026.")
    (row,) = rows_of(seen.rules, seen)
    assert row.due_time == "2026-12-06T23:00:00Z"
    skipped = plan(c.SkipOccurrence(TARGET), seen)
    assert patch_of(skipped) == {"except": ["2026-12-07"]}


def test_while_one_is_open_a_rule_that_counts_from_completion_has_no_next_one() -> None:
    status = '{observedGeneration: 2, activeCount: 1, lastScheduleTime: "2026-11-22T23:00:00Z"}'
    seen = world(NAMED, status)
    assert "next" not in plan(c.ShowTask(TARGET), seen).reply
    (row,) = rows_of(seen.rules, seen)
    assert row.due_time is None


def test_a_resumed_rule_says_its_next_time_as_the_status_has_it() -> None:
    status = '{observedGeneration: 2, nextScheduleTime: "2026-12-06T23:00:00Z"}'
    planned = plan(c.StopRule(TARGET, resume=True), world(NAMED + ", suspend: true", status))
    assert planned.reply == "“water” comes back again; first on Monday, 7 December 2026."


def test_a_status_of_an_older_spec_is_not_asked() -> None:
    status = '{observedGeneration: 1, nextScheduleTime: "2027-02-01T00:00:00Z"}'
    seen = world('rrule: "FREQ=WEEKLY;BYDAY=MO"', status)
    assert plan(c.ShowTask(TARGET), seen).reply.endswith("; next Monday, 30 November 2026.")


def test_an_open_one_is_what_is_left_out_of_a_rule_that_counts_from_completion() -> None:
    task = """
---
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata:
  name: r-1
  annotations: {todotasks.dev/scheduled-time: "2026-11-22T23:00:00Z"}
  ownerReferences:
    - {apiVersion: todotasks.dev/v1, kind: RecurrenceRule, name: r, uid: RecurrenceRule/r, controller: true}
spec: {title: water, due: "2026-11-23"}
"""
    status = '{observedGeneration: 2, activeCount: 1, lastScheduleTime: "2026-11-22T23:00:00Z"}'
    planned = plan(c.SkipOccurrence(TARGET), world(NAMED, status, tasks=task))
    assert planned.question is not None
    assert "23 November 2026" in planned.question.text


def test_a_change_after_which_nothing_is_to_come_says_so() -> None:
    """Of a rule that was made three days ago "three times" are over."""
    target = c.Target(names=("recurrencerules/rent",))
    text = "{rrule: FREQ=DAILY, template: {spec: {title: rent}}}"
    world = world_of(f"{{apiVersion: x, kind: RecurrenceRule, metadata: {{name: rent}}, spec: {text}}}")
    remarks = plan(c.ChangeRule(target, c.ScheduleFields(count=3)), world).remarks
    assert "Nothing is to come of “rent” any more." in remarks
    remarks = plan(c.ChangeRule(target, c.ScheduleFields(count=9)), world).remarks
    assert "Nothing is to come of “rent” any more." not in remarks
