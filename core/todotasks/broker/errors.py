"""What can go wrong between us and Kafka, as types a caller can act on.

    BrokerError            has `retriable`, `fatal`, `topic` and librdkafka's `code`
    └── MessageTooLarge    this message will never be taken; the ones behind it are not affected

Messages never contain a secret of the configuration: librdkafka quotes values it cannot read.
"""

from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException

_SECRET_WORDS = ("password", "secret", "token", "key.pem", "jaas", "credential")


class BrokerError(Exception):
    """Kafka could not do what was asked."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        retriable: bool = True,
        fatal: bool = False,
        topic: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retriable = retriable
        self.fatal = fatal
        self.topic = topic


class MessageTooLarge(BrokerError):
    """The message exceeds what the topic takes. Sending it again is useless."""


def secrets_of(config: Mapping[str, object]) -> tuple[str, ...]:
    """The values of a librdkafka configuration that nobody may read."""
    return tuple(
        str(value)
        for name, value in config.items()
        if value and any(word in name.lower() for word in _SECRET_WORDS)
    )


def redact(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def broker_error(
    error: KafkaError | KafkaException | Exception, *, topic: str | None = None, secrets: tuple[str, ...] = ()
) -> BrokerError:
    """The typed error for what librdkafka reported."""
    if isinstance(error, KafkaException):
        error = error.args[0] if error.args else error
    if not isinstance(error, KafkaError):
        return BrokerError(f"Kafka: {redact(str(error), secrets)}", retriable=False, topic=topic)
    where = f" (topic {topic})" if topic else ""
    text = f"Kafka: {redact(error.str(), secrets)} [{error.name()}]{where}"
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        return MessageTooLarge(text, code=error.name(), retriable=False, topic=topic)
    return BrokerError(
        text, code=error.name(), retriable=not _is_hopeless(error), fatal=error.fatal(), topic=topic
    )


_HOPELESS = frozenset(
    {
        KafkaError._INVALID_ARG,
        KafkaError.INVALID_CONFIG,
        KafkaError.INVALID_REPLICATION_FACTOR,
        KafkaError.POLICY_VIOLATION,
        KafkaError.INVALID_RECORD,
        KafkaError.UNSUPPORTED_VERSION,
    }
)


def _is_hopeless(error: KafkaError) -> bool:
    """Whether only a change of configuration or data helps. Everything else may heal: a topic is created,
    a permission granted, a broker comes back."""
    return error.code() in _HOPELESS
