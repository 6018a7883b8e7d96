"""A client on the real API server, and things to send there."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.integration.kube.fronts import Front, Wire
from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig


@pytest.fixture
def config(plane: Plane) -> KubeConfig:
    plane.heal()
    return KubeConfig.load(plane.kubeconfig)


@pytest.fixture
def brief() -> bool:
    """Whether the client is one of a process that lives for a second: some tests ask for both."""
    return False


@pytest.fixture
async def kube(config: KubeConfig, brief: bool) -> AsyncIterator[KubeClient]:
    async with KubeClient(config, brief=brief) as client:
        yield client


@pytest.fixture
async def front(config: KubeConfig) -> AsyncIterator[Front]:
    async with Front(config) as server:
        yield server


@pytest.fixture
async def behind_front(front: Front, config: KubeConfig, brief: bool) -> AsyncIterator[KubeClient]:
    """A client that believes the front to be the API server."""
    async with KubeClient(replace(config, server=front.url), brief=brief) as client:
        yield client


@pytest.fixture
async def wire(config: KubeConfig) -> AsyncIterator[Wire]:
    host, port = config.server.removeprefix("https://").split(":")
    async with Wire(host, int(port)) as proxy:
        yield proxy


@pytest.fixture
async def behind_wire(wire: Wire, config: KubeConfig, brief: bool) -> AsyncIterator[KubeClient]:
    async with KubeClient(replace(config, server=f"https://127.0.0.1:{wire.port}"), brief=brief) as client:
        yield client


@pytest.fixture
def a_task(namespace: str) -> Callable[..., dict[str, Any]]:
    """A task's manifest in the test's namespace; keywords go into its spec."""

    def make(name: str, **spec: Any) -> dict[str, Any]:
        return {"metadata": {"name": name, "namespace": namespace}, "spec": {"title": name, **spec}}

    return make
