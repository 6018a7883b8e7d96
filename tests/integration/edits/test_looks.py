"""How often one message looks at its namespace: each list of it is held in memory while it is answered."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.edits.conftest import task_there
from todotasks.edits.model.command import Command, Complete, Filter, ListTasks, Target
from todotasks.edits.model.message import Message
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube import KubeClient
from todotasks.kube.connection.sender import Sender


@dataclass(frozen=True)
class Counting(Sender):
    """Counts the lists that are asked for."""

    lists: Counter[str] = field(default_factory=Counter)

    async def send(self, verb: Any, method: str, path: str, **options: Any) -> bytes:
        if verb == "list":
            self.lists[path.rpartition("/")[2]] += 1
        return await super().send(verb, method, path, **options)


async def lists_of(kube: KubeClient, namespace: str, *commands: Command) -> int:
    sender = Counting(**vars(kube.sender))
    reply = await Chat().run(
        commands,
        Message(namespace=namespace),
        client=KubeClient.through(sender),
        owner="alice",
        store=MemoryStore(),
    )
    assert reply.problem is None, reply.problem
    return sender.lists["todotasks"]


@pytest.fixture
async def there(kube: KubeClient, namespace: str) -> None:
    await task_there(kube, namespace, "rent")
    await task_there(kube, namespace, "bread")


async def test_fifty_lists_of_one_message_are_one_look(kube: KubeClient, namespace: str, there: None) -> None:
    commands = [ListTasks(Filter(text=f"word{number}")) for number in range(50)]
    assert await lists_of(kube, namespace, *commands) == 1


async def test_after_an_edit_it_is_looked_at_again(kube: KubeClient, namespace: str, there: None) -> None:
    done = Complete(Target(title="rent"))
    assert await lists_of(kube, namespace, ListTasks(), done, ListTasks()) == 2
