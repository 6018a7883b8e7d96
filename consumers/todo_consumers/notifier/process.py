"""One notifier process: intake, dispatcher, reporter, health. Any number of them may run side by side."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from todo_consumers.beginning import Beginning
from todo_consumers.notifier import metrics
from todo_consumers.notifier.channels.links import LinkMaker
from todo_consumers.notifier.directory import Directory
from todo_consumers.notifier.dispatcher import Dispatcher
from todo_consumers.notifier.intake import GROUP, Intake
from todo_consumers.notifier.reporter import Reporter
from todo_consumers.notifier.settings import NotifierSettings
from todotasks.broker.consumer import Consumer
from todotasks.broker.producer import Producer
from todotasks.broker.topics import REMINDERS, ensure_topics
from todotasks.jobs import run_jobs, stop_on_signals
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.mail_links import MailLinks
from todotasks.store import Store, StoreError
from todotasks.telemetry import measure_loop_lag, start_health_server

MEASURE_EVERY = 5.0  # seconds
KEPT = timedelta(days=90)  # longer than the topic keeps what would be delivered again
PRUNE_EVERY = 6 * 3600.0  # seconds

log = structlog.get_logger(__name__)


def link_maker(settings: NotifierSettings) -> LinkMaker | None:
    """None where nobody has said where the page is."""
    if settings.page_url is None:
        return None
    keys = [key.reveal() for key in settings.mail_link_keys or ()]
    return LinkMaker(settings.page_url, MailLinks(keys, settings.page_url) if keys else None)


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: NotifierSettings, config: KubeConfig) -> None:
        self._settings, self._config = settings, config
        self._beginning: Beginning | None = None
        self._store: Store | None = None
        self._dispatcher: Dispatcher | None = None
        self._reporter: Reporter | None = None

    async def run(self) -> int:
        settings = self._settings
        assert settings.database_url is not None
        stop = stop_on_signals()
        self._beginning = Beginning(stop)
        async with AsyncExitStack() as stack:
            kube = await stack.enter_async_context(KubeClient(self._config))
            store = await stack.enter_async_context(
                await Store.open(settings.database_url.reveal(), application_name="todotasks-notifier")
            )
            self._store = store
            health = await start_health_server(
                settings.health_port, live=lambda: None, ready=self.ready, host=settings.health_host
            )
            stack.push_async_callback(health.close)
            log.info("started", port=health.port)
            if not await self._beginning.prepared(store, partial(ensure_topics, settings.kafka)):
                return 0
            producer = await stack.enter_async_context(Producer(settings.kafka))
            directory = Directory(
                kube,
                limits=settings.channel_limits,
                smtp_url=settings.smtp_url.reveal() if settings.smtp_url else None,
                own_namespace=settings.namespace,
                links=link_maker(settings),
            )
            stack.push_async_callback(directory.close)
            consumer = await stack.enter_async_context(Consumer(settings.kafka, GROUP, [REMINDERS]))
            self._dispatcher = Dispatcher(
                store.deliveries, directory, rate=settings.channel_rate, attempts=settings.attempts
            )
            self._reporter = Reporter(store.deliveries, producer, kube, self._dispatcher.told)
            intake = Intake(consumer, store.deliveries, self._dispatcher.wake)
            return await run_jobs(
                {
                    "intake": intake.run(),
                    "dispatcher": self._dispatcher.run(),
                    "reporter": self._reporter.run(),
                    "metrics": self._measure(store),
                    "lag": consumer.keep_measuring(),
                    "loop": measure_loop_lag(),
                },
                stop,
            )

    def ready(self) -> str | None:
        """Ready is who reads the topic and can write down what it read."""
        troubles = (
            self._beginning.waits_for if self._beginning else "it is starting",
            self._store.trouble if self._store else None,
            self._dispatcher.trouble if self._dispatcher else None,
            self._reporter.trouble if self._reporter else None,
        )
        return "; ".join(dict.fromkeys(trouble for trouble in troubles if trouble)) or None

    async def _measure(self, store: Store) -> None:
        prune_at = asyncio.get_running_loop().time() + PRUNE_EVERY
        while True:
            try:
                depth = await store.deliveries.depth()
                metrics.WAITING.labels("Pending").set(depth.pending)
                metrics.WAITING.labels("Retrying").set(depth.retrying)
                metrics.OLDEST.set(depth.oldest_age_seconds)
                if asyncio.get_running_loop().time() > prune_at:
                    prune_at += PRUNE_EVERY
                    await store.deliveries.prune(datetime.now(UTC) - KEPT)
            except StoreError as error:
                log.warning("not_measured", error=str(error))
            await asyncio.sleep(MEASURE_EVERY)
