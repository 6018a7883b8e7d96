"""Reading all texts anew, after a program has learned to read them otherwise (`text.analysis.ANALYSIS`).

In batches, beside the recorder: a task that it writes meanwhile is left alone, as it was read anew with that.
Where it had come to is kept, so a restart goes on there; of several programs one does it.
"""

from typing import Final

import msgspec
import psycopg
import structlog
from psycopg.types.json import Json

from todotasks.store.connections import Connection
from todotasks.store.encode import search_hash
from todotasks.store.errors import is_refusal
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean
from todotasks.text.alike import trigrams
from todotasks.text.analysis import ANALYSIS, document, vocabulary

SOURCE: Final = "search"  # in `positions`: "<analysis>" when all is read, "<analysis> <uid>" on the way
BATCH: Final = 500
_LOCK: Final = 0x746F646F_74657874  # "todotext"

log = structlog.get_logger(__name__)


async def read_texts_anew(conn: Connection) -> int:
    """How many tasks were looked at; 0 where all were read so already, or somebody else is at it."""
    row = await (await conn.execute("select pg_try_advisory_lock(%s)", (_LOCK,))).fetchone()
    if row is None or not row[0]:
        return 0
    try:
        return await _read_anew(conn)
    finally:
        await conn.execute("select pg_advisory_unlock(%s)", (_LOCK,))


async def _read_anew(conn: Connection) -> int:
    row = await (await conn.execute(QUERIES["position"], {"source": SOURCE})).fetchone()
    analysis, _, after = (str(row[0]) if row else "").partition(" ")
    if analysis != str(ANALYSIS):
        after = ""
    elif not after:
        return 0
    count = 0
    while True:
        found = await (
            await conn.execute(QUERIES["unread_texts"], {"after": after, "limit": BATCH})
        ).fetchall()
        if not found:
            await conn.execute(QUERIES["texts_read"], {"source": SOURCE, "value": str(ANALYSIS)})
            if count:
                log.info("texts_read_anew", tasks=count, analysis=ANALYSIS)
            return count
        await _write(conn, found)
        count += len(found)
        after = found[-1][0]
        await conn.execute(QUERIES["texts_read"], {"source": SOURCE, "value": f"{ANALYSIS} {after}"})


async def _write(conn: Connection, found: list[tuple[str, int, str, str | None, list[str]]]) -> None:
    rows, words = [], set[str]()
    for uid, version, title, notes, tags in found:
        lexemes = document(title, notes, tags)
        words |= vocabulary(lexemes)
        rows.append(
            {
                "uid": uid,
                "resource_version": version,
                "lexemes": sorted(map(clean, lexemes)),
                "search_hash": search_hash(title, notes, tags),
            }
        )
    learned = [{"word": clean(word), "trigrams": trigrams(clean(word))} for word in sorted(words)]
    try:
        async with conn.transaction():
            await conn.execute(QUERIES["read_texts"], {"rows": Json(rows, dumps=msgspec.json.encode)})
            await conn.execute(QUERIES["learn_words"], {"rows": Json(learned, dumps=msgspec.json.encode)})
    except psycopg.Error as error:
        if not is_refusal(error):
            raise
        # One text that cannot be indexed (it was refused before, too): the others of the batch one by one.
        if len(found) == 1:
            log.warning("text_not_indexed", uid=found[0][0], error=type(error).__name__)
            return
        for one in found:
            await _write(conn, [one])
