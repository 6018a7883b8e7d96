"""The decision about a Reminder, as sentences."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.operator.build import NOW, a_task, hours, minutes
from tests.unit.operator.build_reminders import DUE, a_reminder, after, seconds, seeing, with_task
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.reminder.checks import ObservedReminder
from todo_operator.reconcile.reminder.decide import emissions, reconcile
from todo_operator.reconcile.reminder.facts import read_reminder_facts
from todotasks.api import find_condition
from todotasks.api.reminder import Delivery


def told(plan: Plan[Any], type_: str) -> str:
    assert plan.status is not None, "the plan writes no status"
    found = find_condition(plan.status.conditions, type_)
    assert found is not None, f"there is no condition {type_}"
    return f"{found.status} {found.reason}"


def message(plan: Plan[Any], type_: str = "Ready") -> str:
    assert plan.status is not None
    found = find_condition(plan.status.conditions, type_)
    assert found is not None
    return found.message


def settled(seen: ObservedReminder, now: datetime) -> ObservedReminder:
    """After a look at `now`."""
    return after(seen, reconcile(seen, now))


def at(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


class TestScheduling:
    def test_before_due_counts_back_from_the_due_time(self):
        plan = reconcile(seeing(), NOW)
        assert plan.status.fire_time == DUE - hours(1) == plan.requeue_at
        assert told(plan, "Ready") == "True Scheduled"
        assert told(plan, "Fired") == "False NotYet"
        assert not plan.emits

    def test_it_follows_the_due_time_when_that_moves(self):
        seen = with_task(settled(seeing(), NOW), due=DUE + hours(24))
        plan = reconcile(seen, NOW)
        assert plan.status.fire_time == DUE + hours(23) == plan.requeue_at

    def test_at_is_read_in_the_zone_of_the_task(self):
        seen = seeing(a_reminder(at="2026-11-21T20:00"), a_task(time_zone="Europe/Berlin"))
        assert reconcile(seen, NOW).status.fire_time == at(19)

    def test_at_is_read_in_the_zone_of_the_namespace_without_one(self):
        seen = seeing(a_reminder(at="2026-11-21T20:00"), a_task(), default_zone="Asia/Tokyo")
        assert reconcile(seen, at(8)).status.fire_time == at(11)

    @pytest.mark.parametrize(
        ("task", "default_zone", "reads"),
        [
            ({"time_zone": "America/New_York"}, "Europe/Berlin", "2026-11-21T15:00:00-05:00"),
            ({}, "Europe/Berlin", "2026-11-21T21:00:00+01:00"),
            ({}, None, "2026-11-21T20:00:00+00:00"),
        ],
    )
    def test_when_it_fires_is_told_in_the_zone_of_the_task(self, task, default_zone, reads):
        seen = seeing(a_reminder(at=at(20)), a_task(**task), default_zone=default_zone)
        assert reconcile(seen, NOW).status.next == reads
        done = with_task(settled(seen, NOW), completed=True)
        assert reconcile(done, NOW).status.next is None

    def test_an_hour_that_comes_twice_is_told_with_its_offset(self):
        both = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]
        berlin = a_task(time_zone="Europe/Berlin")
        told = [reconcile(seeing(a_reminder(at=each), berlin), NOW).status.next for each in both]
        assert told == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]

    def test_an_all_day_task_reminds_relative_to_nine_on_its_day(self):
        seen = seeing(a_reminder(before_due="1d"), a_task(due="2026-11-23", time_zone="Europe/Berlin"))
        assert reconcile(seen, NOW).status.fire_time == at(8, day=22)

    def test_the_namespace_says_another_hour(self):
        task = a_task(due="2026-11-23", time_zone="Europe/Berlin")
        seen = seeing(a_reminder(before_due="0s"), task, all_day_time=time(7, 30))
        assert reconcile(seen, NOW).status.fire_time == at(6, 30, day=23)

    def test_nothing_to_write_when_it_is_right_already(self):
        seen = settled(seeing(), NOW)
        assert reconcile(seen, NOW + hours(1)) == Plan(requeue_at=DUE - hours(1))

    def test_one_that_is_being_deleted_is_left_alone(self):
        assert reconcile(seeing(a_reminder(at=NOW, deleting=True)), NOW) == Plan()


class TestFiring:
    def test_it_fires_when_its_time_comes_and_says_all_that_the_event_needs(self):
        seen = settled(seeing(a_reminder(at=at(13), message="The rent!")), NOW)
        plan = reconcile(seen, at(13))
        (emission,) = plan.emits
        assert (emission.instant, emission.repeat, emission.late) == (at(13), 0, False)
        assert (emission.task_uid, emission.channels, emission.message) == ("uid-1", ("mail",), "The rent!")
        assert (plan.status.fired_at, plan.status.fired_count) == (at(13), 1)
        assert plan.status.fire_time is None
        assert plan.requeue_at is None
        assert told(plan, "Fired") == "True Fired"
        assert told(plan, "Ready") == "True Done"
        assert told(plan, "Delivered") == "False Pending"

    def test_it_fires_once(self):
        seen = settled(settled(seeing(a_reminder(at=at(13))), NOW), at(13))
        assert reconcile(seen, at(14)) == Plan()

    def test_the_same_is_asked_for_again_until_the_status_has_it(self):
        seen = settled(seeing(a_reminder(at=at(13))), NOW)
        assert reconcile(seen, at(13)).emits == reconcile(seen, at(13, 5)).emits

    def test_a_moved_due_time_makes_it_fire_again(self):
        seen = settled(settled(seeing(), NOW), DUE)
        seen = with_task(seen, due=DUE + hours(24))
        assert reconcile(seen, DUE).status.fire_time == DUE + hours(23)
        assert [e.instant for e in reconcile(seen, DUE + hours(23)).emits] == [DUE + hours(23)]

    def test_a_due_time_moved_back_does_not_repeat_it(self):
        seen = with_task(settled(settled(seeing(), NOW), DUE), due=DUE - hours(2))
        assert not reconcile(seen, DUE).emits

    def test_named_channels_go_before_the_default_ones(self):
        seen = settled(seeing(a_reminder(at=at(13), channels=("chat",))), NOW)
        assert reconcile(seen, at(13)).emits[0].channels == ("chat",)


class TestLate:
    def test_what_passed_while_everything_was_down_fires_late_once(self):
        seen = settled(seeing(a_reminder(at=at(13))), NOW)
        plan = reconcile(seen, at(20))
        assert [(e.instant, e.late) for e in plan.emits] == [(at(13), True)]
        assert told(plan, "Fired") == "True FiredLate"
        assert reconcile(after(seen, plan), at(21)) == Plan()

    def test_also_when_it_was_never_seen_before(self):
        plan = reconcile(seeing(a_reminder(at=NOW - minutes(10))), NOW)
        assert plan.emits[0].late

    def test_a_moment_is_not_late(self):
        assert not reconcile(seeing(a_reminder(at=NOW - seconds(30))), NOW).emits[0].late

    def test_one_whose_time_was_over_when_it_was_made_stays_silent(self):
        seen = seeing(a_reminder(at=NOW - hours(2)))
        plan = reconcile(seen, NOW)
        assert not plan.emits
        assert told(plan, "Ready") == "True Passed"
        assert reconcile(after(seen, plan), NOW + hours(1)) == Plan()

    def test_one_that_is_for_now_fires_although_it_is_older_than_its_object(self):
        assert reconcile(seeing(a_reminder(at=NOW - seconds(2), created=NOW)), NOW).emits

    def test_of_many_repeats_that_passed_only_the_latest_is_told(self):
        seen = settled(seeing(a_reminder(at=at(13), repeat_every="1h")), NOW)
        plan = reconcile(seen, at(17, 30))
        assert [(e.instant, e.repeat, e.late) for e in plan.emits] == [(at(17), 4, True)]
        assert plan.status.fire_time == at(18)


class TestRepeating:
    def test_it_repeats_until_the_task_is_done(self):
        seen = settled(seeing(a_reminder(at=at(13), repeat_every="30m")), NOW)
        for number in range(3):
            now = at(13) + number * minutes(30)
            plan = reconcile(seen, now)
            assert [(e.instant, e.repeat) for e in plan.emits] == [(now, number)]
            assert plan.requeue_at == now + minutes(30)
            seen = after(seen, plan)
        plan = reconcile(with_task(seen, completed=True), at(14, 1))
        assert told(plan, "Ready") == "True TaskCompleted"
        assert plan.requeue_at is None

    def test_it_stops_after_max_repeats(self):
        seen = settled(seeing(a_reminder(at=at(13), repeat_every="30m", max_repeats=1)), NOW)
        seen = settled(seen, at(13))
        plan = reconcile(seen, at(13, 30))
        assert plan.emits
        assert told(plan, "Ready") == "True Done"
        assert plan.status.fired_count == 2
        assert reconcile(after(seen, plan), at(18)) == Plan()


class TestSilence:
    def test_a_completed_task_gets_none(self):
        plan = reconcile(with_task(settled(seeing(), NOW), completed=True), DUE)
        assert not plan.emits
        assert told(plan, "Ready") == "True TaskCompleted"
        assert plan.status.fire_time is None

    def test_what_passed_while_the_task_was_completed_is_left_out_when_it_is_reopened(self):
        seen = settled(with_task(seeing(), completed=True), NOW)
        plan = reconcile(with_task(seen, completed=False), DUE)
        assert not plan.emits
        assert told(plan, "Ready") == "True Passed"

    def test_what_falls_into_a_suspension_is_left_out(self):
        seen = settled(seeing(a_reminder(at=at(13), suspend=True)), NOW)
        assert reconcile(seen, at(14)) == Plan()
        seen = after(seen, Plan(), suspend=False)
        plan = reconcile(seen, at(15))
        assert not plan.emits
        assert told(plan, "Ready") == "True Passed"
        assert reconcile(after(seen, plan), at(16)) == Plan()

    def test_a_suspension_that_ends_in_time_costs_nothing(self):
        seen = after(settled(seeing(a_reminder(at=at(13), suspend=True)), NOW), Plan(), suspend=False)
        seen = settled(seen, at(12, 30))
        assert reconcile(seen, at(13)).emits

    def test_repeats_go_on_after_a_suspension_but_what_was_left_out_does_not_come_back(self):
        seen = settled(seeing(a_reminder(at=at(13), repeat_every="1h", suspend=True)), NOW)
        seen = after(seen, Plan(), suspend=False)
        plan = reconcile(seen, at(15, 30))
        assert not plan.emits
        assert plan.status.fire_time == at(16)
        seen = after(seen, plan)
        assert not reconcile(seen, at(15, 40)).emits
        assert [e.instant for e in reconcile(seen, at(16)).emits] == [at(16)]

    def test_a_due_date_moved_while_nobody_looked_is_not_taken_for_what_had_passed_before(self):
        passed = settled(seeing(a_reminder(before_due="1h"), a_task(due="2026-11-21T08:00:00Z")), NOW)
        assert told(Plan(passed.reminder.status), "Ready") == "True Passed"
        plan = reconcile(with_task(passed, due=at(15).isoformat()), at(14, 30))
        assert [(e.instant, e.late) for e in plan.emits] == [(at(14), True)]

    def test_nor_is_a_repeat_that_falls_on_the_time_that_was_the_first_one_before(self):
        seen = settled(
            seeing(a_reminder(before_due="1h", repeat_every="1h"), a_task(due=at(16).isoformat())), NOW
        )
        assert seen.reminder.status.fire_time == at(15)
        plan = reconcile(with_task(seen, due=at(15).isoformat()), at(14, 30))
        assert [e.instant for e in plan.emits] == [at(14)]

    def test_a_due_date_moved_back_does_not_bring_back_what_was_left_out(self):
        seen = settled(seeing(a_reminder(at=at(13), suspend=True)), NOW)
        seen = settled(after(seen, Plan(), suspend=False), at(15))
        assert seen.reminder.status.left_out_at == at(13)
        assert not reconcile(after(seen, Plan(), at=at(12, 30).isoformat()), at(15)).emits


HALF = timedelta(seconds=30)


class TestSnooze:
    def test_it_puts_off_what_has_not_fired(self):
        seen = settled(seeing(a_reminder(at=at(13), snooze_until=at(15))), NOW)
        assert seen.reminder.status.fire_time == at(15)
        assert not reconcile(seen, at(14)).emits
        assert [e.instant for e in reconcile(seen, at(15)).emits] == [at(15)]

    def test_what_has_fired_fires_again_once(self):
        seen = settled(settled(seeing(a_reminder(at=at(13))), NOW), at(13))
        seen = settled(after(seen, Plan(), snooze_until=at(13, 10)), at(13, 1))
        assert seen.reminder.status.fire_time == at(13, 10)
        plan = reconcile(seen, at(13, 10))
        assert [e.instant for e in plan.emits] == [at(13, 10)]
        assert reconcile(after(seen, plan), at(14)) == Plan()

    def test_it_goes_on_as_before_afterwards(self):
        reminder = a_reminder(at=at(13), repeat_every="1h", snooze_until=at(15, 30))
        seen = settled(seeing(reminder), NOW)
        plan = reconcile(seen, at(15, 30))
        assert [(e.instant, e.repeat) for e in plan.emits] == [(at(15, 30), 2)]
        assert plan.status.fire_time == at(16)

    def test_one_that_ends_before_its_time_changes_nothing(self):
        plan = reconcile(seeing(a_reminder(at=at(15), snooze_until=at(13))), NOW)
        assert plan.status.fire_time == at(15)

    def test_repeats_that_it_swallows_do_not_count_so_it_comes_back_with_its_pattern(self):
        nagging = a_reminder(at=at(13), repeat_every="1m", max_repeats=20)
        seen = seeing(nagging)
        for minute in range(4):
            seen = settled(seen, at(13, minute))
        seen = settled(after(seen, Plan(), snooze_until=at(13, 33) + HALF), at(13, 3) + HALF)
        assert seen.reminder.status.fire_time == at(13, 33) + HALF
        fired = []
        now = at(13, 33) + HALF
        while True:
            plan = reconcile(seen, now)
            fired += [(e.instant, e.repeat) for e in plan.emits]
            seen = after(seen, plan)
            if plan.requeue_at is None:
                break
            now = plan.requeue_at
        assert fired[:3] == [(at(13, 33) + HALF, 3), (at(13, 34), 4), (at(13, 35), 5)]
        assert fired[-1] == (at(13, 50), 20)

    def test_a_second_snooze_keeps_count(self):
        seen = settled(seeing(a_reminder(at=at(13), repeat_every="1m", max_repeats=3)), NOW)
        seen = settled(after(settled(seen, at(13)), Plan(), snooze_until=at(13, 10) + HALF), at(13) + HALF)
        seen = settled(seen, at(13, 10) + HALF)
        seen = settled(after(seen, Plan(), snooze_until=at(13, 20) + HALF), at(13, 10) + HALF)
        fired = [
            e.repeat for minute in (20, 21, 22, 23, 24) for e in settled_emits(seen, at(13, minute) + HALF)
        ]
        assert fired[0] == 0
        assert reconcile(settled(seen, at(13, 20) + HALF), at(13, 21)).emits[0].repeat == 1

    @pytest.mark.parametrize("moved_to", [at(14, 30), at(14, 45), at(15, 0)])
    def test_a_task_moved_to_before_its_end_is_the_newer_wish(self, moved_to):
        seen = settled(settled(seeing(a_reminder(before_due="1h"), a_task(due=at(15))), NOW), at(14))
        seen = settled(after(seen, Plan(), snooze_until=at(15, 30)), at(14, 5))
        assert seen.reminder.status.fire_time == at(15, 30)
        moved = settled(with_task(seen, due=moved_to + timedelta(hours=1)), at(14, 10))
        assert moved.reminder.status.fire_time == moved_to
        plan = reconcile(moved, moved_to)
        assert [e.instant for e in plan.emits] == [moved_to]
        assert after(moved, plan).reminder.status.fire_time is None, "and the snooze adds nothing"

    def test_a_task_moved_and_then_snoozed_waits_for_the_snooze(self):
        seen = settled(settled(seeing(a_reminder(before_due="1h"), a_task(due=at(15))), NOW), at(14))
        seen = settled(with_task(seen, due=at(16)), at(14, 5))
        seen = settled(after(seen, Plan(), snooze_until=at(15, 30)), at(14, 10))
        assert seen.reminder.status.fire_time == at(15, 30)


def settled_emits(seen, now):
    return reconcile(seen, now).emits


class TestDaysOfTheCalendar:
    """Durations in days are counted on the calendar of the task's zone (RFC 5545, 3.3.6)."""

    @pytest.mark.parametrize(
        ("due", "before", "fires"),
        [
            ("2027-03-28", "1d", "2027-03-27T09:00+01:00"),  # the clocks go forward on the 28th
            ("2027-03-29", "1d", "2027-03-28T09:00+02:00"),
            ("2027-10-31", "1d", "2027-10-30T09:00+02:00"),  # and back
            ("2027-03-28T17:00", "1d", "2027-03-27T17:00+01:00"),
            ("2027-03-28T17:00", "24h", "2027-03-27T16:00+01:00"),  # hours are elapsed time
            ("2027-03-28T17:00", "1w", "2027-03-21T17:00+01:00"),
            ("2027-03-28T17:00", "1d12h", "2027-03-27T05:00+01:00"),
            ("2027-03-29T02:30", "1d", "2027-03-28T03:30+02:00"),  # there is no 02:30 on the 28th
        ],
    )
    def test_before_the_due_time(self, due, before, fires):
        task = a_task(due=due, time_zone="Europe/Berlin")
        reminder = a_reminder(before_due=before, created=datetime(2027, 1, 1, tzinfo=UTC))
        plan = reconcile(seeing(reminder, task), datetime(2027, 1, 2, tzinfo=UTC))
        assert plan.status.fire_time == datetime.fromisoformat(fires)

    def test_repeats_keep_the_time_of_day(self):
        task = a_task(due="2027-03-27", time_zone="Europe/Berlin")
        reminder = a_reminder(
            at="2027-03-26T09:00", repeat_every="2d", created=datetime(2027, 1, 1, tzinfo=UTC)
        )
        seen = settled(seeing(reminder, task), datetime(2027, 3, 26, 8, tzinfo=UTC))
        assert seen.reminder.status.fire_time == datetime.fromisoformat("2027-03-28T09:00+02:00")
        seen = settled(seen, datetime.fromisoformat("2027-10-31T08:00+00:00"))
        assert seen.reminder.status.fire_time.astimezone(ZoneInfo("Europe/Berlin")).hour == 9


