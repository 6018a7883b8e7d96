"""The topics: which there are, what each is like, and making them so.

`ensure_topics` creates what is missing and reports what differs. It never changes an existing topic: more
partitions would move keys to other partitions and so break the order per key, other settings may be meant.
"""

import asyncio
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
    differs: list[str] = []
    known = [name for name in wanted if name not in created]
    policies = _cleanup_policies(admin, known, timeout)
    for name in known:
        spec = wanted[name]
        if name in existing and (count := len(existing[name].partitions)) != spec.partitions:
            differs.append(f"topic {name} has {count} partitions, {spec.partitions} were expected")
        policy = policies.get(name)
        if policy is not None and policy != spec.cleanup_policy:
            differs.append(f"topic {name} has cleanup.policy={policy}, {spec.cleanup_policy} was expected")
    return TopicsReport(tuple(created), tuple(differs))


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


def _cleanup_policies(admin: AdminClient, names: list[str], timeout: float) -> dict[str, str]:
    """cleanup.policy by topic, of those whose configuration we may read."""
    if not names:
        return {}
    policies = {}
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
    for resource, future in admin.describe_configs(resources, request_timeout=timeout).items():
        try:
            policies[resource.name] = str(future.result(timeout=timeout * 2)["cleanup.policy"].value)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise
    return policies
