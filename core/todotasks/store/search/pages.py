"""Searches over the mirror: pages of tasks that match a `TaskQuery`, in its order, from behind its cursor.

Every row is found by an index, and how many rows a page looks at is bounded, whatever is asked:

1. The index of the order is walked for a stretch; if enough of it matches, that is the page. Common words and
   filters end here, at once: nothing is ranked, and nothing is collected that the page does not need.
2. Few matches there: an index of the words, tags or ranges collects all of them, up to a bound, and they are
   sorted. Rare words end here.
3. Many matches, but not where the walk is: it goes on to its bound and gives what it found, maybe nothing,
   with a cursor from which the next page goes on. A page may be short; only without `next` it is the last.

So a page is never wrong and never slow; several namespaces are walked side by side, up to where the first of
them was not read any further. What is read is the mirror: it lags the API server by milliseconds, and by as
long as the recorder is away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, LiteralString, NamedTuple

import msgspec
import psycopg

from todotasks.sealed import PLAIN, Sealer
from todotasks.store.connections import Connection, ConnectionPool
from todotasks.store.errors import StoreError
from todotasks.store.search.query import (
    Position,
    TaskQuery,
    check_query,
    decode_cursor,
    encode_cursor,
)
from todotasks.store.search.statement import Compiled, compile_search, key_types
from todotasks.store.search.words import MOST_GOING_ON, tsquery
from todotasks.store.sql import QUERIES
from todotasks.text.alike import most_alike, read_as, slips_allowed, swapped, thirds
from todotasks.text.analysis import document, words
from todotasks.text.search import Search, Term, read_search

FIRST_STRETCH: Final = 300  # rows that are walked first
NEAR: Final = 1_000  # rows further than which a page is rather collected
FAR: Final = 1_500  # rows without any match after which a page may be collected at a higher cost
CHEAP: Final = 2_000  # as the planner counts: about as many pages of the table
DEAR: Final = 6_000
COLLECTED: Final = 1_500  # matches that are collected and sorted
LONGEST_WALK: Final = 3_000  # rows that one page looks at
SHORTEST_STEP: Final = 8  # rows of each of many namespaces

STATEMENT_TIMEOUT: Final = 2.0  # seconds

SEARCH_SESSION: Final = {
    "statement_timeout": f"{STATEMENT_TIMEOUT * 1000:.0f}",
    "default_transaction_read_only": "on",
    "enable_seqscan": "off",  # the planner likes one for a common word and a limit, and may be wrong
    "plan_cache_mode": "force_custom_plan",  # a plan for any word is one for a common word
    "jit": "off",  # compiling takes longer than any of these statements
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "work_mem": "32MB",  # a bitmap of a million rows; in less it would know pages only, and read all of them
}
_BITMAPS_ONLY = (
    "select set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true)"
)


class SearchTooSlow(StoreError):
    """The search was stopped: it took longer than any should."""


class FoundTask(NamedTuple):
    """A task as the mirror has it; `doc` is the object's JSON. `archived_at`: when it was deleted."""

    uid: str
    namespace: str
    name: str
    title: str
    doc: str
    updated_at: datetime  # when the mirror last saw a change
    archived_at: datetime | None
    archive_reason: str | None


class TaskPage(NamedTuple):
    """`next` is the cursor of the page behind this one; only without it this is the last page.

    `read_as`: misspelt words, with the words of these rows that they were taken for.
    """

    rows: tuple[FoundTask, ...]
    next: str | None
    read_as: dict[str, tuple[str, ...]]


class _Hit(NamedTuple):
    """Where a row stands in the order: compares as PostgreSQL does, as the keys are ranks, titles by code
    point, and times in UTC whose text sorts as they do ("infinity" last)."""

    keys: tuple[Any, ...]
    uid: str


