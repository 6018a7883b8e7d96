"""The audit log in PostgreSQL: append, ask, walk. What a row means: `todotasks.audit`.

Appending takes a lock for the length of its transaction, so the chain has one tip however many consumers
there are, and an event that comes again is found by its id: every event once. Inside that transaction we
are the role `todotasks_audit`, where there is one, which may add and look and nothing else.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from todotasks.audit.chain import GENESIS, Row, link
from todotasks.audit.entry import Entry, canonical
from todotasks.audit.heads import Head
from todotasks.audit.verifier import columns_of
from todotasks.store.connections import Connection, ConnectionPool
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean_value

LOCK: Final = 0x746F646F_61756474  # "todoaudt"
WALK: Final = 5_000  # rows at a time
MOST_COUNTED: Final = 100  # groups of a statistic


class Appended(NamedTuple):
    """`added` of the entries were new; the tip afterwards."""

    added: int
    seq: int
    hash: bytes


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Filters; all that are given must hold. `before` is a cursor: rows with a smaller number."""

    namespaces: tuple[str, ...] | None = None  # None: all
    # When each of them was made: what happened there before was in another one of its name. None: all.
    made: dict[str, datetime] | None = None
    actor: str | None = None
    action: str | None = None
    source: str | None = None
    kind: str | None = None
    name: str | None = None
    uid: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    before: int | None = None
    limit: int = 50


class AuditRow(NamedTuple):
    """A row for people. `related`: for an attempt what was observed of it, for a deletion who asked."""

    seq: int
    recorded_at: datetime
    entry: dict[str, Any]
    hash: str
    related: dict[str, Any] | None

    @property
    def shown(self) -> dict[str, Any]:
        """As JSON has it."""
        own = {"seq": self.seq, "recordedAt": self.recorded_at, "hash": self.hash, "related": self.related}
        return {**self.entry, **own}


