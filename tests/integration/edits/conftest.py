"""A client as administrator, people with tokens, and the smallest edits."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.crds.conftest import kube  # noqa: F401 - a fixture
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.edits.model.edit import Document, Edit
from todotasks.edits.model.kubectl import command_line
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import TODOTASKS

MakePerson = Callable[..., KubeClient]


@pytest_asyncio.fixture(loop_scope="session")
async def people(plane: Plane, kubectl: Kubectl, namespace: str) -> AsyncIterator[MakePerson]:
    """Makes people: `people("ana", "edit")` is a client with ana's token; she may edit in `namespace`."""
    made: list[KubeClient] = []

    def make(name: str, role: str = "", home: str = "") -> KubeClient:
        token = token_of(kubectl, person(kubectl, name, home or namespace, role))
        made.append(KubeClient(KubeConfig.load(plane.kubeconfig).with_token(token)))
        return made[-1]

    yield make
    for client in made:
        await client.close()


@pytest.fixture
def creation(namespace: str) -> Callable[..., Edit]:
    """An edit that creates a task; keywords go into its spec."""

    def make(name: str, *, key: str = "", **spec: Any) -> Edit:
        metadata: Document = {"name": name, "namespace": namespace}
        if key:
            metadata["annotations"] = {"todotasks.dev/idempotency-key": key}
        manifest = {
            "apiVersion": "todotasks.dev/v1",
            "kind": "TodoTask",
            "metadata": metadata,
            "spec": {"title": name, **spec},
        }
        edit = Edit("create", "todotasks", namespace, name, title=name, manifest=manifest)
        return Edit(
            "create", "todotasks", namespace, name, title=name, manifest=manifest, kubectl=command_line(edit)
        )

    return make


async def task_there(client: KubeClient, namespace: str, name: str, **spec: Any) -> Document:
    """A task that somebody has made."""
    body = {"metadata": {"name": name}, "spec": {"title": name, **spec}}
    return await client.create(TODOTASKS, body, namespace)


def patch_of(document: Document, **spec: Any) -> Edit:
    """An edit of the object as it is now."""
    metadata = document["metadata"]
    return Edit(
        "patch",
        "todotasks",
        metadata["namespace"],
        metadata["name"],
        title=document["spec"]["title"],
        patch={"spec": spec},
        uid=metadata["uid"],
        resource_version=metadata["resourceVersion"],
        generation=metadata["generation"],
    )


def deletion_of(document: Document) -> Edit:
    metadata = document["metadata"]
    return Edit(
        "delete",
        "todotasks",
        metadata["namespace"],
        metadata["name"],
        title=document["spec"]["title"],
        uid=metadata["uid"],
        resource_version=metadata["resourceVersion"],
        generation=metadata["generation"],
    )
