"""Reading topics with the plain library, so that a test does not trust what it tests."""

import asyncio
import time
from typing import Any, TypeAlias

import confluent_kafka
from confluent_kafka import OFFSET_BEGINNING, TopicPartition

Config: TypeAlias = dict[str, Any]


async def read_topic(
    config: Config, topic: str, count: int, timeout: float = 30.0
) -> list[confluent_kafka.Message]:
    """All messages of a topic, at least `count`, per partition in order."""
    return await asyncio.to_thread(_read_topic, config, topic, count, timeout)


def _read_topic(config: Config, topic: str, count: int, timeout: float) -> list[confluent_kafka.Message]:
    consumer = confluent_kafka.Consumer({**config, "group.id": "reader", "enable.auto.commit": False})
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        found: list[confluent_kafka.Message] = []
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            more = consumer.consume(1000, 0.3)
            found += [message for message in more if message.error() is None]
            if len(found) >= count and not more:
                return found
        raise AssertionError(f"{topic}: {len(found)} of {count} messages after {timeout:g} s")
    finally:
        consumer.close()


def by_key(messages: list[confluent_kafka.Message]) -> dict[str, list[bytes | None]]:
    found: dict[str, list[bytes | None]] = {}
    for message in messages:
        key = message.key()
        assert isinstance(key, bytes)
        found.setdefault(key.decode(), []).append(message.value())
    return found


def headers_of(message: confluent_kafka.Message) -> dict[str, str]:
    headers = message.headers() or []
    return {name: value.decode() for name, value in dict(headers).items() if isinstance(value, bytes)}
