"""Messages to Kafka: idempotent, acknowledged by all in-sync replicas, in order per key.

librdkafka sends from threads of its own; what became of the messages is collected by `poll(0)` in the event
loop while something is in flight, and each answers the future that `send` returned. There is no thread of
ours: each delivery callback takes the GIL, for which a polling thread waits up to 5 ms under a busy loop
(measured: 2,500 messages/s, 535 ms at p99 for one; this way 112,000 and 12 ms).

The line stops at the first failure. If a message fails for another reason than its own size, everything
behind it fails as well and `send` refuses until `restart`: otherwise later messages of the same key would
overtake it. The caller waits for its futures, restarts, and sends again from the first that failed. (What
failed may have arrived: consumers know ids.)
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException
from prometheus_client import Counter

from todotasks.broker.config import logger, producer_config
from todotasks.broker.errors import BrokerError, MessageTooLarge, broker_error, secrets_of
from todotasks.broker.metrics import ACK_SECONDS, IN_FLIGHT, RESTARTS, SENT

# Milliseconds a message waits for company. The relay hands over whole batches, and while a request is under
# way more gathers by itself: 0 costs no throughput and 1 gives every single message 1 ms more.
LINGER_MS: Final = 0.0
POLL_SHORTEST: Final = 0.001  # seconds between polls while answers can be expected
POLL_LONGEST: Final = 0.05  # seconds between polls when nothing is in flight or the broker does not answer
PATIENCE: Final = 0.05  # seconds after a send or an answer in which more answers can be expected
CLOSE_TIMEOUT: Final = 10.0


class Delivered(NamedTuple):
    """Where a message was written, acknowledged by all in-sync replicas."""

    topic: str
    partition: int
    offset: int


class Producer:
    """One idempotent producer. All methods belong to the event loop that called `start`."""

    def __init__(self, config: Mapping[str, Any], *, linger_ms: float = LINGER_MS) -> None:
        self._config = producer_config(config, linger_ms)
        self._secrets = secrets_of(config)
        self._producer: confluent_kafka.Producer | None = None
        self._in_flight: set[asyncio.Future[Delivered]] = set()
        self._turn = asyncio.Lock()  # senders in order of arrival, also when the buffer is full
        self._room = asyncio.Event()
        self._poller: asyncio.TimerHandle | None = None
        self._poll_delay = POLL_LONGEST
        self._last_activity = 0.0  # loop time of the last send or answer
        self._failure: BrokerError | None = None
        self._one_by_one = False
        self._closed = False

    @property
    def in_flight(self) -> int:
        """Messages that are sent and not yet answered."""
        return len(self._in_flight)

    @property
    def failure(self) -> BrokerError | None:
        """Why the line stands still; None while it runs."""
        return self._failure

    async def start(self) -> None:
        """Connects in the background: a broker need not be there yet."""
        self._producer = self._new_producer()
        self._failure = None
        self._closed = False
        self._schedule_poll(POLL_LONGEST)

    async def __aenter__(self) -> "Producer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send(
        self, topic: str, key: str, value: bytes | None, headers: Mapping[str, str] | None = None
    ) -> "asyncio.Future[Delivered]":
        """Hand a message over; the future is done when all in-sync replicas have it.

        Waits while the buffer is full. Raises MessageTooLarge at once where librdkafka knows it, and
        BrokerError while the line stands still.
        """
        packed: list[tuple[str, str | bytes | None]] | None = list(headers.items()) if headers else None
        async with self._turn:
            while True:
                if self._failure is not None:
                    raise self._failure
                if self._producer is None or self._closed:
                    raise BrokerError("the producer is not started", retriable=False)
                future: asyncio.Future[Delivered] = asyncio.get_running_loop().create_future()
                try:
                    self._producer.produce(
                        topic, value, key.encode(), headers=packed, on_delivery=_Answer(self, future, topic)
                    )
                except BufferError:
                    self._room.clear()
                    await self._room.wait()
                    continue
                except KafkaException as error:
                    ours = broker_error(error, topic=topic, secrets=self._secrets)
                    if not isinstance(ours, MessageTooLarge):
                        self._stop_line(ours)
                    raise ours from None
                self._in_flight.add(future)
                self._expect_answers()
                return future

    async def flush(self, timeout_seconds: float = CLOSE_TIMEOUT) -> int:
        """Wait until everything sent so far is answered; how many are not after `timeout_seconds`."""
        waiting = set(self._in_flight)
        if waiting:
            _, waiting = await asyncio.wait(waiting, timeout=timeout_seconds)
        return len(waiting)

    async def restart(self) -> None:
        """After a failure: a new producer. Everything that was in flight has failed before this returns."""
        failure = self._failure or BrokerError("the producer was restarted")
        RESTARTS.inc()
        await self._discard(failure)
        self._producer = self._new_producer()
        self._failure = None
        self._room.set()
        self._schedule_poll(POLL_LONGEST)

    async def close(self, timeout_seconds: float = CLOSE_TIMEOUT) -> None:
        """Flush, then end; what could not be delivered in time fails."""
        await self.flush(timeout_seconds)
        self._closed = True
        await self._discard(BrokerError("the producer was closed"))
        self._room.set()

    def _new_producer(self) -> confluent_kafka.Producer:
        try:
            one_by_one = {"batch.num.messages": 1} if self._one_by_one else {}
            return confluent_kafka.Producer({**self._config, **one_by_one, "error_cb": self._on_error})
        except (KafkaException, ValueError, TypeError) as error:
            # Not chained: librdkafka's message quotes the value it could not read.
            raise broker_error(error, secrets=self._secrets) from None

    async def _discard(self, failure: BrokerError) -> None:
        producer, self._producer = self._producer, None
        if self._poller is not None:
            self._poller.cancel()
            self._poller = None
        if producer is not None:
            with contextlib.suppress(KafkaException):
                producer.purge()
            producer.poll(0)
        for future in list(self._in_flight):
            self._fail(future, failure)
        # Dropping the last reference makes librdkafka join its threads, which may take a moment.
        last = [producer]
        del producer
        await asyncio.to_thread(last.clear)

    def _stop_line(self, failure: BrokerError) -> None:
        """Nothing may overtake what failed: fail all that is behind it too."""
        if self._failure is not None:
            return
        self._failure = failure
        self._room.set()
        # Not from here: we may be inside a delivery callback.
        asyncio.get_running_loop().call_soon(self._purge)

    def _purge(self) -> None:
        if self._producer is not None:
            with contextlib.suppress(KafkaException):
                self._producer.purge()
            self._schedule_poll(POLL_SHORTEST)

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            self._stop_line(broker_error(error, secrets=self._secrets))

    def _expect_answers(self) -> None:
        self._last_activity = asyncio.get_running_loop().time()
        if self._poll_delay > POLL_SHORTEST:
            self._poll_delay = POLL_SHORTEST
            self._schedule_poll(POLL_SHORTEST)

    def _schedule_poll(self, delay: float) -> None:
        if self._poller is not None:
            self._poller.cancel()
        self._poller = asyncio.get_running_loop().call_later(delay, self._poll)

    def _poll(self) -> None:
        self._poller = None
        if self._producer is None:
            return
        now = asyncio.get_running_loop().time()
        if self._producer.poll(0):
            self._last_activity = now
            self._room.set()
        IN_FLIGHT.set(len(self._in_flight))
        if not self._in_flight:
            self._poll_delay = POLL_LONGEST
        elif now - self._last_activity < PATIENCE:
            self._poll_delay = POLL_SHORTEST
        else:  # the broker is away or slow
            self._poll_delay = min(self._poll_delay * 2, POLL_LONGEST)
        self._schedule_poll(self._poll_delay)

    def _settle(self, future: "asyncio.Future[Delivered]", outcome: Delivered | BrokerError) -> None:
        if isinstance(outcome, Delivered):
            self._in_flight.discard(future)
            _counted(outcome.topic, "delivered").inc()
            if not future.done():
                future.set_result(outcome)
            return
        if isinstance(outcome, MessageTooLarge) and not self._one_by_one:
            # The topic takes less than we may send, and the broker refuses whole batches: this one may be
            # small. After a restart each message goes alone, and the answer is about itself.
            self._one_by_one = True
            outcome = BrokerError(f"{outcome}: sending one by one", code=outcome.code, topic=outcome.topic)
            logger.warning(
                "%s; raise max.message.bytes of the topic", outcome, extra={"action": "one_by_one"}
            )
        if not isinstance(outcome, MessageTooLarge):
            self._stop_line(outcome)
        self._fail(future, outcome)

    def _fail(self, future: "asyncio.Future[Delivered]", failure: BrokerError) -> None:
        self._in_flight.discard(future)
        _counted(failure.topic or "", "too large" if isinstance(failure, MessageTooLarge) else "failed").inc()
        if not future.done():
            future.set_exception(failure)
            future.exception()  # a future that nobody awaits must not complain at garbage collection


@cache
def _counted(topic: str, outcome: str) -> Counter:
    """The counter of these labels; looking labels up costs more than counting."""
    return SENT.labels(topic, outcome)


class _Answer:
    """The delivery callback of one message."""

    __slots__ = ("_future", "_producer", "_sent_at", "_topic")

    def __init__(self, producer: Producer, future: "asyncio.Future[Delivered]", topic: str) -> None:
        self._producer = producer
        self._future = future
        self._topic = topic
        self._sent_at = time.perf_counter()

    def __call__(self, error: KafkaError | None, message: confluent_kafka.Message) -> None:
        if error is None:
            ACK_SECONDS.observe(time.perf_counter() - self._sent_at)
            outcome: Delivered | BrokerError = Delivered(
                self._topic, message.partition() or 0, message.offset() or 0
            )
        else:
            outcome = broker_error(error, topic=self._topic, secrets=self._producer._secrets)
        self._producer._settle(self._future, outcome)
