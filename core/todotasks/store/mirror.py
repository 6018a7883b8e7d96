"""Reading the mirror outside a transaction: for who compares it with the API server, or starts from it.

In pages by uid, so that no memory grows with the number of tasks. There is one writer, and it is the reader
of these; so nothing changes between two pages that the reader has not done itself.
"""

from collections.abc import Sequence

from todotasks.store.connections import ConnectionPool
from todotasks.store.rows import TASK_KIND, MirrorRow, mirror_row
from todotasks.store.sql import QUERIES

PAGE = 1000  # rows


class MirrorReads:
    """The reading half of `Store`, as far as the recorder needs it."""

    _pool: ConnectionPool

    async def versions(self, kind: str, uids: Sequence[str]) -> dict[str, int]:
        """uid -> resourceVersion of those that live; -1 where the row is damaged."""
        if not uids:
            return {}
        query = QUERIES["task_versions" if kind == TASK_KIND else "object_versions"]
        async with self._pool.connection() as conn:
            cursor = await conn.execute(query, {"kind": kind, "uids": list(uids)})
            return dict(await cursor.fetchall())

    async def live_uids_page(
        self, kind: str, namespace: str | None = None, *, after: str = "", limit: int = PAGE
    ) -> list[str]:
        """The next uids of what the mirror believes to exist, in the order of uids behind `after`."""
        query = QUERIES["live_task_uids_page" if kind == TASK_KIND else "live_object_uids_page"]
        parameters = {"kind": kind, "namespace": namespace, "after": after, "limit": limit}
        async with self._pool.connection() as conn:
            return [row[0] for row in await (await conn.execute(query, parameters)).fetchall()]

    async def live_page(
        self, kind: str, namespace: str | None = None, *, after: str = "", limit: int = PAGE
    ) -> dict[str, MirrorRow]:
        """The next rows of what the mirror believes to exist, in the order of uids behind `after`."""
        query = QUERIES["live_tasks_page" if kind == TASK_KIND else "live_objects_page"]
        parameters = {"kind": kind, "namespace": namespace, "after": after, "limit": limit}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(query, parameters)).fetchall()
            return {row[0]: mirror_row(row) for row in rows}
