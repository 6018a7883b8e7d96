"""How a request gets to the API server, again if need be, and who it is from.

A request is retried, for at most `retry_for` seconds, whenever trying again cannot do the thing twice:

- the API server said "later" (429, 5xx with Retry-After, its own 503): it has not begun with it;
- the connection was never made: nothing left;
- anything in between (reset, timeout, 502/503/504), if the verb is idempotent. A create is not, so its
  caller learns `Unreachable(sent=True)` and asks whose the object is (the name is the lock).

A 401 makes changeable credentials be read again, once.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal, Self

from todotasks.kube import metrics
from todotasks.kube.connection.auth import Credentials
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.transport import Transport
from todotasks.kube.errors import (
    ApiError,
    ServerError,
    TooManyRequests,
    Unauthorized,
    Unreachable,
    error_from_answer,
)
from todotasks.kube.watch.lines import LineStream

Verb = Literal["get", "list", "create", "update", "patch", "jsonpatch", "apply", "delete", "review"]

REQUEST_SILENCE = 30.0  # seconds without a byte until an ordinary request counts as lost
FIRST_DELAY, LONGEST_DELAY = 0.2, 2.0  # seconds between tries, doubled each time
LONGEST_RETRY_AFTER = 10.0  # seconds; an API server that asks for more gets asked again anyway
# Adding to a list twice adds twice: a JSON patch counts as a create.
_NOT_IDEMPOTENT = frozenset({"create", "jsonpatch"})
JSON = "application/json"


class Sender:
    """The connections of one client, shared by its views."""

    def __init__(
        self, config: KubeConfig, *, max_connections: int, user_agent: str, retry_for: float
    ) -> None:
        self.config = config
        self._transport = Transport(config, max_connections=max_connections, user_agent=user_agent)
        self._credentials = Credentials(config)
        self._retry_for = retry_for
        self._silence = REQUEST_SILENCE
        self._owner: Sender = self
        self._for_callers: Transport | None = None
        self._apart: list[Transport] = []
        self._max_connections = max_connections
        self._user_agent = user_agent

    async def close(self) -> None:
        """Close the connections; on a view (`as_caller`, `retrying`, …) nothing: they are its owner's."""
        if self._owner is self:
            for transport in (self._transport, self._for_callers, *self._apart):
                if transport is not None:
                    await transport.close()

    def retrying(self, retry_for: float) -> Self:
        """A view with another limit on retries, in seconds; with 0 every answer comes at once."""
        view = self._view()
        view._retry_for = retry_for
        return view

    def patient(self, silence: float) -> Self:
        """A view with another limit on waiting for an answer, in seconds."""
        view = self._view()
        view._silence = silence
        return view

    def as_caller(self, token: str) -> Self:
        """A view as whoever the token belongs to, over connections that carry no identity of ours.

        (A client certificate belongs to the connection and would win over the token.)
        """
        owner = self._owner
        if owner._for_callers is None:
            owner._for_callers = Transport(
                owner.config.anonymous(),
                max_connections=owner._max_connections,
                user_agent=owner._user_agent,
            )
        view = self._view()
        view.config = owner.config.with_token(token)
        view._transport = owner._for_callers
        view._credentials = Credentials(view.config)
        return view

    def apart(self, max_connections: int) -> Self:
        """A view with connections of its own: for what must not queue behind a flood of requests."""
        view = self._view()
        view._transport = Transport(self.config, max_connections=max_connections, user_agent=self._user_agent)
        self._owner._apart.append(view._transport)
        return view

    def _view(self) -> Self:
        view = type(self).__new__(type(self))
        view.__dict__.update(self.__dict__)
        return view

    async def _send(
        self,
        verb: Verb,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = JSON,
    ) -> bytes:
        headers = {"Content-Type": content_type} if body is not None else None
        give_up_at = time.monotonic() + self._retry_for
        delay = FIRST_DELAY
        may_reload = self._credentials.can_change
        credential = await self._credentials.current()
        while True:
            started = time.perf_counter()
            code: int | str = "unreachable"
            try:
                async with self._transport.open(
                    method,
                    path,
                    credential=credential,
                    params=params,
                    body=body,
                    headers=headers,
                    silence=self._silence,
                ) as response:
                    code = response.status
                    with self._transport.translated():
                        answer = await response.read()
                    if code < 300:
                        return answer
                    raise error_from_answer(code, answer, _seconds(response.headers.get("Retry-After")))
            except Unauthorized:
                if not may_reload:
                    raise
                may_reload = False
                credential = await self._credentials.reload(credential)
                continue
            except (ApiError, Unreachable) as error:
                wait = wait_before_retry(error, verb not in _NOT_IDEMPOTENT, delay)
                if wait is None or time.monotonic() + wait > give_up_at:
                    raise
            finally:
                metrics.requests(verb, code, time.perf_counter() - started)
            metrics.retries(verb)
            await asyncio.sleep(wait)
            delay = min(delay * 2, LONGEST_DELAY)

    @asynccontextmanager
    async def _open_watch(
        self, path: str, params: Mapping[str, str], silence: Callable[[], float]
    ) -> AsyncIterator[LineStream]:
        """A watch is not retried here: only its consumer knows from which position to go on.

        `silence` is asked anew before each wait: until the answer begins, then for each of its pieces.
        """
        credential = await self._credentials.current()
        may_reload = self._credentials.can_change
        while True:
            async with self._transport.open(
                "GET", path, credential=credential, params=params, begin=silence(), silence=None
            ) as response:
                metrics.requests("watch", response.status)
                if response.status == 200:
                    yield LineStream(response.content, self._transport.translated, silence)
                    return
                retry_after = _seconds(response.headers.get("Retry-After"))
                with self._transport.translated():
                    async with asyncio.timeout(silence()):
                        answer = await response.read()
                error = error_from_answer(response.status, answer, retry_after)
            if not (may_reload and isinstance(error, Unauthorized)):
                raise error
            may_reload = False
            credential = await self._credentials.reload(credential)


def wait_before_retry(error: ApiError | Unreachable, idempotent: bool, delay: float) -> float | None:
    """Seconds to wait before the same request is sent again; None: it must not be."""
    jittered = delay * random.uniform(0.5, 1.0)  # noqa: S311 spreads load, hides nothing
    if isinstance(error, Unreachable):
        return jittered if error.retriable and (idempotent or not error.sent) else None
    if isinstance(error, TooManyRequests) or _refused_for_now(error):
        return max(jittered, min(error.retry_after or 0.0, LONGEST_RETRY_AFTER))
    if isinstance(error, ServerError) and error.status in {502, 503, 504} and idempotent:
        return jittered
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
