"""The component `reconcile`: cache, queue, schedule, executor, and kopf's watch, put together.

kopf ───────┐
recorder ───┼─▶ Informer ─▶ cache ─▶ queue ─▶ Executor ─▶ API server
lists ──────┘                      ▲         │
                        schedule ──┘         └─▶ Emitter ─▶ outbox
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from todo_operator.index.protocol import Kind, WorkKey
from todo_operator.index.registry import make_kinds
from todo_operator.loop.emitter import Emitter
from todo_operator.loop.executor import OF_ONE_NAMESPACE, Executor
from todo_operator.loop.informer import Informer
from todo_operator.loop.kube_events import KubeEvents
from todo_operator.loop.queue import ReconcileQueue
from todo_operator.process.background import BackgroundTasks
from todo_operator.process.holder import holder_name
from todo_operator.reconcile.channel import ANYTHING
from todo_operator.record.fence import Fence
from todotasks.channel_rules import ChannelLimits
from todotasks.kube.client import KubeClient
from todotasks.rate_limit import RateLimiter

BURST = 50  # status writes that may go at once after a quiet moment


def now() -> datetime:
    return datetime.now(UTC)


def namespace_of(key: WorkKey) -> str:
    """Whose it is: what one namespace asks for costs another's nothing."""
    return key.object.namespace


class ReconcileComponent:
    """Made anew for each leadership; the Lease is held when `start` is called."""

    def __init__(
        self,
        kube: KubeClient,
        fence: Fence,
        *,
        namespace: str = "",
        write_rate: float = 400.0,
        limits: ChannelLimits = ANYTHING,
        clock: Callable[[], datetime] = now,
        events_sent: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.kinds: dict[str, Kind] = make_kinds(limits)
        self.queue: ReconcileQueue[WorkKey] = ReconcileQueue(owner=namespace_of, most_of_one=OF_ONE_NAMESPACE)
        self.informer = Informer(self.kinds, self.queue, kube, namespace=namespace)
        self._emitter = Emitter(fence, kube, clock)
        self._kube_events = KubeEvents(kube, clock, instance=holder_name())
        self.executor = Executor(
            kinds=self.kinds,
            queue=self.queue,
            informer=self.informer,
            emitter=self._emitter,
            kube=kube,
            limiter=RateLimiter(write_rate, burst=BURST),
            clock=clock,
            events_sent=events_sent,
            tell=self._kube_events.tell,
        )

    def start(self, background: BackgroundTasks) -> None:
        background.start("zones", self.informer.watch_zones())
        background.start("kube events", self._kube_events.run())
        background.start("emitter", self._emitter.run())
        background.start("executor", self.executor.run())
        background.start("lists", self.informer.run())
        background.start("cycles", self.informer.settle())

    async def close(self) -> None:
        """After the background has stopped."""
        self.queue.close()
        await self.informer.close()

    def unready(self) -> str | None:
        """Why not everything there is is known yet."""
        return None if self.informer.listed.is_set() else "the first list is not complete"
