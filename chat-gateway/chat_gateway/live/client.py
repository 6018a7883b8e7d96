"""One connection: what it is sent at once, what waits for it, and when it must begin anew.

    direct      a frame goes to the socket as it is made (almost all clients, almost always)
    behind      changes wait, the last one of each object; a task writes them as the socket takes them
    anew        more objects wait than the queue holds: they are dropped, `reset` and a snapshot follow
    held        their rights could not be confirmed of late: everything waits

A client costs its connection, the socket's buffer and its queue, which holds references to what is in memory
anyway. Nobody waits for anybody: `offer` never waits, and who takes nothing for a minute is cut off.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

import structlog
from aiohttp import web

from chat_gateway.live import metrics
from chat_gateway.live.cursor import Vector
from chat_gateway.live.filters import Filter, Form
from chat_gateway.live.messages import Frame, Wire, change_data, encoded, frame, retry_frame, snapshot_data
from chat_gateway.live.objects import Known
from chat_gateway.live.view import Happened
from todotasks.kube.watch.observed import ChangeType

log = structlog.get_logger(__name__)

HIGH, LOW = 64 * 1024, 16 * 1024  # bytes in a socket's buffer: from where a client is behind, and no more
STALLED_AFTER = 60.0  # seconds in which a client takes nothing at all
FIRST_LOOK, LONGEST_LOOK = 0.005, 0.1  # seconds between two looks at a full buffer
SNAPSHOT_BYTES = 48 * 1024  # of objects in one `snapshot` message
FLUSHED_AT_ONCE = 50  # messages of a queue between two looks at the socket


class Closing(NamedTuple):
    """The last message, and the close code of a WebSocket."""

    code: int
    reason: str
    detail: str
    retry_after: int | None = None  # milliseconds

    def data(self) -> bytes:
        return encoded(code=self.code, reason=self.reason, detail=self.detail, retryAfter=self.retry_after)


Place = tuple[int, str, list[str]]  # kind, namespace, uids


class Source(Protocol):
    """What a client asks its hub for. Nothing here waits."""

    def places(self, filter: Filter) -> list[Place]: ...
    def now_at(self, kind: int, namespace: str, uid: str) -> Known | None: ...
    def where(self) -> bytes: ...


class Waiting(NamedTuple):
    """A change in the queue. `fired` is the data of a `fired` message, which is one of its own."""

    type: ChangeType
    happened: Happened
    fired: bytes | None = None
    whole: bool = False  # it stands for several: what the client has is not what was before it


class Client:
    """Made by the endpoint when the head of the answer is out; from then on only this writes.

    Everything here happens on the loop, and whatever does not say `async` waits for nothing.
    """

    __slots__ = (
        "_behind",
        "_free",
        "_limit",
        "_reset",
        "_source",
        "_task",
        "_transport",
        "after",
        "closed",
        "closing",
        "direct",
        "filter",
        "form",
        "held",
        "owner",
        "seal",
        "wire",
    )

    def __init__(
        self,
        request: web.Request,
        source: Source,
        *,
        wire: Wire,
        form: Form,
        filter: Filter,
        owner: str,
        seal: bytes,
        limit: int,
    ) -> None:
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the client went away")
        transport.set_write_buffer_limits(high=HIGH, low=LOW)
        self._transport: Any = transport
        self._source = source
        self._limit: Final = limit
        self._behind: dict[tuple[int, str, str], Waiting] = {}
        self._reset: tuple[str, str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._free = asyncio.Event()
        self._free.set()
        self.wire: Final = wire
        self.form: Final = form
        self.filter: Final = filter
        self.owner: Final = owner
        self.seal: Final = seal
        self.after: Vector | None = None  # positions up to which it has seen everything already
        self.direct = False
        self.held = False
        self.closing: Closing | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    # ── what the hub calls ───────────────────────────────────────────────────────────────────────
    @property
    def gone(self) -> bool:
        return bool(self._transport.is_closing())

    @property
    def stuck(self) -> bool:
        """What was written is not being read: nobody would read a farewell either."""
        return not self._room

    @property
    def waiting(self) -> int:
        return len(self._behind)

    def begin(
        self, missed: Sequence[tuple[ChangeType, Happened, bytes | None]] | None, why: str = ""
    ) -> None:
        """Start: with what was missed behind the cursor, or a snapshot; `why` there must be one again."""
        self.write(retry_frame(self.wire, 2000))
        if missed is None:
            self._task = asyncio.create_task(self._run(lambda: self._anew(why)))
            return
        for type, happened, fired in missed:
            self._wait(type, happened, fired)
        self._task = asyncio.create_task(self._run(self._resumed))

    def offer(self, type: ChangeType, happened: Happened, made: Frame, fired: bytes | None = None) -> bool:
        """One change; True if it was written at once."""
        if self.after is not None and happened.position <= self.after[happened.known.kind]:
            return False
        if not self.direct:
            self._wait(type, happened, fired)
            return False
        self.write(made.whole(self.seal))
        return True

    def write(self, data: bytes) -> None:
        """Bytes for this client, whole frames only."""
        if not data or self._transport.is_closing():
            return
        self._transport.write(data)
        if self.direct and self._transport.get_write_buffer_size() > HIGH:
            self._fall_behind()

    def hold(self, held: bool) -> None:
        if held == self.held:
            return
        self.held = held
        if held:
            self._free.clear()
            if self.direct:
                self._fall_behind()
        else:
            self._free.set()

    def restart(self, reason: str, detail: str) -> None:
        """What it has is of no use: a reset and a snapshot."""
        self._behind.clear()
        self._reset = (reason, detail)
        self.after = None
        if self.direct:
            self._fall_behind()

    def close(self, closing: Closing) -> None:
        """The last word; the endpoint ends the connection when it sees `closed`."""
        if self.closing is not None or self.closed.done():
            return
        self.closing = closing
        self.direct = False
        if self._task is not None:
            self._task.cancel()
        if self._room:
            if closing.retry_after is not None:
                self.write(retry_frame(self.wire, closing.retry_after))
            self.write(frame(self.wire, "closing", closing.data()).head)
        metrics.CLOSED.labels(closing.reason).inc()
        self.closed.set_result(None)

    def lost(self) -> None:
        """The other side has gone."""
        self.direct = False
        if not self.closed.done():
            self.closed.set_result(None)

    def abandon(self) -> None:
        """Nothing of this client remains."""
        self.direct = False
        self._behind.clear()
        if self._task is not None:
            self._task.cancel()

    # ── behind ───────────────────────────────────────────────────────────────────────────────────
    def _wait(self, type: ChangeType, happened: Happened, fired: bytes | None) -> None:
        if self._reset is not None:
            return
        known = happened.known
        key = (known.kind, known.uid, "")
        before = self._behind.get(key)
        self._behind[key] = Waiting(type, happened) if before is None else _combined(before, type, happened)
        if fired is not None:
            self._behind[known.kind, known.uid, known.fired_at or ""] = Waiting(type, happened, fired)
        if len(self._behind) > self._limit:
            self._behind.clear()
            self._reset = ("TooSlow", f"More than {self._limit} objects changed while you were not reading.")

    def _fall_behind(self) -> None:
        self.direct = False
        self._task = asyncio.create_task(self._run(self._catch_up))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except _Stalled:
            detail = f"You have not read for {STALLED_AFTER:g} s."
            self.close(Closing(4408, "TooSlow", detail, 1000))
        except ConnectionError:
            self.lost()
        except Exception:
            log.exception("live_client_failed")
            self.close(Closing(1011, "InternalError", "Something went wrong here.", 5000))

    async def _resumed(self) -> None:
        begun_anew = await self._flush()
        if begun_anew or self._reset is not None:  # more was missed than the queue holds
            await self._catch_up()
            return
        self.write(frame(self.wire, "ready", encoded(resumed=True), self._source.where()).whole(self.seal))
        await self._catch_up()

    async def _anew(self, why: str) -> None:
        if why:
            self._reset = (why, RESETS[why])
        else:
            await self._snapshot()
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Until nothing waits; then changes go out directly again."""
        while True:
            await self._flush()
            # From here to the end nothing awaits, so no change comes in between.
            if self._reset is None and not self._behind and not self.held and self._room:
                self.direct = True
                return

    @property
    def _room(self) -> bool:
        return bool(self._transport.get_write_buffer_size() <= HIGH)

    async def _flush(self) -> bool:
        """Write what waits; True if that was a snapshot, too."""
        await self._drained()
        anew = self._reset is not None
        if self._reset is not None:
            reason, detail = self._reset
            metrics.RESETS.labels(reason).inc()
            self.write(frame(self.wire, "reset", encoded(reason=reason, detail=detail)).head)
            await self._snapshot()
        while self._behind:
            await self._drained()
            if self._reset is not None:
                return anew
            for key in list(self._behind)[:FLUSHED_AT_ONCE]:
                waiting = self._behind.pop(key)
                # The order of a queue is not that of positions: only behind its last is a place to go on
                # from.
                where = None if self._behind else self._source.where()
                self.write(self._made(waiting, where).whole(self.seal))
                metrics.MESSAGES.inc()
        return anew

    def _made(self, waiting: Waiting, where: bytes | None) -> Frame:
        if waiting.fired is not None:
            return frame(self.wire, "fired", waiting.fired, where)
        form: Form = "object" if waiting.whole else self.form
        return frame(self.wire, "change", change_data(waiting.type, waiting.happened, form), where)

    async def _snapshot(self) -> None:
        """All that there is, then `ready`; what happens meanwhile waits behind it."""
        self._reset = None
        self._behind.clear()
        places = self._source.places(self.filter)
        where = self._source.where()
        self.after = None
        for kind, docs in self._pieces(places):
            await self._drained()
            self.write(frame(self.wire, "snapshot", snapshot_data(kind, docs)).head)
        await self._drained()
        self.write(frame(self.wire, "ready", encoded(resumed=False), where).whole(self.seal))

    def _pieces(self, places: list[Place]) -> Iterator[tuple[int, list[bytes]]]:
        """Objects of one kind each, together not much longer than SNAPSHOT_BYTES.

        By uid and as they are when they are written: a client that takes its time keeps no old versions
        alive.
        """
        docs: list[bytes] = []
        size, last = 0, -1
        for kind, namespace, uids in places:
            for uid in uids:
                known = self._source.now_at(kind, namespace, uid)
                if known is None or not self.filter.fits(known):
                    continue
                if docs and (kind != last or size > SNAPSHOT_BYTES):
                    yield last, docs
                    docs, size = [], 0
                last = kind
                docs.append(known.doc)
                size += len(known.doc)
        if docs:
            yield last, docs

    async def _drained(self) -> None:
        """Until the socket has room, and we may write. `_Stalled` if it takes nothing for too long."""
        await self._free.wait()
        transport, clock = self._transport, asyncio.get_running_loop().time
        left, since, pause = transport.get_write_buffer_size(), clock(), FIRST_LOOK
        # Looked at again and again, and not awaited by aiohttp's drain(): a wait for that which is cancelled
        # (by a deadline, say) leaves a cancelled waiter in the protocol for all who come later.
        while left > LOW and not transport.is_closing():
            await asyncio.sleep(pause)
            await self._free.wait()
            now_left = transport.get_write_buffer_size()
            if now_left < left:
                since, pause = clock(), FIRST_LOOK
            elif clock() - since > STALLED_AFTER:
                raise _Stalled
            else:
                pause = min(2 * pause, LONGEST_LOOK)
            left = now_left
        if transport.is_closing():
            raise ConnectionResetError("the client went away")


RESETS = {
    "TooOld": "The cursor lies behind what this gateway remembers.",
    "BadCursor": "The cursor is none of ours, or belongs to another user, filter or cluster.",
}


class _Stalled(Exception):
    pass


def _combined(before: Waiting, type: ChangeType, happened: Happened) -> Waiting:
    """Two changes of one object as one. A DELETED stays one also for who has not had it: it does no harm."""
    if type == "DELETED":
        return Waiting("DELETED", happened)
    return Waiting("ADDED" if before.type == "ADDED" else "MODIFIED", happened, whole=True)
