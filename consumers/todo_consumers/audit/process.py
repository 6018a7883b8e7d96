"""One audit process: intake, signing, health. Several may run side by side: the log has one tip."""

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

import structlog

from todo_consumers.audit.intake import GROUP, TOPICS, Intake
from todo_consumers.audit.publishing import Published
from todo_consumers.audit.settings import AuditSettings
from todo_consumers.audit.signing import TOPIC, Signing
from todo_consumers.beginning import Beginning
from todotasks.audit import Signer
from todotasks.broker.consumer import Consumer
from todotasks.broker.errors import BrokerError
from todotasks.broker.producer import Producer
from todotasks.broker.topics import TopicSpec, ensure_topics
from todotasks.jobs import run_jobs, stop_on_signals
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import KubeError
from todotasks.store import Store, StoreError
from todotasks.telemetry import measure_loop_lag, start_health_server

HEADS = {TOPIC: TopicSpec(partitions=1, config={"retention.ms": "-1"})}  # the witness stays for ever
LAST_HEAD = 5.0  # seconds for a head of what was added last, at the end

log = structlog.get_logger(__name__)


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: AuditSettings, config: KubeConfig, signer: Signer) -> None:
        self._settings, self._config, self._signer = settings, config, signer
        self._beginning: Beginning | None = None
        self._store: Store | None = None
        self._intake: Intake | None = None
        self._signing: Signing | None = None

    async def run(self) -> int:
        settings = self._settings
        assert settings.database_url is not None
        stop = stop_on_signals()
        self._beginning = Beginning(stop)
        async with AsyncExitStack() as stack:
            kube = await stack.enter_async_context(KubeClient(self._config))
            store = await stack.enter_async_context(
                await Store.open(settings.database_url.reveal(), application_name="todotasks-audit")
            )
            self._store = store
            health = await start_health_server(
                settings.health_port, live=lambda: None, ready=self.ready, host=settings.health_host
            )
            stack.push_async_callback(health.close)
            log.info("started", port=health.port, key=self._signer.key_id)
            if not await self._beginning.prepared(store, self._topics):
                return 0
            producer = await stack.enter_async_context(Producer(settings.kafka))
            consumer = await stack.enter_async_context(Consumer(settings.kafka, GROUP, TOPICS))
            self._intake = Intake(consumer, store.audit)
            self._signing = Signing(
                self._signer,
                store.audit,
                producer,
                Published(kube, settings.namespace, store.audit.contradicted),
                every=settings.head_every,
                retention=timedelta(seconds=settings.retention),
            )
            jobs = {
                "intake": self._intake.run(),
                "signing": self._signing.run(),
                "lag": consumer.keep_measuring(),
                "loop": measure_loop_lag(),
            }
            code = await run_jobs(jobs, stop)
            if code == 0:
                await self._vouch(self._signing)
            return code

    def ready(self) -> str | None:
        """Ready is who reads the topics, can write down what it read, and vouches for it."""
        troubles = (
            self._beginning.waits_for if self._beginning else "it is starting",
            self._store.trouble if self._store else None,
            self._intake.trouble if self._intake else None,
            self._signing.trouble if self._signing else None,
        )
        return "; ".join(dict.fromkeys(trouble for trouble in troubles if trouble)) or None

    async def _topics(self) -> None:
        await ensure_topics(self._settings.kafka)
        await ensure_topics(self._settings.kafka, topics=HEADS)

    async def _vouch(self, signing: Signing) -> None:
        """For what was added last, if that is quickly done."""
        with suppress(TimeoutError, StoreError, KubeError, BrokerError):
            async with asyncio.timeout(LAST_HEAD):
                await signing.sign_now()
