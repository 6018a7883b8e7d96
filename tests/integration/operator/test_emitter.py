"""What time brought about, on its way into a real outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psycopg
import pytest

from todo_operator.loop.emitted_events import rule_event
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


async def test_one_that_cannot_be_made_an_event_is_set_aside_and_the_others_are_told(
    fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
):
    def poisoned(emission: RuleEmission, now: datetime) -> Any:
        if emission == skipped(7):
            raise ValueError("nobody has thought of this")
        return rule_event(emission, now)

    monkeypatch.setattr("todo_operator.loop.emitter.rule_event", poisoned)
    async with an_emitter(fresh_database()) as (emitter, store):
        await emitter.emit([skipped(minute) for minute in range(20)])
        assert len(await store.outbox_batch(100)) == 19
        assert emitter.is_emitted([skipped(7)]), "its status goes on"
        await emitter.emit([skipped(30)])
        assert len(await store.outbox_batch(100)) == 20


REFUSALS = {
    # A constraint: the store knows that it is the row.
    "constraint": ("alter table outbox add constraint nobody check (id <> '{id}')",),
    # Whatever somebody's trigger says: nobody knows what it means, so the row is found by halving.
    "trigger": (
        """create function refuse() returns trigger language plpgsql as
        $$ begin if new.id = '{id}' then raise exception 'not this one'; end if; return new; end $$""",
        "create trigger refuse before insert on outbox for each row execute function refuse()",
    ),
}


@pytest.mark.parametrize("how", REFUSALS)
@pytest.mark.parametrize("position", [0, 5, 19])
async def test_a_row_that_the_database_refuses_is_set_aside_and_the_others_are_told(
    fresh_database: Callable[[], str], position: int, how: str
):
    url = fresh_database()
    async with an_emitter(url) as (emitter, store):
        bad = event_id(skipped(position))
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            for statement in REFUSALS[how]:
                await connection.execute(statement.replace("{id}", bad).encode())
            await emitter.emit([skipped(minute) for minute in range(20)])
            assert len(await store.outbox_batch(100)) == 19
            letters = await (await connection.execute("select error from dead_letters")).fetchall()
        assert len(letters) == 1
        assert "recurrence.skipped of home/rent" in letters[0][0]


def event_id(emission: RuleEmission) -> str:
    return rule_event(emission, NOON).id
