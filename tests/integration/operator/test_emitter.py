"""What time brought about, on its way into a real outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from todo_operator.loop.emitter import BATCH, Emitter
from todo_operator.reconcile.plan import RuleEmission
from todo_operator.record.fence import Fence
from todotasks.api import ObjectKey
from todotasks.store import Store, StoreUnavailable

NOBODY = cast(Any, None)  # the API server is not asked for rules
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def skipped(minute: int) -> RuleEmission:
    instant = NOON + timedelta(minutes=minute)
    return RuleEmission("recurrence.skipped", ObjectKey("home", "rent"), "uid-rent", 0, instant)


@asynccontextmanager
async def an_emitter(database_url: str, *, leads: bool = True) -> AsyncIterator[tuple[Emitter, Store]]:
    async with await Store.open(database_url) as store:
        fence = Fence(store, "todotasks-operator", "test")
        if leads:
            await fence.take()
        emitter = Emitter(fence, NOBODY, lambda: NOON)
        running = asyncio.create_task(emitter.run())
        try:
            async with asyncio.timeout(60):
                yield emitter, store
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_each_is_told_once_whoever_asks_and_however_often(fresh_database: Callable[[], str]):
    async with an_emitter(fresh_database()) as (emitter, store):
        first, second, third = skipped(1), skipped(2), skipped(3)
        await asyncio.gather(
            emitter.emit([first, first, second]),
            emitter.emit([second, third]),
            emitter.emit([third, third, first]),
        )
        assert emitter.is_emitted([first, second, third])
        await emitter.emit([first, second])
        assert len(await store.outbox_batch(10)) == 3


async def test_more_than_a_transaction_takes_are_all_told_before_it_returns(
    fresh_database: Callable[[], str],
):
    async with an_emitter(fresh_database()) as (emitter, store):
        many = [skipped(minute) for minute in range(2 * BATCH + 1)]
        await emitter.emit(many)
        assert len(await store.outbox_batch(3 * BATCH)) == len(many)


async def test_one_who_gives_up_takes_nothing_away_from_the_others(fresh_database: Callable[[], str]):
    async with an_emitter(fresh_database()) as (emitter, store):
        impatient = asyncio.create_task(emitter.emit([skipped(1), skipped(2)]))
        await asyncio.sleep(0)
        patient = asyncio.create_task(emitter.emit([skipped(2), skipped(3)]))
        await asyncio.sleep(0)
        impatient.cancel()
        await patient
        assert len(await store.outbox_batch(10)) == 3


async def test_who_cannot_be_told_now_hears_it_and_may_ask_again(fresh_database: Callable[[], str]):
    async with an_emitter(fresh_database(), leads=False) as (emitter, _):
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await emitter.emit([skipped(1), skipped(1), skipped(2)])
            assert not emitter.is_emitted([skipped(1)])
