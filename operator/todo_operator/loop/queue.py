"""The queue of keys to reconcile: coalescing, fair, patient with failures.

A key stands in it once, however many events ask for it, and is never worked on twice at a time: asked for
while it is being worked on, it comes again afterwards, so the last event is always seen. That is what makes
missed, repeated and merged events harmless.

Two lanes: `FRESH` for what somebody or time has just changed, `BACKLOG` for what a start or a resync wants
looked at. Fresh keys go first, so that an edit does not wait behind 100,000 old tasks; every eighth turn
belongs to the backlog, so that it ends also under a constant stream.

Worker: `key = await get()`, work, then exactly one of `done(key)` and `retry(key)`.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")

BACKLOG_TURN = 8  # every so manieth key is one of the backlog, if there is any
RETRY_FIRST = 0.2  # seconds
RETRY_CAP = 5.0  # seconds: what waiting heals is noticed this soon after it is healed
HOPELESS_CAP = 60.0  # seconds: what waiting will hardly heal costs next to nothing


class Lane(Enum):
    FRESH = "fresh"
    BACKLOG = "backlog"


def retry_delay(failures: int, cap: float, random_: Callable[[], float] = random.random) -> float:
    """Seconds before the next attempt: doubling, capped; half of it is chance, so that many do not meet."""
    delay = min(cap, RETRY_FIRST * 2.0 ** min(failures - 1, 16))
    return delay * (0.5 + random_() / 2)


class ReconcileQueue(Generic[KeyT]):
    """For one event loop; nothing here is thread-safe, and only `get` waits."""

    def __init__(self, delay: Callable[[int, float], float] = retry_delay) -> None:
        self._delay = delay
        self._fresh: OrderedDict[KeyT, None] = OrderedDict()
        self._backlog: OrderedDict[KeyT, None] = OrderedDict()
        self._working: set[KeyT] = set()
        self._again: dict[KeyT, Lane] = {}  # asked for while being worked on
        self._failures: dict[KeyT, int] = {}
        self._delayed: dict[KeyT, asyncio.TimerHandle] = {}
        self._ready = asyncio.Semaphore(0)  # counts the keys in both lanes
        self._turn = 0

    def __len__(self) -> int:
        """How many keys wait for a worker."""
        return len(self._fresh) + len(self._backlog)

    @property
    def delayed(self) -> int:
        """How many keys failed and wait for their next attempt."""
        return len(self._delayed)

    @property
    def idle(self) -> bool:
        return not (self._fresh or self._backlog or self._working or self._delayed)

    def add(self, key: KeyT, lane: Lane = Lane.FRESH) -> None:
        """Asks for `key`, now. An edit may heal a failure, so it does not wait for the next attempt."""
        if key in self._working:
            if self._again.get(key) is not Lane.FRESH:
                self._again[key] = lane
        elif key in self._fresh:
            pass
        elif key in self._backlog:
            if lane is Lane.FRESH:
                del self._backlog[key]
                self._fresh[key] = None
        else:
            timer = self._delayed.pop(key, None)
            if timer is not None:
                timer.cancel()
            (self._fresh if lane is Lane.FRESH else self._backlog)[key] = None
            self._ready.release()

    def asked_again(self, key: KeyT) -> bool:
        """Whether `key`, being worked on, comes again anyway: what was decided for it is old news."""
        return key in self._again

    async def get(self) -> KeyT:
        await self._ready.acquire()
        self._turn += 1
        backlog_turn = self._turn % BACKLOG_TURN == 0
        lane = self._backlog if self._backlog and (backlog_turn or not self._fresh) else self._fresh
        key, _ = lane.popitem(last=False)
        self._working.add(key)
        return key

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
