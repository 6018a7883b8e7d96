"""The whole system as separate processes, each of which a test may kill, pause and start again."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from tests.support.plane import Plane
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres

LEASE_SECONDS = 10  # shorter than in a cluster, long enough for a busy machine to renew in time
READY_TIMEOUT = 60.0  # seconds
RESTART_AFTER = 1.0  # seconds; the kubelet, too, waits before a restart


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Part:
    """One `todo-operator` process with the given components.

    `kept`: it is started again when it ends by itself, as the kubelet would. (A leader that cannot renew its
    Lease ends: while the API server is away that is everyone.)
    """

    def __init__(
        self, name: str, components: str, environment: dict[str, str], log: Path, *, kept: bool
    ) -> None:
        self.name, self.components, self.log = name, components, log
        self.ended_by_itself = 0
        self._keep = threading.Event() if kept else None
        self.port = free_port()
        self.environment = environment | {"TODO_HEALTH_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "todo-operator"), "--components", self.components]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        if self._keep is not None:
            self._keep = threading.Event()
            threading.Thread(target=self._keeper, args=(self._keep,), daemon=True).start()

    def _keeper(self, over: threading.Event) -> None:
        while not over.wait(RESTART_AFTER):
            if self.process is not None and self.process.poll() is not None and not over.is_set():
                self.ended_by_itself += 1
                self.start()
                return  # the new process has a keeper of its own

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self._keep is not None:
            self._keep.set()
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(10)

    def stop(self) -> int:
        """Asks it to end, and returns its exit code."""
        assert self.process is not None
        if self._keep is not None:
            self._keep.set()
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} ignored SIGTERM for 30 s:\n{self.tail()}") from None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def probe(self, path: str) -> tuple[int, str]:
        """Status and text of a probe; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait_ready(self, timeout: float = READY_TIMEOUT) -> float:
        """Seconds until `/readyz` says yes."""
        started = time.monotonic()
        while True:
            status, text = self.probe("/readyz")
            if status == 200:
                return time.monotonic() - started
            assert self.alive or self._keep is not None, f"{self.name} ended: {self.tail()}"
            assert time.monotonic() - started < timeout, f"{self.name} not ready: {text}\n{self.tail()}"
            time.sleep(0.1)

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Servers:
    """A control plane, PostgreSQL and Kafka of a module's own, and the operator's processes on them."""

    def __init__(self, plane: Plane, postgres: Postgres, kafka: Kafka, folder: Path) -> None:
        self.plane, self.postgres, self.kafka, self.folder = plane, postgres, kafka, folder
        self.parts: list[Part] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TODO_KUBECONFIG": str(self.plane.kubeconfig),
            "TODO_DATABASE_URL": self.postgres.address,
            "TODO_KAFKA_BOOTSTRAP": self.kafka.address,
            "TODO_NAMESPACE": "todotasks-system",
            "TODO_LEASE_DURATION": f"{LEASE_SECONDS}s",
            "TODO_LOG_FORMAT": "json",
        }

    def part(self, name: str, components: str = "reconcile,record,relay", *, kept: bool = False) -> Part:
        """A new process, started; `wait_ready` waits for it."""
        part = Part(name, components, self.environment, self.folder / f"{name}.log", kept=kept)
        self.parts.append(part)
        part.start()
        return part

    def stop_parts(self) -> None:
        for part in self.parts:
            part.stop()
        self.parts.clear()

    def outbox_depth(self) -> int:
        with psycopg.connect(self.postgres.address) as connection:
            row = connection.execute("SELECT count(*) FROM outbox").fetchone()
        assert row is not None
        return int(row[0])

    def mirror(self, namespace: str) -> dict[str, tuple[int, dict[str, object]]]:
        """The live rows of a namespace: uid → (resourceVersion, document)."""
        with psycopg.connect(self.postgres.address) as connection:
            rows = connection.execute(
                "SELECT uid, resource_version, doc FROM tasks WHERE namespace = %s AND archived_at IS NULL",
                [namespace],
            ).fetchall()
        return {str(uid): (int(version), document) for uid, version, document in rows}
