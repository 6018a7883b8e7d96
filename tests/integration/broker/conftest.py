"""Topics and groups of a test's own on the session's Kafka."""

import itertools
import os
from collections.abc import Awaitable, Callable

import pytest

from tests.integration.broker.support import Config
from todotasks.broker import TopicSpec, ensure_topics

_counter = itertools.count()


@pytest.fixture
def config(kafka_bootstrap: str) -> Config:
    return {"bootstrap.servers": kafka_bootstrap}


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name that no other test uses."""
    return lambda name: f"{name}-{os.getpid()}-{next(_counter)}"


@pytest.fixture
def make_topic(config: Config, unique: Callable[[str], str]) -> Callable[..., Awaitable[str]]:
    async def make(partitions: int = 6, **given: str) -> str:
        name = unique("topic")
        spec = TopicSpec(partitions=partitions, config={k.replace("_", "."): v for k, v in given.items()})
        await ensure_topics(config, topics={name: spec, f"{name}.dlq": TopicSpec(partitions=1)})
        return name

    return make


@pytest.fixture
async def topic(make_topic: Callable[..., Awaitable[str]]) -> str:
    """A topic of six partitions with its dead-letter topic."""
    return await make_topic()


@pytest.fixture
def group(unique: Callable[[str], str]) -> str:
    return unique("group")
