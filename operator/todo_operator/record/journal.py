"""The one way to write the record: fenced by the leader's epoch, in order, and known to the relay at once.

Whoever writes events (recorder, executor) does it in `Journal.write`. The database lets writers take turns
anyway; taking the same turns here costs nothing and means that what was committed is offered to the relay
in the order of the commits, so that it need not ask the table for it.
"""

import asyncio
import collections
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from prometheus_client import Counter

from todotasks.store import OutboxRow, Store, WriteTransaction

EVENTS = Counter("todotasks_journal_messages", "Messages committed to the outbox.", ["topic"])

Offer = Callable[[Sequence[OutboxRow]], None]


class Journal:
    """Writes as the leader `name` of `epoch`; `offer` is the relay's, where it runs in this process."""

    def __init__(self, store: Store, name: str, epoch: int, offer: Offer | None = None) -> None:
        self._store = store
        self._name = name
        self._epoch = epoch
        self._offer = offer
        self._turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def write(
        self, *, look: tuple[str, Sequence[str]] | None = None
    ) -> AsyncIterator[WriteTransaction]:
        """A transaction; takes and raises what `Store.write` does, `Fenced` above all."""
        async with self._turn:
            async with self._store.write(self._name, self._epoch, look=look) as tx:
                yield tx
            # A crash here loses nothing: the rows are committed, the next relay reads them.
            for topic, count in collections.Counter(row.topic for row in tx.enqueued).items():
                EVENTS.labels(topic).inc(count)
            if self._offer is not None and tx.enqueued:
                self._offer(tx.enqueued)
