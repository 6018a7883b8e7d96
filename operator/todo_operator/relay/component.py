"""The component `relay`: its own Lease, the topics, a producer, and the relay itself.

It is elected apart from the operator, so that it can be a process of its own; of two processes that both
could relay, one does. Two would keep every promise but the order.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from todo_operator.record.fence import Fence
from todo_operator.relay.relay import Relay, relay_producer
from todotasks.broker import BrokerError, ensure_topics
from todotasks.kube.lease import Lease
from todotasks.retry import Backoff, SayOnce, keep_trying
from todotasks.store import OutboxRow, Store

TOPICS_RETRY = 2.0  # seconds

log = structlog.get_logger(__name__)


class RelayComponent:
    """`run` waits for the Lease; `on_lost` is called if it is lost afterwards, and must not return."""

    def __init__(
        self,
        store: Store,
        lease: Lease,
        kafka: Mapping[str, Any],
        *,
        listen: bool,
        on_lost: Callable[[str], None],
    ) -> None:
        self._store = store
        self._lease = lease
        self._kafka = kafka
        self._listen = listen
        self._on_lost = on_lost
        self._relay: Relay | None = None
        self._stage = f"waits for the Lease {lease.name}"

    @property
    def leads(self) -> bool:
        return self._lease.is_held

    def unready(self) -> str | None:
        return f"the relay {self._stage}" if self._relay is None else self._relay.unready()

    def offer(self, rows: Sequence[OutboxRow]) -> None:
        """Rows just committed. Without a relay here they wait in the table for whoever relays."""
        if self._relay is not None:
            self._relay.offer(rows)

    async def sent(self) -> None:
        """Returns once all that was offered is with Kafka; at once where somebody else relays."""
        if self._relay is not None:
            await self._relay.sent()

    async def run(self) -> None:
        """Until cancelled. Raises `Fenced` when somebody else relays."""
        await self._lease.acquire()
        watch = asyncio.create_task(self._watch_lease(), name="relay lease watch")
        try:
            self._stage = "waits for PostgreSQL"
            fence = Fence(self._store, self._lease.name, self._lease.holder)
            await fence.take()
            assert fence.epoch is not None
            self._stage = "waits for Kafka"
            await self._ensure_topics()
            async with relay_producer(self._kafka) as producer:
                self._relay = Relay(self._store, producer, self._lease.name, fence.epoch, listen=self._listen)
                await self._relay.run()
        finally:
            self._relay = None
            watch.cancel()
            # Behind everything that was sent: the next one begins where we have ended.
            await self._lease.release()

    async def _watch_lease(self) -> None:
        await self._lease.wait_lost()
        self._on_lost(self._lease.name)

    async def _ensure_topics(self) -> None:
        """Before the first message: else the broker may make a topic of one partition on its own."""
        told = SayOnce(log, "topics_unavailable")
        backoff = Backoff(TOPICS_RETRY, TOPICS_RETRY)
        await keep_trying(self._try_topics, on=BrokerError, backoff=backoff, told=told)

    async def _try_topics(self) -> None:
        try:
            report = await ensure_topics(self._kafka)
        except BrokerError as error:
            if error.topic is not None and not error.code:
                # Asked, and never answered: librdkafka's built-in broker, which makes topics by itself.
                log.warning("topics_unavailable", error=str(error))
                return
            raise
        if report.created:
            log.info("topics_created", topics=list(report.created))
        for difference in report.differs:
            log.warning("topic_differs", difference=difference)
