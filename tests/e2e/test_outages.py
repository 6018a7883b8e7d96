"""A server that is killed, and one that is gone for longer than the Lease: nothing lost, nothing twice.

`make test` takes a server away for two Leases and a little, after which every part that cannot live without
it has given up, ended and come back; `make test-long` (TEST_OUTAGE=60) for a minute.
"""

import asyncio
import os

import pytest

from tests.e2e.harm import AFTER, both, judged, service_named, start, stream
from tests.e2e.system import LEASE_SECONDS, Servers

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

OUTAGE = float(os.environ.get("TEST_OUTAGE", "22"))  # seconds that a service is gone


@pytest.mark.parametrize("name", ["apiserver", "etcd", "kafka", "postgres"])
async def test_a_server_killed_and_then_away_for_longer_than_the_lease_costs_nothing_but_time(
    running: Servers, name: str
) -> None:
    assert OUTAGE > 2 * LEASE_SECONDS
    both(running)
    async with stream(running, f"away-{name}") as driver:
        service = service_named(running, name)
        service.kill()
        await driver.tried(20)
        await asyncio.to_thread(start, service)
        await driver.wrote(AFTER)

        service.kill()
        await asyncio.sleep(OUTAGE)
        await asyncio.to_thread(start, service)
    await judged(running, driver, gaps_allowed=name in {"apiserver", "etcd"})
    if name in {"kafka", "postgres"}:
        restarts = {part.name: part.ended_by_itself for part in running.parts}
        assert restarts == {"operator": 0, "relay": 0}, "only the Lease may end a part"
