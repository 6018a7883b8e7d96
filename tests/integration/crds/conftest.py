"""A client of the plane that the tests of the CRDs share, once the API server takes all four kinds."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.integration.crds.cases import RESOURCES, SMALLEST
from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kube(plane: Plane) -> AsyncIterator[KubeClient]:
    """As administrator."""
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        for kind, spec in SMALLEST.items():
            # A mutating policy answers 503 for some seconds after a CRD is new; kubectl does not try again.
            body: dict[str, Any] = {"metadata": {"name": "probe"}, "spec": spec}
            await client.create(RESOURCES[kind], body, "default", dry_run=True)
        yield client
