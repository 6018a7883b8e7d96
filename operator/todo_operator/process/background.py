"""Background tasks that belong together: started by name, stopped together, and none may end unnoticed.

None of them ever ends by itself in good order. If one does, the process is no longer what it claims to be: it
says so in `failed`, and whoever waits for that ends the process, so that it is started anew.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class BackgroundTasks:
    """`start` some, wait for `failed`, `stop` all."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[Any]] = []
        self._stopping = False
        self.failed = asyncio.Event()
        self.failure: BaseException | None = None  # the first one

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if self._stopping:
            return
        error: BaseException | None
        if task.cancelled():
            # Not by us: something inside it was cancelled and nobody caught that.
            error = RuntimeError(f"{task.get_name()} was cancelled from within")
        else:
            error = task.exception() or RuntimeError(f"{task.get_name()} has ended, though it never should")
        log.error("background_task_ended", task=task.get_name(), exc_info=error)
        if self.failure is None:
            self.failure = error
            self.failed.set()

    async def stop(self) -> None:
        """Cancels all, the last started first, and waits for their ends."""
        self._stopping = True
        for task in reversed(self._tasks):
            task.cancel()
            # Not gathered: who was started later may need the earlier ones until its end.
            await asyncio.wait([task])
        self._tasks.clear()
