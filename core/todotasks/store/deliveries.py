"""The notifier's ledger: which reminder has gone to which channel, in PostgreSQL.

A row is made when the event is read from Kafka (then the offset is committed: from here on the ledger is
what remembers), taken for one attempt, and ends as Delivered or Failed. The primary key of event and channel
is the guard: one delivery each, however often the message comes. There is one window that nothing can close:
a server that accepted the message and a notifier that died before it wrote that down. The attempt's time is
up after `lease` seconds and the message goes out a second time, with the same Message-ID or event id.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from psycopg.types.json import Jsonb

from todotasks.store.connections import ConnectionPool
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean

State = Literal["Pending", "Retrying", "Delivered", "Failed"]


class DeliveryRow(NamedTuple):
    """One event for one channel. `event` is the CloudEvent as it came; `attempts` counts this one too."""

    event_id: str
    namespace: str
    channel: str
    reminder: str
    event: bytes
    attempts: int
    state: State
    last_error: str | None
    tried_at: datetime | None
    left: tuple[str, ...] = ()  # recipients that are still to be tried; (): all
    refused: Mapping[str, str] = {}  # recipients that never will, each with the answer


class DeliveryDepth(NamedTuple):
    pending: int
    retrying: int
    oldest_age_seconds: float


class Deliveries:
    """All access to the ledger. Several notifiers may use it at once."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    async def accept(
        self, event_id: str, namespace: str, reminder: str, event: bytes, channels: Sequence[str]
    ) -> int:
        """Remember to deliver; returns how many of the channels are new for this event."""
        parameters = {
            "event_id": event_id,
            "namespace": namespace,
            "reminder": reminder,
            "event": event,
            "channels": list(channels),
        }
        async with self._pool.connection() as conn:
            return (await conn.execute(QUERIES["accept_deliveries"], parameters)).rowcount

    async def channels_due(self) -> list[tuple[str, str]]:
        """(namespace, channel) of all that have something to be tried now, the longest waiting first."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(QUERIES["channels_due"])).fetchall()
            return [(row[0], row[1]) for row in rows]

    async def take(self, namespace: str, channel: str, lease_seconds: float) -> DeliveryRow | None:
        """The oldest one of a channel, ours for `lease_seconds`."""
        parameters = {"namespace": namespace, "channel": channel, "lease": lease_seconds}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["take_delivery"], parameters)).fetchone()
            return None if row is None else _row(row)

    async def put_back(self, row: DeliveryRow, delay_seconds: float) -> None:
        """It was not tried after all."""
        parameters = {"event_id": row.event_id, "channel": row.channel, "delay": delay_seconds}
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["put_back_delivery"], parameters)

    async def result(
        self,
        row: DeliveryRow,
        state: State,
        error: str | None = None,
        *,
        delay_seconds: float = 0.0,
        left: Sequence[str] | None = None,
        refused: Mapping[str, str] | None = None,
    ) -> None:
        """What became of the attempt; `Retrying` is tried again after `delay_seconds`, for the recipients in
        `left` where it is given. `refused` are all that will never have it."""
        parameters = {
            "event_id": row.event_id,
            "channel": row.channel,
            "state": state,
            "error": None if error is None else clean(error),
            "delay": delay_seconds,
            "left": None if left is None else list(left),
            "refused": None
            if refused is None
            else Jsonb({address: clean(answer) for address, answer in refused.items()}),
        }
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["delivery_result"], parameters)

    async def put_off_report(self, row: DeliveryRow, delay_seconds: float) -> None:
        """Its result could not be told now."""
        parameters = {"event_id": row.event_id, "channel": row.channel, "delay": delay_seconds}
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["put_off_report"], parameters)

    async def unreported(self, limit: int) -> list[DeliveryRow]:
        """Results that Kafka and the Reminder's status do not know yet."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(QUERIES["unreported_deliveries"], {"limit": limit})).fetchall()
            return [_row(row) for row in rows]

    async def of_event(self, event_id: str) -> list[DeliveryRow]:
        """All channels of one firing; `tried_at` is None where nothing was tried yet."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["deliveries_of_event"], {"event_id": event_id})
            return [_row(row) for row in await cursor.fetchall()]

    async def is_newest(self, row: DeliveryRow) -> bool:
        """Whether no later firing of the same reminder is known."""
        parameters = {"namespace": row.namespace, "reminder": row.reminder, "event_id": row.event_id}
        async with self._pool.connection() as conn:
            found = await (await conn.execute(QUERIES["is_newest_firing"], parameters)).fetchone()
            return found is None or bool(found[0])

    async def reported(self, row: DeliveryRow) -> None:
        parameters = {
            "event_id": row.event_id,
            "channel": row.channel,
            "state": row.state,
            "attempts": row.attempts,
        }
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["delivery_reported"], parameters)

    async def next_due_seconds(self) -> float | None:
        """Seconds until the next one is due (negative: overdue); None when nothing waits."""
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["next_delivery_due"])).fetchone()
            return None if row is None or row[0] is None else float(row[0])

    async def depth(self) -> DeliveryDepth:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["delivery_depth"])).fetchone()
            return DeliveryDepth(*row) if row else DeliveryDepth(0, 0, 0.0)

    async def prune(self, before: datetime) -> int:
        """Forget what ended before that time and was reported. Later than Kafka's retention, never sooner."""
        async with self._pool.connection() as conn:
            return (await conn.execute(QUERIES["prune_deliveries"], {"before": before})).rowcount


def _row(row: tuple[Any, ...]) -> DeliveryRow:
    event_id, namespace, channel, reminder, event, attempts, state, error, tried_at, left, refused = row
    return DeliveryRow(
        event_id,
        namespace,
        channel,
        reminder,
        bytes(event),
        attempts,
        state,
        error,
        tried_at,
        tuple(left or ()),
        refused or {},
    )
