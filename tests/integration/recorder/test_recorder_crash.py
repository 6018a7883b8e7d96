"""Recorder and relay killed at every step, and frozen: nothing missing, no second id, order per task."""

import asyncio
import multiprocessing
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec
import psycopg
import pytest

from tests.e2e.stream import Driver, judge_events, judge_mirror, read_topic
from tests.integration.recorder.crashing import FENCED, STEPS, Order, run
from tests.integration.recorder.kafka import read
from tests.integration.recorder.rig import eventually
from tests.support.plane import Plane
from todotasks.events import decode
from todotasks.events.data import TaskSnapshot
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import TODOTASKS

pytestmark = pytest.mark.chaos

MESSAGE_TIMEOUT = 2000  # milliseconds; the product's own is longer, and nothing but the wait depends on it

# Fifty processes: they are forked from one that has imported everything, which takes longer than all else.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([run.__module__])


class Processes:
    """Starts recorder and relay, again and again; ends what it has started."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._started: list[BaseProcess] = []

    async def start(self, **more: Any) -> BaseProcess:
        """A process that leads."""
        ours, theirs = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=run, args=(msgspec.structs.replace(self._order, **more), theirs))
        await asyncio.to_thread(process.start)
        theirs.close()
        self._started.append(process)
        try:
            await asyncio.to_thread(ours.recv)
        except EOFError:
            code = await ended(process)
            raise AssertionError(f"the process ended with {code} before it led") from None
        finally:
            ours.close()
        return process

    async def end(self) -> None:
        for process in self._started:
            if process.is_alive():
                assert process.pid is not None
                os.kill(process.pid, signal.SIGCONT)
                await killed(process)


async def ended(process: BaseProcess, within: float = 60.0) -> int | None:
    """Its exit code; None if it runs longer than that."""
    await asyncio.to_thread(process.join, within)
    return process.exitcode


async def killed(process: BaseProcess) -> None:
    process.kill()
    assert await ended(process) is not None


@pytest.fixture
async def processes(
    plane: Plane, database_url: str, kafka_bootstrap: str, namespace: str
) -> AsyncIterator[Processes]:
    made = Processes(Order(str(plane.kubeconfig), database_url, kafka_bootstrap, namespace))
    # Before the first list nothing is promised: from here on there are positions.
    first = await made.start()
    await eventually(lambda: positions(database_url))
    await killed(first)
    yield made
    await made.end()


async def positions(database_url: str) -> bool:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database:
        row = await (await database.execute("select count(*) from positions")).fetchone()
        return row == (8,)  # of each kind, with its scope


@asynccontextmanager
async def stream(plane: Plane, namespace: str, rate: float) -> AsyncIterator[Driver]:
    """A driver that writes for the time of the block."""
    async with KubeClient(KubeConfig.load(plane.kubeconfig), retry_for=0.0) as kube:
        driver = Driver(kube, namespace, seed=3, rate=rate, tasks=15)
        running = asyncio.create_task(driver.run())
        try:
            yield driver
        finally:
            driver.stop()
            await running


async def judge(kube: KubeClient, driver: Driver, database_url: str, bootstrap: str) -> int:
    """Everything arrived and nothing is wrong with it; how many messages were repeated."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database:

        async def settled() -> bool:
            live = await kube.list_(TODOTASKS, driver.namespace)
            rows = await (
                await database.execute(
                    "select uid, resource_version, doc from tasks where archived_at is null"
                )
            ).fetchall()
            waiting = await (await database.execute("select count(*) from outbox")).fetchone()
            mirror = {uid: (version, document) for uid, version, document in rows}
            return not judge_mirror(live, mirror) and waiting == (0,)

        await eventually(settled, 60)
        verdict = judge_events(driver, await asyncio.to_thread(read_topic, bootstrap, "task-events"))
        assert not verdict.problems, str(verdict)
        assert driver.writes > 20, "the stream hardly wrote: nothing was tested"
        await snapshots_rebuild_the_list(kube, driver, bootstrap)
        return verdict.duplicates


async def snapshots_rebuild_the_list(kube: KubeClient, driver: Driver, bootstrap: str) -> None:
    """Who reads only `task-updates` ends up with what the API server has."""
    state: dict[str, str | None] = {}
    for one in await asyncio.to_thread(read, bootstrap, "task-updates"):
        if one.value is None:
            state[one.key] = None
            continue
        event = decode(one.value)
        if event.subject.startswith(f"{driver.namespace}/"):
            state[one.key] = event.read(TaskSnapshot).task.metadata.resource_version
    ours = {written.uid for written in driver.all}
    rebuilt = {uid: version for uid, version in state.items() if version is not None and uid in ours}
    live = await kube.list_(TODOTASKS, driver.namespace)
    assert rebuilt == {item["metadata"]["uid"]: item["metadata"]["resourceVersion"] for item in live}


@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_at_each_step_loses_nothing_and_says_nothing_under_two_ids(
    plane: Plane,
    kube: KubeClient,
    processes: Processes,
    namespace: str,
    database_url: str,
    kafka_bootstrap: str,
    step: str,
) -> None:
    async with stream(plane, namespace, rate=40) as driver:
        for after in (1, 8):
            process = await processes.start(die=step, after=after)
            assert await ended(process) == -signal.SIGKILL
        await processes.start()
        await driver.wrote(20)
    await judge(kube, driver, database_url, kafka_bootstrap)


async def test_kills_at_random_moments_lose_nothing_and_say_nothing_under_two_ids(
    plane: Plane,
    kube: KubeClient,
    processes: Processes,
    namespace: str,
    database_url: str,
    kafka_bootstrap: str,
) -> None:
    moments = random.Random(11)
    async with stream(plane, namespace, rate=60) as driver:
        for _ in range(8):
            process = await processes.start()
            await asyncio.sleep(moments.uniform(0.05, 1.2))
            await killed(process)
        await processes.start()
        await driver.wrote(20)
    await judge(kube, driver, database_url, kafka_bootstrap)


async def test_a_leader_that_was_frozen_wakes_up_and_writes_nothing(
    plane: Plane,
    kube: KubeClient,
    processes: Processes,
    namespace: str,
    database_url: str,
    kafka_bootstrap: str,
) -> None:
    async with stream(plane, namespace, rate=60) as driver:
        old = await processes.start(message_timeout=MESSAGE_TIMEOUT)
        await driver.wrote(40)
        for _ in range(3):
            assert old.pid is not None
            os.kill(old.pid, signal.SIGSTOP)
            # The database ends the transaction that the frozen one may hold (after ten seconds).
            new = await asyncio.wait_for(processes.start(message_timeout=MESSAGE_TIMEOUT), 60)
            # What the frozen one had sent is too old when it wakes up.
            await asyncio.sleep(1.5 * MESSAGE_TIMEOUT / 1000)
            os.kill(old.pid, signal.SIGCONT)
            assert await ended(old, 30) == FENCED
            old = new
        await driver.wrote(20)
    await judge(kube, driver, database_url, kafka_bootstrap)