class TestWaiting:
    def test_for_its_task(self):
        seen = seeing(a_reminder(at=at(13)), None)
        plan = reconcile(seen, NOW)
        assert told(plan, "Ready") == "False TaskMissing"
        assert '"pay-rent"' in message(plan)
        there = replace(after(seen, plan), task=a_task())
        assert reconcile(there, at(14)).emits

    def test_for_a_due_date(self):
        plan = reconcile(seeing(task=a_task()), NOW)
        assert told(plan, "Ready") == "False NoDueDate"

    def test_a_missing_channel_is_said_and_does_not_keep_it_silent(self):
        seen = seeing(a_reminder(at=at(13), channels=("pager", "mail")))
        plan = reconcile(seen, NOW)
        assert told(plan, "Ready") == "False ChannelMissing"
        assert '"pager"' in message(plan)
        assert reconcile(after(seen, plan), at(13)).emits

    def test_without_any_channel_it_fires_and_says_so(self):
        seen = seeing(a_reminder(at=at(13)), default_channels=())
        plan = reconcile(seen, at(13))
        assert plan.emits[0].channels == ()
        assert told(plan, "Delivered") == "False NoChannel"

    def test_the_tasks_own_mistake_is_no_stall(self):
        plan = reconcile(seeing(task=a_task(due="2026-11-22T10:00", time_zone="Mars/Olympus")), NOW)
        assert told(plan, "Ready") == "False InvalidTimeZone"
        assert find_condition(plan.status.conditions, "Stalled") is None


