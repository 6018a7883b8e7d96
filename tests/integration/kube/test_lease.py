"""The Lease on a real API server: at most one holder, whatever happens to it."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.kube.fronts import Front, Say, Wire
from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig, Lease
from todotasks.kube.errors import NotFound
from todotasks.kube.lease import LeaseRecord
from todotasks.kube.resources import LEASES, NAMESPACES

SHORT = 3.0  # seconds: the duration of most Leases here
RENEW = 0.5
ROOT = Path(__file__).parents[3]


def lease_of(kube: KubeClient, namespace: str, holder: str, duration: float = SHORT) -> Lease:
    return Lease(kube, namespace, "leader", holder, duration=duration, renew=min(RENEW, duration / 5))


async def record(kube: KubeClient, namespace: str) -> LeaseRecord:
    return await kube.get(LEASES, "leader", namespace, type=LeaseRecord)


async def renewed(kube: KubeClient, namespace: str, times: int = 1) -> LeaseRecord:
    """The Lease after so many more renewals."""
    found = await record(kube, namespace)
    for _ in range(times):
        last = found
        async with asyncio.timeout(30):
            while found.spec.renew_time == last.spec.renew_time:
                await asyncio.sleep(0.05)
                found = await record(kube, namespace)
    return found


async def is_there(kube: KubeClient, namespace: str) -> bool:
    try:
        await record(kube, namespace)
    except NotFound:
        return False
    return True


class Holder:
    """`tests.integration.kube.holder` as a process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def says(self, word: str, seconds: float = 20.0) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while (line := await self.process.stdout.readline()) != f"{word}\n".encode():
                assert line, f"it ended without saying {word!r}"


