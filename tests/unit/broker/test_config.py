"""What the settings pass through wins, except where a promise depends on it."""

import pytest

from todotasks.broker import TopicSpec
from todotasks.broker.config import consumer_config, producer_config
from todotasks.broker.topics import TOPICS, _differences, dlq, with_dead_letters


def test_the_producer_is_idempotent_whatever_is_asked_for() -> None:
    config = producer_config({"enable.idempotence": False}, linger_ms=1)
    assert config["enable.idempotence"] is True
    assert (config["acks"], config["linger.ms"]) == ("all", 1)


def test_a_message_is_not_given_up_by_time_unless_asked_for() -> None:
    assert producer_config({}, 0)["message.timeout.ms"] == 0
    asked = producer_config({"delivery.timeout.ms": 9000}, 0)
    assert asked["delivery.timeout.ms"] == 9000
    assert "message.timeout.ms" not in asked  # librdkafka refuses two names of one setting that differ


def test_the_consumer_commits_by_hand_in_the_group_of_the_program() -> None:
    config = consumer_config({"enable.auto.commit": True, "group.id": "other"}, "audit")
    assert (config["enable.auto.commit"], config["group.id"]) == (False, "audit")
    assert config["auto.offset.reset"] == "earliest"


@pytest.mark.parametrize("name", ["client.id", "reconnect.backoff.max.ms", "session.timeout.ms"])
def test_settings_win_over_our_defaults(name: str) -> None:
    assert consumer_config({name: "7"}, "audit")[name] == "7"


def test_the_given_configuration_is_not_changed() -> None:
    given = {"bootstrap.servers": "db:9092"}
    producer_config(given, 0)
    consumer_config(given, "audit")
    assert given == {"bootstrap.servers": "db:9092"}


def test_each_topic_has_a_dead_letter_topic_as_wide() -> None:
    topics = with_dead_letters(TOPICS)
    assert set(topics) == {name for topic in TOPICS for name in (topic, dlq(topic))}
    assert not topics[dlq("task-updates")].compacted
    assert topics[dlq("task-updates")].partitions == topics["task-updates"].partitions


AS_WANTED = {"cleanup.policy": "delete", "max.message.bytes": "1048588"}


@pytest.mark.parametrize(
    ("partitions", "settings", "sentences"),
    [
        (6, AS_WANTED, 0),
        (6, {}, 0),  # we may not read them
        (12, AS_WANTED, 1),
        (6, {**AS_WANTED, "cleanup.policy": "compact"}, 1),
        (6, {**AS_WANTED, "max.message.bytes": "1000"}, 1),
        (1, {"cleanup.policy": "compact", "max.message.bytes": "1000"}, 3),
    ],
)
def test_all_that_differs_is_said_at_once(partitions: int, settings: dict[str, str], sentences: int) -> None:
    assert len(_differences("t", TopicSpec(), partitions, settings, 1_000_000)) == sentences
