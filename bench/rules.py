"""Rules that missed a day: what the start of the operator makes of it, beside what `missedPolicy` says.

The rules are left as an operator leaves them that died a day ago: seen, with a `nextScheduleTime` that has
passed since. What has to come is reckoned here by plain arithmetic, not by the code that is measured.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bench.kafka import Arrivals
from bench.raw import TASKS, RawApi, at_once
from bench.report import Report, Row
from bench.system import System

NAMESPACE = "bench-rules"
RAW_NAMESPACE = "bench-rules-raw"
RULES = f"/apis/todotasks.dev/v1/namespaces/{NAMESPACE}/recurrencerules"
POLICIES = ("Latest", "All", "Skip")
EVERY = timedelta(hours=8)
DOWN = timedelta(hours=24)
# Each rule's newest occurrence lies so long back: more than what Skip takes for being on time, and so
# little that the next one is far from coming while we measure.
NEWEST, SPREAD = timedelta(minutes=60), 120
RAW_CREATES = 2_000
GIVE_UP = 1_800.0  # seconds
EPOCH = "1970-01-01T00:00:00Z"
TOPIC = "task-events"
MISSED, SCHEDULED = "dev.todotasks.recurrence.missed.v1", "dev.todotasks.recurrence.scheduled.v1"


class Downtime(NamedTuple):
    """One rule, and when it should have fired while nobody was there; oldest first."""

    name: str
    policy: str
    missed: tuple[datetime, ...]

    @property
    def wanted(self) -> tuple[datetime, ...]:
        return {"Latest": self.missed[-1:], "All": self.missed, "Skip": ()}[self.policy]

    @property
    def tasks(self) -> set[str]:
        return {f"{self.name}-{int(at.timestamp()) // 60}" for at in self.wanted}


def downtimes(count: int, now: datetime) -> list[Downtime]:
    found = []
    for n in range(count):
        newest = now.replace(second=0, microsecond=0) - NEWEST - timedelta(minutes=n % SPREAD)
        times = [newest - back * EVERY for back in range(DOWN // EVERY)]
        found.append(Downtime(f"rule-{n}", POLICIES[n % len(POLICIES)], tuple(reversed(times))))
    return found


async def measure(system: System, report: Report, *, count: int) -> None:
    """The operator is not running when this is called; when it ends, it is stopped again."""
    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(RAW_NAMESPACE)
        started = time.perf_counter()
        await at_once([lambda n=n: api.create(RAW_NAMESPACE, f"raw-{n}") for n in range(RAW_CREATES)])  # type: ignore[misc]
        raw = RAW_CREATES / (time.perf_counter() - started)
        await api.namespace(NAMESPACE)
        rules = downtimes(count, datetime.now(UTC))
        await at_once([lambda rule=rule: _leave_behind(api, rule) for rule in rules])  # type: ignore[misc]
        wanted = set().union(*(rule.tasks for rule in rules))
        told: dict[str, Counter[str]] = {SCHEDULED: Counter(), MISSED: Counter()}
        left_out = 0

        def on_event(event: dict[str, Any], _: float, __: float) -> None:
            nonlocal left_out
            if event["type"] in told and event["subject"].startswith(f"{NAMESPACE}/"):
                ids = told[event["type"]]
                ids[event["id"]] += 1
                if event["type"] == MISSED and ids[event["id"]] == 1:
                    left_out += event["data"]["count"]

        with Arrivals(system.kafka, TOPIC, on_event):
            started, load, starts = time.perf_counter(), list[float](), system.starts
            system.start_operator()
            system.wait_ready(timeout=600)
            ready = time.perf_counter() - started
            silent = sum(rule.wanted != rule.missed for rule in rules)
            while not (len(told[SCHEDULED]) >= len(wanted) and len(told[MISSED]) >= silent):
                await asyncio.sleep(0.1)
                system.keep_alive()  # on a busy machine it may lose its Lease
                load.append(os.getloadavg()[0])
                if time.perf_counter() - started > GIVE_UP:
                    break
            seconds = time.perf_counter() - started
            system.wait_quiet(timeout=1200)  # statuses; and nothing may be told or made after it either
            settled = time.perf_counter() - started
        cpu = system.cpu_seconds().get("operator", 0.0)
        system.stop_operator()
        names, statuses = await _tasks(api), await _unsettled(api)
    repeated = sum(number - 1 for ids in told.values() for number in ids.values())
    to_leave_out = sum(len(rule.missed) - len(rule.wanted) for rule in rules)
    exact = (
        names == wanted
        and left_out == to_leave_out
        and (len(told[SCHEDULED]), len(told[MISSED])) == (len(wanted), silent)
    )
    rate = len(names) / seconds
    report.add(
        Row(
            what=f"start with {count:,} rules that missed a day → {len(wanted):,} tasks made and told",
            ours=f"{seconds:.0f} s, {rate:.0f}/s",
            raw=f"{raw:.0f}/s (creates alone, nothing of ours running)",
            ratio=rate / raw,
            budget="exactly what missedPolicy says",
            kept=exact and not statuses,
            note=f"{len(names & wanted):,} of the {len(wanted):,} that missedPolicy wants are there, "
            f"{len(names - wanted):,} others; {len(told[SCHEDULED]):,} recurrence.scheduled, "
            f"{len(told[MISSED]):,} recurrence.missed that leave out {left_out:,} (right: {to_leave_out:,}), "
            f"{repeated} twice; {statuses} rules without their status; the operator was started anew "
            f"{system.starts - starts - 1} times; ready after {ready:.1f} s, "
            f"everything written after {settled:.0f} s, for which the operator used {cpu:.0f} s of CPU; "
            f"load average up to {max(load, default=0.0):.1f}",
        )
    )


async def _leave_behind(api: RawApi, rule: Downtime) -> None:
    """As the operator left it: it had seen the rule, and waited for the first one that was missed."""
    minute, hours = rule.missed[0].minute, sorted(at.hour for at in rule.missed)
    body = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "RecurrenceRule",
        "metadata": {"name": rule.name, "namespace": NAMESPACE},
        "spec": {
            "cron": f"{minute} {','.join(map(str, hours))} * * *",
            "start": (rule.missed[0] - DOWN).isoformat(),  # without it, from its creation on
            "missedPolicy": rule.policy,
            "template": {"spec": {"title": "Water the plants", "priority": "High", "tags": ["home"]}},
        },
    }
    await api.call("POST", RULES, body)
    first = rule.missed[0].isoformat()
    status = {"observedGeneration": 1, "nextScheduleTime": first, "occurrences": 0, "activeCount": 0}
    path = f"{RULES}/{rule.name}/status"
    await api.call("PATCH", path, {"status": status}, "application/merge-patch+json")


async def _tasks(api: RawApi) -> set[str]:
    path = TASKS.format(namespace=NAMESPACE)
    return {item["metadata"]["name"] async for item in _all(api, path)}


async def _unsettled(api: RawApi) -> int:
    """Rules whose status does not wait for what is ahead."""
    now = datetime.now(UTC)
    return sum(
        [
            datetime.fromisoformat(item["status"].get("nextScheduleTime", EPOCH)) < now
            async for item in _all(api, RULES)
        ]
    )


async def _all(api: RawApi, path: str) -> AsyncIterator[dict[str, Any]]:
    following = ""
    while True:
        page = await api.call("GET", f"{path}?limit=500&continue={following}")
        for item in page["items"]:
            yield item
        following = page["metadata"].get("continue", "")
        if not following:
            return
