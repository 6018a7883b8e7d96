"""One audit process: intake, signing, health. Several may run side by side: the log has one tip."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from typing import Any

import structlog

from todo_consumers.audit.intake import GROUP, TOPICS, Intake
from todo_consumers.audit.publishing import Published
from todo_consumers.audit.settings import AuditSettings
from todo_consumers.audit.signing import TOPIC, Signing
from todotasks.audit import Signer
from todotasks.broker.consumer import Consumer
from todotasks.broker.errors import BrokerError
from todotasks.broker.producer import Producer
from todotasks.broker.topics import TopicSpec, ensure_topics
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import KubeError
from todotasks.store import Store, StoreError, StoreUnavailable
from todotasks.telemetry import measure_loop_lag, start_health_server

HEADS = {TOPIC: TopicSpec(partitions=1, config={"retention.ms": "-1"})}  # the witness stays for ever
RETRY = 1.0  # seconds, while something is away at the start
LAST_HEAD = 5.0  # seconds for a head of what was added last, at the end

log = structlog.get_logger(__name__)


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: AuditSettings, config: KubeConfig, signer: Signer) -> None:
        self._settings, self._config, self._signer = settings, config, signer
        self._stop = asyncio.Event()
        self._waits_for: str | None = "it is starting"
        self._store: Store | None = None
        self._intake: Intake | None = None
        self._signing: Signing | None = None

    async def run(self) -> int:
        settings = self._settings
        assert settings.database_url is not None
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
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
            if not await self._prepared(store):
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
            return await self._work(
                {
                    "intake": self._intake.run(),
                    "signing": self._signing.run(),
                    "lag": consumer.keep_measuring(),
                    "loop": measure_loop_lag(),
                }
            )

    def ready(self) -> str | None:
        """Ready is who reads the topics, can write down what it read, and vouches for it."""
        troubles = (
            self._waits_for,
            self._store.trouble if self._store else None,
            self._intake.trouble if self._intake else None,
            self._signing.trouble if self._signing else None,
        )
        return "; ".join(dict.fromkeys(trouble for trouble in troubles if trouble)) or None

    async def _prepared(self, store: Store) -> bool:
        """Schema and topics are there; False when we were asked to stop before."""
        while not self._stop.is_set():
            try:
                await store.migrate()
                await ensure_topics(self._settings.kafka)
                await ensure_topics(self._settings.kafka, topics=HEADS)
            except (StoreUnavailable, BrokerError) as error:
                self._waits_for = str(error)
                log.warning("waits", error=str(error))
                await asyncio.sleep(RETRY)
            else:
                self._waits_for = None
                return True
        return False

    async def _work(self, jobs: dict[str, Coroutine[Any, Any, None]]) -> int:
        """All jobs until we are asked to stop, or one ends by itself: then the process does, too."""
        tasks = [asyncio.create_task(job, name=name) for name, job in jobs.items()]
        stopping = asyncio.create_task(self._stop.wait(), name="stop")
        done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        failed = next((task for task in done if task is not stopping), None)
        if failed is not None:
            log.error("job_ended", job=failed.get_name(), exc_info=failed.exception())
        for task in (*tasks, stopping):
            task.cancel()
        await asyncio.gather(*tasks, stopping, return_exceptions=True)
        if failed is None and self._signing is not None:
            with suppress(TimeoutError, StoreError, KubeError, BrokerError):
                async with asyncio.timeout(LAST_HEAD):
                    await self._signing.sign_now()
        log.info("ended", asked_to=self._stop.is_set())
        return 0 if failed is None else 1
