"""A rig for each test: its own namespace and its own database."""

from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from tests.integration.recorder.rig import Rig
from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig
from todotasks.store import Store


@pytest.fixture
async def kube(plane: Plane) -> AsyncIterator[KubeClient]:
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        yield client


@pytest.fixture
async def database_url(fresh_database: Callable[[], str]) -> str:
    url = fresh_database()
    async with await Store.open(url) as store:
        await store.migrate()
    return url


@pytest.fixture
async def rig(kube: KubeClient, database_url: str, namespace: str) -> AsyncIterator[Rig]:
    async with (
        await Store.open(database_url) as store,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database,
    ):
        made = Rig(kube, store, database, namespace)
        yield made
        await made.stop()
