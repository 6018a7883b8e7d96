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

The operator's cache gets its first state from here, in the cheapest way that is right: the mirror *is* the
state at the stored position, so on a restart its rows are handed out (a fifth of the cost of a list, and the
API server is not asked), and then the changes since. Without a position, or with a damaged row in the
mirror, there is a list, and that is handed out. Both come through `on_changes`, then `on_synced` once.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import structlog
from prometheus_client import Counter, Gauge, Histogram

from todo_operator.journal import Journal
from todo_operator.recorded_kinds import RECORDED_KINDS, K, Known, RecordedKind
from todo_operator.recording import (
    UNRECORDED,
    Recording,
    dead_letter,
    owning_task,
    record_changes,
    record_page,
    record_skipped,
    record_vanished,
    task_name,
)
from todotasks.api import Reminder
from todotasks.kube import Change, KubeClient, Listed, PartialObject, Reflector, Watched
from todotasks.kube.errors import Forbidden, NotFound
from todotasks.kube.resources import NAMESPACES
from todotasks.store import (
    Fenced,
    MirrorRow,
    SchemaError,
    Store,
    StoreError,
    StoreUnavailable,
    WriteTransaction,
    parse_resource_version,
)
from todotasks.telemetry import LATENCY_BUCKETS

OnChanges = Callable[[str, Sequence[Change[Any]]], None]
OnSynced = Callable[[str], None]
R = TypeVar("R")

MIRROR_PAGE: Final = 1000  # rows read at once from the mirror
FIRST_DELAY, LONGEST_DELAY = 0.1, 1.0  # seconds between tries while PostgreSQL is away
LOG_EVERY: Final = 30  # tries between two log lines about the same outage

CHANGES = Counter("todotasks_recorder_changes", "Changes and listed objects taken in.", ["kind", "source"])
EVENTS = Counter("todotasks_recorder_events", "Messages put into the outbox.", ["topic"])
DEAD_LETTERS = Counter("todotasks_recorder_dead_letters", "Objects that could not be recorded.", ["kind"])
COMMIT_SECONDS = Histogram(
    "todotasks_recorder_commit_seconds",
    "From a batch in hand to its commit, waiting for PostgreSQL included.",
    ["kind"],
    buckets=LATENCY_BUCKETS,
)
LAG = Gauge(
    "todotasks_recorder_lag_seconds", "How long the oldest change in hand waits for its commit.", ["kind"]
)

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
        on_synced: OnSynced | None = None,
        kinds: Sequence[RecordedKind[Any]] = RECORDED_KINDS,
        mode: Literal["stream", "chunk"] = "stream",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        means = _Means(client, store, journal, namespace, on_changes, on_synced, mode, now)
        self._parts = [_KindRecorder(kind, means) for kind in kinds]

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
        try:
            system = await self._client.get(NAMESPACES, "kube-system", type=PartialObject)
        except (Forbidden, NotFound) as error:
            log.warning("recorder_cluster_unknown", error=str(error))
            return ""
        return system.metadata.uid


class _Means(NamedTuple):
    """What the recorders of all kinds share."""

    client: KubeClient
    store: Store
    journal: Journal
    namespace: str
    on_changes: OnChanges | None
    on_synced: OnSynced | None
    mode: Literal["stream", "chunk"]
    now: Callable[[], datetime]


