"""What is past its time goes by itself."""

import asyncio

import psycopg
import pytest

from chat_gateway.conversations import pruning
from tests.support.gateway import running_gateway
from tests.support.plane import Plane
from todotasks.edits.model.conversation import Conversation
from todotasks.store import Store


async def test_old_conversations_are_deleted_while_the_gateway_runs(
    plane: Plane, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "FIRST_WITHIN", 0.0)
    async with await Store.open(postgres_url) as store:
        await store.migrate()
        await store.conversations.save("alice", Conversation("old"))
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as database:
            await database.execute("update conversations set updated_at = now() - interval '31 days'")
            await store.conversations.save("alice", Conversation("new"))
            async with running_gateway(plane.kubeconfig, database_url=postgres_url), asyncio.timeout(60):
                while True:
                    rows = await (await database.execute("select id from conversations")).fetchall()
                    if rows == [("new",)]:
                        break
                    await asyncio.sleep(0.05)
