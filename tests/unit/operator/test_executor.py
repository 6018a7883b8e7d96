"""What the executor does between its writes."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from todo_operator.index.protocol import WorkKey
from todo_operator.index.task_kind import TaskKind
from todo_operator.loop.executor import WORKERS, Executor
from todo_operator.loop.informer import Informer
from todo_operator.loop.queue import ReconcileQueue
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
