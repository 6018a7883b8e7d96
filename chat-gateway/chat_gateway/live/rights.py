"""Whether those who look on still may: asked of the API server again and again, with their own tokens.

One question for each right of each token, however many connections it has, every six seconds. No means the
end of those it concerns; a token that is refused ends all of its connections. Where the API server cannot be
asked, they are held: nothing is sent that was not theirs to read ten seconds ago.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

from chat_gateway.access.identity import Access, Caller
from chat_gateway.live.client import Closing
from chat_gateway.live.filters import Filter
from chat_gateway.live.objects import KINDS
from todotasks.kube.errors import KubeError, Unauthorized

ASK_EVERY = 6.0  # seconds
ASK_AGAIN = 1.0  # seconds, after an answer that did not come
ANSWER_WITHIN = 2.5  # seconds
SURE_FOR = 9.0  # seconds; with the tick of a second this is ten

log = structlog.get_logger(__name__)

Right = tuple[int, str]  # a kind in a namespace; "": in all of them


class Onlooker(Protocol):
    """A client, as far as rights go."""

    @property
    def filter(self) -> Filter: ...
    def close(self, closing: Closing) -> None: ...
    def hold(self, held: bool) -> None: ...


def rights_of(filter: Filter) -> list[Right]:
    return [(kind, namespace) for kind in filter.kinds for namespace in filter.namespaces or ("",)]


class _Token:
    """One token, and the connections that it has opened."""

    def __init__(self, caller: Caller, now: float) -> None:
        self.caller = caller
        self.clients: dict[Onlooker, frozenset[Right]] = {}
        self.sure = now
        self.next = 0.0
        self.asking: asyncio.Task[None] | None = None
        self.spread(now)

    def spread(self, now: float) -> None:
        self.next = now + ASK_EVERY * random.uniform(0.8, 1.0)  # noqa: S311 so that not all ask at once


class Onlookers:
    """All who look on. `tick` once a second."""

    def __init__(self, access: Access, clock: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._clock = clock
        self._tokens: dict[bytes, _Token] = {}
        self._token_of: dict[Onlooker, _Token] = {}

    def add(self, caller: Caller, client: Onlooker) -> None:
        """Its rights have just been confirmed."""
        now = self._clock()
        token = self._tokens.get(caller.key)
        if token is None:
            token = self._tokens[caller.key] = _Token(caller, now)
        token.clients[client] = frozenset(rights_of(client.filter))
        self._token_of[client] = token
        if now - token.sure > SURE_FOR:
            client.hold(True)

    def remove(self, client: Onlooker) -> None:
        token = self._token_of.pop(client, None)
        if token is None:
            return
        del token.clients[client]
        if not token.clients:
            del self._tokens[token.caller.key]
            if token.asking is not None:
                token.asking.cancel()

    async def keep_asking(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self.tick()

    def tick(self) -> None:
        now = self._clock()
        for token in self._tokens.values():
            if now - token.sure > SURE_FOR:
                _hold(token.clients, True)
            if now >= token.next and token.asking is None:
                token.asking = asyncio.create_task(self._ask(token))

    async def _ask(self, token: _Token) -> None:
        try:
            began = self._clock()
            asked = sorted({right for rights in token.clients.values() for right in rights})
            async with asyncio.timeout(ANSWER_WITHIN):
                answers = await asyncio.gather(*(self._may_still(token.caller, right) for right in asked))
            lost = {right for right, allowed in zip(asked, answers, strict=True) if not allowed}
        except Unauthorized:
            detail = "The API server does not accept your token any more; log in again."
            _close(list(token.clients), Closing(4401, "Unauthorized", detail))
        except (KubeError, TimeoutError) as error:
            log.debug("rights_not_asked", error=str(error))
            token.next = self._clock() + ASK_AGAIN
        else:
            token.sure = began
            token.spread(began)
            for client, rights in list(token.clients.items()):
                if rights & lost:
                    client.close(no_longer(sorted(rights & lost)))
            _hold(token.clients, False)
        finally:
            token.asking = None

    async def _may_still(self, caller: Caller, right: Right) -> bool:
        """`watch` alone: it is what is being done. Not what was said a moment ago, but the answer of now."""
        kind, namespace = right
        return await self._access.allowed(caller, "watch", KINDS[kind], namespace or None, afresh=True)


def no_longer(lost: list[Right]) -> Closing:
    kind, namespace = lost[0]
    where = f"in namespace {namespace}" if namespace else "in all namespaces"
    detail = f"You may not list and watch {KINDS[kind].plural} {where} any more."
    return Closing(4403, "Forbidden", detail)


def _close(clients: Iterable[Onlooker], closing: Closing) -> None:
    for client in clients:
        client.close(closing)


def _hold(clients: Iterable[Onlooker], held: bool) -> None:
    for client in clients:
        client.hold(held)
