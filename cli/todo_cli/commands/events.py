"""`todotasks events`: what happened, from Kafka, for people and pipes."""

import time
from pathlib import Path

import click
import confluent_kafka
import msgspec

from todo_cli.commands.verify import addresses
from todotasks.edits.wording.formatting import clean
from todotasks.events.envelope import CloudEvent, EventError, decode

CONNECT_TIMEOUT = 10.0  # seconds
TOPICS = ("task-events", "reminders", "task-updates")


class _Changed(msgspec.Struct):
    changed: tuple[str, ...] | None = None


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path(".todotasks"), show_default=True)
@click.option("--topic", default="task-events", show_default=True, help=f"One of {', '.join(TOPICS)}.")
@click.option("--subject", default="", help="Only what is about it: namespace/name, or namespace/.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what happens from now on, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Each event whole, one a line.")
def events(data_dir: Path, topic: str, subject: str, follow: bool, as_json: bool) -> None:
    """Print the events that Kafka holds, oldest first within each partition.

    The address comes from TODO_KAFKA_*, else from what `todotasks up` started in --data-dir.
    """
    _, kafka = addresses(data_dir)
    consumer = confluent_kafka.Consumer(
        {**kafka, "group.id": f"todotasks-events-{time.time_ns()}", "enable.auto.commit": False}
    )
    try:
        ends = assign(consumer, topic)
        while follow or ends:
            for message in consumer.consume(500, 0.2):
                if message.error() is not None:
                    continue
                show(message, subject, as_json)
                number, offset = message.partition() or 0, message.offset() or 0
                if offset + 1 >= ends.get(number, 0):
                    ends.pop(number, None)
    except confluent_kafka.KafkaException as error:
        raise click.ClickException(f"Kafka: {error.args[0].str()}") from error
    except KeyboardInterrupt:
        return
    finally:
        consumer.close()


def assign(consumer: confluent_kafka.Consumer, topic: str) -> dict[int, int]:
    """Reads all partitions from their beginning; returns where those that hold anything end now."""
    found = consumer.list_topics(topic, timeout=CONNECT_TIMEOUT).topics[topic]
    if found.error is not None:
        raise confluent_kafka.KafkaException(found.error)
    places, ends = [], {}
    for number in found.partitions:
        place = confluent_kafka.TopicPartition(topic, number)
        first, end = consumer.get_watermark_offsets(place, timeout=CONNECT_TIMEOUT)
        place.offset = first
        places.append(place)
        if end > first:
            ends[number] = end
    consumer.assign(places)
    return ends


def show(message: confluent_kafka.Message, subject: str, as_json: bool) -> None:
    """What is no event of ours is said on standard error, and the next ones are shown."""
    value = message.value()
    if value is None:
        if not subject:
            click.echo(f"{clean(_key(message))}  (tombstone)")
        return
    try:
        event = decode(value)
    except EventError as error:
        place = f"{message.topic()}[{message.partition()}]@{message.offset()}"
        click.echo(f"{place} is skipped: {clean(str(error), 500)}", err=True)
        return
    about = event.subject
    if subject and not (about == subject or (subject.endswith("/") and about.startswith(subject))):
        return
    if as_json:
        click.echo(value.decode())
        return
    when = event.time.isoformat(timespec="milliseconds")[:23]
    kind = clean(event.type.removeprefix("dev.todotasks."))
    click.echo(f"{when}  {kind:<26} {clean(about)}  {clean(', '.join(_changed(event)))}".rstrip())


def _key(message: confluent_kafka.Message) -> str:
    return (message.key() or b"").decode("utf-8", "replace")


def _changed(event: CloudEvent) -> tuple[str, ...]:
    """The paths that the event names, if it does."""
    try:
        return event.read(_Changed).changed or ()
    except EventError:
        return ()
