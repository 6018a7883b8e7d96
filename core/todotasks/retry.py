"""Try again: the one loop for everything that heals by waiting.

    await keep_trying(attempt, on=StoreUnavailable, backoff=Backoff(1.0, 1.0), told=SayOnce(log, "waits"))

An attempt that raises one of `on` is made again after a pause; everything else, a cancellation first of
all, goes through at once. The pause doubles from `first` to `longest` and is shortened by chance to between
half and all of it, so that many who failed together do not come back together. `wait` classifies: it sees
the error and the pause, and answers how long to wait, or None where trying again is useless or wrong.

Here are no attempts that are counted and then given up: either there is a `deadline` of the clock, after
which the last error is raised, or it goes on until it is cancelled. (A message that is put aside after so
many attempts is `broker.consumer`'s affair; it takes its pauses from `Backoff` too.)
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

R = TypeVar("R")
E = TypeVar("E", bound=Exception)

_MOST_DOUBLINGS = 64  # beyond this every pause is the longest; larger powers only cost time


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses in seconds: `first`, then `factor` times the one before, at most `longest`.

    With `first == longest` all pauses are alike, for what is asked for at a steady pace.
    """

    first: float = 0.2
    longest: float = 5.0
    factor: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.longest or self.factor < 1:
            raise ValueError(
                "a backoff needs 0 <= first <= longest and a factor of at least 1, "
                f"got first {self.first}, longest {self.longest}, factor {self.factor}"
            )

    def step(self, failures: int) -> float:
        """The longest pause after so many failures in a row (1, 2, …)."""
        return float(min(self.longest, self.first * self.factor ** min(failures - 1, _MOST_DOUBLINGS)))

    def delay(self, failures: int, chance: Callable[[], float] = random.random) -> float:
        """Seconds to wait after so many failures: between half and all of the step. `chance` is in [0, 1)."""
        return self.step(failures) * (1 - chance() / 2)


async def keep_trying(
    attempt: Callable[[], Awaitable[R]],
    *,
    on: type[E] | tuple[type[E], ...],
    backoff: Backoff,
    wait: Callable[[E, float], float | None] | None = None,
    told: Callable[[E, int], None] | None = None,
    deadline: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> R:
    """What `attempt` answers, as soon as it does. Raises its error when `wait` says None or when the next try
    would begin behind `deadline` (a moment of `clock`).

    `told` hears of every failure before its pause: the error, and how many there were before it.
    """
    failures = 0
    while True:
        try:
            return await attempt()
        except on as error:
            delay = backoff.delay(failures + 1)
            pause = delay if wait is None else wait(error, delay)
            if pause is None or (deadline is not None and clock() + pause > deadline):
                raise
            if told is not None:
                told(error, failures)
        failures += 1
        await asyncio.sleep(pause)


class SayOnce:
    """For `told`: a warning when the trouble is another one than before, not at each try.

    `words` makes the text of an error, where its own says too little.
    """

    def __init__(self, log: Any, event: str, *, words: Callable[[Any], str] = str, **fields: object) -> None:
        self._log, self._event, self._words, self._fields = log, event, words, fields
        self._said = ""

    def __call__(self, error: Exception, failures: int) -> None:
        trouble = self._words(error)
        if trouble != self._said:
            self._said = trouble
            self._log.warning(self._event, error=trouble, **self._fields)
