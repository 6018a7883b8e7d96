"""One process: its health, its Leases, its components, and the right order of their beginning and end.

    health ─▶ Lease todotasks-operator ─▶ kopf's loop: reconcile, record, canary ─┐
                                             └─▶ Lease todotasks-relay: relay ────┴─▶ until SIGTERM

`reconcile` needs `record` beside it: whatever happens to completed tasks reaches it only through the
recorder's watch. Without `reconcile` there is no kopf, and the same background runs alone.

A Lease that is lost ends the process at once, without a goodbye: somebody else may already be writing. So
does `Fenced`, by which the database says the same. What was in the middle of something finds its way when a
process starts anew, because every step is made so that it can be done again.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import structlog

from todo_operator.kopf_adapter.watches import run_watches
from todo_operator.process.background import BackgroundTasks
from todo_operator.process.canary import (
    Canary,
    Leg,
    RecordLegs,
    WatchLeg,
    any_broker_answers,
    api_server_answers,
)
from todo_operator.process.component import ReconcileComponent
from todo_operator.process.holder import holder_name, is_gone
from todo_operator.record.fence import Fence
from todo_operator.record.recorder import Recorder
from todo_operator.relay.component import RelayComponent
from todotasks.channel_settings import ChannelSettings
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeError, NotFound
from todotasks.kube.lease import Lease
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.retry import Backoff, SayOnce, keep_trying
from todotasks.store import Fenced, Store, StoreUnavailable
from todotasks.telemetry import measure_loop_lag, start_health_server

COMPONENTS = ("reconcile", "record", "relay")
OPERATOR_LEASE = "todotasks-operator"
RELAY_LEASE = "todotasks-relay"
CONNECTIONS = 96  # to the API server: the workers', and the watches that stay
RENEWALS = 3  # attempts within a Lease's duration
PROBE_DATABASE_EVERY = 5.0  # seconds
HAPPENINGS_KEPT = timedelta(days=90)
PRUNE_EVERY = 6 * 3600.0  # seconds
CRD_RETRY = 1.0  # seconds

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_REPLACED = 3

log = structlog.get_logger(__name__)


def check_components(chosen: frozenset[str]) -> str | None:
    """Why these cannot be run together."""
    if unknown := chosen - set(COMPONENTS):
        return f"unknown component {', '.join(sorted(unknown))}: there are {', '.join(COMPONENTS)}"
    if not chosen:
        return f"no component is chosen: there are {', '.join(COMPONENTS)}"
    if "reconcile" in chosen and "record" not in chosen:
        return "reconcile needs record in the same process: its watch tells of completed tasks"
    return None


def replaced(why: str) -> NoReturn:
    """Ends the process here and now. Not by an exception: nothing may run any more, no `finally` either."""
    log.error("replaced", why=why)
    logging.shutdown()
    os._exit(EXIT_REPLACED)


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: ChannelSettings, config: KubeConfig, components: frozenset[str]) -> None:
        self._settings = settings
        self._config = config
        self._components = components
        self._stop = asyncio.Event()
        self._waits_for: str | None = "it is starting"
        self._store: Store
        self._reconciling: ReconcileComponent | None = None
        self._recorder: Recorder | None = None
        self._relaying: RelayComponent | None = None
        self._canary: Canary | None = None

    async def run(self) -> int:
        settings = self._settings
        assert settings.database_url is not None
        self._catch_signals()
        async with AsyncExitStack() as stack:
            kube = await stack.enter_async_context(KubeClient(self._config, max_connections=CONNECTIONS))
            self._store = await stack.enter_async_context(
                await Store.open(settings.database_url.reveal(), application_name=self._name)
            )
            health = await start_health_server(
                settings.health_port, live=self.live, ready=self.ready, host=settings.health_host
            )
            stack.push_async_callback(health.close)
            log.info("started", port=health.port, components=sorted(self._components), holder=holder_name())
            if "relay" in self._components:
                self._relaying = RelayComponent(
                    self._store,
                    self._lease(kube, RELAY_LEASE),
                    settings.kafka,
                    listen="record" not in self._components,
                    on_lost=lambda lease: replaced(f"the Lease {lease} is lost"),
                )
            if self._components == {"relay"}:
                self._waits_for = None
                return await self._run(BackgroundTasks())
            return await self._run_as_leader(kube, self._lease(kube, OPERATOR_LEASE))

    @property
    def _name(self) -> str:
        return "todotasks-" + "-".join(part for part in COMPONENTS if part in self._components)

    # --- probes -----------------------------------------------------------------------------------------

    def live(self) -> str | None:
        return self._canary.dead() if self._canary is not None else None

    def ready(self) -> str | None:
        """Ready is who does its work. A standby is not; it is well, and `/healthz` says so."""
        if self._waits_for is not None:
            return self._waits_for
        reasons = []
        if "record" in self._components:
            reasons.append("waits for PostgreSQL" if self._recorder is None else self._recorder.unready())
            reasons.append(self._store.trouble)
        if self._reconciling is not None:
            reasons.append(self._reconciling.unready())
        # Beside an operator, a relay that waits for its Lease is one too many, and no fault.
        if self._relaying is not None and (self._relaying.leads or self._components == {"relay"}):
            reasons.append(self._relaying.unready())
        return "; ".join(reason for reason in reasons if reason is not None) or None

    # --- leading ----------------------------------------------------------------------------------------

    async def _run_as_leader(self, kube: KubeClient, lease: Lease) -> int:
        self._waits_for = f"it waits for the Lease {lease.name}"
        if not await self._unless_stopped(lease.acquire()):
            return EXIT_OK
        watch = asyncio.create_task(self._watch(lease), name="lease watch")
        try:
            self._waits_for = "it waits for the CRDs"
            if not await self._unless_stopped(wait_for_crds(kube, self._settings.watch_namespace)):
                return EXIT_OK
            self._waits_for = None
            return await self._lead(kube, lease)
        finally:
            watch.cancel()
            # Behind everything that writes, so that the next one may begin at once.
            await lease.release()

    async def _lead(self, kube: KubeClient, lease: Lease) -> int:
        background = BackgroundTasks()
        offer = self._relaying.offer if self._relaying is not None else None
        fence = Fence(self._store, lease.name, lease.holder, offer)
        if "reconcile" not in self._components:
            background.start("recorder", self._record(kube, fence))
            return await self._run(background)
        namespace, rate = self._settings.watch_namespace, self._settings.write_rate
        sent = self._relaying.sent if self._relaying is not None else None
        reconciling = ReconcileComponent(
            kube,
            fence,
            namespace=namespace,
            write_rate=rate,
            limits=self._settings.channel_limits,
            events_sent=sent,
        )
        self._reconciling = reconciling
        home = namespace or self._settings.namespace
        heard = WatchLeg(home)
        self._canary = Canary(kube, home, self._legs(kube, heard))
        canary = self._canary

        async def begin() -> None:
            reconciling.start(background)
            background.start("recorder", self._record(kube, fence))
            background.start("happenings", self._prune(fence))
            background.start("canary", canary.run())
            self._start_common(background)

        async def end() -> None:
            await background.stop()
            await reconciling.close()

        started = asyncio.Event()
        guard = asyncio.create_task(self._guard(background), name="guard")
        signals = asyncio.create_task(self._catch_signals_after(started), name="signals")
        try:
            await run_watches(
                listener=reconciling.informer,
                witness=heard,
                config=self._config,
                namespace=namespace,
                start=begin,
                stop=end,
                stop_flag=self._stop,
                started_flag=started,
            )
        finally:
            guard.cancel()
            signals.cancel()
        # kopf ends when it is asked to, or when one of its own tasks has; then it is a failure of ours.
        return self._exit_code(background)

    def _legs(self, kube: KubeClient, heard: WatchLeg) -> list[Leg]:
        record = RecordLegs(self._store)
        legs = [
            Leg("watch", heard.arrived, api_server_answers(kube)),
            Leg("mirror", record.mirrored, record.answers),
        ]
        if self._relaying is not None:
            brokers = any_broker_answers(self._settings.kafka.get("bootstrap.servers", ""))
            legs.append(Leg("kafka", record.acknowledged, brokers))
        return legs

    async def _record(self, kube: KubeClient, fence: Fence) -> None:
        journal = await fence.take()
        informer = self._reconciling.informer if self._reconciling is not None else None
        self._recorder = Recorder(
            kube,
            self._store,
            journal,
            namespace=self._settings.watch_namespace,
            on_changes=informer.on_changes if informer is not None else None,
        )
        await self._recorder.run()

    async def _prune(self, fence: Fence) -> None:
        while True:
            await asyncio.sleep(PRUNE_EVERY)
            try:
                await fence.prune_happenings(datetime.now(UTC) - HAPPENINGS_KEPT)
            except StoreUnavailable as error:
                log.warning("happenings_not_pruned", error=str(error))

    # --- beginning and end ------------------------------------------------------------------------------

    def _start_common(self, background: BackgroundTasks) -> None:
        if self._relaying is not None:
            background.start("relay", self._relaying.run())
        background.start("database probe", self._probe_database())
        background.start("loop lag", measure_loop_lag())

    async def _run(self, background: BackgroundTasks) -> int:
        """The background without kopf, until it has to end."""
        self._start_common(background)
        guard = asyncio.create_task(self._guard(background), name="guard")
        await self._stop.wait()
        guard.cancel()
        await background.stop()
        return self._exit_code(background)

    def _exit_code(self, background: BackgroundTasks) -> int:
        log.info("ended", asked_to=self._stop.is_set(), failed=background.failed.is_set())
        return EXIT_OK if self._stop.is_set() and not background.failed.is_set() else EXIT_FAILED

    async def _guard(self, background: BackgroundTasks) -> None:
        """Ends the process when one of its background tasks has ended."""
        await background.failed.wait()
        if isinstance(background.failure, Fenced):
            replaced(str(background.failure))
        self._stop.set()

    async def _watch(self, lease: Lease) -> None:
        await lease.wait_lost()
        replaced(f"the Lease {lease.name} is lost")

    async def _probe_database(self) -> None:
        """So that readiness tells of an outage also while there is nothing to write."""
        while True:
            await self._store.healthy()
            await asyncio.sleep(PROBE_DATABASE_EVERY)

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether it is done; False: we were asked to stop first."""
        working = asyncio.create_task(work)
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
            return False
        working.result()
        return True

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)

    async def _catch_signals_after(self, started: asyncio.Event) -> None:
        """kopf takes the signals for itself at its start; with ours we know whether the end was asked for."""
        await started.wait()
        self._catch_signals()

    def _lease(self, kube: KubeClient, name: str) -> Lease:
        duration = self._settings.lease_duration
        return Lease(
            kube,
            self._settings.namespace,
            name,
            holder_name(),
            duration=duration,
            renew=duration / RENEWALS,
            is_gone=is_gone,
        )


async def wait_for_crds(kube: KubeClient, namespace: str) -> None:
    """kopf looks for its kinds once, at its start, and ignores those that come later."""

    async def look() -> None:
        for resource in (TODOTASKS, RECURRENCERULES):
            await kube.list_page(resource, namespace or None, limit=1)

    def words(error: KubeError) -> str:
        return "the CRDs are not installed" if isinstance(error, NotFound) else str(error)

    told = SayOnce(log, "waits_for_crds", words=words)
    await keep_trying(look, on=KubeError, backoff=Backoff(CRD_RETRY, CRD_RETRY), told=told)
