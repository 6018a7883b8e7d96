"""From Kafka into the log: a batch is one transaction, and committed behind it. Known ids are dropped "
"by the log."""

import asyncio
from datetime import UTC, datetime

import structlog

from todo_consumers.audit import metrics
from todotasks import tracing
from todotasks.audit import Entry, entry_of
from todotasks.broker.consumer import Consumer
from todotasks.broker.message import Batch, Message
from todotasks.broker.topics import REMINDERS, TASK_ADMISSIONS, TASK_EVENTS
from todotasks.events.envelope import EventError, decode
from todotasks.events.types import TASK_SNAPSHOT
from todotasks.store import StoreError
from todotasks.store.audit import AuditLog

GROUP = "todotasks-audit"
# Not `task-updates`: the states that it carries are those of the events of the same changes.
TOPICS = (TASK_EVENTS, REMINDERS, TASK_ADMISSIONS)
BATCH = 1_000
RETRY = 1.0  # seconds while PostgreSQL is away

log = structlog.get_logger(__name__)


class Intake:
    """`await run()` until cancelled."""

    def __init__(self, consumer: Consumer, audit: AuditLog) -> None:
        self._consumer, self._audit = consumer, audit
        self.trouble: str | None = None

    async def run(self) -> None:
        async for batch in self._consumer.batches(BATCH):
            await self._take(batch)
            # If we crash here, the batch comes again, and every id of it is known.
            await self._consumer.commit(batch)

    async def _take(self, batch: Batch) -> None:
        entries: list[Entry] = []
        for message in batch.messages:
            try:
                entry = self._entry(message)
            except (EventError, KeyError, TypeError, ValueError, AttributeError) as error:
                metrics.ENTRIES.labels("unreadable").inc()
                await self._consumer.dead_letter(message, error, 1)
                continue
            if entry is not None:
                entries.append(entry)
        while entries:
            try:
                done = await self._audit.append(entries, datetime.now(UTC))
            except StoreError as error:
                if self.trouble is None:
                    log.warning("waits", error=str(error))
                self.trouble = str(error)
                await asyncio.sleep(RETRY)
                continue
            self.trouble = None
            metrics.ENTRIES.labels("added").inc(done.added)
            metrics.ENTRIES.labels("known").inc(len(entries) - done.added)
            metrics.TIP.set(done.seq)
            return

    def _entry(self, message: Message) -> Entry | None:
        if message.value is None:
            return None
        event = decode(message.value)
        if event.type == TASK_SNAPSHOT:
            return None
        trace = message.headers.get("traceparent") or event.traceparent
        with tracing.span("audit", kind="consumer", parent=trace, only_below=True):
            return entry_of(event)
