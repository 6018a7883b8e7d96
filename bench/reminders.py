"""Reminders that are all due in the same second: how long until Kafka has acknowledged the last
`reminder.due`, and until a consumer has it."""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from bench.kafka import Arrivals, stamp_at_append
from bench.raw import RawApi, at_once
from bench.report import Report, Row
from bench.system import System

NAMESPACE = "bench-reminders"
REMINDERS = f"/apis/todotasks.dev/v1/namespaces/{NAMESPACE}/reminders"
OF_ONE_TASK = 10
BUDGET = 2.0  # seconds
FIRST_MADE = 500  # reminders for far later, made to learn how long this machine takes for one
FAR_LATER = datetime(2099, 1, 1, tzinfo=UTC)
SPARE = 60.0  # seconds, and
SPARE_FACTOR = 1.5  # times what it should take: they must all be answered before they come due
GIVE_UP = 120.0  # seconds after they were due
TOPIC = "reminders"
ACKNOWLEDGED = f'todotasks_relay_messages_total{{topic="{TOPIC}"}}'
DUE = "dev.todotasks.reminder.due.v1"
RAW_TOPIC = "bench-reminders-raw"


async def measure(system: System, report: Report, *, count: int) -> None:
    async with RawApi.connect(system.kubeconfig) as api:
        await api.namespace(NAMESPACE)
        await at_once(
            [lambda n=n: api.create(NAMESPACE, f"task-{n}") for n in range(-(-count // OF_ONE_TASK))]  # type: ignore[misc]
        )
        started = time.perf_counter()
        await at_once([lambda n=n: _create(api, -1 - n, FAR_LATER) for n in range(FIRST_MADE)])  # type: ignore[misc]
        system.wait_quiet(timeout=300)
        needed = (time.perf_counter() - started) / FIRST_MADE * count
        prepare = timedelta(seconds=SPARE + SPARE_FACTOR * needed)
        at = datetime.now(UTC).replace(microsecond=0) + prepare
        await at_once([lambda n=n: _create(api, n, at) for n in range(count)])  # type: ignore[misc]
    system.wait_quiet(timeout=prepare.total_seconds() + 300)
    if datetime.now(UTC) >= at - timedelta(seconds=3):
        raise RuntimeError(f"{count:,} reminders were not made within {prepare}")
    stamp_at_append(system.kafka, TOPIC)
    wave = await watch(system, at, count)
    raw = await asyncio.to_thread(_produce, system.kafka, count, wave.size)
    of_all = f"{count:,} reminders due in the same second"
    note = f"{wave.told}; {OF_ONE_TASK} reminders a task; load average {wave.load:.1f}"
    report.add(
        Row(
            what=f"{of_all} → the last one acknowledged by Kafka",
            ours=f"{wave.acknowledged:.2f} s",
            raw=f"{raw:.2f} s (as many messages, produced and acknowledged)",
            ratio=wave.acknowledged / raw,
            budget=f"≤ {BUDGET:g} s",
            kept=wave.whole and wave.acknowledged <= BUDGET,
            note=f"{note}; the operator used {wave.cpu:.2f} s of CPU until then",
        )
    )
    report.add(
        Row(
            what=f"{of_all} → a consumer of `{TOPIC}` has the last one",
            ours=f"{wave.consumed:.2f} s",
            raw=f"{raw:.2f} s",
            ratio=wave.consumed / raw,
            budget="",
            kept=None,
            note=f"the first one after {wave.first:.2f} s",
        )
    )


@dataclass
class Wave:
    """What became of the reminders; seconds after they were due."""

    whole: bool
    told: str
    first: float  # with the consumer
    acknowledged: float  # the last one, and the operator knows it
    consumed: float  # the last one
    size: int  # bytes of an event
    cpu: float  # seconds of the operator
    load: float


async def watch(system: System, at: datetime, count: int) -> Wave:
    """Reads the topic while they come due.

    "Acknowledged" is the stamp with which the broker appended the last one. The operator is asked what it
    knows only afterwards, because asking takes time that the telling needs; where it does not know yet, the
    moment until which it did not is what counts.
    """
    arrived: dict[str, float] = {}
    appended: list[float] = []
    repeated, late, size = 0, 0, 0

    def on_event(event: dict[str, Any], _: float, stamp: float) -> None:
        nonlocal repeated, late, size
        if event["type"] != DUE or not event["subject"].startswith(f"{NAMESPACE}/"):
            return
        repeated += event["id"] in arrived
        late += bool(event["data"].get("late"))
        size = size or len(str(event))
        appended.append(stamp)
        arrived.setdefault(event["id"], time.time())

    with Arrivals(system.kafka, TOPIC, on_event):
        before, due = system.metric(ACKNOWLEDGED), at.timestamp()
        await asyncio.sleep(max(0.0, due - time.time() - 0.1))
        used = system.cpu_seconds()["operator"]
        while len(arrived) < count and time.time() < due + GIVE_UP:
            await asyncio.sleep(0.02)
            system.check_alive()
        cpu, load = system.cpu_seconds()["operator"] - used, os.getloadavg()[0]
        known = max(appended, default=due + GIVE_UP)
        while system.metric(ACKNOWLEDGED) - before < count and time.time() < due + GIVE_UP:
            known = time.time()
        system.wait_quiet(timeout=600)  # the status writes that follow must not tell anything again
    moments = sorted(moment - due for moment in arrived.values()) or [GIVE_UP]
    return Wave(
        whole=len(arrived) == count and not repeated,
        told=f"{len(arrived):,} arrived, {repeated} twice, {late} late",
        first=moments[0],
        acknowledged=known - due,
        consumed=moments[-1],
        size=size,
        cpu=cpu,
        load=load,
    )


async def _create(api: RawApi, number: int, at: datetime) -> None:
    body = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "Reminder",
        "metadata": {
            "name": f"reminder-{number}" if number >= 0 else f"later{number}",
            "namespace": NAMESPACE,
        },
        "spec": {
            "taskRef": {"name": f"task-{max(0, number) // OF_ONE_TASK}"},
            "at": at.isoformat(),
            "message": "The ones on the balcony too.",
        },
    }
    await api.call("POST", REMINDERS, body)


def _produce(bootstrap: str, count: int, size: int) -> float:
    """The limit: as many messages of the same size, by a plain producer that waits for all replicas."""
    producer = Producer(
        {"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 5}
    )
    admin = AdminClient({"bootstrap.servers": bootstrap})  # its futures fail once it is collected
    admin.create_topics([NewTopic(RAW_TOPIC, num_partitions=6, replication_factor=1)])[RAW_TOPIC].result(30)
    producer.produce(RAW_TOPIC, b"it knows where the partitions are")
    producer.flush(30)
    value = b"x" * max(1, size)
    started = time.perf_counter()
    for number in range(count):
        producer.produce(RAW_TOPIC, value, key=str(number % (count // OF_ONE_TASK + 1)).encode())
        producer.poll(0)
    producer.flush(60)
    return time.perf_counter() - started
