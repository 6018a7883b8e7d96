"""What must hold for every task, not only for those somebody thought of."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.operator.build import NOW, a_task, after
from todo_operator.reconcile.reasons import TaskReason
from todo_operator.reconcile.task.checks import Dependency, ObservedTask
from todo_operator.reconcile.task.decide import emissions, reconcile
from todotasks.api import Condition, SubtaskTotals, TaskReminder, TodoTaskStatus

names = st.sampled_from(["a", "b", "c", "pay-rent"])
instants = st.datetimes(min_value=datetime(2026, 11, 18), max_value=datetime(2026, 11, 25)).map(
    lambda t: t.replace(tzinfo=UTC)
)
dues = st.one_of(
    st.none(),
    instants.map(lambda t: t.isoformat()),
    instants.map(lambda t: t.date().isoformat()),
    instants.map(lambda t: t.replace(tzinfo=None).isoformat(timespec="minutes")),
    st.sampled_from(["", "soon", "2026-02-30", "9999-12-31"]),
)
zones = st.sampled_from([None, "UTC", "Europe/Berlin", "Pacific/Kiritimati", "Mars/Olympus", ""])
conditions = st.builds(
    Condition,
    type=st.sampled_from(["Ready", "Completed", "Overdue", "Blocked", "Stalled", "Odd"]),
    status=st.sampled_from(["True", "False", "Unknown"]),
    reason=st.sampled_from([str(r) for r in TaskReason]),
    message=st.text(max_size=5),
    observed_generation=st.integers(-1, 3),
    last_transition_time=st.one_of(st.none(), instants),
)
statuses = st.builds(
    TodoTaskStatus,
    observed_generation=st.integers(-1, 3),
    due_time=st.one_of(st.none(), instants),
    completion_time=st.one_of(st.none(), instants),
    subtasks=st.one_of(st.none(), st.just(SubtaskTotals(2, 1))),
    conditions=st.one_of(st.none(), st.lists(conditions, max_size=6).map(tuple)),
)
tasks = st.builds(
    a_task,
    generation=st.integers(1, 3),
    deleting=st.booleans(),
    title=st.sampled_from(["Pay rent", "", "x" * 513]),
    due=dues,
    time_zone=zones,
    completed=st.booleans(),
    parent=st.one_of(st.none(), names),
    reminders=st.lists(
        st.builds(
            TaskReminder,
            before=st.sampled_from([None, "1h", "soon"]),
            at=st.sampled_from([None, "2026-11-21T09:00", "noon"]),
        ),
        max_size=2,
    ).map(tuple),
    ttl_seconds_after_completed=st.one_of(st.none(), st.integers(-1, 400_000)),
    unreadable=st.one_of(st.none(), st.just("spec.priority: is odd")),
    status=statuses,
)
cycles = st.sampled_from([(), ("pay-rent", "pay-rent"), ("pay-rent", "b", "pay-rent")])
situations = st.builds(
    ObservedTask,
    task=tasks,
    subtasks=st.builds(SubtaskTotals, total=st.integers(0, 3), completed=st.integers(0, 3)),
    dependencies=st.lists(
        st.builds(Dependency, name=names, completed=st.sampled_from([True, False, None])), max_size=4
    ).map(tuple),
    dependency_cycle=cycles,
    parent_exists=st.booleans(),
    parent_cycle=cycles,
    is_needed=st.booleans(),
    default_zone=zones,
)


@given(situations, instants)
def test_applying_a_plan_leaves_nothing_to_do(seen, now):
    plan = reconcile(seen, now)
    if plan.deletes:
        return  # it is gone
    again = reconcile(after(seen, plan), now)
    assert (again.status, again.emits, again.deletes) == (None, (), ())
    assert again.requeue_at == plan.requeue_at


@given(situations, instants)
def test_every_generation_is_observed_and_every_condition_says_so(seen, now):
    plan = reconcile(seen, now)
    status = plan.status or seen.task.status
    if plan.deletes or seen.task.deleting:
        return
    assert status.observed_generation == seen.task.generation
    types = [c.type for c in status.conditions]
    assert types[:4] == ["Ready", "Completed", "Overdue", "Blocked"]
    assert types[4:] in ([], ["Stalled"])
    assert {c.observed_generation for c in status.conditions} == {seen.task.generation}
    assert all(c.last_transition_time is not None and c.reason for c in status.conditions)


@given(situations, instants)
def test_the_short_way_to_the_emissions_says_what_the_plan_emits(seen, now):
    assert emissions(seen, now) == reconcile(seen, now).emits


@given(situations, instants)
def test_a_requeue_is_later_than_now_and_changes_the_answer(seen, now):
    plan = reconcile(seen, now)
    if plan.requeue_at is None:
        return
    assert plan.requeue_at > now
    then = reconcile(after(seen, plan), plan.requeue_at)
    assert then.writes, "something changes at the instant it asked for"
    just_before = reconcile(after(seen, plan), plan.requeue_at - timedelta(microseconds=1))
    assert not just_before.writes, "and nothing changes earlier"


@given(situations)
def test_without_a_requeue_time_changes_nothing(seen):
    plan = reconcile(seen, NOW)
    if plan.requeue_at is None and not plan.deletes:
        assert not reconcile(after(seen, plan), NOW + timedelta(days=36_500)).writes


@given(situations, instants)
def test_the_status_survives_the_api_server(seen, now):
    """What is written comes back equal; else every look would write it again."""
    status = reconcile(seen, now).status
    if status is not None:
        assert msgspec.json.decode(msgspec.json.encode(status), type=TodoTaskStatus) == status


@given(situations, instants)
def test_stalled_and_ready_never_contradict_each_other(seen, now):
    status = reconcile(seen, now).status
    if status is not None:
        by_type = {c.type: c.status for c in status.conditions}
        assert ("Stalled" in by_type) == (by_type["Ready"] == "False")
