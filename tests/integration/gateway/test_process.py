"""`todo-gateway` as a process: its settings, TLS, a flood, and how it ends."""

import asyncio
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import trustme

from tests.integration.gateway.processes import GatewayProcess
from tests.support.gateway import person
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import TODOTASKS

FLOOD = 1000  # requests a second
FLOOD_SECONDS = 2


@pytest.fixture
def process(plane: Plane, tmp_path: Path) -> Iterator[GatewayProcess]:
    made = GatewayProcess(plane, tmp_path)
    made.start()
    yield made
    made.kill()


def session_url(process: GatewayProcess, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{process.port}/v1/session"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_flood_of_1000_requests_a_second_is_turned_away_and_the_others_are_served(
    process: GatewayProcess, token: str, kubectl: Kubectl, namespace: str
) -> None:
    bob = person(kubectl, namespace, "bob")
    await asyncio.to_thread(process.wait_ready)
    flood: Counter[int] = Counter()
    others: Counter[int] = Counter()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=100), timeout=aiohttp.ClientTimeout(total=60)
    ) as session:

        async def ask(token: str, count: Counter[int]) -> None:
            async with session.get(session_url(process), headers=bearer(token)) as answer:
                await answer.read()
                count[answer.status] += 1

        async with asyncio.TaskGroup() as group:
            began = time.monotonic()
            for number in range(FLOOD * FLOOD_SECONDS):
                if number % 20 == 0:  # the pace, in steps that a timer can keep
                    await asyncio.sleep(max(0.0, began + number / FLOOD - time.monotonic()))
                # A third each: one real user, one bad token, ever new bad tokens.
                whose = (token, "wrong", f"wrong-{number}")[number % 3]
                group.create_task(ask(whose, flood))
                if number % 100 == 0:
                    group.create_task(ask(bob, others))
            status, _ = await asyncio.to_thread(process.probe, "/healthz")
            assert status == 200
    assert flood.total() == FLOOD * FLOOD_SECONDS
    assert set(flood) <= {200, 401, 429}
    assert flood[429] > 0
    assert others == {200: FLOOD * FLOOD_SECONDS // 100}
    assert process.process.poll() is None
    assert len(process.log.read_text().splitlines()) < 100  # not a flood of the log, too


async def test_a_request_that_runs_is_finished_when_the_process_is_asked_to_end(
    process: GatewayProcess, token: str
) -> None:
    await asyncio.to_thread(process.wait_ready)
    body = f'{{"token": "{token}"}}'.encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
    writer.write(
        b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body[:20]
    )
    await writer.drain()
    await wait_for_line(process, "todotasks_gateway_requests_in_flight 1.0")
    process.ask_to_end()
    async with asyncio.timeout(30):
        while process.probe("/readyz")[0] == 200:
            await asyncio.sleep(0.02)
    writer.write(body[20:])
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200"), answer
    assert await asyncio.to_thread(process.wait_end) == 0
    assert '"ended"' in process.log.read_text()


async def wait_for_line(process: GatewayProcess, line: str) -> None:
    async with asyncio.timeout(30):
        while line not in (await asyncio.to_thread(process.probe, "/metrics"))[1]:
            await asyncio.sleep(0.05)


async def test_with_a_certificate_it_speaks_https_and_asks_browsers_to_stay_there(
    plane: Plane, tmp_path: Path, token: str
) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "tls.pem"))
    process = GatewayProcess(
        plane,
        tmp_path,
        TODO_GATEWAY_TLS_CERT=str(tmp_path / "tls.pem"),
        TODO_GATEWAY_TLS_KEY=str(tmp_path / "tls.pem"),
    )
    process.start()
    try:
        await asyncio.to_thread(process.wait_ready)
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        async with aiohttp.ClientSession() as session:
            url = session_url(process, "https")
            async with session.post(url, json={"token": token}, ssl=trusting) as answer:
                assert answer.status == 200
                assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
                assert "Secure" in answer.headers["Set-Cookie"]
    finally:
        process.kill()


