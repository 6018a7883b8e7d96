"""Server-sent events on a real connection: the silence is filled, and who goes away stops nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chat_gateway.http.sse import Events, wants_events

Work = Callable[[Events], Awaitable[None]]


@asynccontextmanager
async def served(work: Work) -> AsyncIterator[str]:
    """The address of something that answers with events, a comment in every 50 ms of silence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        async with Events(request, heartbeat=0.05) as events:
            await work(events)
        return events.response

    app = web.Application()
    app.router.add_get("/", handle)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_a_comment_comes_while_nothing_else_does() -> None:
    heard = asyncio.Event()

    async def work(events: Events) -> None:
        await events.send("reading", {"reading": "line\nbreak"})
        async with asyncio.timeout(30):
            await heard.wait()
        await events.send("answer", {})

    async with served(work) as url, aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readuntil(b"\n\n") == (
            b'event: reading\ndata: {"reading":"line\\nbreak"}\n\n'
        )
        assert await answer.content.readuntil(b"\n\n") == b": still here\n\n"
        heard.set()
        rest = await answer.content.read()
        assert rest.endswith(b"event: answer\ndata: {}\n\n")


async def test_the_work_goes_on_when_nobody_listens_any_more() -> None:
    gone, finished = asyncio.Event(), asyncio.Event()

    async def work(events: Events) -> None:
        await events.send("reading", {})
        async with asyncio.timeout(30):
            await gone.wait()
        for number in range(50):
            await events.send("progress", {"done": number})
        finished.set()

    async with served(work) as url:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            await answer.content.readuntil(b"\n\n")
            answer.close()
        gone.set()
        async with asyncio.timeout(30):
            await finished.wait()


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/event-stream", True),
        ("application/json, Text/Event-Stream;q=0.9", True),
        ("*/*", False),
        ("application/json", False),
        ("", False),
    ],
)
async def test_events_are_for_who_asks_for_them(accept: str, wanted: bool) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.json_response(wants_events(request))

    app = web.Application()
    app.router.add_get("/", handle)
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(headers={"Accept": accept}) as session,
        session.get(server.make_url("/")) as answer,
    ):
        assert await answer.json() is wanted
