"""The notifier's process under test, beside a real API server, PostgreSQL, Kafka and mail server."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.notifier.mail_server import MailServer
from tests.support.plane import Plane
from tests.support.reminders import a_due_event
from todo_consumers.notifier.directory import Directory
from todo_consumers.notifier.dispatcher import Dispatcher
from todo_consumers.notifier.intake import Intake
from todo_consumers.notifier.reporter import Reporter
from todotasks.broker.message import Message
from todotasks.broker.producer import Producer
from todotasks.broker.topics import ensure_topics
from todotasks.channel_rules import ChannelLimits
from todotasks.events import CloudEvent, encode
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import NOTIFICATIONCHANNELS, REMINDERS, SECRETS, TODOTASKS
from todotasks.store import Store
from todotasks.store.deliveries import DeliveryRow

FIRST_DELAY = 0.2  # seconds, so that a retry does not make the test long


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    server = MailServer(tmp_path)
    yield server
    server.stop()


class Bench:
    """Everything of the notifier but the consumer, in this process; a test hands the messages over."""

    def __init__(self, kube: KubeClient, store: Store, namespace: str, kafka: dict[str, str]) -> None:
        self.kube, self.store, self.namespace, self.kafka = kube, store, namespace, kafka
        self.sent: list[str] = []

    async def channel(self, name: str, spec: dict[str, Any], secret: dict[str, str] | None = None) -> None:
        if secret is not None:
            await self.kube.create(
                SECRETS,
                {
                    "metadata": {"name": f"{name}-secret"},
                    "stringData": secret,
                    "apiVersion": "v1",
                    "kind": "Secret",
                },
                self.namespace,
            )
            spec = spec | {"secretRef": {"name": f"{name}-secret"}}
        await self.kube.create(
            NOTIFICATIONCHANNELS, {"metadata": {"name": name}, "spec": spec}, self.namespace
        )

    async def reminder(self, name: str) -> str:
        """A Reminder object for the status to be written to; returns its uid."""
        await self.kube.create(
            TODOTASKS, {"metadata": {"name": f"task-{name}"}, "spec": {"title": "x"}}, self.namespace
        )
        body = {
            "metadata": {"name": name},
            "spec": {"taskRef": {"name": f"task-{name}"}, "at": "2026-11-21T09:00Z"},
        }
        made = await self.kube.create(REMINDERS, body, self.namespace)
        uid: str = made["metadata"]["uid"]
        return uid

    def event(
        self, *channels: str, name: str = "rent-1d", uid: str | None = None, **given: Any
    ) -> CloudEvent:
        return a_due_event(
            name=name,
            namespace=self.namespace,
            uid=uid or str(uuid.uuid4()),
            channels=channels,
            **{"told_at": datetime.now(UTC)} | given,
        )

    async def deliveries(self, event: CloudEvent) -> dict[str, DeliveryRow]:
        return {row.channel: row for row in await self.store.deliveries.of_event(event.id)}

    @asynccontextmanager
    async def running(self, **given: Any) -> AsyncIterator[Callable[[CloudEvent], Coroutine[Any, Any, None]]]:
        """The notifier's jobs; yields what Kafka would do: hand a message over."""
        options: dict[str, Any] = {
            "rate": 200.0,
            "attempts": 5,
            "allow_private": True,
            "smtp_url": None,
            "senders": (),
            "recipients": ("*",),
            "links": None,
        } | given
        directory = Directory(
            self.kube,
            limits=ChannelLimits(
                options["allow_private"], "todo@example.com", options["senders"], options["recipients"]
            ),
            smtp_url=options["smtp_url"],
            links=options["links"],
        )
        async with Producer(self.kafka) as producer:
            dispatcher = Dispatcher(
                self.store.deliveries,
                directory,
                rate=options["rate"],
                attempts=options["attempts"],
                first_delay=FIRST_DELAY,
            )
            reporter = Reporter(self.store.deliveries, producer, self.kube, dispatcher.told)
            intake = Intake(None, self.store.deliveries, dispatcher.wake)  # type: ignore[arg-type]

            async def hand_over(event: CloudEvent) -> None:
                value = encode(event)
                await intake.handle(Message("reminders", 0, 0, event.partitionkey, value, {}, 0))

            tasks = [asyncio.create_task(dispatcher.run()), asyncio.create_task(reporter.run())]
            try:
                yield hand_over
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await directory.close()


@pytest.fixture
async def bench(
    plane: Plane, namespace: str, fresh_database: Callable[[], str], kafka_bootstrap: str
) -> AsyncIterator[Bench]:
    kafka = {"bootstrap.servers": kafka_bootstrap}
    await ensure_topics(kafka)
    async with (
        KubeClient(KubeConfig.load(plane.kubeconfig)) as kube,
        await Store.open(fresh_database(), application_name="notifier-test") as store,
    ):
        await store.migrate()
        yield Bench(kube, store, namespace, kafka)


async def until(condition: Callable[[], Coroutine[Any, Any, Any]], what: str, seconds: float = 20.0) -> None:
    """Waits until the condition holds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < deadline, f"{what}: not within {seconds:g} s"
        await asyncio.sleep(0.05)
