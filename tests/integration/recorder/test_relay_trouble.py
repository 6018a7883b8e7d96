"""The relay when Kafka says no, or nothing at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import psycopg
import pytest

from tests.integration.recorder.kafka import RelayRig, deduplicated, message
from tests.integration.recorder.rig import eventually
from tests.unit.events.build import NOW, a_task
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todotasks.events import HEADERS, decode, encode, task_events
from todotasks.events.data import TaskCreated
from todotasks.store import OutboxMessage, Store


@pytest.fixture
async def rig(database_url: str, kafka_bootstrap: str) -> AsyncIterator[RelayRig]:
    async with await Store.open(database_url) as store:
        made = RelayRig(store, kafka_bootstrap)
        yield made
        await made.stop(in_good_order=False)


@pytest.fixture
async def own_kafka(database_url: str, module_kafka: Kafka) -> AsyncIterator[tuple[RelayRig, Kafka]]:
    async with await Store.open(database_url) as store:
        made = RelayRig(store, module_kafka.address)
        yield made, module_kafka
        await made.stop(in_good_order=False)


async def letters(url: str) -> list[tuple[str, str, int]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        cursor = await database.execute("select id, error, length(value) from dead_letters")
        return await cursor.fetchall()


def count_restarts(rig: RelayRig, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One element for each time that the relay begins to build its producer anew."""
    assert rig.producer is not None
    seen: list[None] = []
    restart = rig.producer.restart

    async def counted() -> None:
        seen.append(None)
        await restart()

    monkeypatch.setattr(rig.producer, "restart", counted)
    return seen


def timeout(milliseconds: int) -> dict[str, Any]:
    return {"message.timeout.ms": milliseconds}


# ── too large ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("limit", "config"),
    [("1048588", {}), ("20000", {}), ("1048588", {"message.max.bytes": 2_000_000})],
    ids=["for our client", "for the topic", "for the broker only"],
)
async def test_an_event_that_is_too_large_is_cut_in_its_place_and_kept_whole(
    rig: RelayRig, database_url: str, limit: str, config: dict[str, Any]
) -> None:
    topic = await rig.topic(**{"max.message.bytes": limit})
    big = a_task(annotations={"blob": "x" * 1_200_000}, notes="Kept")
    (event,) = task_events(None, big, now=NOW)
    whole = encode(event)
    await rig.start(**config)
    await rig.commit(
        message(1, topic, event.partitionkey),
        OutboxMessage(event.id, topic, event.partitionkey, whole, HEADERS),
        message(2, topic, event.partitionkey),
        message(3, topic, "another"),
    )
    await rig.delivered()

    arrived = [one for one in rig.read(topic) if one.key == event.partitionkey]
    assert [one.value for one in (arrived[0], arrived[2])] == [b"1", b"2"]
    short = decode(arrived[1].value or b"")
    assert (short.id, short.sequence) == (event.id, event.sequence)
    assert short.read(TaskCreated).task.spec.notes == "Kept"
    assert msgspec.json.decode(short.data)["abridged"] == ["task.metadata.annotations"]
    ((id_, error, length),) = await letters(database_url)
    assert (id_, length) == (event.id, len(whole))
    assert "MSG_SIZE_TOO_LARGE" in error
    assert [one.value for one in rig.read(topic) if one.key == "another"] == [b"3"]


async def test_what_is_too_large_and_no_event_lies_in_the_dead_letters_and_the_rest_goes_on(
    rig: RelayRig, database_url: str
) -> None:
    topic = await rig.topic(**{"max.message.bytes": "20000"})
    await rig.start()
    await rig.commit(message(1, topic), message(2, topic, value=b"x" * 30_000), message(3, topic))
    await rig.delivered()
    assert rig.numbers(topic) == [1, 3]
    assert [id_ for id_, _, _ in await letters(database_url)] == [f"{topic}-a-2"]