class TestStalled:
    @pytest.mark.parametrize(
        ("spec", "reason", "part"),
        [
            ({}, "InvalidSpec", "exactly one"),
            ({"at": "2026-11-21T13:00", "before_due": "1h"}, "InvalidSpec", "exactly one"),
            ({"before_due": "soon"}, "InvalidDuration", "spec.beforeDue"),
            ({"before_due": "1h", "repeat_every": "5s"}, "InvalidDuration", "shorter than 1m"),
            ({"before_due": "1h", "repeat_every": "0s"}, "InvalidDuration", "shorter than 1m"),
            ({"at": "noon"}, "InvalidTime", "spec.at"),
        ],
    )
    def test_says_what_is_wrong(self, spec, reason, part):
        plan = reconcile(seeing(a_reminder(**spec)), NOW)
        assert told(plan, "Ready") == f"False {reason}"
        assert told(plan, "Stalled") == f"True {reason}"
        assert part in message(plan)
        assert not plan.emits

    def test_what_was_written_around_the_crd(self):
        body = {
            "metadata": {"name": "r", "namespace": "home", "uid": "u", "generation": 1},
            "spec": {"taskRef": {"name": "pay-rent"}, "at": 7},
        }
        plan = reconcile(seeing(read_reminder_facts(body)), NOW)
        assert told(plan, "Stalled") == "True InvalidSpec"
        assert "spec.at" in message(plan)

    def test_an_edit_heals_it(self):
        seen = after(settled(seeing(a_reminder(at="noon")), NOW), Plan(), at="2026-11-21T13:00")
        plan = reconcile(seen, NOW)
        assert told(plan, "Ready") == "True Scheduled"
        assert find_condition(plan.status.conditions, "Stalled") is None


