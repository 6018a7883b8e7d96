"""News on its way in: whatever is heard of an object goes into the cache, whom it concerns into the queue.

Several streams tell the same story, each with its own gaps:

- kopf's watch, narrowed to open tasks: a completion looks like a deletion there. It begins where our list
  ended (`position`), and where it has lost its place there is a new list;
- the recorder's watch of everything: it pauses while PostgreSQL is away, and after a restart it goes on where
  it was, so it does not say what had been there before;
- the first list, and one every half an hour: everything that is there, and so also what is not;
- the answers to our own writes.

The cache takes the newest of each, so repeating, merging and overtaking are harmless. A deletion that only
kopf saw is looked at with a GET, if nobody else tells within a moment what it was.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence, Set
from contextlib import aclosing
from typing import Any, Protocol

import msgspec
import structlog

from todo_operator.index.protocol import Kind, PutsOff, WorkKey
from todo_operator.index.reminder_kind import ReminderKind
from todo_operator.index.rule_kind import RuleKind
from todo_operator.loop.queue import Lane, ReconcileQueue
from todo_operator.reconcile.facts import ObjectFacts
from todotasks.api import ObjectKey
from todotasks.api.all_day import ALL_DAY_TIME, read_time_of_day
from todotasks.api.meta import ANNOTATION_ALL_DAY_TIME, ANNOTATION_TIME_ZONE, Metadata
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.resources import NAMESPACES
from todotasks.kube.watch.reflector import Listed, PartialObject, Reflector

LOOK_AFTER = 0.5  # seconds for the recorder to tell what kopf's DELETED was
LOOK_RETRY = 2.0  # seconds
LOOKS_AT_ONCE = 16
RESYNC_EVERY = 1800.0  # seconds: news that nobody told is found this late
MANY_CONCERNED = 50  # beyond, those that one change concerns wait behind edits
SETTLE_EVERY = 0.1  # seconds between looks for what was put off
SETTLE_REST = 9  # times as long as it took it rests: a tenth of the loop's time at most
ZONE_EVERY = 5.0  # seconds between looks at the namespace, where there is one only
ZONE_PATIENCE = 0.3  # seconds for the watch of namespaces to tell of a new one

log = structlog.get_logger(__name__)


class ObjectChange(Protocol):
    """One change as the recorder hands it on."""

    @property
    def type(self) -> str: ...
    @property
    def object(self) -> Any: ...


class Informer:
    """Everything here but `look` and the loops is synchronous and cheap."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        queue: ReconcileQueue[WorkKey],
        kube: KubeClient,
        *,
        namespace: str = "",
        resync_every: float = RESYNC_EVERY,
    ) -> None:
        self._kinds = kinds
        self._queue = queue
        self._kube = kube
        self._namespace = namespace
        self._resync_every = resync_every
        self._looks = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._looking: dict[WorkKey, asyncio.Task[None]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._zones_known: set[str] = set()
        self._listing = {kind: asyncio.Lock() for kind in kinds}
        self._positions: dict[str, str] = {}  # of the last list of a kind, until a watch was asked for there
        self.listed = asyncio.Event()  # the first list is complete: everything there is is known

    # --- news -------------------------------------------------------------------------------------------

    def on_changes(self, kind: str, changes: Sequence[ObjectChange]) -> None:
        """From the recorder. A kind without a decision of its own is none of our business."""
        known = self._kinds.get(kind)
        if known is None:
            return
        for change in changes:
            facts = known.facts(change.object)
            if change.type == "DELETED":
                self._enqueue(kind, known.remove(facts.key, facts.uid))
            else:
                self._put(kind, known, facts)

    def on_event(self, kind: str, type_: str | None, body: Mapping[str, Any]) -> None:
        """From kopf. `type_` is None where kopf takes what is new for what was there when it began."""
        known = self._kinds[kind]
        facts = known.read(body)
        if type_ != "DELETED":
            self._put(kind, known, facts)
        elif self._is_news(known, facts):
            # Deleted, or only completed and so out of kopf's sight. The recorder knows, and is faster.
            self.look_soon(WorkKey(kind, facts.key), unless_newer_than=facts.resource_version)

    def on_answer(self, kind: str, body: Mapping[str, Any]) -> Set[WorkKey]:
        """The API server's answer to a write of ours. Returns whom it concerns; they are not enqueued."""
        known = self._kinds[kind]
        return self._concerned(kind, known.put(known.read(body)))

    def on_deleted(self, kind: str, key: ObjectKey, uid: str) -> Set[WorkKey]:
        """We have deleted it. Returns whom it concerns; they are not enqueued."""
        return self._concerned(kind, self._kinds[kind].remove(key, uid))

    def _put(self, kind: str, known: Kind, facts: ObjectFacts, lane: Lane = Lane.FRESH) -> None:
        affected = known.put(facts)
        if affected:
            self._enqueue(kind, affected, lane)
            self._want_zone(facts.key.namespace)

    def _enqueue(self, kind: str, keys: Set[ObjectKey], lane: Lane = Lane.FRESH) -> None:
        concerned = self._concerned(kind, keys)
        if len(concerned) > MANY_CONCERNED:
            # One change that concerns thousands (all wait for one task) must not keep others' edits waiting.
            lane = Lane.BACKLOG
        for work in concerned:
            self._queue.add(work, lane)

    def _concerned(self, kind: str, keys: Set[ObjectKey]) -> Set[WorkKey]:
        """`keys` themselves, and the objects of other kinds that follow them."""
        concerned = {WorkKey(kind, key) for key in keys}
        if keys:
            for name, other in self._kinds.items():
                if name != kind:
                    concerned |= {WorkKey(name, key) for key in other.follow(kind, keys)}
        return concerned

    @staticmethod
    def _is_news(known: Kind, facts: ObjectFacts) -> bool:
        version = known.version(facts.key)
        return version is not None and version[0] == facts.uid and version[1] < facts.resource_version

    # --- looking ----------------------------------------------------------------------------------------

    def look_soon(self, key: WorkKey, *, unless_newer_than: int) -> None:
        """GETs the object after a moment, unless it is known by then what became of it."""
        if key not in self._looking:
            task = asyncio.create_task(self._look_later(key, unless_newer_than), name=f"look at {key}")
            self._looking[key] = task
            task.add_done_callback(lambda _: self._looking.pop(key, None))

    async def _look_later(self, key: WorkKey, version: int) -> None:
        await asyncio.sleep(LOOK_AFTER)
        while True:
            known = self._kinds[key.kind].version(key.object)
            if known is None or known[1] >= version:
                return
            try:
                await self.look(key)
            except KubeError as error:
                log.warning("look_failed", object=str(key), error=str(error))
                await asyncio.sleep(LOOK_RETRY)
            else:
                return

    async def look(self, key: WorkKey) -> None:
        """Asks the API server what is there now."""
        known = self._kinds[key.kind]
        before = known.version(key.object)
        async with self._looks:
            try:
                body = await self._kube.get(known.resource, key.object.name, key.object.namespace)
            except NotFound:
                if before is not None:  # by its uid: a new one of this name may have come meanwhile
                    self._enqueue(key.kind, known.remove(key.object, before[0]))
                return
        self._put(key.kind, known, known.read(body))

    # --- lists ------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Lists everything, now and then again, until cancelled. Waits for the CRDs to be there."""
        await self._of_all_kinds(self.position)
        self.listed.set()
        while True:
            await asyncio.sleep(self._resync_every)
            await self._of_all_kinds(self._list_again)

    async def position(self, kind: str) -> str:
        """The resourceVersion up to which all of a kind is known: a watch from there misses nothing."""
        async with self._listing[kind]:
            if kind not in self._positions:
                self._positions[kind] = await self._list(kind)
            return self._positions[kind]

    def leave_position(self, kind: str) -> None:
        """The next one who asks for it gets a newer one, by a list: this one may have expired."""
        self._positions.pop(kind, None)

    async def _of_all_kinds(self, do: Callable[[str], Coroutine[Any, Any, object]]) -> None:
        async with asyncio.TaskGroup() as group:
            for kind in self._kinds:
                group.create_task(do(kind), name=f"list of {kind}")

    async def _list_again(self, kind: str) -> None:
        async with self._listing[kind]:
            await self._list(kind)

    async def _list(self, kind: str) -> str:
        """Puts everything there is into the cache; returns the position that it is the state of."""
        known = self._kinds[kind]
        reflector = Reflector(
            self._kube,
            known.resource,
            known.type,
            namespace=self._namespace,
            mode="chunk",
            name=f"{known.resource.label}/resync",
        )
        uids: set[str] = set()
        async with aclosing(reflector.__aiter__()) as batches:  # type: ignore[type-var]
            async for batch in batches:
                assert isinstance(batch, Listed), "a list comes first"
                if batch.first:
                    uids.clear()
                found = [known.facts(item.object) for item in batch.objects]
                # Written around the CRD's rules: it cannot be typed, but it can be told so.
                found += [known.read(msgspec.json.decode(item.raw)) for item in batch.skipped]
                for facts in found:
                    uids.add(facts.uid)
                    self._put(kind, known, facts, Lane.BACKLOG)
                if batch.complete:
                    self._enqueue(kind, known.sweep(uids, int(batch.resource_version)), Lane.BACKLOG)
                    break
        log.info("listed", kind=kind, objects=len(uids))
        return batch.resource_version

    # --- what takes longer ------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Works out what kinds have put off, a step at a time, in a small part of the loop's time."""
        while True:
            await asyncio.sleep(SETTLE_EVERY)
            for name, kind in self._kinds.items():
                if isinstance(kind, PutsOff) and not kind.is_settled:
                    spent = await self._settle(name, kind)
                    await asyncio.sleep(spent * SETTLE_REST)

    async def _settle(self, name: str, kind: PutsOff) -> float:
        """Returns the seconds it has taken from others."""
        spent, started = 0.0, time.perf_counter()
        for affected in kind.settle():
            self._enqueue(name, affected, Lane.BACKLOG)
            spent += time.perf_counter() - started
            await asyncio.sleep(0)
            started = time.perf_counter()
        return spent

    # --- zones ------------------------------------------------------------------------------------------

    async def watch_zones(self) -> None:
        """Follows the annotation `todotasks.dev/time-zone` of the namespaces, until cancelled."""
        if self._namespace:
            return await self._watch_one_zone(self._namespace)
        async for batch in Reflector(self._kube, NAMESPACES, PartialObject):
            if isinstance(batch, Listed):
                for item in batch.objects:
                    self._set_zone(item.object.metadata)
            else:
                for change in batch.changes:
                    self._set_zone(change.object.metadata)

    async def _watch_one_zone(self, namespace: str) -> None:
        """Looks every few seconds: rights in a namespace let one get it, and neither list nor watch it."""
        seen = ""
        while True:
            try:
                found = await self._kube.get(NAMESPACES, namespace, type=PartialObject)
            except KubeError as error:
                if namespace not in self._zones_known:  # else what was read before holds on
                    log.warning("namespace_unreadable", namespace=namespace, error=str(error))
                    if isinstance(error, (NotFound, Forbidden)):
                        self._set_zone(Metadata(name=namespace))
            else:
                if found.metadata.resource_version != seen:
                    seen = found.metadata.resource_version
                    self._set_zone(found.metadata)
            await asyncio.sleep(ZONE_EVERY)

    def _set_zone(self, namespace: Metadata) -> None:
        self._zones_known.add(namespace.name)
        zone = namespace.annotation(ANNOTATION_TIME_ZONE) or None
        text = namespace.annotation(ANNOTATION_ALL_DAY_TIME)
        if text and read_time_of_day(text) is None:
            uses = str(ALL_DAY_TIME)
            log.warning("all_day_time_unreadable", namespace=namespace.name, given=text, uses=uses)
        for kind, known in self._kinds.items():  # first: knowing the zone is what sets a decision free
            if isinstance(known, (ReminderKind, RuleKind)):
                self._enqueue(kind, known.set_all_day_time(namespace.name, text))
        for kind, known in self._kinds.items():
            self._enqueue(kind, known.set_zone(namespace.name, zone))

    def _want_zone(self, namespace: str) -> None:
        if namespace not in self._zones_known and namespace not in self._asking:
            task = asyncio.create_task(self._ask_zone(namespace), name=f"zone of {namespace}")
            self._asking[namespace] = task
            task.add_done_callback(lambda _: self._asking.pop(namespace, None))

    async def _ask_zone(self, namespace: str) -> None:
        """A task of a namespace that the watch has not told of: it will in a moment, else we ask."""
        while True:
            await asyncio.sleep(ZONE_PATIENCE)
            if namespace in self._zones_known:
                return
            try:
                found = await self._kube.get(NAMESPACES, namespace, type=PartialObject)
            except (NotFound, Forbidden) as error:
                # Going without is better than its tasks waiting for ever; the watch may still tell.
                log.warning("namespace_unreadable", namespace=namespace, error=str(error))
                self._set_zone(Metadata(name=namespace))
                return
            except KubeError as error:
                log.warning("namespace_unreadable", namespace=namespace, error=str(error))
                await asyncio.sleep(LOOK_RETRY)
            else:
                self._set_zone(found.metadata)
                return

    async def close(self) -> None:
        tasks = [*self._looking.values(), *self._asking.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
