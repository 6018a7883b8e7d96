"""A thousand reminders due in one second, the operator killed in the middle of telling: one event each."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.stream import read_topic
from tests.e2e.system import Part, Servers
from todotasks.api import Reminder
from todotasks.events.types import REMINDER_DUE
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import REMINDERS, TODOTASKS

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

NAMESPACE = "due-at-once"
COUNT = 1_000
OF_ONE_TASK = 20
AHEAD = timedelta(seconds=4)  # and twice as long as it takes to make them all
SETTLE = 120.0  # seconds until each status says that it has fired
KILLS = (0.15, 0.6)  # seconds after the reminders came due, and after the operator leads again


async def test_each_reminder_is_told_under_one_id_although_the_operator_is_killed(running: Servers) -> None:
    operator = running.part("operator", kept=False)
    await asyncio.to_thread(operator.wait_ready)
    running.plane.api.create_namespace(NAMESPACE)
    async with KubeClient(KubeConfig.load(running.plane.kubeconfig)) as client:
        at = await make(client)
        await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
        for moment in KILLS:
            await asyncio.sleep(moment)
            operator.kill()
            await restarted(operator)
        await until_all_fired(client, operator)
    events = [
        event
        for event in await asyncio.to_thread(read_topic, running.kafka.address, "reminders")
        if event["type"] == REMINDER_DUE and event["subject"].startswith(f"{NAMESPACE}/")
    ]
    ids_of: dict[str, set[str]] = {}
    for event in events:
        ids_of.setdefault(event["subject"], set()).add(event["id"])
    print(f"{len(events)} events of {len(ids_of)} reminders")
    assert len(ids_of) == COUNT, "some were never told"
    assert all(len(ids) == 1 for ids in ids_of.values()), "some were told under two ids"


async def make(client: KubeClient) -> datetime:
    """The moment at which all reminders are due, which is yet to come."""
    gate = asyncio.Semaphore(32)

    async def task(number: int) -> None:
        async with gate:
            body = {"metadata": {"name": f"task-{number}"}, "spec": {"title": f"Task {number}"}}
            await client.create(TODOTASKS, body, NAMESPACE)

    async def reminder(number: int) -> None:
        async with gate:
            spec = {"taskRef": {"name": f"task-{number // OF_ONE_TASK}"}, "at": at.isoformat()}
            await client.create(REMINDERS, {"metadata": {"name": f"r-{number}"}, "spec": spec}, NAMESPACE)

    began = datetime.now(UTC)
    await asyncio.gather(*(task(number) for number in range(COUNT // OF_ONE_TASK)))
    took = (datetime.now(UTC) - began) * OF_ONE_TASK
    at = (datetime.now(UTC) + 2 * took + AHEAD).replace(microsecond=0)
    await asyncio.gather(*(reminder(number) for number in range(COUNT)))
    return at


async def restarted(operator: Part) -> None:
    await asyncio.to_thread(operator.start)
    await asyncio.to_thread(operator.wait_ready)


async def until_all_fired(client: KubeClient, operator: Part) -> None:
    try:
        async with asyncio.timeout(SETTLE):
            while True:
                found = await client.list_(REMINDERS, NAMESPACE, type=Reminder)
                if all(r.status.fired_count == 1 for r in found):
                    return
                await asyncio.sleep(0.5)
    except TimeoutError:
        counts = sorted({r.status.fired_count for r in found})
        raise AssertionError(f"fired {counts} times after {SETTLE} s\n{operator.tail()}") from None
