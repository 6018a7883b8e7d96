"""The recorder in this process, with a real API server and PostgreSQL around it; the outbox is its record.

Without a relay everything it says stays in the outbox, in order, and can be read there.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import psycopg

from todo_operator.record.journal import Journal
from todo_operator.record.recorder import Recorder
from todotasks.api import TodoTask
from todotasks.events import CloudEvent, decode
from todotasks.kube import Change, KubeClient
from todotasks.kube.resources import TODOTASKS
from todotasks.store import OutboxRow, Store, StoreUnavailable

PATIENCE = 30.0  # seconds for something to come about
LEADER = "todo-operator"


async def eventually(holds: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What `holds` answers (or its awaitable does), once that is true."""
    found: Any = None
    try:
        async with asyncio.timeout(patience):
            while True:
                found = holds()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return found
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(
            f"it did not come about within {patience} s; the last answer was {found!r}"
        ) from None


class Rig:
    """`await rig.start()`, change something, `await rig.recorded(…)`, `await rig.stop()`, and again."""

    def __init__(self, kube: KubeClient, store: Store, database: Any, namespace: str = "") -> None:
        self.kube = kube
        self.store = store
        self.database: psycopg.AsyncConnection[tuple[Any, ...]] = database
        self.namespace = namespace
        self.told: list[tuple[str, Change[Any]]] = []
        self.recorder: Recorder | None = None
        self.epoch = 0
        self._task: asyncio.Task[None] | None = None

    # ── the recorder ─────────────────────────────────────────────────────────────────────────────────
    async def start(self, **options: Any) -> None:
        self.start_as(await self.store.take_leadership(LEADER, "rig"), **options)

    def start_as(self, epoch: int, **options: Any) -> None:
        self.epoch = epoch
        self.told.clear()
        journal = Journal(self.store, LEADER, epoch)
        self.recorder = Recorder(
            self.kube,
            self.store,
            journal,
            namespace=self.namespace,
            on_changes=lambda kind, changes: self.told.extend((kind, change) for change in changes),
            **options,
        )
        self._task = asyncio.create_task(self.recorder.run())

    async def ready(self) -> None:
        assert self.recorder is not None
        recorder = self.recorder

        def synced() -> bool:
            self.failed()
            return recorder.unready() is None

        await eventually(synced)

    def failed(self) -> None:
        """Raises what the recorder died of."""
        if self._task is not None and self._task.done():
            self._task.result()
            raise AssertionError("the recorder has ended")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def outcome(self) -> BaseException | None:
        """What the recorder dies of, when it does."""
        assert self._task is not None
        task, self._task = self._task, None
        (result,) = await asyncio.gather(task, return_exceptions=True)
        return result if isinstance(result, BaseException) else None

    # ── tasks ────────────────────────────────────────────────────────────────────────────────────────
    async def create(self, name: str, **spec: Any) -> TodoTask:
        body = {"metadata": {"name": name}, "spec": {"title": name} | spec}
        return await self.kube.create(TODOTASKS, body, self._where, type=TodoTask)

    async def edit(self, name: str, **spec: Any) -> TodoTask:
        return await self.kube.patch(TODOTASKS, name, {"spec": spec}, self._where, type=TodoTask)

    async def edit_status(self, name: str, **status: Any) -> TodoTask:
        body: dict[str, Any] = {"status": status}
        return await self.kube.patch(TODOTASKS, name, body, self._where, subresource="status", type=TodoTask)

    async def delete(self, name: str) -> None:
        await self.kube.delete(TODOTASKS, name, self._where)

    @property
    def _where(self) -> str:
        return self.namespace or "default"

    # ── what was recorded ────────────────────────────────────────────────────────────────────────────
    async def rows(self) -> list[OutboxRow]:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.store.outbox_batch(1_000_000)
                except StoreUnavailable:
                    await asyncio.sleep(0.05)  # a test has just killed it

    async def events(self, name: str | None = None) -> list[CloudEvent]:
        """Of `task-events` and `reminders`, in order; of one object, if it is named."""
        found = [
            decode(row.value)
            for row in await self.rows()
            if row.topic != "task-updates" and row.value is not None
        ]
        return [event for event in found if name is None or event.subject.endswith(f"/{name}")]

    async def story(self, name: str) -> list[str]:
        """`["created", "updated", "deleted coalesced"]`."""
        return [
            event.type.split(".")[-2] + (" coalesced" if is_coalesced(event) else "")
            for event in await self.events(name)
        ]

    async def recorded(self, story: Sequence[str], name: str = "rent") -> list[CloudEvent]:
        """The events of a task once they are exactly these."""

        async def there() -> bool:
            self.failed()
            return await self.story(name) == list(story)

        try:
            await eventually(there)
        except AssertionError:
            assert await self.story(name) == list(story)
        return await self.events(name)

    async def mirrored(self, task: TodoTask) -> dict[str, Any]:
        """The mirror's row, once it has reached this version."""
        version = int(task.metadata.resource_version)

        async def row() -> dict[str, Any] | None:
            self.failed()
            found = await self.query(
                "select name, title, resource_version, completed, overdue, archived_at, archive_reason, doc "
                "from tasks where uid = %s and resource_version >= %s",
                task.metadata.uid,
                version,
            )
            columns = (
                "name",
                "title",
                "resource_version",
                "completed",
                "overdue",
                "archived_at",
                "archive_reason",
            )
            return dict(zip((*columns, "doc"), found[0], strict=True)) if found else None

        result: dict[str, Any] = await eventually(row)
        return result

    async def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        cursor = await self.database.execute(statement, parameters)
        return list(await cursor.fetchall())

    async def execute(self, statement: str, *parameters: Any) -> None:
        await self.database.execute(statement, parameters)

    async def letters(self) -> list[tuple[Any, ...]]:
        return await self.query("select id, error, convert_from(value, 'utf8') from dead_letters")

    async def position(self) -> int:
        (row,) = await self.query(
            "select resource_version from positions where source = 'todotasks.todotasks.dev'"
        )
        return int(row[0])


def is_coalesced(event: CloudEvent) -> bool:
    return bool(msgspec.json.decode(event.data).get("coalesced"))
