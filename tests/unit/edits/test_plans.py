"""What commands come to that no single sentence of the table shows: by type, in small worlds of their own."""

# ruff: noqa: E501 - a table is read along its line

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from tests.unit.edits.worlds import showing, the_world, world_of
from todotasks.api import NotificationChannel, TaskReminder
from todotasks.api.channel import EmailTarget, NotificationChannelSpec
from todotasks.api.meta import Metadata
from todotasks.edits.model import command as c
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import needs, plan

WORLD = the_world()


def named(*names: str) -> c.Target:
    return c.Target(names=names)


def done(command: c.Command, world: World = WORLD, *, confirmed: bool = True) -> dict[str, Any]:
    """The patch of each object, null for a deleted one."""
    planned = plan(command, world, confirmed=confirmed)
    assert planned.problem is None and planned.question is None, planned
    return {e.name: (e.manifest or e.patch or {}).get("spec") for e in planned.edits}


def update(name: str, world: World = WORLD, **changes: Any) -> Plan:
    return plan(c.Update(named(name), c.Changes(**changes)), world, confirmed=True)


# ── a task with a time moves to another day ──────────────────────────────────────────────────────────
def test_a_task_keeps_its_time_of_day_when_it_moves_to_another_day() -> None:
    assert done(c.Update(named("report"), c.Changes(due="2026-03-10"))) == {
        "report": {"due": "2026-03-10T15:00"}
    }
    for name, due in {"dentist-appointment": "2026-03-12T10:00", "buy-milk": "2026-03-12"}.items():
        assert done(c.Update(named(name), c.Changes(due="2026-03-12"))) == {name: {"due": due}}


def test_it_does_so_in_bulk_too() -> None:
    command = c.Update(named("report", "buy-milk", "dentist-appointment"), c.Changes(due="2026-03-12"))
    assert done(command) == {
        "report": {"due": "2026-03-12T15:00"},
        "buy-milk": {"due": "2026-03-12"},
        "dentist-appointment": {"due": "2026-03-12T10:00"},
    }


def test_it_becomes_all_day_only_when_that_is_said() -> None:
    command = c.Update(named("report"), c.Changes(due="2026-03-10", all_day=True))
    assert done(command) == {"report": {"due": "2026-03-10"}}


def test_a_time_with_an_offset_stays_at_its_hour_over_the_change_of_the_clocks() -> None:
    command = c.Update(named("watering-29546400"), c.Changes(due="2026-04-03"))
    assert done(command) == {"watering-29546400": {"due": "2026-04-03T19:00:00+02:00"}}


def test_it_keeps_its_time_in_its_own_zone() -> None:
    tokyo = "{title: call, due: '2026-03-06T09:00', timeZone: Asia/Tokyo}"
    world = world_of(
        f"{{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {{name: call}}, spec: {tokyo}}}"
    )
    assert done(c.Update(named("call"), c.Changes(due="2026-03-10")), world) == {
        "call": {"due": "2026-03-10T09:00"}
    }


@pytest.mark.parametrize(
    ("due", "shift", "moved", "is_said"),
    [
        ("2027-01-31", "1mo", "2027-02-28", True),
        ("2028-02-29T09:00", "1y", "2029-02-28T09:00", True),
        ("2027-03-31", "-1mo", "2027-02-28", True),
        ("2027-01-28", "1mo", "2027-02-28", False),
        ("2027-02-28", "1d", "2027-03-01", False),
        ("2027-05-31", "1mo1d", "2027-07-01", False),
    ],
)
def test_a_day_that_the_other_month_does_not_have_is_its_last_and_that_is_said(
    due: str, shift: str, moved: str, is_said: bool
) -> None:
    text = f"{{apiVersion: x, kind: TodoTask, metadata: {{name: rent}}, spec: {{title: rent, due: '{due}'}}}}"
    planned = plan(c.Update(named("rent"), c.Changes(shift=shift)), world_of(text))
    (edit,) = planned.edits
    assert edit.patch == {"spec": {"due": moved}}
    assert any("That month has no day" in remark for remark in planned.remarks) == is_said


