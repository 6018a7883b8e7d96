"""Push services by Apprise, in processes of its own: what they may reach, what is told, who waits alone."""

import asyncio
import contextlib
import functools
import gzip
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.reminders import a_due_event
from todo_consumers.notifier.channels.push import MEMORY, PushChannel, PushPool
from todo_consumers.notifier.notification import Notification, read_notification
from todo_consumers.notifier.outcome import Permanent, Temporary
from todotasks.events import encode

SECRET_ANSWER = "the answer of an inside host"


@functools.cache
def bomb() -> bytes:
    """256 kB that are unpacked to 256 MB."""
    return gzip.compress(bytes(256 << 20), 6)


def a_notification() -> Notification:
    event = a_due_event()
    return read_notification(event, encode(event))


class Service:
    """A push service that answers as it is told, or not at all."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.hang = asyncio.Event()
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.got.append((await request.read()).decode())
        if "slow" in self.got[-1]:
            await self.hang.wait()
        if "flood" in self.got[-1]:
            return await self._flood(request)
        if "bomb" in self.got[-1]:
            return web.Response(body=bomb(), headers={"Content-Encoding": "gzip"})
        status = 403 if "bad" in self.got[-1] else 200
        return web.Response(status=status, text=SECRET_ANSWER)

    async def _flood(self, request: web.Request) -> web.StreamResponse:
        """An answer of 256 MB, or as much of it as somebody reads."""
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(256):
                await response.write(bytes(1 << 20))
        return response


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    found = Service()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.handle)
    async with TestServer(app) as server:
        found.port = server.port or 0
        yield found
        found.hang.set()


@pytest.fixture
async def pool() -> AsyncIterator[PushPool]:
    made = PushPool(allow_private=True, timeout=20)
    yield made
    await made.close()


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://127.0.0.1:{port}/topic",
        "ntfy://localhost:{port}/topic",
        "gotify://127.0.0.1:{port}/tokentoken",
        "workflows://127.0.0.1:{port}/abcdef/ghijkl",  # hosted elsewhere, unless the URL says otherwise
        "matrix://u:p@localhost:{port}/#r",
        "mmost://127.0.0.1:{port}/aaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
async def test_a_push_service_in_the_private_network_is_not_reached(url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        pool = PushPool(allow_private=False)
        try:
            channel = PushChannel(url.format(port=server.getsockname()[1]), pool)
            with pytest.raises(Permanent, match="not at a public address"):
                await channel.send(a_notification())
        finally:
            await pool.close()
        with pytest.raises(TimeoutError):
            server.accept()


async def test_a_message_arrives(service: Service, pool: PushPool) -> None:
    await PushChannel(f"ntfy://127.0.0.1:{service.port}/good", pool).send(a_notification())
    [got] = service.got
    assert "Pay the rent" in got


async def test_of_a_refusal_only_the_number_is_told(service: Service, pool: PushPool) -> None:
    with pytest.raises(Temporary) as caught:
        await PushChannel(f"ntfy://127.0.0.1:{service.port}/bad", pool).send(a_notification())
    assert str(caught.value) == "the service did not accept it: it answered 403"


async def test_two_at_once_see_only_their_own_refusal(service: Service, pool: PushPool) -> None:
    """The reason of one once stood in the status of the other, with its token."""
    first = PushChannel(f"ntfy://127.0.0.1:{service.port}/bad?to=bad", pool, namespace="a")
    second = PushChannel(f"gotify://127.0.0.1:{service.port}/tokentokentoken", pool, namespace="b")
    results = await asyncio.gather(
        first.send(a_notification()), second.send(a_notification()), return_exceptions=True
    )
    assert isinstance(results[0], Temporary)
    assert "403" in str(results[0])
    assert results[1] is None


@pytest.mark.parametrize("answer", ["flood", "bomb"])
async def test_however_much_a_service_answers_the_process_keeps_within_its_memory(
    service: Service, pool: PushPool, answer: str
) -> None:
    """The clients of Apprise's plugins read an answer whole and unpack it."""
    with pytest.raises(Temporary, match=r"^the service did not accept it"):
        await PushChannel(f"ntfy://127.0.0.1:{service.port}/{answer}", pool).send(a_notification())
    [(process, _)] = pool._idle
    peak = next(
        line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if "VmHWM" in line
    )
    assert int(peak.split()[1]) << 10 < MEMORY + (48 << 20), (
        "its own memory, and the libraries that all share"
    )
    await PushChannel(f"ntfy://127.0.0.1:{service.port}/good", pool).send(a_notification())


async def test_a_service_that_never_answers_delays_no_other_namespace(
    service: Service, pool: PushPool
) -> None:
    slow = PushChannel(f"ntfy://127.0.0.1:{service.port}/slow", pool, namespace="slow")
    good = PushChannel(f"ntfy://127.0.0.1:{service.port}/good", pool, namespace="good")
    waiting = [asyncio.create_task(slow.send(a_notification())) for _ in range(12)]
    await good.send(a_notification())
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await good.send(a_notification())


async def test_a_process_that_hangs_is_ended(service: Service) -> None:
    pool = PushPool(allow_private=True, timeout=20)
    slow = PushChannel(f"ntfy://127.0.0.1:{service.port}/slow", pool)
    sending = asyncio.create_task(slow.send(a_notification()))
    while not service.got:
        await asyncio.sleep(0.02)
    [process] = pool._busy
    pool_closed = asyncio.create_task(pool.close())
    with pytest.raises(Temporary, match="the process that talks to the service ended"):
        await sending
    await pool_closed
    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
