"""The connection: server-sent events, again and again, from where it was.

    connect ─▶ messages ─▶ Replica ─▶ changes ─▶ whoever iterates
       ▲           │ broken, silent, closing
       └── pause ◀─┘ growing, shortened by chance; or as long as the gateway said

Who iterates slowly slows the reading, and the gateway sends fewer, later states: nothing piles up here.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp

from todotasks.live.replica import Event, Object, OutOfStep, Replica, version_of
from todotasks.retry import Backoff

R = TypeVar("R")

BACKOFF = Backoff(first=0.5, longest=30.0)
SILENCE = 30.0  # seconds; the gateway sends something every ten
CONNECT_WITHIN = 15.0  # seconds, until the first line
GOOD_AFTER = 10.0  # seconds after which a connection counts as a good one
MOST_UNREAD = 1000  # events that lie here before the reading stops
CONFIRMED_FOR = 5.0  # seconds that a confirmed edit is shown at most before the stream has it
LARGEST_LINE = 16 * 1024 * 1024  # bytes; a snapshot's piece has 48 KiB, and one object at most 1.5 MiB
_COME_BACK = frozenset({408, 410, 429, 500, 502, 503, 504})  # statuses that time heals

Token = str | Callable[[], str]


class LiveRefused(Exception):
    """The gateway says no, and would say so again: 400, 401, 403. `reason` is its word for programs."""

    def __init__(self, status: int, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.reason, self.detail = status, reason, detail


class _Broken(Exception):
    """The connection is over. `after`: seconds to wait, where the gateway said so."""

    def __init__(self, after: float | None = None) -> None:
        super().__init__()
        self.after = after


class Live:
    """`async for event in live: …` gives `Change`, `Fired` and `Synced`, for ever or until `LiveRefused`.

    One iteration at a time. `objects` is what is there, by uid, with edits of our own in it.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        namespaces: Sequence[str] = (),
        kinds: Sequence[str] = (),
        project: str | None = None,
        tags: Sequence[str] = (),
        label_selector: str = "",
        form: str = "patch",
        backoff: Backoff = BACKOFF,
        silence: float = SILENCE,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        self._url = url.rstrip("/") + "/v1/stream"
        self._token = token
        named = {"project": project, "labelSelector": label_selector or None, "form": form}
        self._query = [
            *(("namespace", each) for each in namespaces),
            *(("kind", each) for each in kinds),
            *(("tag", each) for each in tags),
            *((name, value) for name, value in named.items() if value is not None),
        ]
        self._backoff = backoff
        self._silence = silence
        self._session = session
        self._replica = Replica()
        self._cursor: str | None = None
        self._failures = 0
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._timers: set[asyncio.TimerHandle] = set()
        self.connected = False

    @property
    def objects(self) -> dict[str, Object]:
        return self._replica.objects

    @property
    def ready(self) -> bool:
        """Whether all that is there is known."""
        return self._replica.ready

    def __aiter__(self) -> AsyncIterator[Event]:
        return self._iterate()

    async def _iterate(self) -> AsyncIterator[Event]:
        own = self._session is None
        session = self._session or aiohttp.ClientSession()
        reading = asyncio.create_task(self._keep_reading(session))
        try:
            while True:
                while self._events:
                    event = self._events.popleft()
                    if len(self._events) < MOST_UNREAD:
                        self._room.set()
                    yield event
                if reading.done():
                    reading.result()
                    return
                self._news.clear()
                waiting = asyncio.ensure_future(self._news.wait())
                await asyncio.wait({waiting, reading}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            for timer in self._timers:
                timer.cancel()
            self.connected = False
            if own:
                await session.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────
    async def _keep_reading(self, session: aiohttp.ClientSession) -> None:
        while True:
            began = time.monotonic()
            after: float | None = None
            try:
                await self._read(session)
            except _Broken as broken:
                after = broken.after
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
                pass  # a line that is no JSON is a broken connection like any other
            except OutOfStep:
                self._cursor = None
            self.connected = False
            if time.monotonic() - began > GOOD_AFTER:
                self._failures = 0
            self._failures += 1
            pause = self._backoff.delay(self._failures)
            await asyncio.sleep(pause if after is None else after)

    async def _read(self, session: aiohttp.ClientSession) -> None:
        token = self._token if isinstance(self._token, str) else self._token()
        query = [*self._query, *((("cursor", self._cursor),) if self._cursor else ())]
        async with session.get(
            self._url,
            params=query,
            headers={"Authorization": f"Bearer {token}", "Accept": "text/event-stream"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN, sock_read=self._silence),
            max_line_size=32 * 1024,
        ) as answer:
            if answer.status != 200:
                await self._refused(answer)
            lines = _Lines(answer.content)
            event, data, cursor = "", "", None
            async for line in lines:
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if line == "":
                    if data:
                        await self._take(event, json.loads(data), cursor)
                    event, data, cursor = "", "", None
                elif name == "event":
                    event = value
                elif name == "data":
                    data = f"{data}\n{value}" if data else value
                elif name == "id":
                    cursor = value
        raise _Broken

    async def _take(self, event: str, data: Mapping[str, Any], cursor: str | None) -> None:
        if event == "closing":
            self._closing(data)
        events = self._replica.apply(event, data)
        if event in {"ready", "change"}:
            self._failures = 0
            self.connected = True
        if event == "reset":
            self._cursor = None
        if cursor is not None:
            self._cursor = cursor
        self._tell(events)
        await self._room.wait()

    def _closing(self, data: Mapping[str, Any]) -> None:
        after = data.get("retryAfter")
        if data["code"] in {4400, 4401, 4403}:
            raise LiveRefused(data["code"] - 4000, data["reason"], data["detail"])
        if data["reason"] == "BadCursor":
            self._cursor = None
        raise _Broken(None if after is None else float(after) / 1000)

    async def _refused(self, answer: aiohttp.ClientResponse) -> None:
        text = await answer.text()
        try:
            problem = json.loads(text)
            reason, detail = str(problem["reason"]), str(problem["detail"])
        except (ValueError, KeyError, TypeError):
            reason, detail = "Refused", f"HTTP {answer.status}"
        if answer.status not in _COME_BACK:
            raise LiveRefused(answer.status, reason, detail)
        if answer.status == 410:
            self._cursor = None
        after = answer.headers.get("Retry-After", "")
        raise _Broken(max(float(after), self._backoff.delay(self._failures + 1)) if after.isdigit() else None)

    def _tell(self, events: Sequence[Event]) -> None:
        self._events.extend(events)
        if len(self._events) >= MOST_UNREAD:
            self._room.clear()
        self._news.set()

    # ── edits of our own ─────────────────────────────────────────────────────────────────────────
    async def edit(self, uid: str, patch: Object, send: Callable[[], Awaitable[R]]) -> R:
        """Show a merge patch of an object at once, and send it. What `send` raises takes it back and goes on.

        When `send` gives the object as it is now, the edit is shown until the stream has that version.
        """
        handle, events = self._replica.begin_edit(uid, patch)
        self._tell(events)
        try:
            answer = await send()
        except BaseException:
            self._tell(self._replica.drop_edit(uid, handle))
            raise
        version = version_of(answer) if isinstance(answer, Mapping) else 0
        self._tell(self._replica.confirm_edit(uid, handle, version or None))
        loop = asyncio.get_running_loop()
        timer = loop.call_later(CONFIRMED_FOR, lambda: self._tell(self._replica.drop_edit(uid, handle)))
        self._timers = {each for each in self._timers if each.when() > loop.time()} | {timer}
        return answer


class _Lines:
    """Lines of any length up to LARGEST_LINE; aiohttp's own end at 64 KiB."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[str]:
        parts: list[bytes] = []
        size = 0
        async for chunk in self._content.iter_any():
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                parts.append(line)
                yield b"".join(parts).decode().rstrip("\r")
                parts, size = [], 0
            parts.append(rest)
            size += len(rest)
            if size > LARGEST_LINE:
                raise ValueError(f"a line of more than {LARGEST_LINE} bytes")


def live(url: str, token: Token, **options: Any) -> Live:
    """`async for event in live(url, token, namespaces=["home"]): …`; the options are those of `Live`."""
    return Live(url, token, **options)
