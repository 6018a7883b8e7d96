"""Messages from Kafka, at least once: offsets are committed after the effect, never before.

Two ways to use it. `batches()` and `commit(batch)` for who writes a batch in one transaction. `run(handler)`
for who handles message by message: order per key, other keys at the same time, retries with backoff and
jitter, then the dead-letter topic.

Partitions come and go only while we ask for messages, that is between two batches, when the one before is
committed. A crash between effect and commit brings the same messages again: effects are keyed by event id.
"""

import asyncio
import contextlib
import time
from collections import Counter as CounterOf
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeAlias

import confluent_kafka
import msgspec
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from todotasks.broker.config import consumer_config, logger
from todotasks.broker.dead_letters import DeadLetters
from todotasks.broker.errors import BrokerError, broker_error, redact, secrets_of
from todotasks.broker.message import Batch, Message, read_message
from todotasks.broker.metrics import DEAD_LETTERS, DELAY_SECONDS, FAILURES, LAG, READ
from todotasks.retry import Backoff

COMMIT_ATTEMPTS: Final = 8
MEASURE_EVERY: Final = 5.0  # seconds between two looks at how far behind we are
END_WITHIN: Final = 1.0  # seconds in which a broker says where a partition ends
LONGEST_SILENCE: Final = 300_000  # milliseconds; librdkafka's default of max.poll.interval.ms

# The partitions went to somebody else, who gets these messages again: nothing to do and nothing lost.
_NOT_OURS: Final = frozenset(
    {
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError._ASSIGNMENT_LOST,
        KafkaError._STATE,
        KafkaError._MAX_POLL_EXCEEDED,
    }
)


