"""A consumer of a reflector that remembers all it was given, and can be made to stop reading."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

from todotasks.api import TodoTask
from todotasks.kube import KubeClient, Listed, Reflector, Watched
from todotasks.kube.resources import TODOTASKS


class Consumer:
    """`async with Consumer(reflector) as seen: await seen.until(lambda: "rent" in seen.names)`."""

    def __init__(self, reflector: Reflector[TodoTask]) -> None:
        self.reflector = reflector
        self.batches: list[Listed[TodoTask] | Watched[TodoTask]] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._consume())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _consume(self) -> None:
        async for batch in self.reflector:
            async with self._changed:
                self.batches.append(batch)
                self._changed.notify_all()
            await self.reading.wait()

    async def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> None:
        assert self._task is not None
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: holds() or (self._task and self._task.done()))
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s; seen: {self.story}") from None
        if self._task.done():
            self._task.result()
            raise AssertionError("the reflector has ended")

    async def until_listed(self) -> None:
        await self.until(lambda: any(isinstance(batch, Listed) and batch.complete for batch in self.batches))

    async def until_trouble(self, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while self.reflector.trouble is None:
                await asyncio.sleep(0.01)

    async def until_trouble_is_over(self, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while self.reflector.trouble is not None:
                await asyncio.sleep(0.01)

    @property
    def lists(self) -> list[Listed[TodoTask]]:
        """The last page of each list that was completed."""
        return [batch for batch in self.batches if isinstance(batch, Listed) and batch.complete]

    @property
    def listed(self) -> set[str]:
        """What was in the last list."""
        names: set[str] = set()
        for batch in self.batches:
            if isinstance(batch, Listed):
                names = (set() if batch.first else names) | {
                    item.object.metadata.name for item in batch.objects
                }
        return names

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Every change: ("ADDED", name)."""
        return [
            (change.type, change.object.metadata.name)
            for batch in self.batches
            if isinstance(batch, Watched)
            for change in batch.changes
        ]

    @property
    def live(self) -> dict[str, str]:
        """uid to name of what is there, as a mirror that follows the contract would have it."""
        mirror: dict[str, str] = {}
        listing: dict[str, str] = {}
        for batch in self.batches:
            if isinstance(batch, Listed):
                if batch.first:
                    listing = {}
                listing |= {item.object.metadata.uid: item.object.metadata.name for item in batch.objects}
                listing |= {item.metadata.uid: item.metadata.name for item in batch.skipped}
                if batch.complete:
                    mirror = listing
            else:
                for change in batch.changes:
                    if change.type == "DELETED":
                        mirror.pop(change.object.metadata.uid, None)
                    else:
                        mirror[change.object.metadata.uid] = change.object.metadata.name
        return mirror

    @property
    def story(self) -> list[str]:
        return [
            f"{type(batch).__name__} {batch.resource_version} "
            + (
                f"{len(batch.objects)} objects, {batch.complete=}, {batch.reason}"
                if isinstance(batch, Listed)
                else str([(change.type, change.object.metadata.name) for change in batch.changes][:5])
            )
            for batch in self.batches[-10:]
        ]


def reflect(client: KubeClient, namespace: str, **options: Any) -> Consumer:
    return Consumer(Reflector(client, TODOTASKS, TodoTask, namespace=namespace, **options))
