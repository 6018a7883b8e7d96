"""Where kopf's watch begins: behind our list, and behind a new one where it has lost its place."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.integration.operator.rig import PATIENCE, Tasks
from tests.support.plane import Plane
from todo_operator.kopf_adapter.session import make_session
from todo_operator.kopf_adapter.watches import run_watches
from todo_operator.process.canary import Beat, WatchLeg
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import TODOTASKS

EXPIRED = "1"  # before anything that a running API server still remembers


class Listener:
    """Knows where each of its lists ended, and what it was told since."""

    def __init__(self, kube: KubeClient, namespace: str, first: str | None = None) -> None:
        self._kube, self._namespace, self._first = kube, namespace, first
        self.told: list[tuple[str | None, str]] = []
        self.asked = 0  # for a position of the tasks
        self.left = 0

    def on_event(self, kind: str, type_: str | None, body: Mapping[str, Any]) -> None:
        self.told.append((type_, body["metadata"]["name"]))

    async def position(self, kind: str) -> str:
        page = await self._kube.list_page(TODOTASKS, self._namespace, limit=1)
        if kind != TODOTASKS.kind:
            return page.resource_version
        self.asked += 1
        return self._first if self._first is not None and self.asked == 1 else page.resource_version

    def leave_position(self, kind: str) -> None:
        self.left += kind == TODOTASKS.kind

    async def until_told(self, name: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while name not in (told for _, told in self.told):
                await asyncio.sleep(0.02)


@asynccontextmanager
async def watched(listener: Listener, leg: WatchLeg, plane: Plane, namespace: str) -> AsyncIterator[None]:
    stop = asyncio.Event()

    async def nothing() -> None:
        pass

    watching = asyncio.create_task(
        run_watches(
            listener=listener,
            witness=leg,
            config=KubeConfig.load(plane.kubeconfig),
            namespace=namespace,
            start=nothing,
            stop=nothing,
            stop_flag=stop,
            started_flag=asyncio.Event(),
        )
    )
    try:
        yield
        assert not watching.done()
    finally:
        stop.set()
        await watching


async def until_begun(leg: WatchLeg, beat: Beat) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await leg.arrived(beat):
            await asyncio.sleep(0.02)


def beat_of(version: str) -> Beat:
    return Beat("", int(version), 0.0)


async def test_what_was_listed_is_not_told_again_and_a_beat_in_it_has_come_back(tasks: Tasks, plane: Plane):
    listener, leg = Listener(tasks.kube, tasks.namespace), WatchLeg(tasks.namespace)
    for name in ("one", "two"):
        last = await tasks.create(name)
    async with watched(listener, leg, plane, tasks.namespace):
        await until_begun(leg, beat_of(last.metadata.resource_version))
        await tasks.create("new")
        await tasks.edit("two", title="Two")
        await listener.until_told("two")
    assert [name for _, name in listener.told] == ["new", "two"]
    assert (listener.asked, listener.left) == (1, 1)


async def test_where_the_place_has_expired_another_one_is_asked_for(tasks: Tasks, plane: Plane):
    listener, leg = Listener(tasks.kube, tasks.namespace, first=EXPIRED), WatchLeg(tasks.namespace)
    listed = await tasks.create("listed")
    async with watched(listener, leg, plane, tasks.namespace):
        await until_begun(leg, beat_of(listed.metadata.resource_version))
        await tasks.create("new")
        await listener.until_told("new")
    assert [name for _, name in listener.told] == ["new"]
    assert (listener.asked, listener.left) == (2, 2)


@pytest.mark.parametrize(
    ("status", "says"), [(200, [True]), (410, [False]), (504, [False]), (400, [False]), (429, []), (503, [])]
)
async def test_a_server_that_is_busy_makes_nobody_list_anew(status: int, says: list[bool]):
    asked: list[dict[str, str]] = []
    answered: list[bool] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(dict(request.query))
        return web.Response(status=status)

    async def begin_at(plural: str) -> str:
        return "7" if plural == "todotasks" else ""

    app = web.Application()
    app.router.add_get("/apis/todotasks.dev/v1/todotasks", answer)
    query = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&fieldSelector=a%3Db"
    async with TestServer(app) as server:
        config = KubeConfig(server=f"http://127.0.0.1:{server.port}")
        session = await make_session(config, begin_at, lambda plural, since, begun: answered.append(begun))
        async with session, session.get(f"{config.server}/apis/todotasks.dev/v1/todotasks?{query}"):
            pass
    assert asked == [{"watch": "true", "fieldSelector": "a=b", "resourceVersion": "7"}]
    assert answered == says
