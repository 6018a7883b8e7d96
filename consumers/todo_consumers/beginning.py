"""What every consumer does before it reads: the schema and its topics are there."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from todotasks.broker.errors import BrokerError
from todotasks.store import Store, StoreUnavailable

RETRY = 1.0  # seconds, while something is away

log = structlog.get_logger(__name__)


class Beginning:
    """`waits_for` says what is missing still, None once nothing is: a part of readiness."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self.waits_for: str | None = "it is starting"

    async def prepared(self, store: Store, topics: Callable[[], Awaitable[object]]) -> bool:
        """Until the schema is there and `topics()` has made sure of the topics; False when we were asked to
        stop before."""
        while not self._stop.is_set():
            try:
                await store.migrate()
                await topics()
            except (StoreUnavailable, BrokerError) as error:
                self.waits_for = str(error)
                log.warning("waits", error=str(error))
                await asyncio.sleep(RETRY)
            else:
                self.waits_for = None
                return True
        return False
