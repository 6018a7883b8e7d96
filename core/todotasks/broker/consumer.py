"""Messages from Kafka, at least once: offsets are committed after the effect, never before.

Two ways to use it. `batches()` and `commit(batch)` for who writes a batch in one transaction. `run(handler)`
for who handles message by message: order per key, other keys at the same time, retries with backoff and
jitter, then the dead-letter topic.

A rebalance happens only inside `batches`, that is between two batches, when the one before is committed. A
crash between effect and commit brings the same messages again: effects are keyed by event id.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import confluent_kafka
import msgspec
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from todotasks.broker.config import consumer_config, logger
from todotasks.broker.errors import BrokerError, MessageTooLarge, broker_error, redact, secrets_of
from todotasks.broker.producer import Producer
from todotasks.broker.topics import dlq

COMMIT_ATTEMPTS: Final = 8
ERROR_HEADER_LIMIT: Final = 1000  # characters of an error that travel with a dead letter

# The partitions went to somebody else, who gets these messages again: nothing to do and nothing lost.
_NOT_OURS: Final = frozenset(
    {
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError._ASSIGNMENT_LOST,
        KafkaError._STATE,
    }
)


class Message(NamedTuple):
    """A message as it was read. Headers that are no text are left out."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: dict[str, str]
    timestamp_ms: int


class Batch(NamedTuple):
    messages: list[Message]

    def next_offsets(self) -> dict[tuple[str, int], int]:
        """(topic, partition) -> the offset to go on from after this batch."""
        found: dict[tuple[str, int], int] = {}
        for message in self.messages:
            place = (message.topic, message.partition)
            found[place] = max(found.get(place, 0), message.offset + 1)
        return found


class Unprocessable(Exception):
    """Raised by a handler: retrying is useless, dead-letter the message now."""


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often and how patiently a failing message is tried again."""

    attempts: int = 6
    first_delay: float = 0.2  # seconds
    longest_delay: float = 10.0  # seconds
    factor: float = 3.0

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the failed `attempt` (1, 2, …): between half and all of the step."""
        step = min(self.longest_delay, self.first_delay * self.factor ** (attempt - 1))
        return step * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, hides nothing


Handler = Callable[[Message], Awaitable[None]]


