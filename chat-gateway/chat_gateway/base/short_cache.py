"""A small cache of answers that are good for seconds: bounded, and one question at a time for each key.

A thousand requests with the same token ask the API server once. What failed is not kept: the next one
asks again. Who waits and is cancelled does not take the question away from the others.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Entry(NamedTuple, Generic[V]):
    value: V
    until: float


class ShortCache(Generic[K, V]):
    """`lifetime` says for how many seconds a value is good. The least recently used one goes first."""

    def __init__(
        self,
        limit: int,
        lifetime: Callable[[V], float],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._lifetime = lifetime
        self._clock = clock
        self._entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._asking: dict[K, asyncio.Task[V]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def fresh(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is None or self._clock() >= entry.until:
            return None
        self._entries.move_to_end(key)
        return entry.value

    def stale(self, key: K) -> V | None:
        """What it was when last asked, however long ago."""
        entry = self._entries.get(key)
        return entry.value if entry is not None else None

    def asking(self, key: K) -> bool:
        return key in self._asking

    def forget(self, key: K) -> None:
        self._entries.pop(key, None)

    async def get(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        """The fresh value, or what `ask` gives now."""
        value = self.fresh(key)
        if value is not None:
            return value
        task = self._asking.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask))
            self._asking[key] = task
            task.add_done_callback(lambda done: self._asked(key, done))
        return await asyncio.shield(task)

    async def _ask(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        value = await ask()
        self._entries[key] = _Entry(value, self._clock() + self._lifetime(value))
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)
        return value

    def _asked(self, key: K, done: asyncio.Task[V]) -> None:
        self._asking.pop(key, None)
        if not done.cancelled():
            done.exception()  # those who waited have it; with nobody left asyncio would complain
