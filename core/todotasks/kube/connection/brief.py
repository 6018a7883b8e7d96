"""Connections of a process that lives for a second: `kubectl todo list` would wait longer for aiohttp to be
imported (0.1 s) than for all its answers.

The same seam as `transport.Transport`, with the same errors, over asyncio's streams and h11. It can do less:
an answer is read whole (no watch), and there is no proxy.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Literal, NamedTuple
from urllib.parse import urlencode, urlsplit

import h11

from todotasks.kube.connection.auth import Credential
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.tls import ssl_context
from todotasks.kube.errors import Unanswered, Unreachable

CONNECT_TIMEOUT = 5.0  # seconds
KEPT_FOR = 20.0  # seconds that a connection waits for its next request: a person may take minutes
CHUNK = 64 * 1024  # bytes read at once
LONGEST_HEAD = 64 * 1024  # bytes of an answer's headers


class Answer(NamedTuple):
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]  # names as http.client.HTTPMessage would look them up: titled
    body: bytes

    async def read(self) -> bytes:
        return self.body


class _NotConnected(Exception):
    """Nothing has left: the cause says why."""


class _Line:
    """One connection, on which one request after the other is made."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._used_at = time.monotonic()

    @property
    def usable(self) -> bool:
        """Whether another request may follow, as far as one can know: the other side may have hung up."""
        ready = self._state.our_state is h11.IDLE and self._state.their_state is h11.IDLE
        closed = self._reader.at_eof() or self._writer.is_closing()
        return ready and not closed and time.monotonic() - self._used_at < KEPT_FOR

    def close(self) -> None:
        self._writer.transport.abort()

    async def ask(self, request: h11.Request, body: bytes | None, silence: float | None) -> Answer:
        sent = self._state.send(request) or b""
        if body is not None:
            sent += self._state.send(h11.Data(data=body)) or b""
        self._writer.write(sent + (self._state.send(h11.EndOfMessage()) or b""))
        async with asyncio.timeout(silence):
            await self._writer.drain()
        head: h11.Response | None = None
        pieces: list[bytes] = []
        while True:
            event = self._state.next_event()
            if event is h11.NEED_DATA:
                async with asyncio.timeout(silence):
                    self._state.receive_data(await self._reader.read(CHUNK))
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                pieces.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                break
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("closed before the answer")
        assert head is not None, "h11 ends no message that has not begun"
        if self._state.our_state is h11.DONE and self._state.their_state is h11.DONE:
            self._state.start_next_cycle()
            self._used_at = time.monotonic()
        named = {name.decode("latin-1").title(): value.decode("latin-1") for name, value in head.headers}
        return Answer(head.status_code, named, b"".join(pieces))


class BriefTransport:
    """Made with a client, before there is a loop; connections are opened as they are needed."""

    watches: Literal[False] = False

    def __init__(self, config: KubeConfig, *, max_connections: int, user_agent: str) -> None:
        self.config = config
        where = urlsplit(config.server)
        self._tls = where.scheme == "https"
        self._host = where.hostname or ""
        self._port = where.port or (443 if self._tls else 80)
        self._headers = [
            ("Host", where.netloc.rpartition("@")[2]),
            ("User-Agent", user_agent),
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            *config.impersonation(),
        ]
        self._room = asyncio.Semaphore(max_connections)
        self._idle: list[tuple[bytes | None, _Line]] = []  # with the client certificate each was opened with
        self._context: tuple[bytes | None, ssl.SSLContext | bool] | None = None

    async def close(self) -> None:
        for _, line in self._idle:
            line.close()
        self._idle.clear()

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
    ) -> AsyncIterator[Answer]:
        """As `Transport.open`; `begin` is for watches, which this one has not."""
        target = f"{path}?{urlencode(params)}" if params else path
        sent = [*self._headers, *(headers or {}).items()]
        if credential.authorization is not None:
            sent.append(("Authorization", credential.authorization))
        if body is not None:
            sent.append(("Content-Length", str(len(body))))
        request = h11.Request(method=method, target=urlsplit(self.config.server).path + target, headers=sent)
        async with self._room:
            with self.translated():
                answer = await self._asked(request, body, credential, silence)
        yield answer

    async def _asked(
        self, request: h11.Request, body: bytes | None, credential: Credential, silence: float | None
    ) -> Answer:
        line = self._kept(credential) or await self._opened(credential)
        try:
            answer = await line.ask(request, body, silence)
        except BaseException:
            line.close()
            raise
        if line.usable:
            self._idle.append((credential.certificate, line))
        else:
            line.close()
        return answer

    def _kept(self, credential: Credential) -> _Line | None:
        while self._idle:
            certificate, line = self._idle.pop()
            if line.usable and certificate == credential.certificate:
                return line
            line.close()
        return None

    async def _opened(self, credential: Credential) -> _Line:
        context = self._context_for(credential)
        name = self.config.tls_server_name or self._host
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                reader, writer = await asyncio.open_connection(
                    self._host,
                    self._port,
                    ssl=context if self._tls else None,
                    server_hostname=name if self._tls else None,
                )
        except (OSError, TimeoutError) as error:
            raise _NotConnected from error
        return _Line(reader, writer)

    def _context_for(self, credential: Credential) -> ssl.SSLContext | bool:
        if self._context is None or self._context[0] != credential.certificate:
            self._context = (credential.certificate, ssl_context(self.config, credential))
        return self._context[1]

    @contextmanager
    def translated(self) -> Iterator[None]:
        server = self.config.server
        try:
            yield
        except _NotConnected as error:
            cause = error.__cause__
            if isinstance(cause, ssl.SSLError):
                raise Unreachable(
                    f"no trusted connection to {server}: {cause}", sent=False, retriable=False
                ) from cause
            said = str(cause) or "it did not answer in time"
            raise Unreachable(f"cannot connect to {server}: {said}", sent=False) from cause
        except TimeoutError as error:
            raise Unanswered(f"{server} did not answer in time") from error
        except (OSError, h11.RemoteProtocolError) as error:
            raise Unreachable(f"the connection to {server} broke: {type(error).__name__} {error}") from error
