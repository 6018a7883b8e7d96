"""Gateways on the real API server, and people who look on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.settings import Secret

KEY = Secret("bGl2ZS1saXZlLWxpdmUtbGl2ZS1saXZlLWxpdmUtMTI=")
LIVE = replace(GENEROUS, session_keys=(KEY,), live_connections_per_user=10_000)
StartGateway = Callable[..., Any]


@pytest.fixture
async def start_gateway(plane: Plane) -> AsyncIterator[StartGateway]:
    """Makes gateways; they end with the test. Settings by name: `await start_gateway(live_queue=5)`."""
    plane.heal()
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> RunningGateway:
            running = running_gateway(plane.kubeconfig, settings=replace(LIVE, **settings))
            return await stack.enter_async_context(running)

        yield start


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> RunningGateway:
    made: RunningGateway = await start_gateway()
    return made


@pytest.fixture
def token(kubectl: Kubectl, namespace: str) -> str:
    return person(kubectl, namespace, "alice")


@pytest.fixture
async def kube(plane: Plane) -> AsyncIterator[KubeClient]:
    """As administrator."""
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        yield client
