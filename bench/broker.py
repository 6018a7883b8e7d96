"""What sending costs in Kafka: one message alone, many at once, and both while the event loop is busy.

"Raw" is the same client library without us: `produce`, then `poll` until all is acknowledged.

    python -m bench.broker

The busy loop is what a flood looks like to the producer: 2 ms of work, then a moment for everything else.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import confluent_kafka
import uvloop

from bench.report import Report, Row, milliseconds, percentile
from todo_cli.local.backing import kafka
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress
from todotasks.broker import Producer, TopicSpec, ensure_topics
from todotasks.broker.config import producer_config

TOPIC = "bench"
VALUE = b"x" * 1000
HEADERS = {"content-type": "application/cloudevents+json"}
SINGLES = 200
MANY = 50_000
WORK = 0.002  # seconds


def wait(producer: confluent_kafka.Producer) -> None:
    """Not `flush`, which does not linger."""
    while len(producer):
        producer.poll(0.001)


def raw_single(producer: confluent_kafka.Producer) -> list[float]:
    found = []
    for number in range(SINGLES):
        began = time.perf_counter()
        producer.produce(TOPIC, VALUE, f"key-{number}", headers=list(HEADERS.items()))
        wait(producer)
        found.append(time.perf_counter() - began)
    return found


def raw_many(producer: confluent_kafka.Producer) -> float:
    began = time.perf_counter()
    for number in range(MANY):
        producer.produce(TOPIC, VALUE, f"key-{number % 999}", headers=list(HEADERS.items()))
    wait(producer)
    return MANY / (time.perf_counter() - began)


async def single(producer: Producer) -> list[float]:
    found = []
    for number in range(SINGLES):
        began = time.perf_counter()
        await (await producer.send(TOPIC, f"key-{number}", VALUE, HEADERS))
        found.append(time.perf_counter() - began)
    return found


async def many(producer: Producer) -> tuple[float, float]:
    """Messages a second, and microseconds of CPU a message (librdkafka's threads included)."""
    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*[await producer.send(TOPIC, f"key-{n % 999}", VALUE, HEADERS) for n in range(MANY)])
    return MANY / (time.perf_counter() - began), (time.process_time() - cpu) / MANY * 1e6


@contextlib.asynccontextmanager
async def busy() -> AsyncIterator[None]:
    async def work() -> None:
        while True:
            until = time.perf_counter() + WORK
            while time.perf_counter() < until:
                pass
            await asyncio.sleep(0)

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        working.cancel()


async def measure(report: Report, address: str) -> None:
    config = {"bootstrap.servers": address}
    await ensure_topics(config, topics={TOPIC: TopicSpec()})
    for linger in (0.0, 1.0, 5.0):
        raw = confluent_kafka.Producer(
            producer_config(config, linger) | {"queue.buffering.max.messages": 2 * MANY}
        )
        raw_single(raw)
        raw_latency, raw_rate = percentile(raw_single(raw), 0.5), raw_many(raw)
        async with Producer(config, linger_ms=linger) as producer:
            await single(producer)
            for state, around in (("idle", contextlib.nullcontext()), ("busy", busy())):
                async with around:
                    latencies = await single(producer)
                    rate, cpu = await many(producer)
                what = f"linger {linger:g} ms, {state} loop"
                half, most = percentile(latencies, 0.5), percentile(latencies, 0.99)
                shown = f"p50 {milliseconds(half)}, p99 {milliseconds(most)}"
                base = f"p50 {milliseconds(raw_latency)}"
                report.add(Row(f"one message, {what}", shown, base, half / raw_latency, "", None))
                shown, base = f"{rate:,.0f}/s", f"{raw_rate:,.0f}/s"
                note = f"{cpu:.1f} µs of CPU a message" if state == "idle" else ""
                report.add(Row(f"{MANY:,} messages, {what}", shown, base, rate / raw_rate, "", None, note))


def main() -> None:
    report = Report()
    jars = kafka.obtain(Progress(print))
    with tempfile.TemporaryDirectory(prefix="todotasks-bench-") as folder:
        server = kafka.Kafka(Folder.open(Path(folder) / "kafka"), jars)
        server.start()
        try:
            server.wait_ready()
            uvloop.run(measure(report, server.address))
        finally:
            server.stop()
    print(f"\n{report.markdown()}")


if __name__ == "__main__":
    main()
