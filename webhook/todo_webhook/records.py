"""Records of what was admitted, to the topic `task-admissions`: never in the way of an answer.

    admitted(request) ──▶ a bounded queue ──▶ Kafka
                             │ full: dropped, counted; the span of time becomes one record, `admission.gap`

A record is an *attempt*. It is in memory until Kafka has it, so what a crash of the webhook loses is not
known; the consumer states the attempts that are missing beside what was observed.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from todo_webhook import metrics
from todo_webhook.review import Request, Thing
from todotasks.api.meta import TAG_LABEL_PREFIX
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT
from todotasks.broker.errors import BrokerError, MessageTooLarge
from todotasks.broker.producer import Producer
from todotasks.broker.topics import TASK_ADMISSIONS
from todotasks.events.data import Actor, AdmissionGap, AdmissionRequested, ObjectRef
from todotasks.events.emissions import admission_gap, admission_requested
from todotasks.events.envelope import (
    HEADERS,
    CloudEvent,
    encode,
)

MOST_WAITING = 20_000  # records of about 700 bytes
MOST_GROUPS = 32
MOST_CHANGED = 64
BATCH = 500
RETRY = 1.0  # seconds after Kafka refused
VERBS = {"CREATE": "create", "UPDATE": "update", "DELETE": "delete"}

log = structlog.get_logger(__name__)


def attempt_of(request: Request) -> AdmissionRequested:
    """What is recorded of a request."""
    thing, before = request.thing, request.old_object
    meta = thing.metadata
    return AdmissionRequested(
        verb=VERBS.get(request.operation, "update"),  # type: ignore[arg-type]
        kind=request.kind.kind,
        object=ObjectRef(request.namespace or meta.namespace, request.name or meta.name, meta.uid or None),
        user=Actor(request.user_info.username, (request.user_info.groups or ())[:MOST_GROUPS]),
        resource_version=(before.metadata.resource_version or None) if before else None,
        changed=changed_fields(before, thing)[:MOST_CHANGED] if request.operation == "UPDATE" else (),
    )


def changed_fields(before: Thing | None, after: Thing) -> tuple[str, ...]:
    """The fields that differ: `spec.title`, `metadata.labels`. Our own stamps are nobody's change."""
    old = before or Thing()
    old_spec = old.spec if isinstance(old.spec, dict) else {}
    new_spec = after.spec if isinstance(after.spec, dict) else {}
    found = [
        f"spec.{name}"
        for name in sorted(old_spec.keys() | new_spec.keys())
        if old_spec.get(name) != new_spec.get(name)
    ]
    a, b = old.metadata, after.metadata
    if _without_stamps(a.labels) != _without_stamps(b.labels):
        found.append("metadata.labels")
    if _without_stamps(a.annotations) != _without_stamps(b.annotations):
        found.append("metadata.annotations")
    if (a.finalizers or ()) != (b.finalizers or ()):
        found.append("metadata.finalizers")
    if (a.owner_references or ()) != (b.owner_references or ()):
        found.append("metadata.ownerReferences")
    return tuple(found)


def _without_stamps(texts: dict[str, str] | None) -> dict[str, str]:
    return {
        key: value
        for key, value in (texts or {}).items()
        if key not in {ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT} and not key.startswith(TAG_LABEL_PREFIX)
    }


class Records:
    """`admitted` is called in the loop for each request; `run` sends. Without a producer nothing is "
    "recorded."""

    def __init__(
        self,
        producer: Producer | None,
        *,
        most_waiting: int = MOST_WAITING,
        replica: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._producer, self._most, self._clock = producer, most_waiting, clock
        self._replica = replica or socket.gethostname()
        self._waiting: deque[CloudEvent] = deque()
        self._some = asyncio.Event()
        self._dropped = 0
        self._dropped_since: datetime | None = None
        metrics.RECORDS_WAITING.set_function(lambda: len(self._waiting))
        metrics.RECORDS_OLDEST.set_function(self._oldest_seconds)

    def _oldest_seconds(self) -> float:
        try:
            since = self._waiting[0].time
        except IndexError:
            return 0.0
        return max(0.0, (self._clock() - since).total_seconds())

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def admitted(self, request: Request, now: datetime) -> None:
        """Take a record of it, if there is room."""
        if self._producer is None:
            return
        if len(self._waiting) >= self._most:
            self._dropped += 1
            self._dropped_since = self._dropped_since or now
            metrics.RECORDS.labels("dropped").inc()
            return
        self._close_gap(now)
        attempt = attempt_of(request)
        self._waiting.append(
            admission_requested(
                request.uid,
                attempt,
                plural=request.resource.resource or "todotasks",
                now=now,
                traceparent=request.traceparent,
            )
        )
        self._some.set()

    def _close_gap(self, now: datetime) -> None:
        if self._dropped_since is not None:
            gap = AdmissionGap(
                since=self._dropped_since, until=now, dropped=self._dropped, replica=self._replica
            )
            self._waiting.append(admission_gap(gap, now=now))
            self._dropped, self._dropped_since = 0, None
            self._some.set()

    async def run(self) -> None:
        """Send, in order, until cancelled. What Kafka refuses for a while is sent again."""
        assert self._producer is not None
        while True:
            if not self._waiting:
                self._some.clear()
                await self._some.wait()
            batch = [self._waiting[index] for index in range(min(BATCH, len(self._waiting)))]
            sent = await self._send(batch)
            for _ in range(sent):
                self._waiting.popleft()
            if sent < len(batch):
                await asyncio.sleep(RETRY)
                await self._producer.restart()
            elif len(self._waiting) < self._most:
                self._close_gap(self._clock())

    async def _send(self, batch: list[CloudEvent]) -> int:
        """How many of the first of the batch need not be sent again."""
        assert self._producer is not None
        futures = []
        try:
            for event in batch:
                futures.append(
                    await self._producer.send(TASK_ADMISSIONS, event.partitionkey, encode(event), HEADERS)
                )
        except BrokerError as error:
            log.warning("record_not_sent", error=str(error))
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        done = 0
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, MessageTooLarge):
                log.warning("record_not_sent", error=str(outcome))
                break
            metrics.RECORDS.labels("failed" if isinstance(outcome, BaseException) else "delivered").inc()
            done += 1
        return done

    async def flush(self, seconds: float) -> None:
        """At the end: give what is waiting a moment."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._producer and self._waiting and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110  once
            await asyncio.sleep(0.02)
