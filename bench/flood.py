"""A flood of creates with everything on, beside the rate at which the bare API server takes it."""

import asyncio
import time
from typing import Any

import msgspec

from bench.kafka import Arrivals
from bench.raw import RawApi, at_once, create_and_patch_rate
from bench.report import Report, Row
from bench.system import System

GIVE_UP = 180.0  # seconds


class _Condition(msgspec.Struct):
    type: str
    status: str


class _Status(msgspec.Struct):
    conditions: list[_Condition] | None = None


class _Meta(msgspec.Struct):
    name: str


class _Object(msgspec.Struct):
    metadata: _Meta
    status: _Status | None = None


class _Line(msgspec.Struct):
    object: _Object


async def raw_rate(system: System, count: int) -> float:
    """The limit: creates and status patches by plain aiohttp, nothing of ours running."""
    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace("bench-raw")
        return await create_and_patch_rate(api, "bench-raw", count)


async def measure(system: System, report: Report, raw: float, *, count: int) -> None:
    """`count` creates at once; it ends when each is Ready at the API server *and* its event is in Kafka."""
    namespace = "bench-flood"
    ready: set[str] = set()
    events: set[str] = set()
    decoder = msgspec.json.Decoder(_Line)

    def on_line(line: bytes, _: float) -> None:
        seen = decoder.decode(line).object
        conditions = (seen.status.conditions if seen.status else None) or ()
        if any(c.type == "Ready" and c.status == "True" for c in conditions):
            ready.add(seen.metadata.name)

    def on_event(event: dict[str, Any], _: float, __: float) -> None:
        if event["type"] == "dev.todotasks.task.created.v1" and event["subject"].startswith(f"{namespace}/"):
            events.add(event["subject"])

    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(namespace)
        watching = asyncio.create_task(api.watch(on_line, namespace))
        with Arrivals(system.kafka, "task-events", on_event):
            await asyncio.sleep(1)
            before = system.cpu_seconds()
            started = time.perf_counter()
            await at_once([lambda i=i: api.create(namespace, f"task-{i}") for i in range(count)])  # type: ignore[misc]
            created = time.perf_counter() - started
            while min(len(ready), len(events)) < count and time.perf_counter() - started < GIVE_UP:
                await asyncio.sleep(0.02)
            seconds = time.perf_counter() - started
            used = {name: value - before.get(name, 0.0) for name, value in system.cpu_seconds().items()}
        watching.cancel()

    rate = min(len(ready), len(events)) / seconds
    shares = ", ".join(
        f"{name} {value / seconds:.2f}" for name, value in sorted(used.items(), key=lambda item: -item[1])
    )
    report.add(
        Row(
            what=f"flood of {count:,} creates, all Ready and in Kafka",
            ours=f"{rate:.0f}/s",
            raw=f"{raw:.0f}/s (create + status patch, one plain watch)",
            ratio=rate / raw,
            budget="≥ 0.6",
            kept=rate / raw >= 0.6 and len(events) == count == len(ready),
            note=f"the creates alone took {created:.1f} s, everything {seconds:.1f} s; "
            f"{len(ready):,} Ready, {len(events):,} events; cores used: {shares}",
        )
    )
