"""What a message's words may name, from the mirror in PostgreSQL, as the caller: who may not list tasks in
the namespace finds none, as it is with a search."""

from collections.abc import Sequence

import structlog

from chat_gateway.access.identity import Access, Caller
from chat_gateway.http.context import Gateway
from todotasks.edits.model.mirror import MirrorAway
from todotasks.kube.resources import TODOTASKS
from todotasks.store import Store, StoreError

log = structlog.get_logger(__name__)


class MirrorAsCaller:
    def __init__(self, store: Store, access: Access, caller: Caller) -> None:
        self._store = store
        self._access = access
        self._caller = caller

    async def named(self, namespace: str, words: Sequence[str], *, more_than: int) -> tuple[str, ...] | None:
        if not await self._access.allowed(self._caller, "list", TODOTASKS, namespace):
            raise MirrorAway  # the API server is asked, and says why
        try:
            if await self._store.named.open_count(namespace, more_than + 1) <= more_than:
                return None
            found = await self._store.named.find(namespace, words)
        except StoreError as error:
            log.warning("mirror_not_asked", error=str(error))
            raise MirrorAway from error
        return tuple(row.doc for row in found.rows)


def mirror_for(gateway: Gateway, caller: Caller) -> MirrorAsCaller | None:
    """None where there is no PostgreSQL."""
    return None if gateway.store is None else MirrorAsCaller(gateway.store, gateway.access, caller)
