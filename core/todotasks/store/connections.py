"""A small pool of PostgreSQL connections that connects when it is asked, and only then.

`psycopg_pool` reconnects in background workers with a backoff that reaches minutes, and a caller sees a
`PoolTimeout` instead of the reason. Here an outage is felt at the next `connection()` as
`StoreUnavailable` with the reason, and its end is found at the next one after it: whoever retries every
second recovers within a second.

A connection that saw an error, a cancelled statement or an open transaction is closed, never reused.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeAlias, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.waiting import wait_async

from todotasks.store.errors import BadDatabaseUrl, StoreUnavailable, translate
from todotasks.store.metrics import UNAVAILABLE, WAITING

Connection: TypeAlias = psycopg.AsyncConnection[TupleRow]
RV = TypeVar("RV")

CONNECT_TIMEOUT = 5  # seconds, until a server that does not answer counts as away
PROBE_AFTER = 1.0  # seconds a connection may idle before it is probed at its next use
CLOSE_TIMEOUT = 2.0  # seconds to say goodbye

# A dead peer is noticed in about ten seconds instead of the system's two hours.
_NETWORK = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}

# Milliseconds. `idle_in_transaction`: a writer that was stopped in the middle (a frozen machine) holds the
# row lock of leadership; the server ends its transaction, so that the next leader is not kept out.
_SESSION = {
    "idle_in_transaction_session_timeout": "10000",
    "lock_timeout": "20000",
    "statement_timeout": "60000",
    "timezone": "UTC",
    "client_min_messages": "warning",
}
_SET = "select set_config(name, value, false) from json_each_text(%s::json) as given(name, value)"


def connection_parameters(database_url: str, application_name: str) -> dict[str, Any]:
    """The URL as keywords for libpq, with our network timeouts where it sets none."""
    try:
        given = conninfo_to_dict(database_url)
    except psycopg.Error:
        # Not chained: the driver's message quotes the URL, and with it the password.
        raise BadDatabaseUrl(
            "TODO_DATABASE_URL is not a PostgreSQL connection string; "
            "expected postgresql://user:password@host:5432/database"
        ) from None
    return {**_NETWORK, "application_name": application_name, **given}


class _Connection(psycopg.AsyncConnection[TupleRow]):
    """Whoever is cancelled while a statement runs drops the connection, at once.

    psycopg asks the server to cancel the statement and waits for its answer, ten seconds where the server
    hangs: then a timeout of two seconds is one of twelve. The server rolls back when it misses us.
    """

    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:  # noqa: ASYNC109
        try:
            return await wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except (asyncio.CancelledError, KeyboardInterrupt):
            self.pgconn.finish()
            raise


class ConnectionPool:
    """At most `max_size` connections; `min_size` of them stay open while idle."""

    def __init__(
        self,
        database_url: str,
        *,
        min_size: int,
        max_size: int,
        application_name: str,
        session: Mapping[str, str] | None = None,
    ) -> None:
        """`session`: settings of PostgreSQL beyond the ones that every connection of ours has."""
        self._parameters = connection_parameters(database_url, application_name)
        self._session = json.dumps(_SESSION | dict(session or {}))
        self._min_size = min_size
        self._slots = asyncio.Semaphore(max_size)
        self._idle: list[tuple[Connection, float]] = []  # newest last; taken from the end
        self._closed = False
        self.trouble: str | None = None  # why the last contact failed; None after one that worked

    async def connect(self) -> Connection:
        """A new connection outside the pool (for LISTEN); the caller closes it."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT + 1):
                conn = await _Connection.connect(**self._parameters, autocommit=True)
        except (psycopg.Error, TimeoutError) as error:
            raise self._unavailable(error) from error
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await conn.execute(_SET, (self._session,))
        except (psycopg.Error, TimeoutError) as error:
            await _close(conn)
            raise self._unavailable(error) from error
        except BaseException:
            await _close(conn)
            raise
        self.trouble = None
        return conn

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection in autocommit mode. The driver's errors leave as ours, typed."""
        with WAITING.track_inprogress():
            await self._slots.acquire()
        try:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            with WAITING.track_inprogress():
                conn = await self._take()
            healthy = False
            try:
                yield conn
                healthy = True
            except psycopg.Error as error:
                # The server answered: the connection is good if it is outside a transaction.
                healthy = error.sqlstate is not None
                ours = translate(error)
                if isinstance(ours, StoreUnavailable):
                    self.trouble = str(ours)
                    UNAVAILABLE.inc()
                raise ours from error
            except Exception:
                healthy = True  # the caller's own; a transaction around it has been rolled back
                raise
            finally:
                await self._give_back(conn, healthy)
        finally:
            self._slots.release()

    async def _take(self) -> Connection:
        now = asyncio.get_running_loop().time()
        while self._idle:
            conn, since = self._idle.pop()
            if conn.closed:
                continue
            if now - since < PROBE_AFTER:
                return conn
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    await conn.execute("")
            except (psycopg.Error, TimeoutError):
                await _close(conn)
                continue
            except BaseException:
                await _close(conn)
                raise
            return conn
        return await self.connect()

    async def _give_back(self, conn: Connection, healthy: bool) -> None:
        idle = not conn.closed and conn.info.transaction_status == TransactionStatus.IDLE
        if healthy and idle and not self._closed:
            self.trouble = None
            now = asyncio.get_running_loop().time()
            self._idle.append((conn, now))
            # The oldest idle connection beyond the minimum goes, so that a burst does not stay for ever.
            oldest, since = self._idle[0]
            if len(self._idle) > self._min_size and now - since > 60:
                del self._idle[0]
                await _close(oldest)
        else:
            await _close(conn)

    def _unavailable(self, error: BaseException) -> StoreUnavailable:
        if isinstance(error, psycopg.Error):
            ours = translate(error)
            # A wrong password or a database that is not there may be put right while we wait.
            unavailable = ours if isinstance(ours, StoreUnavailable) else StoreUnavailable(str(ours))
        else:
            unavailable = StoreUnavailable(f"PostgreSQL: no answer within {CONNECT_TIMEOUT} s")
        self.trouble = str(unavailable)
        UNAVAILABLE.inc()
        return unavailable

    async def close(self) -> None:
        self._closed = True
        idle, self._idle = self._idle, []
        for conn, _ in idle:
            await _close(conn)


async def _close(conn: Connection) -> None:
    with contextlib.suppress(psycopg.Error, TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await conn.close()
