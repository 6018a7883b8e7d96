"""librdkafka configurations for our three uses, from the one that the settings pass through.

What the operator of the system sets (TODO_KAFKA_*) wins, except where a promise depends on it:
idempotence of the producer, manual commits of the consumer.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final

logger = logging.getLogger("todotasks.broker")

COMMON: Final[dict[str, Any]] = {
    "client.id": "todotasks",
    # The defaults back off to 10 s: too long to be at work again 10 s after a broker is back.
    "reconnect.backoff.max.ms": 1000,
    "socket.keepalive.enable": True,
}

PRODUCER: Final[dict[str, Any]] = {
    "acks": "all",
    # Never give a message up by time: the outbox would send it again, behind newer ones of its key.
    "message.timeout.ms": 0,
    "queue.buffering.max.messages": 50_000,
    "queue.buffering.max.kbytes": 65_536,
    # What Java producers, Streams and Dapr do: the same key lands on the same partition for all of them.
    "partitioner": "murmur2_random",
}

CONSUMER: Final[dict[str, Any]] = {
    "auto.offset.reset": "earliest",
    "partition.assignment.strategy": "cooperative-sticky",
    # A consumer that was killed is replaced after this time (the default is 45 s).
    "session.timeout.ms": 8000,
    "heartbeat.interval.ms": 2000,
    # Bounds the memory of what is fetched ahead.
    "queued.max.messages.kbytes": 16_384,
}

# Two names of one setting: giving both is an error only if they differ, so ours steps back.
_ALIASES: Final = {"message.timeout.ms": "delivery.timeout.ms", "acks": "request.required.acks"}


def _merged(
    config: Mapping[str, Any], defaults: Mapping[str, Any], forced: Mapping[str, Any]
) -> dict[str, Any]:
    ours = {name: value for name, value in {**COMMON, **defaults}.items() if _ALIASES.get(name) not in config}
    return {**ours, **config, **forced}


def producer_config(config: Mapping[str, Any], linger_ms: float) -> dict[str, Any]:
    return _merged(
        config, {**PRODUCER, "linger.ms": linger_ms}, {"enable.idempotence": True, "logger": logger}
    )


def consumer_config(config: Mapping[str, Any], group: str) -> dict[str, Any]:
    forced = {"group.id": group, "enable.auto.commit": False, "enable.auto.offset.store": False}
    return _merged(config, CONSUMER, {**forced, "logger": logger})


def admin_config(config: Mapping[str, Any]) -> dict[str, Any]:
    return _merged(config, {}, {"logger": logger})
