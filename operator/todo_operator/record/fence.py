"""Who we are to the database: the name and epoch under which this process writes.

The Lease says who leads; the epoch makes it true where it matters. A leader that was paused and wakes up has
an old epoch, and its next transaction raises `Fenced` before it has written anything.

PostgreSQL may be away when a process begins to lead. Tasks are reconciled all the same (truth is the
Kubernetes API); whoever needs the database meets `StoreUnavailable` until the epoch could be taken.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import structlog

from todo_operator.record.journal import Journal, Offer
from todotasks.retry import Backoff, SayOnce, keep_trying
from todotasks.store import Store, StoreUnavailable, WriteTransaction

RETRY_EVERY = 1.0  # seconds

log = structlog.get_logger(__name__)


class Fence:
    """`await fence.take()` once, after the Lease is held; then `fence.write()`, or the journal itself."""

    def __init__(self, store: Store, name: str, holder: str, offer: Offer | None = None) -> None:
        self._store = store
        self._name = name
        self._holder = holder
        self._offer = offer
        self._journal: Journal | None = None
        self.epoch: int | None = None  # None until it is taken

    async def take(self) -> Journal:
        """Brings the schema up to date and fences off every older leader; waits for PostgreSQL."""
        told = SayOnce(log, "leadership_waits_for_database", name=self._name)
        backoff = Backoff(RETRY_EVERY, RETRY_EVERY)
        epoch = await keep_trying(self._take_epoch, on=StoreUnavailable, backoff=backoff, told=told)
        log.info("leadership_taken", name=self._name, epoch=epoch)
        self.epoch = epoch
        self._journal = Journal(self._store, self._name, epoch, self._offer)
        return self._journal

    async def _take_epoch(self) -> int:
        await self._store.migrate()
        return await self._store.take_leadership(self._name, self._holder)

    def write(
        self, *, look: tuple[str, Sequence[str]] | None = None
    ) -> AbstractAsyncContextManager[WriteTransaction]:
        """One fenced transaction; takes what `Store.write` does, raises `Fenced` when somebody else leads."""
        if self._journal is None:
            raise StoreUnavailable(f"the leadership of {self._name!r} is not in the database yet")
        return self._journal.write(look=look)

    async def prune_happenings(self, before: datetime) -> int:
        """Forgets which events time brought about before that; returns how many."""
        if self.epoch is None:
            return 0
        return await self._store.prune_happenings(before, self._name, self.epoch)