class AuditLog:
    """All access to the log."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._months: set[date] = set()

    # -- writing ---------------------------------------------------------------------------------

    async def append(self, entries: Sequence[Entry], now: datetime) -> Appended:
        """Add what is new of the entries, in their order, in one transaction."""
        month = now.astimezone(UTC).date().replace(day=1)
        async with self._pool.connection() as conn:
            if month not in self._months:
                await conn.execute(QUERIES["audit_make_partition"], {"month": month})
                self._months.add(month)
            async with conn.transaction():
                await conn.execute(QUERIES["audit_become_writer"])
                await conn.execute(QUERIES["audit_lock"], {"lock": LOCK})
                seq, tip = await _tip(conn)
                new = await _unknown(conn, entries)
                rows = []
                micros = _micros(now)
                for entry in new:
                    seq += 1
                    record = clean_value(msgspec.to_builtins(entry))
                    body = canonical(record)
                    tip = link(tip, seq, micros, body)
                    rows.append(_stored(seq, now, record["at"], body, tip))
                if rows:
                    await conn.execute(QUERIES["audit_append"], {"rows": json.dumps(rows)})
        return Appended(len(rows), seq, tip)

    async def tip(self) -> tuple[int, bytes]:
        """Number and hash of the last row; 0 and the beginning of every chain where there is none."""
        async with self._pool.connection() as conn:
            return await _tip(conn)

    async def add_head(self, head: Head) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["audit_add_head"], msgspec.structs.asdict(head))

    async def heads(self, limit: int = 100) -> list[Head]:
        """The newest first."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["audit_heads"], {"limit": limit})
            return [_head(row) for row in await cursor.fetchall()]

    async def closing_heads(self) -> list[Head]:
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["audit_closing_heads"])
            return [_head(row) for row in await cursor.fetchall()]

    # -- retention -------------------------------------------------------------------------------

    async def over(self, before: datetime) -> list[tuple[str, int, bytes]]:
        """Months that ended before, with their last row: (partition, seq, hash); seq 0 for an empty one."""
        found = []
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["audit_partitions"])
            for (name,) in await cursor.fetchall():
                first = datetime.strptime(name[-6:], "%Y%m").replace(tzinfo=UTC)
                end = (first + timedelta(days=32)).replace(day=1)
                if end > before:
                    continue
                cursor = await conn.execute(QUERIES["audit_last_between"], {"since": first, "until": end})
                last = await cursor.fetchone()
                found.append((name, *(last or (0, b""))))
        return found

    async def drop(self, partition: str) -> int:
        """Drop a month that is closed; PostgreSQL refuses one that is not. The last row that is gone."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["audit_drop_partition"], {"part": partition})
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

    # -- proving ---------------------------------------------------------------------------------

    async def span(self) -> tuple[int, int]:
        """The first and the last row; 0, 0 where there is none."""
        async with self._pool.connection() as conn:
            return await self._span(conn)

    async def _span(self, conn: Connection) -> tuple[int, int]:
        row = await (await conn.execute(QUERIES["audit_span"])).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    async def walk(self, after: int = 0, page: int = WALK) -> AsyncIterator[list[Row]]:
        """All rows in order, for the verifier. The next page is on its way while one is looked at."""
        coming = asyncio.create_task(self._page(after, page))
        try:
            while rows := await coming:
                coming = asyncio.create_task(self._page(rows[-1].seq, page))
                yield rows
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    async def _page(self, after: int, limit: int) -> list[Row]:
        async with self._pool.connection() as conn:
            cursor = await conn.execute(QUERIES["audit_walk"], {"after": after, "limit": limit}, binary=True)
            return [
                Row(seq, micros, body.encode(), digest, tuple(columns))
                for seq, micros, body, digest, *columns in await cursor.fetchall()
            ]

    async def contradicted(self, heads: Sequence[Head]) -> list[Head]:
        """Those of the heads of which the log says something else: another hash, no such row, or an end
        before them. Of rows that were dropped when their time was over it says nothing."""
        async with self._pool.connection() as conn:
            tip, _ = await _tip(conn)
            first, _ = await self._span(conn)
            seqs = [head.seq for head in heads if first and first <= head.seq <= tip]
            cursor = await conn.execute(QUERIES["audit_hashes"], {"seqs": seqs})
            hashes = {int(seq): bytes(digest) for seq, digest in await cursor.fetchall()}
        asked = set(seqs)
        return [
            head
            for head in heads
            if head.seq > tip or (head.seq in asked and hashes.get(head.seq) != head.hash)
        ]

    # -- asking ----------------------------------------------------------------------------------

    async def find(self, query: AuditQuery) -> list[AuditRow]:
        """The newest first."""
        where, parameters = _where(query)
        parameters["limit"] = query.limit
        statement = f"""
            with found as (
                select * from audit_log where {where} order by seq desc limit %(limit)s
            )
            select f.seq, f.recorded_at, f.record, f.hash, r.related
            from found f left join lateral (
                select jsonb_build_object(
                    'seq', o.seq, 'action', o.action, 'actor', o.actor, 'at', o.at
                ) as related
                from audit_log o
                where o.uid = f.uid and (
                    (f.source = 'attempt' and o.source = 'observed' and case f.action
                        when 'create' then o.action like '%%.created'
                        when 'delete' then o.action like '%%.deleted'
                        else o.version > coalesce(f.version, 0) and o.action not like '%%.deleted' end)
                    or (f.source = 'observed' and o.source = 'attempt' and case
                        when f.action like '%%.created' then o.action = 'create'
                        when f.action like '%%.deleted' then o.action = 'delete'
                        else o.action = 'update' and o.version < f.version end)
                )
                order by abs(coalesce(o.version, 0) - coalesce(f.version, 0)), o.seq limit 1
            ) r on true
            order by f.seq desc
        """  # noqa: S608  the conditions are ours, the values are parameters
        async with self._pool.connection() as conn:
            cursor = await conn.execute(statement, parameters)
            return [
                AuditRow(seq, at, record, digest.hex(), related)
                for seq, at, record, digest, related in await cursor.fetchall()
            ]

    async def count(self, query: AuditQuery, by: str) -> list[tuple[str, int]]:
        """How many, by action, actor, day or namespace; the largest first, days in order."""
        column = {
            "action": "action",
            "actor": "coalesce(actor, '')",
            "day": "to_char(at at time zone 'UTC', 'YYYY-MM-DD')",
            "namespace": "namespace",
        }[by]
        where, parameters = _where(query)
        order = "1 desc" if by == "day" else "2 desc, 1"
        statement = f"""
            select {column}, count(*) from audit_log where {where}
            group by 1 order by {order} limit {MOST_COUNTED}
        """  # noqa: S608  the column and the conditions are ours
        async with self._pool.connection() as conn:
            cursor = await conn.execute(statement, parameters)
            rows = [(str(key), int(number)) for key, number in await cursor.fetchall()]
        return rows[::-1] if by == "day" else rows


def _where(query: AuditQuery) -> tuple[Any, dict[str, Any]]:
    """The conditions as SQL of ours, and their values."""
    conditions, values = ["true"], {}
    for field in ("actor", "action", "source", "kind", "name", "uid"):
        value = getattr(query, field)
        if value is not None:
            conditions.append(f"{field} = %({field})s")
            values[field] = value
    if query.namespaces is not None:
        # A gap is everybody's: it says that attempts are missing, and nothing of whose.
        own = "namespace = any(%(namespaces)s)"
        values["namespaces"] = list(query.namespaces)
        if query.made is not None:
            own += " and at >= coalesce((%(made)s::jsonb ->> namespace)::timestamptz, 'infinity')"
            values["made"] = json.dumps({name: at.isoformat() for name, at in query.made.items()})
        conditions.append(f"(({own}) or source = 'gap')")
    for field, sign in (("since", ">="), ("until", "<")):
        value = getattr(query, field)
        if value is not None:
            conditions.append(f"at {sign} %({field})s")
            values[field] = value
    if query.text:
        conditions.append("search @@ plainto_tsquery('simple', %(text)s)")
        values["text"] = query.text
    if query.before is not None:
        conditions.append("seq < %(before)s")
        values["before"] = query.before
    return " and ".join(conditions), values


async def _tip(conn: Connection) -> tuple[int, bytes]:
    row = await (await conn.execute(QUERIES["audit_tip"])).fetchone()
    if row is None:  # empty, or everything was dropped when its time was over
        row = await (await conn.execute(QUERIES["audit_last_closing"])).fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), bytes(row[1]))


async def _unknown(conn: Connection, entries: Sequence[Entry]) -> list[Entry]:
    ids = [entry.id for entry in entries]
    cursor = await conn.execute(QUERIES["audit_known"], {"ids": ids})
    known = {row[0] for row in await cursor.fetchall()}
    new: dict[str, Entry] = {}
    for entry in entries:
        if entry.id not in known:
            new.setdefault(entry.id, entry)
    return list(new.values())


def _stored(seq: int, now: datetime, at: str, body: bytes, digest: bytes) -> dict[str, Any]:
    event_id, source, action, actor, namespace, name, kind, uid, version, title = columns_of(body)
    return {
        "seq": seq,
        "recorded_at": now.isoformat(),
        "event_id": event_id,
        "at": at,
        "source": source,
        "action": action,
        "actor": actor,
        "namespace": namespace,
        "name": name,
        "kind": kind,
        "uid": uid,
        "version": version,
        "title": title,
        "body": body.decode(),
        "hash": digest.hex(),
    }


def _head(row: tuple[Any, ...]) -> Head:
    seq, digest, signed_at, key, signature, closes = row
    return Head(
        seq=seq,
        hash=bytes(digest),
        signed_at=signed_at,
        key_id=key,
        signature=bytes(signature),
        closes=closes,
    )


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
