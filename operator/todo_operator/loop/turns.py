"""Who decides in this turn of the loop: only so much, so that everything else in it has its turn.

Sixty workers that each decide for two milliseconds keep the loop for a tenth of a second, turn after turn,
and what shares it (the renewal of the Lease above all) takes many turns for one request.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLICE = 0.02  # seconds of work in one turn of the loop


class Turns:
    """`await turns.take()`, then work inside `with turns.working():`."""

    def __init__(self, slice_: float = SLICE, clock: Callable[[], float] = time.perf_counter) -> None:
        self._slice = slice_
        self._clock = clock
        self._spent = 0.0
        self._is_counting = False

    async def take(self) -> None:
        """Returns in a turn of the loop that has time left."""
        while self._spent >= self._slice:  # noqa: ASYNC110 - an Event would let all of them go at once
            await asyncio.sleep(0)

    @contextmanager
    def working(self) -> Iterator[None]:
        started = self._clock()
        try:
            yield
        finally:
            self._spent += self._clock() - started
            if not self._is_counting:
                self._is_counting = True
                # Runs in the next turn, before those who wait in `take` are looked at again.
                asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._spent, self._is_counting = 0.0, False
