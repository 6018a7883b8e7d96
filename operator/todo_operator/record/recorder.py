"""From what the API server says to what PostgreSQL holds: mirror, events and position in one transaction.

    Reflector ──▶ batch ──▶ what the mirror has of these ──▶ recording ──▶ commit ──▶ relay, cache, queue

One task for each kind, each with a position of its own. The promises:

- Nothing is lost. The position moves in the transaction that writes what lies before it; a restart watches
  on from there and sees every state in between. While PostgreSQL is away nothing is read, and the API server
  keeps it for us.
- Nothing is said twice under two ids. An id is made of uid, version and type; a batch whose commit was in
  doubt is compared with the mirror once more and gives only what is not there yet.
- After 410 Gone the list is compared with the mirror: page by page, and of unchanged objects only the
  version is read. Who is in the mirror and not in the complete list is deleted. All of this is `coalesced`.
- One object that cannot be read or kept lies in `dead_letters` and stops nobody else.

What there was before is not told here: whoever needs it (the informer) lists it. `on_changes` hears what is
new to the record: the changes of a watch, and what a list shows that the mirror did not have.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import structlog

from todo_operator.record.journal import Journal
from todo_operator.record.kinds import RECORDED_KINDS, RecordedKind
from todo_operator.record.per_kind import (
    KindRecorder,
    OnChanges,
    Shared,
)
from todotasks.kube import KubeClient
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.identity import cluster_uid
from todotasks.retry import Backoff, SayOnce, keep_trying
from todotasks.store import Fenced, Store

CLUSTER_RETRY: Final = 1.0  # seconds between tries to learn which cluster this is

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Recorder:
    """`await Recorder(…).run()`, for ever; `Fenced` leaves it when another leader has taken over."""

    def __init__(
        self,
        client: KubeClient,
        store: Store,
        journal: Journal,
        *,
        namespace: str = "",
        on_changes: OnChanges | None = None,
        kinds: Sequence[RecordedKind[Any]] = RECORDED_KINDS,
        mode: Literal["stream", "chunk"] = "stream",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._namespace = namespace
        shared = Shared(client, store, journal, namespace, on_changes, mode, now)
        self._parts = [KindRecorder(kind, shared) for kind in kinds]

    async def run(self) -> None:
        cluster = await self._cluster()
        try:
            async with asyncio.TaskGroup() as group:
                for part in self._parts:
                    group.create_task(part.run(cluster), name=f"recorder-{part.kind.name}")
        except* Fenced as fenced:
            raise fenced.exceptions[0] from None

    def unready(self) -> str | None:
        """Why the record is not up to date enough to rely on; None if it is."""
        return next((reason for part in self._parts if (reason := part.unready()) is not None), None)

    async def _cluster(self) -> str:
        """Which cluster this is. Positions of another one mean nothing here, even if they are lower."""
        told = SayOnce(log, "recorder_waits_for_api_server")
        backoff = Backoff(CLUSTER_RETRY, CLUSTER_RETRY)
        return await keep_trying(self._ask_cluster, on=KubeError, backoff=backoff, told=told)

    async def _ask_cluster(self) -> str:
        try:
            return await cluster_uid(self._client, self._namespace)
        except (Forbidden, NotFound) as error:
            log.warning("recorder_cluster_unknown", error=str(error))
            return ""