class _KindRecorder(Generic[K]):
    """The recorder of one kind."""

    def __init__(self, kind: RecordedKind[K], means: _Means) -> None:
        self.kind = kind
        self._store = means.store
        self._journal = means.journal
        self._means = means
        self._source = kind.resource.label
        self._reflector: Reflector[K] | None = None
        self._synced = False
        self._trouble: str | None = None
        self._in_hand_since: float | None = None
        self._listed: set[str] = set()  # uids of the list that is being read
        self._damaged: set[str] = set()  # uids whose mirror row was unreadable at the start
        self._commit_seconds = COMMIT_SECONDS.labels(kind.name)

    def unready(self) -> str | None:
        if self._trouble is not None:
            return self._trouble
        if self._synced:
            return None
        trouble = self._reflector.trouble if self._reflector else None
        return f"{self.kind.resource.plural}: the first state is not complete" + (
            f" ({trouble})" if trouble else ""
        )

    async def run(self, cluster: str) -> None:
        # A position counts for one cluster and one extent; another one begins with a list.
        self._source = "@".join(
            part for part in (self.kind.resource.label, self._means.namespace, cluster) if part
        )
        LAG.labels(self.kind.name).set_function(self._lag)
        position = await self._through_outages(lambda: self._store.position(self._source))
        if position is not None and not await self._hand_out_the_mirror():
            position = None
        self._reflector = Reflector(
            self._means.client,
            self.kind.resource,
            self.kind.type,
            namespace=self._means.namespace,
            resume_from=position,
            mode=self._means.mode,
        )
        log.info("recorder_started", kind=self.kind.name, position=position)
        async for batch in self._reflector:
            self._in_hand_since = time.monotonic()
            if isinstance(batch, Watched):
                await self._record_watched(batch)
            else:
                await self._record_listed(batch)
            self._commit_seconds.observe(time.monotonic() - self._in_hand_since)
            self._in_hand_since = None

    # ── the first state ──────────────────────────────────────────────────────────────────────────────
    async def _hand_out_the_mirror(self) -> bool:
        """The state at the stored position. False where rows are damaged: then only a list is the truth."""
        after = ""
        while True:
            page = await self._through_outages(lambda after=after: self._live_page(after))  # type: ignore[misc]
            if not page:
                break
            known = {uid: self.kind.known(row, uid) for uid, row in page.items()}
            self._damaged.update(uid for uid, one in known.items() if one.object is None)
            self._tell([Change("ADDED", one.object, b"") for one in known.values() if one.object is not None])
            after = max(page)
        if self._damaged:
            log.warning("mirror_damaged", kind=self.kind.name, rows=len(self._damaged))
            return False
        self._in_sync()
        return True

    async def _live_page(self, after: str) -> dict[str, MirrorRow]:
        return await self._store.live_page(
            self.kind.name, self._means.namespace or None, after=after, limit=MIRROR_PAGE
        )

    # ── a watch ──────────────────────────────────────────────────────────────────────────────────────
    async def _record_watched(self, batch: Watched[K]) -> None:
        """All or nothing; what PostgreSQL refuses for a reason it does not name is found by halving."""
        CHANGES.labels(self.kind.name, "watch").inc(len(batch.changes))
        try:
            await self._through_outages(lambda: self._commit_watched(batch))
        except (Fenced, SchemaError):
            raise
        except StoreError as error:
            await self._divide(batch, error)
        self._tell(batch.changes)

    async def _commit_watched(self, batch: Watched[K]) -> None:
        async with self._journal.write() as tx:
            uids = {change.object.metadata.uid for change in batch.changes}
            uids.update(one.metadata.uid for one in batch.skipped)
            known = self._known(await tx.previous(self.kind.name, sorted(uids)))
            task_uids = await self._task_uids(tx, (change.object for change in batch.changes))
            now = self._means.now()
            recording = record_changes(self.kind, batch.changes, known, now=now, task_uids=task_uids)
            await self._write(tx, recording, {c.object.metadata.uid: c for c in batch.changes})
            if batch.skipped:
                await self._write(tx, record_skipped(self.kind, batch.skipped, known, now=now), {})
            if batch.resource_version:
                await tx.set_position(self._source, batch.resource_version)

    async def _divide(self, batch: Watched[K], error: StoreError) -> None:
        changes = batch.changes
        if len(changes) > 1:
            middle = len(changes) // 2
            # The position belongs to the last part: a crash in between does the others again.
            await self._record_part(Watched(changes[:middle], ""))
            await self._record_part(Watched(changes[middle:], batch.resource_version, batch.skipped))
            return
        async with self._journal.write() as tx:
            for change in changes:
                letter = dead_letter(self.kind, change.object.metadata, change.raw, UNRECORDED, str(error))
                await self._write(tx, Recording(letters=[letter]), {})
            if batch.resource_version:
                await tx.set_position(self._source, batch.resource_version)

    async def _record_part(self, part: Watched[K]) -> None:
        try:
            await self._through_outages(lambda: self._commit_watched(part))
        except (Fenced, SchemaError):
            raise
        except StoreError as error:
            await self._divide(part, error)

    # ── a list ───────────────────────────────────────────────────────────────────────────────────────
    async def _record_listed(self, page: Listed[K]) -> None:
        CHANGES.labels(self.kind.name, "list").inc(len(page.objects))
        if page.first:
            self._listed = set()
        self._listed.update(one.object.metadata.uid for one in page.objects)
        self._listed.update(one.metadata.uid for one in page.skipped)
        changed = await self._through_outages(lambda: self._commit_listed(page))
        if self._synced:
            self._tell(changed)
        else:
            self._tell([Change("ADDED", one.object, one.raw) for one in page.objects])
        if page.complete:
            await self._sweep(page.resource_version)
            self._listed = set()
            self._damaged = set()
            self._in_sync()

    async def _commit_listed(self, page: Listed[K]) -> Sequence[Change[K]]:
        versions = await self._store.versions(
            self.kind.name, [one.object.metadata.uid for one in page.objects]
        )
        differ = [
            one
            for one in page.objects
            if versions.get(uid := one.object.metadata.uid)
            != parse_resource_version(one.object.metadata.resource_version)
            or uid in self._damaged
        ]
        if not differ and not page.skipped:
            return ()
        async with self._journal.write() as tx:
            uids = [one.object.metadata.uid for one in differ]
            known = self._known(await tx.previous(self.kind.name, uids))
            task_uids = await self._task_uids(tx, (one.object for one in differ))
            now = self._means.now()
            recording = record_page(self.kind, differ, known, now=now, task_uids=task_uids)
            await self._write(tx, recording, {one.object.metadata.uid: one for one in differ})
            if page.skipped:
                await self._write(tx, record_skipped(self.kind, page.skipped, {}, now=now), {})
        return recording.seen

    async def _sweep(self, position: str) -> None:
        """Delete from the mirror what the complete list lacks; then, and only then, move the position.

        A crash in between leaves the old position, so the list is made again and the rest is found.
        """
        after = ""
        while True:
            page = await self._through_outages(lambda after=after: self._live_uids(after))  # type: ignore[misc]
            if not page:
                break
            after = page[-1]
            gone = [uid for uid in page if uid not in self._listed]
            if gone:
                log.info("recorder_found_deletions", kind=self.kind.name, count=len(gone))
                self._tell(await self._through_outages(lambda gone=gone: self._commit_gone(gone, position)))  # type: ignore[misc]
        await self._through_outages(lambda: self._commit_position(position))

    async def _live_uids(self, after: str) -> list[str]:
        return await self._store.live_uids_page(
            self.kind.name, self._means.namespace or None, after=after, limit=MIRROR_PAGE
        )

    async def _commit_gone(self, uids: Sequence[str], position: str) -> Sequence[Change[K]]:
        async with self._journal.write() as tx:
            known = self._known(await tx.previous(self.kind.name, uids))
            recording = record_vanished(self.kind, known.values(), now=self._means.now(), position=position)
            await self._write(tx, recording, {})
        return recording.seen

    async def _commit_position(self, position: str) -> None:
        async with self._journal.write() as tx:
            await tx.set_position(self._source, position)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────
    async def _write(self, tx: WriteTransaction, recording: Recording[K], seen: dict[str, Any]) -> None:
        """`seen` has the raw JSON by uid, for what PostgreSQL refuses."""
        if not recording:
            return
        refused_before = len(tx.refused)
        await tx.forget(self.kind.name, recording.forget)
        await tx.upsert_tasks(recording.tasks)
        await tx.upsert_objects(recording.objects)
        for refused in tx.refused[refused_before:]:
            recording.drop(refused.id)
            one = seen.get(refused.id)
            if one is not None:
                letter = dead_letter(self.kind, one.object.metadata, one.raw, UNRECORDED, refused.error)
                recording.letters.append(letter)
        await tx.archive(self.kind.name, recording.archive, self._means.now())
        await tx.enqueue([message for _, message in recording.messages])
        if recording.letters:
            await tx.bury(recording.letters)
            DEAD_LETTERS.labels(self.kind.name).inc(len(recording.letters))
            for letter in recording.letters:
                log.error("object_not_recorded", kind=self.kind.name, key=letter.key, error=letter.error)
        for _, message in recording.messages:
            EVENTS.labels(message.topic).inc()

    def _known(self, rows: dict[str, MirrorRow]) -> dict[str, Known[K]]:
        return {uid: self.kind.known(row, uid) for uid, row in rows.items()}

    async def _task_uids(self, tx: WriteTransaction, objects: Iterable[K]) -> dict[tuple[str, str], str]:
        names = [task_name(o) for o in objects if isinstance(o, Reminder) and owning_task(o) is None]
        return await tx.uids_of_tasks(names) if names else {}

    async def _through_outages(self, attempt: Callable[[], Awaitable[R]]) -> R:
        """Do it until PostgreSQL takes it. Meanwhile nothing is read: the API server keeps it for us."""
        delay, tries = FIRST_DELAY, 0
        while True:
            try:
                result = await attempt()
            except StoreUnavailable as error:
                if tries % LOG_EVERY == 0:
                    log.warning("recorder_waits", kind=self.kind.name, error=str(error), tries=tries)
                self._trouble = f"{self.kind.resource.plural} are not recorded: {error}"
            else:
                self._trouble = None
                return result
            tries += 1
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load
            delay = min(delay * 2, LONGEST_DELAY)

    # ── telling ──────────────────────────────────────────────────────────────────────────────────────
    def _tell(self, changes: Sequence[Change[K]]) -> None:
        if changes and self._means.on_changes is not None:
            self._means.on_changes(self.kind.name, changes)

    def _in_sync(self) -> None:
        if not self._synced:
            self._synced = True
            log.info("recorder_synced", kind=self.kind.name)
            if self._means.on_synced is not None:
                self._means.on_synced(self.kind.name)

    def _lag(self) -> float:
        return 0.0 if self._in_hand_since is None else time.monotonic() - self._in_hand_since
