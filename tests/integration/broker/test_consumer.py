"""What a consumer promises: effect before commit, nothing lost, order per key, no poison pill."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from tests.integration.broker.support import Config, headers_of, read_topic
from todotasks.broker import Batch, Consumer, Message, Producer, RetryPolicy, Unprocessable, dlq
from todotasks.retry import Backoff

HANGS = 120.0  # seconds after which a test that waits for a group counts as hanging
QUICK = RetryPolicy(attempts=3, backoff=Backoff(0.01, 0.02))


@pytest.fixture
async def producer(config: Config) -> AsyncIterator[Producer]:
    async with Producer(config) as started:
        yield started


async def produce(producer: Producer, topic: str, items: Sequence[tuple[str, str]]) -> None:
    await asyncio.gather(*[await producer.send(topic, key, text.encode()) for key, text in items])


def texts(messages: Sequence[Message]) -> list[str]:
    return [(message.value or b"").decode() for message in messages]


async def until(condition: Callable[[], bool], timeout: float = 30) -> None:
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.02)


async def read_batches(consumer: Consumer, count: int) -> list[Message]:
    found: list[Message] = []
    async for batch in consumer.batches():
        found += batch.messages
        if len(found) >= count:
            break
    return found


async def test_messages_come_with_all_they_were_sent_with(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    sent = await (await producer.send(topic, "uid-1", b"\xff", {"content-type": "x", "name": "Café"}))
    await (await producer.send(topic, "uid-1", None))
    async with Consumer(config, group, [topic]) as consumer:
        value, tombstone = await read_batches(consumer, 2)
    assert (value.topic, value.partition, value.offset) == sent
    assert (value.key, value.value, value.headers) == (
        "uid-1",
        b"\xff",
        {"content-type": "x", "name": "Café"},
    )
    assert abs(value.timestamp_ms / 1000 - time.time()) < 60
    assert tombstone.value is None


async def test_a_single_message_does_not_wait_for_company(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    async with Consumer(config, group, [topic]) as consumer:
        batches = consumer.batches(timeout_seconds=3600)  # whoever waits for company, waits for ever
        await produce(producer, topic, [("key", "warm")])
        await anext(batches)
        await produce(producer, topic, [("key", "one")])
        assert texts((await asyncio.wait_for(anext(batches), 60)).messages) == ["one"]
        await batches.aclose()


async def test_what_was_committed_does_not_come_again_and_what_was_not_does(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [("key", f"{n}") for n in range(10)])
    async with Consumer(config, group, [topic]) as first:
        done: list[Message] = []
        async for batch in first.batches(max_messages=4):
            done += batch.messages
            if len(done) >= 8:
                break  # the effect of this batch is done, and then it crashes
            assert await first.commit(batch)
    async with Consumer(config, group, [topic]) as second:
        again = await read_batches(second, 6)
    assert texts(done) == [f"{n}" for n in range(8)]
    assert texts(again)[:6] == [f"{n}" for n in range(4, 10)]


async def test_a_cancelled_reader_loses_nothing(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    """Cancelled while the thread reads: what it read then is handed to the next who asks."""
    found: list[str] = []
    async with Consumer(config, group, [topic]) as consumer:
        await produce(producer, topic, [("key", "warm")])
        await read_batches(consumer, 1)
        for number in range(60):
            await produce(producer, topic, [("key", f"{number}")])
            try:
                async with asyncio.timeout(0.003 * (number % 10)):
                    async for batch in consumer.batches():
                        found += texts(batch.messages)
            except TimeoutError:
                continue
        if len(found) < 60:
            found += texts(await read_batches(consumer, 60 - len(found)))
    assert found == [f"{number}" for number in range(60)]


# ── message by message ───────────────────────────────────────────────────────────────────────────────
class Handler:
    """Remembers what it handled; fails as it is told."""

    def __init__(
        self, fail: Callable[[Message, int], BaseException | None] = lambda message, attempt: None
    ) -> None:
        self.handled: list[tuple[str, str]] = []
        self.attempts: dict[str, int] = {}
        self.active = self.most_active = 0
        self._fail = fail

    async def __call__(self, message: Message) -> None:
        text = (message.value or b"").decode()
        self.attempts[text] = self.attempts.get(text, 0) + 1
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            await asyncio.sleep(0.002)
            if (error := self._fail(message, self.attempts[text])) is not None:
                raise error
            self.handled.append((message.key or "", text))
        finally:
            self.active -= 1


async def run(
    consumer: Consumer, handler: Handler, until_true: Callable[[], bool], retry: RetryPolicy = QUICK
) -> None:
    running = asyncio.create_task(consumer.run(handler, retry=retry))
    waiting = asyncio.create_task(until(until_true))
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    consumer.stop()
    await running
    await waiting


async def test_messages_of_a_key_are_handled_in_order_and_other_keys_at_the_same_time(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [(f"key-{n % 7}", f"{n}") for n in range(210)])
    handler = Handler()
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: len(handler.handled) == 210)
    for key in range(7):
        assert [text for k, text in handler.handled if k == f"key-{key}"] == [
            f"{n}" for n in range(key, 210, 7)
        ]
    assert handler.most_active > 1


async def test_a_failing_message_is_tried_again_before_its_successor(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [("key", "first"), ("key", "second")])
    handler = Handler(
        lambda message, attempt: OSError("away") if message.value == b"first" and attempt < 3 else None
    )
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: len(handler.handled) == 2)
    assert handler.attempts == {"first": 3, "second": 1}
    assert [text for _, text in handler.handled] == ["first", "second"]


async def test_what_heals_by_waiting_is_no_attempt_and_outlasts_the_attempts_of_a_message(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [("key", "waits"), ("key", "poison"), ("key", "next")])

    def fails(message: Message, attempt: int) -> Exception | None:
        if message.value == b"waits" and attempt <= 3 * QUICK.attempts:
            return ConnectionError("the database is away")
        return ValueError("nobody has thought of this") if message.value == b"poison" else None

    handler = Handler(fails)
    waiting = RetryPolicy(QUICK.attempts, QUICK.backoff, waits_for=(ConnectionError,))
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: len(handler.handled) == 2, waiting)
    assert [text for _, text in handler.handled] == ["waits", "next"]
    assert handler.attempts == {"waits": 3 * QUICK.attempts + 1, "poison": QUICK.attempts, "next": 1}
    [letter] = await read_topic(config, dlq(topic), 1)
    assert letter.value() == b"poison"


async def test_a_message_without_a_value_whose_headers_leave_no_room_for_ours_is_a_dead_letter(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await (await producer.send(topic, "key", None, {"large": "x" * 999_940}))
    await produce(producer, topic, [("key", "next")])
    handler = Handler(lambda message, attempt: Unprocessable("no") if message.value is None else None)
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: len(handler.handled) == 1)
    [letter] = await read_topic(config, dlq(topic), 1)
    assert headers_of(letter)["origin-topic"] == topic
    assert "large" not in headers_of(letter)


async def test_after_its_attempts_a_message_goes_to_the_dead_letters_and_the_rest_goes_on(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    sent = await (await producer.send(topic, "key", b"poison", {"content-type": "x"}))
    await produce(producer, topic, [("key", "next"), ("other", "other")])
    handler = Handler(
        lambda message, attempt: OSError("mail server away") if message.value == b"poison" else None
    )
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: len(handler.handled) == 2)
    [letter] = await read_topic(config, dlq(topic), 1)
    assert (letter.key(), letter.value()) == (b"key", b"poison")
    assert headers_of(letter) == {
        "content-type": "x",
        "origin-topic": topic,
        "origin-partition": str(sent.partition),
        "origin-offset": str(sent.offset),
        "error": "OSError: mail server away",
        "attempts": "3",
    }
    async with Consumer(config, group, [topic]) as after:
        await produce(producer, topic, [("key", "new")])
        assert texts(await read_batches(after, 1)) == ["new"]


async def test_what_is_unprocessable_is_not_tried_again(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [("key", "nonsense")])
    handler = Handler(lambda message, attempt: Unprocessable("no such event type"))
    async with Consumer(config, group, [topic]) as consumer:
        await run(consumer, handler, lambda: handler.attempts.get("nonsense", 0) > 0)
    [letter] = await read_topic(config, dlq(topic), 1)
    headers = headers_of(letter)
    assert (headers["attempts"], headers["error"]) == ("1", "Unprocessable: no such event type")


async def test_a_dead_letter_too_large_with_its_headers_still_says_where_it_came_from(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    sent = await (await producer.send(topic, "key", b"x" * 999_800))
    async with Consumer(config, group, [topic]) as consumer:
        [message] = await read_batches(consumer, 1)
        await consumer.dead_letter(message, "e" * 5000, 1)
    [letter] = await read_topic(config, dlq(topic), 1)
    assert letter.value() is None
    assert headers_of(letter)["origin-offset"] == str(sent.offset)


async def test_a_batch_that_takes_longer_than_the_group_waits_is_not_taken_away(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    """Handlers may be slow (mail servers are); the member shows that it lives, and nobody else is given its
    messages."""
    impatient = {**config, "max.poll.interval.ms": 6000, "session.timeout.ms": 6000}
    await produce(producer, topic, [("key", "slow")])
    handled: list[str] = []
    begun = asyncio.Event()

    async def slow(message: Message) -> None:
        if message.value == b"slow":
            begun.set()
            await asyncio.sleep(7)  # longer than 6: Kafka allows no shorter session
        handled.extend(texts([message]))

    async with Consumer(impatient, group, [topic]) as consumer:
        running = asyncio.create_task(consumer.run(slow))
        await begun.wait()
        await produce(producer, topic, [("key", "second"), ("else", "third")])
        await until(lambda: len(handled) == 3)
        consumer.stop()
        await running
    assert sorted(handled) == ["second", "slow", "third"]
    async with Consumer(config, group, [topic]) as after:
        await produce(producer, topic, [("key", "new")])
        assert texts(await read_batches(after, 1)) == ["new"]  # all of it was committed


async def test_lag_is_what_is_there_and_not_yet_read(
    config: Config, make_topic: Callable[..., Awaitable[str]], group: str, producer: Producer
) -> None:
    topic = await make_topic(partitions=1)
    await produce(producer, topic, [("key", f"{n}") for n in range(10)])
    async with Consumer(config, group, [topic]) as consumer:
        assert await consumer.lag() == {}
        await anext(consumer.batches(max_messages=4))
        assert await consumer.lag() == {(topic, 0): 6}


# ── a group ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.chaos
async def test_members_that_come_and_go_share_the_work_and_lose_nothing(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    handlers = [Handler() for _ in range(3)]
    consumers = [Consumer(config, group, [topic]) for _ in handlers]
    tasks: list[asyncio.Task[None]] = []
    enough = asyncio.Event()

    def handled() -> set[str]:
        return {text for handler in handlers for _, text in handler.handled}

    async def feed() -> int:
        """As long as members come and go: how many, in all. A rebalance takes as long as it takes."""
        count = 0
        while not enough.is_set():
            await produce(producer, topic, [(f"key-{n % 40}", f"{n}") for n in range(count, count + 50)])
            count += 50
            await asyncio.sleep(0.1)
        return count

    feeding = asyncio.create_task(feed())
    for consumer, handler in zip(consumers[:2], handlers, strict=False):
        await consumer.start()
        tasks.append(asyncio.create_task(consumer.run(handler)))
    await until(lambda: len(handled()) > 200, HANGS)
    await consumers[2].start()
    tasks.append(asyncio.create_task(consumers[2].run(handlers[2])))
    await until(lambda: len(handlers[2].handled) > 0, HANGS)
    consumers[0].stop()
    await tasks[0]
    await consumers[0].close()
    enough.set()
    count = await feeding
    await until(lambda: len(handled()) == count, HANGS)
    for consumer, task in zip(consumers[1:], tasks[1:], strict=True):
        consumer.stop()
        await task
        await consumer.close()
    for handler in handlers:  # each member saw each key in order
        for key in range(40):
            numbers = [int(text) for k, text in handler.handled if k == f"key-{key}"]
            assert list(dict.fromkeys(numbers)) == sorted(set(numbers))


MEMBER = """
import asyncio, sys
from todotasks.broker import Consumer