@pytest.mark.parametrize(
    ("due", "zone", "moved"),
    [
        ("{due: '2026-03-06T23:30'}", "Pacific/Auckland", "2026-03-06T20:00"),  # the 7th at 11:30 there
        ("{due: '2026-03-06T00:30', timeZone: Asia/Tokyo}", "Europe/Berlin", "2026-03-05T16:00"),
        (
            "{due: '2026-03-06', timeZone: Asia/Tokyo}",
            "Europe/Berlin",
            "2026-03-06T16:00",
        ),  # a day is that day
        ("{due: '2026-03-06T09:00:00-05:00'}", "Europe/Berlin", "2026-03-06T08:00"),
    ],
)
def test_a_time_of_day_alone_is_of_the_day_that_whoever_says_it_sees(due: str, zone: str, moved: str) -> None:
    spec = due.replace("{", "{title: rent, ", 1)
    text = f"{{apiVersion: x, kind: TodoTask, metadata: {{name: rent}}, spec: {spec}}}"
    planned = plan(c.Update(named("rent"), c.Changes(due="T08:00")), world_of(text, zone=zone))
    (edit,) = planned.edits
    assert edit.patch == {"spec": {"due": moved}}


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────
def channel(**spec: Any) -> NotificationChannel:
    return NotificationChannel(
        Metadata("mail", "home"), NotificationChannelSpec(email=EmailTarget(("a@b.c",)), **spec)
    )


REMINDED = c.CreateTask(c.TaskFields("stove", due="2026-03-04T12:00", reminders=(TaskReminder(before="0s"),)))
DAILY = c.CreateRule(
    c.TaskFields("stove", reminders=(TaskReminder(before="1h"),)), c.ScheduleFields(rrule="FREQ=DAILY")
)


@pytest.mark.parametrize(
    "command", [REMINDED, DAILY, c.Remind(named("report"), (TaskReminder(before="1h"),))]
)
def test_a_reminder_that_no_channel_would_send_is_made_with_a_warning(command: c.Command) -> None:
    assert needs(command).channels
    for channels in ((), (channel(),)):
        remarks = plan(command, replace(WORLD, channels=channels)).remarks
        assert any("no channel of namespace home is the default. Make one" in remark for remark in remarks)
    for fine in ((channel(), channel(default=True)), None):  # None: who may not look is not warned
        assert not any("channel" in remark for remark in plan(command, replace(WORLD, channels=fine)).remarks)


def test_whoever_is_asked_first_hears_that_nobody_would_send_them() -> None:
    command = c.Remind(c.Target(filter=c.Filter(has_due=True)), (TaskReminder(before="1h"),))
    planned = plan(command, replace(WORLD, channels=()))
    assert planned.question is not None
    assert any("no channel of namespace home" in remark for remark in planned.remarks)


def test_a_reminder_with_a_channel_of_its_own_needs_no_default() -> None:
    reminder = TaskReminder(before="0s", channels=("mail",))
    command = c.CreateTask(c.TaskFields("stove", due="2026-03-04T12:00", reminders=(reminder,)))
    assert plan(command, replace(WORLD, channels=())).remarks == ()


DAILY_AT_NINE = """
apiVersion: todotasks.dev/v1
kind: RecurrenceRule
metadata: {name: standup}
spec: {cron: "0 9 * * *", leadTime: 2h, template: {spec: {title: standup}}}
"""


