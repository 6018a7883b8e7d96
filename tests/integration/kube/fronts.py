"""What may stand between us and an API server, and misbehave: a wire that goes dead, a server that says no.

Behind both is the real API server: what they let through is real.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import NamedTuple, Self

import aiohttp
from aiohttp import web

from todotasks.kube import KubeConfig


class Wire:
    """A TCP proxy. `forwarding = False` keeps connections open and moves nothing; `cut()` breaks them."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._going = asyncio.Event()
        self._going.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.connections = 0
        self.open = 0
        self.most_open = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def stall(self) -> None:
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        ours = asyncio.current_task()
        assert ours is not None
        self._tasks.add(ours)
        self._writers.add(writer)
        try:
            there_reader, there_writer = await asyncio.open_connection(*self._target)
            self._writers.add(there_writer)
            await asyncio.wait(
                [
                    asyncio.create_task(self._move(reader, there_writer)),
                    asyncio.create_task(self._move(there_reader, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
            there_writer.close()
            self._writers.discard(there_writer)
        finally:
            self.open -= 1
            writer.close()
            self._writers.discard(writer)
            self._tasks.discard(ours)

    async def _move(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._going.wait()
                writer.write(data)
                await writer.drain()


class Say(NamedTuple):
    """An answer that the API server did not give. `status=0` breaks the connection instead."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = MappingProxyType({})
    after: bool = False  # the request is carried out first: only its answer gets lost
    hangs: bool = False  # behind that nothing comes, and the connection stays; with status 0 nothing at all


class Front:
    """An HTTP proxy that gives scripted answers first, in their order, to whatever `applies` picks."""

    def __init__(self, config: KubeConfig, tls: ssl.SSLContext | None = None) -> None:
        self._config = config
        self._tls = tls
        self._script: deque[Say] = deque()
        self.applies: Callable[[web.Request], bool] = lambda request: True
        self.seen: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.peers: list[dict[str, object] | None] = []
        self.truncate_watch_after: int | None = None

    def say(self, *answers: Say) -> None:
        self._script.extend(answers)

    @property
    def left(self) -> int:
        return len(self._script)

    async def __aenter__(self) -> Self:
        context = ssl.create_default_context(cadata=(self._config.ca_data or b"").decode())
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=context), auto_decompress=False, read_bufsize=2**20
        )
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        assert site._server is not None
        self.port = int(site._server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append(request)
        self.bodies.append(body)
        assert request.transport is not None
        self.peers.append(request.transport.get_extra_info("peercert"))
        if self._script and self.applies(request):
            say = self._script.popleft()
            if say.after:
                await self._forward(request, body, silently=True)
            if say.hangs:
                return await self._hang(request, say)
            if say.status == 0:
                request.transport.abort()
                return web.Response()
            return web.Response(status=say.status, text=say.body, headers=dict(say.headers))
        return await self._forward(request, body)

    async def _hang(self, request: web.Request, say: Say) -> web.StreamResponse:
        response = web.StreamResponse(status=say.status or 200, headers=dict(say.headers))
        if say.status:
            await response.prepare(request)
            await response.write(say.body.encode())
        await asyncio.Event().wait()  # until the client goes
        return response

    async def _forward(self, request: web.Request, body: bytes, silently: bool = False) -> web.StreamResponse:
        headers = {
            key: value for key, value in request.headers.items() if key not in {"Host", "Content-Length"}
        }
        async with self._session.request(
            request.method,
            f"{self._config.server}{request.raw_path}",
            data=body or None,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None),
        ) as answer:
            if silently:
                await answer.read()
                return web.Response()
            response = web.StreamResponse(
                status=answer.status, headers={"Content-Type": answer.headers.get("Content-Type", "")}
            )
            await response.prepare(request)
            sent = 0
            async for chunk in answer.content.iter_any():
                limit = self.truncate_watch_after
                if limit is not None and "watch" in request.query and sent + len(chunk) > limit:
                    # In the middle of a line, as a cable does.
                    self.truncate_watch_after = None
                    await response.write(chunk[: limit - sent])
                    assert request.transport is not None
                    await asyncio.sleep(0.1)
                    request.transport.abort()
                    return response
                sent += len(chunk)
                await response.write(chunk)
            return response
