"""Those who look on, on a clock of the test's own: when they are asked about, held and closed."""

import asyncio
from typing import Any, cast

import pytest

from chat_gateway.access.identity import Access, Caller, UserInfo
from chat_gateway.live.client import Closing
from chat_gateway.live.filters import Filter
from chat_gateway.live.objects import REMINDER, TASK
from chat_gateway.live.rights import ASK_EVERY, SURE_FOR, Onlookers
from todotasks.kube.errors import Unauthorized, Unreachable
from todotasks.kube.resources import Resource

PROMISE = 10.0  # seconds


class Answers:
    """What the API server says to a question."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.denied: set[tuple[str, str | None]] = set()
        self.error: Exception | None = None

    async def allowed(
        self, caller: Caller, verb: str, resource: Resource, namespace: str | None, **_: Any
    ) -> bool:
        self.asked.append((resource.plural, namespace))
        if self.error is not None:
            raise self.error
        return (resource.plural, namespace) not in self.denied


class Somebody:
    def __init__(self, *namespaces: str, kinds: tuple[int, ...] = (TASK,)) -> None:
        self.filter = Filter(namespaces, kinds)
        self.closed: list[str] = []
        self.held = False

    def close(self, closing: Closing) -> None:
        self.closed.append(closing.reason)

    def hold(self, held: bool) -> None:
        self.held = held


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def a_caller(key: bytes = b"alice") -> Caller:
    return Caller(UserInfo(key.decode()), cast(Any, None), key)


class Scene:
    def __init__(self) -> None:
        self.time, self.answers = Time(), Answers()
        self.onlookers = Onlookers(cast(Access, self.answers), self.time)

    async def pass_(self, seconds: float) -> None:
        """Second by second, and whatever is asked is answered within it."""
        for _ in range(round(seconds)):
            self.time.now += 1
            self.onlookers.tick()
            for _ in range(20):  # turns of the loop: more than an answer takes
                await asyncio.sleep(0)


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_a_right_of_many_connections_is_one_question(scene: Scene) -> None:
    for _ in range(50):
        scene.onlookers.add(a_caller(), Somebody("home"))
    await scene.pass_(ASK_EVERY)
    assert scene.answers.asked == [("todotasks", "home")]


async def test_only_those_whose_right_is_gone_are_closed_and_in_time(scene: Scene) -> None:
    home, both, tasks = Somebody("home"), Somebody("home", "work"), Somebody("work", kinds=(TASK, REMINDER))
    for each in (home, both, tasks):
        scene.onlookers.add(a_caller(), each)
    await scene.pass_(3)
    scene.answers.denied.add(("todotasks", "home"))
    await scene.pass_(PROMISE)
    assert home.closed[:1] == both.closed[:1] == ["Forbidden"]
    assert tasks.closed == []


async def test_a_token_that_is_refused_ends_all_of_its_connections_and_no_others(scene: Scene) -> None:
    alice, bob = Somebody("home"), Somebody("home")
    scene.onlookers.add(a_caller(), alice)
    scene.answers.error = Unauthorized(401, "Unauthorized", "no")
    await scene.pass_(PROMISE)
    scene.answers.error = None
    scene.onlookers.add(a_caller(b"bob"), bob)
    await scene.pass_(PROMISE)
    assert alice.closed[:1] == ["Unauthorized"]
    assert bob.closed == []


async def test_nothing_is_sent_while_nobody_can_be_asked_and_goes_on_afterwards(scene: Scene) -> None:
    alice = Somebody("home")
    scene.onlookers.add(a_caller(), alice)
    scene.answers.error = Unreachable("away")
    await scene.pass_(SURE_FOR - 1)
    assert not alice.held
    await scene.pass_(2)
    assert alice.held
    late = Somebody("work")
    scene.onlookers.add(a_caller(), late)
    assert late.held
    scene.answers.error = None
    await scene.pass_(2)
    assert (alice.held, late.held, alice.closed) == (False, False, [])


async def test_who_has_gone_is_not_asked_about(scene: Scene) -> None:
    alice = Somebody("home")
    scene.onlookers.add(a_caller(), alice)
    scene.onlookers.remove(alice)
    scene.onlookers.remove(alice)
    await scene.pass_(PROMISE)
    assert scene.answers.asked == []