class Unprocessable(Exception):
    """Raised by a handler: retrying is useless, dead-letter the message now."""


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often and how patiently a failing message is tried again.

    `waits_for`: what concerns every message and heals by waiting (a database that is away). It is no attempt:
    else a long outage would make dead letters of all that came meanwhile, and a policy that outlasts it would
    let one message that nobody can handle hold up the others as long.
    """

    attempts: int = 6
    backoff: Backoff = Backoff(first=0.2, longest=10.0, factor=3.0)
    waits_for: tuple[type[Exception], ...] = ()


Handler: TypeAlias = Callable[[Message], Awaitable[None]]
DEFAULT_RETRY: Final = RetryPolicy()


class Consumer:
    """One member of a consumer group. Belongs to one event loop; librdkafka is called in one thread."""

    def __init__(self, config: Mapping[str, Any], group: str, topics: Sequence[str]) -> None:
        self._config = consumer_config(config, group)
        self._secrets = secrets_of(config)
        self._group = group
        self._topics = list(topics)
        self._consumer: confluent_kafka.Consumer | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"consumer-{group}")
        self._letters = DeadLetters(config)
        # Read and not yet handed out. Kept here and not in a result: if who waits for it is cancelled, the
        # next to ask gets it. Else a later commit would pass over messages that nobody has seen.
        self._read: list[Message] = []
        self._lagged: set[tuple[str, int]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Join the group in the background: a broker need not be there yet."""
        await self._in_thread(self._subscribe)

    def stop(self) -> None:
        """No further batch: `batches` and `run` end after the one in hand."""
        self._stopping = True

    async def close(self) -> None:
        """Leave the group, so that the others take over at once. Not while `run` is at work: see `stop`."""
        self.stop()
        await self._letters.close()
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await self._in_thread(consumer.close)
            self._thread.shutdown(wait=False)

    async def __aenter__(self) -> "Consumer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def batches(self, max_messages: int = 500, timeout_seconds: float = 1.0) -> AsyncGenerator[Batch]:
        """What arrives, in batches of at most `max_messages`, as soon as there is something.

        Ask for the next one when the last is committed. `timeout_seconds` is how long `stop` may take.
        """
        while not self._stopping:
            await self._in_thread(self._fetch, max_messages, timeout_seconds)
            if self._read:
                messages, self._read = self._read, []
                for topic, count in CounterOf(message.topic for message in messages).items():
                    READ.labels(topic).inc(count)
                now = time.time() * 1000
                for topic, stamp in {message.topic: message.timestamp_ms for message in messages}.items():
                    DELAY_SECONDS.labels(topic).observe(max(0.0, (now - stamp) / 1000))
                yield Batch(messages)

    async def commit(self, batch: Batch) -> bool:
        """Done with the batch. False: its partitions went to another member, who gets it again."""
        offsets = [
            TopicPartition(topic, partition, offset)
            for (topic, partition), offset in batch.next_offsets().items()
        ]
        for attempt in range(1, COMMIT_ATTEMPTS + 1):
            try:
                await self._in_thread(self._commit, offsets)
            except KafkaException as error:
                code = error.args[0]
                if code.code() in _NOT_OURS:
                    logger.info("commit skipped: %s", code.name(), extra={"action": "commit_not_ours"})
                    return False
                if attempt == COMMIT_ATTEMPTS:
                    raise broker_error(error, secrets=self._secrets) from None
                await asyncio.sleep(DEFAULT_RETRY.backoff.delay(attempt))
            else:
                return True
        return False

    async def dead_letter(self, message: Message, error: BaseException | str, attempts: int) -> None:
        """Put a message aside, with where it came from and why. Returns when Kafka has it."""
        text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        text = redact(text, self._secrets)
        logger.warning(
            "dead letter from %s[%d]@%d after %d attempts: %s",
            *(message.topic, message.partition, message.offset, attempts, text),
            extra={"action": "dead_letter"},
        )
        await self._letters.send(message, text, attempts)
        DEAD_LETTERS.labels(message.topic).inc()

    async def lag(self) -> dict[tuple[str, int], int]:
        """(topic, partition) -> messages that are there and not yet read, of the partitions we have. Also
        puts it into the metrics. Raises `BrokerError` where no broker says where a partition ends."""
        found: dict[tuple[str, int], int] = await self._in_thread(self._lag)
        for (topic, partition), lag in found.items():
            LAG.labels(self._group, topic, str(partition)).set(lag)
        for topic, partition in self._lagged - found.keys():  # another member has it now
            LAG.remove(self._group, topic, str(partition))
        self._lagged = set(found)
        return found

    async def keep_measuring(self) -> None:
        """How far behind we are, into the metrics, for ever; run it as a task beside `run` or `batches`."""
        while True:
            await asyncio.sleep(MEASURE_EVERY)
            with contextlib.suppress(BrokerError):  # Kafka is away: what was known last stays
                await self.lag()

    async def run(
        self,
        handler: Handler,
        *,
        retry: RetryPolicy = DEFAULT_RETRY,
        max_messages: int = 200,
        concurrency: int = 16,
    ) -> None:
        """Handle messages until `stop`: those of one key in order, `concurrency` keys at a time."""
        async for batch in self.batches(max_messages):
            lanes: dict[tuple[str, int, str | None], list[Message]] = {}
            for message in batch.messages:
                lanes.setdefault((message.topic, message.partition, message.key), []).append(message)
            slots = asyncio.Semaphore(concurrency)
            alive = asyncio.create_task(self._stay_in_group())
            try:
                async with asyncio.TaskGroup() as group:
                    for lane in lanes.values():
                        group.create_task(self._run_lane(lane, handler, retry, slots))
            finally:
                alive.cancel()
            # If we crash here, the batch comes again: its effects are done, and keyed.
            await self.commit(batch)
            await self._in_thread(self._resume)

    async def _run_lane(
        self, lane: list[Message], handler: Handler, retry: RetryPolicy, slots: asyncio.Semaphore
    ) -> None:
        async with slots:
            for message in lane:
                await self._handle(message, handler, retry)

    async def _handle(self, message: Message, handler: Handler, retry: RetryPolicy) -> None:
        attempts = waits = 0
        while True:
            try:
                await handler(message)
            except retry.waits_for:
                waits += 1
                pause = retry.backoff.delay(waits)
            except Exception as error:
                attempts += 1
                if isinstance(error, Unprocessable) or attempts >= retry.attempts:
                    FAILURES.labels(message.topic).inc()
                    await self.dead_letter(message, error, attempts)
                    return
                pause = retry.backoff.delay(attempts)
            else:
                return
            FAILURES.labels(message.topic).inc()
            await asyncio.sleep(pause)

    async def _stay_in_group(self) -> None:
        """A batch may take longer than the group waits for us: show from time to time that we live."""
        pause = int(self._config.get("max.poll.interval.ms", LONGEST_SILENCE)) / 4000
        while True:
            await asyncio.sleep(pause)
            await self._in_thread(self._show_life)

    async def _in_thread(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────
    def _subscribe(self) -> None:
        try:
            self._consumer = confluent_kafka.Consumer(self._config)
            self._consumer.subscribe(self._topics)
        except (KafkaException, ValueError, TypeError) as error:
            # Not chained: librdkafka's message quotes the value it could not read.
            raise broker_error(error, secrets=self._secrets) from None

    def _fetch(self, max_messages: int, timeout_seconds: float) -> None:
        """One message as soon as there is one, then what lies there already: a single `consume` would wait
        the whole time for its batch to become full."""
        if not self._read:
            self._consume(1, timeout_seconds)
        if self._read and len(self._read) < max_messages:
            self._consume(max_messages - len(self._read), 0)

    def _consume(self, max_messages: int, timeout_seconds: float) -> None:
        if self._consumer is None:
            return
        try:
            found = self._consumer.consume(max_messages, timeout_seconds)
        except KafkaException as error:
            raise broker_error(error, secrets=self._secrets) from None
        for message in found:
            trouble = message.error()
            if trouble is None:
                self._read.append(read_message(message))
            else:
                self._note(trouble, message.topic())

    def _note(self, trouble: KafkaError, topic: str | None) -> None:
        if trouble.fatal():
            raise broker_error(trouble, topic=topic, secrets=self._secrets)
        if trouble.code() != KafkaError._PARTITION_EOF:
            # Brokers away, a topic not there yet, the group lost: librdkafka goes on by itself.
            text = redact(trouble.str(), self._secrets)
            logger.warning("consumer: %s", text, extra={"action": "consume"})

    def _show_life(self) -> None:
        if self._consumer is not None:
            self._consumer.pause(self._consumer.assignment())
            # Partitions that came just now are not paused: what they bring waits for the next batch.
            self._consume(1, 0)

    def _resume(self) -> None:
        if self._consumer is not None:
            self._consumer.resume(self._consumer.assignment())

    def _commit(self, offsets: list[TopicPartition]) -> None:
        if self._consumer is None:
            raise KafkaException(KafkaError(KafkaError._STATE))
        for done in self._consumer.commit(offsets=offsets, asynchronous=False) or []:
            if done.error is not None:
                raise KafkaException(done.error)

    def _lag(self) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        if self._consumer is None:
            return found
        try:
            # Asked of the broker: what librdkafka remembers is of the last fetch, and while a batch that
            # cannot be written is in hand nothing is fetched.
            for place in self._consumer.position(self._consumer.assignment()):
                if place.offset >= 0:
                    _, end = self._consumer.get_watermark_offsets(place, timeout=END_WITHIN, cached=False)
                    found[(place.topic, place.partition)] = max(0, end - place.offset)
        except KafkaException as error:
            raise broker_error(error, secrets=self._secrets) from None
        return found
