"""`todotasks events`: what happened, from Kafka, for people and pipes."""

import time
from pathlib import Path
from typing import Any

import click
import confluent_kafka
import msgspec

from todo_cli.commands.verify import addresses

CONNECT_TIMEOUT = 10.0  # seconds
TOPICS = ("task-events", "reminders", "task-updates")


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
    value = message.value()
    if value is None:
        if not subject:
            click.echo(f"{(message.key() or b'').decode()}  (tombstone)")
        return
    event: dict[str, Any] = msgspec.json.decode(value)
    about = str(event.get("subject", ""))
    if subject and not (about == subject or (subject.endswith("/") and about.startswith(subject))):
        return
    if as_json:
        click.echo(value.decode())
        return
    changed = ", ".join(event.get("data", {}).get("changed") or ())
    kind = str(event["type"]).removeprefix("dev.todotasks.")
    click.echo(f"{str(event['time'])[:23]:<23}  {kind:<26} {about}  {changed}".rstrip())
