"""The topics: which there are, what each is like, and making them so.

`ensure_topics` creates what is missing and reports what differs. It never changes an existing topic: more
partitions would move keys to other partitions and so break the order per key, other settings may be meant.
"""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final, NamedTuple

import msgspec
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType  # type: ignore[attr-defined]

from todotasks.broker.config import admin_config
from todotasks.broker.errors import BrokerError, broker_error, secrets_of

TASK_EVENTS: Final = "task-events"
REMINDERS: Final = "reminders"
TASK_UPDATES: Final = "task-updates"
TASK_ADMISSIONS: Final = "task-admissions"

PARTITIONS: Final = 6
PRODUCER_LIMIT: Final = 1_000_000  # librdkafka's default of message.max.bytes
ADMIN_TIMEOUT: Final = 15.0  # seconds for one request to the cluster


class TopicSpec(msgspec.Struct, frozen=True):
    """What a topic is to be like. Replication is the cluster's default."""

    partitions: int = PARTITIONS
    compacted: bool = False
    config: Mapping[str, str] = {}

    @property
    def cleanup_policy(self) -> str:
        return "compact" if self.compacted else "delete"


TOPICS: Final[Mapping[str, TopicSpec]] = {
    TASK_EVENTS: TopicSpec(),
    REMINDERS: TopicSpec(),
    TASK_UPDATES: TopicSpec(compacted=True),
    TASK_ADMISSIONS: TopicSpec(),
}


def dlq(topic: str) -> str:
    """Where a consumer puts what it cannot process from `topic`."""
    return f"{topic}.dlq"


def with_dead_letters(topics: Mapping[str, TopicSpec]) -> dict[str, TopicSpec]:
    """The topics and their dead-letter topics, which are kept as delete topics with as many partitions."""
    letters = {dlq(name): TopicSpec(partitions=spec.partitions) for name, spec in topics.items()}
    return {**topics, **letters}


class TopicsReport(NamedTuple):
    """What `ensure_topics` did, and sentences on what is not as wanted."""

    created: tuple[str, ...]
    differs: tuple[str, ...]


async def ensure_topics(
    config: Mapping[str, Any],
    prefix: str = "",
    topics: Mapping[str, TopicSpec] | None = None,
    *,
    timeout_seconds: float = ADMIN_TIMEOUT,
) -> TopicsReport:
    """Create what is missing of `topics` (default: all of ours with their dead-letter topics)."""
    wanted = {
        f"{prefix}{name}": spec
        for name, spec in (with_dead_letters(TOPICS) if topics is None else topics).items()
    }
    secrets = secrets_of(config)
    try:
        return await asyncio.to_thread(_ensure, dict(config), wanted, timeout_seconds)
    except (KafkaException, ValueError, TypeError) as error:
        # Not chained: the cause quotes configuration values.
        raise broker_error(error, secrets=secrets) from None


def _ensure(config: dict[str, Any], wanted: Mapping[str, TopicSpec], timeout: float) -> TopicsReport:
    admin = AdminClient(admin_config(config))
    existing = admin.list_topics(timeout=timeout).topics
    missing = [name for name in wanted if name not in existing]
    created = _create(admin, {name: wanted[name] for name in missing}, timeout)
    known = [name for name in wanted if name not in created]
    partitions = {name: len(existing[name].partitions) for name in known if name in existing}
    partitions |= _partitions(admin, [name for name in known if name not in existing], timeout)
    differs: list[str] = []
    for name, settings in _settings(admin, known, timeout).items():
        differs += _differences(name, wanted[name], partitions[name], settings, _producer_limit(config))
    return TopicsReport(tuple(created), tuple(differs))


def _differences(
    name: str, wanted: TopicSpec, partitions: int, settings: Mapping[str, str], producer_limit: int
) -> list[str]:
    """Sentences on what is not as wanted. Pure; `settings` is empty where we may not read them."""
    found = []
    if partitions != wanted.partitions:
        found.append(f"topic {name} has {partitions} partitions, {wanted.partitions} were expected")
    policy = settings.get("cleanup.policy", wanted.cleanup_policy)
    if policy != wanted.cleanup_policy:
        found.append(f"topic {name} has cleanup.policy={policy}, {wanted.cleanup_policy} was expected")
    limit = int(settings.get("max.message.bytes", producer_limit))
    if limit < producer_limit:
        found.append(
            f"topic {name} takes messages of up to {limit} bytes, the producer sends up to {producer_limit}: "
            "raise the topic's max.message.bytes or lower TODO_KAFKA_MESSAGE_MAX_BYTES"
        )
    return found


def _producer_limit(config: Mapping[str, Any]) -> int:
    return int(config.get("message.max.bytes", PRODUCER_LIMIT))


def _create(admin: AdminClient, missing: Mapping[str, TopicSpec], timeout: float) -> list[str]:
    """The topics that we created; those that somebody else created meanwhile are not among them."""
    if not missing:
        return []
    requests = [
        NewTopic(
            name,
            num_partitions=spec.partitions,
            replication_factor=-1,  # the cluster's default
            config={"cleanup.policy": spec.cleanup_policy, **spec.config},
        )
        for name, spec in missing.items()
    ]
    created = []
    futures: Mapping[str, Future[None]] = admin.create_topics(requests, operation_timeout=timeout)
    for name, future in futures.items():
        try:
            future.result(timeout=timeout * 2)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
        except TimeoutError:
            raise BrokerError(
                f"Kafka: topic {name} was not created within {timeout:g} s", topic=name
            ) from None
        else:
            created.append(name)
    return created


def _partitions(admin: AdminClient, names: list[str], timeout: float) -> dict[str, int]:
    """How many partitions each topic has; BrokerError when one stays unknown.

    A topic that somebody created a moment ago exists already for who would create it, and is not yet in the
    metadata of every broker: it is asked for until it is.
    """
    found: dict[str, int] = {}
    until = time.monotonic() + timeout
    while missing := [name for name in names if not found.get(name)]:
        if time.monotonic() > until:
            raise BrokerError(
                f"Kafka: topic {missing[0]} exists and is not shown after {timeout:g} s", topic=missing[0]
            )
        time.sleep(0.05)
        topics = admin.list_topics(timeout=timeout).topics
        found = {name: len(topics[name].partitions) for name in names if name in topics}
    return found


def _settings(admin: AdminClient, names: list[str], timeout: float) -> dict[str, dict[str, str]]:
    """Each topic's settings; none of those whose settings we may not read."""
    found: dict[str, dict[str, str]] = {}
    until = time.monotonic() + timeout
    while missing := [name for name in names if name not in found]:
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in missing]
        for resource, future in admin.describe_configs(resources, request_timeout=timeout).items():
            try:
                entries = future.result(timeout=timeout * 2)
                found[resource.name] = {name: str(entry.value) for name, entry in entries.items()}
            except KafkaException as error:
                code = error.args[0].code()
                if code == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                    found[resource.name] = {}
                # A topic that was created a moment ago is not known to every broker at once.
                elif code != KafkaError.UNKNOWN_TOPIC_OR_PART or time.monotonic() > until:
                    raise
                else:
                    time.sleep(0.05)
    return found
