"""`POST /mcp`: the tools by the Model Context Protocol (streamable HTTP), as the caller.

Off unless TODO_MCP is true, since the SDK costs a second and 30 MB at the start. It is stateless: each POST
is answered by itself, with JSON, so any replica can take the next one; there are no sessions and no streams.
The frame has said already who calls, with which rights and how often. What is added here: a cookie does not
count (no page of ours uses this, and a foreign one must not), and an `Origin` must be ours or one of
TODO_CORS_ORIGINS, as the protocol demands against DNS rebinding.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any, Protocol, cast

from aiohttp import web

from chat_gateway.access.origin import same_origin
from chat_gateway.base.problems import Refused, unauthorized
from chat_gateway.conversations.service import CHAT, CONVERSATIONS
from chat_gateway.http.context import CALLER, GATEWAY, gateway_of
from chat_gateway.http.routes import Route
from todotasks.tools.desk import DESK, Desk

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_PRIVATE = frozenset({b"authorization", b"cookie"})
_HOP = frozenset({"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"})


class Manager(Protocol):
    """The SDK's session manager, as far as it is used."""

    async def handle_request(self, scope: Message, receive: Receive, send: Send) -> None: ...

    def run(self) -> Any: ...


MANAGER = web.AppKey("mcp", Manager)


async def serve(request: web.Request) -> web.StreamResponse:
    manager = request.app.get(MANAGER)
    if manager is None:
        raise Refused(404, "NotFound", "MCP is switched off here: set TODO_MCP to true for the gateway.")
    _refuse_pages(request)
    caller = request[CALLER]
    desk = Desk(
        chat=request.app[CHAT],
        client=caller.client,
        owner=caller.owner,
        me=caller.username,
        store=request.app[CONVERSATIONS],
    )
    return await _through(manager, request, {DESK: desk})


def _refuse_pages(request: web.Request) -> None:
    if request[CALLER].by_cookie:
        raise unauthorized("A session cookie does not count here; send the token: Authorization: Bearer …")
    origin = request.headers.get("Origin")
    origins = gateway_of(request).settings.cors_origins
    if origin is not None and origin not in origins and "*" not in origins and not same_origin(request):
        raise Refused(
            403,
            "CrossSite",
            "Pages of this origin may not use /mcp: name it in TODO_CORS_ORIGINS. Programs send no Origin.",
        )


async def _through(manager: Manager, request: web.Request, extra: Message) -> web.Response:
    """One request through the SDK, which speaks ASGI. Its answers are whole: JSON, or no body at all."""
    body = await request.read()
    scope: Message = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        # Not the token: the SDK has no use for it, and what it does not have it cannot log.
        "headers": [
            (name.lower(), value) for name, value in request.raw_headers if name.lower() not in _PRIVATE
        ],
        "client": None,
        "server": None,
        **extra,
    }
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()  # until the request is cancelled: the client is still there
        raise AssertionError("never set")

    async def send(message: Message) -> None:
        sent.append(message)

    await manager.handle_request(scope, receive, send)
    return _response(sent)


def _response(sent: list[Message]) -> web.Response:
    start = next(message for message in sent if message["type"] == "http.response.start")
    response = web.Response(
        status=start["status"],
        body=b"".join(
            message.get("body", b"") for message in sent if message["type"] == "http.response.body"
        ),
    )
    for name, value in start.get("headers", ()):
        if name.decode("latin-1").lower() not in _HOP:
            response.headers[name.decode("latin-1")] = value.decode("latin-1")
    return response


async def resources(app: web.Application) -> AsyncIterator[None]:
    """The SDK's manager, if MCP is on."""
    if not app[GATEWAY].settings.mcp:
        yield
        return
    app[MANAGER] = await asyncio.to_thread(_make_manager)
    # Its task group must be left by the task that entered it; aiohttp promises nothing of the kind.
    running = asyncio.Event()
    done = asyncio.Event()

    async def hold() -> None:
        try:
            async with app[MANAGER].run():
                running.set()
                await done.wait()
        finally:
            running.set()

    task = asyncio.create_task(hold(), name="mcp")
    await running.wait()
    if task.done():
        await task  # raises what has gone wrong
    yield
    done.set()
    await task


def _make_manager() -> Manager:
    """In a thread: the imports take a second, in which others are served."""
    server = import_module("todotasks.tools.mcp_server")
    managers = import_module("mcp.server.streamable_http_manager")
    app = server.build_server(server.desk_of_request)
    # No allow-list of hosts: it is against rebinding of names, and a page cannot send a bearer token.
    return cast(Manager, managers.StreamableHTTPSessionManager(app, json_response=True, stateless=True))


ROUTES = (
    Route(
        method="POST",
        path="/mcp",
        holds="lists",
        handler=serve,
        tag="tools",
        summary="The tools, by the Model Context Protocol (streamable HTTP, stateless, JSON)",
        description="See docs/mcp.md. 404 unless TODO_MCP is true.",
        problems=(404, 413),
    ),
)
