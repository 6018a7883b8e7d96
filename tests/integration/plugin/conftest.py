"""`kubectl todo`, as kubectl runs it: a person with a kubeconfig and the plugin on the PATH."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.api import api_of
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.controlplane.kubectl import Kubectl

SCRIPTS = Path(sys.executable).parent  # where kubectl-todo is installed
PATIENCE = 60.0  # seconds
There = Callable[..., None]


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Terminal:
    """What a person has: a kubeconfig, a home of their own, a time zone."""

    kubectl: Path
    kubeconfig: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{SCRIPTS}:{self.kubectl.parent}:/usr/bin:/bin",
            "KUBECONFIG": str(self.kubeconfig),
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "TZ": "Europe/Berlin",
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *words: str, answer: str | None = None, **more: str) -> Said:
        """`kubectl todo <words>`; with `answer` on a terminal of its own, where that is typed in."""
        environment = {**self.environment, **more}
        if answer is not None:
            return self._typing(words, answer, environment)
        done = subprocess.run(
            [str(self.kubectl), "todo", *words],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def _typing(self, words: tuple[str, ...], answer: str, environment: dict[str, str]) -> Said:
        ours, theirs = pty.openpty()
        try:
            os.write(ours, f"{answer}\n".encode())
            done = subprocess.run(
                [str(self.kubectl), "todo", *words],
                env=environment, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
            return Said(done.returncode, done.stdout, os.read(ours, 65_536).decode())
        finally:
            os.close(ours)
            os.close(theirs)

    def ok(self, *words: str) -> str:
        said = self(*words)
        assert said.code == 0, said
        return said.out


@pytest.fixture
def terminal(plane: Plane, kubectl: Kubectl, namespace: str, tmp_path: Path) -> Callable[[str], Terminal]:
    """Makes a person with a role in the test's namespace, and gives them a terminal."""

    def make(role: str) -> Terminal:
        name = f"ana-{role}"
        home = tmp_path / name
        home.mkdir()
        token = token_of(kubectl, person(kubectl, name, namespace, role))
        kubeconfig.write(
            home / "kubeconfig",
            cluster=kubectl.cluster(),
            user=name,
            credentials={"token": token},
            namespace=namespace,
        )
        return Terminal(kubectl.binary, home / "kubeconfig", home)

    return make


@pytest.fixture
def ana(terminal: Callable[[str], Terminal]) -> Terminal:
    return terminal("edit")


@pytest.fixture
def there(kubectl: Kubectl, namespace: str) -> There:
    """Makes a task: what a test begins with costs no call of the plugin."""

    def make(title: str, **spec: Any) -> None:
        name = title.lower().replace(" ", "-")
        api_of(kubectl.kubeconfig).put("todotasks", namespace, name, {"title": title, **spec})

    return make


@pytest.fixture
def spec_of(kubectl: Kubectl, namespace: str) -> Callable[..., dict[str, Any]]:
    """The spec of an object, as it is stored."""

    def read(name: str, kind: str = "todotask") -> dict[str, Any]:
        spec: dict[str, Any] = api_of(kubectl.kubeconfig).get(f"{kind}s", namespace, name)["spec"]
        return spec

    return read
