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

In a lane the owners (namespaces) have their turns one after the other, a key each, and one owner's keys are
worked on by a part of the workers at most: whoever has ten thousand keys in it, or keys that take long,
waits for himself, and the next one of somebody else is the next but as many as there are owners.

Worker: `key = await get()`, work, then exactly one of `done(key)` and `retry(key)`.
"""

import asyncio
import random
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
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


def of_nobody(_key: object) -> Hashable:
    """All keys have one owner."""
    return None


class _Waiting(Generic[KeyT]):
    """The keys of one lane: each owner's in the order in which they came, the owners in turn."""

    def __init__(self) -> None:
        # With when each key came, by the monotonic clock. Whoever's turn is next stands first.
        self._owners: OrderedDict[Hashable, OrderedDict[KeyT, float]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, owner: Hashable, key: KeyT) -> None:
        self._owners.setdefault(owner, OrderedDict())[key] = time.monotonic()
        self._count += 1

    def remove(self, owner: Hashable, key: KeyT) -> None:
        keys = self._owners[owner]
        del keys[key]
        self._count -= 1
        if not keys:
            del self._owners[owner]

    def next(self, may: Callable[[Hashable], bool]) -> KeyT | None:
        """The oldest key of the first owner who may have another worker."""
        return next((next(iter(keys)) for owner, keys in self._owners.items() if may(owner)), None)

    def take(self, owner: Hashable, key: KeyT) -> None:
        """Takes what `next` has named; the owner's next turn is behind everybody's."""
        self.remove(owner, key)
        if owner in self._owners:
            self._owners.move_to_end(owner)

    @property
    def oldest(self) -> float | None:
        """When the key came that has stood here longest."""
        return min((next(iter(keys.values())) for keys in self._owners.values()), default=None)


class ReconcileQueue(Generic[KeyT]):
    """For one event loop; nothing here is thread-safe, and only `get` waits."""

    def __init__(
        self,
        delay: Callable[[int, float], float] = retry_delay,
        *,
        owner: Callable[[KeyT], Hashable] = of_nobody,
        most_of_one: int | None = None,
    ) -> None:
        """`owner` says whose a key is; of one owner at most `most_of_one` are worked on at a time."""
        self._delay = delay
        self._owner = owner
        self._most_of_one = most_of_one
        self._lanes: dict[Lane, _Waiting[KeyT]] = {lane: _Waiting() for lane in Lane}
        self._lane_of: dict[KeyT, Lane] = {}  # of the keys that wait
        self._held: set[Lane] = set()
        self._working: set[KeyT] = set()
        self._workers_of: Counter[Hashable] = Counter()
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
        came = [oldest for lane in self._lanes.values() if (oldest := lane.oldest) is not None]
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
            self._lanes[waits_in].remove(self._owner(key), key)
        else:
            timer = self._delayed.pop(key, None)
            if timer is not None:
                timer.cancel()
        self._lanes[lane].add(self._owner(key), key)
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
            found = [
                (waiting, key)
                for lane, waiting in self._lanes.items()
                if lane not in self._held and (key := waiting.next(self._may_have_another)) is not None
            ]
            if found:
                break
            await self._wait()
        self._turn += 1
        waiting, key = found[-1 if self._turn % BACKLOG_TURN == 0 else 0]
        waiting.take(owner := self._owner(key), key)
        del self._lane_of[key]
        self._working.add(key)
        self._workers_of[owner] += 1
        return key

    def _may_have_another(self, owner: Hashable) -> bool:
        return self._most_of_one is None or self._workers_of[owner] < self._most_of_one

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
        owner = self._owner(key)
        if not self._may_have_another(owner):
            self._wake(1)  # a worker that has passed his keys over
        self._workers_of[owner] -= 1
        if not self._workers_of[owner]:
            del self._workers_of[owner]
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
