from collections.abc import AsyncIterator

import pytest

from tests.integration.operator.rig import Rig, Tasks, a_rig
from tests.support.plane import Plane
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig


@pytest.fixture
async def kube(plane: Plane) -> AsyncIterator[KubeClient]:
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        yield client


@pytest.fixture
async def tasks(kube: KubeClient, namespace: str) -> Tasks:
    return Tasks(kube, namespace)


@pytest.fixture
async def rig(kube: KubeClient, postgres_url: str, namespace: str) -> AsyncIterator[Rig]:
    async with a_rig(kube, postgres_url, namespace) as running:
        yield running
