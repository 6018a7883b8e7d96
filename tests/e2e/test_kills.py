"""SIGKILL, absence and rivalry during a stream of changes: nothing lost, nothing twice, order kept.

Each test starts the operator (and the relay as a process of its own), lets a driver write through the API
server, does its harm, brings everything back, and then compares what the API server acknowledged with the
mirror and with every event in Kafka (see `stream.py`).
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.e2e.stream import Driver, Judgement, judge_events, judge_mirror, read_topic
from tests.e2e.system import LEASE_SECONDS, Part, Servers
from todo_cli.local.processes.service import Service
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import TODOTASKS

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

RATE = 25.0  # writes a second
BEFORE, AFTER = 3.0, 4.0  # seconds of writing before the harm and after everything is back
AWAY = 60.0  # seconds that a service is gone
SETTLE = 90.0  # seconds until the mirror and Kafka must have caught up


@asynccontextmanager
async def stream(servers: Servers, namespace: str) -> AsyncIterator[Driver]:
    """A driver that writes in the background; it has stopped at the end of the block."""
    # No retries: a repeated patch could answer with a version that somebody else wrote.
    client = KubeClient(KubeConfig.load(servers.plane.kubeconfig), retry_for=0.0)
    async with client:
        servers.plane.api.create_namespace(namespace)
        driver = Driver(client, namespace, seed=7, rate=RATE)
        running = asyncio.create_task(driver.run())
        try:
            await asyncio.sleep(BEFORE)
            yield driver
            await asyncio.sleep(AFTER)
        finally:
            driver.stop()
            await running


async def settled(servers: Servers, driver: Driver) -> float:
    """Seconds until the mirror equals the API server and the outbox is empty."""
    started = time.monotonic()
    async with KubeClient(KubeConfig.load(servers.plane.kubeconfig)) as client:
        while True:
            live = await client.list_(TODOTASKS, driver.namespace)
            problems = judge_mirror(live, servers.mirror(driver.namespace))
            waiting = servers.outbox_depth()
            if not problems and waiting == 0:
                return time.monotonic() - started
            assert time.monotonic() - started < SETTLE, (
                f"after {SETTLE:.0f} s {waiting} rows wait in the outbox; {problems[:5]}\n"
                + "\n".join(f"{part.name}:\n{part.tail(15)}" for part in servers.parts)
            )
            await asyncio.sleep(0.2)


async def judged(servers: Servers, driver: Driver, *, gaps_allowed: bool = False) -> Judgement:
    seconds = await settled(servers, driver)
    messages = await asyncio.to_thread(read_topic, servers.kafka.address, "task-events")
    verdict = judge_events(driver, messages, gaps_allowed=gaps_allowed)
    print(f"{driver.writes} writes, {driver.failed} failed; settled in {seconds:.1f} s; {verdict}")
    assert driver.writes > 25, "the stream hardly wrote: nothing was tested"
    assert not verdict.problems, str(verdict)
    return verdict


def both(servers: Servers) -> None:
    """The operator without its relay, and the relay as a process of its own: each can be killed alone."""
    parts = [
        servers.part("operator", "reconcile,record", kept=True),
        servers.part("relay", "relay", kept=True),
    ]
    for part in parts:
        part.wait_ready()


async def answers(standby: Part) -> None:
    """Waits until a standby answers its probes: it is well (`/healthz`), and not ready."""
    deadline = time.monotonic() + 60
    while standby.probe("/healthz")[0] != 200:
        assert standby.alive, standby.tail()
        assert time.monotonic() < deadline, f"the standby does not answer: {standby.probe('/healthz')}"
        await asyncio.sleep(0.2)
    assert standby.probe("/readyz")[0] == 503


# ── killed ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["operator", "relay"])
async def test_a_killed_part_goes_on_where_it_was(running: Servers, name: str) -> None:
    both(running)
    async with stream(running, f"kill-{name}") as driver:
        victim = next(part for part in running.parts if part.name == name)
        for _ in range(3):
            victim.kill()
            await asyncio.sleep(0.7)
            victim.start()
            # Not waited for: the next kill may hit it in the middle of its start.
            await asyncio.sleep(1.3)
        await asyncio.to_thread(victim.wait_ready)
    await judged(running, driver)


@pytest.mark.parametrize("name", ["apiserver", "etcd", "kafka", "postgres"])
async def test_a_killed_server_costs_nothing_but_time(running: Servers, name: str) -> None:
    both(running)
    async with stream(running, f"kill-{name}") as driver:
        service = service_named(running, name)
        service.kill()
        await asyncio.sleep(1.0)
        await asyncio.to_thread(start, service)
    await judged(running, driver, gaps_allowed=name in {"apiserver", "etcd"})


# ── away ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["apiserver", "etcd", "kafka", "postgres"])
async def test_a_minute_without_a_server_loses_nothing(running: Servers, name: str) -> None:
    both(running)
    async with stream(running, f"away-{name}") as driver:
        service = service_named(running, name)
        service.kill()
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(start, service)
    await judged(running, driver, gaps_allowed=name in {"apiserver", "etcd"})
    if name in {"kafka", "postgres"}:
        restarts = {part.name: part.ended_by_itself for part in running.parts}
        assert restarts == {"operator": 0, "relay": 0}, "only the Lease may end a part"


# ── rivals ───────────────────────────────────────────────────────────────────────────────────────────
async def test_of_two_operators_one_works_and_the_other_takes_over(running: Servers) -> None:
    first = running.part("first")
    first.wait_ready()
    second = running.part("second")
    async with stream(running, "rivals") as driver:
        await answers(second)
        first.kill()
        taken = time.monotonic()
        await asyncio.to_thread(second.wait_ready)
        print(f"taken over after {time.monotonic() - taken:.1f} s with a lease of {LEASE_SECONDS} s")
    await judged(running, driver)


async def test_a_paused_leader_that_wakes_up_writes_nothing(running: Servers) -> None:
    first = running.part("sleeper")
    first.wait_ready()
    second = running.part("successor")
    async with stream(running, "paused") as driver:
        await answers(second)
        first.signal(signal.SIGSTOP)
        await asyncio.to_thread(second.wait_ready)
        await asyncio.sleep(2)
        first.signal(signal.SIGCONT)
        assert first.process is not None
        code = await asyncio.to_thread(first.process.wait, 30)
        assert code != 0, "a leader that lost its Lease ends with an error, so that it is started anew"
    await judged(running, driver)


# ── history gone ─────────────────────────────────────────────────────────────────────────────────────
async def test_what_was_compacted_away_while_the_recorder_was_down_is_found_by_comparing(
    running: Servers,
) -> None:
    operator = running.part("operator")
    operator.wait_ready()
    async with stream(running, "compacted") as driver:
        operator.stop()
        await asyncio.sleep(4)
        running.plane.compact_etcd()
        # The API server's watch cache would still serve the old position: only a fresh one has lost it.
        running.plane.local.apiserver.kill()
        await asyncio.to_thread(start, running.plane.local.apiserver)
        operator.start()
        await asyncio.to_thread(operator.wait_ready)
    verdict = await judged(running, driver, gaps_allowed=True)
    assert verdict.coalesced > 0, "nothing was merged: the history was not gone, so nothing was tested"


def service_named(servers: Servers, name: str) -> Service:
    found: dict[str, Callable[[], Service]] = {
        "apiserver": lambda: servers.plane.local.apiserver,
        "etcd": lambda: servers.plane.local.etcd,
        "kafka": lambda: servers.kafka,
        "postgres": lambda: servers.postgres,
    }
    return found[name]()


def start(service: Service) -> None:
    service.start()
    service.wait_ready()
