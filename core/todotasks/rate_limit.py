"""A token bucket, for all that has a rate: the operator's writes, a user's requests, a channel's messages.

Waiters are served in the order in which they came: each takes its place in the future at once and
sleeps until then.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable


class RateLimiter:
    """`rate` permits a second, of which `burst` may be unused and saved up."""

    def __init__(
        self,
        rate: float,
        burst: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        if rate <= 0:
            raise ValueError(f"rate must be above zero permits a second, got {rate}")
        self._rate = rate
        self._burst = max(1.0, rate if burst is None else burst)
        self._clock, self._sleep = clock, sleep
        self._permits = self._burst
        self._as_of = clock()

    @property
    def rate(self) -> float:
        return self._rate

    def try_take(self) -> bool:
        """Take a permit only if one is there now."""
        self._refill()
        if self._permits < 1:
            return False
        self._permits -= 1
        return True

    async def take(self) -> float:
        """Wait for a permit; returns how long that took by plan, in seconds."""
        self._refill()
        self._permits -= 1
        if self._permits >= 0:
            return 0.0
        delay = -self._permits / self._rate
        try:
            await self._sleep(delay)
        except asyncio.CancelledError:
            self._permits += 1  # nobody uses this place: those behind keep theirs, newcomers get it
            raise
        return delay

    def _refill(self) -> None:
        now = self._clock()
        self._permits = min(self._burst, self._permits + (now - self._as_of) * self._rate)
        self._as_of = now
