"""The consumer with Kafka and PostgreSQL: killed in the middle, fed again, and every event once in a "
"log that is proven."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest_asyncio

from tests.integration.webhook.conftest import free_port
from tests.support.plane import Plane
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.audit import Signer
from todotasks.audit.published import MAP_NAME
from todotasks.broker.producer import Producer
from todotasks.broker.topics import ensure_topics
from todotasks.events.data import Actor, AdmissionRequested, ObjectRef
from todotasks.events.emissions import admission_requested
from todotasks.events.envelope import HEADERS, CloudEvent, encode
from todotasks.store import Store
from todotasks.store.audit import AuditQuery

SCRIPTS = Path(sys.executable).parent
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
WITHIN = 90.0  # seconds


class Consumer:
    """A `todo-audit` process."""

    def __init__(self, home: Path, kubectl: Kubectl, settings: dict[str, str]) -> None:
        self.home, self._process = home, None
        self.port = free_port()
        (home / "token").write_text(kubectl.token("todotasks-system", "todotasks-audit", 3600))
        kubeconfig.write(
            home / "kubeconfig",
            cluster=kubectl.cluster(),
            user="audit",
            credentials={"tokenFile": str(home / "token")},
            namespace="todotasks-system",
        )
        (home / "key.pem").write_bytes(Signer.generate()[1])
        self.settings = {
            "TODO_KUBECONFIG": str(home / "kubeconfig"),
            "TODO_AUDIT_KEY_FILE": str(home / "key.pem"),
            "TODO_AUDIT_HEAD_EVERY": "1s",
            "TODO_HEALTH_HOST": "127.0.0.1",
            "TODO_HEALTH_PORT": str(self.port),
            **settings,
        }

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("TODO_", "KUBECONFIG"))}
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(  # type: ignore[assignment]
                [str(SCRIPTS / "todo-audit")], env=environment | self.settings, stdout=log, stderr=log
            )

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def end(self, *, kill: bool = False) -> None:
        if self._process is not None:
            process: subprocess.Popen[bytes] = self._process
            (process.kill if kill else process.terminate)()
            process.wait(30)
            self._process = None


@pytest_asyncio.fixture(loop_scope="session")
async def store(fresh_database: Callable[[], str]) -> AsyncIterator[tuple[Store, str]]:
    url = fresh_database()
    async with await Store.open(url) as opened:
        await opened.migrate()
        yield opened, url


def attempts(count: int) -> list[CloudEvent]:
    return [
        admission_requested(
            f"{os.getpid()}-{time.time_ns()}-{number}",
            AdmissionRequested(
                verb="create",
                kind="TodoTask",
                object=ObjectRef("home", f"task-{number}", f"uid-{number}"),
                user=Actor("ana", ("people",)),
            ),
            plural="todotasks",
            now=NOW + timedelta(seconds=number),
        )
        for number in range(count)
    ]


async def test_killed_and_fed_again_every_event_is_once_in_a_log_that_is_proven(
    plane: Plane, kubectl: Kubectl, fresh_kafka: Callable[[], Kafka], store: tuple[Store, str], tmp_path: Path
) -> None:
    opened, url = store
    # Of its own: the consumer reads whatever is in the topics, and other tests write there, too.
    kafka_bootstrap = fresh_kafka().address
    kafka = {"bootstrap.servers": kafka_bootstrap}
    await ensure_topics(kafka)
    settings = {"TODO_DATABASE_URL": url, "TODO_KAFKA_BOOTSTRAP": kafka_bootstrap}
    consumer = Consumer(tmp_path, kubectl, settings)
    events = attempts(3_000)

    async def feed(some: list[CloudEvent]) -> None:
        async with Producer(kafka) as producer:
            for event in some:
                await producer.send(event.topic, event.partitionkey, encode(event), HEADERS)

    async def count() -> int:
        return (await opened.audit.tip())[0]

    async def until(condition: Callable[[], "asyncio.Future[bool]"], what: str) -> None:
        deadline = time.monotonic() + WITHIN
        while not await condition():
            assert time.monotonic() < deadline, f"{what}: {(tmp_path / 'log').read_text()[-3000:]}"
            await asyncio.sleep(0.05)

    consumer.start()
    try:
        await feed(events)

        async def begun() -> bool:
            return await count() > 0

        await until(begun, "nothing came")  # type: ignore[arg-type]
        consumer.end(kill=True)
        await feed(events[::2])  # redelivered
        consumer.start()

        async def all_there() -> bool:
            return await count() >= len(events)

        await until(all_there, "not all came")  # type: ignore[arg-type]

        async def vouched() -> bool:
            heads = await opened.audit.heads(1)
            return bool(heads) and heads[0].seq == await count()

        await until(vouched, "no head")  # type: ignore[arg-type]
    finally:
        consumer.end()
    assert await count() == len(events)
    found = {row.entry["id"] for row in await opened.audit.find(AuditQuery(limit=10_000))}
    assert found == {event.id for event in events}

    answer = subprocess.run(
        [str(SCRIPTS / "todotasks"), "audit", "--data-dir", str(tmp_path), "verify", "--json"],
        env=os.environ | {"TODO_DATABASE_URL": url, "TODO_KUBECONFIG": str(plane.kubeconfig)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    verdict = msgspec.json.decode(answer.stdout)
    assert answer.returncode == 0, answer.stderr
    rows, _, last, heads, covered, finding = verdict
    assert (rows, last, covered, finding) == (3_000, 3_000, 3_000, None)
    assert heads >= 1
    kubectl("delete", "configmap", MAP_NAME, "-n", "todotasks-system")
