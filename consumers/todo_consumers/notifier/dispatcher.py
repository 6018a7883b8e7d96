"""From the ledger to the channels: one worker for each channel that has something due.

A worker ends when its channel has nothing more to be tried now. So a server that is slow, down or refusing
costs only its own channel time, and one notifier can serve thousands of channels. Workers are shared out by
namespace: one may have `OF_ONE_NAMESPACE`, and one that has none yet always gets one, so that whoever fills a
namespace with channels to a tarpit waits alone. Where a crash hits an attempt, the row becomes due again
after `LEASE`.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Set
from functools import partial

import structlog

from todo_consumers.notifier import metrics
from todo_consumers.notifier.directory import Directory
from todo_consumers.notifier.notification import Notification, read_notification
from todo_consumers.notifier.outcome import DeliveryError, Partial, Permanent, Temporary
from todo_consumers.notifier.pace import Breaker
from todotasks import tracing
from todotasks.events import EventError, decode
from todotasks.rate_limit import RateLimiter
from todotasks.store import StoreError
from todotasks.store.deliveries import Deliveries, DeliveryRow

ATTEMPT_TIMEOUT = 90.0  # seconds, whatever a channel does
LEASE = 120.0  # seconds; longer than an attempt, or two would try at once
FIRST_DELAY, LONGEST_DELAY, FACTOR = 5.0, 3 * 3600.0, 3.0  # seconds between attempts
POLL = 1.0  # seconds between two looks at the ledger when nobody tells of something new
WORKERS = 64  # channels at once; a namespace that has none of them gets one all the same
OF_ONE_NAMESPACE = 8
MOST_WORKERS = 512  # with those: tasks that wait, not threads
OUTAGE_PAUSE = 1.0  # seconds, while PostgreSQL is away

log = structlog.get_logger(__name__)


def backoff(attempts: int, spread: float) -> float:
    """Seconds until the next attempt after `attempts` of them; `spread` is 0..1 (jitter takes up to half)."""
    step = min(LONGEST_DELAY, FIRST_DELAY * FACTOR ** (attempts - 1))
    return step * (1 - spread / 2)


class Dispatcher:
    """`await run()` until it is cancelled; `wake` says that there is something new."""

    def __init__(
        self,
        deliveries: Deliveries,
        directory: Directory,
        *,
        rate: float,
        attempts: int,
        first_delay: float = FIRST_DELAY,
    ) -> None:
        self._deliveries, self._directory = deliveries, directory
        self._rate, self._attempts = rate, attempts
        self._scale = first_delay / FIRST_DELAY
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._limits: dict[tuple[str, str], RateLimiter] = {}
        self._working: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._news = asyncio.Event()
        self.told = asyncio.Event()  # a result was written: the reporter has something to do
        self.trouble: str | None = None

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        try:
            while True:
                self._news.clear()
                try:
                    await self._start_workers()
                    self.trouble = None
                except StoreError as error:
                    self.trouble = str(error)
                try:
                    async with asyncio.timeout(POLL):
                        await self._news.wait()
                except TimeoutError:
                    pass
        finally:
            for task in self._working.values():
                task.cancel()
            await asyncio.gather(*self._working.values(), return_exceptions=True)

    async def _start_workers(self) -> None:
        metrics.RESTING.set(sum(breaker.rest_seconds() > 0 for breaker in self._breakers.values()))
        due = await self._deliveries.channels_due()
        self._forget(set(due))
        having = Counter(namespace for namespace, _ in self._working)
        for key in due:
            if key in self._working or not self._may_start(having[key[0]]):
                continue
            breaker = self._breakers.setdefault(key, Breaker())
            if breaker.rest_seconds() > 0:
                continue
            having[key[0]] += 1
            task = asyncio.create_task(self._work(key, breaker), name=f"channel {key[0]}/{key[1]}")
            self._working[key] = task
            task.add_done_callback(partial(self._ended, key))

    def _may_start(self, having: int) -> bool:
        """Whether a namespace that has so many workers gets one more."""
        running = len(self._working)
        return running < (WORKERS if having else MOST_WORKERS) and having < OF_ONE_NAMESPACE

    def _forget(self, due: Set[tuple[str, str]]) -> None:
        """Channels that have nothing to do and nothing to remember: names come and go."""
        for key in [key for key in self._limits if key not in due and key not in self._working]:
            if not self._breakers[key].is_open:
                del self._limits[key], self._breakers[key]

    def _ended(self, key: tuple[str, str], task: "asyncio.Task[None]") -> None:
        self._working.pop(key, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # A mistake of ours: the row it held is due again after the lease, the others go on at once.
            log.error("channel_worker_broke", channel=f"{key[0]}/{key[1]}", exc_info=error)
        self.wake()

    async def _work(self, key: tuple[str, str], breaker: Breaker) -> None:
        limit = self._limits.setdefault(key, RateLimiter(self._rate))
        while breaker.rest_seconds() == 0:
            await limit.take()
            try:
                row = await self._deliveries.take(*key, LEASE)
                if row is None:
                    return
                await self._attempt(row, breaker)
            except StoreError as error:
                # What was sent and not written down is due again after the lease: the documented window.
                self.trouble = str(error)
                await asyncio.sleep(OUTAGE_PAUSE)
                return

    async def _attempt(self, row: DeliveryRow, breaker: Breaker) -> None:
        started = time.monotonic()
        try:
            with _traced(row):
                await self._send(row)
        except DeliveryError as error:
            await self._failed(row, error, breaker)
        else:
            breaker.succeeded()
            metrics.ATTEMPTS.labels("delivered").inc()
            # If we crash here, the other side has it and nobody knows: sent again after the lease.
            await self._deliveries.result(row, "Delivered")
            log.info("delivered", **_names(row))
        metrics.SECONDS.observe(time.monotonic() - started)
        self.told.set()

    async def _send(self, row: DeliveryRow) -> None:
        notification = _read(row)
        try:
            async with asyncio.timeout(ATTEMPT_TIMEOUT):
                channel = await self._directory.channel(row.namespace, row.channel, notification.told_at)
                await channel.send(notification, row.left)
        except DeliveryError:
            raise
        except TimeoutError:
            raise Temporary(f"no result within {ATTEMPT_TIMEOUT:g} s", server_down=True) from None
        except Exception as error:
            # A library's mistake must not stop the channel's worker. Its text may hold a secret.
            log.exception("channel_broke", **_names(row))
            raise Temporary(f"the channel failed with {type(error).__name__}") from error
        if row.refused:  # those that were left have it now; the others never will
            raise Partial("", left=(), refused={})

    async def _failed(self, row: DeliveryRow, error: DeliveryError, breaker: Breaker) -> None:
        left, refused, told = row.left, dict(row.refused), str(error)
        if isinstance(error, Partial):
            left, refused = error.left, refused | error.refused
        some_have_it = isinstance(error, Partial) or bool(row.left)
        for_good = (
            isinstance(error, Permanent)
            or (isinstance(error, Partial) and not left)
            or row.attempts >= self._attempts
        )
        metrics.ATTEMPTS.labels("permanent" if for_good else "temporary").inc()
        breaker.failed(server_down=isinstance(error, Temporary) and error.server_down)
        if for_good:
            if some_have_it:
                told = _not_to_all(refused, told)
            await self._deliveries.result(row, "Failed", told, left=left, refused=refused)
            log.warning("delivery_given_up", error=told, **_names(row))
            return
        delay = backoff(row.attempts, random.random()) * self._scale  # noqa: S311 spreads, hides nothing
        asked = error.retry_after if isinstance(error, Temporary) else None
        delay = max(delay, min(asked or 0.0, LONGEST_DELAY))
        await self._deliveries.result(
            row, "Retrying", told, delay_seconds=delay, left=left or None, refused=refused or None
        )
        log.info("delivery_retried", error=told, again_in=round(delay, 1), **_names(row))


def _not_to_all(refused: Mapping[str, str], waiting: str = "") -> str:
    """What became of a mail that some have: never sent to those again, so the others are named."""
    names = "; ".join(
        [*(f"{address}: {answer}" for address, answer in refused.items()), *([waiting] * bool(waiting))]
    )
    return f"delivered, but not to all recipients: {names}"


def _traced(row: DeliveryRow) -> tracing.Running:
    """Below the request that asked for the reminder: the ledger keeps the event, not its way here."""
    if not tracing.enabled():
        return tracing.NOTHING  # type: ignore[no-any-return]
    try:
        trace = decode(row.event).traceparent
    except EventError:
        trace = None
    return tracing.span(
        "deliver", kind="client", parent=trace, only_below=True, todotasks_channel=row.channel,
        todotasks_attempt=row.attempts,
    )  # fmt: skip


def _read(row: DeliveryRow) -> Notification:
    try:
        return read_notification(decode(row.event), row.event)
    except EventError as error:
        raise Permanent(f"the event cannot be read: {error}") from error


def _names(row: DeliveryRow) -> dict[str, str | int]:
    return {
        "reminder": f"{row.namespace}/{row.reminder}",
        "channel": row.channel,
        "event_id": row.event_id,
        "attempts": row.attempts,
    }