@pytest.mark.parametrize(
    ("before", "lead"),
    [("1d", "1d1h"), ("2h", "3h"), ("30m", None), ("0s", None)],  # 2h ahead is enough for these
)
@pytest.mark.parametrize("by", ["remind", "update"])
def test_a_rule_whose_tasks_get_a_reminder_makes_them_early_enough(
    by: str, before: str, lead: str | None
) -> None:
    reminders = (TaskReminder(before=before),)
    target = named("standup")
    command = (
        c.Remind(target, reminders) if by == "remind" else c.Update(target, c.Changes(reminders=reminders))
    )
    planned = plan(command, world_of(DAILY_AT_NINE))
    (edit,) = planned.edits
    assert edit.patch is not None
    assert edit.patch["spec"]["template"]["spec"]["reminders"] == [{"before": before}]
    assert edit.patch["spec"].get("leadTime") == lead
    assert any("so that its reminders can fire" in remark for remark in planned.remarks) is (lead is not None)


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "Months without a 31st are left out"),
        ("FREQ=MONTHLY;BYDAY=5MO", "Months without a 5th Monday are left out; “on the last Monday of every"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "Years without a 29 February are left out"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "Years without a week 53 are left out"),
        ("FREQ=YEARLY;BYYEARDAY=366", "Years without a 366th day are left out"),
        ("FREQ=MONTHLY;BYDAY=-1MO", ""),
    ],
)
def test_a_schedule_that_some_months_or_years_lack_is_made_with_a_remark(rrule: str, said: str) -> None:
    remarks = plan(c.CreateRule(c.TaskFields("x"), c.ScheduleFields(rrule=rrule)), WORLD).remarks
    assert any(said in remark for remark in remarks) if said else remarks == ()


OVEN = """
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {name: oven}
spec: {title: check the oven, due: "2026-03-04T09:00", reminders: [{before: 0s}]}
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata:
  name: oven-1
  ownerReferences: [{apiVersion: todotasks.dev/v1, kind: TodoTask, name: oven, uid: TodoTask/oven, controller: true}]
spec: {taskRef: {name: oven}, beforeDue: 0s, snoozeUntil: "2026-03-04T11:00:00+01:00"}
"""


def test_a_task_that_is_put_off_and_then_moved_reminds_at_its_new_time() -> None:
    world = world_of(OVEN)
    assert needs(c.Update(named("oven"), c.Changes(due="T10:30"))).reminders
    planned = update("oven", world, due="T10:30")
    assert [(e.resource, e.patch) for e in planned.edits] == [
        ("todotasks", {"spec": {"due": "2026-03-04T10:30"}}),
        ("reminders", {"spec": {"snoozeUntil": None}}),
    ]
    assert planned.remarks == (
        "“check the oven” was put off until Wednesday, 4 March 2026 at 11:00 (Europe/Berlin); its reminders now "
        "count from its new time.",
    )


def test_another_change_leaves_what_was_put_off() -> None:
    assert [e.resource for e in update("oven", world_of(OVEN), priority="High").edits] == ["todotasks"]


def test_what_is_put_off_until_a_day_comes_when_all_day_tasks_remind_there() -> None:
    world = replace(world_of(OVEN), all_day_time=time(7, 30))
    (edit,) = plan(c.Snooze(named("oven"), "2026-03-06"), world).edits
    assert edit.patch == {"spec": {"snoozeUntil": "2026-03-06T07:30:00+01:00"}}
    later = c.Snooze(named("oven"), "2026-03-04")  # today, and that time is over
    assert plan(later, world).problem is not None


def test_a_reminder_on_a_day_comes_when_all_day_tasks_remind_there() -> None:
    fields = c.TaskFields("stove", due="2026-03-08", reminders=(TaskReminder(at="2026-03-06"),))
    (edit,) = plan(c.CreateTask(fields), replace(WORLD, all_day_time=time(7, 30))).edits
    assert edit.manifest is not None
    assert edit.manifest["spec"]["reminders"] == [{"at": "2026-03-06T07:30"}]


@pytest.mark.parametrize("until", ["2026-10-25T02:30", "2026-10-25T02:30:00+01:00", "2026-10-25"])
def test_putting_off_until_the_same_time_again_changes_nothing_even_in_the_hour_that_comes_twice(
    until: str,
) -> None:
    first = plan(c.Snooze(named("oven"), until), world_of(OVEN))
    (edit,) = first.edits
    assert edit.patch is not None
    then = edit.patch["spec"]["snoozeUntil"]
    again = plan(c.Snooze(named("oven"), until), world_of(OVEN.replace("2026-03-04T11:00:00+01:00", then)))
    assert again.edits == ()