async def test_nothing_of_a_token_stands_in_the_log(process: GatewayProcess, token: str) -> None:
    await asyncio.to_thread(process.wait_ready)
    async with aiohttp.ClientSession() as session:
        async with session.get(session_url(process), headers=bearer(token)) as answer:
            assert answer.status == 200
        async with session.post(session_url(process), json={"token": token}) as answer:
            assert answer.status == 200
        async with session.get(session_url(process), headers=bearer("a-wrong-token")) as answer:
            assert answer.status == 401
    process.ask_to_end()
    assert await asyncio.to_thread(process.wait_end) == 0
    log = process.log.read_text()
    assert '"route":"/v1/session"' in log
    assert token[-40:] not in log
    assert "a-wrong-token" not in log


def test_settings_that_cannot_work_are_all_named_at_once() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "chat_gateway.server.main"],
        env={
            "TODO_GATEWAY_PORT": "70000",
            "TODO_SESSION_KEYS": "short",
            "TODO_CORS_ORIGINS": "https://todo.example.com/path",
            "TODO_TRUSTED_PROXIES": "10.0.0.0/99",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 2
    for name in ("TODO_GATEWAY_PORT", "TODO_SESSION_KEYS", "TODO_CORS_ORIGINS", "TODO_TRUSTED_PROXIES"):
        assert f"todo-gateway: {name} (the environment) must be" in answer.stderr
    assert "short" not in answer.stderr


# ── what answers hold while they are made ────────────────────────────────────────────────────────────
TASKS = 800
NOTES = "x" * 4_000  # of each, so that one list is 4 MB
MEMORY = 250 * 2**20  # bytes that it may grow by; 64 such answers at once would hold over a gigabyte


async def test_whole_lists_and_calendars_of_many_at_once_stay_within_a_bound_and_the_others_are_served(
    process: GatewayProcess, plane: Plane, kubectl: Kubectl, namespace: str
) -> None:
    await asyncio.to_thread(process.wait_ready)
    room = asyncio.Semaphore(16)

    async def make(kube: KubeClient, number: int) -> None:
        async with room:
            metadata = {"name": f"t{number}", "namespace": namespace}
            spec = {"title": f"task {number}", "notes": NOTES, "due": "2099-01-01"}
            await kube.create(TODOTASKS, {"metadata": metadata, "spec": spec})

    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as kube:
        await asyncio.gather(*(make(kube, number) for number in range(TASKS)))
    crowd = [person(kubectl, namespace, f"ana{number}", role="edit") for number in range(8)]
    bob = person(kubectl, namespace, "bob", role="edit")
    host = f"http://127.0.0.1:{process.port}"
    lists = {"namespace": namespace, "commands": [{"action": "list"}] * 50}
    codes: Counter[int] = Counter()
    before, _ = memory_of(process)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=280)) as session:

        async def calendar(token: str) -> None:
            async with session.get(
                f"{host}/v1/calendar.ics", params={"namespace": namespace}, headers=bearer(token)
            ) as answer:
                await answer.read()
                codes[answer.status] += 1

        async def edits(token: str) -> None:
            async with session.post(f"{host}/v1/edits", json=lists, headers=bearer(token)) as answer:
                await answer.read()
                codes[answer.status] += 1

        crowding = asyncio.gather(*(ask(token) for token in crowd * 4 for ask in (calendar, edits)))
        for _ in range(3):
            async with session.get(f"{host}/v1/session", headers=bearer(bob)) as answer:
                assert answer.status == 200
        await crowding
    assert codes[200] > 0
    assert set(codes) <= {200, 429, 503, 504}, codes
    _, most = memory_of(process)
    print(f"from {before / 2**20:.0f} to at most {most / 2**20:.0f} MiB; {dict(codes)}")
    assert most - before < MEMORY


def memory_of(process: GatewayProcess) -> tuple[int, int]:
    """Bytes of it that are in memory: now, and at most so far."""
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    found = dict(line.split(":", 1) for line in status.splitlines())
    now, most = (int(found[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return now, most
