"""Topics are made as they are meant to be, and never changed behind somebody's back."""

import asyncio
from collections.abc import Callable

import pytest
from confluent_kafka.admin import AdminClient

from tests.integration.broker.support import Config
from todotasks.broker import TOPICS, BrokerError, TopicSpec, dlq, ensure_topics


async def test_all_topics_and_their_dead_letter_topics_are_created(
    config: Config, unique: Callable[[str], str]
) -> None:
    prefix = unique("all") + "-"
    report = await ensure_topics(config, prefix)
    expected = {f"{prefix}{name}" for topic in TOPICS for name in (topic, dlq(topic))}
    assert set(report.created) == expected
    assert report.differs == ()
    found = AdminClient(config).list_topics(timeout=10).topics
    assert {len(found[name].partitions) for name in expected} == {6}
    again = await ensure_topics(config, prefix)
    assert (again.created, again.differs) == ((), ())


async def test_the_compacted_topic_is_compacted(config: Config, unique: Callable[[str], str]) -> None:
    prefix = unique("compacted") + "-"
    await ensure_topics(config, prefix, {"task-updates": TopicSpec(compacted=True)})
    report = await ensure_topics(config, prefix, {"task-updates": TopicSpec(compacted=False)})
    assert report.differs == (f"topic {prefix}task-updates has cleanup.policy=compact, delete was expected",)


async def test_a_topic_that_differs_is_reported_and_left_alone(
    config: Config, unique: Callable[[str], str]
) -> None:
    name = unique("differs")
    await ensure_topics(config, topics={name: TopicSpec(partitions=3)})
    for wanted in (1, 6):
        report = await ensure_topics(config, topics={name: TopicSpec(partitions=wanted)})
        assert report.differs == (f"topic {name} has 3 partitions, {wanted} were expected",)
    assert len(AdminClient(config).list_topics(timeout=10).topics[name].partitions) == 3


async def test_a_limit_below_the_producers_is_reported(config: Config, unique: Callable[[str], str]) -> None:
    name = unique("limited")
    spec = TopicSpec(partitions=1, config={"max.message.bytes": "2000"})
    await ensure_topics(config, topics={name: spec})
    report = await ensure_topics(config, topics={name: spec})
    [sentence] = report.differs
    assert f"topic {name} takes messages of up to 2000 bytes, the producer sends up to 1000000" in sentence


async def test_programs_that_start_at_once_do_not_disturb_each_other(
    config: Config, unique: Callable[[str], str]
) -> None:
    topics = {unique("race"): TopicSpec(partitions=1) for _ in range(3)}
    reports = await asyncio.gather(*(ensure_topics(config, topics=topics) for _ in range(5)))
    assert sorted(name for report in reports for name in report.created) == sorted(topics)


async def test_a_broker_that_is_away_is_a_retriable_error() -> None:
    with pytest.raises(BrokerError) as caught:
        await ensure_topics({"bootstrap.servers": "127.0.0.1:1"}, timeout_seconds=1)
    assert caught.value.retriable


async def test_a_configuration_that_cannot_be_read_shows_no_secret() -> None:
    config = {"bootstrap.servers": "127.0.0.1:1", "ssl.key.pem": "hunter2", "security.protocol": "ssl"}
    with pytest.raises(BrokerError) as caught:
        await ensure_topics(config, timeout_seconds=1)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
