"""One task through the running system: created, Ready, mirrored, each event, completed, deleted.

Each step is seen from outside, as a user or a consumer would see it: the watch of the API server, a row in
PostgreSQL, a message in Kafka. A step that is not seen in time names the part that owes it.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import confluent_kafka
import psycopg

from todotasks.api import GROUP_VERSION, TodoTask, find_condition, is_true
from todotasks.events.envelope import CloudEvent, EventError, decode
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError, NotFound
from todotasks.kube.resources import TODOTASKS

LOOK_EVERY = 0.02  # seconds between two looks at PostgreSQL
TOPIC_EVERY = 0.5  # seconds between two looks for the topic
READ_TIMEOUT = 20.0  # seconds that Kafka has to say what there is


@dataclass
class Step:
    """What was waited for, who owes it, and what was seen when (seconds from the cause)."""

    what: str
    owed_by: str
    seconds: float | None = None
    seen: str = ""
    problem: str = ""


@dataclass
class Verification:
    steps: list[Step] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(not step.problem for step in self.steps)


class Events:
    """The `task-events` of one task, read from the end that the topic had before it was created."""

    def __init__(self, kafka: dict[str, str]) -> None:
        group = {"group.id": f"todotasks-verify-{uuid.uuid4()}", "enable.auto.commit": False}
        self._consumer = confluent_kafka.Consumer({**kafka, **group})
        self.seen: dict[str, tuple[float, CloudEvent]] = {}

    def open(self, topic: str) -> None:
        """Raises confluent_kafka.KafkaException when no broker answers or the topic is not there."""
        found = self._consumer.list_topics(topic, timeout=READ_TIMEOUT).topics[topic]
        if found.error is not None:
            raise confluent_kafka.KafkaException(found.error)
        places = []
        for number in found.partitions:
            place = confluent_kafka.TopicPartition(topic, number)
            place.offset = self._consumer.get_watermark_offsets(place, timeout=READ_TIMEOUT)[1]
            places.append(place)
        self._consumer.assign(places)

    def poll(self, subject: str) -> None:
        for message in self._consumer.consume(100, 0.02):
            value = message.value()
            if message.error() is None and value:
                try:
                    event = decode(value)
                except EventError:
                    continue  # whatever somebody has put into the topic
                if event.subject == subject:
                    self.seen.setdefault(event.type, (time.monotonic(), event))

    def close(self) -> None:
        self._consumer.close()


class Verifier:
    """Runs the steps in their order; `on_step` is told of each as soon as it is known."""

    def __init__(
        self,
        kube: KubeClient,
        database_url: str,
        kafka: dict[str, str],
        *,
        namespace: str,
        timeout: float,
        on_step: Callable[[Step], None],
    ) -> None:
        self._kube, self._database_url = kube, database_url
        self._namespace, self._timeout, self._on_step = namespace, timeout, on_step
        self._name = f"verify-{uuid.uuid4().hex[:8]}"
        self._subject = f"{namespace}/{self._name}"
        self._events = Events(kafka)
        self._over = False
        self.result = Verification()

    async def run(self) -> Verification:
        """Every step that can still be seen is looked for, also after one that failed."""
        reading: asyncio.Task[None] | None = None
        try:
            if await self._prepared():
                reading = asyncio.create_task(self._read())
                await self._steps()
        finally:
            self._over = True
            if reading is not None:
                await asyncio.gather(reading, return_exceptions=True)
            await asyncio.to_thread(self._events.close)
            with suppress(KubeError):
                await self._kube.delete(TODOTASKS, self._name, self._namespace)
        return self.result

    async def _read(self) -> None:
        """All the while, so that an event's time is when it came and not when it was asked for."""
        while not self._over:
            await asyncio.to_thread(self._events.poll, self._subject)

    async def _prepared(self) -> bool:
        step = Step("Kafka has `task-events`", "Kafka, or the operator that makes topics")
        started = time.monotonic()
        while True:
            try:
                await asyncio.to_thread(self._events.open, "task-events")
                step.problem = ""
                break
            except confluent_kafka.KafkaException as error:
                step.problem = str(error.args[0].str() if error.args else error)
            if time.monotonic() - started > self._timeout:
                break
            await asyncio.sleep(TOPIC_EVERY)  # an operator that has just started makes its topics
        step.seconds = time.monotonic() - started
        self._done(step)
        return not step.problem

    async def _steps(self) -> None:
        body = {
            "apiVersion": GROUP_VERSION,
            "kind": "TodoTask",
            "metadata": {"name": self._name, "labels": {"todotasks.dev/verify": "true"}},
            "spec": {"title": "Verify that everything works", "priority": "Low"},
        }
        task: TodoTask | None = None
        step = Step("created", "kube-apiserver")
        started = time.monotonic()
        try:
            task = await self._kube.create(TODOTASKS, body, self._namespace, type=TodoTask)
            step.seen = self._subject
        except KubeError as error:
            step.problem = str(error)
        step.seconds = time.monotonic() - started
        self._done(step)
        if task is None:
            return
        uid = task.metadata.uid
        await self._condition("Ready", started)
        await self._row(uid, "mirrored", "archived_at IS NULL AND title LIKE 'Verify%%'", started)
        await self._event("task.created", started)

        started = time.monotonic()
        try:
            await self._kube.patch(TODOTASKS, self._name, {"spec": {"completed": True}}, self._namespace)
        except KubeError as error:
            self._done(Step("completed", "kube-apiserver", problem=str(error)))
            return
        await self._condition("Completed", started)
        await self._row(uid, "mirrored as completed", "completed AND completion_time IS NOT NULL", started)
        await self._event("task.completed", started)

        started = time.monotonic()
        with suppress(NotFound):
            await self._kube.delete(TODOTASKS, self._name, self._namespace)
        await self._row(uid, "archived in the mirror", "archived_at IS NOT NULL", started)
        await self._event("task.deleted", started)

    # ── what is waited for ───────────────────────────────────────────────────────────────────────
    async def _condition(self, condition: str, started: float) -> None:
        step = Step(f"condition {condition}=True", "operator (reconcile)")
        deadline = started + self._timeout
        while time.monotonic() < deadline:
            try:
                task = await self._kube.get(TODOTASKS, self._name, self._namespace, type=TodoTask)
            except KubeError as error:
                step.problem = str(error)
            else:
                step.problem = ""
                if is_true(task.status.conditions, condition):
                    found = find_condition(task.status.conditions, condition)
                    step.seen = f"reason {found.reason}" if found else ""
                    break
            await asyncio.sleep(LOOK_EVERY)
        else:
            step.problem = step.problem or f"not seen within {self._timeout:.0f} s"
        step.seconds = time.monotonic() - started
        self._done(step)

    async def _row(self, uid: str, what: str, where: str, started: float) -> None:
        step = Step(what, "operator (recorder)")
        query = f"SELECT resource_version FROM tasks WHERE uid = %s AND {where}"  # noqa: S608 ours, not input
        try:
            async with await psycopg.AsyncConnection.connect(
                self._database_url, autocommit=True
            ) as connection:
                while time.monotonic() < started + self._timeout:
                    cursor = await connection.execute(query.encode(), [uid])
                    if (row := await cursor.fetchone()) is not None:
                        step.seen = f"resourceVersion {row[0]}"
                        break
                    await asyncio.sleep(LOOK_EVERY)
                else:
                    step.problem = f"no such row within {self._timeout:.0f} s"
        except psycopg.Error as error:
            step.problem = type(error).__name__ + (f" {error.sqlstate}" if error.sqlstate else "")
        step.seconds = time.monotonic() - started
        self._done(step)

    async def _event(self, short: str, started: float) -> None:
        step = Step(f"event {short}", "operator (relay)")
        wanted = f"dev.todotasks.{short}.v1"
        deadline = started + self._timeout
        while wanted not in self._events.seen and time.monotonic() < deadline:  # noqa: ASYNC110 a thread fills it
            await asyncio.sleep(LOOK_EVERY)
        if wanted in self._events.seen:
            at, event = self._events.seen[wanted]
            step.seconds, step.seen = at - started, f"sequence {int(event.sequence or 0)}"
        else:
            step.seconds = time.monotonic() - started
            step.problem = f"no {wanted} within {self._timeout:.0f} s"
        self._done(step)

    def _done(self, step: Step) -> None:
        self.result.steps.append(step)
        self._on_step(step)
