"""A whole batch in one round trip: the same result as piece by piece, or nothing and the reason."""

import asyncio
from collections.abc import Callable

import pytest

from tests.integration.store.support import NOW, Database, a_message, a_rule, a_task, fetch, value
from todo_cli.local.postgres import Postgres
from todotasks.store import Archival, BatchRefused, Fenced, MirrorBatch, Store, StoreUnavailable


async def test_all_parts_of_a_batch_are_written(store: Store, database: Database, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("old"), a_task("newer-than-the-api", 99)])
    async with store.write("test", epoch) as tx:
        await tx.write_at_once(
            MirrorBatch(
                "TodoTask",
                NOW,
                tasks=[a_task("new", 2, title="zebra"), a_task("new", 3, title="yak")],
                objects=[a_rule("rule")],
                forget=["newer-than-the-api"],
                archive=[Archival("old", "Deleted")],
                messages=[a_message("b"), a_message("a"), a_message("b")],
                position=("todotasks", "7"),
            )
        )
    assert await store.live_uids("TodoTask") == {"new": 3}
    assert await store.live_uids("RecurrenceRule") == {"rule": 1}
    assert await store.outbox_batch(10) == tx.enqueued
    assert [row.id for row in tx.enqueued] == ["b", "a"]
    assert await store.position("todotasks") == "7"
    assert ("yak",) in await fetch(database, "select word from words")


async def test_a_refused_row_leaves_nothing_and_the_store_usable(store: Store, epoch: int) -> None:
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(4000))
    for bad in (a_task("bad", doc=b"no json"), a_task("bad", project=long)):
        with pytest.raises(BatchRefused):
            async with store.write("test", epoch) as tx:
                await tx.write_at_once(
                    MirrorBatch(
                        "TodoTask",
                        NOW,
                        tasks=[a_task("good"), bad],
                        messages=[a_message("one")],
                        position=("todotasks", "7"),
                    )
                )
        assert await store.live_uids("TodoTask") == {}
        assert await store.outbox_batch(10) == []
        assert await store.position("todotasks") is None


async def test_an_old_epoch_writes_nothing_at_once_either(store: Store, epoch: int) -> None:
    await store.take_leadership("test", "the next one")
    with pytest.raises(Fenced):
        async with store.write("test", epoch) as tx:
            await tx.write_at_once(MirrorBatch("TodoTask", NOW, tasks=[a_task()]))
    assert await store.live_uids("TodoTask") == {}


async def test_a_commit_at_once_wakes_the_reader_of_the_outbox(store: Store, epoch: int) -> None:
    notifications = store.outbox_notifications(poll_seconds=30)
    await anext(notifications)
    await anext(notifications)
    waiting = asyncio.ensure_future(anext(notifications))
    async with store.write("test", epoch) as tx:
        await tx.write_at_once(MirrorBatch("TodoTask", NOW, messages=[a_message("one")]))
    await asyncio.wait_for(waiting, 5)
    await notifications.aclose()


async def test_outbox_order_is_commit_order_when_some_write_at_once(store: Store, database: Database) -> None:
    epochs = {name: await store.take_leadership(name, "the tests") for name in ("a", "b")}

    async def writer(name: str, at_once: bool) -> None:
        for turn in range(40):
            async with store.write(name, epochs[name]) as tx:
                message = a_message(f"{name}-{turn}")
                if at_once:
                    await tx.write_at_once(MirrorBatch("TodoTask", NOW, messages=[message]))
                else:
                    await tx.enqueue([message])
                await asyncio.sleep(0.001 * (turn % 3))

    seen: list[int] = []
    writing = asyncio.gather(writer("a", True), writer("b", False))
    while True:
        finished = writing.done()
        rows = await store.outbox_batch(1000, after=seen[-1] if seen else 0)
        seen += [row.seq for row in rows]
        if finished and not rows:
            break
    await writing
    assert seen == [seq for (seq,) in await fetch(database, "select seq from outbox order by seq")]
    assert len(seen) == 80


async def test_a_batch_cancelled_at_any_moment_is_all_or_nothing(
    store: Store, database: Database, epoch: int
) -> None:
    batch = MirrorBatch(
        "TodoTask",
        NOW,
        tasks=[a_task(f"u{n}") for n in range(200)],
        messages=[a_message("one")],
        position=("todotasks", "7"),
    )

    async def write() -> None:
        async with store.write("test", epoch) as tx:
            await tx.write_at_once(batch)

    for attempt in range(30):
        await database.execute("truncate tasks, outbox, positions")
        writing = asyncio.create_task(write())
        await asyncio.sleep(0.004 * attempt)
        writing.cancel()
        await asyncio.wait({writing})
        # A commit that was under way may still take effect: the server has it, only the answer was dropped.
        async with store.write("test", epoch):
            pass
        found = (
            await value(database, "select count(*) from tasks"),
            await value(database, "select count(*) from outbox"),
            await value(database, "select count(*) from positions"),
        )
        assert found in ((0, 0, 0), (200, 1, 1))


@pytest.mark.chaos
async def test_a_server_killed_under_a_batch_is_unavailable_and_the_batch_can_be_done_again(
    fresh_postgres: Callable[[], Postgres],
) -> None:
    server = fresh_postgres()
    batch = MirrorBatch("TodoTask", NOW, tasks=[a_task("u")], messages=[a_message("one")])
    async with await Store.open(server.address) as store:
        await store.migrate()
        epoch = await store.take_leadership("test", "the tests")
        with pytest.raises(StoreUnavailable):
            async with store.write("test", epoch) as tx:
                server.kill()
                await tx.write_at_once(batch)
        server.start()
        server.wait_ready()
        async with store.write("test", epoch) as tx:
            assert await tx.previous("TodoTask", ["u"]) == {}
            await tx.write_at_once(batch)
        assert [row.id for row in await store.outbox_batch(10)] == ["one"]
