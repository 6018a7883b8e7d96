"""The Python client before a gateway that says what the test wants: how it comes back, and when not."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from todotasks.live import Change, Live, LiveRefused, Synced
from todotasks.retry import Backoff

SOON = Backoff(first=0.01, longest=0.02)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def an_object(uid: str, version: int, title: str = "") -> dict[str, Any]:
    metadata = {"name": uid, "namespace": "home", "uid": uid, "resourceVersion": str(version)}
    return {"metadata": metadata, "spec": {"title": title or uid}}


def event(name: str, data: dict[str, Any], cursor: str = "") -> bytes:
    last = f"id: {cursor}\n" if cursor else ""
    return f"event: {name}\ndata: {json.dumps(data)}\n{last}\n".encode()


SNAPSHOT = event("snapshot", {"kind": "TodoTask", "objects": [an_object("a", 1)]})
READY = event("ready", {"resumed": False}, "c1")


def says(*parts: bytes, stays: bool = False) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in parts:
            await response.write(part)
        if stays:
            await asyncio.Event().wait()
        return response

    return answer


def refuses(status: int, reason: str, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"reason": reason, "detail": "because"}, status=status, headers=headers)

    return answer


@asynccontextmanager
async def gateway(*answers: Answer) -> AsyncIterator[tuple[str, list[str | None]]]:
    """Gives these answers, one after the other; and the cursors that it was asked with."""
    cursors: list[str | None] = []
    left = list(answers)

    async def handle(request: web.Request) -> web.StreamResponse:
        cursors.append(request.query.get("cursor"))
        return await left.pop(0)(request)

    app = web.Application()
    app.router.add_get("/v1/stream", handle)
    server = TestServer(app, handler_cancellation=True)
    await server.start_server(shutdown_timeout=0.1)
    try:
        yield str(server.make_url("")), cursors
    finally:
        await server.close()


async def first(live: Live, count: int) -> list[Any]:
    """So many events, and then no more."""
    found: list[Any] = []
    iteration = live.__aiter__()
    async with asyncio.timeout(20):
        while len(found) < count:
            found.append(await anext(iteration))
    await iteration.aclose()  # type: ignore[attr-defined]
    return found


async def test_it_goes_on_behind_the_last_cursor_whatever_broke() -> None:
    change = event("change", {"type": "ADDED", "kind": "TodoTask", "object": an_object("b", 2)}, "c2")
    half = b'event: change\ndata: {"type":"ADD'
    resumed = event("ready", {"resumed": True}, "c3")
    answers = (
        says(SNAPSHOT, READY),
        says(resumed, change, half),
        says(b"data: no json\n\n"),
        says(resumed, stays=True),
    )
    async with gateway(*answers) as (url, cursors):
        live = Live(url, "token", backoff=SOON)
        found = await first(live, 5)
    assert cursors == [None, "c1", "c2", "c2"]
    assert [type(each) for each in found] == [Change, Synced, Synced, Change, Synced]
    assert set(live.objects) == {"a", "b"}


@pytest.mark.parametrize(
    ("status", "reason"), [(400, "BadRequest"), (401, "Unauthorized"), (403, "Forbidden")]
)
async def test_it_does_not_come_back_to_a_no_that_stays_one(status: int, reason: str) -> None:
    async with gateway(refuses(status, reason)) as (url, cursors):
        with pytest.raises(LiveRefused) as refused:
            await first(Live(url, "token", backoff=SOON), 1)
    assert (refused.value.status, refused.value.reason, refused.value.detail) == (status, reason, "because")
    assert len(cursors) == 1


async def test_a_right_that_is_taken_away_ends_it_with_the_reason() -> None:
    closing = event("closing", {"code": 4403, "reason": "Forbidden", "detail": "no more", "retryAfter": None})
    async with gateway(says(SNAPSHOT, READY, closing)) as (url, _):
        with pytest.raises(LiveRefused, match="no more"):
            await first(Live(url, "token", backoff=SOON), 9)


async def test_it_comes_back_to_a_gateway_that_is_busy_or_ends_and_without_a_cursor_that_is_refused() -> None:
    ends = event("closing", {"code": 1001, "reason": "Draining", "detail": "", "retryAfter": 5})
    answers = (
        refuses(503, "Unavailable", **{"Retry-After": "0"}), refuses(429, "TooManyConnections"),
        says(SNAPSHOT, READY, ends), refuses(410, "BadCursor"), says(SNAPSHOT, READY, stays=True),
    )  # fmt: skip
    async with gateway(*answers) as (url, cursors):
        await first(Live(url, "token", backoff=SOON), 3)
    assert cursors == [None, None, None, "c1", None]


async def test_a_patch_of_what_is_not_there_makes_it_begin_anew() -> None:
    patch = {"type": "MODIFIED", "kind": "TodoTask", "metadata": an_object("z", 9)["metadata"], "patch": {}}
    async with gateway(says(READY, event("change", patch, "c9")), says(SNAPSHOT, READY, stays=True)) as (
        url,
        cursors,
    ):
        await first(Live(url, "token", backoff=SOON), 3)
    assert cursors == [None, None]


async def test_a_connection_that_is_silent_is_given_up() -> None:
    async with gateway(says(SNAPSHOT, READY, stays=True), says(READY, stays=True)) as (url, cursors):
        live = Live(url, "token", backoff=SOON, silence=0.2)
        found = await first(live, 4)
    assert cursors == [None, "c1"]
    assert [each.type for each in found if isinstance(each, Change)] == ["ADDED", "DELETED"]


async def test_an_edit_shows_before_the_answer_and_goes_again_when_it_is_refused() -> None:
    async with gateway(says(SNAPSHOT, READY, stays=True)) as (url, _):
        live = Live(url, "token", backoff=SOON)
        iteration = live.__aiter__()
        await anext(iteration)
        await anext(iteration)
        shown: list[str] = []

        async def refused() -> None:
            shown.append(live.objects["a"]["spec"]["title"])
            raise PermissionError("no")

        with pytest.raises(PermissionError):
            await live.edit("a", {"spec": {"title": "mine"}}, refused)
        changes = [await anext(iteration), await anext(iteration)]
        await iteration.aclose()  # type: ignore[attr-defined]
    assert shown == ["mine"]
    assert [(each.object["spec"]["title"], each.pending) for each in changes if isinstance(each, Change)] == [
        ("mine", True),
        ("a", False),
    ]
