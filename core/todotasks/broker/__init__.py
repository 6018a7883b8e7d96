"""Kafka: the topics, an idempotent producer, a consumer that commits after the effect."""

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
