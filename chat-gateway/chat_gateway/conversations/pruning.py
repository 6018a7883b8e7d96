"""Once an hour: forgets conversations and answers that are past their time.

They are not given out any more in any case; this is for the disk. Every replica does it; twice does no harm.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Final

import structlog
from aiohttp import web

from chat_gateway.http.context import GATEWAY
from todotasks.store import Store, StoreError

EVERY: Final = 3600.0  # seconds
FIRST_WITHIN: Final = 60.0  # seconds after the start, so that replicas that start together do not meet

log = structlog.get_logger(__name__)


async def resources(app: web.Application) -> AsyncIterator[None]:
    store = app[GATEWAY].store
    task = None if store is None else asyncio.create_task(_keep_pruning(store), name="pruning")
    yield
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep_pruning(store: Store) -> None:
    await asyncio.sleep(random.uniform(0, FIRST_WITHIN))  # noqa: S311 - spreads replicas
    while True:
        try:
            log.debug("pruned", rows=await store.conversations.prune())
        except StoreError as error:
            log.warning("not_pruned", error=str(error))
        await asyncio.sleep(EVERY)
