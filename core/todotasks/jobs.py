"""The jobs of a process: they run until somebody asks the process to stop, or until one of them ends.

A job that ends by itself has failed, whatever it says: the process ends too, with exit code 1, so that
whoever runs it (a kubelet, `todotasks up`) starts it anew. A process that goes on with a part of its work
missing looks healthy and is not.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def stop_on_signals() -> asyncio.Event:
    """Set by SIGTERM and SIGINT of this process. Needs a running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def run_jobs(
    jobs: Mapping[str, Coroutine[Any, Any, None]],
    stop: asyncio.Event,
    *,
    last: Callable[[], Awaitable[Any]] | None = None,
) -> int:
    """The exit code: 0 when `stop` was set, 1 when a job ended first. `last` is awaited while the jobs still
    run, and only when we were asked to stop."""
    tasks = [asyncio.create_task(job, name=name) for name, job in jobs.items()]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        failed = next((task for task in done if task is not stopping), None)
        if failed is not None:
            # Cancelled by something in it, when nobody has asked us to stop: failed like any other.
            error = None if failed.cancelled() else failed.exception()
            log.error("job_ended", job=failed.get_name(), cancelled=failed.cancelled(), exc_info=error)
        elif last is not None:
            await last()
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        await asyncio.gather(*tasks, stopping, return_exceptions=True)
    log.info("ended", asked_to=stop.is_set())
    return 0 if failed is None else 1
