"""Messages between the commit and Kafka's acknowledgement."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.integration.store.support import Database, a_message, fetch, value
from todotasks.store import OutboxStats, Store


async def enqueue(store: Store, epoch: int, *ids: str, once: bool = False) -> set[str]:
    async with store.write("test", epoch) as tx:
        return await tx.enqueue([a_message(id_) for id_ in ids], once=once)


async def ids_of(store: Store, after: int = 0) -> list[str]:
    return [row.id for row in await store.outbox_batch(1000, after)]


async def test_messages_come_out_as_they_went_in_and_in_that_order(store: Store, epoch: int) -> None:
    messages = [
        a_message("z", headers={"content-type": "application/cloudevents+json"}),
        a_message("a", value=None),
        a_message("m", value=bytes(range(256))),
    ]
    async with store.write("test", epoch) as tx:
        assert await tx.enqueue(messages) == {"z", "a", "m"}
    rows = await store.outbox_batch(10)
    assert [row[1:] for row in rows] == [tuple(message) for message in messages]
    assert rows == tx.enqueued
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)


async def test_an_id_that_waits_is_not_taken_twice(store: Store, epoch: int) -> None:
    assert await enqueue(store, epoch, "one", "one", "two") == {"one", "two"}
    assert await enqueue(store, epoch, "two", "three") == {"three"}
    assert await ids_of(store) == ["one", "two", "three"]


async def test_what_happens_once_is_not_taken_again_even_after_it_was_sent(store: Store, epoch: int) -> None:
    assert await enqueue(store, epoch, "due", once=True) == {"due"}
    await store.outbox_delete([row.seq for row in await store.outbox_batch(10)], "test", epoch)
    assert await enqueue(store, epoch, "due", "new", once=True) == {"new"}
    assert await ids_of(store) == ["new"]


async def test_of_two_writers_only_one_takes_a_happening(store: Store) -> None:
    epochs = {name: await store.take_leadership(name, "the tests") for name in ("a", "b", "c")}

    async def take(name: str) -> set[str]:
        async with store.write(name, epochs[name]) as tx:
            return await tx.enqueue([a_message(f"due-{n}") for n in range(50)], once=True)

    taken = await asyncio.gather(*(take(name) for name in epochs))
    assert sorted(len(ids) for ids in taken) == [0, 0, 50]


async def test_ten_thousand_happenings_in_one_transaction(store: Store, epoch: int) -> None:
    ids = [f"due-{n}" for n in range(10_000)]
    assert await enqueue(store, epoch, *ids, once=True) == set(ids)
    assert [row.id for row in await store.outbox_batch(20_000)] == ids
    assert await enqueue(store, epoch, *ids, once=True) == set()


async def test_happenings_are_forgotten_after_their_time(
    store: Store, database: Database, epoch: int
) -> None:
    await enqueue(store, epoch, "old", "new", once=True)
    await database.execute("update happenings set at = now() - interval '91 days' where id = 'old'")
    before = datetime.now(UTC) - timedelta(days=90)
    assert await store.prune_happenings(before, "test", epoch) == 1
    assert await fetch(database, "select id from happenings") == [("new",)]


async def test_a_reader_goes_on_after_what_it_has(store: Store, epoch: int) -> None:
    await enqueue(store, epoch, "one", "two", "three")
    [first] = await store.outbox_batch(1)
    assert await ids_of(store, after=first.seq) == ["two", "three"]


async def test_deleted_messages_are_gone(store: Store, epoch: int) -> None:
    await enqueue(store, epoch, "one", "two", "three")
    rows = await store.outbox_batch(10)
    await store.outbox_delete([rows[0].seq, rows[2].seq], "test", epoch)
    await store.outbox_delete([], "test", epoch)
    assert await ids_of(store) == ["two"]


async def test_what_cannot_be_produced_moves_to_the_dead_letters_with_the_reason(
    store: Store, database: Database, epoch: int
) -> None:
    await enqueue(store, epoch, "huge", "next")
    [row, _] = await store.outbox_batch(10)
    await store.dead_letter(row, "too \x00 large", "test", epoch)
    await store.dead_letter(row, "a second time, after a crash", "test", epoch)
    assert await ids_of(store) == ["next"]
    assert await fetch(database, "select id, topic, key, value, error from dead_letters") == [
        ("huge", row.topic, row.key, row.value, "too \ufffd large")
    ]


async def test_the_stats_say_how_many_wait_and_how_long(store: Store, database: Database, epoch: int) -> None:
    assert await store.outbox_stats() == OutboxStats(0, 0.0)
    await enqueue(store, epoch, "one", "two")
    await database.execute("update outbox set created_at = created_at - interval '1 hour' where id = 'one'")
    stats = await store.outbox_stats()
    assert stats.depth == 2
    assert 3599 < stats.oldest_age_seconds < 3700


async def test_a_deep_outbox_is_measured_without_reading_it(store: Store, database: Database) -> None:
    await database.execute(
        "insert into outbox (id, topic, key, headers, created_at)"
        " select n, 't', 'k', '{}', now() from generate_series(1, 30000) n"
    )
    assert (await store.outbox_stats()).depth == 30_000


async def test_a_commit_wakes_the_reader_at_once(store: Store, epoch: int) -> None:
    notifications = store.outbox_notifications(poll_seconds=30)
    await anext(notifications)
    await anext(notifications)  # it listens now
    waiting = asyncio.ensure_future(anext(notifications))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await enqueue(store, epoch, "one")
    await asyncio.wait_for(waiting, 2)
    await notifications.aclose()


async def test_a_transaction_that_enqueues_nothing_new_wakes_nobody(store: Store, epoch: int) -> None:
    await enqueue(store, epoch, "one")
    notifications = store.outbox_notifications(poll_seconds=30)
    await anext(notifications)
    await anext(notifications)
    waiting = asyncio.ensure_future(anext(notifications))
    await enqueue(store, epoch, "one")
    await asyncio.sleep(0.2)
    assert not waiting.done()
    waiting.cancel()


async def test_without_notifications_the_reader_polls(store: Store) -> None:
    notifications = store.outbox_notifications(poll_seconds=0.1)
    for _ in range(4):
        await asyncio.wait_for(anext(notifications), 2)
    await notifications.aclose()


async def test_positions_are_remembered_per_source(store: Store, database: Database, epoch: int) -> None:
    assert await store.position("todotasks") is None
    async with store.write("test", epoch) as tx:
        await tx.set_position("todotasks", "7")
        await tx.set_position("reminders", "8")
    async with store.write("test", epoch) as tx:
        await tx.set_position("todotasks", "9")
    assert (await store.position("todotasks"), await store.position("reminders")) == ("9", "8")
    assert await value(database, "select epoch from positions where source = 'todotasks'") == epoch
