"""One holder at a time, by a `coordination.k8s.io/v1` Lease, by client-go's rules.

Clocks of two machines are never compared. Who does not hold the Lease watches its record: as long as
the record keeps changing, the holder lives; when it has not changed for the record's own duration *by
our monotonic clock*, it may be taken. Who holds it must renew within two thirds of the duration,
measured from the moment a successful renewal was *sent*, or it stops by itself, before anybody else
may begin. Both writes carry the resourceVersion, so of two takers one gets a Conflict.

A paused process cannot notice its pause while it lasts, so `is_held` compares the clock on every call,
and the database checks the epoch of whoever writes (store, fenced writing).

A holder's name must belong to one process at a time (a pod's name does). A process that starts under
the name of one that died takes the Lease at once, instead of waiting for its end.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import structlog

from todotasks.api import Metadata
from todotasks.kube import metrics
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import AlreadyExists, Conflict, Forbidden, KubeError, NotFound
from todotasks.kube.resources import LEASES
from todotasks.retry import Backoff, SayOnce, keep_trying

DURATION = 15.0  # seconds without renewal after which another may take the Lease
RENEW_EVERY = 5.0  # seconds
RETRY_EVERY = 1.0  # seconds between tries while the API server does not answer
STEADY = Backoff(RETRY_EVERY, RETRY_EVERY)
CONNECTIONS = 2  # one to watch, one to write
RELEASED_DURATION = 1  # seconds; the API server demands more than 0, and nobody waits for it

log = structlog.get_logger(__name__)


class LeaseSpec(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Times are strings: we write them for people, and never compute with another machine's."""

    holder_identity: str | None = None
    lease_duration_seconds: int | None = None
    acquire_time: str | None = None
    renew_time: str | None = None
    lease_transitions: int | None = None


class LeaseRecord(msgspec.Struct, frozen=True, rename="camel"):
    metadata: Metadata
    spec: LeaseSpec = LeaseSpec()


class _Sighting(NamedTuple):
    """A record, and when by our own clock it was first seen so."""

    record: LeaseRecord
    at: float


