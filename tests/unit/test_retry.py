"""The one loop that tries again: its pauses, its deadline, what it lets through, what it says."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.retry import Backoff, SayOnce, keep_trying

AT_ONCE = Backoff(0.0, 0.0)


class Away(Exception):
    pass


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    """An attempt that fails so, one after the other, and then succeeds."""
    left = list(errors)

    async def attempt() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return attempt


class Log:
    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, object]]] = []

    def warning(self, event: str, **fields: object) -> None:
        self.said.append((event, fields))


@given(st.integers(1, 5000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_between_half_and_all_of_its_step_and_never_above_the_longest(
    failures: int, chance: float
) -> None:
    backoff = Backoff(first=0.2, longest=10, factor=3)
    step = min(10, 0.2 * 3 ** min(failures - 1, 20))
    assert step / 2 <= backoff.delay(failures, lambda: chance) <= step <= 10


def test_a_steady_backoff_has_one_step() -> None:
    assert {Backoff(1.0, 1.0).step(failures) for failures in (1, 2, 50)} == {1.0}


@pytest.mark.parametrize(
    ("first", "longest", "factor"),
    [(2, 1, 2), (-1, 1, 2), (1, 2, 0.5)],
    ids=["first above longest", "negative", "shrinking"],
)
def test_a_backoff_that_cannot_be_meant_is_refused(first: float, longest: float, factor: float) -> None:
    with pytest.raises(ValueError, match="0 <= first <= longest"):
        Backoff(first, longest, factor)


async def test_it_is_tried_until_it_succeeds() -> None:
    assert await keep_trying(failing(Away(), Away(), Away()), on=Away, backoff=AT_ONCE) == "done"


async def test_an_error_of_another_kind_comes_through_at_once() -> None:
    with pytest.raises(KeyError):
        await keep_trying(failing(KeyError("x")), on=Away, backoff=AT_ONCE)


async def test_what_is_classified_as_hopeless_is_raised() -> None:
    errors = failing(Away("later"), Away("never"))
    with pytest.raises(Away, match="never"):
        await keep_trying(
            errors,
            on=Away,
            backoff=AT_ONCE,
            wait=lambda error, pause: pause if "later" in str(error) else None,
        )


async def test_the_pause_that_the_other_side_asks_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await keep_trying(
        failing(Away(), Away()), on=Away, backoff=Backoff(0.1, 1.0), wait=lambda _, pause: max(pause, 7.0)
    )
    assert pauses == [7.0, 7.0]


async def test_no_try_begins_behind_the_deadline() -> None:
    times = iter([0.0, 4.0, 9.9])
    tried: list[int] = []

    async def attempt() -> None:
        tried.append(1)
        raise Away(f"number {len(tried)}")

    with pytest.raises(Away, match="number 3"):
        await keep_trying(
            attempt,
            on=Away,
            backoff=AT_ONCE,
            wait=lambda *_: 0.0 if len(tried) < 3 else 0.2,
            deadline=10.0,
            clock=lambda: next(times),
        )


async def test_a_cancellation_ends_it_in_the_middle_of_a_pause() -> None:
    failed = asyncio.Event()
    task = asyncio.create_task(
        keep_trying(
            failing(Away(), Away()), on=Away, backoff=Backoff(3600, 3600), told=lambda *_: failed.set()
        )
    )
    await failed.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_same_trouble_is_said_once_and_another_one_anew() -> None:
    log = Log()
    told = SayOnce(log, "waits", part="relay")
    await keep_trying(
        failing(Away("a"), Away("a"), Away("b"), Away("a")), on=Away, backoff=AT_ONCE, told=told
    )
    assert log.said == [("waits", {"error": e, "part": "relay"}) for e in ("a", "b", "a")]
