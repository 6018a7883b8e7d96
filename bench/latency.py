"""Change → Kafka at a steady rate, beside a raw watch that sees the same changes at the same time."""

import asyncio
import time
from typing import Any

import msgspec

from bench.kafka import Arrivals, stamp_at_append
from bench.raw import TASKS, RawApi, at_once
from bench.report import Report, Row, milliseconds, percentile
from bench.system import System

TASK_COUNT = 200
SETTLE = 2.0  # seconds before the first change, so that nothing of the creates is still under way


async def measure(system: System, report: Report, *, rate: int, seconds: int) -> None:
    """`rate` title changes a second; each carries its own marker, so that both sides time the same change.

    Ours ends when the broker has appended the event (its stamp; it acknowledges right after), and, in rows of
    their own, when a consumer has it.
    """
    namespace = "bench-latency"
    stamp_at_append(system.kafka, "task-events")
    epoch = time.time() - time.perf_counter()  # of the stamps
    appended: dict[str, float] = {}
    sent: dict[str, float] = {}
    watched: dict[str, float] = {}
    recorded: dict[str, float] = {}

    class Spec(msgspec.Struct):
        title: str

    class Object(msgspec.Struct):
        spec: Spec

    class Line(msgspec.Struct):
        object: Object

    decoder = msgspec.json.Decoder(Line)

    def on_line(line: bytes, now: float) -> None:
        watched.setdefault(decoder.decode(line).object.spec.title, now)

    def on_event(event: dict[str, Any], now: float, stamp: float) -> None:
        title = event["data"]["task"]["spec"]["title"]
        recorded.setdefault(title, now)
        appended.setdefault(title, stamp - epoch)

    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(namespace)
        await at_once([lambda i=i: api.create(namespace, f"task-{i}") for i in range(TASK_COUNT)])  # type: ignore[misc]
        await asyncio.sleep(SETTLE)
        watching = asyncio.create_task(api.watch(on_line, namespace))
        with Arrivals(system.kafka, "task-events", on_event):
            await asyncio.sleep(1)
            before = system.cpu_seconds()
            started, changes = time.perf_counter(), []

            async def change(index: int) -> None:
                marker = f"change {index}"
                path = f"{TASKS.format(namespace=namespace)}/task-{index % TASK_COUNT}"
                sent[marker] = time.perf_counter()
                await api.call("PATCH", path, {"spec": {"title": marker}}, "application/merge-patch+json")

            for index in range(rate * seconds):
                await asyncio.sleep(max(0.0, started + index / rate - time.perf_counter()))
                changes.append(asyncio.create_task(change(index)))
            await asyncio.gather(*changes)
            deadline = time.perf_counter() + 30
            while len(recorded.keys() & sent.keys()) < len(sent) and time.perf_counter() < deadline:
                await asyncio.sleep(0.05)
            wall = time.perf_counter() - started
            used = {name: value - before.get(name, 0.0) for name, value in system.cpu_seconds().items()}
        watching.cancel()

    missing = len(sent) - len(recorded.keys() & sent.keys())
    raw = [watched[marker] - at for marker, at in sent.items() if marker in watched]
    acknowledged = [appended[marker] - at for marker, at in sent.items() if marker in appended]
    consumed = [recorded[marker] - at for marker, at in sent.items() if marker in recorded]
    lost = (
        f"{missing} of {len(sent)} changes never arrived" if missing else f"all {len(sent)} changes arrived"
    )
    for name, share, factor in (("p50", 0.5, 2.0), ("p99", 0.99, 3.0)):
        a, b = percentile(acknowledged, share), percentile(raw, share)
        report.add(
            Row(
                what=f"change → acknowledged by Kafka, {rate}/s, {name}",
                ours=milliseconds(a),
                raw=f"{milliseconds(b)} (a plain watch)",
                ratio=a / b,
                budget=f"≤ {factor:g}×",
                kept=a / b <= factor and not missing,
                note=lost if name == "p50" else "",
            )
        )
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        a, b = percentile(consumed, share), percentile(raw, share)
        report.add(
            Row(
                what=f"change → a consumer of `task-events` has it, {rate}/s, {name}",
                ours=milliseconds(a),
                raw=milliseconds(b),
                ratio=a / b,
                budget="",
                kept=None,
            )
        )
    for name, value in sorted(used.items()):
        memory = system.memory_mib().get(name, 0.0)
        report.add(
            Row(
                what=f"CPU and memory of `{name}` at {rate} changes/s",
                ours=f"{100 * value / wall:.0f} % of a core, {memory:.0f} MiB",
                raw="",
                ratio=None,
                budget="",
                kept=None,
            )
        )