@pytest.mark.parametrize("at", ["2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00"])
def test_a_reminder_at_the_very_due_time_counts_from_it_even_in_the_hour_that_comes_twice(at: str) -> None:
    fields = c.TaskFields("stove", due="2026-10-25T02:30", reminders=(TaskReminder(at=at),))
    (edit,) = plan(c.CreateTask(fields), WORLD).edits
    assert edit.manifest is not None
    assert edit.manifest["spec"]["reminders"] == [{"before": "0s"}]


CANCEL = c.Update(c.Target(reference="it"), c.Changes(clear=("reminders",)))


def test_cancel_the_reminder_out_of_the_blue_means_the_one_task_that_has_one() -> None:
    assert done(CANCEL, world_of(OVEN)) == {"oven": {"reminders": None}}


def test_cancel_the_reminder_asks_which_where_several_have_one() -> None:
    two = world_of(OVEN + "---\n" + OVEN.replace("oven", "pie"))
    planned = plan(CANCEL, two)
    assert planned.question is not None and planned.question.kind == "choice"
    assert {row.name for row in planned.question.rows} == {"oven", "pie"}


def test_cancel_the_reminder_where_there_is_none_deletes_nothing() -> None:
    planned = plan(
        CANCEL,
        world_of("{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: a}, spec: {title: a}}"),
    )
    assert planned.edits == () and planned.problem is not None and planned.problem.reason == "NotFound"


def test_a_reminder_that_somebody_made_by_itself_goes_too_after_a_question() -> None:
    world = world_of(OVEN + """
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata: {name: nag}
spec: {taskRef: {name: oven}, at: "2026-03-04T11:00", repeatEvery: 15m, maxRepeats: 4}
""")  # fmt: skip
    assert plan(CANCEL, world).question is not None
    assert done(CANCEL, world) == {"oven": {"reminders": None}, "nag": None}


# ── deletes ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["report", "watering-29546400", "old-thing", "weekly-report"])
def test_a_delete_always_asks(name: str) -> None:
    planned = plan(c.Delete(named(name)), WORLD)
    assert planned.edits == () and planned.question is not None and planned.question.kind == "confirm"
    assert [(e.verb, e.name) for e in plan(c.Delete(named(name)), WORLD, confirmed=True).edits] == [
        ("delete", name)
    ]


# ── this one, or all of them ─────────────────────────────────────────────────────────────────────────
def test_all_of_them_is_the_rule_and_this_one_the_task() -> None:
    target = named("watering-29546400")
    assert list(done(c.Delete(target, scope="all"))) == ["watering"]
    assert list(done(c.Delete(target, scope="this"))) == ["watering-29546400"]
    high = c.Changes(priority="High")
    assert done(c.Update(target, high, scope="all")) == {
        "watering": {"template": {"spec": {"priority": "High"}}}
    }
    rule = named("recurrencerules/watering")
    assert done(c.Update(rule, high, scope="this")) == {"watering-29546400": {"priority": "High"}}
    refused = plan(c.Delete(named("report"), scope="all"), WORLD)
    assert refused.problem is not None and refused.problem.reason == "NotFound"


# ── dependencies ─────────────────────────────────────────────────────────────────────────────────────
CHAIN = """
{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: van}, spec: {title: rent the van, dependsOn: [license, gone]}}
---
{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: license}, spec: {title: find the license}}
---
{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: part}, spec: {title: compare prices, parent: van}}
---
{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: flights}, spec: {title: book flights}}
---
{apiVersion: todotasks.dev/v1, kind: TodoTask, metadata: {name: passport}, spec: {title: renew the passport, dependsOn: [van]}}
"""


def test_a_task_is_made_to_wait_for_another_and_no_longer() -> None:
    world = world_of(CHAIN)
    planned = update("flights", world, depends_on=c.Target(title="passport"))
    assert [e.patch for e in planned.edits] == [{"spec": {"dependsOn": ["passport"]}}]
    assert planned.reply == "Changed “book flights”: waits for “renew the passport”."
    free = update("van", world, independent_of=c.Target(title="license"))
    assert [e.patch for e in free.edits] == [{"spec": {"dependsOn": ["gone"]}}]
    same = update("van", world, depends_on=c.Target(title="license"))
    assert same.edits == ()


