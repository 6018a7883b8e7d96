"""What somebody has put into a topic keeps nothing else out of the audit log."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest

from tests.integration.audit.test_consumer import attempts
from tests.integration.broker.support import headers_of, read_topic
from tests.support.poison import poisoned
from tests.support.reminders import a_due_event
from todo_cli.local.backing.kafka import Kafka
from todo_consumers.audit.intake import TOPICS, Intake
from todotasks.broker.consumer import Consumer
from todotasks.broker.producer import Producer
from todotasks.broker.topics import REMINDERS, TASK_ADMISSIONS, dlq, ensure_topics
from todotasks.events import encode
from todotasks.store import Store
from todotasks.store.audit import AuditQuery


async def ids_in(store: Store) -> set[str]:
    return {row.entry["id"] for row in await store.audit.find(AuditQuery(limit=10_000))}


async def test_every_good_event_is_in_the_log_whatever_lies_between_them(
    fresh_database: Callable[[], str], fresh_kafka: Callable[[], Kafka]
) -> None:
    kafka = {"bootstrap.servers": fresh_kafka().address}
    await ensure_topics(kafka)
    good = attempts(100)
    poison = {
        TASK_ADMISSIONS: list(poisoned(good[0]).values()),
        REMINDERS: list(poisoned(a_due_event()).values()),
    }
    async with (
        await Store.open(fresh_database()) as store,
        Producer(kafka) as producer,
        Consumer(kafka, "audit", TOPICS) as consumer,
    ):
        await store.migrate()
        for number, event in enumerate(good):
            for topic, bad in poison.items():
                await (await producer.send(topic, "home/rent", bad[number % len(bad)]))
            await (await producer.send(event.topic, "home/rent", encode(event)))
        running = asyncio.create_task(Intake(consumer, store.audit).run())
        async with asyncio.timeout(90):
            while not {event.id for event in good} <= await ids_in(store):
                assert not running.done(), running.exception()
                await asyncio.sleep(0.1)
        consumer.stop()
        await running
    for topic, bad in poison.items():
        letters = {letter.value() for letter in await read_topic(kafka, dlq(topic), 1)}
        assert bad[2] in letters, "no JSON"


@pytest.mark.parametrize("position", [0, 5, 19])
async def test_a_row_that_the_database_refuses_is_a_dead_letter_and_the_others_are_written(
    fresh_database: Callable[[], str], fresh_kafka: Callable[[], Kafka], position: int
) -> None:
    kafka, url = {"bootstrap.servers": fresh_kafka().address}, fresh_database()
    await ensure_topics(kafka)
    events = attempts(20)
    async with (
        await Store.open(url) as store,
        Producer(kafka) as producer,
        Consumer(kafka, "audit", TOPICS) as consumer,
    ):
        await store.migrate()
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            refused = events[position].id
            await connection.execute(
                f"alter table audit_log add constraint nobody check (event_id <> '{refused}')".encode()
            )
        for event in events:
            await (await producer.send(event.topic, "home/rent", encode(event)))
        running = asyncio.create_task(Intake(consumer, store.audit).run())
        async with asyncio.timeout(60):
            while await ids_in(store) != {event.id for event in events} - {refused}:
                assert not running.done(), running.exception()
                await asyncio.sleep(0.1)
        [letter] = await read_topic(kafka, dlq(TASK_ADMISSIONS), 1)
        assert letter.value() == encode(events[position])
        assert "nobody" in headers_of(letter)["error"]
        consumer.stop()
        await running
