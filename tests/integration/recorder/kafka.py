"""A relay with a real PostgreSQL and Kafka, and what arrived."""

import asyncio
import itertools
import os
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from confluent_kafka import Consumer, TopicPartition

from tests.integration.recorder.rig import LEADER, eventually
from todo_operator.record.journal import Journal
from todo_operator.relay.relay import Relay, relay_producer
from todotasks.broker import Producer, TopicSpec, ensure_topics
from todotasks.store import OutboxMessage, Store

_number = itertools.count()


class Arrived(NamedTuple):
    partition: int
    key: str
    value: bytes | None
    headers: dict[str, str]


def read(bootstrap: str, topic: str) -> list[Arrived]:
    """Everything in a topic, each partition in order."""
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": f"test-{time.time_ns()}", "enable.auto.commit": False}
    )
    found: list[Arrived] = []
    try:
        for partition in consumer.list_topics(topic, timeout=20).topics[topic].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=20)
            if high <= low:
                continue
            consumer.assign([TopicPartition(topic, partition, low)])
            position, deadline = low, time.monotonic() + 60
            while position < high:
                assert time.monotonic() < deadline, f"{topic}[{partition}] stopped at {position} of {high}"
                for message in consumer.consume(min(1000, high - position), 0.5):
                    assert message.error() is None, message.error()
                    position = int(message.offset() or 0) + 1
                    headers = {str(pair[0]): _text(pair[1]) for pair in message.headers() or ()}
                    key = _text(message.key())
                    found.append(Arrived(partition, key, message.value(), headers))
    finally:
        consumer.close()
    return found


def _text(value: str | bytes | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


def message(number: int, topic: str, key: str = "a", value: bytes | None = None) -> OutboxMessage:
    value = str(number).encode() if value is None else value
    return OutboxMessage(f"{topic}-{key}-{number}", topic, key, value, {"content-type": "text/plain"})


class RelayRig:
    """`await rig.start()`, `await rig.commit(…)`, `await rig.delivered()`, and again."""

    def __init__(self, store: Store, bootstrap: str) -> None:
        self.store = store
        self.bootstrap = bootstrap
        self.epoch = 0
        self.relay: Relay | None = None
        self.producer: Producer | None = None
        self._journal: Journal | None = None
        self._task: asyncio.Task[None] | None = None

    async def topic(self, **config: str) -> str:
        name = f"relay-{os.getpid()}-{next(_number)}"
        await ensure_topics({"bootstrap.servers": self.bootstrap}, topics={name: TopicSpec(config=config)})
        return name

    async def start(self, *, listen: bool = False, offer: bool = True, **config: Any) -> Relay:
        self.epoch = await self.store.take_leadership(LEADER, "rig")
        self.producer = relay_producer({"bootstrap.servers": self.bootstrap, **config})
        await self.producer.start()
        self.relay = Relay(self.store, self.producer, LEADER, self.epoch, listen=listen)
        self._journal = Journal(self.store, LEADER, self.epoch, self.relay.offer if offer else None)
        self._task = asyncio.create_task(self.relay.run())
        return self.relay

    async def commit(self, *messages: OutboxMessage) -> None:
        """As the leader; to the relay, if one runs that is offered to."""
        if self._journal is None:
            self.epoch = await self.store.take_leadership(LEADER, "rig")
            self._journal = Journal(self.store, LEADER, self.epoch)
        async with self._journal.write() as tx:
            await tx.enqueue(messages)

    async def succeed(self) -> None:
        """Another leader takes over, and writes from now on; our relay does not know."""
        self.epoch = await self.store.take_leadership(LEADER, "another")
        self._journal = Journal(self.store, LEADER, self.epoch)

    async def delivered(self, patience: float = 30.0) -> None:
        """Until the table is empty."""

        async def empty() -> bool:
            self.failed()
            return (await self.store.outbox_stats()).depth == 0

        await eventually(empty, patience)

    def failed(self) -> None:
        if self._task is not None and self._task.done():
            self._task.result()
            raise AssertionError("the relay has ended")

    async def outcome(self) -> BaseException | None:
        """What the relay dies of, when it does."""
        assert self._task is not None
        task, self._task = self._task, None
        (result,) = await asyncio.gather(task, return_exceptions=True)
        return result if isinstance(result, BaseException) else None

    async def stop(self, *, in_good_order: bool = True) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self.producer is not None:
            await self.producer.close(5.0 if in_good_order else 0.0)
        self.relay = self.producer = self._journal = None

    def read(self, topic: str) -> list[Arrived]:
        return read(self.bootstrap, topic)

    def numbers(self, topic: str, key: str = "a") -> list[int]:
        return self.numbers_by_key(topic).get(key, [])

    def numbers_by_key(self, topic: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for one in self.read(topic):
            found.setdefault(one.key, []).append(int(one.value or b"-1"))
        return found


def deduplicated(numbers: Sequence[int]) -> list[int]:
    """As a consumer keeps them: the first of each id."""
    return list(dict.fromkeys(numbers))
