"""The gateway's process dies between doing and remembering: the same message again does nothing twice.

PostgreSQL holds the process up at the moment it wants to save that the message is done; there it is killed.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from tests.integration.gateway.processes import GatewayProcess
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.store import Store

# The first save of such a message says what it is about to do; what it has done can be undone.
HOLD = """
create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return new; end $$;
create trigger hold before insert or update on conversations for each row
    when (position('"undo":'::bytea in new.body) > 0) execute function hold();
"""
LET_GO = "drop trigger hold on conversations; drop function hold"
FREE = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and wait_event = 'PgSleep'
"""


@pytest.fixture
def processes(plane: Plane, postgres_url: str, tmp_path: Path) -> Iterator[list[GatewayProcess]]:
    """Two replicas, of which the first one will be killed."""
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made.append(GatewayProcess(plane, tmp_path / name, TODO_DATABASE_URL=postgres_url))
    yield made
    for process in made:
        if hasattr(process, "process"):
            process.kill()


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("buy milk", {"buy-milk": None, "rent": "2026-03-05"}),
        ("push the rent two days", {"rent": "2026-03-07"}),
    ],
)
async def test_a_message_whose_process_was_killed_is_said_again_and_done_once(
    processes: list[GatewayProcess],
    postgres_url: str,
    kubectl: Kubectl,
    namespace: str,
    token: str,
    text: str,
    expected: dict[str, str | None],
) -> None:
    task = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "rent", "namespace": namespace},
        "spec": {"title": "Pay rent", "due": "2026-03-05"},
    }
    kubectl("create", "-f", "-", input_text=json.dumps(task))
    store = await Store.open(postgres_url, application_name="test")
    await store.migrate()
    await store.close()
    first, second = processes
    first.start()
    await asyncio.to_thread(first.wait_ready)
    body = {"text": text, "namespace": namespace, "idempotencyKey": f"key of {text}"}

    execute(postgres_url, HOLD)
    try:
        asking = asyncio.create_task(say(first, token, body))
        async with asyncio.timeout(60):
            while dues(kubectl, namespace) != expected:
                assert not asking.done(), await asking
                await asyncio.sleep(0.1)
        first.process.kill()
        with pytest.raises(aiohttp.ClientError):
            await asking
    finally:
        execute(postgres_url, FREE)
        execute(postgres_url, LET_GO)

    second.start()
    await asyncio.to_thread(second.wait_ready)
    answer = await say(second, token, body)
    assert [edit["result"] for edit in answer["edits"]] == ["unchanged"]
    assert dues(kubectl, namespace) == expected
    assert await say(second, token, body) == answer


async def say(process: GatewayProcess, token: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session,
        session.post(f"http://127.0.0.1:{process.port}/v1/chat", json=body, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        said: dict[str, Any] = await answer.json()
        return said


def dues(kubectl: Kubectl, namespace: str) -> dict[str, str | None]:
    listed = json.loads(kubectl("get", "todotasks", "-n", namespace, "-o", "json"))
    return {item["metadata"]["name"]: item["spec"].get("due") for item in listed["items"]}


def execute(url: str, statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements.encode())