class _Merge:
    """What was found in each namespace, and how far each was read. Pure.

    Only up to where the least far one was read is the merged order known.
    """

    def __init__(self, descending: bool, wanted: int) -> None:
        self._descending = descending
        self._wanted = wanted
        self._hits: list[_Hit] = []
        self._ends: dict[str, _Hit] = {}  # of the namespaces that go on

    def take(self, ahead: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
        for namespace in ahead:
            self._ends.pop(namespace, None)
        for namespace, uid, *keys, hit, edge in rows:
            found = _Hit(tuple(keys), uid)
            if hit:
                self._hits.append(found)
            if edge:
                self._ends[namespace] = found
        self._hits.sort(reverse=self._descending)

    def page(self) -> tuple[list[_Hit], _Hit | None]:
        """The rows whose place is known, and the end of that; None if that is enough, or all."""
        if not self._ends:
            return self._hits[: self._wanted], None
        end = (max if self._descending else min)(self._ends.values())
        known = [hit for hit in self._hits if (hit >= end if self._descending else hit <= end)]
        return known[: self._wanted], None if len(known) >= self._wanted else end

    def expected(self, looked_at: int) -> float:
        """How many rows there are still to look at, were it to go on as it did."""
        missing = self._wanted - len(self.page()[0])
        return missing * looked_at / len(self._hits) if self._hits else float("inf")

    def behind(self) -> dict[str, _Hit | None]:
        """The namespaces that must be read further: those not read up to where the page would end now."""
        if len(self._hits) < self._wanted:
            return dict(self._ends)
        last = self._hits[self._wanted - 1]
        return {
            name: end for name, end in self._ends.items() if (end > last if self._descending else end < last)
        }


class _Read(NamedTuple):
    """A search as the index is asked it; `alike` are its misspelt words, with those they may stand for."""

    tsquery: str | None
    alike: dict[str, tuple[str, ...]]


class TaskSearch:
    """All searches of one process; safe for many at once, up to the size of the pool."""

    def __init__(self, pool: ConnectionPool, sealer: Sealer = PLAIN) -> None:
        self._pool = pool
        self._sealer = sealer

    async def find(self, query: TaskQuery) -> TaskPage:
        """One page. Raises `BadQuery`, `SearchTooSlow`, `StoreUnavailable`."""
        check_query(query)
        position = decode_cursor(query, key_types(query.sort), self._sealer)
        async with self._pool.connection() as conn:
            try:
                return await _Finder(conn, query, self._sealer).find(position)
            except psycopg.errors.QueryCanceled as error:
                raise SearchTooSlow(
                    f"the search was stopped after {STATEMENT_TIMEOUT:g} s: name a namespace or add a filter"
                ) from error


class _Finder:
    """One search, on one connection."""

    def __init__(self, conn: Connection, query: TaskQuery, sealer: Sealer) -> None:
        self._conn = conn
        self._query = query
        self._sealer = sealer
        self._wanted = query.limit + 1  # one more shows that there is a next page
        self._hits: list[_Hit] = []

    async def find(self, position: Position | None) -> TaskPage:
        namespaces = await self._namespaces()
        if not namespaces:
            return TaskPage((), None, {})
        said = read_search(self._query.q)
        slips = position is not None and position.slips
        read = await self._read(said, slips=slips)
        end = await self._search(namespaces, read.tsquery, position)
        if not self._hits and end is None and position is None and said.may_be_misspelt:
            again = await self._read(said, slips=True)
            if again.alike:
                read, slips = again, True
                end = await self._search(namespaces, read.tsquery, None)
        if len(self._hits) == self._wanted:
            self._hits.pop()
            end = self._hits[-1]
        rows = await self._rows()
        next_ = None
        if end is not None:
            next_ = encode_cursor(self._query, Position(end.keys, end.uid, slips), self._sealer)
        return TaskPage(rows, next_, _read_as(read.alike, rows))

    async def _namespaces(self) -> Sequence[str]:
        if self._query.namespaces is not None:
            return sorted(set(self._query.namespaces))
        name = "search_archived_namespaces" if self._query.archived else "search_namespaces"
        return [row[0] for row in await (await self._conn.execute(QUERIES[name])).fetchall()]

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    async def _search(
        self, namespaces: Sequence[str], tsquery: str | None, position: Position | None
    ) -> _Hit | None:
        """Fills `_hits`; returns up to where was looked, None where that was enough, or all."""
        search = compile_search(self._query, namespaces, tsquery, behind=position is not None)
        onward = compile_search(self._query, namespaces, tsquery, behind=True)
        merge = _Merge(self._query.descending, self._wanted)
        begin = _Hit(*position[:2]) if position is not None else None
        ahead: dict[str, _Hit | None] = dict.fromkeys(namespaces, begin)
        may_collect, cost, looked_at = search.collectable, None, 0
        stretch = FIRST_STRETCH if search.selective else self._wanted
        while True:
            reach = max(stretch // len(ahead), SHORTEST_STEP)
            if not search.selective and looked_at:
                reach = self._wanted
            merge.take(ahead, await self._walk(onward if looked_at else search, ahead, reach))
            looked_at += reach * len(ahead)
            self._hits, end = merge.page()
            if end is None:
                return None
            further = merge.expected(looked_at)
            if may_collect and further > NEAR:
                cost = await self._cost(search, begin) if cost is None else cost
                if cost <= CHEAP or (further == float("inf") and looked_at > FAR and cost <= DEAR):
                    may_collect = False
                    if await self._collect(search, begin):
                        return None
            if looked_at >= LONGEST_WALK:
                return end
            ahead = merge.behind()
            stretch = int(min(max(further * 1.5, FIRST_STRETCH), 4 * looked_at, LONGEST_WALK - looked_at))

    async def _walk(
        self, search: Compiled, ahead: Mapping[str, _Hit | None], reach: int
    ) -> list[tuple[Any, ...]]:
        """What matches on the next `reach` rows of each namespace, and where each of these ends."""
        begins = [hit or _Hit((None,) * len(key_types(self._query.sort)), "") for hit in ahead.values()]
        keys = zip(*(hit.keys for hit in begins), strict=True)
        parameters = {
            **search.parameters,
            **{f"keys{n}": list(column) for n, column in enumerate(keys)},
            **{"walked": list(ahead), "uids": [hit.uid for hit in begins], "reach": reach},
        }
        return await (await self._conn.execute(search.walk, parameters)).fetchall()

    def _from(self, search: Compiled, begin: _Hit | None) -> dict[str, Any]:
        if begin is None:
            return search.parameters
        keys = {f"key{n}": key for n, key in enumerate(begin.keys)}
        return {**search.parameters, **keys, "behind": begin.uid}

    async def _cost(self, search: Compiled, begin: _Hit | None) -> float:
        ((plan,),) = await self._by_bitmaps(search.estimate, self._from(search, begin))
        return float(plan[0]["Plan"]["Total Cost"])

    async def _collect(self, search: Compiled, begin: _Hit | None) -> bool:
        """Takes all that an index finds. False: it is too much to be sorted, and nothing was taken."""
        parameters = {**self._from(search, begin), "most": COLLECTED + 1, "rows": self._wanted}
        found = await self._by_bitmaps(search.collect, parameters)
        if found and found[0][-1] > COLLECTED:
            return False
        self._hits = [_Hit(tuple(keys), uid) for uid, *keys, _ in found]
        return True

    async def _by_bitmaps(self, query: LiteralString, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Without walks in order, which the planner likes for a limit where it thinks that many match."""
        async with self._conn.transaction(), self._conn.pipeline():
            await self._conn.execute(_BITMAPS_ONLY)
            return await (await self._conn.execute(query, parameters)).fetchall()

    async def _rows(self) -> tuple[FoundTask, ...]:
        """The tasks themselves, read last; one that has gone in between is left out."""
        if not self._hits:
            return ()
        uids = [hit.uid for hit in self._hits]
        parameters = {"uids": uids, "archived": self._query.archived}
        cursor = await self._conn.execute(QUERIES["search_rows"], parameters)
        by_uid = {row[0]: FoundTask(*row) for row in await cursor.fetchall()}
        return tuple(by_uid[uid] for uid in uids if uid in by_uid)

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    async def _read(self, said: Search, *, slips: bool) -> _Read:
        """The terms, with the words that begin as the last one does by name where these are few: of a
        beginning the planner knows nothing, and guesses one row of two hundred."""
        terms = [await self._going_on(term) for term in said.terms]
        alike: dict[str, tuple[str, ...]] = {}
        if slips:
            found = {term.word: await self._alike(term.word) for term in said.terms if term.word}
            alike = {word: more for word, more in found.items() if more}
        return _Read(tsquery(Search(tuple(terms)).with_slips(alike)), alike)

    async def _going_on(self, term: Term) -> Term:
        """All words are in the vocabulary, so naming them is the same as asking for the beginning."""
        if not term.begins or not all(one.isalpha() and one.isascii() for one in term.begins):
            return term
        found: list[str] = []
        for beginning in term.begins:
            parameters = {"word": beginning, "limit": MOST_GOING_ON + 1}
            cursor = await self._conn.execute(QUERIES["search_prefix"], parameters)
            found += [row[0] for row in await cursor.fetchall()]
        if len(found) > MOST_GOING_ON:
            return term
        return replace(term, whole=tuple(dict.fromkeys((*term.whole, *term.begins, *found))), begins=())

    async def _alike(self, word: str) -> tuple[str, ...]:
        first, second, third = thirds(word)
        slips = slips_allowed(word)
        parameters = {
            **{"first": first, "second": second, "third": third},
            **{"swapped": swapped(word), "shortest": len(word) - slips, "longest": len(word) + slips},
        }
        cursor = await self._conn.execute(QUERIES["search_alike"], parameters)
        return most_alike(word, [row[0] for row in await cursor.fetchall()])


def _read_as(alike: dict[str, tuple[str, ...]], rows: Sequence[FoundTask]) -> dict[str, tuple[str, ...]]:
    """Only words that stand in these rows: the vocabulary has those of everybody's tasks."""
    if not alike:
        return {}
    specs = [(row.title, msgspec.json.decode(row.doc, type=_Doc).spec) for row in rows]
    said = [(title, spec.notes, spec.tags or ()) for title, spec in specs]
    return read_as(
        alike, set().union(*(words(*one) for one in said)), set().union(*(document(*one) for one in said))
    )


class _Spec(msgspec.Struct, frozen=True):
    notes: str | None = None
    tags: list[str] | None = None


class _Doc(msgspec.Struct, frozen=True):
    spec: _Spec = _Spec()
