"""What the executor does between its writes."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from tests.unit.operator.build import a_task
from todo_operator.index.protocol import WorkKey
from todo_operator.index.task_kind import TaskKind
from todo_operator.loop.executor import OF_ONE_NAMESPACE, WORKERS, Executor
from todo_operator.loop.informer import Informer
from todo_operator.loop.queue import ReconcileQueue
from todo_operator.process.component import namespace_of
from todotasks.api import ObjectKey
from todotasks.kube.resources import TODOTASKS
from todotasks.rate_limit import RateLimiter

NOBODY = cast(Any, None)  # neither the API server nor the outbox is asked when nothing is to be written


async def test_the_loop_turns_between_decisions_that_write_nothing() -> None:
    """Thirty thousand of them are made at a start; the Lease has to be renewed meanwhile."""
    kinds, queue = {TODOTASKS.kind: TaskKind()}, ReconcileQueue[WorkKey]()
    informer = Informer(kinds, queue, NOBODY)
    informer.listed.set()
    executor = Executor(
        kinds=kinds,
        queue=queue,
        informer=informer,
        emitter=NOBODY,
        kube=NOBODY,
        limiter=RateLimiter(1),
        clock=lambda: datetime.now(UTC),
    )
    rounds = 20
    for number in range(rounds * WORKERS):
        queue.add(WorkKey(TODOTASKS.kind, ObjectKey("home", f"gone-{number}")))
    running = asyncio.create_task(executor.run())
    turns = 0
    async with asyncio.timeout(30):
        while not queue.idle:
            turns += 1
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    assert turns >= rounds


class HangsFor:
    """An API server that never answers to the writes of one namespace."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.asked: list[str] = []
        self.written: list[str] = []

    async def patch(
        self, _resource: Any, name: str, patch: dict[str, Any], namespace: str, **_: Any
    ) -> dict[str, Any]:
        self.asked.append(f"{namespace}/{name}")
        if namespace == self._namespace:
            await asyncio.Event().wait()
        self.written.append(f"{namespace}/{name}")
        metadata = {"name": name, "namespace": namespace, "uid": f"uid-{namespace}-{name}"}
        return {
            "metadata": metadata | {"resourceVersion": "99", "generation": 1},
            "spec": {"title": name},
            "status": patch["status"],
        }


async def test_writes_of_one_namespace_that_hang_leave_workers_for_the_others() -> None:
    """As a rule does that makes a hundred tasks, or many of them at once."""
    kind = TaskKind()
    kinds = {TODOTASKS.kind: kind}
    queue = ReconcileQueue[WorkKey](owner=namespace_of, most_of_one=OF_ONE_NAMESPACE)
    kube = HangsFor("stuck")
    informer = Informer(kinds, queue, cast(Any, kube))
    informer.listed.set()
    executor = Executor(
        kinds=kinds,
        queue=queue,
        informer=informer,
        emitter=cast(Any, SimpleNamespace(is_emitted=lambda emissions: True)),
        kube=cast(Any, kube),
        limiter=RateLimiter(10_000),
        clock=lambda: datetime.now(UTC),
    )
    for namespace, count in {"stuck": 4 * WORKERS, "free": 100}.items():
        for number in range(count):
            facts = a_task(namespace=namespace, name=f"t{number}", uid=f"uid-{namespace}-t{number}")
            for key in kind.put(facts):
                queue.add(WorkKey(TODOTASKS.kind, key))
    running = asyncio.create_task(executor.run())
    async with asyncio.timeout(30):
        while len(kube.written) < 100:
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    assert set(kube.written) == {f"free/t{number}" for number in range(100)}
    assert sum(each.startswith("stuck/") for each in kube.asked) == OF_ONE_NAMESPACE
