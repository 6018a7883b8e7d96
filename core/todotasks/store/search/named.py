"""Which tasks a few words may name: the rare words first, common ones only together.

    each word ─ a page of tasks ─┬─ all of them: whatever the word names is there
                                 └─ the first of many ─ with each other common word ─ a page of tasks

So a namespace of a million tasks costs a dozen short searches, each bounded as every search is.
"""

import asyncio
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from todotasks.store.connections import ConnectionPool
from todotasks.store.search.pages import FoundTask, TaskSearch
from todotasks.store.search.query import TaskQuery
from todotasks.store.sql import QUERIES
from todotasks.text.search import BadSearch, read_search

MOST_WORDS: Final = 8
MOST_COMMON: Final = 5  # common words that are looked up in pairs
A_PAGE: Final = 40
MOST_COMPLETED: Final = 20
AT_ONCE: Final = 3  # searches of one message that run together


class NamedTasks(NamedTuple):
    """`common`: words of which more tasks have one than were read."""

    rows: tuple[FoundTask, ...]
    common: tuple[str, ...]


class NamedSearch:
    """Tasks of one namespace by the words of a sentence. Who asks has checked that they may be listed."""

    def __init__(self, pool: ConnectionPool, search: TaskSearch) -> None:
        self._pool = pool
        self._search = search

    async def open_count(self, namespace: str, most: int) -> int:
        """How many tasks are open there, up to `most`. Raises `StoreUnavailable`."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["search_open_count"], {"namespace": namespace, "most": most})
            row = await cursor.fetchone()
        return int(row[0]) if row is not None else 0

    async def find(self, namespace: str, words: Sequence[str]) -> NamedTasks:
        """Open tasks that have one of the words, and some completed ones. Raises `StoreError`."""
        chosen = [word for word in dict.fromkeys(words) if _can_be_asked(word)][:MOST_WORDS]
        gate = asyncio.Semaphore(AT_ONCE)

        async def page(q: str, *, completed: bool) -> tuple[tuple[FoundTask, ...], bool]:
            limit = MOST_COMPLETED if completed else A_PAGE
            query = TaskQuery((namespace,), q=q, completed=completed, limit=limit)
            async with gate:
                found = await self._search.find(query)
            return found.rows, found.next is None

        still = await asyncio.gather(*(page(word, completed=False) for word in chosen))
        done = await asyncio.gather(*(page(word, completed=True) for word in chosen))
        common = tuple(word for word, (_, whole) in zip(chosen, still, strict=True) if not whole)
        pairs = [f"{one} {other}" for one, other in combinations(common[:MOST_COMMON], 2)]
        both = await asyncio.gather(*(page(pair, completed=False) for pair in pairs))
        rows = {row.uid: row for found, _ in (*both, *still, *done) for row in found}
        return NamedTasks(tuple(rows.values()), common)


def _can_be_asked(word: str) -> bool:
    try:
        return bool(read_search(word).terms)
    except BadSearch:
        return False
