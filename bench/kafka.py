"""A consumer of the bench's own: what arrived in `task-events`, and when."""

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

POLL_SECONDS = 0.05


class Arrivals:
    """Reads a topic from its end in a thread; `on_event(event, moment, stamp)` is called for each event.

    `moment` is by `time.perf_counter`; `stamp` is the message's own in epoch seconds: when it was produced,
    or, after `stamp_at_append`, when the broker appended it.
    """

    def __init__(
        self, bootstrap: str, topic: str, on_event: Callable[[dict[str, Any], float, float], None]
    ) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": f"bench-{time.time_ns()}",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 500,
                "auto.offset.reset": "latest",
            }
        )
        self._topic, self._on_event = topic, on_event
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Arrivals":
        # Assigned, not subscribed: no group join to wait for, and the end is known before the first change.
        metadata = self._consumer.list_topics(self._topic, timeout=10).topics[self._topic]
        places = []
        for partition in metadata.partitions:
            _, end = self._consumer.get_watermark_offsets(TopicPartition(self._topic, partition), timeout=10)
            places.append(TopicPartition(self._topic, partition, end))
        self._consumer.assign(places)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            # `consume` alone would wait for all 500, or for the whole time: it would measure its own waiting.
            first = self._consumer.poll(POLL_SECONDS)
            messages = [] if first is None else [first, *self._consumer.consume(500, 0)]
            for message in messages:
                now = time.perf_counter()
                if message.error() is None and message.value():
                    stamp = message.timestamp()[1] / 1000
                    self._on_event(msgspec.json.decode(message.value()), now, stamp)


def stamp_at_append(bootstrap: str, topic: str) -> None:
    """Has the broker stamp the topic's messages when it appends them, just before it acknowledges."""
    entry = ConfigEntry(
        "message.timestamp.type", "LogAppendTime", incremental_operation=AlterConfigOpType.SET
    )
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": bootstrap})  # its futures fail once it is collected
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)