@pytest.mark.parametrize(("name", "other"), [("license", "passport"), ("van", "passport"), ("van", "van")])
def test_a_circle_of_dependencies_is_refused_with_its_reason(name: str, other: str) -> None:
    refused = update(name, world_of(CHAIN), depends_on=named(other))
    assert refused.edits == ()
    assert refused.problem is not None and refused.problem.field == "spec.dependsOn"


def test_what_blocks_a_task_is_what_it_waits_for_and_its_open_parts() -> None:
    world = world_of(CHAIN)
    planned = plan(c.Blockers(named("van")), world)
    assert planned.listing is not None
    assert {row.name for row in planned.listing.rows} == {"license", "part"}
    assert planned.reply == "“rent the van” waits for “find the license” and “compare prices”."
    assert planned.remarks == ("“rent the van” also waits for “gone”, which is not there any more.",)
    free = plan(c.Blockers(named("flights")), world)
    assert (free.reply, free.listing) == ("Nothing has to be done before “book flights”.", None)


def test_a_shown_task_says_for_what_it_still_waits() -> None:
    world = world_of(CHAIN.replace("title: find the license", "title: find the license, completed: true"))
    assert "waits for “rent the van”" in plan(c.ShowTask(named("passport")), world).reply
    assert "waits for “gone”" in plan(c.ShowTask(named("van")), world).reply
    assert "license" not in plan(c.ShowTask(named("van")), world).reply


def test_a_task_waits_for_nothing_any_more() -> None:
    planned = update("van", world_of(CHAIN), clear=("dependsOn",))
    assert [e.patch for e in planned.edits] == [{"spec": {"dependsOn": None}}]
    assert planned.reply == "Changed “rent the van”: waits for nothing."


# ── times that hang on another task ──────────────────────────────────────────────────────────────────
def test_a_task_is_due_so_long_before_another() -> None:
    task = c.TaskFields(
        "call Bob", relative=c.Relative(named("report"), "-15m"), reminders=(TaskReminder(before="0s"),)
    )
    planned = plan(c.CreateTask(task), WORLD)
    (edit,) = planned.edits
    assert edit.manifest is not None
    assert edit.manifest["spec"] == {
        "title": "call Bob",
        "due": "2026-03-06T14:45",
        "reminders": [{"before": "0s"}],
    }
    assert planned.remarks == ("It is due 15m before “report”, and does not move with it.",)


@pytest.mark.parametrize("title", ["taxes", "call Anna", "unicorn"])
def test_a_task_without_a_due_or_several_are_nothing_to_count_from(title: str) -> None:
    task = c.TaskFields("call Bob", relative=c.Relative(c.Target(title=title), "-15m"))
    planned = plan(c.CreateTask(task), WORLD)
    assert planned.edits == () and planned.problem is not None


# ── tags ─────────────────────────────────────────────────────────────────────────────────────────────
def test_tags_are_swapped_and_cleared() -> None:
    assert done(c.Update(named("report"), c.Changes(add_tags=("trip",), remove_tags=("work",)))) == {
        "report": {"tags": ["trip"]}
    }
    for changes in (c.Changes(clear=("tags",)), c.Changes(remove_tags=("*",))):
        assert done(c.Update(named("report"), changes)) == {"report": {"tags": None}}
    assert done(c.Update(named("report"), c.Changes(add_tags=("trip",), remove_tags=("*",)))) == {
        "report": {"tags": ["trip"]}
    }


def test_any_of_several_tags_is_a_filter() -> None:
    planned = plan(c.ListTasks(c.Filter(any_tags=("work", "shopping"))), WORLD)
    assert planned.listing is not None
    assert {row.name for row in planned.listing.rows} == {"report", "buy-milk"}
    assert planned.reply == "2 open tasks tagged #work or #shopping."