async def test_a_row_that_somebody_damaged_lies_in_the_dead_letters_and_the_rest_goes_on(
    rig: RelayRig, database_url: str
) -> None:
    topic = await rig.topic()
    await rig.commit(message(1, topic), message(2, topic), message(3, topic, "b"))
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database:
        await database.execute("update outbox set headers = '[7]' where id like '%-1'")
    await rig.start()
    await rig.delivered()
    assert rig.numbers_by_key(topic) == {"a": [2], "b": [3]}
    ((id_, error, _),) = await letters(database_url)
    assert id_ == f"{topic}-a-1"
    assert "not a message" in error


async def test_small_messages_are_not_blamed_for_the_batch_they_travelled_in(
    rig: RelayRig, database_url: str
) -> None:
    """Kafka judges a batch by its sum: each of these would fit, all of them together do not."""
    topic = await rig.topic(**{"max.message.bytes": "20000"})
    await rig.start()
    rows = [OutboxMessage(f"{topic}-{n}", topic, str(n), str(n).encode() + b" " * 3000) for n in range(200)]
    await rig.commit(*rows)
    await rig.delivered()
    assert sorted(int(one.value or b"") for one in rig.read(topic)) == list(range(200))
    assert await letters(database_url) == []


# ── Kafka away ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.chaos
async def test_kafka_away_is_said_and_everything_arrives_when_it_is_back(
    own_kafka: tuple[RelayRig, Kafka], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, server = own_kafka
    monkeypatch.setattr("todo_operator.relay.relay.SILENT_AFTER", 1.0)
    monkeypatch.setattr("todo_operator.relay.relay.CAPACITY", 500)
    topic = await rig.topic()
    relay = await rig.start(**timeout(1500))
    rebuilt = count_restarts(rig, monkeypatch)
    await rig.commit(message(0, topic))
    await rig.delivered()
    assert relay.unready() is None

    await asyncio.to_thread(server.kill)
    for start in range(1, 2001, 100):
        await rig.commit(*(message(n, topic, str(n % 50)) for n in range(start, start + 100)))
    reason = await eventually(relay.unready)
    assert reason.startswith("Kafka has acknowledged nothing for ")
    await eventually(lambda: len(rebuilt) > 1)  # messages time out, the producer is rebuilt, more than once
    assert relay.unready() is not None
    assert (await rig.store.outbox_stats()).depth == 2000
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.wait_ready)

    await rig.delivered(10.0)
    assert relay.unready() is None
    arrived = rig.numbers_by_key(topic)
    for key in range(50):
        assert deduplicated(arrived[str(key)]) == [n for n in range(1, 2001) if n % 50 == key]


@pytest.mark.chaos
async def test_kafka_killed_in_the_middle_of_a_stream_loses_nothing_and_keeps_the_order(
    own_kafka: tuple[RelayRig, Kafka],
) -> None:
    rig, server = own_kafka
    topic = await rig.topic()
    await rig.start(**timeout(2000))

    async def stream() -> None:
        for start in range(0, 3000, 20):
            await rig.commit(*(message(n, topic, str(n % 7)) for n in range(start, start + 20)))
            await asyncio.sleep(0.03)

    streaming = asyncio.create_task(stream())
    for _ in range(2):
        await asyncio.sleep(1.0)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.wait_ready)
    await streaming
    await rig.delivered()
    arrived = rig.numbers_by_key(topic)
    for key in range(7):
        assert deduplicated(arrived[str(key)]) == list(range(key, 3000, 7))


@pytest.mark.chaos
async def test_a_database_that_goes_away_stops_the_sending_until_it_is_back(
    fresh_postgres: Callable[[], Postgres], kafka_bootstrap: str
) -> None:
    server = fresh_postgres()
    async with await Store.open(server.url("postgres")) as store:
        await store.migrate()
        rig = RelayRig(store, kafka_bootstrap)
        topic = await rig.topic()
        relay = await rig.start()
        await rig.commit(message(1, topic))
        await rig.delivered()
        server.kill()
        reason = await eventually(relay.unready, 20)
        assert "events are not relayed: PostgreSQL" in reason
        server.start()
        server.wait_ready()
        await eventually(lambda: relay.unready() is None)
        await rig.commit(message(2, topic))
        await rig.delivered()
        await rig.stop()
        assert rig.numbers(topic) == [1, 2]
