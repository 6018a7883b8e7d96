"""The canary: a task of our own that is touched every half a minute and must come back on every way.

    patch ──▶ API server ──▶ kopf's watch                      leg "watch"
                        └──▶ recorder ──▶ mirror in PostgreSQL  leg "mirror"
                                            └─ outbox ──▶ Kafka  leg "kafka"

A watch that is dead but does not know it, a loop that waits for what never comes: a process can look well
and do nothing (kopf alone has had several such bugs). If a beat has not come back in time, liveness fails
with the leg as its reason, and the process is started anew.

That heals only what is wrong with us. While the server at the other end of a leg does not answer, the leg
is not judged: an outage of Kafka must not become a restart loop of the operator (readiness tells of it).

The beat is the annotation `todotasks.dev/reconcile-at`, which asks for a look and is no news: it gives no
event, only a snapshot on the compacted topic. The label `todotasks.dev/canary` is what lists of tasks leave
out.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog

from todo_operator.loop import metrics
from todotasks.api import TodoTask
from todotasks.api.meta import ANNOTATION_RECONCILE_AT, LABEL_CANARY, ObjectKey
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import AlreadyExists, KubeError, NotFound
from todotasks.kube.resources import TODOTASKS
from todotasks.store import TASK_KIND, Store, StoreError

NAME = "todotasks-canary"
LABEL = LABEL_CANARY
EVERY = 30.0  # seconds between beats
WITHIN = 90.0  # seconds in which a beat must come back
LOOK_EVERY = 1.0  # seconds between looks at the legs, while a beat is on its way

log = structlog.get_logger(__name__)


class Beat(NamedTuple):
    """One touch: the version it made, and when by the monotonic clock."""

    uid: str
    version: int
    at: float


@dataclass(frozen=True)
class Leg:
    """One way for a beat to come back. `answers`: whether the server at its end is there at all."""

    name: str
    arrived: Callable[[Beat], Awaitable[bool]]
    answers: Callable[[], Awaitable[bool]]


class Canary:
    """`run` beats and looks; `dead` is for the liveness probe."""

    def __init__(
        self,
        kube: KubeClient,
        namespace: str,
        legs: Sequence[Leg],
        *,
        every: float = EVERY,
        within: float = WITHIN,
        look_every: float = LOOK_EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kube = kube
        self._namespace = namespace
        self._legs = legs
        self._every = every
        self._within = within
        self._look_every = look_every
        self._clock = clock
        # For each leg the oldest beat that has not come back, and since when it could have.
        self._missing: dict[str, Beat] = {}
        self._took: dict[str, float] = {}  # seconds, of the last beat that came back
        self._judged_since: dict[str, float] = {}

    def dead(self) -> str | None:
        """Why this process should be started anew; None while it is well."""
        now = self._clock()
        for name, since in self._judged_since.items():
            if now - since > self._within:
                return f"the canary has not come back by {name} for {now - since:.0f} s"
        return None

    async def run(self) -> None:
        """Until cancelled. An API server that is away is not our illness: then there is no beat."""
        while True:
            next_beat = self._clock() + self._every
            try:
                beat = await self._touch()
            except KubeError as error:
                log.warning("canary_not_touched", error=str(error))
                self._forgive("watch")
            else:
                for leg in self._legs:
                    self._missing.setdefault(leg.name, beat)
                    self._judged_since.setdefault(leg.name, beat.at)
            while (now := self._clock()) < next_beat:
                if self._missing:
                    await self._look()
                    await asyncio.sleep(self._look_every if self._missing else 0)
                else:
                    await asyncio.sleep(next_beat - now)

    async def _look(self) -> None:
        for leg in self._legs:
            beat = self._missing.get(leg.name)
            if beat is None:
                continue
            try:
                arrived = await leg.arrived(beat)
            except (StoreError, KubeError):
                arrived = False
            if arrived:
                self._took[leg.name] = self._clock() - beat.at
                metrics.CANARY_SECONDS.labels(leg.name).set(self._took[leg.name])
                del self._missing[leg.name], self._judged_since[leg.name]
                continue
            # Else the last good figure would stand there for as long as nothing comes back.
            longest = max(self._took.get(leg.name, 0.0), self._clock() - beat.at)
            metrics.CANARY_SECONDS.labels(leg.name).set(longest)
            if not await leg.answers():
                self._forgive(leg.name)

    def _forgive(self, name: str) -> None:
        """The time in which its server is away does not count against a leg."""
        if name in self._judged_since:
            self._judged_since[name] = self._clock()

    async def _touch(self) -> Beat:
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        touched: dict[str, Any] = {
            "metadata": {"annotations": {ANNOTATION_RECONCILE_AT: stamp}, "labels": {LABEL: "true"}},
            # Completed by somebody, it would be out of kopf's sight.
            "spec": {"title": "Canary of the todotasks operator", "completed": False},
        }
        try:
            task = await self._kube.patch(TODOTASKS, NAME, touched, self._namespace, type=TodoTask)
        except NotFound:
            body = {**touched, "metadata": {**touched["metadata"], "name": NAME}}
            try:
                task = await self._kube.create(TODOTASKS, body, self._namespace, type=TodoTask)
            except AlreadyExists:
                task = await self._kube.patch(TODOTASKS, NAME, touched, self._namespace, type=TodoTask)
        return Beat(task.metadata.uid, int(task.metadata.resource_version), self._clock())


# --- legs ------------------------------------------------------------------------------------------------


class WatchLeg:
    """What kopf's watch has told of the canary; the handler calls `heard`.

    A watch tells only what comes behind its beginning: a beat that lies before it has come back with `begun`.
    """

    def __init__(self, namespace: str) -> None:
        self._key = ObjectKey(namespace, NAME)
        self._version = 0

    def heard(self, namespace: str, name: str, resource_version: str) -> None:
        if name == NAME and namespace == self._key.namespace:
            self.begun(resource_version)

    def begun(self, resource_version: str) -> None:
        self._version = max(self._version, int(resource_version))

    async def arrived(self, beat: Beat) -> bool:
        return self._version >= beat.version


def api_server_answers(kube: KubeClient) -> Callable[[], Awaitable[bool]]:
    impatient = kube.retrying(0)

    async def answers() -> bool:
        try:
            await impatient.get_path("/readyz")
        except KubeError:
            return False
        return True

    return answers


class RecordLegs:
    """The mirror's row, and the outbox behind it.

    Row and message are committed together. So once the row is seen, the message is acknowledged when nothing
    in the outbox is as old as that sight.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._seen: tuple[int, float] = (0, 0.0)  # the newest version seen in the mirror, and when

    async def mirrored(self, beat: Beat) -> bool:
        if self._seen[0] < beat.version:
            versions = await self._store.versions(TASK_KIND, [beat.uid])
            if versions.get(beat.uid, 0) >= beat.version:
                self._seen = (versions[beat.uid], self._clock())
        return self._seen[0] >= beat.version

    async def acknowledged(self, beat: Beat) -> bool:
        if not await self.mirrored(beat):
            return False
        stats = await self._store.outbox_stats()
        return stats.oldest_age_seconds < self._clock() - self._seen[1]

    async def answers(self) -> bool:
        return await self._store.healthy()


def any_broker_answers(bootstrap_servers: str, timeout: float = 2.0) -> Callable[[], Awaitable[bool]]:
    """Whether somebody listens at one of the addresses: then it is not Kafka that is away."""
    addresses = [part.strip().rpartition(":") for part in bootstrap_servers.split(",") if part.strip()]

    async def answers() -> bool:
        for host, _, port in addresses:
            try:
                async with asyncio.timeout(timeout):
                    _, writer = await asyncio.open_connection(host.rpartition("/")[2].strip("[]"), int(port))
            except (OSError, TimeoutError, ValueError):
                continue
            writer.close()
            return True
        return False

    return answers
