"""The component `reconcile`: cache, queue, schedule, executor, and kopf's watch, put together.

kopf ───────┐
recorder ───┼─▶ Feed ─▶ cache ─▶ queue ─▶ Executor ─▶ API server
lists ──────┘                      ▲         │
                        schedule ──┘         └─▶ Emitter ─▶ outbox
"""

from collections.abc import Callable
from datetime import UTC, datetime

from todo_operator.index.kinds import Kind, WorkKey
from todo_operator.index.registry import make_kinds
from todo_operator.loop.emitter import Emitter
from todo_operator.loop.executor import Executor
from todo_operator.loop.informer import Feed
from todo_operator.loop.queue import ReconcileQueue
from todo_operator.process.task_group import Crew
from todo_operator.record.fence import Fence
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.gate import RateLimiter

BURST = 50  # status writes that may go at once after a quiet moment


def now() -> datetime:
    return datetime.now(UTC)


class Reconciling:
    """Made anew for each leadership; the Lease is held when `start` is called."""

    def __init__(
        self,
        kube: KubeClient,
        fence: Fence,
        *,
        namespace: str = "",
        write_rate: float = 400.0,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.kinds: dict[str, Kind] = make_kinds()
        self.queue: ReconcileQueue[WorkKey] = ReconcileQueue()
        self.feed = Feed(self.kinds, self.queue, kube, namespace=namespace)
        self._emitter = Emitter(fence, kube, clock)
        self.executor = Executor(
            kinds=self.kinds,
            queue=self.queue,
            feed=self.feed,
            emitter=self._emitter,
            kube=kube,
            limiter=RateLimiter(write_rate, burst=BURST),
            clock=clock,
        )

    def start(self, crew: Crew) -> None:
        crew.start("zones", self.feed.watch_zones())
        crew.start("emitter", self._emitter.run())
        crew.start("executor", self.executor.run())
        crew.start("lists", self.feed.run())

    async def close(self) -> None:
        """After the crew has stopped."""
        self.queue.close()
        await self.feed.close()

    def unready(self) -> str | None:
        """Why not everything there is is known yet."""
        return None if self.feed.listed.is_set() else "the first list is not complete"