class Lease:
    """`await lease.acquire()`; then `await lease.wait_lost()`, or `release()` to hand it over."""

    def __init__(
        self,
        client: KubeClient,
        namespace: str,
        name: str,
        holder: str,
        *,
        duration: float = DURATION,
        renew: float = RENEW_EVERY,
        is_gone: Callable[[str], bool] = lambda holder: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_gone`: whether a holder is certainly dead, so that its Lease need not be waited for."""
        if not holder:
            raise ValueError("the holder of a Lease needs a name")
        if duration < 1 or renew >= duration * 2 / 3:
            raise ValueError(
                "duration must be at least 1 s and renew below two thirds of it, "
                f"got duration {duration} s and renew {renew} s"
            )
        self.namespace, self.name, self.holder = namespace, name, holder
        self.lost = asyncio.Event()
        # Retries are ours, because they have a deadline; and a renewal must not stand in a queue behind
        # a thousand writes, or load alone would cost us the Lease.
        self._client = client.retrying(0).apart(CONNECTIONS)
        self._duration, self._renew = duration, renew
        self._renew_deadline = duration * 2 / 3
        self._is_gone = is_gone
        self._clock = clock
        self._seen: _Sighting | None = None
        self._held_since_renewal: float | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._gauge = metrics.LEASE_HELD.labels(name)
        self._gauge.set(0)

    @property
    def transitions(self) -> int:
        """How often the Lease has changed hands, as far as we have seen."""
        return (self._seen.record.spec.lease_transitions or 0) if self._seen else 0

    @property
    def is_held(self) -> bool:
        """Whether we may act now. Exact also after a pause, before any timer had a chance to run."""
        since = self._held_since_renewal
        return since is not None and self._clock() - since < self._renew_deadline

    async def acquire(self) -> None:
        """Wait until the Lease is ours, and keep it renewed from then on."""
        if self._keeper is not None:
            raise RuntimeError(f"the Lease {self.name} is already being held")
        await keep_trying(
            self._wait_until_taken,
            on=KubeError,
            backoff=STEADY,
            told=SayOnce(log, "lease_unavailable", lease=self.name),
        )
        self.lost.clear()
        self._gauge.set(1)
        self._keeper = asyncio.create_task(self._keep(), name=f"lease {self.name}")
        log.info("lease_acquired", lease=self.name, holder=self.holder, transitions=self.transitions)

    async def wait_lost(self) -> None:
        """Return when the Lease is no longer ours, for whatever reason."""
        await self.lost.wait()

    async def release(self) -> None:
        """Stop renewing and let the next one have it at once. Harmless when it is already lost.

        Call it after the last write that needs the Lease, not before.
        """
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        if self.is_held:
            # If this fails the others wait for the end of the duration, as after a crash.
            try:
                async with asyncio.timeout(self._renew_deadline):
                    if await self._write_ours(_released):
                        log.info("lease_released", lease=self.name)
            except (KubeError, TimeoutError) as error:
                log.warning("lease_not_released", lease=self.name, error=str(error))
        self._let_go()

    # -- taking ----------------------------------------------------------------------------------

    async def _wait_until_taken(self) -> None:
        while not await self._try_to_take():
            await self._wait_for_a_change()

    async def _try_to_take(self) -> bool:
        sent_at = self._clock()
        try:
            record = await self._client.get(LEASES, self.name, self.namespace, type=LeaseRecord)
        except NotFound:
            spec = self._claim(None)
            body = {
                "metadata": {"name": self.name, "namespace": self.namespace},
                "spec": msgspec.to_builtins(spec),
            }
            try:
                created = await self._client.create(LEASES, body, type=LeaseRecord)
            except AlreadyExists:
                return False
            return self._took(created, sent_at)
        self._observe(record)
        if not self._may_take():
            return False
        sent_at = self._clock()
        try:
            return self._took(await self._write(record, self._claim(record.spec)), sent_at)
        except Conflict:
            return False

    def _claim(self, before: LeaseSpec | None) -> LeaseSpec:
        now = _now()
        same = before is not None and before.holder_identity == self.holder
        transitions = (before.lease_transitions or 0) if before is not None else 0
        return LeaseSpec(
            holder_identity=self.holder,
            lease_duration_seconds=max(1, round(self._duration)),
            acquire_time=before.acquire_time if before is not None and same else now,
            renew_time=now,
            lease_transitions=transitions if same or before is None else transitions + 1,
        )

    def _observe(self, record: LeaseRecord) -> None:
        if self._seen is None or self._seen.record.spec != record.spec:
            self._seen = _Sighting(record, self._clock())
        else:
            self._seen = _Sighting(record, self._seen.at)

    def _may_take(self) -> bool:
        assert self._seen is not None
        spec = self._seen.record.spec
        return (
            not spec.holder_identity
            or spec.holder_identity == self.holder
            or self._is_gone(spec.holder_identity)
            or self._clock() - self._seen.at >= self._patience(spec)
        )

    def _patience(self, spec: LeaseSpec) -> float:
        return float(spec.lease_duration_seconds or self._duration)

    def _took(self, record: LeaseRecord, sent_at: float) -> bool:
        self._seen = _Sighting(record, self._clock())
        self._held_since_renewal = sent_at
        return True

    async def _wait_for_a_change(self) -> None:
        """Until the record may have come free: a watch tells of a release at once.

        Each renewal ends the watch too: then it is looked at again, and waiting starts afresh.
        """
        if self._seen is None:
            await asyncio.sleep(RETRY_EVERY)
            return
        patience = self._seen.at + self._patience(self._seen.record.spec) - self._clock()
        params = {
            "fieldSelector": f"metadata.name={self.name}",
            "resourceVersion": self._seen.record.metadata.resource_version,
        }
        with suppress(TimeoutError):
            async with asyncio.timeout(max(patience, 0.05)):
                try:
                    async with self._client.watch(LEASES, self.namespace, params, silence=patience) as stream:
                        async for _ in stream:
                            return
                except Forbidden:
                    pass  # no right to watch: look every second instead
                await asyncio.sleep(RETRY_EVERY)

    # -- keeping ---------------------------------------------------------------------------------

    async def _keep(self) -> None:
        try:
            while self._held_since_renewal is not None:
                next_at = self._held_since_renewal + self._renew
                await asyncio.sleep(max(0.0, next_at - self._clock()))
                if not await self._renew_in_time():
                    break
        finally:
            if self._keeper is not None:  # not released by ourselves
                self._keeper = None
                log.error("lease_lost", lease=self.name, holder=self.holder)
                metrics.LEASE_LOST.labels(self.name).inc()
                self._let_go()

    async def _renew_in_time(self) -> bool:
        """One renewal, tried again until it succeeds or its time is over."""
        assert self._held_since_renewal is not None
        deadline = self._held_since_renewal + self._renew_deadline

        async def renew() -> bool:
            sent_at = self._clock()
            async with asyncio.timeout(deadline - sent_at):
                return await self._renew_once(sent_at)

        def told(error: Exception, failures: int) -> None:
            log.warning("lease_not_renewed", lease=self.name, error=str(error))

        try:
            return await keep_trying(
                renew,
                on=(KubeError, TimeoutError),
                backoff=STEADY,
                told=told,
                deadline=deadline,
                clock=self._clock,
            )
        except (KubeError, TimeoutError) as error:
            told(error, 0)
            return False

    async def _renew_once(self, sent_at: float) -> bool:
        record = await self._write_ours(self._claim)
        return record is not None and self._took(record, sent_at)

    async def _write_ours(self, change: Callable[[LeaseSpec], LeaseSpec]) -> LeaseRecord | None:
        """Change the record if it is still ours; None if it is not."""
        assert self._seen is not None
        try:
            return await self._write(self._seen.record, change(self._seen.record.spec))
        except (Conflict, NotFound):
            # Somebody wrote it, perhaps we: an answer of ours may have been lost on its way, or its
            # waiting cancelled by a release.
            record = await self._client.get(LEASES, self.name, self.namespace, type=LeaseRecord)
            if record.spec.holder_identity != self.holder:
                return None
            return await self._write(record, change(record.spec))

    async def _write(self, record: LeaseRecord, spec: LeaseSpec) -> LeaseRecord:
        """Replace the spec, if the record is still this one."""
        body = {
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "resourceVersion": record.metadata.resource_version,
                "labels": record.metadata.labels,
                "annotations": record.metadata.annotations,
            },
            "spec": msgspec.to_builtins(spec),
        }
        return await self._client.replace(LEASES, self.name, body, self.namespace, type=LeaseRecord)

    def _let_go(self) -> None:
        self._held_since_renewal = None
        self._gauge.set(0)
        self.lost.set()


def _released(spec: LeaseSpec) -> LeaseSpec:
    """Nobody's, with its history."""
    return msgspec.structs.replace(
        spec, holder_identity="", lease_duration_seconds=RELEASED_DURATION, renew_time=_now()
    )


def _now() -> str:
    """metav1.MicroTime."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
