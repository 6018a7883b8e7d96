"""Kafka: the topics, an idempotent producer, a consumer that commits after the effect.

librdkafka runs in threads of its own; what is here belongs to one event loop. It knows bytes, keys and
headers, not what an event says: it imports nothing of core but `retry`.
"""

from todotasks.broker.consumer import Consumer, RetryPolicy, Unprocessable
from todotasks.broker.errors import BrokerError, MessageTooLarge
from todotasks.broker.message import Batch, Message
from todotasks.broker.producer import Delivered, Producer
from todotasks.broker.topics import (
    REMINDERS,
    TASK_ADMISSIONS,
    TASK_EVENTS,
    TASK_UPDATES,
    TOPICS,
    TopicSpec,
    TopicsReport,
    dlq,
    ensure_topics,
)

__all__ = [
    "REMINDERS",
    "TASK_ADMISSIONS",
    "TASK_EVENTS",
    "TASK_UPDATES",
    "TOPICS",
    "Batch",
    "BrokerError",
    "Consumer",
    "Delivered",
    "Message",
    "MessageTooLarge",
    "Producer",
    "RetryPolicy",
    "TopicSpec",
    "TopicsReport",
    "Unprocessable",
    "dlq",
    "ensure_topics",
]
