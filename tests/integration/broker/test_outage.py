"""Kafka dies, hangs and comes back. Nothing is lost, nothing of a key changes places."""

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from tests.integration.broker.support import Config, by_key, read_topic
from todo_cli.local.backing.kafka import Kafka
from todotasks.broker import (
    BrokerError,
    Consumer,
    Delivered,
    Message,
    Producer,
)

pytestmark = pytest.mark.chaos

KEYS = 20


@pytest.fixture
def server(module_kafka: Kafka) -> Kafka:
    return module_kafka


@pytest.fixture
def config(server: Kafka) -> Config:
    return {"bootstrap.servers": server.address}


async def restart(server: Kafka) -> None:
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.wait_ready)


async def test_kafka_killed_twice_under_load_loses_and_reorders_nothing(
    server: Kafka, config: Config, topic: str
) -> None:
    sent = 0
    stop = asyncio.Event()
    futures: list[asyncio.Future[Delivered]] = []
    async with Producer(config) as producer:

        async def load() -> None:
            nonlocal sent
            while not stop.is_set():
                for key in range(KEYS):
                    futures.append(await producer.send(topic, f"key-{key}", f"{sent}".encode()))
                sent += 1
                await asyncio.sleep(0.005)

        def producer_done() -> int:
            return sum(future.done() for future in futures)

        loading = asyncio.create_task(load())
        for _ in range(2):
            acknowledged = producer_done()
            await until(lambda: producer_done() > acknowledged + 40 * KEYS)  # noqa: B023
            server.kill()
            turns = sent
            await until(lambda: sent > turns + 40)  # noqa: B023
            await restart(server)
        acknowledged = producer_done()
        await until(lambda: producer_done() > acknowledged + 40 * KEYS)
        stop.set()
        await loading
        assert await producer.flush(30) == 0
        assert all(isinstance(future.result(), Delivered) for future in futures)
    found = by_key(await read_topic(config, topic, sent * KEYS))
    # Exactly once and in order: the broker knows the numbers of an idempotent producer.
    assert found == {f"key-{key}": [f"{turn}".encode() for turn in range(sent)] for key in range(KEYS)}


async def test_messages_sent_while_kafka_was_away_arrive_when_it_is_back(
    server: Kafka, config: Config, topic: str
) -> None:
    async with Producer(config) as producer:
        await (await producer.send(topic, "key", b"0"))
        server.kill()
        futures = [await producer.send(topic, "key", f"{turn}".encode()) for turn in range(1, 200)]
        await asyncio.sleep(1)
        assert producer.in_flight == 199
        await restart(server)
        await asyncio.wait_for(asyncio.gather(*futures), 30)
    assert by_key(await read_topic(config, topic, 200)) == {
        "key": [f"{turn}".encode() for turn in range(200)]
    }


async def test_a_producer_may_start_before_kafka(server: Kafka, config: Config, topic: str) -> None:
    server.kill()
    async with Producer(config) as producer:
        future = await producer.send(topic, "key", b"early")
        await asyncio.sleep(1)
        await restart(server)
        assert isinstance(await asyncio.wait_for(future, 20), Delivered)


async def test_after_a_fatal_error_a_restart_sends_again_in_order(
    server: Kafka, config: Config, topic: str
) -> None:
    """librdkafka calls a gap in an idempotent sequence fatal if told to; a broker that hangs makes one."""
    strict = {
        **config,
        "enable.gapless.guarantee": True,
        "message.timeout.ms": 1500,
        "socket.timeout.ms": 1000,
    }
    run = server.folder.read_run(server.name)
    assert run is not None
    async with Producer(strict) as producer:
        await (await producer.send(topic, "key", b"0"))
        os.kill(run.process.pid, signal.SIGSTOP)
        try:
            futures = [await producer.send(topic, "key", f"{turn}".encode()) for turn in range(1, 50)]
            results = await asyncio.wait_for(asyncio.gather(*futures, return_exceptions=True), 20)
        finally:
            os.kill(run.process.pid, signal.SIGCONT)
        assert all(isinstance(result, BrokerError) for result in results)
        assert producer.failure is not None
        with pytest.raises(BrokerError):
            await producer.send(topic, "key", b"too early")

        await producer.restart()
        again = [await producer.send(topic, "key", f"{turn}".encode()) for turn in range(1, 50)]
        await asyncio.wait_for(asyncio.gather(*again), 20)
    values = by_key(await read_topic(config, topic, 50))["key"]
    # What failed may have arrived before; the last occurrence of each is in order, and none is missing.
    last = {value: place for place, value in enumerate(values)}
    assert sorted(last, key=last.__getitem__) == [f"{turn}".encode() for turn in range(50)]


async def test_a_consumer_goes_on_where_it_was_after_kafka_was_killed(
    server: Kafka, config: Config, topic: str
) -> None:
    seen: list[str] = []

    async def handler(message: Message) -> None:
        seen.append((message.value or b"").decode())

    async with Producer(config) as producer, Consumer(config, "group", [topic]) as consumer:
        running = asyncio.create_task(consumer.run(handler))
        await asyncio.gather(*[await producer.send(topic, "key", f"{n}".encode()) for n in range(100)])
        await until(lambda: len(seen) >= 100)
        server.kill()
        later = [await producer.send(topic, "key", f"{n}".encode()) for n in range(100, 200)]
        await asyncio.sleep(0.5)
        await restart(server)
        await asyncio.wait_for(asyncio.gather(*later), 30)
        await until(lambda: "199" in seen)
        consumer.stop()
        await asyncio.wait_for(running, 10)
    # The commit of the last batch before the kill may have been lost: those come again, in order.
    assert list(dict.fromkeys(seen)) == [f"{n}" for n in range(200)]


async def until(condition: Callable[[], bool], timeout: float = 30) -> None:
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.05)
