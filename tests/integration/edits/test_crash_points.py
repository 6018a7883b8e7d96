"""A message dies at each of its steps in turn, and is said again with its key: all of it is done once.

The steps are the requests to the API server (before and after it has carried them out) and the saves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.edits.conftest import task_there
from tests.integration.edits.test_chat import Crash, Person, tasks
from todotasks.edits.model.conversation import Conversation
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube import KubeClient
from todotasks.kube.connection.sender import Sender

MOST_STEPS = 60


class Life:
    """Counts the steps of one process, and ends it at the n-th."""

    def __init__(self, dies_at: int) -> None:
        self.left = dies_at

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash

    @property
    def over(self) -> bool:
        return self.left <= 0


@dataclass(frozen=True)
class Mortal(Sender):
    life: Life

    async def send(self, *args: Any, **options: Any) -> bytes:
        self.life.step()
        answer = await super().send(*args, **options)
        self.life.step()
        return answer


class Remembering(MemoryStore):
    """Outlives the process."""

    life: Life

    async def save(self, owner: str, conversation: Conversation) -> bool:
        self.life.step()
        saved = await super().save(owner, conversation)
        self.life.step()
        return saved


def mortal(client: KubeClient, life: Life) -> KubeClient:
    return KubeClient.through(Mortal(**vars(client.sender), life=life))


async def lives(
    kube: KubeClient, namespace: str, messages: Callable[[int], list[str]], check: Callable[[int], Any]
) -> int:
    """Say the messages, dying at the first step of all, at the second, …, until none is left; how many."""
    for number in range(1, MOST_STEPS):
        store, life = Remembering(), Life(number)
        store.life = life
        *before, last = messages(number)
        person = Person(kube, namespace, store)
        for text in before:
            store.life = Life(0)  # immortal
            await person.says(text)
        store.life = life
        died = False
        try:
            await Person(mortal(kube, life), namespace, store).says(last, idempotency_key="key")
        except Crash:
            died = True
        store.life = Life(0)
        await Person(kube, namespace, store).says(last, idempotency_key="key")
        await check(number)
        if not died:
            return number
    pytest.fail(f"it takes more than {MOST_STEPS} steps")


async def test_several_commands_of_one_message_are_each_done_once(kube: KubeClient, namespace: str) -> None:
    for number in range(1, MOST_STEPS):
        await task_there(kube, namespace, f"rent{number}", due="2026-03-05")

    def messages(number: int) -> list[str]:
        return [f"buy milk{number} tomorrow; push rent{number} two days; buy bread{number} tomorrow"]

    async def check(number: int) -> None:
        there = await tasks(kube, namespace)
        made = sorted(name for name in there if name.startswith("buy-"))
        wanted = [f"buy-{what}{n}" for what in ("bread", "milk") for n in range(1, number + 1)]
        assert made == sorted(wanted)
        assert there[f"rent{number}"]["due"] == "2026-03-07", number

    assert await lives(kube, namespace, messages, check) > 10


async def test_the_edits_of_a_question_are_each_done_once(kube: KubeClient, namespace: str) -> None:
    for number in range(1, MOST_STEPS):
        for letter in "ab":
            await task_there(kube, namespace, f"{letter}{number}", due="2026-03-05", tags=[f"t{number}"])

    def messages(number: int) -> list[str]:
        return [f"push everything tagged #t{number} by two days", "yes"]

    async def check(number: int) -> None:
        there = await tasks(kube, namespace)
        assert {there[f"{letter}{number}"]["due"] for letter in "ab"} == {"2026-03-07"}, number

    assert await lives(kube, namespace, messages, check) > 5
