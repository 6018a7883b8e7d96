"""From Kafka into the ledger: each `reminder.due` becomes one row a channel, then its offset is committed.

A crash between the two brings the message again; the rows are there already. A message that cannot be read,
or that the ledger does not take, is dead-lettered by the consumer with its reason: it holds up no other. The
other types of the topic are not for us.
"""

from collections.abc import Callable

import structlog

from todo_consumers.notifier.metrics import RECEIVED
from todotasks import tracing
from todotasks.broker.consumer import Consumer, RetryPolicy, Unprocessable
from todotasks.broker.message import Message
from todotasks.events import EventError, decode
from todotasks.events.data import ReminderDue
from todotasks.events.types import REMINDER_DUE
from todotasks.store import RowRefused, StoreError
from todotasks.store.deliveries import Deliveries

GROUP = "todotasks-notifier"
PATIENCE = RetryPolicy(waits_for=(StoreError,))  # as long as PostgreSQL is away nothing is read

log = structlog.get_logger(__name__)


class Intake:
    """`await run()` until the consumer is closed."""

    def __init__(self, consumer: Consumer, deliveries: Deliveries, accepted: Callable[[], None]) -> None:
        self._consumer, self._deliveries, self._accepted = consumer, deliveries, accepted

    async def run(self) -> None:
        await self._consumer.run(self.handle, retry=PATIENCE)

    async def handle(self, message: Message) -> None:
        """Raises Unprocessable for what no retry can read."""
        if message.value is None:
            return
        try:
            event = decode(message.value)
            if event.type != REMINDER_DUE:
                return
            due = event.read(ReminderDue)
        except EventError as error:
            RECEIVED.labels("unreadable").inc()
            raise Unprocessable(str(error)) from error
        trace = message.headers.get("traceparent") or event.traceparent
        with tracing.span("process reminder.due", kind="consumer", parent=trace, only_below=True):
            try:
                new = await self._deliveries.accept(
                    event.id, due.reminder.namespace, due.reminder.name, message.value, due.channels
                )
            except RowRefused as error:
                RECEIVED.labels("unreadable").inc()
                raise Unprocessable(str(error)) from error
        RECEIVED.labels("new" if new else "repeated").inc()
        if not due.channels:
            log.warning("reminder_without_channel", reminder=f"{due.reminder.namespace}/{due.reminder.name}")
        if new:
            self._accepted()
