"""The recorder of one kind: its first state, its watch, its lists, and what it writes. See `recorder`.

The position and the mirror belong together: the mirror is the state at that position. Beside the position
stands its scope, the cluster and the namespace it was read from. Where that was another one, the start is a
list, in which everything that is not of this cluster is found to be gone.

Nobody waits for the check of the mirror's rows at a start: it goes on beside the watch, in a tenth of the
loop's time, and where a row cannot be read any more there is a list, which heals it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import structlog
from prometheus_client import Counter, Gauge, Histogram

from todo_operator.record.diff import (
    UNRECORDED,
    KnownTasks,
    Recording,
    dead_letter,
    owning_task,
    record_changes,
    record_page,
    record_skipped,
    record_vanished,
    task_name,
)
from todo_operator.record.journal import Journal
from todo_operator.record.kinds import K, Known, RecordedKind
from todo_operator.record.traced import traced
from todotasks.api import Reminder
from todotasks.kube import Change, KubeClient, Listed, ListedObject, Reflector, Skipped, Watched
from todotasks.retry import Backoff, keep_trying
from todotasks.store import (
    BatchRefused,
    DeadLetter,
    Fenced,
    MirrorBatch,
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
R = TypeVar("R")

MIRROR_PAGE: Final = 1000  # rows read at once from the mirror
CHECK_REST: Final = 9  # times as long as reading a page took the check rests: there is no hurry
DURING_OUTAGES: Final = Backoff(0.1, 1.0)  # seconds between tries while PostgreSQL is away
LOG_EVERY: Final = 30  # tries between two log lines about the same outage

CHANGES = Counter("todotasks_recorder_changes", "Changes and listed objects taken in.", ["kind", "source"])
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


class Shared(NamedTuple):
    """What the recorders of all kinds share."""

    client: KubeClient
    store: Store
    journal: Journal
    namespace: str
    on_changes: OnChanges | None
    mode: Literal["stream", "chunk"]
    now: Callable[[], datetime]


class KindRecorder(Generic[K]):
    """The recorder of one kind."""

    def __init__(self, kind: RecordedKind[K], shared: Shared) -> None:
        self.kind = kind
        self._store = shared.store
        self._journal = shared.journal
        self._shared = shared
        self._source = kind.resource.label
        self._scope_source = f"{self._source}/scope"
        self._scope = ""
        self._reflector: Reflector[K] | None = None
        self._synced = False
        self._trouble: str | None = None
        self._in_hand_since: float | None = None
        self._listed: set[str] = set()  # uids of the list that is being read
        self._damaged: set[str] = set()  # uids whose mirror row was unreadable at the start
        self._buried: list[DeadLetter] = []  # in the transaction that is being tried
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
        LAG.labels(self.kind.name).set_function(self._lag)
        self._scope = f"{cluster}/{self._shared.namespace}"
        position = await self._through_outages(self._stored_position)
        try:
            async with asyncio.TaskGroup() as group:
                following = group.create_task(self._follow(position), name=f"recorder of {self.kind.name}")
                if position is not None and await self._is_damaged():
                    following.cancel()
                    await asyncio.wait([following])
                    group.create_task(self._follow(None), name=f"recorder of {self.kind.name}, anew")
        except* Fenced as fenced:
            raise fenced.exceptions[0] from None

    async def _follow(self, position: str | None) -> None:
        """Records what happens behind `position`; without one, first what there is."""
        self._reflector = Reflector(
            self._shared.client,
            self.kind.resource,
            self.kind.type,
            namespace=self._shared.namespace,
            resume_from=position,
            mode=self._shared.mode,
        )
        log.info("recorder_started", kind=self.kind.name, position=position)
        if position is not None:
            self._in_sync()  # the mirror is the state at it
        async for batch in self._reflector:
            self._in_hand_since = time.monotonic()
            if isinstance(batch, Watched):
                await self._record_watched(batch)
            else:
                await self._record_listed(batch)
            self._commit_seconds.observe(time.monotonic() - self._in_hand_since)
            self._in_hand_since = None

    async def _stored_position(self) -> str | None:
        scope = await self._store.position(self._scope_source)
        return await self._store.position(self._source) if scope == self._scope else None

    # ── the mirror ───────────────────────────────────────────────────────────────────────────────────
    async def _is_damaged(self) -> bool:
        """Whether there are rows that cannot be read any more; their uids are noted."""
        after = ""
        while True:
            began = time.perf_counter()
            ask = partial(self._live_page, after)
            page = await keep_trying(ask, on=StoreUnavailable, backoff=DURING_OUTAGES)
            if not page:
                break
            self._damaged.update(uid for uid, row in page.items() if self.kind.known(row, uid).object is None)
            after = max(page)
            await asyncio.sleep(CHECK_REST * (time.perf_counter() - began))
        if self._damaged:
            log.warning("mirror_damaged", kind=self.kind.name, rows=len(self._damaged))
        return bool(self._damaged)

    async def _live_page(self, after: str) -> dict[str, MirrorRow]:
        return await self._store.live_page(
            self.kind.name, self._shared.namespace or None, after=after, limit=MIRROR_PAGE
        )

    # ── a watch ──────────────────────────────────────────────────────────────────────────────────────
    async def _record_watched(self, batch: Watched[K]) -> None:
        CHANGES.labels(self.kind.name, "watch").inc(len(batch.changes))
        await self._record_part(batch)
        self._tell(batch.changes)

    async def _record_part(self, part: Watched[K]) -> None:
        """All or nothing; what PostgreSQL refuses for a reason that the store does not know, by halving."""
        try:
            await self._commit(lambda careful: self._commit_watched(part, careful))
        except (Fenced, SchemaError):
            raise
        except StoreError as error:
            changes, position = part.changes, part.resource_version
            if len(changes) > 1:
                middle = len(changes) // 2
                # The position belongs to the last part: a crash in between does the first one again.
                await self._record_part(Watched(changes[:middle], ""))
                await self._record_part(Watched(changes[middle:], position, part.skipped))
            else:
                why = str(error)
                await self._through_outages(lambda: self._commit_letters(changes, position, why))

    async def _commit_letters(
        self, changes: Sequence[Change[K] | ListedObject[K]], position: str, why: str
    ) -> None:
        async with self._journal.write() as tx:
            letters = [dead_letter(self.kind, c.object.metadata, c.raw, UNRECORDED, why) for c in changes]
            await self._write(tx, Recording(letters=letters), careful=True, position=position)

    async def _commit_watched(self, batch: Watched[K], careful: bool) -> None:
        uids = {change.object.metadata.uid for change in batch.changes}
        uids.update(one.metadata.uid for one in batch.skipped)
        async with self._journal.write(look=(self.kind.name, sorted(uids))) as tx:
            known = self._known(tx.looked)
            tasks = await self._tasks(tx, [change.object for change in batch.changes])
            now = self._shared.now()
            recording = record_changes(self.kind, batch.changes, known, now=now, tasks=tasks)
            if batch.skipped:
                recording.add(record_skipped(self.kind, batch.skipped, known, now=now))
            raws = {change.object.metadata.uid: change for change in batch.changes}
            await self._write(tx, recording, careful=careful, seen=raws, position=batch.resource_version)

    # ── a list ───────────────────────────────────────────────────────────────────────────────────────
    async def _record_listed(self, page: Listed[K]) -> None:
        CHANGES.labels(self.kind.name, "list").inc(len(page.objects))
        if page.first:
            self._listed = set()
        self._listed.update(one.object.metadata.uid for one in page.objects)
        self._listed.update(one.metadata.uid for one in page.skipped)  # "" where not even that can be read
        changed = await self._record_page_part(page.objects, page.skipped)
        if self._synced:
            self._tell(changed)
        else:
            self._tell([Change("ADDED", one.object, one.raw) for one in page.objects])
        if page.complete:
            await self._sweep(page.resource_version)
            self._listed = set()
            self._damaged = set()
            self._in_sync()

    async def _record_page_part(
        self, objects: Sequence[ListedObject[K]], skipped: Sequence[Skipped]
    ) -> list[Change[K]]:
        """As a part of a watch: what PostgreSQL refuses for a reason of its own is found out by halving."""
        try:
            return [*await self._commit(lambda careful: self._commit_listed(objects, skipped, careful))]
        except (Fenced, SchemaError):
            raise
        except StoreError as error:
            if len(objects) > 1:
                middle = len(objects) // 2
                first = await self._record_page_part(objects[:middle], ())
                return first + await self._record_page_part(objects[middle:], skipped)
            why = str(error)
            await self._through_outages(lambda: self._commit_letters(objects, "", why))
            return []

    async def _commit_listed(
        self, objects: Sequence[ListedObject[K]], skipped: Sequence[Skipped], careful: bool
    ) -> Sequence[Change[K]]:
        versions = await self._store.versions(self.kind.name, [one.object.metadata.uid for one in objects])
        differ = [
            one
            for one in objects
            if versions.get(uid := one.object.metadata.uid)
            != parse_resource_version(one.object.metadata.resource_version)
            or uid in self._damaged
        ]
        if not differ and not skipped:
            return ()
        uids = [one.object.metadata.uid for one in differ]
        async with self._journal.write(look=(self.kind.name, uids)) as tx:
            known = self._known(tx.looked)
            tasks = await self._tasks(tx, [one.object for one in differ])
            now = self._shared.now()
            recording = record_page(self.kind, differ, known, now=now, tasks=tasks)
            if skipped:
                recording.add(record_skipped(self.kind, skipped, {}, now=now))
            raws = {one.object.metadata.uid: one for one in differ}
            await self._write(tx, recording, careful=careful, seen=raws)
        return recording.seen

    async def _sweep(self, position: str) -> None:
        """Delete from the mirror what the complete list lacks; then, and only then, move the position.

        A crash in between leaves the old position, so the list is made again and the rest is found.
        """
        after = ""
        if "" in self._listed:
            # Something in the list does not say who it is. It may be anybody, so nobody is deleted.
            log.error("list_not_swept", kind=self.kind.name, why="an object in it has no readable uid")
            await self._through_outages(lambda: self._commit_position(position))
            return
        while True:
            page = await self._through_outages(partial(self._live_uids, after))
            if not page:
                break
            after = page[-1]
            gone = [uid for uid in page if uid not in self._listed]
            if gone:
                log.info("recorder_found_deletions", kind=self.kind.name, count=len(gone))
                self._tell(await self._commit(partial(self._commit_gone, gone, position)))
        await self._through_outages(lambda: self._commit_position(position))

    async def _live_uids(self, after: str) -> list[str]:
        return await self._store.live_uids_page(
            self.kind.name, self._shared.namespace or None, after=after, limit=MIRROR_PAGE
        )

    async def _commit_gone(self, uids: Sequence[str], position: str, careful: bool) -> Sequence[Change[K]]:
        async with self._journal.write(look=(self.kind.name, uids)) as tx:
            known = self._known(tx.looked)
            recording = record_vanished(self.kind, known.values(), now=self._shared.now(), position=position)
            await self._write(tx, recording, careful=careful)
        return recording.seen

    async def _commit_position(self, position: str) -> None:
        async with self._journal.write() as tx:
            await tx.set_position(self._source, position)
            await tx.set_position(self._scope_source, self._scope)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────
    async def _commit(self, commit: Callable[[bool], Awaitable[R]]) -> R:
        """At once; where PostgreSQL refuses a row, once more with care, which finds it out."""
        try:
            return await self._through_outages(lambda: commit(False))
        except BatchRefused as error:
            log.warning("batch_refused", kind=self.kind.name, error=str(error))
            return await self._through_outages(lambda: commit(True))

    async def _write(
        self,
        tx: WriteTransaction,
        recording: Recording[K],
        *,
        careful: bool,
        seen: Mapping[str, Change[K] | ListedObject[K]] | None = None,
        position: str = "",
    ) -> None:
        """`seen` has the raw JSON by uid, for what PostgreSQL refuses."""
        kind, now = self.kind.name, self._shared.now()
        reached = (self._source, position) if position else None
        if not careful and not recording.letters:
            await tx.write_at_once(
                MirrorBatch(
                    kind,
                    now,
                    tasks=recording.tasks,
                    objects=recording.objects,
                    forget=recording.forget,
                    archive=recording.archive,
                    messages=traced((message for _, message in recording.messages), self._began()),
                    position=reached,
                )
            )
            return
        await tx.forget(kind, recording.forget)
        await tx.upsert_tasks(recording.tasks)
        await tx.upsert_objects(recording.objects)
        for refused in tx.refused:
            recording.drop(refused.id)
            if seen is not None and (one := seen.get(refused.id)) is not None:
                letter = dead_letter(self.kind, one.object.metadata, one.raw, UNRECORDED, refused.error)
                recording.letters.append(letter)
        await tx.archive(kind, recording.archive, now)
        await tx.enqueue(traced((message for _, message in recording.messages), self._began()))
        await tx.bury(recording.letters)
        self._buried += recording.letters
        if reached is not None:
            await tx.set_position(*reached)

    def _known(self, rows: dict[str, MirrorRow]) -> dict[str, Known[K]]:
        return {uid: self.kind.known(row, uid) for uid, row in rows.items()}

    async def _tasks(self, tx: WriteTransaction, objects: Sequence[K]) -> KnownTasks:
        reminders = [o for o in objects if isinstance(o, Reminder)]
        namespaces = await tx.namespaces_of_tasks(filter(None, map(owning_task, reminders)))
        alone = [o for o in reminders if namespaces.get(owning_task(o) or "") != o.metadata.namespace]
        return KnownTasks(await tx.uids_of_tasks([task_name(o) for o in alone]), namespaces)

    async def _through_outages(self, attempt: Callable[[], Awaitable[R]]) -> R:
        """Do it until PostgreSQL takes it. Meanwhile nothing is read: the API server keeps it for us."""

        async def anew() -> R:
            self._buried = []
            return await attempt()

        result = await keep_trying(anew, on=StoreUnavailable, backoff=DURING_OUTAGES, told=self._waits)
        self._trouble = None
        self._report(self._buried)
        return result

    def _waits(self, error: StoreUnavailable, tries: int) -> None:
        if tries % LOG_EVERY == 0:
            log.warning("recorder_waits", kind=self.kind.name, error=str(error), tries=tries)
        self._trouble = f"{self.kind.resource.plural} are not recorded: {error}"

    def _report(self, letters: Iterable[DeadLetter]) -> None:
        for letter in letters:
            DEAD_LETTERS.labels(self.kind.name).inc()
            log.error("object_not_recorded", kind=self.kind.name, key=letter.key, error=letter.error)

    # ── telling ──────────────────────────────────────────────────────────────────────────────────────
    def _tell(self, changes: Sequence[Change[K]]) -> None:
        if changes and self._shared.on_changes is not None:
            self._shared.on_changes(self.kind.name, changes)

    def _in_sync(self) -> None:
        if not self._synced:
            self._synced = True
            log.info("recorder_synced", kind=self.kind.name)

    def _began(self) -> float:
        """When what is in hand came, in seconds since 1970."""
        return time.time() - self._lag()

    def _lag(self) -> float:
        return 0.0 if self._in_hand_since is None else time.monotonic() - self._in_hand_since
