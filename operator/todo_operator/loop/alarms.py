"""One heap of instants: the only alarm clock of the operator.

Each key has at most one instant, the next at which time alone changes its decision. Setting it again does not
search the heap: the old entry stays and is ignored when it comes up (lazy invalidation); when the dead ones
outnumber the living, the heap is rebuilt. Nothing here is stored: the first list brings every key back, and
with it its instant.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")

Clock = Callable[[], datetime]

MAX_SLEEP = 10.0  # seconds; the wall clock may be set, and a suspended machine sleeps through its timers
BATCH = 500  # keys handed over before the loop may turn: ten thousand may be due in one second
DEAD_ENTRIES_ALLOWED = 1_000  # beyond as many as living ones


class Alarms(Generic[KeyT]):
    """`run` calls `fire(key)` for every key whose instant has come, in the order of the instants."""

    def __init__(
        self,
        fire: Callable[[KeyT], None],
        clock: Clock,
        *,
        late: Callable[[float], object] = lambda seconds: None,
    ) -> None:
        """`late` is told, for each batch, how many seconds after its instant the oldest key fires."""
        self._fire = fire
        self._clock = clock
        self._late = late
        self._instants: dict[KeyT, datetime] = {}
        self._heap: list[tuple[datetime, int, KeyT]] = []
        self._sequence = 0  # keeps the order of equal instants, and keys from being compared
        self._sooner = asyncio.Event()

    def __len__(self) -> int:
        return len(self._instants)

    @property
    def next_instant(self) -> datetime | None:
        self._drop_dead()
        return self._heap[0][0] if self._heap else None

    def set(self, key: KeyT, instant: datetime | None) -> None:
        """`key` fires at `instant` and at no other; None: not at all."""
        if instant is None:
            self._instants.pop(key, None)
        elif self._instants.get(key) != instant:
            self._instants[key] = instant
            self._sequence += 1
            entry = (instant, self._sequence, key)
            heapq.heappush(self._heap, entry)
            if self._heap[0] is entry:
                self._sooner.set()
        if len(self._heap) > 2 * len(self._instants) + DEAD_ENTRIES_ALLOWED:
            self._heap = [entry for entry in self._heap if self._lives(entry)]
            heapq.heapify(self._heap)

    def fire_due(self, limit: int = BATCH) -> int:
        """Fires what is due now, at most `limit`; returns how many."""
        now, fired = self._clock(), 0
        while fired < limit and (due := self.next_instant) is not None and due <= now:
            _, _, key = heapq.heappop(self._heap)
            if not fired:
                self._late((now - due).total_seconds())
            # Gone before it fires: a crash of the callback must not make it fire for ever.
            del self._instants[key]
            self._fire(key)
            fired += 1
        return fired

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if self.fire_due() == BATCH:
                await asyncio.sleep(0)
                continue
            self._sooner.clear()
            try:
                await asyncio.wait_for(self._sooner.wait(), self._seconds_to_sleep())
            except TimeoutError:
                continue

    def _seconds_to_sleep(self) -> float:
        due = self.next_instant
        if due is None:
            return MAX_SLEEP
        return min(MAX_SLEEP, max(0.0, (due - self._clock()).total_seconds()))

    def _lives(self, entry: tuple[datetime, int, KeyT]) -> bool:
        return self._instants.get(entry[2]) == entry[0]

    def _drop_dead(self) -> None:
        while self._heap and not self._lives(self._heap[0]):
            heapq.heappop(self._heap)
