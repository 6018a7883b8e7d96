"""PostgreSQL dies, hangs and comes back. Nothing is half written, and nobody has to be restarted."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable

import psutil
import psycopg
import pytest

from tests.integration.store.support import NOW, a_message, a_rule, a_task
from todo_cli.local.backing.postgres import Postgres
from todotasks.store import BadDatabaseUrl, Store, StoreUnavailable

pytestmark = pytest.mark.chaos

RECOVERY = 10.0  # seconds after the server is back


@pytest.fixture
def server(fresh_postgres: Callable[[], Postgres]) -> Postgres:
    return fresh_postgres()


@pytest.fixture
async def store(server: Postgres) -> AsyncIterator[Store]:
    async with await Store.open(server.address) as opened:
        await opened.migrate()
        yield opened


def restart(server: Postgres) -> None:
    server.start()
    server.wait_ready()


async def until_healthy(store: Store) -> float:
    began = time.monotonic()
    while not await store.healthy():
        assert time.monotonic() - began < RECOVERY, store.trouble
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def fill(store: Store, connections: int) -> None:
    """Have the pool hold that many open connections."""

    async def hold() -> None:
        async with store._pool.connection() as conn:
            await conn.execute("select pg_sleep(0.2)")

    await asyncio.gather(*(hold() for _ in range(connections)))


async def test_a_server_killed_in_the_middle_of_a_transaction_leaves_nothing_half_written(
    server: Postgres, store: Store
) -> None:
    epoch = await store.take_leadership("test", "the tests")
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("before")])
        await tx.set_position("todotasks", "1")

    with pytest.raises(StoreUnavailable):
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task("during", n) for n in range(50)])
            await tx.enqueue([a_message("during")], once=True)
            server.kill()
            await tx.set_position("todotasks", "2")
    assert not await store.healthy()
    assert "PostgreSQL" in str(store.trouble)

    restart(server)
    await until_healthy(store)
    assert store.trouble is None
    assert await store.live_uids("TodoTask") == {"before": 1}
    assert await store.position("todotasks") == "1"
    assert await store.outbox_batch(10) == []
    async with store.write("test", epoch) as tx:  # the same epoch: nobody else has led
        await tx.upsert_tasks([a_task("during")])
        assert await tx.enqueue([a_message("during")], once=True) == {"during"}


async def test_a_batch_whose_commit_was_in_doubt_can_be_done_again(server: Postgres, store: Store) -> None:
    """It had committed, only the answer was lost: the second time changes nothing and sends nothing."""
    epoch = await store.take_leadership("test", "the tests")

    async def batch() -> None:
        async with store.write("test", epoch) as tx:
            old = await tx.previous("TodoTask", ["u"])
            await tx.upsert_tasks([a_task("u", 5)])
            if "u" not in old:
                await tx.enqueue([a_message("u-created")])
            await tx.set_position("todotasks", "5")

    await batch()
    server.kill()
    restart(server)
    await until_healthy(store)
    await batch()
    assert [row.id for row in await store.outbox_batch(10)] == ["u-created"]


async def test_while_the_server_is_away_every_call_says_so_at_once_and_works_again_after(
    server: Postgres, store: Store
) -> None:
    epoch = await store.take_leadership("test", "the tests")
    await fill(store, 8)
    server.kill()

    async def write() -> None:
        async with store.write("test", epoch) as tx:
            await tx.upsert_objects([a_rule()])

    calls: dict[str, Callable[[], object]] = {
        "write": write,
        "take_leadership": lambda: store.take_leadership("other", "x"),
        "migrate": store.migrate,
        "position": lambda: store.position("todotasks"),
        "live_uids": lambda: store.live_uids("TodoTask"),
        "live_page": lambda: store.live_page("TodoTask"),
        "outbox_batch": lambda: store.outbox_batch(1),
        "outbox_delete": lambda: store.outbox_delete([1], "test", epoch),
        "outbox_stats": store.outbox_stats,
        "prune_happenings": lambda: store.prune_happenings(NOW, "test", epoch),
        "confirm": lambda: store.confirm("test", epoch),
    }
    for call in calls.values():
        for _ in range(2):  # with a broken pooled connection, and with a new one
            with pytest.raises(StoreUnavailable):
                # At once, as far as a busy machine knows what that is; nothing waits for the server.
                await asyncio.wait_for(call(), 10)  # type: ignore[misc]

    restart(server)
    await until_healthy(store)
    for name, call in calls.items():
        if name != "take_leadership":
            await call()  # type: ignore[misc]


async def test_after_a_long_outage_the_first_attempt_works(server: Postgres, store: Store) -> None:
    """No backoff of ours stands between the server's return and the next call."""
    server.kill()
    until = time.monotonic() + 8
    while time.monotonic() < until:
        assert not await store.healthy()
        await asyncio.sleep(0.1)
    restart(server)
    assert await store.outbox_stats() is not None


async def test_a_server_that_hangs_does_not_hang_us(server: Postgres, store: Store) -> None:
    run = server.folder.read_run(server.name)
    assert run is not None
    main = psutil.Process(run.process.pid)
    await fill(store, 2)
    stopped = [main, *main.children(recursive=True)]
    for process in stopped:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        assert not await asyncio.wait_for(store.healthy(timeout_seconds=1), 20)
        assert "no answer" in (store.trouble or "")
    finally:
        for process in stopped:
            os.kill(process.pid, signal.SIGCONT)
    await until_healthy(store)


async def test_notifications_go_on_after_a_restart(server: Postgres, store: Store) -> None:
    epoch = await store.take_leadership("test", "the tests")
    notifications = store.outbox_notifications(poll_seconds=60)
    await anext(notifications)
    await anext(notifications)
    server.kill()
    await anext(notifications)  # it lost the connection: look, whatever may have been missed
    restart(server)
    await until_healthy(store)
    await asyncio.wait_for(anext(notifications), RECOVERY)

    async def next_after_commit() -> None:
        while True:
            await anext(notifications)
            if await store.outbox_batch(1):
                return

    waiting = asyncio.create_task(next_after_commit())
    async with store.write("test", epoch) as tx:
        await tx.enqueue([a_message("one")])
    await asyncio.wait_for(waiting, 5)
    await notifications.aclose()


async def test_a_connection_the_server_ended_is_replaced_without_an_error(
    server: Postgres, store: Store
) -> None:
    """An idle connection that a firewall or an administrator ended is probed before its next use."""
    await fill(store, 4)
    async with await psycopg.AsyncConnection.connect(server.address, autocommit=True) as administrator:
        await administrator.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'todotasks' and pid <> pg_backend_pid()"
        )
    await asyncio.sleep(1.2)
    for _ in range(6):
        await store.outbox_stats()


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────
SECRET = "hunter2-do-not-show"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}@127.0.0.1:1/db",
        f"host=127.0.0.1 port=1 user=me password={SECRET}",
        f"host=127.0.0.1 port=1 user=me password='{SECRET} and more'",
    ],
)
async def test_neither_errors_nor_logs_show_the_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with await Store.open(url) as store:
        with pytest.raises(StoreUnavailable) as caught:
            await store.migrate()
        assert not await store.healthy()
        shown = [str(caught.value), repr(caught.value), str(store.trouble), repr(store), caplog.text]
    assert not any(SECRET in text for text in shown)


@pytest.mark.parametrize("url", [f"postgresql//me:{SECRET}@host/db", f"nonsense {SECRET}", f"a=b {SECRET}"])
async def test_a_url_that_cannot_be_read_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=r"TODO_DATABASE_URL is not .* expected postgresql://") as caught:
        await Store.open(url)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
