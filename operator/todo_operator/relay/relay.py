"""From the outbox to Kafka: each message acknowledged by all replicas before its row goes.

    commit ──▶ offer ──▶ lanes ──▶ producer ──▶ acknowledged ──▶ row deleted
                 ▲
    outbox table ┘  (at the start, when behind, and every few seconds for whatever was not offered)

- Nothing is lost: the table is the truth, `offer` only spares asking it. A crash between acknowledgement and
  deletion sends a message again, under the same id; consumers know ids.
- In order per topic and key: see `lanes`.
- Kafka away: messages stay where they are, in bounded memory and in the table; `unready` says so, and depth
  and age of the outbox are metrics. Sending goes on by itself when Kafka is back.
- A message that Kafka will never take because of its size is cut until it fits (`todotasks.events.abridge`),
  under its own id and in its place; the whole of it lies in `dead_letters`. Later ones of its key follow.
- A relay that was replaced does not send: its epoch is asked for again after every pause. What it had
  handed to librdkafka before it was frozen dies by `message.timeout.ms`, which is shorter than a Lease.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, TypeVar

import structlog
from prometheus_client import Counter, Gauge, Histogram

from todo_operator.relay.lanes import Lanes
from todotasks import tracing
from todotasks.broker import BrokerError, Delivered, MessageTooLarge, Producer
from todotasks.events import abridge
from todotasks.retry import Backoff, keep_trying
from todotasks.store import Fenced, OutboxRow, OutboxStats, Store, StoreError, StoreUnavailable
from todotasks.telemetry import LATENCY_BUCKETS

CAPACITY: Final = 10_000  # messages in memory
MAX_BYTES: Final = 64 * 2**20
PAGE: Final = 1000  # rows read at once from the table
POLL_SECONDS: Final = 5.0  # between looks at the table for what nobody offered
DELETE_PAUSE: Final = 0.02  # seconds in which acknowledged messages gather before they are deleted
CONFIRM_AFTER: Final = 2.0  # seconds after which leadership is asked for again before sending
SILENT_AFTER: Final = 10.0  # seconds without an answer after which Kafka counts as away
BETWEEN_TRIES: Final = Backoff(0.1, 2.0)  # seconds after a failure
FINISH_TIMEOUT: Final = 5.0  # seconds at the end, for what is on its way
LINGER_MS: Final = 0.0  # what waits while a request is on its way is company enough: as fast in bulk
MESSAGE_TIMEOUT_MS: Final = 10_000  # shorter than the Lease: what a frozen leader had in hand is not sent
CUTS: Final = (900_000, 400_000, 100_000, 20_000, 4_000)  # bytes, tried in turn for what is too large

RELAYED = Counter("todotasks_relay_messages", "Messages acknowledged by Kafka.", ["topic"])
FAILURES = Counter("todotasks_relay_failures", "Answers of Kafka other than yes.", ["code"])
DEAD_LETTERS = Counter(
    "todotasks_relay_dead_letters",
    "Messages that Kafka never takes as they are, nearly all too large.",
    ["topic"],
)
ACK_SECONDS = Histogram(
    "todotasks_relay_ack_seconds", "From sending to acknowledgement.", buckets=LATENCY_BUCKETS
)
IN_HAND = Gauge("todotasks_relay_messages_in_hand", "Messages in memory, sent or about to be.")
DEPTH = Gauge("todotasks_outbox_depth", "Messages in the outbox.")
AGE = Gauge("todotasks_outbox_age_seconds", "Age of the oldest message in the outbox.")

TRACE: Final = "traceparent"  # the header

log = structlog.get_logger(__name__)

R = TypeVar("R")


def relay_producer(kafka: Mapping[str, Any]) -> Producer:
    """A producer as the relay needs it; what is set in `kafka` wins."""
    return Producer({"message.timeout.ms": MESSAGE_TIMEOUT_MS, **kafka}, linger_ms=LINGER_MS)


class Relay:
    """`await Relay(…).run()`, for ever; `Fenced` leaves it when another leader has taken over.

    `producer` is started and closed by the caller. `listen` is for a relay in a process of its own, to
    which nobody offers: it hears of commits by NOTIFY.
    """

    def __init__(
        self, store: Store, producer: Producer, name: str, epoch: int, *, listen: bool = False
    ) -> None:
        self._store = store
        self._producer = producer
        self._name = name
        self._epoch = epoch
        self._listen = listen
        self._lanes = Lanes(CAPACITY, MAX_BYTES)
        self._acknowledged: dict[int, None] = {}  # to be deleted from the table, in order
        self._spans: dict[int, tracing.Running] = {}  # of rows on their way, where traces are on
        self._suspects: set[int] = set()  # too large, or merely in one batch with a message that is
        self._cursor = 0  # rows up to here were taken in hand (or a sweep finds them)
        self._behind = True  # there may be rows behind the cursor that nobody will offer again
        self._offered_meanwhile: list[OutboxRow] | None = None  # while the table is being read
        self._look = asyncio.Event()  # into the table
        self._work = asyncio.Event()  # for the sender
        self._deletable = asyncio.Event()
        self._emptied = asyncio.Event()  # nothing is in hand any more
        self._table = asyncio.Lock()  # reading the table and deleting from it must not overlap
        self._failure: BrokerError | None = None
        self._failures = 0  # of Kafka, one after the other
        self._led_at = float("-inf")  # when leadership was last proved
        self._waiting_since: float | None = None  # for an answer of Kafka
        self._trouble: str | None = None  # with PostgreSQL
        self._stats = OutboxStats(0, 0.0)

    # ── for the rest of the operator ─────────────────────────────────────────────────────────────────
    def offer(self, rows: Sequence[OutboxRow]) -> None:
        """Rows that this process has just committed, in the order of its commits."""
        if self._offered_meanwhile is not None:
            self._offered_meanwhile.extend(rows)
        else:
            self._accept(rows)

    def unready(self) -> str | None:
        """Why events do not reach Kafka; None when they do."""
        if self._trouble is not None:
            return self._trouble
        silent = 0.0 if self._waiting_since is None else time.monotonic() - self._waiting_since
        if self._failure is None and silent < SILENT_AFTER:
            return None
        waiting = max(self._stats.depth, len(self._lanes))
        why = f" ({self._failure})" if self._failure else ""
        return (
            f"Kafka has acknowledged nothing for {silent:.0f} s, {waiting} messages wait in the outbox{why}"
        )

    async def sent(self) -> None:
        """Returns once nothing is in hand: Kafka has acknowledged all that was offered and read."""
        while self._lanes:
            self._emptied.clear()
            await self._emptied.wait()

    @property
    def idle(self) -> bool:
        """Whether all that was offered or found is acknowledged and deleted."""
        return not self._lanes and not self._acknowledged and not self._behind

    async def run(self) -> None:
        parts = [self._load_rows, self._send_rows, self._delete_rows, self._measure]
        if self._listen:
            parts.append(self._hear_of_commits)
        try:
            try:
                async with asyncio.TaskGroup() as group:
                    for part in parts:
                        group.create_task(part(), name=f"relay{part.__name__}")
            except* Fenced as fenced:
                raise fenced.exceptions[0] from None
        except asyncio.CancelledError:
            # A good end: what Kafka still acknowledges need not be sent again by the next relay.
            await self._finish()
            raise

    # ── taking rows in hand ──────────────────────────────────────────────────────────────────────────
    async def _load_rows(self) -> None:
        swept_at = float("-inf")
        while True:
            if self._behind:
                await self._load(self._cursor)
            elif time.monotonic() - swept_at >= POLL_SECONDS:
                # For what was committed and never offered. The table has little more than what is in hand.
                await self._load(0)
                swept_at = time.monotonic()
            self._look.clear()
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def _load(self, after: int) -> None:
        """What the table has behind `after` and we have not, as far as there is room for it.

        What is offered meanwhile waits: it may be in the page already, and must not overtake it. If the
        page is full, it is dropped; then it lies behind the page, and the next ones bring it. Pages are whole
        ones also where there is little room: with room for one row, a page for each would be as many
        queries as there are rows in hand.
        """
        while self._lanes.room:
            async with self._table:
                rows = await self._through_outages(partial(self._read, PAGE, after))
                new = [
                    row for row in rows if row.seq not in self._acknowledged and row.seq not in self._lanes
                ]
                taken = new[: self._lanes.room]
                self._take(taken)
                offered, self._offered_meanwhile = self._offered_meanwhile or [], None
                self._behind = len(taken) < len(new) or len(rows) == PAGE
                if not self._behind:
                    self._accept(offered)
                    return
                if len(taken) < len(new):
                    return  # the rest is in the table, and is read when there is room
                after = rows[-1].seq

    def _accept(self, rows: Sequence[OutboxRow]) -> None:
        if self._behind or len(rows) > self._lanes.room:
            self._behind = True  # they are in the table, and are read from there in their turn
        else:
            self._take([row for row in rows if row.seq > self._cursor])

    async def _read(self, limit: int, after: int) -> list[OutboxRow]:
        self._offered_meanwhile = []
        return await self._store.outbox_batch(limit, after)

    def _take(self, rows: Sequence[OutboxRow]) -> None:
        if rows:
            self._lanes.take(rows)
            self._cursor = max(self._cursor, rows[-1].seq)
            IN_HAND.set(len(self._lanes))
            self._work.set()

    async def _hear_of_commits(self) -> None:
        async for _ in self._store.outbox_notifications(POLL_SECONDS):
            self._behind = True
            self._look.set()

    # ── sending ──────────────────────────────────────────────────────────────────────────────────────
    async def _send_rows(self) -> None:
        while True:
            if self._failure is not None:
                await self._heal(self._failure)
            row = self._lanes.next()
            if row is None:
                self._work.clear()
                await self._work.wait()
                continue
            await self._prove_leadership()
            await self._send(row)

    async def _send(self, row: OutboxRow) -> None:
        sent_at = time.monotonic()
        if self._waiting_since is None:
            self._waiting_since = sent_at
        if row.seq in self._suspects:
            await self._send_alone(row, sent_at)
            return
        try:
            answer = await self._producer.send(row.topic, row.key, row.value, self._headers(row))
        except BrokerError as error:
            self._came_back(row, error)
        except (TypeError, ValueError, AttributeError) as error:
            await self._bury(row, sent_at, f"not a message: {error!r}")  # somebody has damaged the row
        else:
            answer.add_done_callback(partial(self._answered, row, sent_at))

    def _headers(self, row: OutboxRow) -> dict[str, str]:
        """Its own; where traces are on, with a span of being sent, from which who reads it goes on."""
        trace = row.headers.get(TRACE) if tracing.enabled() else None
        if trace is None:
            return row.headers
        span = tracing.span(f"publish {row.topic}", kind="producer", parent=trace, messaging_system="kafka")
        self._spans[row.seq] = span
        return {**row.headers, TRACE: span.traceparent or trace}

    def _answered(self, row: OutboxRow, sent_at: float, answer: "asyncio.Future[Delivered]") -> None:
        error = answer.exception()
        if error is None:
            self._arrived(row, sent_at)
            self._acknowledged[row.seq] = None
            self._deletable.set()
        else:
            assert isinstance(error, BrokerError)
            self._came_back(row, error)
        self._work.set()

    def _came_back(self, row: OutboxRow, error: BrokerError) -> None:
        self._end_span(row, error)
        self._lanes.retry(row)
        if isinstance(error, MessageTooLarge):
            # Kafka judges a batch as one: all in it get this answer. Each is sent once more, alone.
            self._suspects.add(row.seq)
        else:
            self._failure = error

    def _arrived(self, row: OutboxRow, sent_at: float) -> None:
        now = time.monotonic()
        self._end_span(row)
        _relayed(row.topic).inc()
        ACK_SECONDS.observe(now - sent_at)
        self._failures = 0
        self._lanes.done(row)
        self._waiting_since = now if self._lanes.on_their_way else None
        self._suspects.discard(row.seq)
        IN_HAND.set(len(self._lanes))
        if not self._lanes:
            self._emptied.set()
        if self._behind and self._lanes.room >= CAPACITY // 2:
            self._look.set()

    def _end_span(self, row: OutboxRow, error: BrokerError | None = None) -> None:
        if self._spans and (span := self._spans.pop(row.seq, None)) is not None:
            span.end(error)

    async def _heal(self, failure: BrokerError) -> None:
        """The producer's line stands still, and all that was on its way comes back to its lane."""
        FAILURES.labels(failure.code or "other").inc()
        log.warning("relay_failed", error=str(failure), fatal=failure.fatal, in_hand=len(self._lanes))
        self._failures += 1
        await asyncio.sleep(BETWEEN_TRIES.delay(self._failures))
        try:
            await self._producer.restart()
        except BrokerError as error:
            self._failure = error
        else:
            self._failure = None

    async def _prove_leadership(self) -> None:
        """A leader that was frozen wakes up with messages in hand that are long out of date."""
        if time.monotonic() - self._led_at > CONFIRM_AFTER:
            await self._through_outages(lambda: self._store.confirm(self._name, self._epoch))
            self._led_at = time.monotonic()

    # ── too large ────────────────────────────────────────────────────────────────────────────────────
    async def _send_alone(self, row: OutboxRow, sent_at: float) -> None:
        """With nothing else on its way, so that "too large" can mean nobody else. Rare, so it may wait."""
        if await self._producer.flush():
            self._lanes.retry(row)  # Kafka does not answer now
            return
        try:
            too_large = await self._send_in_short(row)
        except BrokerError as error:
            self._came_back(row, error)
            return
        if too_large is None:
            self._arrived(row, sent_at)
            self._acknowledged[row.seq] = None
            self._deletable.set()
        else:
            # A crash here sends the short form again, under its id. The other way around it could be lost.
            await self._bury(row, sent_at, str(too_large))

    async def _bury(self, row: OutboxRow, sent_at: float, why: str) -> None:
        await self._through_outages(lambda: self._store.dead_letter(row, why, self._name, self._epoch))
        DEAD_LETTERS.labels(row.topic).inc()
        log.error("message_buried", id=row.id, topic=row.topic, error=why)
        self._arrived(row, sent_at)

    async def _send_in_short(self, row: OutboxRow) -> MessageTooLarge | None:
        """As it is, or in the longest form that Kafka takes; then, why it did not take more."""
        too_large: MessageTooLarge | None = None
        size = len(row.value or b"")
        for limit in (size, *CUTS):
            value = row.value if limit == size else abridge(row.value or b"", min(limit, size))
            if value is None:
                continue
            try:
                await (await self._producer.send(row.topic, row.key, value, row.headers))
            except MessageTooLarge as error:
                too_large = too_large or error
            else:
                return too_large
        return too_large

    # ── behind the acknowledgement ───────────────────────────────────────────────────────────────────
    async def _delete_rows(self) -> None:
        while True:
            await self._deletable.wait()
            await asyncio.sleep(DELETE_PAUSE)
            self._deletable.clear()
            async with self._table:
                await self._through_outages(self._delete_acknowledged)

    async def _delete_acknowledged(self) -> None:
        seqs = list(self._acknowledged)
        await self._store.outbox_delete(seqs, self._name, self._epoch)
        self._led_at = time.monotonic()
        for seq in seqs:
            del self._acknowledged[seq]

    async def _finish(self) -> None:
        try:
            async with asyncio.timeout(FINISH_TIMEOUT):
                await self._producer.flush(FINISH_TIMEOUT / 2)
                await self._delete_acknowledged()
        except (StoreError, TimeoutError) as error:
            log.info("relay_ended_with_rows_left", rows=len(self._acknowledged), error=str(error))

    async def _measure(self) -> None:
        while True:
            try:
                self._stats = await self._store.outbox_stats()
            except StoreUnavailable:
                pass  # the other parts say so
            else:
                DEPTH.set(self._stats.depth)
                AGE.set(self._stats.oldest_age_seconds)
            await asyncio.sleep(POLL_SECONDS)

    async def _through_outages(self, attempt: Callable[[], Awaitable[R]]) -> R:
        """Do it until PostgreSQL takes it. Meanwhile nothing is sent: who leads cannot be asked."""
        result = await keep_trying(attempt, on=StoreUnavailable, backoff=BETWEEN_TRIES, told=self._waits)
        self._trouble = None
        return result

    def _waits(self, error: StoreUnavailable, tries: int) -> None:
        if self._trouble is None:
            log.warning("relay_waits", error=str(error))
        self._trouble = f"events are not relayed: {error}"


@cache
def _relayed(topic: str) -> Counter:
    """The counter of these labels; looking labels up costs more than counting."""
    return RELAYED.labels(topic)