# ── pause until ──────────────────────────────────────────────────────────────────────────────────────
def test_a_pause_until_a_day_leaves_out_the_days_before_it() -> None:
    planned = plan(c.StopRule(named("recurrencerules/weekly-report"), until="2026-04-01"), WORLD)
    (edit,) = planned.edits
    assert edit.patch == {"spec": {"except": ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]}}
    assert planned.reply == (
        "“weekly report” is paused until Wednesday, 1 April 2026: 4 days are left out; next on Monday, 6 April "
        "2026 at 09:00 (Europe/Berlin)."
    )


TWO_REMINDERS = """
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {name: oven}
spec: {title: check the oven, due: "2026-03-04T09:30", reminders: [{before: 1d}, {before: 1h}]}
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata: {name: oven-day}
spec: {taskRef: {name: oven}, beforeDue: 1d}
status: {observedGeneration: 1, DAY}
---
apiVersion: todotasks.dev/v1
kind: Reminder
metadata: {name: oven-hour}
spec: {taskRef: {name: oven}, beforeDue: 1h}
status: {observedGeneration: 1, HOUR}
"""


@pytest.mark.parametrize(
    ("day", "hour", "put_off"),
    [
        # Both have come: once more is once, the one that came last.
        ('firedAt: "2026-03-03T08:30:00Z"', 'firedAt: "2026-03-04T07:30:00Z"', {"oven-hour"}),
        ('firedAt: "2026-03-04T08:30:00Z"', 'firedAt: "2026-03-04T07:30:00Z"', {"oven-day"}),
        # One has come, and the other one would before then: that one.
        ('firedAt: "2026-03-03T08:30:00Z"', 'fireTime: "2026-03-04T09:30:00Z"', {"oven-hour"}),
        # … or comes later: the first once more.
        ('firedAt: "2026-03-03T08:30:00Z"', 'fireTime: "2026-03-04T19:30:00Z"', {"oven-day"}),
        ('fireTime: "2026-03-04T09:10:00Z"', 'fireTime: "2026-03-04T09:30:00Z"', {"oven-day", "oven-hour"}),
        # One was over before it was made.
        ('leftOutAt: "2026-03-03T08:30:00Z"', 'firedAt: "2026-03-04T07:30:00Z"', {"oven-hour"}),
    ],
)
def test_of_several_reminders_one_comes_once_more(day: str, hour: str, put_off: set[str]) -> None:
    world = world_of(TWO_REMINDERS.replace("DAY", day).replace("HOUR", hour))
    edits = plan(c.Snooze(named("oven"), by="1h"), world).edits
    assert {edit.name for edit in edits} == put_off
    assert all(edit.patch == {"spec": {"snoozeUntil": "2026-03-04T11:00:00+01:00"}} for edit in edits)


def test_a_pause_until_a_day_that_reads_like_a_snooze_is_one_where_nothing_is_open() -> None:
    planned = plan(c.Snooze(named("recurrencerules/weekly-report"), until="2026-04-01"), WORLD)
    (edit,) = planned.edits
    assert edit.patch == {"spec": {"except": ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]}}
    # Every three days from the 3rd, that of the 6th is open: put off until the 8th it is the task, until the
    # 1st of April its rule.
    for target in (named("recurrencerules/watering"), named("watering-29546400")):
        soon = plan(c.Snooze(target, until="2026-03-08"), WORLD)
        assert [e.name for e in soon.edits] == ["watering-29546400"]
        (later,) = plan(c.Snooze(target, until="2026-04-01"), WORLD).edits
        assert (later.name, later.resource) == ("watering", "recurrencerules")


def test_a_pause_until_a_day_that_is_over_or_far_away_is_refused() -> None:
    past = plan(c.StopRule(named("recurrencerules/weekly-report"), until="2026-03-01"), WORLD)
    assert past.problem is not None and past.problem.field == "spec.except"
    daily = c.StopRule(named("r"), until="2030-01-01")
    world = world_of(
        "{apiVersion: todotasks.dev/v1, kind: RecurrenceRule, metadata: {name: r},"
        " spec: {rrule: FREQ=DAILY, template: {spec: {title: water}}}}"
    )
    far = plan(daily, world)
    assert far.problem is not None and far.problem.reason == "TooMany"


IT = c.Target(reference="it")


