"""One pool of connections to one API server, and what the HTTP library's errors mean.

Everything that leaves for the API server passes `Transport.open`: it puts the credential on, bounds the
number of connections, and turns each of aiohttp's exceptions into `Unreachable`, with the cause chained
and with the one fact a caller needs for deciding on a retry: whether the request may have arrived.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Literal
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from todotasks.kube.connection.auth import Credential
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.tls import ssl_context
from todotasks.kube.errors import Unanswered, Unreachable

CONNECT_TIMEOUT = 5.0  # seconds
KEEPALIVE = 60.0  # seconds an idle connection is kept; the API server keeps it for 90
READ_BUFFER = 256 * 1024  # bytes of a watch that wait for us before TCP pushes back
RETIRED_FOR = 60.0  # seconds that requests under a replaced client certificate get to finish


class Transport:
    """Sessions are made on first use and closed by `close`, so a client may be built before the loop runs."""

    watches: Literal[True] = True

    def __init__(self, config: KubeConfig, *, max_connections: int, user_agent: str) -> None:
        self.config = config
        self._max_connections = max_connections
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None
        self._certificate: bytes | None = None
        self._retired: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self._closed = False

    async def close(self) -> None:
        self._closed = True
        for task in self._retired:
            task.cancel()
        await asyncio.gather(*self._retired, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def open(
        self,
        method: str,
        path: str,
        *,
        credential: Credential,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        begin: float | None = None,
        silence: float | None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request; yields the answer with its body unread.

        `begin`: seconds until there must be an answer; None: as many as `silence`, and as it takes to get
        a connection. `silence`: seconds without a byte; None: the caller has deadlines of its own.
        """
        url = f"{self.config.server}{path}?{urlencode(params)}" if params else f"{self.config.server}{path}"
        sent_headers = dict(headers or {})
        if credential.authorization is not None:
            sent_headers["Authorization"] = credential.authorization
        session = await self._session_for(credential)
        with self.translated():
            async with asyncio.timeout(begin):
                response = await session.request(
                    method,
                    URL(url, encoded=True),
                    data=body,
                    headers=sent_headers,
                    allow_redirects=False,
                    server_hostname=self.config.tls_server_name,
                    timeout=aiohttp.ClientTimeout(
                        total=None, sock_connect=CONNECT_TIMEOUT, sock_read=silence
                    ),
                )
        # What the caller's own code raises in here is not ours to translate, so only our reads are.
        async with response:
            yield response

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Around every await on the connection: aiohttp's exceptions become ours."""
        try:
            yield
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> Unreachable:
        server = self.config.server
        if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
            return Unreachable(f"no trusted connection to {server}: {error}", sent=False, retriable=False)
        if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
            return Unreachable(f"cannot connect to {server}: {error}", sent=False)
        if isinstance(error, TimeoutError):
            return Unanswered(f"{server} did not answer in time")
        if isinstance(error, aiohttp.ClientPayloadError):
            return Unreachable(f"the connection to {server} broke in the middle of an answer")
        return Unreachable(f"the connection to {server} broke: {type(error).__name__} {error}")

    async def _session_for(self, credential: Credential) -> aiohttp.ClientSession:
        if self._session is not None and credential.certificate == self._certificate:
            return self._session
        async with self._opening:
            if self._closed:
                raise RuntimeError("this KubeClient is closed")
            if self._session is not None and credential.certificate != self._certificate:
                self._retire(self._session)
                self._session = None
            if self._session is None:
                context = await asyncio.to_thread(ssl_context, self.config, credential)
                self._certificate = credential.certificate
                self._session = self._new_session(context)
            return self._session

    def _new_session(self, context: ssl.SSLContext | bool) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._max_connections, ssl=context, keepalive_timeout=KEEPALIVE, ttl_dns_cache=30
            ),
            # Without compression: the API server gzips lists above 128 kB at its weakest point, CPU.
            headers=[
                ("User-Agent", self._user_agent),
                ("Accept", "application/json"),
                ("Accept-Encoding", "identity"),
                *self.config.impersonation(),
            ],
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=READ_BUFFER,
            auto_decompress=True,
            proxy=self.config.proxy_url,
        )

    def _retire(self, session: aiohttp.ClientSession) -> None:
        """A new client certificate counts for new connections only: leave the old ones to their end."""

        async def later() -> None:
            try:
                await asyncio.sleep(RETIRED_FOR)
            finally:
                await session.close()

        task = asyncio.create_task(later())
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)
