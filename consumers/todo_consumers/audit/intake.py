"""From Kafka into the log: a batch is one transaction, and committed behind it. Known ids are dropped by the
log. What is no event, and what the log does not take, is a dead letter; all others are written.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from todo_consumers.audit import metrics
from todotasks import tracing
from todotasks.audit import Entry, entry_of
from todotasks.broker.consumer import Consumer
from todotasks.broker.message import Batch, Message
from todotasks.broker.topics import REMINDERS, TASK_ADMISSIONS, TASK_EVENTS
from todotasks.events.envelope import decode
from todotasks.events.types import TASK_SNAPSHOT
from todotasks.retry import Backoff, keep_trying
from todotasks.store import RowRefused, StoreError
from todotasks.store.audit import AuditLog

GROUP = "todotasks-audit"
# Not `task-updates`: the states that it carries are those of the events of the same changes.
TOPICS = (TASK_EVENTS, REMINDERS, TASK_ADMISSIONS)
BATCH = 1_000
RETRY = Backoff(1.0, 1.0)  # while PostgreSQL is away

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
        entries: list[tuple[Message, Entry]] = []
        for message in batch.messages:
            try:
                entry = self._entry(message)
            except Exception as error:  # whatever somebody has put there: the next ones must be written
                await self._set_aside(message, error)
                continue
            if entry is not None:
                entries.append((message, entry))
        if entries:
            await self._append(entries)

    async def _append(self, entries: Sequence[tuple[Message, Entry]]) -> None:
        """All of them in one transaction; of a refused one it is found out by halving which it is."""
        try:
            done = await keep_trying(
                lambda: self._audit.append([entry for _, entry in entries], datetime.now(UTC)),
                on=StoreError,
                backoff=RETRY,
                wait=lambda error, pause: None if isinstance(error, RowRefused) else pause,
                told=self._told,
            )
        except Exception as error:
            if len(entries) == 1:
                await self._set_aside(entries[0][0], error)
                return
            middle = len(entries) // 2
            await self._append(entries[:middle])
            await self._append(entries[middle:])
            return
        self.trouble = None
        metrics.ENTRIES.labels("added").inc(done.added)
        metrics.ENTRIES.labels("known").inc(len(entries) - done.added)
        metrics.TIP.set(done.seq)

    def _told(self, error: StoreError, _failures: int) -> None:
        if self.trouble is None and not isinstance(error, RowRefused):
            log.warning("waits", error=str(error))
        self.trouble = str(error)

    async def _set_aside(self, message: Message, error: Exception) -> None:
        metrics.ENTRIES.labels("unreadable").inc()
        await self._consumer.dead_letter(message, error, 1)

    def _entry(self, message: Message) -> Entry | None:
        if message.value is None:
            return None
        event = decode(message.value)
        if event.type == TASK_SNAPSHOT:
            return None
        trace = message.headers.get("traceparent") or event.traceparent
        with tracing.span("audit", kind="consumer", parent=trace, only_below=True):
            return entry_of(event)
