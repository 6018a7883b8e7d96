"""A migrated, empty store for each test; one database per module."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from tests.integration.store.support import Database
from todotasks.store import Store


@pytest.fixture(scope="module")
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """A plain connection beside the store, to look at and damage what is there."""
    async with await Store.open(postgres_url) as store:
        await store.migrate()
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def store(postgres_url: str, database: Database) -> AsyncIterator[Store]:
    await database.execute(
        "truncate tasks, objects, words, outbox, happenings, dead_letters, positions, leadership"
    )
    async with await Store.open(postgres_url) as opened:
        yield opened


@pytest.fixture
async def epoch(store: Store) -> int:
    """Of the leadership `test`."""
    return await store.take_leadership("test", "the tests")
