"""The PostgreSQL side of todotasks: the mirror of what the API server holds, and the outbox for Kafka.

Truth is the Kubernetes API; everything here can be dropped and is rebuilt. What is promised:

- a batch of changes, its events and the position it reached are one transaction: all or nothing;
- a leader that was replaced cannot write any more (`Fenced`), not even one that was frozen and wakes up;
- `outbox.seq` order is commit order;
- while PostgreSQL is away every call raises `StoreUnavailable`; the first call after its return works.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import datetime
from typing import Final

import psycopg

from todotasks.sealed import PLAIN, Sealer
from todotasks.store.audit import AuditLog
from todotasks.store.connections import Connection, ConnectionPool
from todotasks.store.conversations import Conversations
from todotasks.store.deliveries import Deliveries
from todotasks.store.errors import Fenced, StoreError, StoreUnavailable
from todotasks.store.metrics import REFUSED, TRANSACTION_SECONDS
from todotasks.store.migrate import migrate
from todotasks.store.rows import TASK_KIND, MirrorRow, OutboxRow, OutboxStats, mirror_row
from todotasks.store.search.anew import read_texts_anew
from todotasks.store.search.named import NamedSearch
from todotasks.store.search.pages import SEARCH_SESSION, TaskSearch
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean
from todotasks.store.transaction import WriteTransaction

WRITE_DEADLINE: Final = 60.0  # seconds for one transaction, waiting for its turn included
LEAVING_TIME: Final = 5.0  # seconds that the transactions of a replaced leader are given to end
KNOWN_WORDS_LIMIT: Final = 100_000  # words kept in memory, about 8 MB


class Store:
    """All access to PostgreSQL. Make one with `Store.open`, share it between tasks of one event loop."""

    def __init__(self, pool: ConnectionPool, search_pool: ConnectionPool, sealer: Sealer = PLAIN) -> None:
        self._pool = pool
        self._search_pool = search_pool
        self._known_words: set[str] = set()  # of `words`; spares asking the database for each title
        self.deliveries = Deliveries(pool)
        self.conversations = Conversations(pool)
        self.audit = AuditLog(pool)
        self.search = TaskSearch(search_pool, sealer)
        self.named = NamedSearch(search_pool, self.search)

    @classmethod
    async def open(
        cls,
        database_url: str,
        *,
        min_size: int = 1,
        max_size: int = 8,
        application_name: str = "todotasks",
        sealer: Sealer = PLAIN,
    ) -> "Store":
        """Ready to connect; the database need not be there yet (call `healthy` or `migrate` to find out).

        `sealer` encrypts the cursors of searches; whoever shows them to anybody needs one.
        """
        pool = ConnectionPool(
            database_url, min_size=min_size, max_size=max_size, application_name=application_name
        )
        # Connects at the first search: who never searches has none.
        search_pool = ConnectionPool(
            database_url,
            min_size=min_size,
            max_size=max_size,
            application_name=application_name,
            session=SEARCH_SESSION,
        )
        return cls(pool, search_pool, sealer)

    async def close(self) -> None:
        await self._pool.close()
        await self._search_pool.close()

    async def __aenter__(self) -> "Store":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def migrate(self) -> list[str]:
        """Bring the schema up to date; the names of the migrations that were applied."""
        async with self._pool.connection() as conn:
            return await migrate(conn)

    async def read_texts_anew(self) -> int:
        """Index what an older program has read otherwise; how many tasks were looked at. May take minutes."""
        async with self._pool.connection() as conn:
            return await read_texts_anew(conn)

    @property
    def trouble(self) -> str | None:
        """Why the last contact with PostgreSQL failed; None when it worked."""
        return self._pool.trouble

    async def healthy(self, timeout_seconds: float = 2.0) -> bool:
        """Whether PostgreSQL answers a query now; if not, `trouble` says why."""
        try:
            async with asyncio.timeout(timeout_seconds), self._pool.connection() as conn:
                await conn.execute("select 1")
        except TimeoutError:
            self._pool.trouble = f"PostgreSQL: no answer within {timeout_seconds:g} s"
            return False
        except StoreError as error:
            self._pool.trouble = str(error)
            return False
        return True

    async def take_leadership(self, name: str, holder: str) -> int:
        """Become the writer `name`: a new epoch, after which every older one is fenced off.

        A transaction of the old one that is under way may end. One that does not (the old one was frozen in
        the middle of sending it, where no time limit of the server counts) is ended: its leader holds no
        Lease any more.
        """
        async with self._transaction() as conn:
            async with self._ending_blockers_of(conn.info.backend_pid):
                await conn.execute(QUERIES["lock_to_lead"], {"name": name})
            cursor = await conn.execute(QUERIES["take_leadership"], {"name": name, "holder": clean(holder)})
            return _one_int(await cursor.fetchone())

    @contextlib.asynccontextmanager
    async def write(
        self, name: str, epoch: int, *, look: tuple[str, Sequence[str]] | None = None
    ) -> AsyncIterator[WriteTransaction]:
        """A fenced transaction; it commits when the block ends, and not at all when the block raises.

        `look`, a kind and uids, is what `previous` would be asked for: it comes with the first round trip and
        is `looked` in the transaction.

        If the connection breaks during the commit, `StoreUnavailable` leaves open whether it took effect:
        do the batch again, `previous` and the ids of messages show what is already there.
        """
        began = time.perf_counter()
        async with self._in_time() as conn:
            tx = WriteTransaction(conn, epoch, self._known_words)
            try:
                await tx.begin(name, look)
                yield tx
                await tx.commit()
            except BaseException:
                with contextlib.suppress(psycopg.Error):
                    await conn.rollback()
                raise
        for refused in tx.refused:
            REFUSED.labels(refused.table).inc()
        TRANSACTION_SECONDS.labels(name).observe(time.perf_counter() - began)
        # Only now are they known: what was rolled back must be learned again.
        if len(self._known_words) + len(tx.new_words) > KNOWN_WORDS_LIMIT:
            self._known_words.clear()
        self._known_words |= tx.new_words

    async def position(self, source: str) -> str | None:
        """How far `source` had been read in the last committed batch."""
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["position"], {"source": source})).fetchone()
            return None if row is None else str(row[0])

    async def live_uids(self, kind: str, namespace: str | None = None) -> dict[str, int]:
        """uid -> resourceVersion of everything the mirror believes to exist."""
        query = QUERIES["live_task_uids" if kind == TASK_KIND else "live_object_uids"]
        found: dict[str, int] = {}
        # A cursor on the server: a million rows must not be here twice.
        async with (
            self._pool.connection() as conn,
            conn.transaction(),
            conn.cursor(name="live_uids") as cursor,
        ):
            cursor.itersize = 10_000
            await cursor.execute(query, {"kind": kind, "namespace": namespace})
            async for uid, resource_version in cursor:
                found[uid] = resource_version
        return found

    async def versions(self, kind: str, uids: Sequence[str]) -> dict[str, int]:
        """uid -> resourceVersion of those that live; -1 where the row is damaged."""
        query = QUERIES["task_versions" if kind == TASK_KIND else "object_versions"]
        async with self._pool.connection() as conn:
            cursor = await conn.execute(query, {"kind": kind, "uids": list(uids)})
            return dict(await cursor.fetchall())

    async def live_uids_page(
        self, kind: str, namespace: str | None = None, *, after: str = "", limit: int = 1000
    ) -> list[str]:
        """The next uids of what the mirror believes to exist, in the order of uids behind `after`."""
        query = QUERIES["live_task_uids_page" if kind == TASK_KIND else "live_object_uids_page"]
        parameters = {"kind": kind, "namespace": namespace, "after": after, "limit": limit}
        async with self._pool.connection() as conn:
            return [row[0] for row in await (await conn.execute(query, parameters)).fetchall()]

    async def live_page(
        self, kind: str, namespace: str | None = None, *, after: str = "", limit: int = 1000
    ) -> dict[str, MirrorRow]:
        """The next rows of what the mirror believes to exist, in the order of uids behind `after`."""
        query = QUERIES["live_tasks_page" if kind == TASK_KIND else "live_objects_page"]
        parameters = {"kind": kind, "namespace": namespace, "after": after, "limit": limit}
        async with self._pool.connection() as conn:
            return {
                row[0]: mirror_row(row) for row in await (await conn.execute(query, parameters)).fetchall()
            }

    async def confirm(self, name: str, epoch: int) -> None:
        """Raises `Fenced` where a newer leader has taken over."""
        async with self._fenced(name, epoch, "lock_to_delete"):
            pass

    async def outbox_batch(self, limit: int, after: int = 0) -> list[OutboxRow]:
        """The oldest messages that wait, in order, beginning after the seq `after`."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["outbox_batch"], {"limit": limit, "after": after})
            return [OutboxRow(*row) for row in await cursor.fetchall()]

    async def outbox_delete(self, seqs: Sequence[int], name: str, epoch: int) -> None:
        """Forget messages that Kafka has acknowledged."""
        if not seqs:
            return
        async with self._fenced(name, epoch, "lock_to_delete") as conn:
            await conn.execute(QUERIES["outbox_delete"], {"seqs": list(seqs)})

    async def dead_letter(self, row: OutboxRow, error: str, name: str, epoch: int) -> None:
        """Move a message that can never be produced from the outbox to `dead_letters`."""
        async with self._fenced(name, epoch, "lock_to_delete") as conn:
            await conn.execute(QUERIES["bury"], {"seq": row.seq, "error": clean(error)})
            await conn.execute(QUERIES["outbox_delete"], {"seqs": [row.seq]})

    async def outbox_stats(self) -> OutboxStats:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["outbox_stats"])).fetchone()
            return OutboxStats(*row) if row else OutboxStats(0, 0.0)

    async def outbox_notifications(self, poll_seconds: float = 5.0) -> AsyncGenerator[None]:
        """Yields when there may be something in the outbox: at once, on each commit that put something
        there, and at least every `poll_seconds` (a notification is lost while we reconnect)."""
        yield None
        while True:
            try:
                conn = await self._pool.connect()
            except StoreUnavailable:
                await asyncio.sleep(min(poll_seconds, 1.0))
                yield None
                continue
            try:
                await conn.execute("listen todotasks_outbox")
                yield None  # for what was committed before we listened
                while True:
                    async for _ in conn.notifies(timeout=poll_seconds, stop_after=1):
                        pass
                    yield None
            except psycopg.Error:
                continue
            finally:
                with contextlib.suppress(psycopg.Error):
                    await conn.close()

    async def prune_happenings(self, before: datetime, name: str, epoch: int) -> int:
        """Forget ids of `enqueue(once=True)` from before that time; how many."""
        async with self._fenced(name, epoch, "lock_to_write") as conn:
            return (await conn.execute(QUERIES["prune_happenings"], {"before": before})).rowcount

    @contextlib.asynccontextmanager
    async def _fenced(self, name: str, epoch: int, lock: str) -> AsyncIterator[Connection]:
        async with self._transaction() as conn:
            row = await (await conn.execute(QUERIES[lock], {"name": name})).fetchone()
            current = None if row is None else int(row[0])
            if current != epoch:
                raise Fenced(name, epoch, current)
            yield conn

    @contextlib.asynccontextmanager
    async def _ending_blockers_of(self, backend: int) -> AsyncIterator[None]:
        async def end_them() -> None:
            while True:
                await asyncio.sleep(LEAVING_TIME)
                with contextlib.suppress(StoreError):  # then the lock's own time limit decides
                    async with self._pool.connection() as conn:
                        await conn.execute(QUERIES["end_blockers"], {"backend": backend})

        ending = asyncio.create_task(end_them())
        try:
            yield
        finally:
            ending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ending

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._in_time() as conn, conn.transaction():
            yield conn

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[Connection]:
        """A connection for one transaction, which has to be over within the deadline."""
        deadline = asyncio.timeout(WRITE_DEADLINE)
        try:
            async with deadline, self._pool.connection() as conn:
                yield conn
        except TimeoutError as error:
            if not deadline.expired():
                raise  # the caller's own
            raise StoreUnavailable(f"PostgreSQL: transaction not done within {WRITE_DEADLINE:g} s") from error


def _one_int(row: tuple[object, ...] | None) -> int:
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]
