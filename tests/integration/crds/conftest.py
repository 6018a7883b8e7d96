"""A client of the plane that the tests of the CRDs share, once the API server is ready for all four kinds."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.crds.cases import RESOURCES, SMALLEST, task
from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig, resources


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kube(plane: Plane) -> AsyncIterator[KubeClient]:
    """As administrator."""
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        async with asyncio.timeout(30):
            await policies_in_force(client)
        for kind, spec in SMALLEST.items():
            # A mutating policy answers 503 for some seconds after a CRD is new; kubectl does not try again.
            await client.create(
                RESOURCES[kind], {"metadata": {"name": "probe"}, "spec": spec}, "default", dry_run=True
            )
        yield client


async def policies_in_force(client: KubeClient) -> None:
    """Policies that were just applied begin to act some moments later."""
    body = {"metadata": {"name": "probe"}, "spec": task(tags=["probe"])}
    while True:
        made = await client.create(resources.TODOTASKS, body, "default", dry_run=True)
        if made["metadata"].keys() >= {"annotations", "labels"}:
            return
        await asyncio.sleep(0.1)
