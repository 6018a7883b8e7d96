"""The operator as a process, killed while its rules come due: each task is made once, and told once."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.operator.processes import Operators, operator_environment
from tests.integration.operator.test_recurrence import Rules, local, moment
from tests.support.plane import Plane
from todotasks.api import TodoTask
from todotasks.events import decode
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import TODOTASKS
from todotasks.store import Store

pytestmark = pytest.mark.timeout(180)
NUMBER = 50


@pytest.fixture
def database_url(fresh_database: Callable[[], str]) -> str:
    return fresh_database()


@pytest.fixture
def operators(plane: Plane, database_url: str, kafka_bootstrap: str, tmp_path: Path) -> Iterator[Operators]:
    made = Operators(operator_environment(plane, tmp_path, database_url, kafka_bootstrap), tmp_path)
    yield made
    made.end()


async def test_no_occurrence_is_lost_or_doubled_when_the_operator_is_killed_in_the_middle(
    operators: Operators, kube: KubeClient, namespace: str, database_url: str
):
    rules = Rules(kube, namespace)
    # Without the relay the events stay in the outbox, where they can be counted.
    # Slowly, so that the end falls between two writes and not after all of them.
    operator = operators.start(components="reconcile,record", TODO_WRITE_RATE="20")
    await asyncio.to_thread(operator.wait_ready)
    due = moment(timedelta(seconds=15))
    for n in range(NUMBER):
        await rules.create(f"rule-{n}", rrule="FREQ=DAILY", start=local(due))

    async def tasks() -> list[TodoTask]:
        return await kube.list_(TODOTASKS, namespace, type=TodoTask)

    async with asyncio.timeout(60):
        while not await tasks():
            await asyncio.sleep(0.005)
    operator.kill()
    print(f"killed after {len(await tasks())} of {NUMBER} tasks")
    operators.start(components="reconcile,record")
    for n in range(NUMBER):
        async with asyncio.timeout(60):
            while (await rules.get(f"rule-{n}")).status.occurrences != 1:
                await asyncio.sleep(0.2)
    found = await tasks()
    assert len(found) == len({t.metadata.labels["todotasks.dev/rule"] for t in found}) == NUMBER
    async with await Store.open(database_url) as store:
        rows = await store.outbox_batch(100_000)
    events = [decode(row.value) for row in rows if row.value is not None]
    scheduled = [e for e in events if "recurrence.scheduled" in e.type and e.subject.startswith(namespace)]
    assert len(scheduled) == len({e.id for e in scheduled}) == NUMBER
