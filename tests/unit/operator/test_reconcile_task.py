"""The decision about a task, as sentences. State in, plan out; nothing is patched, nothing waits."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.operator.build import (
    NOW,
    a_task,
    after,
    condition,
    hours,
    minutes,
    observed,
    told,
    waiting_for,
)
from todo_operator.reconcile.plan import Delete, Plan, TaskEmission
from todo_operator.reconcile.task.decide import reconcile
from todotasks.api import Condition, SubtaskTotals, TaskReminder, TodoTaskStatus


def after_first_visit(task, at=NOW, **changes):
    """The task as it is once the operator has seen it at `at`."""
    seen = observed(task, **changes)
    return after(seen, reconcile(seen, at))


class TestFirstVisit:
    def test_writes_every_condition_with_the_observed_generation(self):
        plan = reconcile(observed(a_task(generation=3)), NOW)
        assert [c.type for c in plan.status.conditions] == ["Ready", "Completed", "Overdue", "Blocked"]
        assert {c.observed_generation for c in plan.status.conditions} == {3}
        assert plan.status.observed_generation == 3

    def test_gives_every_condition_a_reason_a_sentence_and_a_time_in_whole_seconds(self):
        plan = reconcile(observed(), NOW + timedelta(microseconds=5))
        for found in plan.status.conditions:
            assert found.reason[0].isupper()
            assert found.message.endswith(".")
            assert found.last_transition_time == NOW

    def test_an_open_task_is_ready_for_ready_is_not_done(self):
        plan = reconcile(observed(), NOW)
        assert told(plan, "Ready") == "True Accepted"
        assert told(plan, "Completed") == "False Open"
        assert told(plan, "Overdue") == "False NoDueDate"
        assert told(plan, "Blocked") == "False NoDependencies"

    def test_a_task_that_is_being_deleted_is_left_alone(self):
        past = a_task(deleting=True, due=NOW - hours(1))
        assert reconcile(observed(past), NOW) == Plan()


class TestWriting:
    def test_a_second_look_changes_nothing(self):
        seen = after_first_visit(a_task(due=NOW + hours(1)))
        assert reconcile(seen, NOW + minutes(1)).status is None

    def test_every_new_generation_is_answered_with_one_write(self):
        seen = after_first_visit(a_task())
        edited = after(seen, Plan(), title="Pay the rent")
        plan = reconcile(edited, NOW + hours(1))
        assert plan.status.observed_generation == 2
        assert reconcile(after(edited, plan), NOW + hours(2)) == Plan()

    def test_a_condition_keeps_its_transition_time_while_its_status_stays(self):
        seen = after_first_visit(a_task())
        plan = reconcile(after(seen, Plan(), due=(NOW + hours(9)).isoformat()), NOW + hours(1))
        assert told(plan, "Ready") == "True Scheduled"
        assert condition(plan, "Ready").last_transition_time == NOW

    def test_a_damaged_status_is_written_anew(self):
        damaged = TodoTaskStatus(
            observed_generation=1,
            conditions=(Condition("Ready", "Unknown", "Odd"), Condition("X", "True", "X")),
        )
        plan = reconcile(observed(a_task(status=damaged)), NOW)
        assert [c.type for c in plan.status.conditions] == ["Ready", "Completed", "Overdue", "Blocked"]


class TestCompleted:
    def test_completing_sets_the_completion_time(self):
        seen = after_first_visit(a_task())
        plan = reconcile(after(seen, Plan(), completed=True), NOW + hours(2))
        assert plan.status.completion_time == NOW + hours(2)
        assert told(plan, "Completed") == "True Completed"
        assert told(plan, "Ready") == "True Completed"

    def test_completing_again_before_the_reopening_was_seen_keeps_the_completion_time(self):
        seen = after_first_visit(a_task(completed=True))
        twice = after(after(seen, Plan(), completed=False), Plan(), completed=True)
        assert reconcile(twice, NOW + hours(2)).status.completion_time == NOW

    def test_reopening_clears_the_completion_time(self):
        seen = after_first_visit(a_task(completed=True))
        plan = reconcile(after(seen, Plan(), completed=False), NOW + hours(2))
        assert plan.status.completion_time is None
        assert told(plan, "Completed") == "False Open"

    def test_completing_after_a_reopening_that_was_seen_gets_a_new_completion_time(self):
        seen = after_first_visit(a_task(completed=True))
        reopened = after(seen, Plan(), completed=False)
        reopened = after(reopened, reconcile(reopened, NOW + hours(1)))
        again = after(reopened, Plan(), completed=True)
        assert reconcile(again, NOW + hours(2)).status.completion_time == NOW + hours(2)

    def test_a_completed_task_is_neither_overdue_nor_blocked(self):
        late = a_task(completed=True, due=NOW - hours(5))
        plan = reconcile(observed(late, dependencies=waiting_for(a=False, b=None)), NOW)
        assert told(plan, "Overdue") == "False Completed"
        assert told(plan, "Blocked") == "False Completed"
        assert plan.emits == ()


class TestOverdue:
    @pytest.mark.parametrize(
        ("due", "zone", "at", "overdue"),
        [
            ("2026-11-21T12:00:00Z", None, "2026-11-21T11:59:59.999999", False),
            ("2026-11-21T12:00:00Z", None, "2026-11-21T12:00:00", True),  # from its due time on
            ("2026-11-21T12:00", "Asia/Tokyo", "2026-11-21T02:59:59", False),
            ("2026-11-21T12:00", "Asia/Tokyo", "2026-11-21T03:00:00", True),
            ("2026-11-21", None, "2026-11-21T00:00:00", False),  # all day: the day has begun
            ("2026-11-21", None, "2026-11-21T23:59:59", False),
            ("2026-11-21", None, "2026-11-22T00:00:00", True),  # the day is over
            ("2026-11-21", "America/Los_Angeles", "2026-11-22T07:59:59", False),  # not over there
            ("2026-11-21", "America/Los_Angeles", "2026-11-22T08:00:00", True),
            ("2026-11-21", "Pacific/Kiritimati", "2026-11-21T10:00:00", True),  # over there already
            ("2026-03-29", "Europe/Berlin", "2026-03-29T21:59:59", False),  # a day of 23 hours
            ("2026-03-29", "Europe/Berlin", "2026-03-29T22:00:00", True),
        ],
    )
    def test_begins_at_the_due_time_in_its_zone_and_for_a_day_at_its_end_there(self, due, zone, at, overdue):
        now = datetime.fromisoformat(at).replace(tzinfo=UTC)
        plan = reconcile(observed(a_task(due=due, time_zone=zone)), now)
        assert told(plan, "Overdue") == ("True PastDue" if overdue else "False NotYetDue")

    def test_an_overdue_task_is_still_ready(self):
        plan = reconcile(observed(a_task(due=NOW - hours(1))), NOW)
        assert told(plan, "Ready") == "True Scheduled"

    def test_the_default_zone_of_the_namespace_decides_when_the_task_names_none(self):
        in_tokyo = observed(a_task(due="2026-11-21T20:00"), default_zone="Asia/Tokyo")
        assert told(reconcile(in_tokyo, NOW), "Overdue") == "True PastDue"
        assert told(reconcile(observed(a_task(due="2026-11-21T20:00")), NOW), "Overdue") == "False NotYetDue"

    def test_the_status_says_the_resolved_instant(self):
        plan = reconcile(observed(a_task(due="2026-11-22T09:00", time_zone="Europe/Berlin")), NOW)
        assert plan.status.due_time == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        assert condition(plan, "Ready").message == "Due at 2026-11-22T09:00:00+01:00 (Europe/Berlin)."

    def test_an_all_day_task_is_told_as_a_day(self):
        plan = reconcile(observed(a_task(due="2026-11-22", time_zone="Europe/Berlin")), NOW)
        assert condition(plan, "Ready").message == "Due on 2026-11-22, all day (Europe/Berlin)."

    def test_taking_the_due_date_away_takes_the_due_time_away(self):
        seen = after_first_visit(a_task(due=NOW - hours(1)))
        plan = reconcile(after(seen, Plan(), due=None), NOW)
        assert plan.status.due_time is None
        assert told(plan, "Overdue") == "False NoDueDate"

    def test_becoming_overdue_is_told_once(self):
        task = a_task(due=NOW)
        before = after_first_visit(task, at=NOW - hours(1))
        plan = reconcile(before, NOW)
        assert plan.emits == (TaskEmission("task.overdue", task.key, task.uid, NOW),)
        assert reconcile(after(before, plan), NOW + hours(1)) == Plan()

    def test_it_is_told_again_when_the_status_was_not_written(self):
        task = a_task(due=NOW - hours(1))
        first, second = reconcile(observed(task), NOW), reconcile(observed(task), NOW + hours(1))
        assert first.emits == second.emits  # the same id: told once, whatever happens in between

    def test_a_new_due_that_has_passed_too_is_told_as_another_happening(self):
        seen = after_first_visit(a_task(due=NOW - hours(2)))
        plan = reconcile(after(seen, Plan(), due=(NOW - hours(1)).isoformat()), NOW)
        assert [e.instant for e in plan.emits] == [NOW - hours(1)]

    def test_a_day_is_told_by_its_end_for_that_is_when_it_happened(self):
        plan = reconcile(observed(a_task(due="2026-11-19", time_zone="Europe/Berlin")), NOW)
        assert [e.instant for e in plan.emits] == [datetime(2026, 11, 19, 23, tzinfo=UTC)]

    def test_an_edit_of_something_else_does_not_tell_it_again(self):
        seen = after_first_visit(a_task(due=NOW - hours(2)))
        plan = reconcile(after(seen, Plan(), title="Pay rent!"), NOW)
        assert plan.status is not None
        assert plan.emits == ()


class TestBlocked:
    @pytest.mark.parametrize(
        ("dependencies", "expected"),
        [
            ({}, "False NoDependencies"),
            ({"a": True}, "False DependenciesCompleted"),
            ({"a": True, "b": True}, "False DependenciesCompleted"),
            ({"a": False}, "True DependencyOpen"),
            ({"a": True, "b": False}, "True DependencyOpen"),
            ({"a": None}, "True DependencyMissing"),
            ({"a": False, "b": None}, "True DependencyMissing"),  # what needs a person comes first
        ],
    )
    def test_while_a_dependency_is_not_completed(self, dependencies, expected):
        plan = reconcile(observed(dependencies=waiting_for(**dependencies)), NOW)
        assert told(plan, "Blocked") == expected

    def test_names_what_it_waits_for(self):
        plan = reconcile(observed(dependencies=waiting_for(a=False, b=True, c=False)), NOW)
        assert condition(plan, "Blocked").message == 'Waits for "a", "c".'

    def test_says_what_to_do_about_a_missing_dependency_and_what_else_it_waits_for(self):
        plan = reconcile(observed(dependencies=waiting_for(a=False, b=None)), NOW)
        assert condition(plan, "Blocked").message == (
            'No such task: "b". Create it or take it out of spec.dependsOn. Waits also for "a".'
        )

    def test_counts_the_names_that_would_be_too_many(self):
        plan = reconcile(observed(dependencies=waiting_for(**{f"t{i}": False for i in range(8)})), NOW)
        assert condition(plan, "Blocked").message == 'Waits for "t0", "t1", "t2", "t3", "t4" and 3 more.'

    def test_names_the_cycle(self):
        cyclic = observed(dependencies=waiting_for(b=False), dependency_cycle=("pay-rent", "b", "pay-rent"))
        plan = reconcile(cyclic, NOW)
        assert told(plan, "Blocked") == "True DependencyCycle"
        assert "pay-rent → b → pay-rent" in condition(plan, "Blocked").message

    def test_shortens_a_long_cycle_in_the_middle(self):
        cycle = ("x", *(f"t{i}" for i in range(99)), "x")
        message = condition(reconcile(observed(dependency_cycle=cycle), NOW), "Blocked").message
        assert message.endswith("x → t0 → t1 → t2 → t3 → (91 more) → t95 → t96 → t97 → t98 → x")

    def test_a_blocked_task_is_ready_for_it_is_accepted(self):
        plan = reconcile(observed(dependencies=waiting_for(a=False)), NOW)
        assert told(plan, "Ready") == "True Accepted"


class TestSubtasks:
    def test_are_counted(self):
        plan = reconcile(observed(subtasks=SubtaskTotals(total=3, completed=1)), NOW)
        assert plan.status.subtasks == SubtaskTotals(total=3, completed=1)

    def test_are_not_mentioned_when_there_are_none(self):
        assert reconcile(observed(), NOW).status.subtasks is None

    def test_a_parent_that_does_not_exist_is_mentioned_and_no_obstacle(self):
        plan = reconcile(observed(a_task(parent="move"), parent_exists=False), NOW)
        assert told(plan, "Ready") == "True Accepted"
        assert condition(plan, "Ready").message.endswith('Its parent "move" does not exist.')

    def test_a_task_that_is_its_own_ancestor_is_stalled_and_the_way_round_is_named(self):
        plan = reconcile(observed(a_task(parent="b"), parent_cycle=("pay-rent", "b", "pay-rent")), NOW)
        assert told(plan, "Stalled") == "True ParentCycle"
        assert "pay-rent → b → pay-rent" in condition(plan, "Ready").message


class TestTTL:
    def task(self, **changes):
        return a_task(completed=True, ttl_seconds_after_completed=60, **changes)

    def test_deletes_exactly_the_state_that_was_seen_once_the_time_is_over(self):
        seen = after_first_visit(self.task())
        plan = reconcile(seen, NOW + minutes(1))
        assert plan == Plan(deletes=(Delete(seen.task.key, seen.task.uid, "7"),))

    def test_does_not_delete_a_second_earlier(self):
        seen = after_first_visit(self.task())
        assert reconcile(seen, NOW + timedelta(seconds=59)) == Plan(requeue_at=NOW + minutes(1))

    def test_of_zero_writes_the_completion_time_and_deletes(self):
        plan = reconcile(observed(a_task(completed=True, ttl_seconds_after_completed=0)), NOW)
        assert plan.status.completion_time == NOW
        assert len(plan.deletes) == 1

    def test_does_not_count_while_the_task_is_open(self):
        assert reconcile(observed(a_task(ttl_seconds_after_completed=0)), NOW).deletes == ()

    def test_that_was_added_long_after_completion_counts_from_the_completion(self):
        seen = after_first_visit(a_task(completed=True))
        late = after(seen, Plan(), ttl_seconds_after_completed=60)
        assert len(reconcile(late, NOW + hours(1)).deletes) == 1

    def test_waits_while_an_open_task_depends_on_it(self):
        seen = after_first_visit(self.task(), is_needed=True)
        assert reconcile(seen, NOW + hours(1)) == Plan()

    def test_that_is_absurdly_long_never_ends(self):
        seen = after_first_visit(a_task(completed=True, ttl_seconds_after_completed=2**62))
        assert reconcile(seen, NOW) == Plan()


class TestStalled:
    @pytest.mark.parametrize(
        ("task", "reason", "says"),
        [
            (a_task(unreadable="spec.priority: Invalid enum value 'x'"), "InvalidSpec", "spec.priority"),
            (a_task(title=""), "InvalidTitle", "spec.title: has 0 characters, accepted are 1 to 512"),
            (a_task(title="x" * 513), "InvalidTitle", "spec.title: has 513"),
            (a_task(time_zone="Europe/Berln"), "InvalidTimeZone", 'did you mean "Europe/Berlin"'),
            (
                a_task(due="2026-02-30"),
                "InvalidDue",
                'spec.due: "2026-02-30" names a day that does not exist',
            ),
            (a_task(due="soon"), "InvalidDue", 'spec.due: "soon" is not a date'),
            (
                a_task(reminders=(TaskReminder(before="1 h"),), due=NOW),
                "InvalidReminder",
                "spec.reminders[0].before:",
            ),
            (
                a_task(reminders=(TaskReminder(before="1h"),)),
                "InvalidReminder",
                "before: needs spec.due",
            ),
            (a_task(reminders=(TaskReminder(at="noon"),)), "InvalidReminder", "spec.reminders[0].at:"),
            (a_task(reminders=(TaskReminder(),)), "InvalidReminder", "spec.reminders[0]: exactly one of"),
            (a_task(ttl_seconds_after_completed=-1), "InvalidTTL", "is -1, accepted are 0 and more"),
        ],
    )
    def test_says_what_cannot_be_accepted_and_the_task_is_not_ready(self, task, reason, says):
        plan = reconcile(observed(task), NOW)
        assert told(plan, "Ready") == f"False {reason}"
        assert told(plan, "Stalled") == f"True {reason}"
        assert says in condition(plan, "Ready").message

    def test_says_all_errors_at_once(self):
        broken = a_task(title="", time_zone="Mars", due="soon", ttl_seconds_after_completed=-1)
        message = condition(reconcile(observed(broken), NOW), "Stalled").message
        assert message.count("spec.") == 4

    def test_an_unknown_default_zone_is_told_where_it_matters(self):
        mars = {"default_zone": "Mars/Olympus"}
        hurt = reconcile(observed(a_task(due="2026-11-21"), **mars), NOW)
        assert told(hurt, "Stalled") == "True InvalidTimeZone"
        assert "annotation todotasks.dev/time-zone" in condition(hurt, "Ready").message
        assert told(reconcile(observed(a_task(), **mars), NOW), "Ready") == "True Accepted"
        assert told(reconcile(observed(a_task(due=NOW), **mars), NOW), "Ready") == "True Scheduled"
        own_zone = a_task(due="2026-11-21", time_zone="UTC")
        assert told(reconcile(observed(own_zone, **mars), NOW), "Ready") == "True Scheduled"

    def test_what_cannot_be_told_is_unknown_and_the_rest_is_told(self):
        broken = observed(a_task(due="soon"), dependencies=waiting_for(a=False))
        plan = reconcile(broken, NOW)
        assert told(plan, "Overdue") == "Unknown InvalidDue"
        assert told(plan, "Blocked") == "True DependencyOpen"
        assert told(plan, "Completed") == "False Open"

    def test_a_broken_task_can_still_be_completed_and_expire(self):
        broken = a_task(title="", completed=True, ttl_seconds_after_completed=5)
        seen = after_first_visit(broken)
        assert len(reconcile(seen, NOW + minutes(1)).deletes) == 1

    def test_healing_takes_the_condition_away(self):
        seen = after_first_visit(a_task(due="soon"))
        plan = reconcile(after(seen, Plan(), due=None), NOW)
        assert [c.type for c in plan.status.conditions] == ["Ready", "Completed", "Overdue", "Blocked"]
        assert told(plan, "Ready") == "True Accepted"


class TestRequeue:
    @pytest.mark.parametrize(
        ("task", "at"),
        [
            (a_task(), None),
            (a_task(due=NOW + hours(2)), NOW + hours(2)),
            (a_task(due="2026-11-21"), datetime(2026, 11, 22, tzinfo=UTC)),
            (a_task(due=NOW), None),  # overdue now: time alone changes nothing more
            (a_task(due=NOW + hours(2), completed=True), None),
            (a_task(completed=True, ttl_seconds_after_completed=60), NOW + minutes(1)),
            (a_task(due=NOW + hours(2), ttl_seconds_after_completed=60), NOW + hours(2)),
            (a_task(due="soon"), None),  # only an edit can heal it
        ],
    )
    def test_is_the_next_instant_at_which_time_alone_changes_something(self, task, at):
        assert reconcile(observed(task), NOW).requeue_at == at
