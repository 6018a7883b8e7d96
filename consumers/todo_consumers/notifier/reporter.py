"""From the ledger to whoever wants to know: events in Kafka, and the Reminder's `status.deliveries`.

Both are told until they have taken it, then the row is marked. A crash in between tells again: the event has
the same id, the status the same content. The status is a server-side apply of `deliveries` alone, as a field
manager of its own, so that it never touches what the operator writes there.

A result that cannot be told now (the API server answers its status with 5xx, Kafka takes everything but this)
is put off and holds up no other: each has its own pause, doubled up to `LONGEST_PUT_OFF`. Only what concerns
all (Kafka or PostgreSQL away) stops the round.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from todo_consumers.notifier.metrics import REPORTS_PUT_OFF
from todotasks.api import GROUP_VERSION
from todotasks.broker.errors import BrokerError, MessageTooLarge
from todotasks.broker.producer import Producer
from todotasks.broker.topics import dlq
from todotasks.events import (
    HEADERS,
    CloudEvent,
    EventError,
    decode,
    encode,
    reminder_delivered,
    reminder_failed,
)
from todotasks.events.data import ReminderDue
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import ApiError, Conflict, KubeError, NotFound
from todotasks.kube.resources import REMINDERS
from todotasks.store import RowRefused, StoreError
from todotasks.store.deliveries import Deliveries, DeliveryRow

FIELD_MANAGER = "todotasks-notifier"
BATCH = 100
POLL = 2.0  # seconds
PAUSE = 1.0  # seconds after Kafka or PostgreSQL did not take it
FIRST_PUT_OFF, LONGEST_PUT_OFF = 2.0, 300.0  # seconds, of one result that could not be told
REPORT_TIMEOUT = 60.0  # seconds, whatever holds it up
AT_ONCE = 8  # statuses being written: one that hangs does not stop the others
ERROR_LIMIT = 1024  # characters; what the CRD allows

log = structlog.get_logger(__name__)


class Reporter:
    """`await run()` until it is cancelled."""

    def __init__(
        self, deliveries: Deliveries, producer: Producer, kube: KubeClient, told: asyncio.Event
    ) -> None:
        self._deliveries, self._producer, self._kube, self._told = deliveries, producer, kube, told
        self.trouble: str | None = None
        self._put_off: dict[tuple[str, str], float] = {}

    async def run(self) -> None:
        while True:
            self._told.clear()
            try:
                while rows := await self._deliveries.unreported(BATCH):
                    await self._report_all(rows)
                self.trouble = None
            except (StoreError, BrokerError) as error:
                self.trouble = str(error)
                log.warning("report_waits", error=str(error))
                await asyncio.sleep(PAUSE)
                if isinstance(error, BrokerError) and self._producer.failure is not None:
                    await self._producer.restart()
                continue
            try:
                async with asyncio.timeout(POLL):
                    await self._told.wait()
            except TimeoutError:
                pass

    async def _report_all(self, rows: Sequence[DeliveryRow]) -> None:
        """Each by itself. Raises StoreError or BrokerError when the others are done."""
        turn = asyncio.Semaphore(AT_ONCE)
        # The rows of one reminder write one status: one after the other.
        reminders: dict[tuple[str, str], list[DeliveryRow]] = {}
        for row in rows:
            reminders.setdefault((row.namespace, row.reminder), []).append(row)

        async def report(of_reminder: list[DeliveryRow]) -> None:
            async with turn:
                for row in of_reminder:
                    await self._report_one(row)

        done = await asyncio.gather(*(report(each) for each in reminders.values()), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    async def _report_one(self, row: DeliveryRow) -> None:
        key = (row.event_id, row.channel)
        try:
            async with asyncio.timeout(REPORT_TIMEOUT):
                await self._report(row)
        except Exception as error:
            if _of_all(error):
                raise
            # Of this one alone: refused by the API server for now, or a mistake of ours.
            pause = min(LONGEST_PUT_OFF, self._put_off.get(key, FIRST_PUT_OFF / 2) * 2)
            self._put_off[key] = pause
            REPORTS_PUT_OFF.inc()
            await self._deliveries.put_off_report(row, pause)
            expected = isinstance(error, KubeError | TimeoutError)
            log.warning(
                "report_put_off",
                reminder=f"{row.namespace}/{row.reminder}",
                channel=row.channel,
                error=str(error) if isinstance(error, KubeError) else type(error).__name__,
                again_in=pause,
                exc_info=None if expected else error,
            )
        else:
            self._put_off.pop(key, None)

    async def _report(self, row: DeliveryRow) -> None:
        try:
            due = decode(row.event)
            asked = due.read(ReminderDue)
        except EventError:
            await self._deliveries.reported(row)  # it failed as unreadable; there is nobody to tell
            return
        if row.state in {"Delivered", "Failed"}:
            await self._produce(row, due)
        await self._write_status(row, asked.reminder.uid)
        await self._deliveries.reported(row)

    async def _produce(self, row: DeliveryRow, due: CloudEvent) -> None:
        now = row.tried_at or datetime.now(UTC)
        if row.state == "Delivered":
            answer = reminder_delivered(due, row.channel, row.attempts, now=now)
        else:
            error = row.last_error or "no reason is known"
            answer = reminder_failed(due, row.channel, row.attempts, error, now=now)
            headers = {
                **HEADERS,
                "origin-topic": due.topic,
                "error": error,
                "attempts": str(row.attempts),
                "channel": row.channel,
            }
            try:
                await (await self._producer.send(dlq(due.topic), due.partitionkey, row.event, headers))
            except MessageTooLarge:
                # With our headers it no longer fits; where it came from is enough to find it.
                await (await self._producer.send(dlq(due.topic), due.partitionkey, None, headers))
        await (await self._producer.send(answer.topic, answer.partitionkey, encode(answer), HEADERS))

    async def _write_status(self, row: DeliveryRow, uid: str | None) -> None:
        if not await self._deliveries.is_newest(row):
            return  # the status is that of the last firing; what became of an older one is in Kafka
        deliveries = [_entry(other) for other in await self._deliveries.of_event(row.event_id)]
        body = {
            "apiVersion": GROUP_VERSION,
            "kind": "Reminder",
            "metadata": {"name": row.reminder, "namespace": row.namespace} | ({"uid": uid} if uid else {}),
            "status": {"deliveries": deliveries},
        }
        try:
            await self._kube.apply(
                REMINDERS,
                row.reminder,
                body,
                row.namespace,
                field_manager=FIELD_MANAGER,
                force=True,
                subresource="status",
            )
        except (NotFound, Conflict):
            return  # the reminder is gone, or another one has its name: nothing to write to
        except ApiError as error:
            if error.status >= 500 or error.status == 429:
                raise
            # Refused for good (a right is missing): the event tells it all the same.
            log.warning("status_refused", reminder=f"{row.namespace}/{row.reminder}", error=str(error))


def _of_all(error: Exception) -> bool:
    """Whether no other result could be told either."""
    if isinstance(error, BrokerError):
        return error.retriable and not isinstance(error, MessageTooLarge)
    return isinstance(error, StoreError) and not isinstance(error, RowRefused)


def _entry(row: DeliveryRow) -> dict[str, object]:
    entry: dict[str, object] = {"channel": row.channel, "state": row.state, "attempts": row.attempts}
    if row.last_error is not None and row.state != "Delivered":
        entry["lastError"] = row.last_error[:ERROR_LIMIT]
    if row.tried_at is not None:
        entry["time"] = row.tried_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return entry
