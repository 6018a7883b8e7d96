"""A webhook process as `todotasks up` runs it, on the shared control plane, for as long as the tests of a
file run: registered there, it would answer the tests of every other folder too.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.crds.namespaced import Namespaced
from tests.support.plane import Plane
from todo_cli.local.bundle import bundled
from todo_cli.local.controlplane.kubectl import Kubectl

SCRIPT = str(Path(sys.executable).with_name("todo-webhook"))
READY_WITHIN = 60.0  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Webhook:
    """A process; `start` and `stop` as often as a test likes, always at the same address."""

    def __init__(
        self, plane: Plane, kubectl: Kubectl, home: Path, settings: dict[str, str] | None = None
    ) -> None:
        self.home, self._kubectl = home, kubectl
        self.port, self.health = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        token = home / "token"
        token.write_text(kubectl.token("todotasks-system", "todotasks-webhook", 3600))
        from todo_cli.local.controlplane import kubeconfig  # noqa: PLC0415

        kubeconfig.write(
            home / "kubeconfig",
            cluster=kubectl.cluster(),
            user="webhook",
            credentials={"tokenFile": str(token)},
            namespace="todotasks-system",
        )
        self._settings = {
            "TODO_KUBECONFIG": str(home / "kubeconfig"),
            "TODO_WEBHOOK_HOST": "127.0.0.1",
            "TODO_WEBHOOK_PORT": str(self.port),
            "TODO_WEBHOOK_URL": f"https://127.0.0.1:{self.port}",
            "TODO_WEBHOOK_TLS_DIR": str(home / "tls"),
            "TODO_HEALTH_HOST": "127.0.0.1",
            "TODO_HEALTH_PORT": str(self.health),
            **(settings or {}),
        }

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("TODO_", "KUBECONFIG"))}
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [SCRIPT], env=environment | self._settings, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self.ready():
            assert self._process.poll() is None, (self.home / "log").read_text()[-2000:]
            assert time.monotonic() < deadline, (self.home / "log").read_text()[-2000:]
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None


@pytest.fixture(scope="module")
def make_webhook(
    plane: Plane, kubectl: Kubectl, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Webhook]]:
    local = bundled("manifests/local")
    assert local is not None
    rbac = str(local.parent / "components" / "webhook-local" / "rbac.yaml")
    kubectl("apply", "-f", rbac)
    made: list[Webhook] = []

    def make(**settings: str) -> Webhook:
        made.append(Webhook(plane, kubectl, tmp_path_factory.mktemp("webhook"), settings))
        made[-1].start()
        in_force(kubectl)
        return made[-1]

    yield make
    for each in made:
        each.stop()
    kubectl("delete", "validatingwebhookconfiguration", "todotasks.dev", "--ignore-not-found")
    kubectl("delete", "-f", rbac)


def in_force(kubectl: Kubectl) -> None:
    """A configuration that was just written begins to act some moments later."""
    probe = (
        '{"apiVersion":"todotasks.dev/v1","kind":"TodoTask","metadata":{"name":"probe"},'
        '"spec":{"title":"x","timeZone":"Nowhere/There"}}'
    )
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            kubectl("create", "-n", "default", "--dry-run=server", "-f", "-", input_text=probe)
        except Exception as error:
            if "is not an IANA time zone" in str(error):
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def webhook(make_webhook: Callable[..., Webhook]) -> Webhook:
    """The shared one: tests that stop it start it again."""
    return make_webhook()


@pytest.fixture
def here(webhook: Webhook, kubectl: Kubectl, namespace: str) -> Namespaced:
    """kubectl in the test's namespace, with a task `one` and a channel `mail`."""
    found = Namespaced(kubectl, namespace)
    found.create("TodoTask", "one", {"title": "One", "due": "2099-01-01"})
    found.create("NotificationChannel", "mail", {"email": {"to": ["ana@example.com"]}})
    return found
