"""Server-sent events (the HTML standard's `text/event-stream`): one answer that comes in parts.

A line of comment now and then keeps proxies from cutting the silence. Whoever went away is no error: the
work goes on to its end, and only nobody reads of it.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

import msgspec
from aiohttp import web

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = 10.0  # seconds between comments


class Events:
    """`async with Events(request) as events: await events.send("progress", {…})`."""

    def __init__(self, request: web.Request, heartbeat: float = HEARTBEAT) -> None:
        self._request = request
        self._heartbeat = heartbeat
        self._gone = False
        self._sending = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None
        self.response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE, "X-Accel-Buffering": "no"})

    async def __aenter__(self) -> Self:
        await self.response.prepare(self._request)
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._beating is not None
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        if not self._gone and error is None:
            await self._write(b"", last=True)

    async def send(self, event: str, data: Any) -> None:
        """JSON has no line breaks, so one line of data is enough."""
        body = data if isinstance(data, bytes) else msgspec.json.encode(data)
        await self._write(b"event: %s\ndata: %s\n\n" % (event.encode(), body))

    async def _beat(self) -> None:
        while not self._gone:
            await asyncio.sleep(self._heartbeat)
            await self._write(b": still here\n\n")

    async def _write(self, content: bytes, *, last: bool = False) -> None:
        async with self._sending:
            if self._gone:
                return
            try:
                if last:
                    await self.response.write_eof()
                else:
                    await self.response.write(content)
            except (ConnectionError, RuntimeError):  # RuntimeError: aiohttp's, on a closed transport
                self._gone = True


def wants_events(request: web.Request) -> bool:
    """Whether events are asked for, and not only taken along with anything."""
    accepted = request.headers.get("Accept", "")
    return any(part.partition(";")[0].strip().lower() == MEDIA_TYPE for part in accepted.split(","))
