"""How a request gets to the API server, again if need be, and who it is from.

A request is retried, for at most `retry_for` seconds, whenever trying again cannot do the thing twice:

- the API server said "later" (429, 5xx with Retry-After, its own 503): it has not begun with it;
- the connection was never made: nothing left;
- anything in between (reset, timeout, 502/503/504), if the verb is idempotent. A create is not, so its
  caller learns `Unreachable(sent=True)` and asks whose the object is (the name is the lock).

A 401 makes changeable credentials be read again, once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from todotasks import tracing
from todotasks.kube.connection.auth import Credential, Credentials
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import (
    ApiError,
    KubeError,
    ServerError,
    TooManyRequests,
    Unauthorized,
    Unreachable,
    error_from_answer,
)
from todotasks.kube.watch.lines import LineStream
from todotasks.retry import Backoff, keep_trying

if TYPE_CHECKING:
    from todotasks.kube.connection.brief import BriefTransport
    from todotasks.kube.connection.transport import Transport

Verb = Literal["get", "list", "create", "update", "patch", "jsonpatch", "apply", "delete", "review"]

REQUEST_SILENCE = 30.0  # seconds without a byte until an ordinary request counts as lost
BACKOFF = Backoff(first=0.2, longest=2.0)
LONGEST_RETRY_AFTER = 10.0  # seconds; an API server that asks for more gets asked again anyway
# Adding to a list twice adds twice: a JSON patch counts as a create.
_NOT_IDEMPOTENT = frozenset({"create", "jsonpatch"})
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Patience:
    """How patient a client is, in seconds."""

    retry_for: float  # how long a request is sent again; 0: every answer comes at once
    silence: float = REQUEST_SILENCE


class _Request(NamedTuple):
    verb: Verb
    method: str
    path: str
    params: Mapping[str, str] | None
    body: bytes | None
    headers: Mapping[str, str] | None


class Counting(Protocol):
    """What is counted of requests: `kube.metrics`, or nothing in a process that nobody asks for them."""

    def requests(self, verb: str, code: int | str, seconds: float | None = None) -> None: ...
    def retries(self, verb: str) -> None: ...


class _Uncounted:
    def requests(self, verb: str, code: int | str, seconds: float | None = None) -> None:
        pass

    def retries(self, verb: str) -> None:
        pass


class Connections:
    """All connections of one client and of its views, which live as long as it does.

    `brief`: of a process that lives for a second. It watches nothing, nothing of it is counted, and neither
    aiohttp nor the metrics are imported for it.
    """

    def __init__(
        self, config: KubeConfig, *, max_connections: int, user_agent: str, brief: bool = False
    ) -> None:
        self._config = config
        self._max_connections = max_connections
        self._user_agent = user_agent
        self._brief = brief and config.proxy_url is None
        self._all: list[Transport | BriefTransport] = []
        self.counting = _counting(brief=brief)
        self.own = self.apart(config, max_connections)
        self._for_callers: Transport | BriefTransport | None = None

    def for_callers(self) -> "Transport | BriefTransport":
        """Connections that carry no identity of ours, shared by all callers.

        (A client certificate belongs to the connection and would win over the caller's token.)
        """
        if self._for_callers is None:
            self._for_callers = self.apart(self._config.anonymous(), self._max_connections)
        return self._for_callers

    def apart(self, config: KubeConfig, max_connections: int) -> "Transport | BriefTransport":
        """New ones, for what must not queue behind a flood of requests."""
        made = _transport(brief=self._brief)(
            config, max_connections=max_connections, user_agent=self._user_agent
        )
        self._all.append(made)
        return made

    async def close(self) -> None:
        for transport in self._all:
            await transport.close()


def _transport(*, brief: bool) -> "type[Transport | BriefTransport]":
    if brief:
        from todotasks.kube.connection.brief import BriefTransport  # noqa: PLC0415 - for nobody else

        return BriefTransport
    from todotasks.kube.connection.transport import Transport  # noqa: PLC0415 - not for a brief process

    return Transport


def _counting(*, brief: bool) -> Counting:
    if brief:
        return _Uncounted()
    from todotasks.kube import metrics  # noqa: PLC0415 - not for a brief process

    return metrics


@dataclass(frozen=True)
class Sender:
    """Who asks (`config`, `credentials`), over which connections, how patiently. A view is another value."""

    config: KubeConfig
    connections: Connections
    transport: "Transport | BriefTransport"
    credentials: Credentials
    patience: Patience

    @classmethod
    def connect(
        cls,
        config: KubeConfig,
        *,
        max_connections: int,
        user_agent: str,
        retry_for: float,
        brief: bool = False,
    ) -> "Sender":
        connections = Connections(config, max_connections=max_connections, user_agent=user_agent, brief=brief)
        return cls(config, connections, connections.own, Credentials(config), Patience(retry_for))

    def retrying(self, retry_for: float) -> "Sender":
        return replace(self, patience=replace(self.patience, retry_for=retry_for))

    def patient(self, silence: float) -> "Sender":
        return replace(self, patience=replace(self.patience, silence=silence))

    def as_caller(self, token: str) -> "Sender":
        config = self.config.with_token(token)
        return replace(
            self, config=config, transport=self.connections.for_callers(), credentials=Credentials(config)
        )

    def apart(self, max_connections: int) -> "Sender":
        return replace(self, transport=self.connections.apart(self.config, max_connections))

    async def send(
        self,
        verb: Verb,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = JSON,
    ) -> bytes:
        """The body of the answer, once it is one of success; else the last error."""
        headers = {"Content-Type": content_type} if body is not None else None
        request = _Request(verb, method, path, params, body, headers)
        may_reload = self.credentials.can_change
        credential = await self.credentials.current()

        async def attempt() -> bytes:
            nonlocal may_reload, credential
            try:
                return await self._ask(request, credential)
            except Unauthorized:
                if not may_reload:
                    raise
                may_reload = False
                credential = await self.credentials.reload(credential)
            return await self._ask(request, credential)

        idempotent = verb not in _NOT_IDEMPOTENT
        return await keep_trying(
            attempt,
            on=(ApiError, Unreachable),
            backoff=BACKOFF,
            wait=lambda error, pause: wait_before_retry(error, idempotent, pause),
            told=lambda error, failures: self.connections.counting.retries(verb),
            deadline=time.monotonic() + self.patience.retry_for,
        )

    async def _ask(self, request: _Request, credential: Credential) -> bytes:
        with tracing.span(f"kube {request.verb}", kind="client", only_below=True) as span:
            if span.traceparent:
                told = {**(request.headers or {}), "traceparent": span.traceparent}
                request = request._replace(headers=told)
            return await self._ask_once(request, credential)

    async def _ask_once(self, request: _Request, credential: Credential) -> bytes:
        started = time.perf_counter()
        code: int | str = "unreachable"
        try:
            async with self.transport.open(
                request.method,
                request.path,
                credential=credential,
                params=request.params,
                body=request.body,
                headers=request.headers,
                silence=self.patience.silence,
            ) as response:
                code = response.status
                with self.transport.translated():
                    answer = await response.read()
                if code < 300:
                    return answer
                raise error_from_answer(code, answer, _seconds(response.headers.get("Retry-After")))
        finally:
            self.connections.counting.requests(request.verb, code, time.perf_counter() - started)

    @asynccontextmanager
    async def open_watch(
        self, path: str, params: Mapping[str, str], silence: Callable[[], float]
    ) -> AsyncIterator[LineStream]:
        """A watch is not retried here: only its consumer knows from which position to go on.

        `silence` is asked anew before each wait: until the answer begins, then for each of its pieces.
        """
        if self.transport.watches is False:
            raise TypeError("a brief client watches nothing")
        credential = await self.credentials.current()
        may_reload = self.credentials.can_change
        while True:
            async with self.transport.open(
                "GET", path, credential=credential, params=params, begin=silence(), silence=None
            ) as response:
                self.connections.counting.requests("watch", response.status)
                if response.status == 200:
                    yield LineStream(response.content, self.transport.translated, silence)
                    return
                retry_after = _seconds(response.headers.get("Retry-After"))
                with self.transport.translated():
                    async with asyncio.timeout(silence()):
                        answer = await response.read()
                error = error_from_answer(response.status, answer, retry_after)
            if not (may_reload and isinstance(error, Unauthorized)):
                raise error
            may_reload = False
            credential = await self.credentials.reload(credential)


def wait_before_retry(error: KubeError, idempotent: bool, pause: float) -> float | None:
    """Seconds to wait (as a rule `pause`) before the same request is sent again; None: it must not be."""
    if isinstance(error, Unreachable):
        return pause if error.retriable and (idempotent or not error.sent) else None
    if isinstance(error, ApiError) and (isinstance(error, TooManyRequests) or _refused_for_now(error)):
        return max(pause, min(error.retry_after or 0.0, LONGEST_RETRY_AFTER))
    if isinstance(error, ServerError) and error.status in {502, 503, 504} and idempotent:
        return pause
    return None


def _refused_for_now(error: ApiError) -> bool:
    """Whether the API server has turned the request away before it began with it.

    It says so by Retry-After; and, without one, by its own 503, which answers every write of a custom
    resource for about 3 s after a restart while /readyz is fine already: a MutatingAdmissionPolicy
    needs the CRD's schema, and that is published later. (A 503 of a proxy has no such reason.)
    """
    return isinstance(error, ServerError) and (
        error.retry_after is not None or (error.status == 503 and error.reason == "ServiceUnavailable")
    )


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None  # an HTTP date: only proxies write those
