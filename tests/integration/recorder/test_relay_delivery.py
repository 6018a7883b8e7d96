"""The relay with a healthy Kafka: everything, in order, once; and its ends."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.integration.recorder.kafka import RelayRig, message
from tests.integration.recorder.rig import eventually
from todotasks.store import Fenced, OutboxMessage, Store


@pytest.fixture
async def rig(database_url: str, kafka_bootstrap: str) -> AsyncIterator[RelayRig]:
    async with await Store.open(database_url) as store:
        made = RelayRig(store, kafka_bootstrap)
        yield made
        await made.stop(in_good_order=False)


async def test_what_is_committed_arrives_as_it_is(rig: RelayRig) -> None:
    topic = await rig.topic()
    await rig.start()
    headers = {"content-type": "application/cloudevents+json; charset=UTF-8"}
    await rig.commit(
        OutboxMessage("1", topic, "a", b'{"x":1}', headers), OutboxMessage("2", topic, "a", None)
    )
    await rig.delivered()
    first, tombstone = rig.read(topic)
    assert (first.key, first.value, first.headers) == ("a", b'{"x":1}', headers)
    assert (tombstone.key, tombstone.value) == ("a", None)


@pytest.mark.parametrize("offer", [True, False], ids=["offered", "found in the table"])
async def test_each_key_arrives_in_the_order_of_the_commits(rig: RelayRig, offer: bool) -> None:
    topic = await rig.topic()
    await rig.start(offer=offer, listen=not offer)
    for start in range(0, 300, 30):
        await rig.commit(*(message(n, topic, "abc"[n % 3]) for n in range(start, start + 30)))
    await rig.delivered()
    for index, key in enumerate("abc"):
        assert rig.numbers(topic, key) == list(range(index, 300, 3))


async def test_what_was_left_by_the_last_relay_goes_first(rig: RelayRig) -> None:
    topic = await rig.topic()
    await rig.commit(*(message(n, topic) for n in range(50)))
    await rig.start()
    await rig.commit(*(message(n, topic) for n in range(50, 100)))
    await rig.delivered()
    assert rig.numbers(topic) == list(range(100))


async def test_more_than_fits_into_memory_is_read_from_the_table_in_its_turn(
    rig: RelayRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todo_operator.relay.relay.CAPACITY", 40)
    monkeypatch.setattr("todo_operator.relay.relay.PAGE", 10)
    topic = await rig.topic()
    await rig.commit(*(message(n, topic, "ab"[n % 2]) for n in range(200)))
    await rig.start()
    for start in range(200, 600, 50):
        await rig.commit(*(message(n, topic, "ab"[n % 2]) for n in range(start, start + 50)))
    await rig.delivered()
    assert rig.numbers(topic, "a") == list(range(0, 600, 2))
    assert rig.numbers(topic, "b") == list(range(1, 600, 2))


async def test_rows_that_nobody_offered_are_found_by_the_sweep(
    rig: RelayRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todo_operator.relay.relay.POLL_SECONDS", 0.2)
    topic = await rig.topic()
    await rig.start(offer=False)
    await rig.commit(message(1, topic))
    await rig.delivered()
    await rig.commit(message(2, topic))
    await rig.delivered()
    assert rig.numbers(topic) == [1, 2]


async def test_a_relay_of_its_own_hears_of_a_commit_at_once(rig: RelayRig) -> None:
    topic = await rig.topic()
    await rig.start(listen=True, offer=False)
    await rig.commit(message(1, topic))
    await rig.delivered()  # the way is warm
    loop = asyncio.get_running_loop()
    start = loop.time()
    await rig.commit(message(2, topic))
    await rig.delivered()
    assert loop.time() - start < 2.0  # and not the five seconds of the sweep


async def test_stopping_in_good_order_leaves_nothing_to_send_again(rig: RelayRig) -> None:
    topic = await rig.topic()
    relay = await rig.start()
    await rig.commit(*(message(n, topic, str(n)) for n in range(500)))
    await eventually(lambda: not relay._lanes)
    await rig.stop()
    assert (await rig.store.outbox_stats()).depth == 0


async def test_a_crash_between_acknowledgement_and_deletion_sends_the_same_again(rig: RelayRig) -> None:
    """The rows are put back as they were: what the next relay finds after such a crash."""
    topic = await rig.topic()
    await rig.start()
    await rig.commit(message(1, topic), message(2, topic))
    await rig.delivered()
    await rig.stop()
    await rig.commit(message(1, topic), message(2, topic), message(3, topic))
    await rig.start()
    await rig.delivered()
    assert rig.numbers(topic) == [1, 2, 1, 2, 3]


async def test_a_relay_that_was_replaced_stops_and_does_not_send(rig: RelayRig) -> None:
    topic = await rig.topic()
    relay = await rig.start()
    await rig.commit(message(1, topic))
    await rig.delivered()

    await rig.succeed()
    await rig.commit(message(2, topic))
    relay._led_at = float("-inf")  # as after a pause
    relay._behind = True
    relay._look.set()

    assert isinstance(await rig.outcome(), Fenced)
    assert rig.numbers(topic) == [1]
    assert [row.id for row in await rig.store.outbox_batch(10)] == [f"{topic}-a-2"]
