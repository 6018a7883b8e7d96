"""The canary on a real API server, with short times and legs that do what the test says."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from prometheus_client import REGISTRY

from tests.integration.operator.rig import PATIENCE, Tasks
from todo_operator.process.canary import (
    LABEL,
    NAME,
    Beat,
    Canary,
    Leg,
    any_broker_answers,
)
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig

WITHIN = 0.6  # seconds


class Way:
    """A leg whose two answers a test can set."""

    def __init__(self, arrives: bool = True, answers: bool = True) -> None:
        self.arrives, self.answers = arrives, answers
        self.asked: list[Beat] = []

    def leg(self, name: str) -> Leg:
        async def arrived(beat: Beat) -> bool:
            self.asked.append(beat)
            return self.arrives

        async def answers() -> bool:
            return self.answers

        return Leg(name, arrived, answers)


@asynccontextmanager
async def a_canary(kube: KubeClient, namespace: str, **ways: Way):
    legs = [way.leg(name) for name, way in ways.items()]
    canary = Canary(kube, namespace, legs, every=0.3, within=WITHIN, look_every=0.02)
    running = asyncio.create_task(canary.run())
    try:
        yield canary
        assert not running.done()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_makes_its_task_and_touches_it_again_and_again(tasks: Tasks):
    way = Way()
    async with a_canary(tasks.kube, tasks.namespace, watch=way) as canary:
        async with asyncio.timeout(PATIENCE):
            while len({beat.version for beat in way.asked}) < 3:
                await asyncio.sleep(0.02)
        task = await tasks.get(NAME)
        assert task.metadata.labels == {LABEL: "true"}
        assert canary.dead() is None
    assert {beat.uid for beat in way.asked} == {task.metadata.uid}


async def test_is_made_again_when_it_is_deleted_and_reopened_when_it_is_completed(tasks: Tasks):
    async with a_canary(tasks.kube, tasks.namespace):
        async with asyncio.timeout(PATIENCE):
            while not (found := await tasks.all()):
                await asyncio.sleep(0.02)
        [first] = found
        await tasks.delete(NAME)
        await asyncio.sleep(0.5)
        assert (await tasks.get(NAME)).metadata.uid != first.metadata.uid
        await tasks.edit(NAME, completed=True)
        await tasks.until(NAME, lambda t: not t.spec.completed)


async def test_that_does_not_come_back_is_death_and_the_leg_is_its_reason(tasks: Tasks):
    async with a_canary(tasks.kube, tasks.namespace, watch=Way(), mirror=Way(arrives=False)) as canary:
        await asyncio.sleep(WITHIN / 2)
        assert canary.dead() is None
        await asyncio.sleep(WITHIN)
        assert "by mirror for" in canary.dead()


async def test_that_comes_back_late_is_life_again(tasks: Tasks):
    way = Way(arrives=False)
    async with a_canary(tasks.kube, tasks.namespace, kafka=way) as canary:
        await asyncio.sleep(WITHIN + 0.3)
        assert canary.dead()
        way.arrives = True
        await asyncio.sleep(0.1)
        assert canary.dead() is None


async def test_an_absent_server_is_not_our_illness(tasks: Tasks):
    way = Way(arrives=False, answers=False)
    async with a_canary(tasks.kube, tasks.namespace, kafka=way) as canary:
        await asyncio.sleep(2 * WITHIN)
        assert canary.dead() is None
        way.answers = True  # it is back: from now on it counts
        await asyncio.sleep(WITHIN + 0.3)
        assert "by kafka" in canary.dead()


async def test_what_does_not_come_back_is_seen_to_grow_and_not_only_afterwards(tasks: Tasks):
    """Else an alert on it would stay quiet for exactly as long as nothing comes back."""
    way = Way(arrives=False)

    def seen() -> float | None:
        return REGISTRY.get_sample_value("todotasks_canary_seconds", {"leg": "of this test"})

    async with a_canary(tasks.kube, tasks.namespace, **{"of this test": way}):
        async with asyncio.timeout(PATIENCE):
            while (seen() or 0.0) < WITHIN:
                await asyncio.sleep(0.02)
            way.arrives = True
            while (seen() or 0.0) >= WITHIN:  # the next beat comes back at once
                await asyncio.sleep(0.02)


async def test_without_an_api_server_there_is_no_beat_and_no_verdict(tasks: Tasks):
    nowhere = KubeConfig(server="http://127.0.0.1:1")
    async with (
        KubeClient(nowhere, retry_for=0.1) as kube,
        a_canary(kube, tasks.namespace, watch=Way(arrives=False)) as canary,
    ):
        await asyncio.sleep(2 * WITHIN)
        assert canary.dead() is None


@pytest.mark.parametrize(
    ("servers", "answers"),
    [("127.0.0.1:1", False), ("", False), ("nonsense", False), ("127.0.0.1:1, localhost:{port}", True)],
)
async def test_kafka_is_there_when_one_of_its_addresses_answers(servers: str, answers: bool):
    listening = await asyncio.start_server(lambda r, w: w.close(), "localhost", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        assert await any_broker_answers(servers.format(port=port), timeout=1)() is answers