@pytest.fixture
async def start_holder(plane: Plane, namespace: str) -> AsyncIterator[Callable[..., Awaitable[Holder]]]:
    started: list[Holder] = []

    async def start(name: str, duration: float = SHORT) -> Holder:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.integration.kube.holder",
            *(str(plane.kubeconfig), namespace, "leader", name, str(duration), str(RENEW)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        started.append(Holder(process))
        return started[-1]

    yield start
    for holder in started:
        if holder.process.returncode is None:
            holder.process.kill()
            await holder.process.wait()


async def test_of_two_only_one_holds_it_and_it_is_renewed(kube: KubeClient, namespace: str) -> None:
    leases = [lease_of(kube, namespace, name) for name in ("one", "two")]
    taking = [asyncio.create_task(lease.acquire()) for lease in leases]
    done, waiting = await asyncio.wait(taking, timeout=SHORT * 2, return_when=asyncio.ALL_COMPLETED)
    assert (len(done), len(waiting)) == (1, 1)
    [holder] = [lease for lease in leases if lease.is_held]
    first = await record(kube, namespace)
    assert first.spec.holder_identity == holder.holder
    assert (await renewed(kube, namespace, 2)).spec.renew_time != first.spec.renew_time
    assert not holder.lost.is_set()
    for task in waiting:
        task.cancel()
    await holder.release()


async def test_release_hands_over_at_once(kube: KubeClient, namespace: str) -> None:
    one, two = (lease_of(kube, namespace, name, duration=15) for name in ("one", "two"))
    await one.acquire()
    taking = asyncio.create_task(two.acquire())
    await renewed(kube, namespace, 2)
    assert not taking.done()
    await one.release()
    assert one.lost.is_set()
    assert not one.is_held
    await asyncio.wait_for(taking, 10)  # far from the fifteen seconds that the Lease is held for
    assert two.transitions == one.transitions + 1 == 1
    await two.release()


async def test_a_holder_that_dies_is_followed_after_the_duration_and_not_before(
    kube: KubeClient, namespace: str, start_holder: Callable[..., Awaitable[Holder]]
) -> None:
    dying = await start_holder("dying")
    await dying.says("held")
    heir = lease_of(kube, namespace, "heir")
    taking = asyncio.create_task(heir.acquire())
    await renewed(kube, namespace, 2)
    dying.process.kill()
    died = time.monotonic()
    await asyncio.wait_for(taking, SHORT * 4)
    assert time.monotonic() - died >= SHORT - RENEW - 0.2
    assert heir.transitions == 1
    await heir.release()


async def test_a_paused_holder_notices_that_it_lost_before_it_does_anything(
    kube: KubeClient, namespace: str, start_holder: Callable[..., Awaitable[Holder]]
) -> None:
    paused = await start_holder("paused")
    await paused.says("held")
    heir = lease_of(kube, namespace, "heir")
    paused.process.send_signal(signal.SIGSTOP)
    await asyncio.wait_for(heir.acquire(), SHORT * 4)
    paused.process.send_signal(signal.SIGCONT)
    await paused.says("lost", 2.0)
    assert heir.is_held
    assert (await record(kube, namespace)).spec.holder_identity == "heir"
    await heir.release()


async def test_the_same_name_takes_it_back_at_once(
    kube: KubeClient, namespace: str, start_holder: Callable[..., Awaitable[Holder]]
) -> None:
    before = await start_holder("pod-0", 60.0)
    await before.says("held")
    before.process.kill()
    await before.process.wait()
    held = await record(kube, namespace)
    again = lease_of(kube, namespace, "pod-0")
    # Whoever waited for the old Lease to end would need a minute.
    await asyncio.wait_for(again.acquire(), 20)
    assert (await record(kube, namespace)).spec.acquire_time == held.spec.acquire_time
    assert again.transitions == 0
    await again.release()


@pytest.mark.parametrize("written", ["2001-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z"])
async def test_a_wrong_clock_of_the_other_is_no_reason_to_take_it_early_or_never(
    kube: KubeClient, namespace: str, written: str
) -> None:
    spec = {
        "holderIdentity": "skewed",
        "leaseDurationSeconds": round(SHORT),
        "acquireTime": written,
        "renewTime": written,
    }
    await kube.create(LEASES, {"metadata": {"name": "leader", "namespace": namespace}, "spec": spec})
    heir = lease_of(kube, namespace, "heir")
    began = time.monotonic()
    await asyncio.wait_for(heir.acquire(), SHORT * 4)
    assert time.monotonic() - began >= SHORT
    await heir.release()


async def test_each_renewal_of_a_skewed_holder_is_seen_as_life(kube: KubeClient, namespace: str) -> None:
    one, two = (lease_of(kube, namespace, name) for name in ("one", "two"))
    await one.acquire()
    taking = asyncio.create_task(two.acquire())
    await asyncio.sleep(SHORT * 1.5)
    assert one.is_held
    assert not taking.done()
    taking.cancel()
    await one.release()


async def test_a_holder_cut_off_from_the_api_server_stops_before_another_may_begin(
    kube: KubeClient, behind_wire: KubeClient, wire: Wire, namespace: str
) -> None:
    cut_off, heir = lease_of(behind_wire, namespace, "cut-off"), lease_of(kube, namespace, "heir")
    await cut_off.acquire()
    stopped_at = asyncio.create_task(_clock_when(cut_off.wait_lost()))
    began_at = asyncio.create_task(_clock_when(heir.acquire()))
    await renewed(kube, namespace, 2)
    wire.stall()
    assert await asyncio.wait_for(stopped_at, SHORT * 2) < await asyncio.wait_for(began_at, SHORT * 4)
    assert not cut_off.is_held
    wire.go_on()
    await heir.release()


async def _clock_when(something: Awaitable[object]) -> float:
    await something
    return time.monotonic()


async def test_a_short_outage_is_survived(
    kube: KubeClient, behind_wire: KubeClient, wire: Wire, namespace: str
) -> None:
    lease = lease_of(behind_wire, namespace, "one", duration=6)
    await lease.acquire()
    wire.cut()
    wire.stall()
    await asyncio.sleep(2)
    wire.go_on()
    wire.cut()
    await renewed(kube, namespace, 3)
    assert lease.is_held
    assert not lease.lost.is_set()
    await lease.release()


async def test_a_renewal_whose_answer_is_lost_is_no_loss(
    kube: KubeClient, behind_front: KubeClient, front: Front, namespace: str
) -> None:
    lease = lease_of(behind_front, namespace, "one")
    await lease.acquire()
    front.applies = lambda request: request.method == "PUT"
    front.say(Say(0, after=True))
    async with asyncio.timeout(20):
        while front.left:
            await asyncio.sleep(0.02)
    await renewed(kube, namespace, 3)
    assert lease.is_held
    await lease.release()


async def test_what_others_write_on_it_is_kept(kube: KubeClient, namespace: str) -> None:
    lease = lease_of(kube, namespace, "one")
    await lease.acquire()
    note = {"metadata": {"labels": {"team": "home"}, "annotations": {"note": "keep"}}}
    await kube.patch(LEASES, "leader", note, namespace)
    await renewed(kube, namespace, 2)
    assert lease.is_held
    after = await record(kube, namespace)
    assert (after.metadata.labels, after.metadata.annotations) == ({"team": "home"}, {"note": "keep"})
    await lease.release()


async def test_it_is_lost_when_somebody_takes_it_away(kube: KubeClient, namespace: str) -> None:
    lease = lease_of(kube, namespace, "one")
    await lease.acquire()
    await kube.patch(LEASES, "leader", {"spec": {"holderIdentity": "thief"}}, namespace)
    await asyncio.wait_for(lease.wait_lost(), RENEW * 4)
    assert not lease.is_held
    await lease.release()
    assert (await record(kube, namespace)).spec.holder_identity == "thief"


async def test_it_is_written_again_when_somebody_deletes_it(kube: KubeClient, namespace: str) -> None:
    lease = lease_of(kube, namespace, "one")
    await lease.acquire()
    await kube.delete(LEASES, "leader", namespace)
    async with asyncio.timeout(20):
        while not await is_there(kube, namespace):
            await asyncio.sleep(0.05)
    assert lease.is_held
    assert (await record(kube, namespace)).spec.holder_identity == "one"
    await lease.release()


async def test_it_can_be_taken_again_after_it_was_lost(kube: KubeClient, namespace: str) -> None:
    lease = lease_of(kube, namespace, "one")
    thief = {"spec": {"holderIdentity": "thief", "leaseDurationSeconds": 1}}
    for transitions in (0, 1):
        await lease.acquire()
        assert not lease.lost.is_set()
        assert lease.transitions == transitions
        await kube.patch(LEASES, "leader", thief, namespace)
        await asyncio.wait_for(lease.wait_lost(), RENEW * 4)


async def test_a_namespace_that_is_missing_is_waited_for(kube: KubeClient, namespace: str) -> None:
    later = f"{namespace[:50]}-later"
    lease = lease_of(kube, later, "one")
    taking = asyncio.create_task(lease.acquire())
    await asyncio.sleep(0.5)
    assert not taking.done()
    await kube.create(NAMESPACES, {"metadata": {"name": later}})
    await asyncio.wait_for(taking, 5)
    await lease.release()
    await kube.delete(NAMESPACES, later)


async def test_without_the_right_to_watch_it_is_looked_at_every_second(
    kube: KubeClient, front: Front, behind_front: KubeClient, namespace: str
) -> None:
    front.applies = lambda request: "watch" in request.query
    front.say(*[Say(403, '{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}')] * 20)
    one, two = lease_of(kube, namespace, "one", duration=15), lease_of(behind_front, namespace, "two", 15)
    await one.acquire()
    taking = asyncio.create_task(two.acquire())
    await asyncio.sleep(1.5)
    await one.release()
    await asyncio.wait_for(taking, 2.5)
    await two.release()


async def test_a_flood_of_requests_does_not_delay_a_renewal(
    config: KubeConfig, wire: Wire, namespace: str
) -> None:
    """All connections that the flood may use are stuck; the Lease has its own."""
    there = replace(config, server=f"https://127.0.0.1:{wire.port}")
    async with KubeClient(there, max_connections=1, retry_for=0) as client:
        lease = lease_of(client, namespace, "one")
        await lease.acquire()
        async with client.watch(LEASES, namespace):
            waiting = [asyncio.create_task(client.get(NAMESPACES, namespace)) for _ in range(50)]
            await asyncio.sleep(SHORT)
            assert not any(task.done() for task in waiting)
            assert lease.is_held
        await asyncio.gather(*waiting)
        await lease.release()


async def test_many_candidates_over_many_handovers_never_hold_it_together(
    kube: KubeClient, namespace: str
) -> None:
    holding: set[str] = set()
    together: list[set[str]] = []
    terms: list[int] = []

    async def serve(name: str) -> None:
        lease = lease_of(kube, namespace, name, duration=5)
        for _ in range(3):
            await lease.acquire()
            holding.add(name)
            together.append(set(holding))
            terms.append(lease.transitions)
            await asyncio.sleep(0.05)
            holding.discard(name)
            await lease.release()

    async with asyncio.timeout(60):
        await asyncio.gather(*[serve(f"candidate-{number}") for number in range(5)])
    assert all(len(names) == 1 for names in together)
    assert len(together) == 15
    assert terms == sorted(terms)
