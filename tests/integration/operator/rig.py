"""The reconciling half of the operator in this process, with everything around it real.

The recorder runs beside it and feeds it, as in the operator; kopf and the relay do not. The clock can be set.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from todo_operator.process.background import BackgroundTasks
from todo_operator.process.component import ReconcileComponent
from todo_operator.record.fence import Fence
from todo_operator.record.recorder import Recorder
from todotasks.api import Condition, TodoTask, find_condition
from todotasks.events import CloudEvent, decode
from todotasks.events.types import TASK_OVERDUE
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import NotFound
from todotasks.kube.resources import TODOTASKS, Resource
from todotasks.store import Store

PATIENCE = 15.0  # seconds for something to come about
QUOTAS = Resource("", "v1", "resourcequotas", "ResourceQuota")


class Clock:
    """Real time, plus what a test adds."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Tasks:
    """The tasks of one namespace, as a person would handle them."""

    def __init__(self, kube: KubeClient, namespace: str) -> None:
        self.kube = kube
        self.namespace = namespace

    async def create(self, name: str, **spec: Any) -> TodoTask:
        body = {"metadata": {"name": name, "namespace": self.namespace}, "spec": {"title": name} | spec}
        return await self.kube.create(TODOTASKS, body, type=TodoTask)

    async def edit(self, name: str, **spec: Any) -> TodoTask:
        return await self.kube.patch(TODOTASKS, name, {"spec": spec}, self.namespace, type=TodoTask)

    async def get(self, name: str) -> TodoTask:
        return await self.kube.get(TODOTASKS, name, self.namespace, type=TodoTask)

    async def delete(self, name: str) -> None:
        await self.kube.delete(TODOTASKS, name, self.namespace)

    async def all(self) -> list[TodoTask]:
        return await self.kube.list_(TODOTASKS, self.namespace, type=TodoTask)

    async def until(self, name: str, holds: Callable[[TodoTask], Any]) -> TodoTask:
        """The task once `holds` is true of it."""
        task = None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    task = await self.get(name)
                    if holds(task):
                        return task
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"it did not come about within {PATIENCE} s: {task}") from None

    async def until_told(self, name: str, type_: str, expected: str) -> TodoTask:
        """`await until_told("rent", "Overdue", "True PastDue")`, of the present generation."""
        return await self.until(name, lambda task: is_current(task) and told(task, type_) == expected)

    async def until_gone(self, name: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.get(name)
                except NotFound:
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def no_room_for(kube: KubeClient, namespace: str, resource: Resource) -> AsyncIterator[None]:
    """A quota that lets nobody make one more of these objects, and the API server knows it."""
    hard = {f"count/{resource.plural}.{resource.group}": "0"}
    await kube.create(QUOTAS, {"metadata": {"name": "full"}, "spec": {"hard": hard}}, namespace)
    async with asyncio.timeout(PATIENCE):
        while (await kube.get(QUOTAS, "full", namespace)).get("status", {}).get("hard") != hard:
            await asyncio.sleep(0.05)
    yield
    await kube.delete(QUOTAS, "full", namespace)


def is_current(task: TodoTask) -> bool:
    return task.status.observed_generation == task.metadata.generation


def condition(task: TodoTask, type_: str) -> Condition | None:
    return find_condition(task.status.conditions, type_)


def told(task: TodoTask, type_: str) -> str | None:
    found = condition(task, type_)
    return None if found is None else f"{found.status} {found.reason}"


class Rig:
    """`reconciling`, running; `store` is what its events go to."""

    def __init__(
        self,
        namespace: str,
        reconciling: ReconcileComponent,
        clock: Clock,
        store: Store,
        background: BackgroundTasks,
    ) -> None:
        self.namespace = namespace
        self.reconciling = reconciling
        self.clock = clock
        self.store = store
        self.background = background

    async def overdue_events(self) -> list[CloudEvent]:
        """What was told of the tasks of our namespace, and waits in the outbox."""
        rows = await self.store.outbox_batch(100_000)
        found = [decode(row.value) for row in rows if row.value is not None]
        ours = f"{self.namespace}/"
        return [e for e in found if e.type == TASK_OVERDUE and e.subject.startswith(ours)]

    async def settle(self, patience: float = PATIENCE) -> None:
        """Until nothing is queued any more."""
        async with asyncio.timeout(patience):
            while not (self.reconciling.informer.listed.is_set() and self.reconciling.queue.idle):
                await asyncio.sleep(0.02)


@asynccontextmanager
async def a_rig(
    kube: KubeClient, database_url: str, namespace: str, *, write_rate: float = 400.0
) -> AsyncIterator[Rig]:
    clock = Clock()
    background = BackgroundTasks()
    async with await Store.open(database_url) as store:
        fence = Fence(store, "todotasks-operator", "rig")
        reconciling = ReconcileComponent(kube, fence, namespace=namespace, write_rate=write_rate, clock=clock)
        try:
            background.start("recorder", record(kube, store, fence, reconciling, namespace))
            reconciling.start(background)
            yield Rig(namespace, reconciling, clock, store, background)
            assert not background.failed.is_set(), background.failure
        finally:
            await background.stop()
            await reconciling.close()


async def record(
    kube: KubeClient, store: Store, fence: Fence, reconciling: ReconcileComponent, namespace: str
) -> None:
    journal = await fence.take()
    await Recorder(
        kube, store, journal, namespace=namespace, on_changes=reconciling.informer.on_changes
    ).run()
