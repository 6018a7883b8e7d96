"""The cache: newest wins, nobody affected is forgotten, and it stays slim."""

import gc
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.operator.build import NOW, a_task, observed
from todo_operator.index.objects import KnownObjects
from todo_operator.index.tasks import TaskCache
from todo_operator.reconcile.task.checks import Dependency
from todo_operator.reconcile.task.decide import reconcile
from todotasks.api import ObjectKey, SubtaskTotals, TaskReminder


def key(name: str) -> ObjectKey:
    return ObjectKey("home", name)


def named(name: str, version: int = 1, **changes):
    changes.setdefault("uid", f"uid-{name}")
    return a_task(name=name, resource_version=version, **changes)


def a_cache(*tasks) -> TaskCache:
    cache = TaskCache()
    for task in tasks:
        cache.put(task)
    return cache


class TestNews:
    def test_what_was_put_is_what_is_there(self):
        task = named("a", due="2026-11-21", reminders=(TaskReminder(before="1h", channels=("mail",)),))
        task = msgspec.structs.replace(task, status=reconcile(observed(task), NOW).status)
        assert a_cache(task).get(key("a")) == task

    def test_the_newest_version_wins_whatever_comes_first(self):
        cache = a_cache(named("a", version=5, title="new"))
        assert cache.put(named("a", version=4, title="old")) == frozenset()
        assert cache.get(key("a")).title == "new"

    def test_the_same_version_twice_is_no_news(self):
        assert a_cache(named("a", version=5)).put(named("a", version=5)) == frozenset()

    def test_a_deleted_object_does_not_come_back_with_a_late_page_of_a_list(self):
        cache = a_cache(named("a"))
        assert key("a") in cache.remove(key("a"), "uid-a")
        assert cache.put(named("a", version=9)) == frozenset()
        assert cache.get(key("a")) is None

    def test_a_recreated_object_of_the_same_name_stays_when_the_old_deletion_arrives_late(self):
        cache = a_cache(named("a", uid="old"))
        assert cache.put(named("a", version=3, uid="new")) == {key("a")}
        assert cache.remove(key("a"), "old") == frozenset()
        assert cache.version(key("a")) == ("new", 3)

    def test_after_a_complete_list_who_was_not_in_it_is_gone(self):
        cache = a_cache(named("a", 1), named("b", 2), named("c", 7))
        assert cache.sweep({"uid-a"}, up_to=5) == {key("b")}  # c was created after the list
        assert set(cache) == {key("a"), key("c")}


class TestWhoIsAffected:
    def test_the_parent_when_a_subtask_is_added_completed_moved_or_deleted(self):
        cache = a_cache(named("p"), named("q"))
        assert cache.put(named("a", 1, parent="p")) == {key("a"), key("p")}
        assert cache.put(named("a", 2, parent="p", completed=True)) == {key("a"), key("p")}
        assert cache.put(named("a", 3, parent="p", completed=True, title="t")) == {key("a")}
        assert cache.put(named("a", 4, parent="q", completed=True)) == {key("a"), key("p"), key("q")}
        assert cache.remove(key("a"), "uid-a") == {key("a"), key("q")}

    def test_the_subtasks_when_their_parent_appears_or_goes(self):
        cache = a_cache(named("a", parent="p"))
        assert cache.put(named("p")) == {key("a"), key("p")}
        assert cache.remove(key("p"), "uid-p") == {key("a"), key("p")}

    def test_who_waits_for_it_when_it_is_completed_reopened_created_or_deleted(self):
        cache = a_cache(named("a", depends_on=("b",)))
        assert cache.put(named("b", 1)) == {key("a"), key("b")}
        assert cache.put(named("b", 2, completed=True)) == {key("a"), key("b")}
        assert cache.put(named("b", 3)) == {key("a"), key("b")}
        assert cache.remove(key("b"), "uid-b") == {key("a"), key("b")}

    def test_who_is_no_longer_needed_when_the_one_that_waited_is_completed(self):
        cache = a_cache(named("b", completed=True), named("a", depends_on=("b",)))
        assert cache.observe(key("b")).is_needed
        assert cache.put(named("a", 2, depends_on=("b",), completed=True)) == {key("a"), key("b")}
        assert not cache.observe(key("b")).is_needed

    def test_everybody_on_a_cycle_when_it_closes_and_when_it_opens(self):
        cache = a_cache(named("a", depends_on=("b",)), named("b", depends_on=("c",)))
        everybody = {key("a"), key("b"), key("c")}
        assert cache.put(named("c", 1, depends_on=("a",))) == everybody
        assert cache.put(named("c", 2)) == everybody

    def test_tasks_of_the_namespace_when_its_zone_changes(self):
        cache = a_cache(named("a"), named("b", namespace="work"))
        assert cache.set_zone("home", "Europe/Berlin") == {key("a")}
        assert cache.set_zone("home", "Europe/Berlin") == frozenset()
        assert cache.observe(key("a")).default_zone == "Europe/Berlin"
        assert cache.set_zone("home", None) == {key("a")}
        assert cache.observe(key("a")).default_zone is None

    def test_also_when_it_becomes_known_that_the_namespace_has_no_zone(self):
        cache = a_cache(named("a"))
        assert "home" not in cache.zones
        assert cache.set_zone("home", None) == {key("a")}
        assert "home" in cache.zones
        assert cache.set_zone("home", None) == frozenset()

    def test_not_the_neighbour_namespace_for_names_are_local(self):
        cache = a_cache(named("p"), named("a", namespace="work", parent="p", depends_on=("p",)))
        assert cache.put(named("p", 2, completed=True)) == {key("p")}


