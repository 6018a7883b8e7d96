"""The queue of keys to reconcile: coalescing, fair, patient with failures.

A key stands in it once, however many events ask for it, and is never worked on twice at a time: asked for
while it is being worked on, it comes again afterwards, so the last event is always seen. That is what makes
missed, repeated and merged events harmless.

Three lanes, in this order:

    FRESH          what somebody has just changed, or a few alarms
    AFTER_EVENTS   what many alarms at once have changed: their events are told first, so this lane can be
                   held back until they are
    BACKLOG        what a start or a resync wants looked at

So an edit does not wait behind 100,000 old tasks. Every eighth turn belongs to the last lane that has
something, so that each ends also under a constant stream.

Worker: `key = await get()`, work, then exactly one of `done(key)` and `retry(key)`.
"""

import asyncio
import random
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import IntEnum
from typing import Generic, TypeVar

from todotasks.retry import Backoff

KeyT = TypeVar("KeyT")

BACKLOG_TURN = 8  # of so many keys one is of the last lane
RETRY_FIRST = 0.2  # seconds
RETRY_CAP = 5.0  # seconds: what waiting heals is noticed this soon after it is healed
HOPELESS_CAP = 60.0  # seconds: what waiting will hardly heal costs next to nothing


class Lane(IntEnum):
    FRESH = 0
    AFTER_EVENTS = 1
    BACKLOG = 2


def retry_delay(failures: int, cap: float, random_: Callable[[], float] = random.random) -> float:
    """Seconds before the next attempt: doubling, capped; half of it is chance, so that many do not meet."""
    return Backoff(RETRY_FIRST, cap).delay(failures, random_)


class ReconcileQueue(Generic[KeyT]):
    """For one event loop; nothing here is thread-safe, and only `get` waits."""

    def __init__(self, delay: Callable[[int, float], float] = retry_delay) -> None:
        self._delay = delay
        # With when each key came, by the monotonic clock.
        self._lanes: dict[Lane, OrderedDict[KeyT, float]] = {lane: OrderedDict() for lane in Lane}
        self._lane_of: dict[KeyT, Lane] = {}  # of the keys that wait
        self._held: set[Lane] = set()
        self._working: set[KeyT] = set()
        self._again: dict[KeyT, Lane] = {}  # asked for while being worked on
        self._failures: dict[KeyT, int] = {}
        self._delayed: dict[KeyT, asyncio.TimerHandle] = {}
        self._waiters: deque[asyncio.Future[None]] = deque()  # workers, the longest waiting first
        self._turn = 0

    def __len__(self) -> int:
        """How many keys wait for a worker."""
        return len(self._lane_of)

    @property
    def oldest_seconds(self) -> float:
        """How long the first of a lane has stood in it, the longest of them; 0 where nobody waits."""
        came = [next(iter(lane.values())) for lane in self._lanes.values() if lane]
        return max(0.0, time.monotonic() - min(came)) if came else 0.0

    @property
    def delayed(self) -> int:
        """How many keys failed and wait for their next attempt."""
        return len(self._delayed)

    @property
    def idle(self) -> bool:
        return not (self._lane_of or self._working or self._delayed)

    def add(self, key: KeyT, lane: Lane = Lane.FRESH) -> None:
        """Asks for `key`, now. An edit may heal a failure, so it does not wait for the next attempt."""
        if key in self._working:
            before = self._again.get(key, lane)
            self._again[key] = min(before, lane)
            return
        waits_in = self._lane_of.get(key)
        if waits_in is not None:
            if waits_in <= lane:
                return
            del self._lanes[waits_in][key]
        else:
            timer = self._delayed.pop(key, None)
            if timer is not None:
                timer.cancel()
        self._lanes[lane][key] = time.monotonic()
        self._lane_of[key] = lane
        if lane not in self._held:
            self._wake(1)

    def hold(self, lane: Lane) -> None:
        """Nothing of this lane is handed out until `let_go`."""
        self._held.add(lane)

    def let_go(self, lane: Lane) -> None:
        self._held.discard(lane)
        self._wake(len(self._lanes[lane]))

    def asked_again(self, key: KeyT) -> bool:
        """Whether `key`, being worked on, comes again anyway: what was decided for it is old news."""
        return key in self._again

    async def get(self) -> KeyT:
        """The next key; waits for one."""
        while True:
            lanes = [lane for lane in Lane if self._lanes[lane] and lane not in self._held]
            if lanes:
                break
            await self._wait()
        self._turn += 1
        key, _ = self._lanes[lanes[-1 if self._turn % BACKLOG_TURN == 0 else 0]].popitem(last=False)
        del self._lane_of[key]
        self._working.add(key)
        return key

    async def _wait(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():
                self._wake(1)  # it was this one's turn: the next one's then
            raise

    def _wake(self, number: int) -> None:
        while number and self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                number -= 1

    def done(self, key: KeyT) -> None:
        """It worked; a failure before is forgotten."""
        self._failures.pop(key, None)
        self._leave(key)

    def retry(self, key: KeyT, cap: float = RETRY_CAP) -> float:
        """It failed: again after a delay that grows with the failures. Returns the delay in seconds."""
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        delay = self._delay(failures, cap)
        if not self._leave(key):
            loop = asyncio.get_running_loop()
            self._delayed[key] = loop.call_later(delay, self._undelay, key)
        return delay

    def _leave(self, key: KeyT) -> bool:
        self._working.discard(key)
        lane = self._again.pop(key, None)
        if lane is None:
            return False
        self.add(key, lane)
        return True

    def _undelay(self, key: KeyT) -> None:
        self._delayed.pop(key, None)
        self.add(key)

    def close(self) -> None:
        """Drops the delayed keys: nothing may fire in a loop that is ending."""
        for timer in self._delayed.values():
            timer.cancel()
        self._delayed.clear()
