"""Many readers of a live stream or of plain watches in one process: `bench.live` starts it and asks it.

Each reader is a protocol of asyncio that looks for `tick <number> .` in what comes and keeps nothing else.
"""

import asyncio
import base64
import json
import os
import re
import ssl
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import uvloop

TICK = re.compile(rb"tick (\d+) \.")
LONGEST_TICK = 24  # bytes; of a chunk that ends within one, so much is kept
CONNECT_AT_ONCE = 64
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"  # RFC 6455 §5.5; who does not answer is taken for dead


class Tally:
    """What all have seen."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.seen: dict[int, int] = {}
        self.last: dict[int, float] = {}
        self.messages = 0
        self.complete = asyncio.Event()
        self.ready = 0
        self.all_ready = asyncio.Event()
        self.lost = 0

    def tick(self, number: int) -> None:
        self.messages += 1
        seen = self.seen[number] = self.seen.get(number, 0) + 1
        if seen == self.count:
            self.last[number] = time.time()
            self.complete.set()

    def is_ready(self) -> None:
        self.ready += 1
        if self.ready >= self.count:
            self.all_ready.set()


class Reader(asyncio.Protocol):
    __slots__ = ("_begun", "_rest", "_start", "_tally", "_transport")

    def __init__(self, tally: Tally, request: bytes, start: bytes) -> None:
        self._tally = tally
        self._start = start
        self._begun = False
        self._rest = b""
        self._transport: Any = request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        request, self._transport = self._transport, transport
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if not self._begun:
            self._rest += data
            if self._start not in self._rest:
                return
            status = self._rest.split(b"\r\n", 1)[0]
            if b" 200 " not in status and b" 101 " not in status:
                raise RuntimeError(f"a reader was refused: {self._rest[:500]!r}")
            data, self._rest, self._begun = self._rest.partition(self._start)[2], b"", True
            self._tally.is_ready()
        text = self._rest + data
        if PING in text:
            self._transport.write(PONG)
        end = 0
        for found in TICK.finditer(text):
            self._tally.tick(int(found[1]))
            end = found.end()
        self._rest = text[max(end, len(text) - LONGEST_TICK) :]

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.lost += 1


def request_of(asked: dict[str, Any], number: int, version: str) -> tuple[bytes, bytes]:
    """The bytes to send, and those behind which it has begun."""
    token = asked["tokens"][number % len(asked["tokens"])]
    host = urlsplit(asked["url"]).netloc
    head = f"Host: {host}\r\nAuthorization: Bearer {token}\r\n"
    namespace = asked["namespace"]
    if asked["source"] == "watch":
        path = f"/apis/todotasks.dev/v1/namespaces/{namespace}/todotasks?watch=1&resourceVersion={version}"
        return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode(), b"\r\n\r\n"
    if asked["source"] == "ws":
        key = base64.b64encode(os.urandom(16)).decode()
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        head += f"Sec-WebSocket-Key: {key}\r\n"
        return f"GET /v1/ws?namespace={namespace} HTTP/1.1\r\n{head}\r\n".encode(), b'"event":"ready"'
    return f"GET /v1/stream?namespace={namespace} HTTP/1.1\r\n{head}\r\n".encode(), b"event: ready"


async def present_version(asked: dict[str, Any], context: ssl.SSLContext | None) -> str:
    import aiohttp  # noqa: PLC0415 - for this one request

    url = f"{asked['url']}/apis/todotasks.dev/v1/namespaces/{asked['namespace']}/todotasks?limit=1"
    headers = {"Authorization": f"Bearer {asked['tokens'][0]}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers, ssl=context) as answer:
        return str((await answer.json())["metadata"]["resourceVersion"])


async def main() -> None:
    loop = asyncio.get_running_loop()
    asked = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    context = ssl.create_default_context(cadata=asked["ca"]) if asked["ca"] else None
    version = await present_version(asked, context) if asked["source"] == "watch" else ""
    parts, tally = urlsplit(asked["url"]), Tally(asked["count"])
    limit = asyncio.Semaphore(CONNECT_AT_ONCE)

    async def connect(number: int) -> None:
        request, start = request_of(asked, number, version)
        async with limit:
            await loop.create_connection(
                lambda: Reader(tally, request, start), parts.hostname, parts.port, ssl=context
            )

    await asyncio.gather(*(connect(number) for number in range(asked["count"])))
    await asyncio.wait_for(tally.all_ready.wait(), 120)
    print(json.dumps({"connected": tally.ready}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wanted = json.loads(line)
        deadline = time.monotonic() + wanted["within"]
        while wanted["last"] not in tally.last and time.monotonic() < deadline:
            tally.complete.clear()
            try:
                await asyncio.wait_for(tally.complete.wait(), 1.0)
            except TimeoutError:
                continue
        report = {"last": tally.last, "messages": tally.messages, "lost": tally.lost}
        print(json.dumps(report), flush=True)
        tally.seen, tally.last, tally.messages = {}, {}, 0


if __name__ == "__main__":
    uvloop.run(main())
