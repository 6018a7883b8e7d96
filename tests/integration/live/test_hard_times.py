"""Slow readers, bad input, the end of a gateway, reminders that fire: each harms nobody else."""

import asyncio
import base64
import os
import socket

import pytest

from tests.integration.live.conftest import StartGateway
from tests.integration.live.reading import looking_on, make, retitle, there
from tests.support.gateway import RunningGateway
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import REMINDERS, TODOTASKS

WAYS = ("sse", "ws")
BIG = "n" * 16_000


async def test_who_reads_slowly_gets_the_last_state_of_each_object_and_nobody_waits(
    start_gateway: StartGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    gateway = await start_gateway()
    query = f"namespace={namespace}"
    async with deaf(gateway, token, query) as slow, looking_on(gateway, token, query) as other:
        await other.until("ready")
        await slow.head()
        for number in range(8):
            await make(kube, namespace, f"task-{number}")
        for turn in range(60):  # 8 MB: more than all buffers of a socket on this machine
            for number in range(8):
                patch = {"spec": {"notes": BIG, "title": f"turn {turn}"}}
                await kube.patch(TODOTASKS, f"task-{number}", patch, namespace)
        await other.until("change", lambda message: message.title == "turn 59")
        events = await slow.read_until("turn 59")
        assert "reset" not in events
        assert len([each for each in events if each == "change"]) < 8 * 60


async def test_whose_queue_overflows_begins_anew_with_a_snapshot(
    start_gateway: StartGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    gateway = await start_gateway(live_queue=5)
    async with deaf(gateway, token, f"namespace={namespace}") as slow:
        await slow.head()
        for number in range(20):
            await make(kube, namespace, f"task-{number}", notes=BIG)
        for turn in range(30):
            for number in range(20):
                patch = {"spec": {"title": f"turn {turn}"}}
                await kube.patch(TODOTASKS, f"task-{number}", patch, namespace)
        events = await slow.read_until("turn 29")
        assert "reset" in events
        assert "snapshot" in events[events.index("reset") :]


@pytest.mark.parametrize("how", WAYS)
async def test_a_gateway_that_ends_tells_everybody_when_to_come_back(
    start_gateway: StartGateway, namespace: str, token: str, how: str
) -> None:
    gateway = await start_gateway()
    query = f"namespace={namespace}"
    waits = []
    async with (
        looking_on(gateway, token, query, how=how) as one,
        looking_on(gateway, token, query, how=how) as two,
    ):
        for reader in (one, two):
            await reader.until("ready")
        gateway.gateway.stopping.set()
        for reader in (one, two):
            closing = await reader.until("closing")
            assert (closing.data["code"], closing.data["reason"]) == (1001, "Draining")
            waits.append(closing.data["retryAfter"])
            await reader.rest()
            if how == "ws":
                assert reader.answer.close_code == 1001
    assert waits[0] != waits[1]
    async with gateway("GET", f"/v1/stream?{query}", token) as answer:
        assert answer.status == 503


async def test_bad_queries_are_answered_with_what_is_wrong(
    gateway: RunningGateway, namespace: str, token: str
) -> None:
    for query, word in {
        "namespace=Home": "namespace",
        "namespace=a%0Ab": "namespace",
        "kind=pods": "kind",
        "kind=": "kind",
        "labelSelector=a%20in%20(b": "labelSelector",
        "labelSelector=,": "labelSelector",
        "labelSelector=a%3D%3D%3Db": "labelSelector",
        "form=xml": "form",
        "cursors=1": "cursors",
        "project=": "project",
        "cursor=" + "A" * 2000: "cursor",
        "&".join(f"namespace=n{number}" for number in range(51)): "namespace",
    }.items():
        async with gateway("GET", f"/v1/stream?{query}", token) as answer:
            assert answer.status == 400, query
            problem = await answer.json(content_type=None)
            assert problem["errors"][0]["path"].startswith(word), problem
        async with looking_on(gateway, token, query, how="ws") as reader:
            [closing] = await reader.rest()
            assert closing.data["code"] == 4400
            assert word in closing.data["detail"]
    async with gateway("GET", "/v1/ws", token) as answer:
        assert answer.status == 400
    async with gateway("GET", "/v1/stream") as answer:
        assert answer.status == 401


async def test_what_is_sent_to_a_stream_ends_that_one_and_no_other(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    query = f"namespace={namespace}"
    async with looking_on(gateway, token, query) as other:
        await other.until("ready")
        for sent, code in (("hello", 1003), ("x" * 5_000, 1009)):
            async with looking_on(gateway, token, query, how="ws") as reader:
                await reader.until("ready")
                await reader.answer.send_str(sent)
                await reader.rest()
                assert reader.answer.close_code == code
        for broken in (
            b"\xff\xff\xff\xff",
            b"\x81\xfe\xff",
            os.urandom(200),
            b"\x81\x02hi",
        ):  # without a mask
            assert await raw_websocket(gateway, token, query, broken) in {b"", b"\x88"}
        await make(kube, namespace, "still-here")
        assert (await other.until("change")).name == "still-here"


@pytest.mark.parametrize("how", WAYS)
async def test_a_reminder_that_fires_comes_with_what_to_do_about_it(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str, how: str
) -> None:
    await make(kube, namespace, "rent", title="Pay the rent", due="2030-01-01")
    reminder = {
        "metadata": {"name": "call", "namespace": namespace},
        "spec": {"taskRef": {"name": "rent"}, "at": "2027-01-01T09:00:00Z", "message": "now"},
    }
    await kube.create(REMINDERS, reminder, namespace)
    query = f"namespace={namespace}&kind=reminders&kind=todotasks"
    async with (
        looking_on(gateway, token, query, how=how) as reader,
        looking_on(gateway, token, f"namespace={namespace}&kind=reminders", how=how) as narrow,
    ):
        await reader.until("ready")
        await narrow.until("ready")
        status = {"status": {"firedAt": "2027-01-01T09:00:00Z", "firedCount": 1}}
        await kube.patch(REMINDERS, "call", status, namespace, subresource="status")
        fired = (await reader.until("fired")).data
        assert fired["reminder"]["name"] == "call"
        assert fired["firedAt"] == "2027-01-01T09:00:00Z"
        assert fired["message"] == "now"
        assert fired["task"] == {
            "name": "rent", "title": "Pay the rent", "due": "2030-01-01", "completed": False,
        }  # fmt: skip
        assert (await reader.next()).event == "change"
        assert (await narrow.until("fired")).data["task"] == {"name": "rent"}
        async with gateway("POST", "/v1/edits", token, json=fired["actions"]["snooze"]) as answer:
            assert answer.status == 200
            assert (await answer.json())["edits"][0]["result"] == "done"
        async with gateway("POST", "/v1/edits", token, json=fired["actions"]["done"]) as answer:
            assert (await answer.json())["edits"][0]["result"] == "done"
    assert next(iter((await there(kube, namespace)).values()))["spec"]["completed"] is True


async def test_a_client_of_http_1_0_is_served_without_chunks(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.url.rpartition(":")[2]))
    head = (
        f"GET /v1/stream?namespace={namespace} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    writer.write(head.encode())
    async with asyncio.timeout(30):
        assert b"chunked" not in (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readuntil(b"event: ready\n")
        await retitle_made(kube, namespace)
        assert (await reader.readuntil(b"event: change\n")).startswith(b"data: ")
    writer.close()


async def retitle_made(kube: KubeClient, namespace: str) -> None:
    await make(kube, namespace, "rent")
    await retitle(kube, namespace, "rent", "the rent")


# ── clients that behave badly ────────────────────────────────────────────────────────────────────────
class deaf:
    """Opens a stream with the smallest buffer there is and reads only when told to."""

    def __init__(self, gateway: RunningGateway, token: str, query: str) -> None:
        self._gateway, self._token, self._query = gateway, token, query
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)

    async def __aenter__(self) -> "deaf":
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, ("127.0.0.1", int(self._gateway.url.rpartition(":")[2])))
        head = (
            f"GET /v1/stream?{self._query} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        )
        await loop.sock_sendall(self._socket, head.encode())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()

    async def head(self) -> None:
        """Read up to `ready`, and then no more."""
        await self._read(b"event: ready")

    async def read_until(self, word: str) -> list[str]:
        """Read on until an object says so; the names of all events up to there."""
        text = await self._read(word.encode())
        return [line[7:] for line in text.decode(errors="replace").splitlines() if line.startswith("event: ")]

    async def _read(self, until: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        found = bytearray()
        async with asyncio.timeout(60):
            while until not in found[-200_000:]:
                chunk = await loop.sock_recv(self._socket, 65_536)
                assert chunk, found[-300:]
                found += chunk
        return bytes(found)


async def raw_websocket(gateway: RunningGateway, token: str, query: str, sent: bytes) -> bytes:
    """Shake hands, send bytes that are no frame, and see how it ends: the first byte of the last frame."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.url.rpartition(":")[2]))
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /v1/ws?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    async with asyncio.timeout(30):
        await reader.readuntil(b'"ready"')
        await reader.readuntil(b'"}')
        writer.write(sent)
        writer.write_eof()  # half a frame is no error before it is known that nothing follows
        rest = await reader.read()
    writer.close()
    return rest[:1]