class TestDelivered:
    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            (("Delivered", "Delivered"), "True Delivered"),
            (("Delivered", "Retrying"), "False Retrying"),
            (("Failed", "Retrying"), "False DeliveryFailed"),
            (("Delivered", "Pending"), "False Pending"),
        ],
    )
    def test_is_what_the_notifier_reports_of_the_last_firing(self, states, expected):
        seen = settled(settled(seeing(a_reminder(at=at(13))), NOW), at(13))
        deliveries = tuple(Delivery(f"c{n}", state, 1, time=at(13, 1)) for n, state in enumerate(states))
        plan = reconcile(delivered(seen, deliveries), at(13, 2))
        assert (plan.status is None and expected == "False Pending") or told(plan, "Delivered") == expected

    def test_the_firing_before_does_not_count(self):
        seen = settled(settled(seeing(a_reminder(at=at(13), repeat_every="1h")), NOW), at(13))
        seen = delivered(seen, (Delivery("mail", "Delivered", 1, time=at(13, 1)),))
        assert told(reconcile(settled(seen, at(13, 2)), at(14)), "Delivered") == "False Pending"

    def test_its_own_field_is_never_written(self):
        seen = settled(settled(seeing(a_reminder(at=at(13))), NOW), at(13))
        deliveries = (Delivery("mail", "Delivered", 1, time=at(13, 1)),)
        assert reconcile(delivered(seen, deliveries), at(13, 2)).status.deliveries == deliveries


