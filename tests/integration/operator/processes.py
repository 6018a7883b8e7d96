"""`todo-operator` as its users run it: processes of its own, as the ServiceAccount of the manifests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.support.plane import Plane
from todo_cli.local.controlplane import kubeconfig

SYSTEM_NAMESPACE = "todotasks-system"
LEASE_SECONDS = 6  # for the tests that wait for one to end


def operator_environment(
    plane: Plane, folder: Path, database_url: str, kafka: str, home: str = SYSTEM_NAMESPACE
) -> dict[str, str]:
    """Settings of an operator that has exactly the rights of its account in the namespace `home`."""
    token = plane.api.token(home, "todotasks-operator", 3600)
    config = folder / "operator.kubeconfig"
    kubeconfig.write(
        config,
        cluster=plane.kubectl.cluster(),
        user="todotasks-operator",
        credentials={"token": token},
        namespace=home,
    )
    return {
        "TODO_KUBECONFIG": str(config),
        "TODO_DATABASE_URL": database_url,
        "TODO_KAFKA_BOOTSTRAP": kafka,
    }


SHORT_LEASE = {"TODO_LEASE_DURATION": f"{LEASE_SECONDS}s"}


class Operator:
    """One `todo-operator` process."""

    def __init__(self, name: str, components: str, environment: dict[str, str], log: Path) -> None:
        self.name, self.components, self.log = name, components, log
        self.port = free_port()
        self.environment = environment | {"TODO_HEALTH_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        program = Path(sys.executable).with_name("todo-operator")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program, "--components", self.components],
                env=os.environ | self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """Asks it to end; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def probe(self, path: str) -> tuple[int, str]:
        """Status and text; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait_ready(self, patience: float = 60.0) -> float:
        """Seconds until `/readyz` says yes."""
        began = time.monotonic()
        while True:
            status, text = self.probe("/readyz")
            if status == 200:
                return time.monotonic() - began
            assert self.alive, f"{self.name} ended:\n{self.tail()}"
            assert time.monotonic() - began < patience, f"{self.name} is not ready: {text}\n{self.tail()}"
            time.sleep(0.05)

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Operators:
    """Makes operator processes; they end with the test."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.parts: list[Operator] = []

    def start(
        self, name: str = "operator", components: str = "reconcile,record,relay", **more: str
    ) -> Operator:
        part = Operator(name, components, self.environment | more, self.folder / f"{name}.log")
        self.parts.append(part)
        part.start()
        return part

    def end(self) -> None:
        for part in self.parts:
            if part.alive:
                part.kill()


def metric(part: Operator, name: str) -> float:
    """The sum of a metric's series."""
    _, text = part.probe("/metrics")
    lines = [line for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def wait_until(holds: Callable[[], bool], patience: float, what: str) -> float:
    """Seconds until `holds()`."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < patience, f"{what}: not within {patience} s"
        time.sleep(0.05)
    return time.monotonic() - began
