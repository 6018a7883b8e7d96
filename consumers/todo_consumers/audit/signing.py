"""Signs the tip from time to time, tells it outside of the database, and lets months go whose time is over.

Order of a head: Kafka and the ConfigMap first, then the database. So a head that the database has was
published, and a crash in between leaves one that was published and says the truth.

Order of a month's end: its last row is signed and published as a closing head; only when that is done may
it be dropped (PostgreSQL asks for the closing head itself).
"""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from todo_consumers.audit import metrics
from todo_consumers.audit.publishing import Published
from todotasks.audit import Head, Signer
from todotasks.broker.errors import BrokerError
from todotasks.broker.producer import Producer
from todotasks.kube.errors import KubeError
from todotasks.store import StoreError
from todotasks.store.audit import AuditLog

TOPIC = "audit-heads"
RETENTION_EVERY = 3600.0  # seconds
RETRY = 5.0  # seconds

log = structlog.get_logger(__name__)


class Signing:
    """`await run()` until cancelled; `sign_now` for the end."""

    def __init__(
        self,
        signer: Signer,
        audit: AuditLog,
        producer: Producer,
        published: Published,
        *,
        every: float,
        retention: timedelta,
    ) -> None:
        self._signer, self._audit = signer, audit
        self._producer, self._published = producer, published
        self._every, self._retention = every, retention
        self._signed = -1
        self.trouble: str | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        tidy_at = loop.time()
        while True:
            pause = self._every
            try:
                await self.sign_now()
                if loop.time() >= tidy_at:
                    await self.tidy(datetime.now(UTC))
                    tidy_at = loop.time() + RETENTION_EVERY
                self.trouble = None
            except (StoreError, KubeError, BrokerError) as error:
                log.warning("not_signed", error=str(error))
                metrics.SIGN_FAILURES.inc()
                self.trouble = f"heads are not signed: {error}"
                pause = min(RETRY, self._every)
                if isinstance(error, BrokerError):
                    await self._producer.restart()
            await asyncio.sleep(pause)

    async def sign_now(self) -> Head | None:
        """A head of the tip, if something was added since the last one."""
        seq, digest = await self._audit.tip()
        if seq in {0, self._signed}:
            return None
        head = self._signer.sign(seq, digest, datetime.now(UTC))
        await self._tell(head)
        self._signed = seq
        metrics.SIGNED.set(seq)
        return head

    async def tidy(self, now: datetime) -> list[str]:
        """Close months that are over, drop those whose time is; the names of what was dropped."""
        closed = {head.closes for head in await self._audit.closing_heads()}
        for name, seq, digest in await self._audit.over(now):
            if seq and name not in closed:
                await self._tell(self._signer.sign(seq, digest, now, closes=name))
        dropped = []
        for name, _, _ in await self._audit.over(now - self._retention):
            last = await self._audit.drop(name)
            metrics.DROPPED.inc()
            dropped.append(name)
            log.info("month_dropped", partition=name, last=last)
        return dropped

    async def _tell(self, head: Head) -> None:
        value = msgspec.json.encode({"head": head, "publicKey": self._signer.public_pem})
        await (await self._producer.send(TOPIC, head.key_id, value))
        await self._published.add(head, self._signer)
        await self._audit.add_head(head)
