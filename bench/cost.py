"""What a task costs the API server: processor time of a create until Ready, of a patch until it is told.

The raw limit is a plain CRD of the same fields: no rules, no policies, nothing of ours watches it, and the
same status is written to it by plain aiohttp. Both are measured by turns in one run (A B A B …), so that a
busy minute meets both. Processor time, not time: it is the budget of two cores.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from bench import plain
from bench.kafka import Arrivals
from bench.plain import PLAIN
from bench.raw import TASKS, RawApi, at_once
from bench.report import Report, Row
from bench.system import System

ROUNDS = 5
AT_ONCE = 16
IDLE = 2.0  # seconds in which the time that is used anyway is measured
GIVE_UP = 180.0  # seconds
CREATE_BUDGET, PATCH_BUDGET = 1.4, 2.2
API_SERVER = "kube-apiserver"


class _Status(msgspec.Struct, rename="camel"):
    observed_generation: int = -1


class _Meta(msgspec.Struct):
    name: str
    generation: int = 0


class _Object(msgspec.Struct):
    metadata: _Meta
    status: _Status = msgspec.field(default_factory=_Status)


class _Line(msgspec.Struct):
    object: _Object


class Meter:
    """Processor time of the API server, less what it uses anyway."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._idle = 0.0  # seconds a second

    def _used(self) -> float:
        return self._system.cpu_seconds()[API_SERVER]

    async def learn_idle(self) -> None:
        before = self._used()
        await asyncio.sleep(IDLE)
        self._idle = (self._used() - before) / IDLE

    async def milliseconds(self, work: Callable[[], Awaitable[None]], count: int) -> float:
        """For each of `count`."""
        before, started = self._used(), time.perf_counter()
        await work()
        await asyncio.sleep(0.5)  # its watches
        seconds = time.perf_counter() - started
        return max(0.0, self._used() - before - self._idle * seconds) * 1000 / count


async def measure(system: System, report: Report, *, count: int) -> None:
    """`count` creates and as many patches in each of the rounds, of both kinds."""
    namespace = "bench-cost"
    seen: dict[str, int] = {}  # observedGeneration
    told: set[str] = set()
    decoder = msgspec.json.Decoder(_Line)

    def on_line(line: bytes, _: float) -> None:
        found = decoder.decode(line).object
        seen[found.metadata.name] = max(seen.get(found.metadata.name, -1), found.status.observed_generation)

    def on_event(event: dict[str, Any], _: float, __: float) -> None:
        if event["subject"].startswith(f"{namespace}/"):
            told.add(event["data"]["task"]["spec"]["title"])

    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(namespace)
        await plain.install(api)
        await asyncio.sleep(5)  # as long as a new CRD is learnt
        meter = Meter(system)
        watches = [
            asyncio.create_task(api.watch(on_line, namespace)),
            asyncio.create_task(_watch_plain(api, namespace)),
        ]
        with Arrivals(system.kafka, "task-events", on_event):
            await api.create(namespace, "first")
            await _until(lambda: seen.get("first", -1) == 1)
            ready = (await api.call("GET", f"{TASKS.format(namespace=namespace)}/first"))["status"]
            costs: dict[str, list[float]] = {"plain create": [], "create": [], "plain patch": [], "patch": []}
            sizes: dict[str, int] = {}
            for round_ in range(ROUNDS):
                names = [f"r{round_}-{index}" for index in range(count)]
                await meter.learn_idle()

                async def plain_creates(names: list[str] = names) -> None:
                    await _each(names, lambda each: _create_plain(api, namespace, each, ready))

                async def creates(names: list[str] = names) -> None:
                    await _each(names, lambda each: api.create(namespace, each, f"made {each}"))
                    await _until(lambda: all(seen.get(name, -1) == 1 for name in names))

                async def plain_patches(names: list[str] = names) -> None:
                    path = PLAIN.format(namespace=namespace)
                    await _each(names, lambda each: _retitle(api, path, each))

                async def patches(names: list[str] = names) -> None:
                    path = TASKS.format(namespace=namespace)
                    await _each(names, lambda each: _retitle(api, path, each))
                    await _until(
                        lambda: all(seen.get(name, -1) == 2 and f"title of {name}" in told for name in names)
                    )

                for name, work in (
                    ("plain create", plain_creates),
                    ("create", creates),
                    ("plain patch", plain_patches),
                    ("patch", patches),
                ):
                    costs[name].append(await meter.milliseconds(work, count))
                if round_ == 0:
                    for label, path in (("ours", TASKS), ("plain", PLAIN)):
                        stored = await api.call("GET", f"{path.format(namespace=namespace)}/{names[0]}")
                        sizes[label] = len(msgspec.json.encode(stored))
        for watch in watches:
            watch.cancel()
    for what, name, against, budget in (
        ("a create until it is Ready", "create", "a create and a status patch", CREATE_BUDGET),
        ("a patch of a title until it is told and its status written", "patch", "a patch", PATCH_BUDGET),
    ):
        ours, raw = (statistics.median(costs[key]) for key in (name, f"plain {name}"))
        rounds = ", ".join(f"{a / b:.2f}" for a, b in zip(costs[name], costs[f"plain {name}"], strict=True))
        report.add(
            Row(
                what=f"processor time of the API server: {what}",
                ours=f"{ours:.2f} ms",
                raw=f"{raw:.2f} ms ({against} of a plain CRD of the same fields)",
                ratio=ours / raw,
                budget=f"≤ {budget:g}×",
                kept=ours / raw <= budget,
                note=f"medians of {ROUNDS} rounds of {count} by turns, ratios {rounds}; "
                f"stored {sizes['ours']:,} bytes, plain {sizes['plain']:,}",
            )
        )


async def _watch_plain(api: RawApi, namespace: str) -> None:
    """Somebody watches these, too."""
    params = {"watch": "1"}
    async with api.session.get(api.server + PLAIN.format(namespace=namespace), params=params) as response:
        async for _ in response.content.iter_any():
            pass


async def _create_plain(api: RawApi, namespace: str, name: str, status: dict[str, Any]) -> None:
    body = plain.a_plain_task(namespace, name, f"made {name}")
    path = PLAIN.format(namespace=namespace)
    await api.call("POST", path, body)
    patch = {"status": status}
    await api.call("PATCH", f"{path}/{name}/status", patch, "application/merge-patch+json")


async def _retitle(api: RawApi, path: str, name: str) -> None:
    patch = {"spec": {"title": f"title of {name}"}}
    await api.call("PATCH", f"{path}/{name}", patch, "application/merge-patch+json")


async def _each(names: list[str], work: Callable[[str], Coroutine[Any, Any, Any]]) -> None:
    await at_once([lambda name=name: work(name) for name in names], AT_ONCE)  # type: ignore[misc]


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + GIVE_UP
    while not holds():
        if time.perf_counter() > deadline:
            raise RuntimeError(f"it did not come about within {GIVE_UP:.0f} s")
        await asyncio.sleep(0.02)
