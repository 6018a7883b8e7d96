"""Which of Kafka's errors is worth another attempt, and what no message may show."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from todotasks.broker import BrokerError, MessageTooLarge
from todotasks.broker.errors import broker_error, redact, secrets_of


@pytest.mark.parametrize(
    "code",
    [
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._MSG_TIMED_OUT,
        KafkaError._PURGE_QUEUE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.NOT_ENOUGH_REPLICAS,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,  # a permission can be granted while we wait
    ],
)
def test_what_may_heal_is_retriable(code: int) -> None:
    error = broker_error(KafkaError(code), topic="task-events")
    assert (error.retriable, error.fatal, error.topic) == (True, False, "task-events")
    assert error.code in str(error)
    assert "(topic task-events)" in str(error)


@pytest.mark.parametrize(
    "code", [KafkaError._INVALID_ARG, KafkaError.POLICY_VIOLATION, KafkaError.INVALID_RECORD]
)
def test_what_only_a_change_heals_is_not(code: int) -> None:
    assert not broker_error(KafkaException(KafkaError(code))).retriable


def test_a_message_too_large_is_a_type_of_its_own_and_hopeless() -> None:
    error = broker_error(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE))
    assert isinstance(error, MessageTooLarge)
    assert not error.retriable


def test_fatal_stays_fatal() -> None:
    assert broker_error(KafkaError(KafkaError._FATAL, "out of order", True)).fatal


def test_other_errors_of_the_driver_are_typed_too() -> None:
    assert type(broker_error(ValueError("expected a string"))) is BrokerError


def test_secrets_are_the_values_whose_names_say_so() -> None:
    config = {
        "bootstrap.servers": "db:9092",
        "sasl.username": "me",
        "sasl.password": "one",
        "ssl.key.pem": "two",
        "sasl.oauthbearer.client.secret": "three",
        "ssl.key.password": "",
    }
    assert secrets_of(config) == ("one", "two", "three")
    assert redact("one for two and three", secrets_of(config)) == "*** for *** and ***"


def test_errors_are_redacted() -> None:
    error = broker_error(KafkaError(KafkaError._INVALID_ARG, 'Invalid value "hunter2"'), secrets=("hunter2",))
    assert "hunter2" not in str(error)
