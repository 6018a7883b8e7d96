"""Decisions and their execution against a real API server and PostgreSQL."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY

from tests.integration.operator.rig import Rig, Tasks, a_rig, condition, is_current, told
from todotasks.api import SubtaskTotals
from todotasks.events.data import TaskOverdue
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Invalid, UndecodableAnswer
from todotasks.kube.resources import CRDS, NAMESPACES, TODOTASKS


def in_seconds(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


# ── status ───────────────────────────────────────────────────────────────────────────────────────────
async def test_a_new_task_becomes_ready(rig: Rig, tasks: Tasks):
    await tasks.create("rent")
    task = await tasks.until_told("rent", "Ready", "True Accepted")
    assert {c.type for c in task.status.conditions} == {"Ready", "Completed", "Overdue", "Blocked"}


async def writes_since(tasks: Tasks, name: str, version: str) -> int:
    """How often the object was written after that resourceVersion, by whomever."""
    params = {
        "resourceVersion": version,
        "timeoutSeconds": "2",
        "fieldSelector": f"metadata.name={name}",
    }
    return len([line async for line in tasks.kube.watch_lines(TODOTASKS, tasks.namespace, params)])


async def test_each_spec_change_is_one_status_write_and_nothing_else_is_any(rig: Rig, tasks: Tasks):
    await tasks.create("rent")
    written = await tasks.until("rent", is_current)
    for n in range(3):
        await tasks.edit("rent", notes=f"note {n}")
        answered = await tasks.until("rent", is_current)
        await rig.settle()
        assert (
            await writes_since(tasks, "rent", written.metadata.resource_version) == 2
        )  # the edit, the answer
        written = answered
    await tasks.kube.patch(TODOTASKS, "rent", {"metadata": {"labels": {"a": "b"}}}, tasks.namespace)
    await rig.settle()
    assert await writes_since(tasks, "rent", written.metadata.resource_version) == 1  # the label


async def test_completing_and_reopening(rig: Rig, tasks: Tasks):
    await tasks.create("rent")
    await tasks.until("rent", is_current)
    await tasks.edit("rent", completed=True)
    done = await tasks.until_told("rent", "Completed", "True Completed")
    assert abs(done.status.completion_time - datetime.now(UTC)) < timedelta(seconds=5)
    await tasks.edit("rent", completed=False)
    opened = await tasks.until_told("rent", "Completed", "False Open")
    assert opened.status.completion_time is None


async def test_what_the_crd_would_have_refused_is_said_in_a_condition(rig: Rig, tasks: Tasks):
    await tasks.create("lunch", due="2026-11-21T12:00", timeZone="Mars/Olympus")
    task = await tasks.until_told("lunch", "Ready", "False InvalidTimeZone")
    assert told(task, "Stalled") == "True InvalidTimeZone"
    await tasks.edit("lunch", timeZone="Europe/Berlin")
    healed = await tasks.until_told("lunch", "Ready", "True Scheduled")
    assert condition(healed, "Stalled") is None


async def test_an_object_from_before_a_rule_was_there_is_told_what_is_wrong_with_it(
    kube: KubeClient, postgres_url, tasks: Tasks
):
    crd = await kube.get(CRDS, "todotasks.todotasks.dev")
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    rules = spec["priority"].pop("enum")
    await kube.replace(CRDS, crd["metadata"]["name"], crd)
    try:
        await until_accepted(lambda: tasks.create("old", priority="ASAP"))
    finally:
        spec["priority"]["enum"] = rules
        current = await kube.get(CRDS, "todotasks.todotasks.dev")
        await kube.replace(CRDS, "todotasks.todotasks.dev", current | {"spec": crd["spec"]})
    await tasks.create("neighbour")
    async with a_rig(kube, postgres_url, tasks.namespace):
        await tasks.until_told("neighbour", "Ready", "True Accepted")
        conditions: dict[str, Any] = {}
        while "Stalled" not in conditions:
            old = await kube.get(TODOTASKS, "old", tasks.namespace)
            conditions = {c["type"]: c for c in old["status"].get("conditions", [])}
            await asyncio.sleep(0.05)
    assert conditions["Ready"]["reason"] == "InvalidSpec"
    assert conditions["Ready"]["message"] == "spec.priority: Invalid enum value 'ASAP'"
    assert conditions["Completed"]["status"] == "False"


async def until_accepted(create: Callable[[], Awaitable[Any]]) -> None:
    """The API server takes a moment to serve a changed CRD."""
    async with asyncio.timeout(15):
        while True:
            try:
                await create()
            except UndecodableAnswer:
                return  # it is there, and is what we cannot read
            except Invalid:
                await asyncio.sleep(0.1)


# ── relations ────────────────────────────────────────────────────────────────────────────────────────
async def test_a_chain_of_dependencies_unblocks_one_by_one(rig: Rig, tasks: Tasks):
    await tasks.create("c", dependsOn=["b"])
    await tasks.create("b", dependsOn=["a"])
    await tasks.until_told("b", "Blocked", "True DependencyMissing")
    await tasks.create("a")
    await tasks.until_told("b", "Blocked", "True DependencyOpen")
    await tasks.edit("a", completed=True)
    await tasks.until_told("b", "Blocked", "False DependenciesCompleted")
    assert told(await tasks.get("c"), "Blocked") == "True DependencyOpen"
    await tasks.edit("b", completed=True)
    await tasks.until_told("c", "Blocked", "False DependenciesCompleted")
    await tasks.edit("a", completed=False)
    assert told(await tasks.get("b"), "Blocked") == "False Completed"


async def test_a_cycle_is_named_and_heals_when_it_is_cut(rig: Rig, tasks: Tasks):
    await tasks.create("a", dependsOn=["b"])
    await tasks.create("b", dependsOn=["c"])
    await tasks.create("c", dependsOn=["a"])
    for name, way in {"a": "a → b → c → a", "b": "b → c → a → b", "c": "c → a → b → c"}.items():
        task = await tasks.until_told(name, "Blocked", "True DependencyCycle")
        assert way in condition(task, "Blocked").message
    await tasks.edit("c", dependsOn=None)
    await tasks.until_told("a", "Blocked", "True DependencyOpen")
    await tasks.until_told("c", "Blocked", "False NoDependencies")


async def test_subtasks_are_counted_while_they_come_get_done_and_go(rig: Rig, tasks: Tasks):
    await tasks.create("move")
    for n in range(3):
        await tasks.create(f"box-{n}", parent="move")
    await tasks.until("move", lambda t: t.status.subtasks == SubtaskTotals(3, 0))
    await tasks.edit("box-0", completed=True)
    await tasks.until("move", lambda t: t.status.subtasks == SubtaskTotals(3, 1))
    await tasks.delete("box-0")
    await tasks.until("move", lambda t: t.status.subtasks == SubtaskTotals(2, 0))
    await tasks.edit("box-1", parent=None)
    await tasks.until("move", lambda t: t.status.subtasks == SubtaskTotals(1, 0))


async def test_tasks_that_are_each_others_parents_are_stalled(rig: Rig, tasks: Tasks):
    await tasks.create("a", parent="b")
    await tasks.create("b", parent="a")
    for name in ("a", "b"):
        await tasks.until_told(name, "Stalled", "True ParentCycle")
    await tasks.edit("a", parent=None)
    await tasks.until_told("b", "Ready", "True Accepted")


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────
async def test_an_open_task_is_overdue_at_its_time_and_that_is_told_once(rig: Rig, tasks: Tasks):
    await tasks.create("call", due=in_seconds(1.5))
    early = await tasks.until_told("call", "Overdue", "False NotYetDue")
    late = await tasks.until_told("call", "Overdue", "True PastDue")
    delay = datetime.now(UTC) - late.status.due_time
    assert timedelta() <= delay < timedelta(seconds=1)
    [event] = await rig.overdue_events()
    assert event.read(TaskOverdue).task.metadata.uid == early.metadata.uid
    assert event.read(TaskOverdue).overdue_at == late.status.due_time
    await tasks.edit("call", notes="still to do")
    await tasks.until("call", is_current)
    await tasks.edit("call", completed=True)
    await tasks.until_told("call", "Overdue", "False Completed")
    await tasks.edit("call", completed=False)
    await tasks.until_told("call", "Overdue", "True PastDue")
    assert len(await rig.overdue_events()) == 1


async def test_the_clock_of_the_machine_decides_also_when_it_is_set(rig: Rig, tasks: Tasks):
    await tasks.create("tomorrow", due=in_seconds(86_400))
    await tasks.until_told("tomorrow", "Overdue", "False NotYetDue")
    rig.clock.ahead = timedelta(days=2)
    await tasks.until_told("tomorrow", "Overdue", "True PastDue")


async def test_the_zone_of_the_namespace_counts_also_when_it_is_changed(
    rig: Rig, tasks: Tasks, kube: KubeClient
):
    await tasks.create("noon", due="2030-01-01T12:00")
    plain = await tasks.until_told("noon", "Ready", "True Scheduled")
    assert plain.status.due_time == datetime(2030, 1, 1, 12, tzinfo=UTC)
    annotations = {"metadata": {"annotations": {"todotasks.dev/time-zone": "Asia/Tokyo"}}}
    await kube.patch(NAMESPACES, tasks.namespace, annotations)
    await tasks.until("noon", lambda t: t.status.due_time == datetime(2030, 1, 1, 3, tzinfo=UTC))


async def test_a_completed_task_is_deleted_when_its_time_is_over(rig: Rig, tasks: Tasks):
    await tasks.create("errand", ttlSecondsAfterCompleted=1)
    await tasks.edit("errand", completed=True)
    await tasks.until_told("errand", "Completed", "True Completed")
    await tasks.until_gone("errand")


async def test_it_stays_while_an_open_task_depends_on_it(rig: Rig, tasks: Tasks):
    await tasks.create("buy", ttlSecondsAfterCompleted=0)
    await tasks.create("cook", dependsOn=["buy"])
    await tasks.until_told("cook", "Blocked", "True DependencyOpen")
    await tasks.edit("buy", completed=True)
    await tasks.until_told("cook", "Blocked", "False DependenciesCompleted")
    await rig.settle()
    assert (await tasks.get("buy")).spec.completed
    await tasks.edit("cook", completed=True)
    await tasks.until_gone("buy")


# ── races ────────────────────────────────────────────────────────────────────────────────────────────
async def test_another_object_of_the_same_name_is_not_written(kube: KubeClient, postgres_url, tasks: Tasks):
    """The status decided for the first object meets the second one."""
    async with a_rig(kube, postgres_url, tasks.namespace, write_rate=1000) as rig:
        for round_ in range(5):
            await tasks.create("again", due="2030-01-01" if round_ % 2 else None)
            if round_ % 2:
                await tasks.until("again", is_current)
            await tasks.delete("again")
        last = await tasks.create("again", notes="the last one")
        found = await tasks.until("again", is_current)
        assert found.metadata.uid == last.metadata.uid
        assert told(found, "Ready") == "True Accepted"
        await rig.settle()


async def test_nothing_is_written_after_a_restart(kube: KubeClient, postgres_url, tasks: Tasks):
    async with a_rig(kube, postgres_url, tasks.namespace) as rig:
        await tasks.create("plain")
        await tasks.create("due", due=in_seconds(3600))
        await tasks.create("late", due=in_seconds(-3600))
        await tasks.create("sub", parent="plain", dependsOn=["late"])
        await tasks.create("done", completed=True)
        for task in await tasks.all():
            await tasks.until(task.metadata.name, is_current)
        await tasks.until("plain", lambda t: t.status.subtasks is not None)
        await rig.settle()
    before = {t.metadata.name: t.metadata.resource_version for t in await tasks.all()}
    async with a_rig(kube, postgres_url, tasks.namespace) as rig:
        await rig.settle()
        await asyncio.sleep(0.3)
    assert {t.metadata.name: t.metadata.resource_version for t in await tasks.all()} == before


async def test_what_changed_while_nobody_looked_is_found(kube: KubeClient, postgres_url, tasks: Tasks):
    async with a_rig(kube, postgres_url, tasks.namespace):
        await tasks.create("a", dependsOn=["b"])
        await tasks.create("b")
        await tasks.create("call", due=in_seconds(1))
        await tasks.until_told("a", "Blocked", "True DependencyOpen")
    await tasks.edit("b", completed=True)
    await asyncio.sleep(1.2)
    async with a_rig(kube, postgres_url, tasks.namespace) as rig:
        await tasks.until_told("a", "Blocked", "False DependenciesCompleted")
        await tasks.until_told("call", "Overdue", "True PastDue")
        assert len(await rig.overdue_events()) == 1


# ── PostgreSQL away, and the wrong leader ────────────────────────────────────────────────────────────
async def test_tasks_are_reconciled_while_the_database_is_away(kube: KubeClient, tasks: Tasks):
    await tasks.create("rent", completed=True)
    await tasks.create("late", due=in_seconds(-60))
    async with a_rig(kube, "postgresql://nobody@127.0.0.1:1/nothing", tasks.namespace) as rig:
        await tasks.until_told("rent", "Completed", "True Completed")
        await asyncio.sleep(0.5)
        # The event comes first, and it cannot be written: the status does not run ahead of the record.
        assert (await tasks.get("late")).status.observed_generation == -1
        assert not rig.background.failed.is_set()


async def test_a_crash_between_event_and_status_tells_it_under_the_same_id(
    kube: KubeClient, postgres_url, tasks: Tasks
):
    async with a_rig(kube, postgres_url, tasks.namespace, write_rate=0.001) as rig:
        # The burst is used up, so that the status patch waits for ever: here the operator dies.
        for _ in range(60):
            rig.reconciling.executor._limiter.try_take()
        await tasks.create("late", due=in_seconds(-60))
        async with asyncio.timeout(10):
            while not await rig.overdue_events():
                await asyncio.sleep(0.05)
        [first] = await rig.overdue_events()
    assert (await tasks.get("late")).status.observed_generation == -1
    async with a_rig(kube, postgres_url, tasks.namespace) as rig:
        await tasks.until_told("late", "Overdue", "True PastDue")
        assert [event.id for event in await rig.overdue_events()] == [first.id]


async def test_who_was_fenced_off_ends_before_it_writes(kube: KubeClient, postgres_url, tasks: Tasks):
    async with a_rig(kube, postgres_url, tasks.namespace) as rig:
        await tasks.create("rent")
        await tasks.until("rent", is_current)
        await rig.store.take_leadership("todotasks-operator", "somebody else")
        await tasks.create("late", due=in_seconds(-60))
        await asyncio.wait_for(rig.background.failed.wait(), 10)
        assert "taken over" in str(rig.background.failure)
        assert (await tasks.get("late")).status.observed_generation == -1
        rig.background.failed.clear()  # it was meant


# ── many ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.timeout(240)
async def test_many_tasks_due_in_one_second_are_all_told_long_before_their_statuses(
    kube: KubeClient, fresh_database: Callable[[], str], tasks: Tasks
):
    number = 1_000
    limit = asyncio.Semaphore(32)
    database_url = fresh_database()

    async def create(n: int) -> None:
        async with limit:
            await tasks.create(f"call-{n}", due=in_seconds(3600))

    async with a_rig(kube, database_url, tasks.namespace, write_rate=60) as rig:
        await asyncio.gather(*(create(n) for n in range(number)))
        await rig.settle(90)
        before = statuses_written()
        rig.clock.ahead = timedelta(hours=2)  # looked at within ten seconds
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database:
            began = time.monotonic()
            async with asyncio.timeout(120):
                while (told_of := await count_happenings(database)) < number:
                    began = began if told_of else time.monotonic()
                    await asyncio.sleep(0.05)
        seconds, written = time.monotonic() - began, statuses_written() - before
        print(f"{number} events in the outbox {seconds:.2f} s after the first; {written} statuses by then")
        assert written < number
        async with asyncio.timeout(90):
            while statuses_written() - before < number:
                await asyncio.sleep(0.05)
        assert all(told(t, "Overdue") == "True PastDue" for t in await tasks.all())
        found = await rig.overdue_events()
        assert len({event.id for event in found}) == len(found) == number


def statuses_written() -> float:
    labels = {"kind": "TodoTask", "result": "written"}
    return REGISTRY.get_sample_value("todotasks_reconcile_total", labels) or 0.0


async def count_happenings(database: psycopg.AsyncConnection) -> int:
    [count] = await (await database.execute("select count(*) from happenings")).fetchone()
    return count
