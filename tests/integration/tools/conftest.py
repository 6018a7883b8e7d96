"""The tools at the desk of a person who may edit the test's namespace, on the real API server."""

import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.api import api_of
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.tools.desk import Desk

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # a Wednesday
DeskOf = Callable[..., Desk]
Specs = Callable[..., dict[str, Any]]


@pytest.fixture
async def caller(plane: Plane, kubectl: Kubectl, namespace: str) -> AsyncIterator[KubeClient]:
    """Alice, who may edit tasks here and nothing anywhere else."""
    account = person(kubectl, "alice", namespace, "todotasks-edit")
    config = KubeConfig.load(plane.kubeconfig).with_token(token_of(kubectl, account))
    async with KubeClient(config) as client:
        yield client


@pytest.fixture
def desk(caller: KubeClient, namespace: str) -> Desk:
    return desk_of(caller, namespace)


def desk_of(client: KubeClient, namespace: str, *, owner: str = "alice", chat: Chat | None = None) -> Desk:
    return Desk(
        chat=chat or Chat(now=lambda: NOW),
        client=client,
        owner=owner,
        me=owner,
        store=MemoryStore(),
        namespace=namespace,
        time_zone="Europe/Berlin",
        now=lambda: NOW,
    )


@pytest.fixture
def specs(kubectl: Kubectl, namespace: str) -> Specs:
    """What is stored, by title (of rules: the template's)."""

    def look(plural: str = "todotasks") -> dict[str, Any]:
        found = api_of(kubectl.kubeconfig).list_(plural, namespace)
        specs = [item["spec"] for item in found]
        return {spec.get("title") or spec["template"]["spec"]["title"]: spec for spec in specs}

    return look


@pytest.fixture
def make_tasks(kubectl: Kubectl, namespace: str, tmp_path: Path) -> Callable[..., None]:
    """Tasks with these titles, made by somebody else."""

    def make(*titles: str) -> None:
        items = [
            {
                "apiVersion": "todotasks.dev/v1",
                "kind": "TodoTask",
                "metadata": {"name": f"task-{number}", "namespace": namespace},
                "spec": {"title": title},
            }
            for number, title in enumerate(titles)
        ]
        path = tmp_path / "tasks.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
        apply(kubectl, path)

    return make


def apply(kubectl: Kubectl, path: Path) -> None:
    """A new API server says for moments that it does not know our kinds yet."""
    deadline = time.monotonic() + 30
    while True:
        try:
            kubectl("apply", "-f", str(path))
        except KubectlFailed as error:
            if "ServiceUnavailable" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
