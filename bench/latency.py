"""Change → Kafka at a steady rate, beside a raw watch that sees the same changes at the same time."""

import asyncio
import os
import time
from typing import Any, NamedTuple

import msgspec

from bench.kafka import Arrivals, stamp_at_append
from bench.raw import TASKS, RawApi, at_once
from bench.report import Report, Row, milliseconds, percentile
from bench.system import System

TASK_COUNT = 200
SETTLE = 2.0  # seconds before the first change, so that nothing of the creates is still under way


STEPS = (25, 50, 75, 100, 150, 200, 300, 400)  # changes a second
STEP_SECONDS = 8
HELD_WITHIN = 0.25  # seconds, of which p99 has to stay below
SATURATED = 0.9  # of the cores


class Measured(NamedTuple):
    """What `run` has found. Latencies in seconds, `used` in seconds of a core, `wall` in seconds."""

    acknowledged: list[float]
    consumed: list[float]
    raw: list[float]
    missing: int
    sent: int
    used: dict[str, float]
    wall: float

    def busiest(self) -> str:
        """`kube-apiserver 1.31, operator 0.40 of 2 cores`."""
        shares = sorted(((value / self.wall, name) for name, value in self.used.items()), reverse=True)
        told = ", ".join(f"{name} {share:.2f}" for share, name in shares[:3])
        return f"{told} of {os.cpu_count()} cores"

    @property
    def is_saturated(self) -> bool:
        """Whether the cores had no time left. What else runs on this machine counts too."""
        return sum(self.used.values()) / self.wall >= SATURATED * (os.cpu_count() or 1)


async def measure_held_rate(system: System, report: Report) -> None:
    """Steps the rate until p99 of a change until Kafka has its event passes `HELD_WITHIN`, and says why."""
    held: dict[str, int] = {"ours": 0, "raw": 0}
    ended: dict[str, str] = {}
    p99 = 0.0
    for rate in STEPS:
        found = await run(system, rate=rate, seconds=STEP_SECONDS, namespace=f"bench-step-{rate}")
        for name, values in (("ours", found.acknowledged), ("raw", found.raw)):
            late = percentile(values, 0.99)
            if name not in ended and late <= HELD_WITHIN and not found.missing:
                held[name] = rate
                p99 = late if name == "ours" else p99
            elif name not in ended:
                why = "the machine was saturated" if found.is_saturated else "the cores had time left"
                ended[name] = f"{name} at {rate}/s: p99 {milliseconds(late)}, {why} ({found.busiest()})"
        if len(ended) == 2:
            break
    report.add(
        Row(
            what=f"changes a second with p99 until Kafka has the event ≤ {HELD_WITHIN * 1000:.0f} ms",
            ours=f"{held['ours']}/s" + (f" (p99 {milliseconds(p99)})" if p99 else ""),
            raw=f"{held['raw']}/s (a plain watch of the same changes within the same time)",
            ratio=held["ours"] / held["raw"] if held["raw"] else None,
            budget="",
            kept=None,
            note="; ".join(ended.values()) or f"all steps up to {STEPS[-1]}/s were held",
        )
    )


async def run(system: System, *, rate: int, seconds: int, namespace: str) -> Measured:
    """`rate` title changes a second; each carries its own marker, so that both sides time the same change.

    Ours ends when the broker has appended the event (its stamp; it acknowledges right after), and when a
    consumer has it.
    """
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

    return Measured(
        acknowledged=[appended[marker] - at for marker, at in sent.items() if marker in appended],
        consumed=[recorded[marker] - at for marker, at in sent.items() if marker in recorded],
        raw=[watched[marker] - at for marker, at in sent.items() if marker in watched],
        missing=len(sent) - len(recorded.keys() & sent.keys()),
        sent=len(sent),
        used=used,
        wall=wall,
    )


async def measure(system: System, report: Report, *, rate: int, seconds: int) -> None:
    """The rows of one rate."""
    found = await run(system, rate=rate, seconds=seconds, namespace="bench-latency")
    missing, raw = found.missing, found.raw
    acknowledged, consumed, used, wall = found.acknowledged, found.consumed, found.used, found.wall
    lost = (
        f"{missing} of {found.sent} changes never arrived" if missing else f"all {found.sent} changes arrived"
    )
    if percentile(raw, 0.99) > HELD_WITHIN:
        # Then the ratio says nothing: both waited for the same cores.
        lost += f"; the limit itself was saturated, so the ratio says nothing ({found.busiest()})"
    for name, share, factor in (("p50", 0.5, 2.0), ("p99", 0.99, 3.0)):
        a, b = percentile(acknowledged, share), percentile(raw, share)
        report.add(
            Row(
                what=f"change → acknowledged by Kafka, {rate}/s, {name}",
                ours=milliseconds(a),
                raw=f"{milliseconds(b)} (a plain watch)",
                ratio=a / b,
                budget=f"≤ {factor:g}×",
                kept=None if b > HELD_WITHIN else a / b <= factor and not missing,
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
