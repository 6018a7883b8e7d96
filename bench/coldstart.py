"""How long until the operator is ready with N tasks, beside a plain list of them.

Twice: with an empty database (everything is recorded), and again as a restart (the position is known).
"""

import asyncio
import time

from bench.raw import RawApi, at_once
from bench.report import Report, Row
from bench.system import System

NAMESPACE = "bench-cold"


async def fill(system: System, count: int) -> None:
    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(NAMESPACE)
        await at_once([lambda i=i: api.create(NAMESPACE, f"task-{i}") for i in range(count)])  # type: ignore[misc]


async def raw_list(system: System) -> tuple[float, int]:
    async with RawApi.connect(system.kubeconfig) as api:
        await api.list_seconds()  # once for nothing: the API server's cache is warm for both sides
        return await api.list_seconds()


def measure(system: System, report: Report) -> None:
    """The operator is not running when this is called, and its database is empty."""
    raw, count = asyncio.run(raw_list(system))
    for what, budget, note in (
        ("first start, empty database", None, "everything is written: mirror, outbox, Kafka, status"),
        ("restart", 2.0, "budget: recorder ready ≤ 2× the raw list"),
    ):
        started = time.perf_counter()
        system.start_operator()
        system.wait_ready(timeout=600)
        seconds = time.perf_counter() - started
        memory = system.memory_mib()["operator"]
        report.add(
            Row(
                what=f"cold start with {count:,} tasks, {what}",
                ours=f"{seconds:.1f} s to `readyz`, {memory:.0f} MiB",
                raw=f"{raw:.1f} s (chunked list)",
                ratio=seconds / raw,
                budget="" if budget is None else f"≤ {budget:g}×",
                kept=None if budget is None else seconds / raw <= budget,
                note=f"{note}; from the start of the process",
            )
        )
        system.wait_quiet(timeout=900)
        settled = time.perf_counter() - started
        report.rows[-1].note += f"; everything worked off after {settled:.1f} s"
        system.stop_operator()
