"""`python -m bench`: every row beside its raw limit, in one run. See README.md."""

import asyncio
import time
from pathlib import Path

import click

from bench import admission, coldstart, cost, flood, latency, live, reminders, rules
from bench.report import Report
from bench.system import System

LIVE_SECONDS = 15  # of each turn; there are three for each number of clients
ROWS = ("admission", "latency", "held-rate", "cost", "reminders", "flood", "coldstart", "rules", "live")


@click.command()
@click.option("--row", "rows", multiple=True, type=click.Choice(ROWS), help="Only these rows.")
@click.option("--tasks", default=20_000, show_default=True, help="Tasks of the cold start.")
@click.option("--flood", "flood_count", default=5_000, show_default=True, help="Creates of the flood.")
@click.option("--rate", default=100, show_default=True, help="Changes a second of the latency row.")
@click.option("--seconds", default=30, show_default=True, help="Length of the latency row.")
@click.option("--reminders", "reminder_count", default=10_000, show_default=True, help="Due in one second.")
@click.option("--rules", "rule_count", default=10_000, show_default=True, help="That missed a day.")
@click.option("--writes", default=600, show_default=True, help="Of the admission row, a turn.")
@click.option(
    "--clients", default=(1, 100, 1_000, 5_000), show_default=True, multiple=True, help="Of the live row."
)
@click.option("--cost", "cost_count", default=200, show_default=True, help="Creates of a round.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("bench/results"), show_default=True)
def main(
    rows: tuple[str, ...],
    tasks: int,
    flood_count: int,
    rate: int,
    seconds: int,
    reminder_count: int,
    rule_count: int,
    cost_count: int,
    writes: int,
    clients: tuple[int, ...],
    out: Path,
) -> None:
    """Measure the system on this machine; Markdown and JSON are written to --out."""
    wanted, report, started = rows or ROWS, Report(), time.perf_counter()
    with System() as system:
        if "admission" in wanted:
            print(f"admission: {writes} creates and patches a state and turn", flush=True)
            asyncio.run(admission.measure(system, report, count=writes, rounds=4))
        # What depends on processor time comes while little is stored: the garbage collection of an API server
        # with thousands of tasks falls on whoever has the turn.
        if set(wanted) & {"latency", "held-rate", "cost", "reminders"}:
            start(system)
        if "cost" in wanted:
            print(f"cost: rounds of {cost_count} creates and patches beside a plain CRD", flush=True)
            asyncio.run(cost.measure(system, report, count=cost_count))
        if "latency" in wanted:
            print(f"latency: {rate} changes a second for {seconds} s", flush=True)
            asyncio.run(latency.measure(system, report, rate=rate, seconds=seconds))
        if "held-rate" in wanted:
            print(f"held rate: steps until p99 passes {latency.HELD_WITHIN * 1000:.0f} ms", flush=True)
            asyncio.run(latency.measure_held_rate(system, report))
        if "reminders" in wanted:
            print(f"reminders: {reminder_count:,} due in one second", flush=True)
            asyncio.run(reminders.measure(system, report, count=reminder_count))
        system.stop_operator()
        if "flood" in wanted:
            print("raw limit of the API server: create and status patch, nothing else running", flush=True)
            raw = asyncio.run(flood.raw_rate(system, flood_count))
            start(system)
            print(f"flood: {flood_count:,} creates", flush=True)
            asyncio.run(flood.measure(system, report, raw, count=flood_count))
        system.stop_operator()
        if "coldstart" in wanted:
            empty = coldstart.restart_with_nothing(system)
            print(f"cold start: filling in {tasks:,} tasks", flush=True)
            asyncio.run(coldstart.fill(system, tasks))
            system.forget_records()
            coldstart.measure(system, report, empty)
        if "rules" in wanted:
            print(f"rules: {rule_count:,} that missed a day", flush=True)
            asyncio.run(rules.measure(system, report, count=rule_count))
        if "live" in wanted:
            print(f"live: {', '.join(f'{count:,}' for count in clients)} clients", flush=True)
            asyncio.run(live.measure(system, report, counts=clients, seconds=min(seconds, LIVE_SECONDS)))
    options = {
        "rows": list(wanted),
        "tasks": tasks,
        "flood": flood_count,
        "rate": rate,
        "seconds": seconds,
        "reminders": reminder_count,
        "rules": rule_count,
        "cost": cost_count,
        "clients": list(clients),
        "writes": writes,
    }
    markdown, data = report.write(out, options)
    print(f"\n{report.markdown()}\n{markdown} and {data}, after {time.perf_counter() - started:.0f} s")


def start(system: System) -> None:
    """The operator, and until it has worked off what it found."""
    system.start_operator()
    system.wait_ready()
    system.wait_quiet(timeout=300)


main()
