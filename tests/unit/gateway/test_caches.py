"""Short answers: asked once for all who wait, good for a while, bounded."""

import asyncio

import pytest

from chat_gateway.base.short_cache import ShortCache


class Asked:
    """A question that is answered when the test says so."""

    def __init__(self) -> None:
        self.times = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> str:
        self.times += 1
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return f"answer {self.times}"


def cache(now: list[float], limit: int = 10) -> ShortCache[str, str]:
    return ShortCache(limit, lambda value: 10.0, clock=lambda: now[0])


async def test_all_who_wait_for_the_same_thing_ask_once() -> None:
    known, asked = cache([0.0]), Asked()
    waiting = [asyncio.ensure_future(known.get("a", asked)) for _ in range(5)]
    await asyncio.sleep(0)
    asked.go.set()
    assert await asyncio.gather(*waiting) == ["answer 1"] * 5
    assert asked.times == 1


async def test_an_answer_is_good_until_its_time_is_over_and_then_asked_for_again() -> None:
    now = [0.0]
    known, asked = cache(now), Asked()
    asked.go.set()
    await known.get("a", asked)
    now[0] = 9.9
    assert await known.get("a", asked) == "answer 1"
    now[0] = 10.0
    assert known.fresh("a") is None
    assert known.stale("a") == "answer 1"
    assert await known.get("a", asked) == "answer 2"


async def test_a_failure_is_nobodys_answer_but_theirs_who_waited() -> None:
    known, asked = cache([0.0]), Asked()
    asked.go.set()
    asked.error = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        await known.get("a", asked)
    asked.error = None
    assert await known.get("a", asked) == "answer 2"


async def test_one_who_gives_up_takes_nothing_from_the_others() -> None:
    known, asked = cache([0.0]), Asked()
    first = asyncio.ensure_future(known.get("a", asked))
    second = asyncio.ensure_future(known.get("a", asked))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    asked.go.set()
    assert await second == "answer 1"
    assert asked.times == 1


async def test_the_one_least_recently_used_goes_first() -> None:
    known, asked = cache([0.0], limit=2), Asked()
    asked.go.set()
    for key in ("a", "b"):
        await known.get(key, asked)
    known.fresh("a")
    await known.get("c", asked)
    assert known.stale("b") is None
    assert known.stale("a") is not None
    assert len(known) == 2
