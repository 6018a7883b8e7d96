"""`todo-gateway` as its users run it: a process of its own, as the ServiceAccount of the manifests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.plane import Plane
from todo_cli.local.controlplane import kubeconfig

SYSTEM_NAMESPACE = "todotasks-system"


class GatewayProcess:
    def __init__(self, plane: Plane, folder: Path, **settings: str) -> None:
        token = plane.api.token(SYSTEM_NAMESPACE, "todotasks-gateway", 3600)
        kubeconfig.write(
            folder / "gateway.kubeconfig",
            cluster=plane.kubectl.cluster(),
            user="todotasks-gateway",
            credentials={"token": token},
            namespace=SYSTEM_NAMESPACE,
        )
        self.port, self.health_port = free_port(), free_port()
        self.log = folder / "gateway.log"
        self._environment = {
            "TODO_KUBECONFIG": str(folder / "gateway.kubeconfig"),
            "TODO_GATEWAY_HOST": "127.0.0.1",
            "TODO_GATEWAY_PORT": str(self.port),
            "TODO_HEALTH_HOST": "127.0.0.1",
            "TODO_HEALTH_PORT": str(self.health_port),
            **settings,
        }
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chat_gateway.server.main"],
                env=os.environ | self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self, within: float = 60.0) -> None:
        deadline = time.monotonic() + within
        while self.probe("/readyz")[0] != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def ask_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait_end(self) -> int:
        return self.process.wait(60)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def probe(self, path: str) -> tuple[int, str]:
        """Status and text on the health port; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
