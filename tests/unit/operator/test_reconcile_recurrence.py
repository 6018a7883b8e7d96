"""The decision about a RecurrenceRule, as sentences. State in, plan out; nothing is patched."""

import dataclasses
import time
from datetime import time as time_of_day
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.unit.operator.build import NOW, hours, minutes
from tests.unit.operator.build_rules import (
    a_rule,
    after,
    an_occurrence,
    at,
    complete,
    edited,
    events,
    made,
    message,
    observed,
    run,
    settled,
    told,
    told_events,
)
from todo_operator.loop.emitted_events import rule_event
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.rule.checks import ObservedRule
from todo_operator.reconcile.rule.decide import reconcile
from todo_operator.reconcile.rule.facts import read_rule_facts
from todo_operator.reconcile.rule.occurrence_task import LABEL_RULE
from todotasks.api import RecurrenceRuleStatus, find_condition

DAYS = timedelta(days=1)
SEEN_TODAY = settled(a_rule(), at("11-22T09:00"), at("11-21T09:00"), occurrences=5)


class TestFirstVisit:
    def test_a_new_rule_is_ready_and_says_what_it_means_and_when_it_is_next(self):
        plan = reconcile(observed(a_rule(created=NOW)), NOW)
        assert told(plan, "Ready") == "True Scheduled"
        assert message(plan, "Ready") == "Every day at 09:00, UTC; next at 2026-11-22T09:00:00+00:00."
        assert told(plan, "Suspended") == "False Running"
        assert told(plan, "Exhausted") == "False OccurrencesAhead"
        assert told(plan, "Stalled") == "absent"
        assert plan.status.next_schedule_time == plan.requeue_at == at("11-22T09:00")

    def test_what_lies_before_its_creation_is_not_made(self):
        assert made(reconcile(observed(a_rule(created=at("11-21T09:00"))), NOW)) == []

    def test_nor_what_lies_between_a_start_long_ago_and_its_creation(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY", start="2020-01-01T09:00", missedPolicy="All")
        assert made(reconcile(observed(rule), NOW)) == []

    @pytest.mark.parametrize("policy", ["Latest", "All", "Skip"])
    @pytest.mark.parametrize(
        "start",
        [
            "2026-11-21T12:00:00Z",
            "2026-11-21T12:00:00.9Z",  # occurrences fall on whole seconds
            "2026-11-21T12:00:00",  # wall-clock time
        ],
    )
    def test_a_start_in_the_second_of_its_creation_is_the_first_occurrence(self, start, policy):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY", start=start, missedPolicy=policy)
        plan = reconcile(observed(rule), NOW + timedelta(milliseconds=300))
        assert made(plan) == ["11-21T12:00"]
        assert plan.status.next_schedule_time == at("11-22T12:00")

    def test_a_start_in_the_second_before_is_not(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY", start="2026-11-21T11:59:59Z")
        assert made(reconcile(observed(rule), NOW)) == []

    def test_an_occurrence_in_the_second_of_its_creation_that_is_not_the_start_is_not_made(self):
        assert made(reconcile(observed(a_rule(created=NOW, cron="0 12 * * *")), NOW)) == []

    @pytest.mark.parametrize(
        "spec",
        [
            {"cron": "0 9 * * *", "count": 2},
            {"rrule": "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;COUNT=2"},
            {"rrule": "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "count": 2},
            {"simple": {"frequency": "Daily", "time": "09:00"}, "count": 2},
        ],
    )
    def test_what_was_over_on_the_day_of_its_creation_is_not_counted(self, spec):
        seen, times = observed(a_rule(created=NOW, **spec)), []
        for now in (NOW, at("11-22T09:00"), at("11-23T09:00"), at("11-24T09:00")):
            plan = reconcile(seen, now)
            times += made(plan)
            seen = after(seen, plan)
        assert times == ["11-22T09:00", "11-23T09:00"]
        assert find_condition(seen.rule.status.conditions, "Exhausted").status == "True"

    def test_its_intervals_go_from_the_day_of_its_creation_all_the_same(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY;INTERVAL=2;BYHOUR=9;BYMINUTE=0")
        assert reconcile(observed(rule), NOW).requeue_at == at("11-23T09:00")

    def test_an_all_day_rule_counts_the_day_on_which_it_was_created(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY", count=1)
        plan = reconcile(observed(rule), NOW)
        assert made(plan) == ["11-21T00:00"]
        assert told(plan, "Exhausted") == "True Exhausted"

    def test_an_all_day_rule_makes_the_task_of_the_day_on_which_it_was_created(self):
        rule = a_rule(created=NOW - minutes(1), rrule="FREQ=DAILY", missedPolicy="Skip")
        plan = reconcile(observed(rule), NOW)
        assert made(plan) == ["11-21T00:00"]
        assert plan.creates[0].body["spec"]["due"] == "2026-11-21"

    def test_with_a_lead_time_all_that_lie_within_it_are_made_at_once(self):
        rule = a_rule(created=NOW, leadTime="3d")
        plan = reconcile(observed(rule), NOW)
        assert made(plan) == ["11-22T09:00", "11-23T09:00", "11-24T09:00"]
        assert plan.requeue_at == at("11-22T09:00")
        assert plan.status.next_schedule_time == at("11-25T09:00")

    def test_a_rule_that_is_being_deleted_is_left_alone(self):
        assert reconcile(observed(a_rule(deleting=True)), NOW) == Plan()


class TestAnOccurrence:
    def test_is_a_task_of_the_template_with_name_owner_labels_and_due(self):
        template = {
            "metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
            "spec": {"title": "Pay rent", "priority": "High", "reminders": [{"before": "1h"}]},
        }
        rule = a_rule(template=template, timeZone="Europe/Berlin")
        rule = settled(rule, at("11-21T08:00"))
        [create] = reconcile(observed(rule), NOW).creates
        assert create.body["metadata"] == {
            "name": "rent-29920800",
            "namespace": "home",
            "labels": {"a": "b", LABEL_RULE: "rent"},
            "annotations": {"c": "d", "todotasks.dev/scheduled-time": "2026-11-21T08:00:00Z"},
            "ownerReferences": [
                {
                    "apiVersion": "todotasks.dev/v1",
                    "kind": "RecurrenceRule",
                    "name": "rent",
                    "uid": rule.uid,
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        }
        assert create.body["spec"] == {
            "title": "Pay rent",
            "priority": "High",
            "reminders": ({"before": "1h"},),
            "due": "2026-11-21T09:00:00+01:00",
            "timeZone": "Europe/Berlin",
        }

    def test_has_its_parts_open_and_as_important_as_itself(self):
        template = {
            "spec": {"title": "Clean", "priority": "High", "project": "home"},
            "subtasks": [{"title": "Kitchen"}, {"title": "Bath", "priority": "Low"}],
        }
        [create] = reconcile(observed(settled(a_rule(template=template), at("11-21T09:00"))), NOW).creates
        assert [part["metadata"]["name"] for part in create.parts] == ["rent-29920860-0", "rent-29920860-1"]
        assert [part["spec"] for part in create.parts] == [
            {"title": "Kitchen", "parent": "rent-29920860", "priority": "High", "project": "home"},
            {"title": "Bath", "parent": "rent-29920860", "priority": "Low", "project": "home"},
        ]

    def test_keeps_its_time_of_day_when_the_clocks_change(self):
        rule = a_rule(created=at("10-24T00:00"), cron="0 9 * * *", timeZone="Europe/Berlin")
        _, all_made = run(observed(rule), at("10-24T00:00"), at("10-26T12:00"))
        assert all_made == ["10-24T07:00", "10-25T08:00", "10-26T08:00"]

    def test_two_in_one_minute_are_one_for_the_name_has_minutes(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY;BYHOUR=13;BYMINUTE=0;BYSECOND=0,30")
        _, all_made = run(observed(rule), NOW, NOW + DAYS)
        assert all_made == ["11-21T13:00"]

    def test_is_told_with_the_name_of_its_task(self):
        [event] = events(reconcile(observed(settled(a_rule(), at("11-21T09:00"))), NOW))
        event = dataclasses.replace(event, task_uid="made")
        data = msgspec.json.decode(msgspec.json.encode(rule_event(event, NOW).data))
        assert data["task"] == {"namespace": "home", "name": "rent-29920860", "uid": "made"}
        assert data["scheduledTime"] == "2026-11-21T09:00:00Z"


class TestMissed:
    """Down since the 18th; it is the 21st, three hours after the last one."""

    @pytest.mark.parametrize(
        ("spec", "expected", "told_of"),
        [
            ({"missedPolicy": "Latest"}, ["11-21T09:00"], ["missed 3 OnlyLatest", "scheduled"]),
            (
                {"missedPolicy": "All"},
                ["11-18T09:00", "11-19T09:00", "11-20T09:00", "11-21T09:00"],
                ["scheduled"] * 4,
            ),
            ({"missedPolicy": "Skip"}, [], ["missed 4 Skipped"]),
            ({"startingDeadlineSeconds": 3600}, [], ["missed 4 DeadlineExceeded"]),
            (
                {"startingDeadlineSeconds": 4 * 3600},
                ["11-21T09:00"],
                ["missed 3 DeadlineExceeded", "scheduled"],
            ),
            (
                {"missedPolicy": "All", "startingDeadlineSeconds": 100_000},
                ["11-20T09:00", "11-21T09:00"],
                ["missed 2 DeadlineExceeded", "scheduled", "scheduled"],
            ),
        ],
    )
    def test_after_downtime_the_policy_decides(self, spec, expected, told_of):
        plan = reconcile(observed(settled(a_rule(**spec), at("11-18T09:00"))), NOW)
        assert made(plan) == expected
        assert told_events(plan) == told_of
        assert plan.status.next_schedule_time == at("11-22T09:00")
        assert plan.status.occurrences == len(expected)

    def test_all_is_bounded_by_the_newest_hundred_and_a_warning(self):
        rule = settled(a_rule(cron="*/10 * * * *", missedPolicy="All"), NOW - 10 * DAYS)
        plan = reconcile(observed(rule), NOW)
        assert len(plan.creates) == 100
        assert made(plan)[-1] == "11-21T12:00"
        assert told_events(plan)[0] == "missed 1000 TooMany"
        assert events(plan)[0].message.startswith("at least 1000 not made")

    def test_skip_makes_what_is_on_time_and_a_minute_of_delay_is(self):
        rule = settled(a_rule(cron="0 12 * * *", missedPolicy="Skip"), NOW)
        assert made(reconcile(observed(rule), NOW + minutes(1))) == ["11-21T12:00"]
        assert made(reconcile(observed(rule), NOW + minutes(6))) == []

    def test_an_all_day_task_is_not_late_while_its_day_lasts(self):
        rule = settled(a_rule(rrule="FREQ=DAILY", missedPolicy="Skip"), at("11-20T00:00"))
        plan = reconcile(observed(rule), NOW)
        assert made(plan) == ["11-21T00:00"]
        assert told_events(plan) == ["missed 1 Skipped", "scheduled"]

    def test_what_was_missed_is_told_once(self):
        seen = observed(settled(a_rule(missedPolicy="Skip"), at("11-18T09:00")))
        again = reconcile(after(seen, reconcile(seen, NOW)), NOW + minutes(1))
        assert (again.emits, again.status) == ((), None)


class TestConcurrency:
    open_ = an_occurrence(at("11-20T09:00"))
    seen = settled(a_rule(), at("11-21T09:00"), at("11-20T09:00"))

    def due(self, *occurrences, **spec):
        rule = msgspec.structs.replace(self.seen, spec=a_rule(**spec).spec)
        return reconcile(observed(rule, *occurrences), NOW)

    def test_allow_makes_the_next_one_beside_the_open_one(self):
        plan = self.due(self.open_)
        assert made(plan) == ["11-21T09:00"]
        assert [a.name for a in plan.status.active] == [self.open_.name, "rent-29920860"]
        assert plan.status.active_count == 2

    def test_forbid_leaves_it_out_and_says_so(self):
        plan = self.due(self.open_, concurrencyPolicy="Forbid")
        assert (made(plan), told_events(plan)) == ([], ["skipped EarlierOpen"])
        assert plan.status.next_schedule_time == at("11-22T09:00")

    def test_forbid_makes_it_when_the_earlier_one_is_done_or_gone(self):
        done = an_occurrence(at("11-20T09:00"), done=at("11-20T10:00"))
        assert made(self.due(done, concurrencyPolicy="Forbid")) == ["11-21T09:00"]
        assert made(self.due(concurrencyPolicy="Forbid")) == ["11-21T09:00"]

    def test_what_forbid_has_left_out_does_not_come_later(self):
        seen = observed(self.seen, self.open_)
        seen = observed(
            msgspec.structs.replace(seen.rule, spec=a_rule(concurrencyPolicy="Forbid").spec), self.open_
        )
        seen = complete(after(seen, reconcile(seen, NOW)), NOW + minutes(1))
        assert made(reconcile(seen, NOW + minutes(2))) == []

    def test_replace_deletes_the_open_one_after_the_new_one_is_there(self):
        plan = self.due(self.open_, concurrencyPolicy="Replace")
        assert made(plan) == ["11-21T09:00"]
        assert [prune.key.name for prune in plan.prunes] == [self.open_.name]
        assert [a.name for a in plan.status.active] == ["rent-29920860"]

    def test_replace_leaves_completed_ones_alone(self):
        done = an_occurrence(at("11-20T09:00"), done=at("11-20T10:00"))
        assert self.due(done, concurrencyPolicy="Replace").prunes == ()

    def test_replace_makes_only_the_last_of_many(self):
        rule = a_rule(concurrencyPolicy="Replace", missedPolicy="All")
        plan = reconcile(observed(settled(rule, at("11-19T09:00"))), NOW)
        assert made(plan) == ["11-21T09:00"]
        assert told_events(plan) == ["skipped Replaced", "skipped Replaced", "scheduled"]


class TestCrashes:
    """Between the creation and the status: the task is there, the status knows nothing of it."""

    seen = settled(a_rule(), at("11-21T09:00"), at("11-20T09:00"), occurrences=3)
    there = an_occurrence(at("11-21T09:00"))

    @pytest.mark.parametrize("policy", ["Allow", "Forbid", "Replace"])
    @pytest.mark.parametrize("done", [None, NOW])
    def test_it_is_made_again_under_the_same_name_and_counted_once(self, policy, done):
        rule = msgspec.structs.replace(self.seen, spec=a_rule(concurrencyPolicy=policy).spec)
        plan = reconcile(
            observed(rule, self.there._replace(completed=done is not None, completed_at=done)), NOW
        )
        assert [create.key.name for create in plan.creates] == [self.there.name]
        assert plan.prunes == ()
        assert plan.status.occurrences == 4
        assert plan.status.active_count == (1 if done is None else 0)

    def test_a_task_that_was_deleted_by_somebody_does_not_come_back(self):
        assert made(reconcile(observed(SEEN_TODAY), NOW)) == []

    def test_a_clock_that_is_set_back_makes_nothing_twice(self):
        for back in (hours(4), 3 * DAYS, 400 * DAYS):
            plan = reconcile(observed(SEEN_TODAY), NOW - back)
            assert made(plan) == []
            assert plan.requeue_at == at("11-22T09:00")

    def test_nor_does_an_edit_while_it_is_set_back(self):
        plan = reconcile(edited(observed(SEEN_TODAY), cron="0 * * * *"), NOW - 2 * DAYS)
        assert made(plan) == []
        assert plan.status.next_schedule_time == at("11-21T10:00")


class TestNames:
    def test_a_name_taken_by_somebody_elses_task_stalls_and_says_how_to_mend_it(self):
        seen = observed(settled(a_rule(), at("11-21T09:00")), taken=frozenset({"rent-29920860"}))
        plan = reconcile(seen, NOW)
        assert made(plan) == []
        assert told(plan, "Ready") == "False NameTaken"
        assert "kubectl delete todotask rent-29920860" in message(plan, "Stalled")
        assert plan.status.next_schedule_time == at("11-21T09:00")
        assert plan.requeue_at == at("11-22T09:00")
        assert reconcile(after(seen, plan), NOW + minutes(1)).status is None

    def test_it_is_made_once_the_name_is_free(self):
        seen = observed(settled(a_rule(), at("11-21T09:00")), taken=frozenset({"rent-29920860"}))
        seen = after(seen, reconcile(seen, NOW))
        plan = reconcile(observed(seen.rule), NOW + hours(1))
        assert made(plan) == ["11-21T09:00"]
        assert told(plan, "Stalled") == "absent"

    def test_the_next_one_is_made_though_the_last_one_could_not(self):
        seen = observed(settled(a_rule(), at("11-21T09:00")), taken=frozenset({"rent-29920860"}))
        seen = after(seen, reconcile(seen, NOW))
        plan = reconcile(seen, at("11-22T09:00"))
        assert made(plan) == ["11-22T09:00"]
        assert told(plan, "Ready") == "True Scheduled"


class TestSuspension:
    def test_nothing_is_made_and_the_rule_is_ready(self):
        plan = reconcile(observed(settled(a_rule(suspend=True), at("11-21T09:00"))), NOW)
        assert (made(plan), plan.requeue_at) == ([], None)
        assert told(plan, "Ready") == told(plan, "Suspended") == "True Suspended"

    def test_what_would_have_been_meanwhile_is_missed(self):
        suspended = observed(settled(a_rule(suspend=True), at("11-19T09:00")))
        suspended = after(suspended, reconcile(suspended, at("11-19T08:00")))
        plan = reconcile(edited(suspended), NOW)
        assert made(plan) == ["11-21T09:00"]
        assert told_events(plan) == ["missed 2 OnlyLatest", "scheduled"]

    def test_a_pause_between_two_occurrences_changes_nothing(self):
        suspended = edited(observed(SEEN_TODAY), suspend=True)
        suspended = after(suspended, reconcile(suspended, NOW))
        plan = reconcile(edited(suspended), NOW + hours(1))
        assert made(plan) == []
        assert plan.status.next_schedule_time == at("11-22T09:00")


class TestTheEnd:
    def test_after_the_last_by_count_it_is_exhausted_and_tells_it_after_the_last_task(self):
        rule = a_rule(created=at("11-20T00:00"), rrule="FREQ=DAILY", start="2026-11-20T09:00", count=2)
        seen, all_made = run(observed(rule), at("11-20T00:00"), NOW)
        assert all_made == ["11-20T09:00", "11-21T09:00"]
        assert seen.rule.status.next_schedule_time is None
        plan = reconcile(edited(seen, rrule="FREQ=DAILY", start="2026-11-20T09:00", count=2), NOW)
        assert told(plan, "Exhausted") == "True Exhausted"
        assert told_events(plan) == ["exhausted 2"]

    def test_the_last_task_and_the_exhaustion_are_told_in_this_order_and_once(self):
        rule = settled(a_rule(until="2026-11-21"), at("11-21T09:00"))
        seen = observed(rule)
        plan = reconcile(seen, NOW)
        assert told_events(plan) == ["scheduled", "exhausted 1"]
        assert told(plan, "Ready") == told(plan, "Exhausted") == "True Exhausted"
        assert plan.requeue_at is None
        assert reconcile(after(seen, plan), NOW + DAYS) == Plan()

    def test_the_last_one_left_out_within_the_lead_time_is_told_once_and_stays_left_out(self):
        rule = a_rule(
            created=NOW,
            rrule="FREQ=DAILY",
            start="2026-11-22T09:00",
            count=2,
            leadTime="3d",
            concurrencyPolicy="Forbid",
        )
        seen = observed(rule)
        plan = reconcile(seen, NOW)
        assert (made(plan), len(plan.emits)) == (["11-22T09:00"], 1)
        seen = complete(after(seen, plan), NOW + minutes(1))
        again = reconcile(seen, NOW + minutes(2))
        assert (again.emits, again.creates) == ((), ())

    def test_a_later_until_gives_it_occurrences_again_from_now_on(self):
        seen = observed(settled(a_rule(until="2026-11-10"), at("11-10T09:00")))
        seen = after(seen, reconcile(seen, at("11-10T09:00")))
        plan = reconcile(edited(seen, until="2026-12-01", missedPolicy="All"), NOW)
        assert made(plan) == []
        assert plan.status.next_schedule_time == at("11-22T09:00")
        assert told(plan, "Exhausted") == "False OccurrencesAhead"

    def test_excepted_days_are_left_out(self):
        rule = a_rule(created=at("11-19T00:00"), **{"except": ["2026-11-20"]})
        assert run(observed(rule), at("11-19T00:00"), NOW)[1] == ["11-19T09:00", "11-21T09:00"]


class TestEdits:
    def test_open_occurrences_stay_as_they_are(self):
        open_ = an_occurrence(at("11-21T09:00"))
        plan = reconcile(edited(observed(SEEN_TODAY, open_), cron="0 18 * * *"), NOW)
        assert (made(plan), plan.prunes) == ([], ())
        assert plan.status.next_schedule_time == at("11-21T18:00")
        assert [a.name for a in plan.status.active] == [open_.name]

    def test_a_denser_schedule_begins_at_once_and_not_at_the_old_next_time(self):
        weekly = settled(a_rule(cron="0 9 * * 1"), at("11-23T09:00"), at("11-16T09:00"))
        plan = reconcile(edited(observed(weekly), cron="0 9 * * *"), NOW)
        assert plan.status.next_schedule_time == at("11-22T09:00")

    def test_a_new_schedule_within_the_lead_time_is_made_at_once_and_nothing_twice(self):
        rule = settled(a_rule(leadTime="1w"), at("11-29T09:00"), at("11-28T09:00"))
        plan = reconcile(edited(observed(rule), cron="0 10 * * *", leadTime="1w"), NOW)
        assert made(plan) == ["11-28T10:00"]

    def test_an_edit_while_everything_was_down_does_not_hide_what_was_missed(self):
        seen = observed(settled(a_rule(), at("11-20T09:00"), at("11-19T09:00")))
        plan = reconcile(edited(seen, missedPolicy="All"), NOW)
        assert made(plan) == ["11-20T09:00", "11-21T09:00"]

    def test_another_zone_of_the_namespace_moves_the_next_one(self):
        seen = observed(SEEN_TODAY, zone="Asia/Tokyo")
        plan = reconcile(seen, NOW)
        assert plan.status.next_schedule_time == at("11-22T00:00")


class TestCompletion:
    rule = a_rule(created=NOW, rrule="FREQ=DAILY;INTERVAL=3", start="2026-11-21T19:00", basis="Completion")

    def made_first(self):
        seen = observed(self.rule)
        seen = after(seen, reconcile(seen, NOW))
        return after(seen, reconcile(seen, at("11-21T19:00")))

    def test_the_first_comes_by_the_schedule_and_then_it_waits(self):
        seen = observed(self.rule)
        seen = after(seen, reconcile(seen, NOW))
        plan = reconcile(seen, at("11-21T19:00"))
        assert made(plan) == ["11-21T19:00"]
        assert told(plan, "Ready") == "True WaitingForCompletion"
        assert (plan.status.next_schedule_time, plan.requeue_at) == (None, None)

    def test_the_next_counts_from_the_completion_and_keeps_the_time_of_day(self):
        seen = complete(self.made_first(), at("11-24T22:15"))
        plan = reconcile(seen, at("11-24T22:16"))
        assert plan.status.next_schedule_time == plan.requeue_at == at("11-27T19:00")
        assert made(reconcile(after(seen, plan), at("11-27T19:00"))) == ["11-27T19:00"]

    def test_it_is_remembered_when_the_completed_one_is_deleted(self):
        seen = complete(self.made_first(), at("11-24T22:15"))
        rule = after(seen, reconcile(seen, at("11-24T22:16"))).rule
        assert reconcile(observed(rule), at("11-26T00:00")).status is None

    def test_a_deleted_open_one_counts_as_done_now(self):
        plan = reconcile(observed(self.made_first().rule), at("11-22T08:00"))
        assert plan.status.next_schedule_time == at("11-25T19:00")

    def test_reopened_it_waits_again(self):
        seen = complete(self.made_first(), at("11-24T22:15"))
        done = after(seen, reconcile(seen, at("11-24T22:16")))
        [o] = done.occurrences
        plan = reconcile(
            observed(done.rule, o._replace(completed=False, completed_at=None)), at("11-25T00:00")
        )
        assert told(plan, "Ready") == "True WaitingForCompletion"
        assert plan.status.next_schedule_time is None

    def test_it_is_made_however_late(self):
        rule = settled(
            msgspec.structs.replace(
                self.rule, spec=msgspec.structs.replace(self.rule.spec, missed_policy="Skip")
            ),
            at("11-21T19:00"),
        )
        assert made(reconcile(observed(rule), at("11-29T00:00"))) == ["11-21T19:00"]

    def test_done_early_it_does_not_come_back_under_its_own_name(self):
        rule = a_rule(
            created=NOW, rrule="FREQ=DAILY", start="2026-11-22T09:00", basis="Completion", leadTime="2d"
        )
        seen = observed(rule)
        seen = after(seen, reconcile(seen, NOW))
        assert [o.scheduled for o in seen.occurrences] == [at("11-22T09:00")]
        plan = reconcile(complete(seen, NOW + minutes(5)), NOW + minutes(5))
        assert made(plan) == ["11-23T09:00"]

    def test_the_count_is_of_tasks_made(self):
        rule = msgspec.structs.replace(self.rule, spec=msgspec.structs.replace(self.rule.spec, count=1))
        seen = observed(rule)
        seen = after(seen, reconcile(seen, NOW))
        seen = after(seen, reconcile(seen, at("11-21T19:00")))
        plan = reconcile(complete(seen, at("11-21T20:00")), at("11-21T20:00"))
        assert told(plan, "Exhausted") == "True Exhausted"

    def test_history_is_not_deleted_before_what_it_tells_is_written_down(self):
        rule = msgspec.structs.replace(
            self.rule, spec=msgspec.structs.replace(self.rule.spec, history_limit=0)
        )
        seen = observed(rule)
        seen = after(seen, reconcile(seen, NOW))
        seen = complete(after(seen, reconcile(seen, at("11-21T19:00"))), at("11-21T20:00"))
        first = reconcile(seen, at("11-21T20:00"))
        assert (first.prunes, first.requeue_at) == ((), at("11-21T20:00"))
        second = reconcile(after(seen, first), at("11-21T20:00"))
        assert [prune.key.name for prune in second.prunes] == [seen.occurrences[0].name]


class TestHistory:
    done = tuple(an_occurrence(at(f"11-{day}T09:00"), done=NOW) for day in range(15, 20))

    def test_completed_ones_beyond_the_limit_are_deleted_the_oldest_first(self):
        rule = msgspec.structs.replace(SEEN_TODAY, spec=a_rule(historyLimit=2).spec)
        plan = reconcile(observed(rule, *reversed(self.done), an_occurrence(at("11-01T09:00"))), NOW)
        assert [prune.key.name for prune in plan.prunes] == [o.name for o in self.done[:3]]
        assert [prune.uid for prune in plan.prunes] == [o.uid for o in self.done[:3]]

    def test_without_a_limit_all_stay(self):
        assert reconcile(observed(SEEN_TODAY, *self.done), NOW).prunes == ()


class TestStalled:
    @pytest.mark.parametrize(
        ("spec", "reason", "says"),
        [
            ({"cron": "soon"}, "InvalidSchedule", "spec.cron: "),
            ({"rrule": "FREQ=DAILY;INTERVAL=0"}, "InvalidSchedule", "spec.rrule: "),
            ({"rrule": "INTERVAL=2"}, "InvalidSchedule", "FREQ"),
            ({"rrule": "FREQ=DAILY;COUNT=2;UNTIL=20270101"}, "InvalidSchedule", "COUNT"),
            ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "NeverFires", "give one that has a day"),
            ({"timeZone": "Europe/Belin"}, "InvalidTimeZone", 'did you mean "Europe/Berlin"?'),
            ({"leadTime": "soon"}, "InvalidLeadTime", "such as 1d12h"),
            ({"template": {"spec": {}}}, "InvalidTemplate", "spec.template.spec.title"),
        ],
    )
    def test_bad_input_is_a_condition_that_says_what_to_write(self, spec, reason, says):
        plan = reconcile(observed(a_rule(**spec)), NOW)
        assert told(plan, "Ready") == f"False {reason}"
        assert told(plan, "Stalled") == f"True {reason}"
        assert told(plan, "Exhausted") == f"Unknown {reason}"
        assert says in message(plan, "Stalled")
        assert (made(plan), plan.requeue_at) == ([], None)

    def test_all_mistakes_are_said_at_once(self):
        plan = reconcile(observed(a_rule(cron="soon", leadTime="soon", timeZone="Moon")), NOW)
        for field in ("spec.cron", "spec.leadTime", "spec.timeZone"):
            assert field in message(plan, "Ready")

    def test_a_wrong_zone_of_the_namespace_is_named_as_such(self):
        plan = reconcile(observed(a_rule(), zone="Moon"), NOW)
        assert message(plan, "Stalled").startswith("the namespace's annotation todotasks.dev/time-zone: ")

    def test_refused_at_its_first_visit_it_does_not_lose_its_first_occurrence(self):
        rule = a_rule(created=NOW, rrule="FREQ=DAILY", start="2026-11-21T12:00:00Z")
        refused = observed(rule, refused='"rent-1": no room')
        plan = reconcile(refused, NOW)
        assert plan.status.next_schedule_time == NOW
        assert reconcile(after(refused, plan), NOW + minutes(1)).status is None
        again = dataclasses.replace(after(refused, plan), refused=None)
        assert made(reconcile(again, NOW + minutes(2))) == ["11-21T12:00"]

    def test_mended_it_goes_on_where_it_was(self):
        seen = edited(observed(SEEN_TODAY), cron="soon")
        seen = after(seen, reconcile(seen, NOW))
        plan = reconcile(edited(seen), NOW + hours(1))
        assert told(plan, "Stalled") == "absent"
        assert plan.status.next_schedule_time == at("11-22T09:00")

    def test_a_spec_of_the_wrong_kind_is_told_too(self):
        body = {
            "metadata": {
                "name": "rent",
                "namespace": "home",
                "uid": "u",
                "creationTimestamp": "2026-11-21T00:00:00Z",
            },
            "spec": {"cron": 5, "count": "two", "template": {"spec": {"title": "Rent"}}},
        }
        plan = reconcile(observed(read_rule_facts(body)), NOW)
        assert told(plan, "Ready") == "False InvalidSpec"
        assert "spec.cron" in message(plan, "Ready")
        assert "spec.count" in message(plan, "Ready")


def test_a_damaged_status_is_written_anew():
    rule = a_rule(status=RecurrenceRuleStatus(observed_generation=1, occurrences=-1))
    assert reconcile(observed(rule), NOW).status.next_schedule_time == at("11-22T09:00")


def test_ten_thousand_rules_after_a_day_of_downtime_make_exactly_what_the_policy_says():
    expected = {"Latest": 1, "All": 3, "Skip": 0}
    rules = {p: a_rule(cron="30 */8 * * *", missedPolicy=p, created=NOW - 30 * DAYS) for p in expected}
    seen = {p: observed(settled(rule, NOW - DAYS + minutes(30))) for p, rule in rules.items()}
    totals = dict.fromkeys(expected, 0)
    names: dict[str, set[str]] = {policy: set() for policy in expected}
    began = time.perf_counter()
    for n in range(10_000):
        policy = ("Latest", "All", "Skip")[n % 3]
        found = seen[policy]
        rule = msgspec.structs.replace(found.rule, name=f"rule-{n}", uid=f"uid-{n}")
        plan = reconcile(type(found)(rule, found.schedule), NOW)
        assert len(plan.creates) == expected[policy]
        totals[policy] += len(plan.creates)
        names[policy].update(create.key.name for create in plan.creates)
    assert {p: len(found) for p, found in names.items()} == totals, "no name twice"
    print(f"10,000 decisions in {time.perf_counter() - began:.2f} s")


def in_berlin(spec: dict[str, Any], **more: Any) -> ObservedRule:
    return observed(a_rule(timeZone="Europe/Berlin", **spec, **more))


class TestMonthsWithoutTheDay:
    @pytest.mark.parametrize(
        ("schedule", "says"),
        [
            (
                {"rrule": "FREQ=MONTHLY;BYMONTHDAY=31"},
                "Months without a 31st are left out",
            ),
            ({"simple": {"frequency": "Monthly", "dayOfMonth": 31}}, "Months without a 31st are left out"),
            ({"simple": {"frequency": "Monthly", "dayOfMonth": 30}}, "Months without a 30th are left out"),
            ({"rrule": "FREQ=MONTHLY", "start": "2026-01-31"}, "Months without a 31st are left out"),
            ({"cron": "0 9 31 * *"}, "Months without a 31st are left out"),
            ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=29"}, "Months without a 29th are left out"),
            ({"rrule": "FREQ=YEARLY", "start": "2024-02-29"}, "Years without a 29 February are left out"),
            ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, "Years without a 29 February are left out"),
            ({"rrule": "FREQ=MONTHLY;BYMONTH=3,4;BYMONTHDAY=31"}, "Months without a 31st are left out"),
        ],
    )
    def test_ready_says_which_are_left_out(self, schedule, says):
        plan = reconcile(observed(a_rule(**schedule)), NOW)
        ready = find_condition(plan.status.conditions, "Ready")
        assert ready.status == "True"
        assert says in ready.message

    @pytest.mark.parametrize(
        "schedule",
        [
            {"rrule": "FREQ=MONTHLY;BYMONTHDAY=28"},
            {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"},
            {"rrule": "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"},
            {"rrule": "FREQ=MONTHLY;BYDAY=2TU"},
            {"rrule": "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"},
            {"rrule": "FREQ=WEEKLY;BYDAY=MO"},
            {"cron": "0 9 * * *"},
            {"cron": "0 9 1 * *"},
            {"cron": "0 9 L * *"},
            {"simple": {"frequency": "Monthly", "dayOfMonth": -1}},
            {"rrule": "FREQ=MONTHLY", "start": "2026-01-31", "basis": "Completion"},  # steps to the last day
        ],
    )
    def test_where_none_is_left_out_nothing_is_said(self, schedule):
        plan = reconcile(observed(a_rule(**schedule)), NOW)
        assert "left out" not in find_condition(plan.status.conditions, "Ready").message
        assert "leap" not in find_condition(plan.status.conditions, "Ready").message


class TestRemindersOfTheTemplate:
    @pytest.mark.parametrize(
        ("spec", "before", "is_missed"),
        [
            ({}, "30m", True),
            ({}, "0m", False),
            ({"leadTime": "30m"}, "30m", False),
            ({"leadTime": "1h"}, "1d", True),
            ({"leadTime": "1d"}, "1d", False),
            ({"rrule": "FREQ=DAILY"}, "9h", False),  # all day: told from 09:00 on, made at midnight
            ({"rrule": "FREQ=DAILY"}, "1d", True),
            ({"rrule": "FREQ=DAILY", "leadTime": "1d"}, "1d", False),
        ],
    )
    def test_one_that_can_never_fire_is_said(self, spec, before, is_missed):
        template = {"spec": {"title": "Pay rent", "reminders": [{"before": before}]}}
        plan = reconcile(observed(a_rule(template=template, **spec)), NOW)
        found = find_condition(plan.status.conditions, "RemindersMissed")
        assert (found is not None) == is_missed
        assert find_condition(plan.status.conditions, "Ready").status == "True"
        if found is not None:
            assert (found.status, found.reason) == ("True", "LeadTimeTooShort")
            assert f"Give spec.leadTime at least {before}." in found.message

    @pytest.mark.parametrize(
        ("all_day_time", "is_missed"),
        [(time_of_day(9), False), (time_of_day(7, 30), True), (time_of_day(20), False)],
    )
    def test_the_time_of_all_day_tasks_there_says_how_far_back_one_may_count(self, all_day_time, is_missed):
        template = {"spec": {"title": "Pay rent", "reminders": [{"before": "9h"}]}}
        rule = a_rule(template=template, rrule="FREQ=DAILY")
        plan = reconcile(observed(rule, all_day_time=all_day_time), NOW)
        assert (find_condition(plan.status.conditions, "RemindersMissed") is not None) == is_missed

    @pytest.mark.parametrize(
        ("most", "is_missed"),
        [(None, False), (3, False), (2, True), (1, True)],  # 30, 20, 10 minutes before, and at the time
    )
    def test_one_that_repeats_fires_later_all_the_same_unless_its_last_time_is_over_too(
        self, most, is_missed
    ):
        reminders = [{"before": "30m", "repeatEvery": "10m"} | ({"maxRepeats": most} if most else {})]
        rule = a_rule(template={"spec": {"title": "Pay rent", "reminders": reminders}})
        plan = reconcile(observed(rule), NOW)
        assert (find_condition(plan.status.conditions, "RemindersMissed") is not None) == is_missed


class TestLeadTime:
    def test_days_of_it_are_days_of_the_calendar(self):
        """On 29 March the clocks go forward: 24 hours before 09:00 it is 08:00."""
        then = at("01-01T00:00")
        rule = a_rule(cron="0 9 * * *", timeZone="Europe/Berlin", leadTime="1d", created=then)
        rule = settled(rule, at("03-29T07:00"), at("03-28T08:00"))
        early = reconcile(observed(rule), at("03-28T07:59"))
        assert (made(early), early.requeue_at) == ([], at("03-28T08:00"))
        assert made(reconcile(observed(rule), at("03-28T08:00"))) == ["03-29T07:00"]

    @pytest.mark.parametrize("lead", ["3660d", "1w", "2h"])
    def test_one_that_would_make_a_flood_is_cut_and_the_condition_says_so(self, lead):
        seen = observed(settled(a_rule(rrule="FREQ=MINUTELY", leadTime=lead), at("11-21T12:01")))
        plan = reconcile(seen, NOW)
        assert len(plan.creates) == 100
        found = find_condition(plan.status.conditions, "LeadTimeCut")
        assert (found.status, found.reason) == ("True", "TooManyAhead")
        assert lead in found.message
        seen = after(seen, plan)
        assert plan.requeue_at == at("11-21T12:01")
        again = reconcile(seen, NOW + timedelta(seconds=30))
        assert again.creates == ()
        assert again.requeue_at == at("11-21T12:01"), "and it does not turn in circles"
        assert len(reconcile(seen, at("11-21T12:02")).creates) == 2, "as many as have come due"

    def test_what_it_makes_is_not_cut_where_it_is_little(self):
        plan = reconcile(observed(settled(a_rule(leadTime="1w"), at("11-22T09:00"))), NOW)
        assert len(plan.creates) == 7
        assert find_condition(plan.status.conditions, "LeadTimeCut") is None


class TestACompletionThatIsTakenBack:
    def reopened(self, **changes: Any) -> ObservedRule:
        rule = a_rule(rrule="FREQ=DAILY;INTERVAL=3", basis="Completion", leadTime="3d")
        first = an_occurrence(at("11-20T00:00"))
        second = an_occurrence(at("11-23T00:00"), is_untouched=True)._replace(**changes)
        return observed(settled(rule, None, at("11-23T00:00"), occurrences=2), first, second)

    def test_takes_its_untouched_successor_along(self):
        plan = reconcile(self.reopened(), NOW)
        assert [delete.key.name for delete in plan.prunes] == [an_occurrence(at("11-23T00:00")).name]
        assert plan.status.last_schedule_time == at("11-20T00:00")
        assert plan.status.occurrences == 1
        assert told(plan, "Ready") == "True WaitingForCompletion"
        assert reconcile(after(self.reopened(), plan), NOW) == Plan()

    @pytest.mark.parametrize(
        "touched", [{"is_untouched": False}, {"completed": True, "completed_at": NOW}, {"deleting": True}]
    )
    def test_one_that_somebody_has_touched_stays(self, touched):
        assert reconcile(self.reopened(**touched), NOW).prunes == ()


class TestWhatPeopleSee:
    def test_the_next_time_in_the_zone_of_the_rule(self):
        plan = reconcile(in_berlin({"cron": "0 9 1 * *"}), NOW)
        assert plan.status.next == "2026-12-01T09:00:00+01:00"
        assert plan.status.time_zone == "Europe/Berlin"
        assert plan.status.schedule == "On the 1st of every month at 09:00, Europe/Berlin"

    def test_the_day_of_an_all_day_one(self):
        plan = reconcile(in_berlin({"rrule": "FREQ=MONTHLY;BYMONTHDAY=1"}), NOW)
        assert plan.status.next == "2026-12-01"
        assert plan.status.next_schedule_time == at("11-30T23:00")

    def test_an_interval_stands_in_the_words(self):
        plan = reconcile(in_berlin({"simple": {"frequency": "Daily", "interval": 3}}), NOW)
        assert "3 days" in plan.status.schedule or "third day" in plan.status.schedule