class TestObserving:
    def test_what_does_not_exist_is_none(self):
        assert TaskCache().observe(key("a")) is None

    def test_dependencies_in_the_order_of_the_spec(self):
        cache = a_cache(named("a", depends_on=("z", "b", "c")), named("b", completed=True), named("c"))
        expected = (Dependency("z", None), Dependency("b", True), Dependency("c", False))
        assert cache.observe(key("a")).dependencies == expected

    def test_a_cycle_is_open_where_one_of_its_tasks_is_completed(self):
        cache = a_cache(named("a", depends_on=("b",)), named("b", depends_on=("a",)))
        assert cache.observe(key("a")).dependency_cycle == ("a", "b", "a")
        cache.put(named("b", 2, depends_on=("a",), completed=True))
        assert cache.observe(key("a")).dependency_cycle == ()

    def test_a_parent_cycle_counts_completed_tasks_too(self):
        cache = a_cache(named("a", parent="b", completed=True), named("b", parent="a"))
        assert cache.observe(key("a")).parent_cycle == ("a", "b", "a")


NAMES = "abcde"
names = st.sampled_from(NAMES)
puts = st.builds(
    lambda name, version, uid, completed, parent, waits: named(
        name, version, uid=f"{name}{uid}", completed=completed, parent=parent, depends_on=tuple(waits)
    ),
    names,
    st.integers(1, 40),
    st.integers(1, 2),
    st.booleans(),
    st.one_of(st.none(), names),
    st.lists(names, max_size=2, unique=True),
)
removals = st.tuples(names, st.integers(1, 2))
zones = st.tuples(st.just("zone"), st.sampled_from([None, "UTC", "Asia/Tokyo"]))


@given(st.lists(st.one_of(puts, removals, zones), max_size=30))
def test_nobody_whose_input_changed_is_forgotten_and_the_input_is_right(steps):
    cache = TaskCache()
    for step in steps:
        before = {name: cache.observe(key(name)) for name in NAMES}
        if not isinstance(step, tuple):
            affected = cache.put(step)
        elif step[0] == "zone":
            affected = cache.set_zone("home", step[1])
        else:
            affected = cache.remove(key(step[0]), f"{step[0]}{step[1]}")
        for name in NAMES:
            now = cache.observe(key(name))
            assert now == before[name] or key(name) in affected
            if now is not None:
                assert now == naively_observed(cache, name)


def naively_observed(cache: TaskCache, name: str):
    """What a full scan says about the counts; cycles are the graph's own test."""
    tasks = {k.name: cache.get(k) for k in cache}
    task, seen = tasks[name], cache.observe(key(name))
    children = [t for t in tasks.values() if t.parent == name]
    return observed(
        task,
        subtasks=SubtaskTotals(len(children), sum(t.completed for t in children)),
        dependencies=tuple(
            Dependency(n, tasks[n].completed if n in tasks else None)
            for n in task.depends_on
            if not task.completed
        ),
        dependency_cycle=seen.dependency_cycle,
        parent_exists=task.parent is None or task.parent in tasks,
        parent_cycle=seen.parent_cycle,
        is_needed=any(name in t.depends_on and not t.completed for t in tasks.values()),
        default_zone=seen.default_zone,
    )


@pytest.mark.parametrize("number", [5_000])
def test_a_task_takes_at_most_a_kilobyte(number):
    def realistic(n: int):
        task = a_task(
            namespace="".join(["team", "-", "backlog"]),  # a new string each time, as a decoder makes them
            name=f"write-the-quarterly-report-{n:06}",
            uid=f"3f0c6a6e-52b1-4c7e-9b50-{n:012}",
            resource_version=1_000_000 + n,
            title=f"Write the quarterly report, part {n}",
            due="2026-11-30T17:00:00",
            time_zone="Europe/Berlin",
        )
        return msgspec.structs.replace(task, status=reconcile(observed(task), NOW).status)

    cache = TaskCache()
    cache.put(realistic(number))
    gc.collect()
    tracemalloc.start()
    for n in range(number):
        cache.put(realistic(n))
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / number <= 1_000


def test_what_concerns_a_namespace_looks_at_its_tasks_and_no_others(monkeypatch: pytest.MonkeyPatch):
    cache = a_cache(*(named(f"t{n}", namespace=f"ns-{n % 50}", uid=f"uid-{n}") for n in range(500)))

    def looked_at_all(_self: object) -> None:
        raise AssertionError("all tasks of all namespaces are walked through")

    monkeypatch.setattr(KnownObjects, "__iter__", looked_at_all)
    assert cache.set_zone("ns-7", "Europe/Berlin") == {ObjectKey("ns-7", f"t{n}") for n in range(7, 500, 50)}
    assert cache.set_zone("ns-7", "Europe/Berlin") == frozenset()
