"""What the kill tests share: a stream of writes, the wait until everything has arrived, the judgement.

Each test starts the operator (and the relay as a process of its own), lets a driver write through the API
server, does its harm, brings everything back, and then compares what the API server acknowledged with the
mirror and with every event in Kafka (see `stream.py`). How long a phase lasts is counted in writes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.e2e.stream import Driver, Judgement, judge_events, judge_mirror, read_topic
from tests.e2e.system import Part, Servers
from todo_cli.local.processes.service import Service
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import TODOTASKS

RATE = 25.0  # writes a second
BEFORE, AFTER = 50, 60  # writes before the harm, and after everything is back
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
            await driver.wrote(BEFORE)
            yield driver
            await driver.wrote(AFTER)
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
