"""Row `live`: a change until the last of so many clients has it, beside as many plain watches on the API
server.

    driver ─▶ API server ─▶ gateway ─▶ N readers of /v1/stream (or /v1/ws)
                        └─▶ N readers of plain watches, in a turn of their own

All readers live in a process of their own (`bench.live_readers`) and do the least one can: they count
messages and look for the number of the change. CPU a message is what a process uses while changes come, less
what it uses in as long a time without (the gateway), or with the same changes and no watch at all (the API
server), over all messages that were delivered. Memory a client is what N connections add to the resident
memory.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from bench.raw import TASKS, RawApi, at_once
from bench.report import Report, Row, milliseconds, percentile
from bench.system import System
from todo_cli.local.processes import ports

GATEWAY = str(Path(sys.executable).with_name("todo-gateway"))
NAMESPACE = "bench-live"
PEOPLE = 10  # accounts that the clients log in as
OBJECTS = 50  # tasks in the namespace: the snapshot of each client
CHANGES = 10.0  # a second
FEWER_FROM, FEWER = 5_000, 2.0  # so many clients get as many messages a second as the cores can read
SETTLE = 3.0  # seconds after all have connected
ENOUGH_FOR_MEMORY = 1_000  # clients; of fewer, the API server's resident memory says nothing
CATCH_UP = 30.0  # seconds until the last message must have come
Source = Literal["stream", "ws", "watch"]


@dataclass(frozen=True)
class Turn:
    """Of one turn: latencies to the last client in seconds, and the costs of the process that serves."""

    latencies: list[float]
    delivered: int
    cpu: float  # seconds, of the server under test, while changes came
    idle: float  # seconds, of the same, as long without
    memory: float  # bytes a client

    @property
    def cpu_a_message(self) -> float:
        return max(0.0, self.cpu - self.idle) / max(1, self.delivered)


@contextmanager
def gateway(system: System, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A gateway of the administrator's kubeconfig; what its clients may is decided by their own tokens."""
    port, health = ports.choose(set()), ports.choose(set())
    settings = {
        "TODO_KUBECONFIG": str(system.kubeconfig),
        "TODO_GATEWAY_HOST": "127.0.0.1",
        "TODO_GATEWAY_PORT": str(port),
        "TODO_HEALTH_HOST": "127.0.0.1",
        "TODO_HEALTH_PORT": str(health),
        "TODO_LIVE_CONNECTIONS_PER_USER": "10000",
        "TODO_REQUESTS_PER_SECOND": "100000",
        "TODO_REQUEST_BURST": "100000",
        "TODO_LOGINS_PER_SECOND": "100000",
        "TODO_LOG_LEVEL": "warning",
    }
    with (folder / "bench-gateway.log").open("ab") as log:
        process = psutil.Popen([GATEWAY], env=os.environ | settings, stdout=log, stderr=log)
    try:
        deadline = time.perf_counter() + 60
        while not _answers(f"http://127.0.0.1:{health}/readyz"):
            if process.poll() is not None or time.perf_counter() > deadline:
                raise RuntimeError(f"the gateway did not start; see {folder}/bench-gateway.log")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Readers:
    """The process that reads. It says `{"connected": n}` when all are, and at the end what it saw."""

    def __init__(self, source: Source, url: str, count: int, tokens: list[str], ca: str) -> None:
        arguments = json.dumps(
            {"source": source, "url": url, "count": count, "tokens": tokens, "ca": ca, "namespace": NAMESPACE}
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.live_readers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(arguments)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the readers ended")
        found: dict[str, Any] = json.loads(line)
        return found

    def report(self, last: int) -> dict[str, Any]:
        """What all have seen, when everybody has seen the change of that number, or after a while."""
        self._say(json.dumps({"last": last, "within": CATCH_UP}))
        return self.hear()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


_numbers = itertools.count()  # of changes: a title that is there already would be no change


async def _change(api: RawApi, rate: float, seconds: float) -> dict[int, float]:
    """Changes at an even pace: the moment at which each was sent, by its number."""
    sent: dict[int, float] = {}
    started = time.perf_counter()
    for turn in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, started + turn / rate - time.perf_counter()))
        number = next(_numbers)
        sent[number] = time.time()
        path = f"{TASKS.format(namespace=NAMESPACE)}/task-{number % OBJECTS}"
        body = {"spec": {"title": f"tick {number} ."}}
        await api.call("PATCH", path, body, "application/merge-patch+json")
    return sent


