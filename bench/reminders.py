"""Reminders that are all due in the same second: how long until the last `reminder.due` is in Kafka."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from bench.kafka import Arrivals
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
DUE = "dev.todotasks.reminder.due.v1"
RAW_TOPIC = "bench-reminders-raw"


async def measure(system: System, report: Report, *, count: int) -> None:
    """A consumer *has* the last event, which is later than the acknowledgement that the budget speaks of."""
    arrived: dict[str, float] = {}
    repeated, late, sizes = 0, 0, 0

    def on_event(event: dict[str, Any], _: float) -> None:
        nonlocal repeated, late, sizes
        if event["type"] != DUE or not event["subject"].startswith(f"{NAMESPACE}/"):
            return
        repeated += event["id"] in arrived
        late += bool(event["data"].get("late"))
        sizes += len(str(event))
        arrived.setdefault(event["id"], time.time())

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
    with Arrivals(system.kafka, "reminders", on_event):
        while len(arrived) < count and time.time() < at.timestamp() + GIVE_UP:
            await asyncio.sleep(0.05)
        system.wait_quiet(timeout=600)  # the status writes that follow must not tell anything again
    moments = sorted(moment - at.timestamp() for moment in arrived.values())
    last = moments[-1] if moments else GIVE_UP
    raw = await asyncio.to_thread(_produce, system.kafka, count, sizes // max(1, len(arrived)))
    whole = len(arrived) == count and not repeated
    report.add(
        Row(
            what=f"{count:,} reminders due in the same second → consumer of `reminders`, the last one",
            ours=f"{last:.2f} s",
            raw=f"{raw:.2f} s (as many messages, produced and acknowledged)",
            ratio=last / raw,
            budget=f"≤ {BUDGET:g} s",
            kept=whole and last <= BUDGET,
            note=f"{len(arrived):,} arrived, {repeated} twice, {late} late; the first after "
            f"{moments[0] if moments else 0:.2f} s; {OF_ONE_TASK} reminders a task",
        )
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
