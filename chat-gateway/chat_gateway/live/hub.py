"""The hub: one watch a kind, all who look on, and the way of a change from the one to the others.

    Reflector ─▶ View ─▶ for each group (a filter) that the change's namespace concerns: what is it to them?
                          └─▶ for each way of writing it: one frame ─▶ for each client: its bytes to its
                          socket

All of that is one stretch without an await, so everybody sees the changes in one order, and a moment's
positions (the vector) are true for all who are up to date. A kind is watched from when somebody first asks
for it.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable
from contextvars import Context
from datetime import UTC, datetime

import structlog

from chat_gateway.access.identity import Caller
from chat_gateway.base.problems import Refused
from chat_gateway.base.settings import GatewaySettings
from chat_gateway.live import metrics
from chat_gateway.live.client import Client, Closing, Place
from chat_gateway.live.cursor import BadCursor, Cursors, Vector
from chat_gateway.live.filters import Filter, Form
from chat_gateway.live.messages import Frame, Wire, change_data, fired_data, frame, ping_data
from chat_gateway.live.objects import KINDS, TASK, Known, LiveObject
from chat_gateway.live.rights import Onlookers
from chat_gateway.live.view import Happened, Step, View
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.kube.identity import cluster_uid
from todotasks.kube.watch.observed import ChangeType, Listed, Watched
from todotasks.kube.watch.reflector import Reflector

PING_EVERY = 10  # seconds; each second a tenth of the clients gets its ping
FIRST_LIST_WITHIN = 10.0  # seconds that a new client waits for the first list of a kind
DRAIN_RATE = 200.0  # clients a second that come back after we end
LONGEST_DRAIN = 15.0  # seconds over which they are spread at most
FEED_AGAIN = 1.0  # seconds
BETWEEN_COMPARISONS = 1.0  # seconds; see `_is_ahead`

log = structlog.get_logger(__name__)

_NO_ONE: dict["Group", None] = {}
Missed = list[tuple[ChangeType, Happened, bytes | None]]


class Group:
    """Clients of one filter, by how a change is written for them."""

    def __init__(self, filter: Filter) -> None:
        self.filter = filter
        self.clients: dict[tuple[Wire, Form], dict[Client, None]] = {}

    def add(self, client: Client) -> None:
        self.clients.setdefault((client.wire, client.form), {})[client] = None

    def remove(self, client: Client) -> bool:
        """True: nobody is left."""
        way = (client.wire, client.form)
        self.clients.get(way, {}).pop(client, None)
        if not self.clients.get(way, True):
            del self.clients[way]
        return not self.clients


class Hub:
    """One a process."""

    def __init__(self, settings: GatewaySettings, kube: KubeClient, onlookers: Onlookers) -> None:
        self._settings = settings
        self._kube = kube
        self._onlookers = onlookers
        self.cursors = Cursors(settings.session_keys or ())
        self.views = [View(kind, settings.live_history) for kind in range(len(KINDS))]
        self._ready = [asyncio.Event() for _ in KINDS]
        self._feeds: dict[int, asyncio.Task[None]] = {}
        self._reflectors: dict[int, Reflector[LiveObject]] = {}
        self._groups: dict[Filter, Group] = {}
        self._places: dict[tuple[int, str], dict[Group, None]] = {}
        self._clients: dict[Client, int] = {}  # and the second of ten in which it gets its ping
        self._joined = 0
        self._owners: Counter[str] = Counter()
        self._where: tuple[Vector, bytes] | None = None
        self._compared: dict[int, tuple[float, int]] = {}
        self._stopping = False
        self._tick = 0
        metrics.WAITING.set_function(lambda: sum(client.waiting for client in tuple(self._clients)))

    # ── joining and leaving ──────────────────────────────────────────────────────────────────────
    @property
    def clients(self) -> int:
        return len(self._clients)

    def welcome(self, owner: str) -> None:
        """`Refused` with 429 where this user, or all users together, have enough connections."""
        if self._stopping:
            raise Refused(503, "Unavailable", "This gateway is ending; another one answers.", retry_after=1)
        settings = self._settings
        if self._owners[owner] >= settings.live_connections_per_user:
            raise Refused(
                429,
                "TooManyConnections",
                f"You have {settings.live_connections_per_user} live connections already; close one of them.",
                retry_after=10,
            )
        if len(self._clients) >= settings.live_connections:
            detail = f"All {settings.live_connections} live connections of this gateway are taken."
            raise Refused(429, "TooManyConnections", detail, retry_after=10)

    async def prepare(self, filter: Filter) -> None:
        """Wait until all that is asked for is in memory; `Refused` with 503 if that does not happen."""
        for kind in filter.kinds:
            if kind not in self._feeds:
                # It outlives the request that asked first, and is not to be logged under its id.
                self._feeds[kind] = asyncio.create_task(
                    self._feed(kind), name=f"live {KINDS[kind].plural}", context=Context()
                )
        try:
            async with asyncio.timeout(FIRST_LIST_WITHIN):
                for kind in filter.kinds:
                    await self._ready[kind].wait()
        except TimeoutError:
            troubles = {kind: self._reflectors[kind].trouble for kind in filter.kinds}
            log.warning(
                "live_not_ready", troubles={KINDS[kind].plural: why for kind, why in troubles.items()}
            )
            detail = "The Kubernetes API does not answer now; try again in a moment."
            raise Refused(503, "Unavailable", detail, retry_after=2) from None

    async def seen(self, cursor: str, owner: str, filter: Filter) -> Vector | None:
        """The positions of a cursor, if one can go on from there; None: they are too old.

        `BadCursor` if it is none of ours or not theirs.
        """
        vector = self.cursors.open(cursor, owner, filter.canonical())
        for kind in filter.kinds:
            view = self.views[kind]
            if view.since(vector[kind]) is None:
                return None
            if vector[kind] > view.position and await self._is_ahead(kind, vector[kind]):
                raise BadCursor("it is ahead of the cluster, which was restored from a backup perhaps")
        return vector

    def join(self, client: Client, caller: Caller, seen: Vector | None, why: str = "") -> None:
        """From here on it is sent what happens. Nothing awaits between its snapshot and that."""
        if self._stopping:
            client.close(self._draining())
            return
        self._joined += 1
        self._clients[client] = self._joined % PING_EVERY
        self._owners[client.owner] += 1
        group = self._groups.get(client.filter)
        if group is None:
            group = self._groups[client.filter] = Group(client.filter)
            for place in _places_of(client.filter):
                self._places.setdefault(place, {})[group] = None
        group.add(client)
        self._onlookers.add(caller, client)
        metrics.CLIENTS.labels(_transport(client)).inc()
        missed = None if seen is None else self._missed(client.filter, seen)
        client.after = seen if missed is not None else None
        if seen is not None and missed is None:
            why = "TooOld"
        client.begin(missed, why)

    def leave(self, client: Client) -> None:
        client.abandon()
        if client not in self._clients:
            return
        del self._clients[client]
        self._owners[client.owner] -= 1
        if not self._owners[client.owner]:
            del self._owners[client.owner]
        self._onlookers.remove(client)
        metrics.CLIENTS.labels(_transport(client)).dec()
        group = self._groups[client.filter]
        if group.remove(client):
            del self._groups[client.filter]
            for place in _places_of(client.filter):
                self._places[place].pop(group)
                if not self._places[place]:
                    del self._places[place]

    def _missed(self, filter: Filter, seen: Vector) -> Missed | None:
        missed: Missed = []
        for kind in filter.kinds:
            since = self.views[kind].since(seen[kind])
            if since is None:
                return None
            for happened in since:
                if filter.namespaces and happened.known.namespace not in filter.namespaces:
                    continue
                type = filter.change(happened.before, happened.after)
                if type is not None:
                    fired = self._fired(happened, filter) if happened.fired else None
                    missed.append((type, happened, fired))
        return missed

    async def _is_ahead(self, kind: int, position: int) -> bool:
        """Whether a position that we have not reached is one that the API server has not reached either.

        Another replica may well be a moment ahead of us; asked about that, the API server is ahead of both.
        """
        asked, theirs = self._compared.get(kind, (float("-inf"), 0))
        if position > theirs and time.monotonic() - asked > BETWEEN_COMPARISONS:
            try:
                page = await self._kube.retrying(0).list_page(
                    KINDS[kind], self._settings.watch_namespace or None, limit=1
                )
            except KubeError:
                return False  # then nothing comes from it either
            theirs = int(page.resource_version or 0)
            self._compared[kind] = (time.monotonic(), theirs)
        return position > theirs

    # ── for clients ──────────────────────────────────────────────────────────────────────────────
    def places(self, filter: Filter) -> list[Place]:
        return [place for kind in filter.kinds for place in self.views[kind].places(filter.namespaces)]

    def now_at(self, kind: int, namespace: str, uid: str) -> Known | None:
        return self.views[kind].get(namespace, uid)

    def where(self) -> bytes:
        """The shared part of a cursor for this moment."""
        vector = tuple(view.position for view in self.views)
        if self._where is None or self._where[0] != vector:
            self._where = (vector, self.cursors.where(vector))
        return self._where[1]

    # ── a change ─────────────────────────────────────────────────────────────────────────────────
    async def _feed(self, kind: int) -> None:
        """For ever. A batch that cannot be used is a bug, and no reason to stand still: it lists anew."""
        await self._learn_cluster()
        while True:
            reflector = self._reflectors[kind] = Reflector(
                self._kube,
                KINDS[kind],
                LiveObject,
                namespace=self._settings.watch_namespace,
                name=f"live {KINDS[kind].plural}",
            )
            try:
                async for batch in reflector:
                    self._take(kind, batch)
                    # A burst of batches must not keep the loop from those who connect, read and leave.
                    await asyncio.sleep(0)
            except Exception:
                log.exception("live_feed_failed", kind=KINDS[kind].plural)
                await asyncio.sleep(FEED_AGAIN)

    def _take(self, kind: int, batch: Listed[LiveObject] | Watched[LiveObject]) -> None:
        view = self.views[kind]
        started, before = time.perf_counter(), view.position
        step = view.listed(batch) if isinstance(batch, Listed) else view.watched(batch)
        if step is None:
            return
        self._deliver(view, before, step)
        self._ready[kind].set()
        metrics.OBJECTS.labels(KINDS[kind].plural).set(len(view))
        if step.changes:
            metrics.FANOUT.observe(time.perf_counter() - started)

    async def _learn_cluster(self) -> None:
        if self.cursors.cluster:
            return
        try:
            uid = await cluster_uid(self._kube, self._settings.watch_namespace)
        except KubeError as error:
            log.warning("cluster_unnamed", error=str(error), meaning="cursors do not name theirs")
        else:
            self.cursors.cluster = uid.encode()

    def _deliver(self, view: View, before: int, step: Step) -> None:
        if step.restored:
            log.warning("live_restored", kind=view.label, position=step.position)
            detail = "The cluster is behind where it was: it was restored from a backup."
            for group in self._concerned(view.kind):
                for clients in group.clients.values():
                    for client in clients:
                        client.restart("Restored", detail)
            return
        # What a change's cursor says must be true at that change already: the view is a whole batch ahead.
        view.position = before
        last = len(step.changes) - 1
        for number, happened in enumerate(step.changes):
            # Those that a list brought to light share its position: it is reached with the last of them.
            if number == last or step.changes[number + 1].position > happened.position:
                view.position = max(view.position, happened.position)
            self._publish(happened)
        view.position = step.position

    def _concerned(self, kind: int) -> Iterable[Group]:
        return [group for group in self._groups.values() if kind in group.filter.kinds]

    def _publish(self, happened: Happened) -> None:
        known = happened.known
        fired = happened.fired
        made: dict[tuple[Wire, Form, ChangeType, bool], Frame] = {}
        written = 0
        for namespace in (known.namespace, ""):
            for group in self._places.get((known.kind, namespace), _NO_ONE):
                type = group.filter.change(happened.before, happened.after)
                if type is None:
                    continue
                told = self._fired(happened, group.filter) if fired else None
                for (wire, form), clients in group.clients.items():
                    key = (wire, form, type, TASK in group.filter.kinds)
                    shared = made.get(key)
                    if shared is None:
                        shared = made[key] = self._frame(wire, form, type, happened, told)
                    for client in clients:
                        written += client.offer(type, happened, shared, told)
        if written:
            metrics.MESSAGES.inc(written)

    def _frame(
        self, wire: Wire, form: Form, type: ChangeType, happened: Happened, fired: bytes | None
    ) -> Frame:
        change = frame(wire, "change", change_data(type, happened, form), self.where())
        if fired is None:
            return change
        # Before the change: it is the change's cursor that says that both have come.
        return Frame(frame(wire, "fired", fired).head + change.head, change.tail)

    def _fired(self, happened: Happened, filter: Filter) -> bytes:
        reminder = happened.known
        with_task = TASK in filter.kinds
        task = self.views[TASK].named(reminder.namespace, reminder.task) if with_task else None
        return fired_data(reminder, task, with_task=with_task)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────
    async def keep_time(self) -> None:
        """Pings, and the end of those who went away without a word. One timer for all."""
        while True:
            await asyncio.sleep(1.0)
            self._tick = (self._tick + 1) % PING_EVERY
            self.tick(self._tick)

    def tick(self, turn: int) -> None:
        data = ping_data(datetime.now(UTC))
        shared = {wire: frame(wire, "ping", data, self.where()) for wire in Wire}
        for client, its_turn in self._clients.items():
            if client.gone:
                client.lost()
            elif client.direct and its_turn == turn:
                client.write(shared[client.wire].whole(client.seal))

    async def drain(self, stopping: asyncio.Event) -> None:
        """When the gateway ends, everybody is told when to come back, each at another moment."""
        await stopping.wait()
        self._stopping = True
        for client in list(self._clients):
            client.close(self._draining())

    def _draining(self) -> Closing:
        spread = min(LONGEST_DRAIN, max(1.0, len(self._clients) / DRAIN_RATE))
        wait = random.uniform(0.1, spread)  # noqa: S311 spreads load, hides nothing
        return Closing(1001, "Draining", "This gateway ends; another one answers.", int(wait * 1000))

    async def close(self) -> None:
        for task in self._feeds.values():
            task.cancel()
        await asyncio.gather(*self._feeds.values(), return_exceptions=True)


def _places_of(filter: Filter) -> list[tuple[int, str]]:
    """Where changes concern it: each kind in each namespace; "" stands for all of them."""
    return [(kind, namespace) for kind in filter.kinds for namespace in filter.namespaces or ("",)]


def _transport(client: Client) -> str:
    return "websocket" if client.wire is Wire.WEBSOCKET else "sse"