class Consumer:
    """One member of a consumer group. Belongs to one event loop; librdkafka is called in one thread."""

    def __init__(
        self,
        config: Mapping[str, Any],
        group: str,
        topics: Sequence[str],
        *,
        producer: Producer | None = None,
    ) -> None:
        self._config = consumer_config(config, group)
        self._secrets = secrets_of(config)
        self._topics = list(topics)
        self._consumer: confluent_kafka.Consumer | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"consumer-{group}")
        self._producer = producer
        self._own_producer = Producer(config) if producer is None else None
        self._closing = False

    async def start(self) -> None:
        """Join the group in the background: a broker need not be there yet."""
        await self._in_thread(self._subscribe)
        if self._own_producer is not None:
            await self._own_producer.start()

    async def close(self) -> None:
        """Leave the group, so that the others take over at once."""
        if self._closing:
            return
        self._closing = True
        if self._own_producer is not None:
            await self._own_producer.close()
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await self._in_thread(consumer.close)
        self._thread.shutdown(wait=False)

    async def __aenter__(self) -> "Consumer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def batches(self, max_messages: int = 500, timeout_seconds: float = 1.0) -> AsyncIterator[Batch]:
        """What arrives, in batches of at most `max_messages`; waits for none longer than `timeout_seconds`.

        Ask for the next one when the last is committed.
        """
        while not self._closing:
            messages = await self._in_thread(self._consume, max_messages, timeout_seconds)
            if messages:
                yield Batch(messages)

    async def commit(self, batch: Batch) -> bool:
        """Done with the batch. False: its partitions went to another member, who gets it again."""
        offsets = [
            TopicPartition(topic, partition, offset)
            for (topic, partition), offset in batch.next_offsets().items()
        ]
        policy = RetryPolicy()
        for attempt in range(1, COMMIT_ATTEMPTS + 1):
            try:
                await self._in_thread(self._commit, offsets)
            except KafkaException as error:
                if error.args[0].code() in _NOT_OURS:
                    logger.info(
                        "commit skipped: %s", error.args[0].name(), extra={"action": "commit_not_ours"}
                    )
                    return False
                if attempt == COMMIT_ATTEMPTS:
                    raise broker_error(error, secrets=self._secrets) from None
                await asyncio.sleep(policy.delay(attempt))
            else:
                return True
        return False

    async def dead_letter(self, message: Message, error: BaseException | str, attempts: int) -> None:
        """Put a message aside, with where it came from and why. Returns when Kafka has it."""
        producer = self._producer or self._own_producer
        assert producer is not None
        text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        headers = {
            **message.headers,
            "origin-topic": message.topic,
            "origin-partition": str(message.partition),
            "origin-offset": str(message.offset),
            "error": redact(text, self._secrets)[:ERROR_HEADER_LIMIT],
            "attempts": str(attempts),
        }
        while True:
            try:
                sent = await producer.send(dlq(message.topic), message.key or "", message.value, headers)
                await sent
            except MessageTooLarge:
                # With our headers it no longer fits: the place it came from is enough to find it.
                await (await producer.send(dlq(message.topic), message.key or "", None, headers))
            except BrokerError as failure:
                if not failure.retriable:
                    raise
                await asyncio.sleep(RetryPolicy().delay(3))
                if producer.failure is not None:
                    await producer.restart()
                continue
            return

    async def run(
        self,
        handler: Handler,
        *,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        max_messages: int = 500,
        concurrency: int = 16,
    ) -> None:
        """Handle messages until `close`: those of one key in order, `concurrency` keys at a time."""
        async for batch in self.batches(max_messages):
            lanes: dict[tuple[str, int, str | None], list[Message]] = {}
            for message in batch.messages:
                lanes.setdefault((message.topic, message.partition, message.key), []).append(message)
            slots = asyncio.Semaphore(concurrency)
            async with asyncio.TaskGroup() as group:
                for lane in lanes.values():
                    group.create_task(self._run_lane(lane, handler, retry, slots))
            await self.commit(batch)

    async def _run_lane(
        self, lane: list[Message], handler: Handler, retry: RetryPolicy, slots: asyncio.Semaphore
    ) -> None:
        async with slots:
            for message in lane:
                await self._handle(message, handler, retry)

    async def _handle(self, message: Message, handler: Handler, retry: RetryPolicy) -> None:
        for attempt in range(1, retry.attempts + 1):
            try:
                await handler(message)
            except Exception as error:
                hopeless = isinstance(error, Unprocessable)
                if hopeless or attempt == retry.attempts:
                    logger.warning(
                        "dead letter from %s[%d]@%d after %d attempts: %s",
                        message.topic,
                        message.partition,
                        message.offset,
                        attempt,
                        redact(str(error), self._secrets),
                        extra={"action": "dead_letter"},
                    )
                    await self.dead_letter(message, error, attempt)
                    return
                await asyncio.sleep(retry.delay(attempt))
            else:
                return

    async def _in_thread(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    def _subscribe(self) -> None:
        try:
            self._consumer = confluent_kafka.Consumer(self._config)
            self._consumer.subscribe(self._topics)
        except (KafkaException, ValueError, TypeError) as error:
            raise broker_error(error, secrets=self._secrets) from None

    def _consume(self, max_messages: int, timeout_seconds: float) -> list[Message]:
        if self._consumer is None:
            return []
        try:
            found = self._consumer.consume(max_messages, timeout_seconds)
        except KafkaException as error:
            raise broker_error(error, secrets=self._secrets) from None
        messages = []
        for message in found:
            trouble = message.error()
            if trouble is None:
                messages.append(_message(message))
            elif trouble.fatal():
                raise broker_error(trouble, topic=message.topic(), secrets=self._secrets)
            elif trouble.code() != KafkaError._PARTITION_EOF:
                # Brokers away, a topic not there yet, the group lost: librdkafka goes on by itself.
                text = redact(trouble.str(), self._secrets)
                logger.warning("consumer: %s", text, extra={"action": "consume"})
        return messages

    def _commit(self, offsets: list[TopicPartition]) -> None:
        if self._consumer is None:
            return
        for done in self._consumer.commit(offsets=offsets, asynchronous=False) or []:
            if done.error is not None:
                raise KafkaException(done.error)


def _message(message: confluent_kafka.Message) -> Message:
    headers = message.headers() or []
    key = message.key()
    return Message(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        None if key is None else _text(key),
        message.value(),
        {name: _text(value) for name, value in dict(headers).items() if value is not None},
        message.timestamp()[1],
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