async def main():
    async with Consumer({"bootstrap.servers": sys.argv[1]}, sys.argv[2], [sys.argv[3]]) as consumer:
        async for batch in consumer.batches():
            for message in batch.messages:
                print(message.value.decode(), flush=True)  # the effect; then it is killed, before its commit
            await asyncio.sleep(3600)

asyncio.run(main())
"""


@pytest.mark.chaos
async def test_a_member_killed_between_effect_and_commit_is_replaced_and_its_messages_come_again(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    await produce(producer, topic, [("key", "one"), ("key", "two")])
    arguments = [sys.executable, "-c", MEMBER, str(config["bootstrap.servers"]), group, topic]
    member = await asyncio.create_subprocess_exec(*arguments, stdout=subprocess.PIPE)
    assert member.stdout is not None
    assert (await member.stdout.readline()).strip() == b"one"
    os.kill(member.pid, signal.SIGKILL)
    await member.wait()
    async with Consumer(config, group, [topic]) as consumer:
        # Well before the 45 s that librdkafka would leave to a dead member.
        again = await asyncio.wait_for(read_batches(consumer, 2), 35)
        assert texts(again) == ["one", "two"]


async def test_a_commit_for_partitions_that_went_to_another_member_is_no_error(
    config: Config, topic: str, group: str, producer: Producer
) -> None:
    impatient = {**config, "max.poll.interval.ms": 6000, "session.timeout.ms": 6000}
    await produce(producer, topic, [("key", "one")])
    async with Consumer(impatient, group, [topic]) as slow:
        batch: Batch = await anext(slow.batches())
        async with Consumer(config, group, [topic]) as quick:
            # It gets the message when the slow one is given up.
            assert texts(await asyncio.wait_for(read_batches(quick, 1), 30)) == ["one"]
            assert await slow.commit(batch) is False
