"""A gateway on the real API server, and one person who may edit the test's namespace."""

from collections.abc import AsyncIterator

import pytest

from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(plane.kubeconfig) as running:
        yield running


@pytest.fixture
def token(kubectl: Kubectl, namespace: str) -> str:
    return person(kubectl, namespace, "alice")
