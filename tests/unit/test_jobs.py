"""A process runs all of its jobs or none."""

import asyncio
import os
import signal

from todotasks.jobs import run_jobs, stop_on_signals


async def forever() -> None:
    await asyncio.Event().wait()


async def test_asked_to_stop_it_ends_well_after_its_last_work() -> None:
    stop = stop_on_signals()
    done: list[str] = []

    async def last() -> None:
        done.append("flushed")

    os.kill(os.getpid(), signal.SIGTERM)
    assert await run_jobs({"a": forever(), "b": forever()}, stop, last=last) == 0
    assert done == ["flushed"]


async def test_a_job_that_ends_or_fails_ends_all_others_and_the_process() -> None:
    ended: list[str] = []

    async def other() -> None:
        try:
            await forever()
        finally:
            ended.append("other")

    async def broken() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("no")

    async def leaves() -> None:
        await asyncio.sleep(0)

    async def last() -> None:
        raise AssertionError("nobody asked")

    assert await run_jobs({"broken": broken(), "other": other()}, asyncio.Event(), last=last) == 1
    assert await run_jobs({"leaves": leaves(), "other": other()}, asyncio.Event(), last=last) == 1
    assert ended == ["other", "other"]


async def test_a_job_in_which_something_was_cancelled_has_failed_and_ends_the_process() -> None:
    ended: list[str] = []

    async def other() -> None:
        try:
            await forever()
        finally:
            ended.append("other")

    async def half_dead() -> None:
        inner = asyncio.create_task(forever())
        inner.cancel()
        await inner

    assert await run_jobs({"half dead": half_dead(), "other": other()}, asyncio.Event()) == 1
    assert ended == ["other"]


async def test_a_cancelled_process_leaves_no_job_behind() -> None:
    ended = asyncio.Event()

    async def job() -> None:
        try:
            await forever()
        finally:
            ended.set()

    running = asyncio.create_task(run_jobs({"job": job()}, asyncio.Event()))
    await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert ended.is_set()
