"""A batch in one round trip writes what the careful way writes, or nothing at all."""

import pytest

from tests.integration.store.support import NOW, Database, a_message, a_rule, a_task, fetch, value
from todotasks.store import Archival, BatchRefused, MirrorBatch, Store


async def test_everything_of_a_batch_is_written_and_the_messages_are_known_by_seq(
    store: Store, database: Database, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("gone", 1)])
    async with store.write("test", epoch) as tx:
        await tx.write_at_once(
            MirrorBatch(
                "TodoTask",
                NOW,
                tasks=[a_task("a", 1, title="Old"), a_task("a", 2, title="Water the plants"), a_task("b", 3)],
                objects=[a_rule()],
                archive=[Archival("gone", "Deleted", 4)],
                messages=[a_message("m1"), a_message("m2", value=None), a_message("m1")],
                position=("todotasks", "4"),
            )
        )
    assert await fetch(database, "select uid, title from tasks where archived_at is null order by uid") == [
        ("a", "Water the plants"),
        ("b", "Pay rent"),
    ]
    assert await value(database, "select archive_reason from tasks where uid = 'gone'") == "Deleted"
    assert await value(database, "select count(*) from objects") == 1
    assert await store.position("todotasks") == "4"
    assert tx.enqueued == await store.outbox_batch(10)
    assert [row.id for row in tx.enqueued] == ["m1", "m2"]
    assert await value(database, "select count(*) from words where word = 'plants'") == 1


async def test_a_message_that_waits_already_is_not_enqueued_again(store: Store, epoch: int) -> None:
    for _ in range(2):
        async with store.write("test", epoch) as tx:
            await tx.write_at_once(MirrorBatch("TodoTask", NOW, messages=[a_message("m1")]))
    assert tx.enqueued == []
    assert len(await store.outbox_batch(10)) == 1


async def test_an_empty_batch_is_nothing(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.write_at_once(MirrorBatch("TodoTask", NOW))
    assert tx.enqueued == []


async def test_one_row_that_is_refused_refuses_the_batch_and_nothing_is_written(
    store: Store, database: Database, epoch: int
) -> None:
    endless = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(4_000))  # for no index
    with pytest.raises(BatchRefused, match="index row"):
        async with store.write("test", epoch) as tx:
            await tx.write_at_once(
                MirrorBatch(
                    "TodoTask",
                    NOW,
                    tasks=[a_task("good"), a_task("bad", namespace=endless)],
                    messages=[a_message("m1")],
                    position=("todotasks", "9"),
                )
            )
    assert await value(database, "select count(*) from tasks") == 0
    assert await store.outbox_batch(10) == []
    assert await store.position("todotasks") is None


async def test_a_document_that_is_no_json_refuses_the_batch(store: Store, epoch: int) -> None:
    with pytest.raises(BatchRefused):
        async with store.write("test", epoch) as tx:
            await tx.write_at_once(MirrorBatch("TodoTask", NOW, tasks=[a_task(doc=b"{broken")]))


async def test_a_listener_hears_of_it(store: Store, epoch: int) -> None:
    heard = store.outbox_notifications(30.0)
    await anext(heard)
    await anext(heard)
    async with store.write("test", epoch) as tx:
        await tx.write_at_once(MirrorBatch("TodoTask", NOW, messages=[a_message("m1")]))
    await anext(heard)
    await heard.aclose()
