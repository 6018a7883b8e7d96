"""The token bucket, on a clock of the test's own: no test here waits."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.rate_limit import RateLimiter


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_burst_passes_at_once_and_the_rest_at_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(200, burst=10, clock=clock, sleep=clock.sleep)
    waited = [await limiter.take() for _ in range(50)]
    assert waited[:10] == [0.0] * 10
    assert clock.now - 100 == pytest.approx(40 / 200)


def test_unused_permits_are_saved_up_to_the_burst() -> None:
    clock = Clock()
    limiter = RateLimiter(10, burst=3, clock=clock)
    clock.now += 1000
    assert [limiter.try_take() for _ in range(4)] == [True, True, True, False]
    clock.now += 0.15
    assert [limiter.try_take() for _ in range(2)] == [True, False]


async def test_waiters_get_places_in_their_order_and_a_cancelled_one_gives_its_place_back() -> None:
    clock = Clock()
    planned: list[float] = []
    never = asyncio.Event()

    async def sleep(seconds: float) -> None:
        planned.append(seconds)
        await never.wait()

    limiter = RateLimiter(50, burst=1, clock=clock, sleep=sleep)
    await limiter.take()
    tasks = [asyncio.create_task(limiter.take()) for _ in range(5)]
    await asyncio.sleep(0)
    assert planned == pytest.approx([n / 50 for n in range(1, 6)])
    tasks[4].cancel()
    await asyncio.gather(tasks[4], return_exceptions=True)
    newcomer = asyncio.create_task(limiter.take())
    await asyncio.sleep(0)
    assert planned[-1] == pytest.approx(5 / 50), "the place that became free, not the sixth"
    for task in (*tasks, newcomer):
        task.cancel()
    await asyncio.gather(*tasks, newcomer, return_exceptions=True)


@given(st.floats(0.5, 100), st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_nobody_ever_gets_more_than_the_burst_and_the_rate(rate: float, pauses: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(rate, clock=clock)
    taken, began = 0, clock.now
    for pause in pauses:
        clock.now += pause
        while limiter.try_take():
            taken += 1
            assert taken <= max(1.0, rate) + (clock.now - began) * rate + 1e-6


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        RateLimiter(0)
