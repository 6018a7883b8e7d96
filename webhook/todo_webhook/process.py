"""One webhook process: informers, certificates, HTTPS, records, health. Run two or more of them."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from todo_webhook import registration
from todo_webhook.records import Records
from todo_webhook.registration import Registration
from todo_webhook.serving import build_app, serving
from todo_webhook.settings import WebhookSettings
from todo_webhook.tls.keeper import FilesKeeper, Keeper, server_context
from todo_webhook.tls.stores import FolderStore, SecretStore
from todo_webhook.world import World
from todotasks.broker.errors import BrokerError
from todotasks.broker.producer import Producer
from todotasks.broker.topics import TASK_ADMISSIONS, TOPICS, ensure_topics
from todotasks.jobs import run_jobs, stop_on_signals
from todotasks.kube import KubeClient, KubeConfig
from todotasks.settings import SettingsError
from todotasks.telemetry import measure_loop_lag, start_health_server

SECRET = "todotasks-webhook-tls"  # noqa: S105  a name
CERTIFICATE_WITHIN = 30.0  # seconds; without one there is nothing to serve
RETRY = 1.0  # seconds
DRAIN = 3.0  # seconds in which the last records reach Kafka

log = structlog.get_logger(__name__)


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: WebhookSettings, config: KubeConfig) -> None:
        self._settings, self._config = settings, config
        self._world: World | None = None
        self._keeper: Keeper | FilesKeeper | None = None
        self._serves = False

    async def run(self) -> int:
        settings = self._settings
        stop = stop_on_signals()
        async with AsyncExitStack() as stack:
            kube = await stack.enter_async_context(KubeClient(self._config))
            health = await start_health_server(
                settings.health_port, live=lambda: None, ready=self.ready, host=settings.health_host
            )
            stack.push_async_callback(health.close)
            self._world = World(
                kube, settings.limits, stale_after=settings.stale_after, namespace=settings.watch_namespace
            )
            tls = server_context()
            registered = Registration(kube, url=settings.url)
            self._keeper = self._certificates(kube, tls, registered)
            if not await self._certified(self._keeper, stop):
                return 0
            producer = None
            if settings.kafka:
                producer = await stack.enter_async_context(Producer(settings.kafka))
            else:
                log.warning("no_records", reason="TODO_KAFKA_BOOTSTRAP is not set")
            records = Records(producer)
            jobs: dict[str, Coroutine[Any, Any, None]] = {
                "world": self._world.run(),
                "certificates": self._keeper.run(),
                "lag": measure_loop_lag(),
            }
            if producer is not None:
                jobs["records"] = self._record(records)
            app = build_app(self._world, records, lambda: datetime.now(UTC), registered.knows)
            async with serving(app, settings.host, settings.port, tls) as port:
                self._serves = True
                log.info("started", port=port, health=health.port)
                code = await run_jobs(jobs, stop, last=partial(records.flush, DRAIN))
                self._serves = False
            return code

    def ready(self) -> str | None:
        """Ready is who serves by a certificate, with the first lists done."""
        if not self._serves:
            return (self._keeper.trouble if self._keeper else None) or "it is starting"
        return self._world.missing if self._world else None

    def _certificates(self, kube: KubeClient, tls: Any, registered: Registration) -> Keeper | FilesKeeper:
        settings = self._settings
        if not settings.tls_own:
            if settings.tls_dir is None:
                raise SettingsError(["TODO_WEBHOOK_TLS_DIR is not set: where are the certificates?"])
            return FilesKeeper(Path(settings.tls_dir), registered, tls)
        store: SecretStore | FolderStore
        if settings.tls_dir is not None:
            store = FolderStore(Path(settings.tls_dir))
        else:
            store = SecretStore(kube, settings.namespace, SECRET)
        return Keeper(store, registered, tls, self._names())

    def _names(self) -> list[str]:
        """By which the API server calls us."""
        if self._settings.url is not None:
            return [urlsplit(self._settings.url).hostname or ""]
        service, namespace = registration.SERVICE, self._settings.namespace
        return [
            f"{service}.{namespace}.svc",
            f"{service}.{namespace}.svc.cluster.local",
            f"{service}.{namespace}",
        ]

    async def _certified(self, keeper: Keeper | FilesKeeper, stop: asyncio.Event) -> bool:
        """Until there is a certificate; False when we were asked to stop before."""
        while not stop.is_set():
            await keeper.look()
            if keeper.trouble is None:
                return True
            await asyncio.sleep(RETRY)
        return False

    async def _record(self, records: Records) -> None:
        while True:
            try:
                await ensure_topics(self._settings.kafka, topics={TASK_ADMISSIONS: TOPICS[TASK_ADMISSIONS]})
            except BrokerError as error:
                log.warning("waits", error=str(error))
                await asyncio.sleep(RETRY)
            else:
                break
        await records.run()
