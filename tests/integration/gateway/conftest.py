"""A gateway on the real API server, with and without PostgreSQL; one who may edit the test's namespace."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.gateway.mirror import Mirror
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(plane.kubeconfig) as running:
        yield running


@pytest.fixture
async def stored(plane: Plane, postgres_url: str) -> AsyncIterator[RunningGateway]:
    """A gateway with PostgreSQL."""
    plane.heal()
    async with running_gateway(plane.kubeconfig, database_url=postgres_url) as running:
        yield running


@pytest.fixture
async def admin(plane: Plane) -> AsyncIterator[KubeClient]:
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as kube:
        yield kube


@pytest.fixture
async def mirror(gateway: RunningGateway, admin: KubeClient) -> Mirror:
    """Of a gateway that has PostgreSQL."""
    assert gateway.gateway.store is not None
    return await Mirror.open(gateway.gateway.store, admin)


@pytest.fixture
def token(kubectl: Kubectl, namespace: str) -> str:
    return person(kubectl, namespace, "alice")
