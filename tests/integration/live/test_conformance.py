"""The clients that come with the product, put through conformance.py."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.integration.live.conformance import ClientUnderTest, Mischief, conforms
from tests.integration.live.conftest import LIVE
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.live import Live
from todotasks.retry import Backoff

ROOT = Path(__file__).parents[3]
DISCONNECTS = int(os.environ.get("TEST_DISCONNECTS", "150"))  # `make test-long` makes 500
SOON = Backoff(first=0.01, longest=0.2)
SHORT_HISTORY = 60


class PythonClient:
    def __init__(self, live: Live) -> None:
        self._live = live
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for _ in self._live:
            pass

    async def objects(self) -> dict[str, dict[str, Any]]:
        assert not self.reading.done(), self.reading.exception()
        return self._live.objects


class JavaScriptClient:
    """live.js under Node.js: a line on its standard input is answered with all that it has."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def objects(self) -> dict[str, dict[str, Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"objects\n")
        line = await self._process.stdout.readline()
        found: dict[str, dict[str, Any]] = json.loads(line)
        return found


@asynccontextmanager
async def python_client(url: str, token: str, namespace: str, form: str) -> AsyncIterator[ClientUnderTest]:
    client = PythonClient(Live(url, token, namespaces=[namespace], form=form, backoff=SOON))
    yield client
    client.reading.cancel()
    await asyncio.gather(client.reading, return_exceptions=True)


@asynccontextmanager
async def javascript_client(
    url: str, token: str, namespace: str, form: str
) -> AsyncIterator[ClientUnderTest]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js, which is not on the PATH")
    process = await asyncio.create_subprocess_exec(
        *(node, "--experimental-websocket", str(Path(__file__).with_name("live_client.mjs"))),
        *(url, token, namespace, form),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    yield JavaScriptClient(process)
    process.kill()
    await process.wait()


CLIENTS = {"python": python_client, "javascript": javascript_client}


class Replicas:
    """Two gateways behind the mischief, which end and come back."""

    def __init__(self, plane: Plane, mischief: Mischief, history: int) -> None:
        self._plane, self._mischief = plane, mischief
        self._settings = replace(LIVE, live_history=history)
        self._stacks: list[AsyncExitStack] = []
        self.running: list[RunningGateway] = []

    async def start(self) -> None:
        for _ in range(2):
            self._stacks.append(AsyncExitStack())
            self.running.append(await self._one(self._stacks[-1]))
        self._mischief.targets[:] = [self._port(each) for each in self.running]

    async def restart(self, which: int) -> None:
        await self._stacks[which].aclose()
        self._stacks[which] = AsyncExitStack()
        self.running[which] = await self._one(self._stacks[which])
        self._mischief.targets[which] = self._port(self.running[which])

    async def stop(self) -> None:
        for stack in self._stacks:
            await stack.aclose()

    async def _one(self, stack: AsyncExitStack) -> RunningGateway:
        running = running_gateway(self._plane.kubeconfig, settings=self._settings)
        return await stack.enter_async_context(running)

    def _port(self, gateway: RunningGateway) -> int:
        return int(gateway.url.rpartition(":")[2])


@pytest.mark.parametrize("form", ["object", "patch"])
@pytest.mark.parametrize("language", CLIENTS)
async def test_a_client_ends_with_what_kubectl_has_after_hundreds_of_breaks_and_restarts(
    plane: Plane, kube: KubeClient, namespace: str, token: str, language: str, form: str
) -> None:
    async with Mischief([1]) as mischief:
        replicas = Replicas(plane, mischief, SHORT_HISTORY)
        await replicas.start()
        try:
            disasters: list[Callable[[], Awaitable[None]]] = [
                lambda which=number % 2: replicas.restart(which)  # type: ignore[misc]
                for number in range(6)
            ]
            async with CLIENTS[language](mischief.url, token, namespace, form) as client:
                await conforms(
                    client, mischief, kube, namespace,
                    disconnects=DISCONNECTS, seed=11, disasters=iter(disasters),
                )  # fmt: skip
        finally:
            await replicas.stop()


@pytest.mark.chaos
async def test_a_client_ends_with_what_kubectl_has_after_compactions_and_restarts_of_the_api_server(
    fresh_plane: Callable[[], Plane],
) -> None:
    plane = await asyncio.to_thread(fresh_plane)
    namespace = "default"
    token = person(plane.kubectl, namespace, "alice")

    async def compact_and_restart() -> None:
        await asyncio.to_thread(plane.compact_etcd)
        await asyncio.to_thread(plane.restart_apiserver)

    async with Mischief([1]) as mischief, KubeClient(KubeConfig.load(plane.kubeconfig)) as kube:
        replicas = Replicas(plane, mischief, 10_000)
        await replicas.start()
        try:
            async with python_client(mischief.url, token, namespace, "patch") as client:
                await conforms(
                    client, mischief, kube, namespace,
                    disconnects=80, seed=12, disasters=iter([compact_and_restart, compact_and_restart]),
                )  # fmt: skip
        finally:
            await replicas.stop()
