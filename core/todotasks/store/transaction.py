"""One fenced transaction: everything a batch of changes writes, or nothing of it.

The row lock on `leadership` is held from the first statement to the commit. So writers take turns, a writer
whose epoch is over finds out before it writes anything, and the order of `outbox.seq` is the order of
commits.

A row that PostgreSQL refuses does not take its batch with it: the batch is halved until the row is alone, the
row is tried once more in its plainest form (still findable by name, its document kept), and only then left
out and noted in `refused`.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, LiteralString, TypeAlias, TypeVar

import msgspec
import psycopg
from psycopg.types.json import Json

from todotasks.store.connections import Connection
from todotasks.store.encode import (
    encode_letter,
    encode_message,
    encode_object,
    encode_task,
    encode_word,
    indexed_text,
    plain_task,
)
from todotasks.store.errors import BatchRefused, Fenced, describe, is_refusal
from todotasks.store.rows import (
    TASK_KIND,
    Archival,
    DeadLetter,
    MirrorBatch,
    MirrorRow,
    ObjectRow,
    OutboxMessage,
    OutboxRow,
    Refused,
    TaskRow,
    mirror_row,
)
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean

OUTBOX_LOCK: Final = 0x746F646F_6F757462  # "todooutb"
CHUNK_BYTES: Final = 8 * 2**20  # of encoded rows in one statement; bounds memory on both sides

R = TypeVar("R")
Mirrored = TypeVar("Mirrored", TaskRow, ObjectRow)
Collect: TypeAlias = Callable[[psycopg.AsyncCursor[Any]], Awaitable[None]]


class WriteTransaction:
    """What may be done inside `Store.write`. Not for concurrent use."""

    def __init__(self, conn: Connection, epoch: int, known_words: Set[str] = frozenset()) -> None:
        self._conn = conn
        self._epoch = epoch
        self._known_words = known_words
        self.new_words: set[str] = set()
        self._outbox_locked = False
        self.refused: list[Refused] = []
        self.enqueued: list[OutboxRow] = []  # in seq order; hand them to the relay after the commit
        self.looked: dict[str, MirrorRow] = {}  # what `begin` was asked to look up
        self._committed = False

    async def begin(self, name: str, look: tuple[str, Sequence[str]] | None) -> None:
        """Lock and look in one round trip. Raises `Fenced` before anything is written."""
        async with self._conn.pipeline():
            await self._conn.execute("begin")
            locked = await self._conn.execute(QUERIES["lock_to_write"], {"name": name})
            looked = await self._look(*look) if look is not None else None
        row = await locked.fetchone()
        current = None if row is None else int(row[0])
        if current != self._epoch:
            raise Fenced(name, self._epoch, current)
        if looked is not None:
            self.looked = {found[0]: mirror_row(found) for found in await looked.fetchall()}

    async def commit(self) -> None:
        if self._committed:
            return
        async with self._conn.pipeline():
            if self.enqueued:
                await self._conn.execute(QUERIES["notify_outbox"])
            await self._conn.execute("commit")
        self._committed = True

    async def previous(self, kind: str, uids: Sequence[str]) -> dict[str, MirrorRow]:
        """What the mirror has of these objects, also of those that are gone."""
        if not uids:
            return {}
        return {row[0]: mirror_row(row) for row in await (await self._look(kind, uids)).fetchall()}

    async def _look(self, kind: str, uids: Sequence[str]) -> psycopg.AsyncCursor[Any]:
        query = QUERIES["mirrored_tasks" if kind == TASK_KIND else "mirrored_objects"]
        return await self._conn.execute(query, {"kind": kind, "uids": [clean(uid) for uid in uids]})

    async def uids_of_tasks(self, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The uids of living tasks by (namespace, name); those that the mirror does not know are missing."""
        if not names:
            return {}
        rows = [{"namespace": namespace, "name": name} for namespace, name in set(names)]
        cursor = await self._conn.execute(
            QUERIES["uids_of_tasks"], {"rows": Json(rows, dumps=msgspec.json.encode)}
        )
        return {(namespace, name): uid for namespace, name, uid in await cursor.fetchall()}

    async def namespaces_of_tasks(self, uids: Iterable[str]) -> dict[str, str]:
        """Where the tasks with these uids are, or were; those that the mirror does not know are missing."""
        asked = sorted({clean(uid) for uid in uids})
        if not asked:
            return {}
        cursor = await self._conn.execute(QUERIES["namespaces_of_tasks"], {"uids": asked})
        return dict(await cursor.fetchall())

    async def forget(self, kind: str, uids: Sequence[str]) -> None:
        """Drop rows that are *newer* than the API server (it was restored from a backup)."""
        if uids:
            query = QUERIES["forget_tasks" if kind == TASK_KIND else "forget_objects"]
            await self._conn.execute(query, {"kind": kind, "uids": [clean(uid) for uid in uids]})

    async def bury(self, letters: Sequence[DeadLetter]) -> None:
        """Keep what could not be recorded; the same id again replaces it."""
        last = {letter.id: letter for letter in letters}
        await self._write_rows(_LETTERS, list(last.values()))

    async def upsert_tasks(self, rows: Sequence[TaskRow]) -> None:
        """Mirror tasks. An older or equal resourceVersion than the mirror's changes nothing."""
        newest = _newest(rows)
        await self._write_rows(_TASKS, newest)
        unknown = _words_of(newest) - self._known_words - self.new_words
        if unknown:
            # Sorted: two writers that learn the same words must take their locks in one order.
            await self._write_rows(_WORDS, sorted(unknown))
            self.new_words |= unknown

    async def upsert_objects(self, rows: Sequence[ObjectRow]) -> None:
        """Mirror objects of the other kinds, as `upsert_tasks` does tasks."""
        await self._write_rows(_OBJECTS, _newest(rows))

    async def archive(self, kind: str, gone: Sequence[Archival | tuple[str, str]], at: datetime) -> int:
        """Mark objects as deleted; how many were alive until now."""
        cursor = await self._archive(kind, gone, at)
        return 0 if cursor is None else cursor.rowcount

    async def _archive(
        self, kind: str, gone: Sequence[Archival | tuple[str, str]], at: datetime
    ) -> psycopg.AsyncCursor[Any] | None:
        if not gone:
            return None
        entries = (Archival(*entry) for entry in gone)
        rows = [
            {"uid": clean(uid), "reason": clean(reason), "resource_version": version}
            for uid, reason, version in entries
        ]
        query = QUERIES["archive_tasks" if kind == TASK_KIND else "archive_objects"]
        return await self._conn.execute(
            query, {"kind": kind, "at": at, "rows": Json(rows, dumps=msgspec.json.encode)}
        )

    async def enqueue(self, messages: Sequence[OutboxMessage], *, once: bool = False) -> set[str]:
        """Put messages into the outbox; the ids that are new.

        An id that still waits there is not taken again. With `once`, an id is never taken again.
        """
        if not messages:
            return set()
        if not self._outbox_locked:
            await self._conn.execute(QUERIES["serialise_outbox"], {"lock": OUTBOX_LOCK})
            self._outbox_locked = True
        cleaned = [_cleaned(message) for message in messages]
        numbered = list(enumerate(cleaned))
        inserted: dict[str, int] = {}

        async def collect(cursor: psycopg.AsyncCursor[Any]) -> None:
            inserted.update({id_: seq for seq, id_ in await cursor.fetchall()})

        await self._write_rows(_MESSAGES_ONCE if once else _MESSAGES, numbered, collect)
        self._note_enqueued(cleaned, inserted)
        return set(inserted)

    async def set_position(self, source: str, resource_version: str) -> None:
        """Remember how far `source` has been read; it commits with the rest of the batch."""
        await self._conn.execute(
            QUERIES["set_position"],
            {"source": source, "resource_version": resource_version, "epoch": self._epoch},
        )

    async def write_at_once(self, batch: MirrorBatch) -> None:
        """All of a batch, and the commit, in one round trip to the server instead of a dozen.

        PostgreSQL takes all of it or nothing. If it refuses a row, `BatchRefused` ends the transaction; then
        do it again with the other methods, which find out the row and leave it alone.
        """
        tasks, objects = _newest(batch.tasks), _newest(batch.objects)
        messages = [_cleaned(message) for message in batch.messages]
        unknown = _words_of(tasks) - self._known_words - self.new_words
        try:
            statements = [
                (_TASKS.query, _payload(_TASKS, tasks)),
                (_OBJECTS.query, _payload(_OBJECTS, objects)),
                (_WORDS.query, _payload(_WORDS, sorted(unknown))),
            ]
            new = _payload(_MESSAGES, list(enumerate(messages)))
        except ValueError as error:
            raise BatchRefused(f"not to be encoded: {describe(error)}") from error
        try:
            async with self._conn.pipeline():
                await self.forget(batch.kind, batch.forget)
                for query, rows in statements:
                    if rows is not None:
                        await self._conn.execute(query, {"rows": Json(rows, dumps=_as_is)})
                await self._archive(batch.kind, batch.archive, batch.at)
                if new is not None:
                    await self._conn.execute(QUERIES["serialise_outbox"], {"lock": OUTBOX_LOCK})
                    cursor = await self._conn.execute(_MESSAGES.query, {"rows": Json(new, dumps=_as_is)})
                    await self._conn.execute(QUERIES["notify_outbox"])
                if batch.position is not None:
                    await self.set_position(*batch.position)
                await self._conn.execute("commit")
        except psycopg.Error as error:
            if is_refusal(error):
                raise BatchRefused(describe(error)) from error
            raise
        self._committed = True
        self.new_words |= unknown
        if new is not None:
            self._note_enqueued(messages, {id_: seq for seq, id_ in await cursor.fetchall()})

    def _note_enqueued(self, messages: Sequence[OutboxMessage], inserted: dict[str, int]) -> None:
        first = {message.id: message for message in reversed(messages)}
        for id_, seq in sorted(inserted.items(), key=lambda item: item[1]):
            self.enqueued.append(OutboxRow(seq, *first[id_]))

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
_WORDS: Final = _Batch("words", QUERIES["learn_words"], encode_word, str)
_LETTERS: Final = _Batch("dead_letters", QUERIES["bury_rows"], encode_letter, lambda letter: letter.id)
_MESSAGES: Final = _Batch("outbox", QUERIES["enqueue"], encode_message, lambda item: item[1].id)
_MESSAGES_ONCE: Final = replace(_MESSAGES, query=QUERIES["enqueue_once"])


def _payload(batch: "_Batch[R]", rows: Sequence[R]) -> bytes | None:
    """The rows as one JSON parameter; None where there are none."""
    return b"[" + b",".join([batch.encode(row) for row in rows]) + b"]" if rows else None


def _words_of(rows: Sequence[TaskRow]) -> set[str]:
    return set().union(*(indexed_text(row).words for row in rows))


def _newest(rows: Sequence[Mirrored]) -> list[Mirrored]:
    """One row per object: a batch may hold several states of one, a statement may write it only once."""
    newest: dict[str, Mirrored] = {}
    for row in rows:
        known = newest.get(row.uid)
        if known is None or known.resource_version <= row.resource_version:
            newest[row.uid] = row
    return list(newest.values())


def _cleaned(message: OutboxMessage) -> OutboxMessage:
    """The message as the table will have it: what goes to Kafka at once must not differ from it."""
    headers = {clean(name): clean(value) for name, value in message.headers.items()}
    return OutboxMessage(clean(message.id), clean(message.topic), clean(message.key), message.value, headers)


def _as_is(encoded: bytes) -> bytes:
    return encoded
