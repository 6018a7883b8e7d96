"""Writes notices as Events, aggregated: one Event for an object and a reason, with a count.

So `kubectl describe` shows `x3 over 2m`. Few a second, and what does not fit in the queue is left out and
counted: writes of the API server are for tasks.
"""

import asyncio
import hashlib
from collections import OrderedDict, deque
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from todo_consumers.audit import metrics
from todo_consumers.audit.notices import Notice
from todotasks.kube import KubeClient, Resource
from todotasks.kube.errors import AlreadyExists, Forbidden, KubeError, NotFound
from todotasks.rate_limit import RateLimiter

CORE_EVENTS = Resource("", "v1", "events", "Event")
COMPONENT = "todotasks"
A_SECOND = 10.0  # Events written a second
MOST_WAITING = 500
MOST_REMEMBERED = 5_000  # counts kept; of others the API server is asked
OLDEST = timedelta(minutes=10)  # what is older is no news: the topic is being read again

log = structlog.get_logger(__name__)


class Telling:
    """`take` in the loop, `run` until cancelled."""

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._waiting: deque[Notice] = deque()
        self._some = asyncio.Event()
        self._pace = RateLimiter(A_SECOND)
        self._counts: OrderedDict[str, int] = OrderedDict()

    def take(self, notice: Notice, now: datetime) -> None:
        """Put it in line, if it is news and there is room."""
        if now - notice.at > OLDEST:
            return
        if len(self._waiting) >= MOST_WAITING:
            metrics.NOTICES.labels("left out").inc()
            return
        self._waiting.append(notice)
        self._some.set()

    async def run(self) -> None:
        while True:
            if not self._waiting:
                self._some.clear()
                await self._some.wait()
            await self._pace.take()
            notice = self._waiting.popleft()
            try:
                await self._write(notice)
                metrics.NOTICES.labels("written").inc()
            except KubeError as error:
                # The object's namespace may be gone, the right may be missing: the log has it anyway.
                metrics.NOTICES.labels("refused").inc()
                if not isinstance(error, NotFound | Forbidden):
                    log.info(
                        "notice_not_written", object=f"{notice.namespace}/{notice.name}", error=str(error)
                    )

    async def _write(self, notice: Notice) -> None:
        name = event_name(notice)
        known = self._counts.get(name)
        if known is None:
            try:
                await self._client.create(CORE_EVENTS, body_of(notice, name), notice.namespace)
            except AlreadyExists:
                found = await self._client.get(CORE_EVENTS, name, notice.namespace)
                known = int(found.get("count") or 1)
            else:
                self._remember(name, 1)
                return
        change = {"count": known + 1, "lastTimestamp": _time(notice.at), "message": notice.note}
        try:
            await self._client.patch(CORE_EVENTS, name, change, notice.namespace)
        except NotFound:  # the API server has forgotten it: it begins anew
            self._counts.pop(name, None)
            await self._client.create(CORE_EVENTS, body_of(notice, name), notice.namespace)
            self._remember(name, 1)
        else:
            self._remember(name, known + 1)

    def _remember(self, name: str, count: int) -> None:
        self._counts[name] = count
        self._counts.move_to_end(name)
        if len(self._counts) > MOST_REMEMBERED:
            self._counts.popitem(last=False)


def event_name(notice: Notice) -> str:
    """The same for every repeat: the name is what they are counted under."""
    digest = hashlib.sha256(f"{notice.uid}/{notice.reason}".encode()).hexdigest()[:16]
    return f"{notice.name[:200]}.{digest}"


def body_of(notice: Notice, name: str) -> dict[str, Any]:
    """A core/v1 Event: that of events.k8s.io allows no change of its note."""
    at = _time(notice.at)
    return {
        "metadata": {"name": name, "namespace": notice.namespace},
        "involvedObject": {
            "apiVersion": "todotasks.dev/v1",
            "kind": notice.kind,
            "namespace": notice.namespace,
            "name": notice.name,
            "uid": notice.uid,
        },
        "reason": notice.reason,
        "message": notice.note,
        "type": "Warning" if notice.warning else "Normal",
        "source": {"component": COMPONENT},
        "count": 1,
        "firstTimestamp": at,
        "lastTimestamp": at,
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
