"""A message as it was read from Kafka, and a batch of them."""

from typing import NamedTuple

import confluent_kafka


class Message(NamedTuple):
    """A message as it was read. A header or key that is no UTF-8 keeps its place with U+FFFD in it."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: dict[str, str]
    timestamp_ms: int


class Batch(NamedTuple):
    messages: list[Message]

    def next_offsets(self) -> dict[tuple[str, int], int]:
        """(topic, partition) -> the offset to go on from after this batch."""
        found: dict[tuple[str, int], int] = {}
        for message in self.messages:
            place = (message.topic, message.partition)
            found[place] = max(found.get(place, 0), message.offset + 1)
        return found


def read_message(message: confluent_kafka.Message) -> Message:
    key = message.key()
    headers = message.headers() or []
    return Message(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        None if key is None else _text(key),
        message.value(),
        {name: _text(value) for name, value in dict(headers).items() if value is not None},
        message.timestamp()[1],
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
