"""Objects that are at the API server, mirrored as the recorder would, without one."""

from datetime import UTC, datetime
from typing import Any

from todotasks.api import TodoTask
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import TODOTASKS
from todotasks.store import Store, task_row
from todotasks.store.rows import TASK_KIND, Archival


class Mirror:
    """Makes tasks and writes what the API server then says into PostgreSQL."""

    def __init__(self, store: Store, kube: KubeClient, epoch: int) -> None:
        self.store = store
        self._kube = kube
        self._epoch = epoch

    @classmethod
    async def open(cls, store: Store, kube: KubeClient) -> "Mirror":
        return cls(store, kube, await store.take_leadership("mirror", "the tests"))

    async def make(
        self, namespace: str, name: str, status: dict[str, Any] | None = None, **spec: Any
    ) -> TodoTask:
        """`spec` and `status` as in YAML, `metadata` beside the spec."""
        metadata = {"name": name, "namespace": namespace, **spec.pop("metadata", {})}
        body = {"metadata": metadata, "spec": {"title": name.replace("-", " ").capitalize(), **spec}}
        task = await self._kube.create(TODOTASKS, body, type=TodoTask)
        if status is not None:
            task = await self._kube.patch(
                TODOTASKS, name, {"status": status}, namespace, subresource="status", type=TodoTask
            )
        await self.write(task)
        return task

    async def write(self, *tasks: TodoTask) -> None:
        async with self.store.write("mirror", self._epoch) as tx:
            await tx.upsert_tasks([task_row(task, at=datetime.now(UTC)) for task in tasks])

    async def delete(self, task: TodoTask) -> None:
        await self._kube.delete(TODOTASKS, task.metadata.name, task.metadata.namespace)
        await self.bury(task)

    async def bury(self, task: TodoTask) -> None:
        """As the recorder does with one that is gone."""
        async with self.store.write("mirror", self._epoch) as tx:
            await tx.archive(TASK_KIND, [Archival(task.metadata.uid, "deleted", 10**9)], datetime.now(UTC))
