"""One fenced transaction: everything a batch of changes writes, or nothing of it.

The row lock on `leadership` is held from the first statement to the commit. So writers take turns, a writer
whose epoch is over finds out before it writes anything, and the order of `outbox.seq` is the order of
commits.

A row that PostgreSQL refuses does not take its batch with it: the batch is halved until the row is alone, the
row is tried once more in its plainest form (still findable by name, its document kept), and only then left
out and noted in `refused`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, LiteralString, TypeAlias, TypeVar

import msgspec
import psycopg
from psycopg.types.json import Json

from todotasks.store.connections import Connection
from todotasks.store.encode import encode_message, encode_object, encode_task, plain_task
from todotasks.store.errors import describe, is_refusal
from todotasks.store.rows import (
    TASK_KIND,
    Archival,
    MirrorRow,
    ObjectRow,
    OutboxMessage,
    OutboxRow,
    Refused,
    TaskRow,
)
from todotasks.store.sql import QUERIES

OUTBOX_LOCK: Final = 0x746F646F_6F757462  # "todooutb"
CHUNK_BYTES: Final = 8 * 2**20  # of encoded rows in one statement; bounds memory on both sides

R = TypeVar("R")
Collect: TypeAlias = Callable[[psycopg.AsyncCursor[Any]], Awaitable[None]]


class WriteTransaction:
    """What may be done inside `Store.write`. Not for concurrent use."""

    def __init__(self, conn: Connection, epoch: int) -> None:
        self._conn = conn
        self._epoch = epoch
        self._outbox_locked = False
        self.refused: list[Refused] = []
        self.enqueued: list[OutboxRow] = []  # in seq order; hand them to the relay after the commit

    async def previous(self, kind: str, uids: Sequence[str]) -> dict[str, MirrorRow]:
        """What the mirror has of these objects. A damaged row counts as absent."""
        if not uids:
            return {}
        query = QUERIES["previous_tasks" if kind == TASK_KIND else "previous_objects"]
        cursor = await self._conn.execute(query, {"kind": kind, "uids": list(uids)})
        return {
            uid: MirrorRow(version, doc.encode(), archived)
            for uid, version, doc, archived in await cursor.fetchall()
        }

    async def upsert_tasks(self, rows: Sequence[TaskRow]) -> None:
        await self._write_rows(_TASKS, rows)

    async def upsert_objects(self, rows: Sequence[ObjectRow]) -> None:
        await self._write_rows(_OBJECTS, rows)

    async def archive(self, kind: str, gone: Sequence[Archival | tuple[str, str]], at: datetime) -> int:
        """Mark objects as deleted; how many were alive until now."""
        if not gone:
            return 0
        rows = [dict(zip(Archival._fields, Archival(*entry), strict=True)) for entry in gone]
        query = QUERIES["archive_tasks" if kind == TASK_KIND else "archive_objects"]
        cursor = await self._conn.execute(
            query, {"kind": kind, "at": at, "rows": Json(rows, dumps=msgspec.json.encode)}
        )
        return cursor.rowcount

    async def enqueue(self, messages: Sequence[OutboxMessage], *, once: bool = False) -> set[str]:
        """Put messages into the outbox; the ids that are new.

        An id that still waits there is not taken again. With `once`, an id is never taken again.
        """
        if not messages:
            return set()
        if not self._outbox_locked:
            await self._conn.execute(QUERIES["serialise_outbox"], {"lock": OUTBOX_LOCK})
            self._outbox_locked = True
        numbered = list(enumerate(messages))
        inserted: dict[str, int] = {}

        async def collect(cursor: psycopg.AsyncCursor[Any]) -> None:
            inserted.update({id_: seq for seq, id_ in await cursor.fetchall()})

        await self._write_rows(_MESSAGES_ONCE if once else _MESSAGES, numbered, collect)
        taken = {message.id: message for message in reversed(messages)}
        for id_, seq in sorted(inserted.items(), key=lambda item: item[1]):
            message = taken[id_]
            self.enqueued.append(OutboxRow(seq, *message))
        return set(inserted)

    async def set_position(self, source: str, resource_version: str) -> None:
        """Remember how far `source` has been read; it commits with the rest of the batch."""
        await self._conn.execute(
            QUERIES["set_position"],
            {"source": source, "resource_version": resource_version, "epoch": self._epoch},
        )

    async def _write_rows(
        self, batch: "_Batch[R]", rows: Sequence[R], collect: Collect | None = None
    ) -> None:
        """Write the rows in chunks of bounded size; what cannot be encoded or is refused is noted."""
        chunk: list[tuple[R, bytes]] = []
        size = 0
        for row in rows:
            try:
                encoded = batch.encode(row)
            except ValueError as error:
                self.refused.append(Refused(batch.table, batch.id_of(row), describe(error)))
                continue
            if chunk and size + len(encoded) > CHUNK_BYTES:
                await self._write_chunk(batch, chunk, collect)
                chunk, size = [], 0
            chunk.append((row, encoded))
            size += len(encoded)
        if chunk:
            await self._write_chunk(batch, chunk, collect)

    async def _write_chunk(
        self, batch: "_Batch[R]", chunk: list[tuple[R, bytes]], collect: Collect | None
    ) -> None:
        payload = b"[" + b",".join(encoded for _, encoded in chunk) + b"]"
        try:
            async with self._conn.transaction():  # a savepoint: what is refused must not end the batch
                cursor = await self._conn.execute(batch.query, {"rows": Json(payload, dumps=_as_is)})
        except psycopg.Error as error:
            if not is_refusal(error):
                raise
            row = chunk[0][0]
            if len(chunk) > 1:
                middle = len(chunk) // 2
                await self._write_chunk(batch, chunk[:middle], collect)
                await self._write_chunk(batch, chunk[middle:], collect)
            elif batch.plain is not None:
                plainer = batch.plain(row)
                last_try = replace(batch, plain=None)
                await self._write_chunk(last_try, [(plainer, batch.encode(plainer))], collect)
            else:
                self.refused.append(Refused(batch.table, batch.id_of(row), describe(error)))
            return
        if collect is not None:
            await collect(cursor)


@dataclass(frozen=True)
class _Batch(Generic[R]):
    """How rows of one kind are written."""

    table: str
    query: LiteralString
    encode: Callable[[R], bytes]
    id_of: Callable[[R], str]
    plain: Callable[[R], R] | None = None


_TASKS: Final = _Batch("tasks", QUERIES["upsert_tasks"], encode_task, lambda row: row.uid, plain_task)
_OBJECTS: Final = _Batch("objects", QUERIES["upsert_objects"], encode_object, lambda row: row.uid)
_MESSAGES: Final = _Batch("outbox", QUERIES["enqueue"], encode_message, lambda item: item[1].id)
_MESSAGES_ONCE: Final = replace(_MESSAGES, query=QUERIES["enqueue_once"])


def _as_is(encoded: bytes) -> bytes:
    return encoded
