"""What any client of the live stream can be put through.

    writer ──▶ API server ──▶ gateway A, gateway B ──▶ Mischief (a TCP proxy) ──▶ the client under test

While somebody changes tasks without a pause, Mischief cuts the client's connections and sends it from one
gateway to the other, and gateways end and come back. In the end the client must have exactly what `kubectl
get` has. A client is anything that fits `ClientUnderTest`; test_conformance.py has those of the product.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol, Self

from tests.integration.live.reading import there
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import TODOTASKS

CAUGHT_UP_WITHIN = 60.0  # seconds
NAMES = 40


class ClientUnderTest(Protocol):
    """Made with the proxy's address; it may take as many connections as it likes, one at a time."""

    async def objects(self) -> dict[str, dict[str, Any]]:
        """All that it has now, by uid, as it would show it."""
        ...


class Mischief:
    """A TCP proxy before two gateways: `cut` breaks what is open, `turn` sends the next one elsewhere."""

    def __init__(self, targets: list[int]) -> None:
        self.targets = targets
        self.connections = 0
        self.disconnects = 0
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

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
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> int:
        """How many connections it broke, without a word to either side."""
        broken = len(self._open) // 2
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()
        self.disconnects += broken
        return broken

    def turn(self) -> None:
        self._turn = (self._turn + 1) % len(self.targets)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            there, here = await asyncio.open_connection("127.0.0.1", self.targets[self._turn])
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, here}
        try:
            await asyncio.gather(self._pipe(reader, here), self._pipe(there, writer))
        finally:
            for each in (writer, here):
                self._open.discard(each)
                each.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()


async def write(kube: KubeClient, namespace: str, chance: random.Random, until: asyncio.Event) -> int:
    """Random changes, one after the other, until told to stop; how many."""
    done = 0
    while not until.is_set():
        name = f"task-{chance.randrange(NAMES)}"
        patch: dict[str, Any] = {
            "title": f"change {done}",
            "notes": None if chance.random() < 0.5 else "n" * chance.randrange(2_000),
            "tags": chance.sample(["home", "work", "money"], chance.randrange(4)),
        }
        with suppress(KubeError):  # not there, there already, or the API server is away for a moment
            if chance.random() < 0.2:
                await kube.delete(TODOTASKS, name, namespace)
            elif chance.random() < 0.4:
                body = {"metadata": {"name": name, "namespace": namespace}, "spec": {"title": name}}
                await kube.create(TODOTASKS, body, namespace)
            else:
                await kube.patch(TODOTASKS, name, {"spec": patch}, namespace)
            done += 1
    return done


async def conforms(
    client: ClientUnderTest,
    mischief: Mischief,
    kube: KubeClient,
    namespace: str,
    *,
    disconnects: int,
    seed: int,
    disasters: Iterator[Callable[[], Awaitable[None]]],
) -> None:
    """Run it all; `AssertionError` where the client ends with anything else than what is there.

    `disasters` are done one by one, evenly among the disconnects.
    """
    chance = random.Random(seed)
    stop = asyncio.Event()
    writing = asyncio.create_task(write(kube, namespace, random.Random(seed + 1), stop))
    planned = list(disasters)
    marks = [disconnects * (number + 1) // (len(planned) + 1) for number in range(len(planned))]
    try:
        while mischief.disconnects < disconnects:
            while marks and mischief.disconnects >= marks[0]:
                marks.pop(0)
                await planned.pop(0)()
            await asyncio.sleep(chance.uniform(0.005, 0.08))
            if chance.random() < 0.4:
                mischief.turn()
            mischief.cut()
            assert not writing.done(), writing.exception()
    finally:
        stop.set()
        written = await writing
    assert written > disconnects / 10, f"only {written} changes: the test has not tested much"
    wanted = await there(kube, namespace)
    have: dict[str, dict[str, Any]] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(CAUGHT_UP_WITHIN):
            while (have := await client.objects()) != wanted:
                await asyncio.sleep(0.05)
    assert have.keys() == wanted.keys(), f"seed {seed}"
    assert have == wanted, f"seed {seed}"
