"""The listening side: sockets, TLS, and the connections that never become a request.

aiohttp answers what it cannot parse by itself, past every middleware; `_Connection` makes that a problem
like all others. It also ends a connection that is opened and then says nothing: aiohttp would wait for
its first request for ever.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

from chat_gateway.base.problems import Refused
from chat_gateway.http.context import GATEWAY
from todotasks.telemetry.health import listen

FIRST_REQUEST_WITHIN = 10.0  # seconds from the connection to the end of its first head
KEEPALIVE = 75.0  # seconds an idle connection is kept
DRAIN_LOOK = 0.05  # seconds between two looks whether all is answered
FINAL_GRACE = 1.0  # seconds for a handler to end when it is cancelled
LINGERING = 2.0  # seconds that a body which nobody wants is read, so that its sender sees the answer


class _Connection(RequestHandler):
    """One connection."""

    __slots__ = ("_silent",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._silent = asyncio.get_running_loop().call_later(FIRST_REQUEST_WITHIN, self._end_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._silent.cancel()
        super().connection_lost(exc)

    def _end_if_silent(self) -> None:
        if self._request_count == 0:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP. The message quotes the line that was sent, so it stays here."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun; the connection ends")
        reason = "BadRequest" if status < 500 else "InternalError"
        response = Refused(status, reason, "This is not a request in HTTP that we understand.").response()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.force_close()
        return response


class _Server(Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Runner(web.AppRunner):
    async def _make_server(self) -> Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **made._kwargs)


@dataclass(frozen=True)
class Listening:
    port: int
    scheme: str


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, *, tls: ssl.SSLContext | None = None, grace: float
) -> AsyncIterator[Listening]:
    """Serve until the block ends; then no new connections, and what runs has `grace` seconds.

    aiohttp's own end throws away what still comes of a body, so we wait before we call for it.
    """
    gateway = app[GATEWAY]
    runner = _Runner(
        app,
        access_log=None,
        shutdown_timeout=FINAL_GRACE,
        keepalive_timeout=KEEPALIVE,
        lingering_time=LINGERING,
    )
    await runner.setup()
    try:
        listening = listen(host, port)
        site = web.SockSite(runner, listening, ssl_context=tls)
        await site.start()
        yield Listening(listening.getsockname()[1], "https" if tls else "http")
        gateway.stopping.set()  # streams say goodbye, readiness says no, connections end with their answer
        await site.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while gateway.state.in_flight:  # noqa: ASYNC110  a count of all is not worth an event each
                    await asyncio.sleep(DRAIN_LOOK)
    finally:
        await runner.cleanup()
