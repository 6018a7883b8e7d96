"""The ConfigMap `todotasks-audit-heads`: the newest heads and all closing ones, and the public keys they
are signed with.

It is only added to. A head that is there already and says something else is a conflict: the database was
put back to an older state or rewritten. Then nothing is overwritten, and the log says so.
"""

from typing import Any

import structlog

from todo_consumers.audit import metrics
from todotasks.audit import Head, Signer
from todotasks.audit.published import MAP_NAME, dump_heads, load_heads
from todotasks.kube import KubeClient
from todotasks.kube.errors import AlreadyExists, Conflict, NotFound
from todotasks.kube.resources import CONFIGMAPS

TRIES = 5

log = structlog.get_logger(__name__)


class Published:
    """Access to the ConfigMap."""

    def __init__(self, client: KubeClient, namespace: str) -> None:
        self._client, self._namespace = client, namespace

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
        heads, keys = load_heads(found.get("data") or {})
        for known in heads:
            if known.seq == head.seq and known.hash != head.hash:
                metrics.CONFLICTS.inc()
                log.error(
                    "head_conflicts",
                    seq=head.seq,
                    published=known.hash.hex(),
                    here=head.hash.hex(),
                    message="the database was put back or rewritten; see docs/audit.md",
                )
                return True
        keys[signer.key_id] = signer.public_pem
        body = {**found, "data": dump_heads([*heads, head], keys)}
        try:
            if "resourceVersion" in found["metadata"]:
                await self._client.replace(CONFIGMAPS, MAP_NAME, body, self._namespace)
            else:
                await self._client.create(CONFIGMAPS, body, self._namespace)
        except (AlreadyExists, Conflict):
            return False
        return True