def delivered(seen: ObservedReminder, deliveries: tuple[Delivery, ...]) -> ObservedReminder:
    status = msgspec.structs.replace(seen.reminder.status, deliveries=deliveries)
    return replace(seen, reminder=msgspec.structs.replace(seen.reminder, status=status))


instants = st.integers(-8 * 60, 8 * 60).map(lambda n: NOW + minutes(n))
reminders = st.builds(
    a_reminder,
    at=st.one_of(st.none(), instants, st.just("noon")),
    before_due=st.one_of(st.none(), st.sampled_from(["0s", "1h", "1d", "soon"])),
    repeat_every=st.sampled_from([None, None, "1m", "1h", "5s"]),
    max_repeats=st.sampled_from([None, 1, 3]),
    snooze_until=st.one_of(st.none(), instants),
    suspend=st.booleans(),
    created=instants,
)
tasks = st.one_of(
    st.none(),
    st.builds(
        a_task,
        due=st.one_of(st.none(), instants, st.sampled_from(["2026-11-21", "soon"])),
        completed=st.booleans(),
        time_zone=st.sampled_from([None, "Asia/Tokyo", "Mars/Olympus"]),
    ),
)


@given(reminders, tasks, st.lists(instants, min_size=1, max_size=6).map(sorted))
def test_a_plan_once_applied_plans_nothing_more_and_no_instant_is_told_twice(reminder, task, looks):
    seen, emitted = seeing(reminder, task), []
    for now in looks:
        plan = reconcile(seen, now)
        assert emissions(seen, now) == plan.emits, "the short way to the emissions says the same"
        emitted += plan.emits
        seen = after(seen, plan)
        again = reconcile(seen, now)
        assert again.status is None
        assert not again.emits
        assert again.requeue_at is None or again.requeue_at > now
    assert len({(e.instant, e.repeat) for e in emitted}) == len(emitted)
    assert [e.instant for e in emitted] == sorted({e.instant for e in emitted})