@pytest.mark.parametrize("command", [c.SkipOccurrence(IT), c.StopRule(IT)])
def test_it_is_the_one_that_comes_back_where_only_such_a_one_can_be_meant(command: c.Command) -> None:
    listed = showing(WORLD, "report", "buy-milk", "weekly-report", "taxes")
    assert [e.name for e in plan(command, listed, confirmed=True).edits] == ["weekly-report"]
    several = plan(command, showing(WORLD, "report", "weekly-report", "watering"), confirmed=True)
    assert several.question is not None
    assert {row.name for row in several.question.rows} == {"weekly-report", "watering"}
    only = replace(WORLD, rules=tuple(rule for rule in WORLD.rules if rule.metadata.name == "weekly-report"))
    assert [e.name for e in plan(command, only, confirmed=True).edits] == ["weekly-report"]
    assert plan(command, WORLD, confirmed=True).problem is not None, "three come back, and none was shown"


# ── from once to again and again ─────────────────────────────────────────────────────────────────────
def test_a_task_with_a_due_stays_and_its_rule_goes_on_from_there() -> None:
    command = c.ChangeRule(named("report"), c.ScheduleFields(rrule="FREQ=WEEKLY"))
    planned = plan(command, WORLD)
    (edit,) = planned.edits
    assert edit.manifest is not None
    assert edit.manifest["spec"] == {
        "rrule": "FREQ=WEEKLY",
        "start": "2026-03-13T15:00",
        "template": {"spec": {"title": "report", "priority": "High", "tags": ["work"]}},
    }
    assert planned.reply == (
        "“report” comes back every Friday at 15:00, Europe/Berlin: this one stays, the next is on Friday, 13 March "
        "2026 at 15:00 (Europe/Berlin)."
    )


def test_a_time_of_day_that_is_said_is_that_of_all_to_come() -> None:
    command = c.ChangeRule(
        named("report"), c.ScheduleFields(rrule="FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0")
    )
    (edit,) = plan(command, WORLD).edits
    assert edit.manifest is not None
    spec = edit.manifest["spec"]
    assert (spec["rrule"], spec["start"]) == ("FREQ=WEEKLY;BYDAY=MO", "2026-03-09T09:00")


def test_a_task_without_a_due_becomes_the_first_one() -> None:
    command = c.ChangeRule(named("taxes"), c.ScheduleFields(rrule="FREQ=MONTHLY;BYMONTHDAY=15"))
    rule, task = plan(command, WORLD).edits
    assert rule.manifest is not None and rule.resource == "recurrencerules"
    assert rule.manifest["spec"] == {
        "rrule": "FREQ=MONTHLY;BYMONTHDAY=15",
        "start": "2026-04-15",
        "template": {"spec": {"title": "taxes", "project": "money"}},
    }
    assert (task.name, task.patch) == ("taxes", {"spec": {"due": "2026-03-15"}})


def test_a_task_of_that_very_title_is_meant_before_a_rule_that_has_its_words() -> None:
    weekly = c.ScheduleFields(rrule="FREQ=WEEKLY")
    (edit,) = plan(c.ChangeRule(c.Target(title="report"), weekly), WORLD).edits
    assert (edit.verb, edit.resource, edit.title) == ("create", "recurrencerules", "report")
    biweekly = c.ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2")
    for title in ("weekly report", "the weekly report"):
        (edit,) = plan(c.ChangeRule(c.Target(title=title), biweekly), WORLD).edits
        assert (edit.verb, edit.name) == ("patch", "weekly-report")


def test_what_comes_back_already_is_changed_and_not_made_twice() -> None:
    command = c.ChangeRule(named("watering-29546400"), c.ScheduleFields(rrule="FREQ=DAILY;INTERVAL=2"))
    assert list(done(command)) == ["watering"]


# ── priority ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("step", "expected"), [(1, "Urgent"), (-1, "Medium")])
def test_a_priority_goes_up_and_down_by_a_step(step: int, expected: str) -> None:
    assert done(c.Update(named("report"), c.Changes(priority_step=step))) == {
        "report": {"priority": expected}
    }  # type: ignore[arg-type]
