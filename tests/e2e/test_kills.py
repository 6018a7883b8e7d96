"""SIGKILL of the parts and rivalry during a stream of changes: nothing lost, nothing twice, order kept.

The servers are killed in test_outages.
"""

import asyncio
import signal
import time

import pytest

from tests.e2e.harm import answers, both, judged, start, stream
from tests.e2e.system import LEASE_SECONDS, Servers

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


# ── killed ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["operator", "relay"])
async def test_a_killed_part_goes_on_where_it_was(running: Servers, name: str) -> None:
    both(running)
    async with stream(running, f"kill-{name}") as driver:
        victim = next(part for part in running.parts if part.name == name)
        for _ in range(3):
            victim.kill()
            await driver.wrote(15)
            victim.start()
            # Not waited for: the next kill may hit it in the middle of its start.
            await driver.wrote(30)
        await asyncio.to_thread(victim.wait_ready)
    await judged(running, driver)


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
        await driver.wrote(30)
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
        await driver.wrote(100)
        running.plane.compact_etcd()
        # The API server's watch cache would still serve the old position: only a fresh one has lost it.
        running.plane.local.apiserver.kill()
        await asyncio.to_thread(start, running.plane.local.apiserver)
        operator.start()
        await asyncio.to_thread(operator.wait_ready)
    verdict = await judged(running, driver, gaps_allowed=True)
    assert verdict.coalesced > 0, "nothing was merged: the history was not gone, so nothing was tested"
