"""Recorder and relay as a process of their own, which dies at a chosen step: what the crash tests start.

The steps are those between two effects: each effect is wrapped here, in the test, and the process kills
itself (SIGKILL: no handler, no flush) before or behind the `after`-th time.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from tests.integration.recorder.rig import LEADER
from todo_operator.record.journal import Journal
from todo_operator.record.recorder import Recorder
from todo_operator.relay.relay import Relay, relay_producer
from todotasks.broker import Producer, ensure_topics
from todotasks.kube import KubeClient, KubeConfig
from todotasks.store import Fenced, Store, WriteTransaction

FENCED = 3  # the exit code of a process that was replaced

# step → (class, method, whether to die before it or behind it)
STEPS: dict[str, tuple[type, str, str]] = {
    "before the rows": (WriteTransaction, "write_at_once", "before"),
    "amid the rows": (WriteTransaction, "set_position", "before"),
    "behind the commit": (WriteTransaction, "write_at_once", "behind"),
    "before the relay is told": (Relay, "offer", "before"),
    "between relay and Kafka": (Producer, "send", "before"),
    "while Kafka answers": (Producer, "send", "behind"),
    "between answer and deletion": (Store, "outbox_delete", "before"),
    "behind the deletion": (Store, "outbox_delete", "behind"),
}


class Order(msgspec.Struct):
    """What the process is to do."""

    kubeconfig: str
    database_url: str
    bootstrap: str
    namespace: str
    die: str | None = None
    after: int = 0
    message_timeout: int | None = None  # milliseconds


def arm(step: str, after: int) -> None:
    """The `after`-th time of that step is the end."""
    owner, name, when = STEPS[step]
    effect: Callable[..., Any] = getattr(owner, name)
    left = after

    def die() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
            return effect(*arguments, **named)
        return behind(effect(*arguments, **named))

    async def behind(result: Awaitable[Any]) -> Any:
        answer = await result
        die()
        return answer

    setattr(owner, name, wrapped)


def run(order: Order, told: Connection) -> None:
    """The whole life of the process; it tells when it leads."""
    sys.exit(asyncio.run(_run(order, told)))


async def _run(order: Order, told: Connection) -> int:
    if order.die is not None:
        arm(order.die, order.after)
    kafka: dict[str, Any] = {"bootstrap.servers": order.bootstrap}
    await ensure_topics(kafka)
    if order.message_timeout is not None:
        kafka["message.timeout.ms"] = order.message_timeout
    async with (
        KubeClient(KubeConfig.load(Path(order.kubeconfig))) as kube,
        await Store.open(order.database_url) as store,
        relay_producer(kafka) as producer,
    ):
        epoch = await store.take_leadership(LEADER, f"process {os.getpid()}")
        relay = Relay(store, producer, LEADER, epoch)
        journal = Journal(store, LEADER, epoch, relay.offer)
        recorder = Recorder(kube, store, journal, namespace=order.namespace)
        told.send(epoch)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(recorder.run())
                group.create_task(relay.run())
        except* Fenced:
            # As the operator does: no `finally` of a process that was replaced may do anything more.
            os._exit(FENCED)
    return 0
