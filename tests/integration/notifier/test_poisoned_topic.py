"""What somebody has put into the topic of reminders stops nobody's reminders."""

import asyncio
from collections.abc import Callable

from tests.integration.broker.support import headers_of, read_topic
from tests.integration.notifier.conftest import Bench, until
from tests.support.poison import poisoned
from tests.support.reminders import a_due_event
from todo_cli.local.backing.kafka import Kafka
from todo_consumers.notifier.intake import Intake
from todotasks.broker.consumer import Consumer
from todotasks.broker.producer import Producer
from todotasks.broker.topics import REMINDERS, dlq, ensure_topics
from todotasks.events import CloudEvent, encode


async def test_every_good_reminder_is_accepted_whatever_lies_between_them(
    bench: Bench, fresh_kafka: Callable[[], Kafka]
) -> None:
    kafka = {"bootstrap.servers": fresh_kafka().address}
    await ensure_topics(kafka)
    poison = poisoned(bench.event("mail"))
    good = [bench.event("mail", uid=f"good-{number}") for number in range(len(poison) + 1)]
    async with Producer(kafka) as producer, Consumer(kafka, "notifier", [REMINDERS]) as consumer:
        for event, bad in zip(good, [*poison.values(), None], strict=True):
            # Of one key, so in one lane: each good one stands behind a bad one.
            await (await producer.send(REMINDERS, "home/rent", bad, {"content-type": "x"}))
            await (await producer.send(REMINDERS, "home/rent", encode(event)))
        intake = Intake(consumer, bench.store.deliveries, lambda: None)
        running = asyncio.create_task(intake.run())

        async def all_accepted() -> bool:
            assert not running.done(), running.exception()
            return all([await bench.deliveries(event) for event in good])

        await until(all_accepted, "every good reminder in the ledger", 60)
        consumer.stop()
        await running
    letters = await read_topic(kafka, dlq(REMINDERS), 1)
    reasons = {letter.value(): headers_of(letter)["error"] for letter in letters}
    assert "not a structured CloudEvent" in reasons[poison["no JSON"]]
    assert "recursion" in reasons[poison["brackets in the data"]]
    assert "NUL" in reasons[poison["a NUL in a name"]]
    assert "index row" in reasons[poison["names too long for an index"]]
    assert poison["a type that is not known"] not in reasons, "not for us, and no fault of it"


async def test_what_fits_the_topic_but_not_its_dead_letters_is_told_and_holds_up_no_other(
    bench: Bench,
) -> None:
    """With the headers of a dead letter it is larger than what Kafka takes."""
    large, small = _of_size(bench, 999_600), bench.event("nosuch")
    async with bench.running(attempts=1) as hand_over:
        await hand_over(large)
        await hand_over(small)

        async def all_told() -> bool:
            rows = [*(await bench.deliveries(large)).values(), *(await bench.deliveries(small)).values()]
            waiting = await bench.store.deliveries.unreported(10)
            return all(row.state == "Failed" for row in rows) and not waiting

        await until(all_told, "both results told", 30)


def _of_size(bench: Bench, size: int) -> CloudEvent:
    empty = len(encode(bench.event("nosuch", uid="large", notes="")))
    return a_due_event(
        namespace=bench.namespace, uid="large", channels=("nosuch",), notes="x" * (size - empty)
    )
