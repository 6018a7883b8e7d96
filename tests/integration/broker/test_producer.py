"""What the producer promises: acknowledged, in order per key, the line stops at a failure."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.integration.broker.support import Config, by_key, read_topic
from todotasks.broker import BrokerError, Delivered, MessageTooLarge, Producer, TopicSpec, ensure_topics


async def test_a_message_arrives_with_key_value_and_headers(config: Config, topic: str) -> None:
    headers = {"content-type": "application/cloudevents+json", "name": "Café"}
    async with Producer(config) as producer:
        delivered = await (await producer.send(topic, "uid-1", b"{}", headers))
        await (await producer.send(topic, "uid-1", None))
    assert delivered.topic == topic
    value, tombstone = await read_topic(config, topic, 2)
    assert (value.key(), value.value(), value.partition(), value.offset()) == (
        b"uid-1",
        b"{}",
        delivered.partition,
        delivered.offset,
    )
    assert dict(value.headers() or []) == {name: text.encode() for name, text in headers.items()}
    assert (tombstone.key(), tombstone.value(), tombstone.partition()) == (
        b"uid-1",
        None,
        delivered.partition,
    )


async def test_messages_of_a_key_arrive_in_order_once(config: Config, topic: str) -> None:
    keys, turns = 50, 100
    async with Producer(config) as producer:
        futures = [
            await producer.send(topic, f"key-{key}", f"{turn}".encode())
            for turn in range(turns)
            for key in range(keys)
        ]
        await asyncio.gather(*futures)
        assert producer.in_flight == 0
    found = by_key(await read_topic(config, topic, keys * turns))
    assert found == {f"key-{key}": [f"{turn}".encode() for turn in range(turns)] for key in range(keys)}


async def test_a_key_lands_where_java_would_put_it(config: Config, topic: str) -> None:
    """murmur2, as the Java client: known answers, so that a change of the partitioner is noticed."""
    async with Producer(config) as producer:
        placed = {key: (await (await producer.send(topic, key, b""))).partition for key in JAVA_PARTITIONS}
    assert placed == JAVA_PARTITIONS


def murmur2(data: bytes) -> int:
    """org.apache.kafka.common.utils.Utils.murmur2, written from its definition."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = 0x9747B28C ^ len(data)
    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        k = int.from_bytes(data[start : start + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = (h * m & mask) ^ k
    rest = data[whole:]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


JAVA_PARTITIONS = {
    key: (murmur2(key.encode()) & 0x7FFFFFFF) % 6 for key in ("a", "uid-1", "0b5f-77", "Zürich")
}


async def test_a_full_buffer_makes_senders_wait_in_their_order(config: Config, topic: str) -> None:
    small = {**config, "queue.buffering.max.messages": 20}
    async with Producer(small) as producer:

        async def sender(number: int) -> None:
            futures = [await producer.send(topic, f"key-{number}", f"{turn}".encode()) for turn in range(300)]
            await asyncio.gather(*futures)

        await asyncio.gather(*(sender(number) for number in range(5)))
    found = by_key(await read_topic(config, topic, 1500))
    assert found == {f"key-{number}": [f"{turn}".encode() for turn in range(300)] for number in range(5)}


async def test_while_the_buffer_is_full_and_the_broker_away_a_sender_waits(topic: str) -> None:
    producer = Producer({"bootstrap.servers": "127.0.0.1:1", "queue.buffering.max.messages": 5})
    await producer.start()
    for turn in range(5):
        await producer.send("anything", "key", f"{turn}".encode())
    waiting = asyncio.create_task(producer.send("anything", "key", b"5"))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    assert producer.in_flight == 5
    await producer.close(timeout_seconds=0.1)
    with pytest.raises(BrokerError):
        await waiting


# ── too large ────────────────────────────────────────────────────────────────────────────────────────
async def test_a_message_too_large_for_the_client_is_refused_at_once_and_stops_nothing(
    config: Config, topic: str
) -> None:
    async with Producer(config) as producer:
        before = await producer.send(topic, "key", b"before")
        with pytest.raises(MessageTooLarge) as caught:
            await producer.send(topic, "key", b"x" * 2_000_000)
        after = await producer.send(topic, "key", b"after")
        await asyncio.gather(before, after)
        assert producer.failure is None
    assert not caught.value.retriable
    assert by_key(await read_topic(config, topic, 2)) == {"key": [b"before", b"after"]}


async def test_a_message_too_large_for_the_topic_fails_alone(
    config: Config, make_topic: Callable[..., Awaitable[str]]
) -> None:
    """The broker judges batches, not messages: small neighbours of a large one must not fall with it."""
    topic = await make_topic(partitions=1, max_message_bytes="3000")
    async with Producer(config, linger_ms=50) as producer:
        wanted = [bytes([65 + number % 26]) * (5000 if number == 20 else 900) for number in range(40)]
        outcomes: list[Any] = []
        position = 0
        async with asyncio.timeout(60):
            while position < len(wanted):
                futures = [await producer.send(topic, "key", value) for value in wanted[position:]]
                results = await asyncio.gather(*futures, return_exceptions=True)
                for result in results:
                    if isinstance(result, BrokerError) and not isinstance(result, MessageTooLarge):
                        await producer.restart()
                        break
                    outcomes.append(result)
                    position += 1
    assert [type(outcome) for outcome in outcomes] == [
        MessageTooLarge if number == 20 else Delivered for number in range(40)
    ]
    values = by_key(await read_topic(config, topic, 39))["key"]
    assert [value for index, value in enumerate(values) if index == 0 or value != values[index - 1]] == [
        value for value in wanted if len(value) == 900
    ]


# ── the line stops ───────────────────────────────────────────────────────────────────────────────────
async def test_after_a_failure_nothing_overtakes_what_failed(
    config: Config, topic: str, unique: Callable[[str], str]
) -> None:
    """A topic that is not there fails; messages behind it fail too, until the caller starts again."""
    missing = unique("missing")
    impatient = {
        **config,
        "topic.metadata.propagation.max.ms": 500,
        "topic.metadata.refresh.interval.ms": 300,
    }
    async with Producer(impatient) as producer:
        failing = await producer.send(missing, "key", b"1")
        with pytest.raises(BrokerError) as caught:
            await failing
        assert (caught.value.topic, caught.value.retriable, caught.value.fatal) == (missing, True, False)
        with pytest.raises(BrokerError):
            await producer.send(topic, "key", b"2")
        assert producer.failure is caught.value

        await ensure_topics(config, topics={missing: TopicSpec(partitions=1)})
        await producer.restart()
        await asyncio.gather(*[await producer.send(name, "key", b"again") for name in (missing, topic)])
    assert by_key(await read_topic(config, missing, 1)) == {"key": [b"again"]}
    assert by_key(await read_topic(config, topic, 1)) == {"key": [b"again"]}


async def test_what_is_behind_a_failure_in_the_buffer_fails_with_it(
    config: Config, unique: Callable[[str], str]
) -> None:
    impatient = {**config, "topic.metadata.propagation.max.ms": 500}
    async with Producer(impatient) as producer:
        futures = [await producer.send(unique("missing"), "key", b"1") for _ in range(3)]
        results = await asyncio.wait_for(asyncio.gather(*futures, return_exceptions=True), 20)
        await producer.restart()
        assert producer.in_flight == 0
    assert all(isinstance(result, BrokerError) for result in results)


async def test_close_delivers_what_was_sent(config: Config, topic: str) -> None:
    async with Producer(config, linger_ms=200) as producer:
        futures = [await producer.send(topic, "key", b"") for _ in range(10)]
    assert all(isinstance(future.result(), Delivered) for future in futures)
    with pytest.raises(BrokerError, match="not started"):
        await producer.send(topic, "key", b"")


async def test_answers_come_while_the_loop_is_busy(config: Config, topic: str) -> None:
    """The reason why no thread polls: under a busy loop it would starve for the interpreter's lock."""
    async with Producer(config) as producer:
        await (await producer.send(topic, "key", b"warm"))
        sent = [await producer.send(topic, f"key-{n}", b"x" * 500) for n in range(2000)]
        turns = 0
        while not all(future.done() for future in sent):
            spin = time.perf_counter() + 0.002
            while time.perf_counter() < spin:
                pass
            await asyncio.sleep(0)
            turns += 1
            assert turns < 5_000, "the answers starve"


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────
SECRET = "hunter2-do-not-show"


@pytest.mark.parametrize(
    "broken",
    [
        {"ssl.key.pem": SECRET, "security.protocol": "ssl"},
        {"sasl.password": SECRET, "security.protocol": "sasl_plaintext", "sasl.mechanism": "NONSENSE"},
        {"ssl.keystore.password": SECRET, "security.protocol": "ssl", "ssl.keystore.location": "/nowhere"},
        {"unknown.password": SECRET},
    ],
)
async def test_a_configuration_that_cannot_be_used_shows_no_secret(
    config: Config, broken: Config, caplog: pytest.LogCaptureFixture
) -> None:
    producer = Producer({**config, **broken})
    with pytest.raises(BrokerError) as caught:
        await producer.start()
    assert not caught.value.retriable
    assert caught.value.__cause__ is None
    assert SECRET not in str(caught.value) + repr(producer) + caplog.text


async def test_a_refused_login_shows_no_secret(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    login = {"security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN", "sasl.username": "me"}
    async with Producer({**config, **login, "sasl.password": SECRET}) as producer:
        await producer.send("anything", "key", b"")
        await asyncio.sleep(0.5)
        await producer.close(timeout_seconds=0.1)
    assert SECRET not in caplog.text
