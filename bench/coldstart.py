"""How long until the operator is ready with N tasks, beside a plain list of them.

Twice: with an empty database (everything is recorded), and again as a restart (the position is known). Beside
the restart stand what a restart without a task takes (Python's imports, kopf, the Lease) and the smallest
operator that kopf allows (`bench.plain_operator`), both from the start of the process. Notes say what it cost
in processor time, which a busy machine distorts less than seconds.
"""

import asyncio
import os
import subprocess
import sys
import time

from bench.raw import RawApi, at_once
from bench.report import Report, Row
from bench.system import System

NAMESPACE = "bench-cold"
RESTART = 2.5  # budget: times the raw list
PLAIN_OPERATOR_UP_TO = 20_000  # tasks; kopf's own takes half an hour for 100,000


async def fill(system: System, count: int) -> None:
    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(NAMESPACE)
        await at_once([lambda i=i: api.create(NAMESPACE, f"task-{i}") for i in range(count)])  # type: ignore[misc]


async def raw_list(system: System) -> tuple[float, int]:
    async with RawApi.connect(system.kubeconfig) as api:
        await api.list_seconds()  # once for nothing: the API server's cache is warm for both sides
        return await api.list_seconds()


def restart_with_nothing(system: System) -> float:
    """Seconds until a restarted operator is ready where there are no tasks."""
    for _ in range(2):
        started = time.perf_counter()
        system.start_operator()
        system.wait_ready()
        seconds = time.perf_counter() - started
        system.wait_quiet(timeout=300)
        system.stop_operator()
    return seconds


def plain_operator(system: System, count: int) -> float:
    """Seconds until kopf's smallest operator has seen each."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bench.plain_operator", str(count)],
        env=os.environ | {"KUBECONFIG": str(system.kubeconfig)},
        check=True,
        capture_output=True,
        timeout=900,
    )
    return time.perf_counter() - started


def spent(before: dict[str, float], after: dict[str, float]) -> str:
    """`operator 1.7 s, API server 1.1 s`."""
    names = {"operator": "operator", "kube-apiserver": "API server", "postgres": "PostgreSQL"}
    used = {title: after.get(name, 0.0) - before.get(name, 0.0) for name, title in names.items()}
    return ", ".join(f"{title} {seconds:.1f} s" for title, seconds in used.items())


def measure(system: System, report: Report, empty: float) -> None:
    """The operator is not running when this is called, and its database is empty. `empty` is what
    `restart_with_nothing` measured in the same run."""
    raw, count = asyncio.run(raw_list(system))
    for what, budget, note in (
        ("first start, empty database", None, "everything is written: mirror, outbox, Kafka, status"),
        ("restart", RESTART, "nothing is written"),
    ):
        started, before = time.perf_counter(), system.cpu_seconds()
        system.start_operator()
        system.wait_ready(timeout=1800)
        seconds, used = time.perf_counter() - started, system.cpu_seconds()
        memory = system.memory_mib()["operator"]
        report.add(
            Row(
                what=f"cold start with {count:,} tasks, {what}",
                ours=f"{seconds:.1f} s to `readyz`, {memory:.0f} MiB",
                raw=f"{raw:.1f} s (chunked list)",
                ratio=seconds / raw,
                budget="" if budget is None else f"≤ {budget:g}×",
                kept=None if budget is None else seconds / raw <= budget,
                note=f"{note}; processor time until then: {spent(before, used)}",
            )
        )
        system.wait_quiet(timeout=3600)
        settled, used = time.perf_counter() - started, system.cpu_seconds()
        memory = system.memory_mib()["operator"]
        report.rows[-1].note += f"; worked off after {settled:.1f} s: {spent(before, used)}, {memory:.0f} MiB"
        system.stop_operator()
    report.add(
        Row(
            what=f"cold start with {count:,} tasks, restart: what the tasks add to a restart without any",
            ours=f"{seconds - empty:.1f} s ({empty:.1f} s without any)",
            raw=f"{raw:.1f} s (chunked list)",
            ratio=(seconds - empty) / raw,
            budget=f"≤ {RESTART:g}×",
            kept=(seconds - empty) / raw <= RESTART,
        )
    )
    if count > PLAIN_OPERATOR_UP_TO:
        return
    plain = plain_operator(system, count)
    report.add(
        Row(
            what=f"cold start with {count:,} tasks, restart, beside kopf alone",
            ours=f"{seconds:.1f} s to `readyz`",
            raw=f"{plain:.1f} s (an operator of kopf's that looks at each once and writes nothing)",
            ratio=seconds / plain,
            budget="",
            kept=None,
        )
    )
