"""The ConfigMap `todotasks-audit-heads`: the newest heads and all closing ones, and the public keys they
are signed with.

Before a head is added, all that are there are compared with the rows. One of which the log says something
else now, or that is behind its end, is a conflict: the database was put back to an older state or rewritten.
It is kept for ever, so that every later verification fails by it; the log goes on and says so.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from todo_consumers.audit import metrics
from todotasks.audit import Head, Signer
from todotasks.audit.published import MAP_NAME, dump_heads, load_contradicted, load_heads
from todotasks.kube import KubeClient
from todotasks.kube.errors import AlreadyExists, Conflict, NotFound
from todotasks.kube.resources import CONFIGMAPS

TRIES = 5

log = structlog.get_logger(__name__)


class Published:
    """Access to the ConfigMap."""

    def __init__(
        self,
        client: KubeClient,
        namespace: str,
        contradicted: Callable[[Sequence[Head]], Awaitable[list[Head]]],
    ) -> None:
        """`contradicted` says of which of the heads the log says something else (`AuditLog.contradicted`)."""
        self._client, self._namespace, self._contradicted = client, namespace, contradicted
        self.conflicts = 0  # heads that were found contradicted, now or ever

    async def add(self, head: Head, signer: Signer) -> None:
        """Add a head; of several writers at the same moment each gets its turn."""
        for _ in range(TRIES - 1):
            if await self._try(head, signer):
                return
        await self._try(head, signer)

    async def _try(self, head: Head, signer: Signer) -> bool:
        try:
            found: dict[str, Any] = await self._client.get(CONFIGMAPS, MAP_NAME, self._namespace)
        except NotFound:
            found = {"metadata": {"name": MAP_NAME, "labels": {"app.kubernetes.io/part-of": "todotasks"}}}
        data = found.get("data") or {}
        heads, keys = load_heads(data)
        witnesses = load_contradicted(data)
        known = {(each.seq, each.hash) for each in witnesses}
        # Read after the heads were: whatever was published by then was in the log before.
        new = [each for each in await self._contradicted(heads) if (each.seq, each.hash) not in known]
        for each in new:
            metrics.CONFLICTS.inc()
            log.error(
                "head_conflicts",
                seq=each.seq,
                published=each.hash.hex(),
                message="the database was put back or rewritten; see docs/audit.md",
            )
        witnesses += new
        self.conflicts = len(witnesses)
        known = {(each.seq, each.hash) for each in witnesses}
        agreeing = [each for each in heads if (each.seq, each.hash) not in known]
        keys[signer.key_id] = signer.public_pem
        body = {**found, "data": dump_heads([*agreeing, head], keys, witnesses)}
        try:
            if "resourceVersion" in found["metadata"]:
                await self._client.replace(CONFIGMAPS, MAP_NAME, body, self._namespace)
            else:
                await self._client.create(CONFIGMAPS, body, self._namespace)
        except (AlreadyExists, Conflict):
            return False
        return True
