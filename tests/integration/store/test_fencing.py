"""Only the newest leader writes, and what it writes has one order."""

import asyncio
import os
from typing import Any

import psycopg
import pytest

from tests.integration.store.support import NOW, Database, a_message, a_task, fetch, value
from todotasks.store import Fenced, Store
from todotasks.store.connections import ConnectionPool


async def test_each_leader_has_a_higher_epoch_than_the_one_before(store: Store) -> None:
    epochs = [await store.take_leadership("test", f"holder-{n}") for n in range(5)]
    assert epochs == sorted(set(epochs))


async def test_an_epoch_never_repeats_even_when_the_database_was_wiped(
    store: Store, database: Database
) -> None:
    before = await store.take_leadership("test", "a")
    await database.execute("truncate leadership")
    await asyncio.sleep(1.1)  # the clock of the epoch ticks in seconds
    assert await store.take_leadership("test", "b") > before


async def test_an_old_epoch_writes_nothing(store: Store, database: Database, epoch: int) -> None:
    await store.take_leadership("test", "the next one")
    with pytest.raises(Fenced, match=f"epoch {epoch} was taken over by epoch"):
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task()])
    assert await value(database, "select count(*) from tasks") == 0


async def test_nobody_writes_under_a_name_without_a_leader(store: Store) -> None:
    with pytest.raises(Fenced, match="nobody is recorded as its leader"):
        async with store.write("unknown", 1):
            pass


async def test_leaders_of_different_names_do_not_fence_each_other(store: Store, epoch: int) -> None:
    await store.take_leadership("another", "somebody")
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task()])


async def test_an_old_epoch_neither_deletes_from_the_outbox_nor_buries_nor_prunes(
    store: Store, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.enqueue([a_message("one")], once=True)
    row = tx.enqueued[0]
    await store.take_leadership("test", "the next one")
    with pytest.raises(Fenced):
        await store.outbox_delete([row.seq], "test", epoch)
    with pytest.raises(Fenced):
        await store.dead_letter(row, "too large", "test", epoch)
    with pytest.raises(Fenced):
        await store.prune_happenings(NOW, "test", epoch)
    assert await store.outbox_batch(10) == [row]


async def test_a_new_leader_waits_for_the_transaction_of_the_old_one(store: Store, epoch: int) -> None:
    """Either the old one commits before the new one begins, or it is fenced: nothing in between."""
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task()])
        taking = asyncio.create_task(store.take_leadership("test", "the next one"))
        await asyncio.sleep(0.2)
        assert not taking.done()
    assert await taking > epoch
    assert await store.live_uids("TodoTask") == {"uid-1": 1}


async def test_a_writer_that_was_paused_in_its_transaction_wakes_up_to_nothing(
    store: Store, database: Database, epoch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that froze: the server ends its transaction, the next leader goes on, and when the old one
    wakes up it finds that nothing it did is there."""
    impatient = {"idle_in_transaction_session_timeout": "300"}
    monkeypatch.setattr("todotasks.store.connections._SESSION", impatient)
    frozen = await Store.open(database.info.dsn + " password=''")
    with pytest.raises(Exception, match=r"PostgreSQL|connection") as caught:
        async with frozen.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task()])
            await tx.enqueue([a_message("one")])
            next_epoch = await asyncio.wait_for(store.take_leadership("test", "the next one"), 5)
            await tx.set_position("todotasks", "7")
    assert type(caught.value).__name__ == "StoreUnavailable"
    with pytest.raises(Fenced):
        async with frozen.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task()])
    await frozen.close()
    assert next_epoch > epoch
    assert await store.live_uids("TodoTask") == {}
    assert await store.outbox_batch(10) == []
    assert await store.position("todotasks") is None


async def test_a_leader_that_froze_in_the_middle_of_sending_keeps_nobody_out(
    store: Store, database: Database, epoch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two messages of a pipeline the server counts no idle time: its own limits do not end this."""
    monkeypatch.setattr("todotasks.store.store.LEAVING_TIME", 0.2)
    frozen = await psycopg.AsyncConnection.connect(database.info.dsn + " password=''")
    await frozen.execute("select epoch from leadership where name = 'test' for no key update")
    parse = b"\x00select 1\x00\x00\x00"
    half_a_bind = b"B\x00\x00\x03\xe8abc"  # 1000 bytes are announced
    os.write(frozen.pgconn.socket, b"P" + (4 + len(parse)).to_bytes(4, "big") + parse + half_a_bind)
    assert await asyncio.wait_for(store.take_leadership("test", "the next one"), 10) > epoch
    await frozen.close()


async def test_a_block_that_raises_leaves_nothing(store: Store, epoch: int) -> None:
    class Oops(Exception):
        pass

    with pytest.raises(Oops):
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task()])
            await tx.enqueue([a_message("one")], once=True)
            await tx.set_position("todotasks", "7")
            raise Oops
    assert await store.live_uids("TodoTask") == {}
    assert await store.position("todotasks") is None
    async with store.write("test", epoch) as tx:
        assert await tx.enqueue([a_message("one")], once=True) == {"one"}


async def test_a_cancelled_write_leaves_nothing_and_the_store_usable(store: Store, epoch: int) -> None:
    async def write() -> None:
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task()])
            await asyncio.sleep(60)

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.2)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with store.write("test", epoch) as tx:
        assert await tx.previous("TodoTask", ["uid-1"]) == {}


@pytest.mark.parametrize("names", [("test", "test"), ("test", "another")], ids=["one name", "two names"])
async def test_outbox_order_is_commit_order_with_two_writers(
    store: Store, database: Database, names: tuple[str, str]
) -> None:
    """A reader that goes forward by seq must never find a smaller one later: that message would be lost."""
    epochs = {name: await store.take_leadership(name, "the tests") for name in names}
    rounds = 60

    async def writer(number: int, name: str) -> None:
        for turn in range(rounds):
            async with store.write(name, epochs[name]) as tx:
                await tx.enqueue([a_message(f"{number}-{turn}-{part}") for part in range(3)])
                await asyncio.sleep(0.001 * (turn % 3))

    seen: list[int] = []
    writing = asyncio.gather(*(writer(number, name) for number, name in enumerate(names)))
    while True:
        finished = writing.done()
        rows = await store.outbox_batch(1000, after=seen[-1] if seen else 0)
        seen += [row.seq for row in rows]
        if finished and not rows:
            break
    await writing
    everything = [seq for (seq,) in await fetch(database, "select seq from outbox order by seq")]
    assert seen == everything
    assert len(seen) == 2 * rounds * 3


async def test_the_relay_deletes_while_the_recorder_is_in_its_transaction(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.enqueue([a_message("one")])
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task()])
        await asyncio.wait_for(
            store.outbox_delete([1, *(row.seq for row in await store.outbox_batch(9))], "test", epoch), 2
        )
    assert await store.outbox_batch(10) == []


def test_a_pool_is_never_shown_with_its_url() -> None:
    pool: Any = ConnectionPool(
        "postgresql://me:hunter2@db.example/x", min_size=1, max_size=1, application_name="a"
    )
    assert "hunter2" not in repr(pool) + repr(Store(pool, pool))
