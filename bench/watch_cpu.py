"""`python -m bench.watch_cpu`: CPU per change of the reflector, beside a loop that only splits lines.

A server of this script's own replays the same watch to both over TLS, so that nothing but the reading is
measured; each reading is a process of its own, by its CPU time, and the two alternate.

    lines     aiohttp, chunks split into lines; nothing is decoded
    decoded   the same, each line decoded by `msgspec` into a dict
    ours      `Reflector` with `TodoTask`: retries, positions, metrics, typed objects and their raw JSON
"""

import asyncio
import json
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import msgspec
import trustme
import uvloop
from aiohttp import web

from todotasks.api import TodoTask
from todotasks.kube import KubeClient, KubeConfig, Reflector
from todotasks.kube.resources import TODOTASKS

EVENTS = 20_000
BATCH = 20  # events that the server writes at once
ROUNDS = 9
READ_BUFFER = 256 * 1024


def event(number: int) -> bytes:
    """A task's change as the API server sends it, 1 kB, a third of it managedFields."""
    names = ("completed", "notes", "priority", "tags", "title")
    fields: dict[str, object] = {f"f:{name}": {} for name in names}
    managed = {
        "apiVersion": "todotasks.dev/v1",
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {".": {}, **fields}},
        "manager": "todotasks",
        "operation": "Update",
        "time": "2026-01-01T00:00:00Z",
    }
    metadata = {
        "annotations": {"todotasks.dev/last-actor": "system:serviceaccount:todotasks-system:operator"},
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "generation": 1,
        "managedFields": [managed],
        "name": f"task-{number}",
        "namespace": "home",
        "resourceVersion": str(1000 + number),
        "uid": f"432067ae-8bf5-42c0-86a7-{number:012}",
    }
    spec = {"completed": False, "notes": "n" * 300, "priority": "Medium", "tags": ["a", "b"], "title": "Rent"}
    task = {"apiVersion": "todotasks.dev/v1", "kind": "TodoTask", "metadata": metadata, "spec": spec}
    return json.dumps({"type": "MODIFIED", "object": task}, separators=(",", ":")).encode() + b"\n"


async def lines(url: str, ca: str) -> int:
    return await _read(url, ca, lambda found: None)


async def decoded(url: str, ca: str) -> int:
    decode = msgspec.json.Decoder().decode
    return await _read(url, ca, lambda found: [decode(line) for line in found])


async def _read(url: str, ca: str, use: Callable[[list[bytes]], object]) -> int:
    context = ssl.create_default_context(cafile=ca)
    connector = aiohttp.TCPConnector(ssl=context)
    async with (
        aiohttp.ClientSession(connector=connector, read_bufsize=READ_BUFFER) as session,
        session.get(f"{url}/?watch=true", timeout=aiohttp.ClientTimeout(total=None)) as answer,
    ):
        count, rest = 0, b""
        async for chunk in answer.content.iter_any():
            found = (rest + chunk).split(b"\n")
            rest = found.pop()
            use(found)
            count += len(found)
            if count >= EVENTS:
                break
        return count


async def ours(url: str, ca: str) -> int:
    config = KubeConfig(server=url, ca_data=Path(ca).read_bytes(), token="x")
    count = 0
    async with KubeClient(config) as client:
        async for batch in Reflector(client, TODOTASKS, TodoTask, resume_from="999"):
            count += len(batch.changes)  # type: ignore[union-attr]
            if count >= EVENTS:
                break
    return count


READERS: dict[str, Callable[[str, str], Awaitable[int]]] = {"lines": lines, "decoded": decoded, "ours": ours}


async def replay(request: web.Request) -> web.StreamResponse:
    if "watch" not in request.query:  # the reflector asks where the server is before it resumes
        return web.json_response({"metadata": {"resourceVersion": "999"}, "items": []})
    response = web.StreamResponse()
    await response.prepare(request)
    for batch in request.app[BATCHES]:
        await response.write(batch)
    await asyncio.sleep(60)
    return response


BATCHES = web.AppKey("batches", list[bytes])


async def serve() -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    app = web.Application()
    events = [event(number) for number in range(EVENTS)]
    app[BATCHES] = [b"".join(events[at : at + BATCH]) for at in range(0, EVENTS, BATCH)]
    app.router.add_get("/{path:.*}", replay)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    with TemporaryDirectory() as folder:
        ca = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(str(ca))
        for _ in range(ROUNDS):
            for name in READERS:
                command = [sys.executable, "-m", "bench.watch_cpu", name, url, str(ca)]
                answer = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
                taken[name].append(float(answer.stdout.split()[-1]))
    await runner.cleanup()
    raw = statistics.median(taken["lines"])
    print(f"{len(event(0))} bytes an event, {EVENTS:,} events, {ROUNDS} rounds; µs of CPU an event")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:8} median {median:5.1f}  least {min(times):5.1f}  {median / raw:4.1f}x")


def main() -> None:
    if len(sys.argv) == 1:
        uvloop.run(serve())
        return
    name, url, ca = sys.argv[1:]
    reader = READERS[name]

    async def measure() -> float:
        before = time.process_time()
        count = await reader(url, ca)
        return (time.process_time() - before) / count * 1e6

    print(uvloop.run(measure()))


if __name__ == "__main__":
    main()