async def _turn(
    api: RawApi,
    readers: Readers,
    server: psutil.Process,
    count: int,
    before: int,
    rate: float,
    seconds: float,
) -> Turn:
    await asyncio.to_thread(readers.hear)
    await asyncio.sleep(SETTLE)
    memory = (server.memory_info().rss - before) / max(1, count)
    at_rest = _cpu(server)
    await asyncio.sleep(seconds)
    began = _cpu(server)
    sent = await _change(api, rate, seconds)
    saw = await asyncio.to_thread(readers.report, max(sent))
    ended = _cpu(server)
    last = {int(number): moment for number, moment in saw["last"].items()}
    latencies = [last[number] - moment for number, moment in sent.items() if number in last]
    if missing := len(sent) - len(latencies):
        latencies += [CATCH_UP] * missing  # not left out: who never has it has it late
        print(
            f"    {missing} of {len(sent)} changes did not come to every client; {saw['lost']} lost",
            flush=True,
        )
    return Turn(latencies, saw["messages"], ended - began, began - at_rest, memory)


async def measure(system: System, report: Report, *, counts: tuple[int, ...], seconds: float) -> None:
    """One gateway and one turn for each number of clients and each way; the plain watches beside them."""
    tokens = await asyncio.to_thread(_people, system)
    ca, server = _cluster(system)
    async with RawApi.connect(system.kubeconfig) as api:
        names = [f"task-{number}" for number in range(OBJECTS)]
        await at_once([lambda name=name: api.create(NAMESPACE, name) for name in names])  # type: ignore[misc]
        apiserver = system.process("kube-apiserver")
        for count in counts:
            rate = FEWER if count >= FEWER_FROM else CHANGES
            found: dict[str, Turn] = {}
            for source in ("stream", "ws"):
                with gateway(system, system.folder / "logs") as (url, process):
                    one = Readers(
                        "stream", url, 1, tokens, ""
                    )  # starts the watch; its memory is not a client's
                    await asyncio.to_thread(one.hear)
                    before = process.memory_info().rss
                    readers = Readers(source, url, count, tokens, "")  # type: ignore[arg-type]
                    try:
                        found[source] = await _turn(api, readers, process, count, before, rate, seconds)
                    finally:
                        readers.end()
                        one.end()
            before, began = apiserver.memory_info().rss, _cpu(apiserver)
            await _change(api, rate, seconds)
            writes = _cpu(apiserver) - began
            readers = Readers("watch", server, count, tokens, ca)
            try:
                raw = await _turn(api, readers, apiserver, count, before, rate, seconds)
            finally:
                readers.end()
            raw = Turn(raw.latencies, raw.delivered, raw.cpu, max(writes, raw.idle), raw.memory)
            for source, turn in found.items():
                _rows(report, count, source, turn, raw, rate)


def _rows(report: Report, count: int, source: str, ours: Turn, raw: Turn, rate: float) -> None:
    many = f"{count:,} clients of /v1/{source}" if count > 1 else f"1 client of /v1/{source}"
    p50, p99 = (percentile(ours.latencies, share) for share in (0.5, 0.99))
    raw50, raw99 = (percentile(raw.latencies, share) for share in (0.5, 0.99))
    budget = count == 1_000
    report.add(
        Row(
            f"{many}: change → last, p50 / p99, {rate:g} changes/s",
            f"{milliseconds(p50)} / {milliseconds(p99)}",
            f"{milliseconds(raw50)} / {milliseconds(raw99)}",
            p99 / raw99,
            "p99 ≤ 100 ms" if budget else "",
            p99 <= 0.1 if budget else None,
        )
    )
    report.add(
        Row(
            f"{many}: CPU a message",
            f"{ours.cpu_a_message * 1e6:.1f} µs",
            f"{raw.cpu_a_message * 1e6:.1f} µs",
            ours.cpu_a_message / raw.cpu_a_message if raw.cpu_a_message else None,
            "≤ 1" if budget else "",
            ours.cpu_a_message <= raw.cpu_a_message if budget else None,
            "the API server speaks TLS, the gateway here does not (in a cluster its ingress speaks it)",
        )
    )
    report.add(
        Row(
            f"{many}: memory a client",
            f"{ours.memory / 1000:.1f} kB",
            f"{raw.memory / 1000:.1f} kB",
            ours.memory / raw.memory if raw.memory > 0 and count >= ENOUGH_FOR_MEMORY else None,
            "≤ 50 kB" if budget else "",
            ours.memory <= 50_000 if budget else None,
        )
    )


def _people(system: System) -> list[str]:
    """Tokens of accounts that may edit the namespace."""
    kubectl = system.kubectl
    kubectl("create", "namespace", NAMESPACE)
    tokens = []
    for number in range(PEOPLE):
        name = f"person-{number}"
        kubectl("create", "serviceaccount", name, f"--namespace={NAMESPACE}")
        kubectl(
            *("create", "rolebinding", name, f"--namespace={NAMESPACE}", "--clusterrole=edit"),
            f"--serviceaccount={NAMESPACE}:{name}",
        )
        tokens.append(kubectl.token(NAMESPACE, name, 3600))
    return tokens


def _cluster(system: System) -> tuple[str, str]:
    """The CA's certificate and the address of the API server."""
    from todotasks.kube.connection.config import KubeConfig  # noqa: PLC0415

    config = KubeConfig.load(system.kubeconfig)
    assert config.ca_data is not None
    return config.ca_data.decode(), config.server
