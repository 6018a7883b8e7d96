"""The log in a real PostgreSQL: every event once, nothing taken back, and the proof over what is "
"really stored."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import pytest_asyncio

from todotasks.audit import Entry, Flaw, Head, Signer, Verdict, Verifier
from todotasks.store import Store
from todotasks.store.audit import AuditQuery

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SIGNER, _ = Signer.generate()


def entry(number: int, **fields: object) -> Entry:
    given = {
        "id": f"e-{number}",
        "at": NOW + timedelta(seconds=number),
        "source": "observed",
        "action": "task.updated",
        "actor": f"user-{number % 3}",
        "namespace": f"ns-{number % 2}",
        "name": f"task-{number}",
        "kind": "TodoTask",
        "uid": f"uid-{number}",
        "version": 1000 + number,
        "title": "Pay rent «groß» \U0001f33f",
        "detail": {"message": "so", "channels": ("a", "b"), "attempts": 3},
    }
    return Entry(**{**given, **fields})  # type: ignore[arg-type]


@pytest_asyncio.fixture(loop_scope="session")
async def url(fresh_database: Callable[[], str]) -> str:
    return fresh_database()


@pytest_asyncio.fixture(loop_scope="session")
async def store(url: str) -> AsyncIterator[Store]:
    async with await Store.open(url) as opened:
        await opened.migrate()
        yield opened


async def verify(store: Store, published: list[Head]) -> Verdict:
    verifier = Verifier(published, {SIGNER.key_id: SIGNER.public}, stored=await store.audit.closing_heads())
    async for rows in store.audit.walk(page=7):
        if not verifier.feed(rows):
            break
    return verifier.verdict()


async def head(store: Store) -> Head:
    seq, digest = await store.audit.tip()
    made = SIGNER.sign(seq, digest, NOW)
    await store.audit.add_head(made)
    return made


async def test_every_event_is_once_in_the_log_however_often_and_from_how_many_it_comes(store: Store) -> None:
    entries = [entry(number) for number in range(60)]

    async def consumer(seed: int) -> None:
        mine = random.Random(seed).sample(entries, len(entries))
        for place in range(0, len(mine), 11):
            await store.audit.append(mine[place : place + 11], NOW)

    await asyncio.gather(*(consumer(seed) for seed in range(4)))
    rows = await store.audit.find(AuditQuery(limit=200))
    assert sorted(row.entry["id"] for row in rows) == sorted(each.id for each in entries)
    assert [row.seq for row in rows] == list(range(60, 0, -1))
    verdict = await verify(store, [await head(store)])
    assert verdict.holds, verdict.finding
    assert (verdict.rows, verdict.vouched) == (60, 60)


async def test_what_postgresql_cannot_keep_is_kept_as_well_as_it_can(store: Store) -> None:
    await store.audit.append([entry(1, title="a\x00b\ud800", name="ü"), entry(2, version=2**62)], NOW)
    assert (await verify(store, [])).holds


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set actor = 'x'",
        "delete from audit_log where seq = 1",
        "truncate audit_log",
        "truncate audit_log_202611",
        "update audit_log_202611 set actor = 'x'",
        "delete from audit_heads",
        "truncate audit_heads",
        "update audit_heads set seq = 7",
        "select audit_drop_partition('audit_log_202611')",
    ],
)
async def test_even_the_owner_is_refused_what_takes_something_back(
    store: Store, url: str, statement: str
) -> None:
    await store.audit.append([entry(1), entry(2)], NOW)
    await head(store)
    await store.audit.append([entry(3)], NOW)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(statement)
    assert len(await store.audit.find(AuditQuery())) == 3


async def test_the_role_that_writes_may_add_and_look_and_nothing_else(store: Store, url: str) -> None:
    await store.audit.append([entry(1)], NOW)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("set role todotasks_audit")
        await connection.execute("select count(*) from audit_log")
        for statement in (
            "update audit_log set actor = 'x'",
            "delete from audit_log",
            "truncate audit_log",
            "drop table audit_log",
            "alter table audit_log disable trigger all",
            "select * from tasks",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement)


@pytest.mark.parametrize(
    ("statements", "flaw", "seq"),
    [
        (
            ["update audit_log set body = replace(body, 'user-1', 'eve') where seq = 5"],
            Flaw.ALTERED,
            5,
        ),
        (["update audit_log set actor = 'eve' where seq = 5"], Flaw.ALTERED, 5),
        (["update audit_log set recorded_at = recorded_at + interval '1 us' where seq = 5"], Flaw.ALTERED, 5),
        (["delete from audit_log where seq = 5"], Flaw.MISSING, 5),
        (["delete from audit_log where seq > 15"], Flaw.TRUNCATED, 16),
        (["delete from audit_log where seq < 5"], Flaw.BEHEADED, 5),
        (["truncate audit_log"], Flaw.TRUNCATED, 1),
        (
            [
                "drop index audit_log_202611_once",
                "update audit_log set seq = 26 - seq where seq in (12, 14)",
            ],
            Flaw.ALTERED,
            12,
        ),
    ],
)
async def test_what_a_superuser_does_to_the_stored_rows_is_found(
    store: Store, url: str, statements: list[str], flaw: Flaw, seq: int
) -> None:
    await store.audit.append([entry(number) for number in range(20)], NOW)
    published = [await head(store)]
    assert (await verify(store, published)).holds
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("set session_replication_role = replica")  # no trigger fires
        for statement in statements:
            await connection.execute(statement)  # type: ignore[arg-type]
    finding = (await verify(store, published)).finding
    assert finding is not None
    assert (finding.flaw, finding.seq) == (flaw, seq), finding.message


async def test_a_backup_put_back_and_gone_on_with_is_a_fork(fresh_database: Callable[[], str]) -> None:
    async def begun() -> Store:
        store = await Store.open(fresh_database())
        await store.migrate()
        await store.audit.append([entry(number) for number in range(10)], NOW)
        return store

    async with await begun() as first, await begun() as restored:
        await first.audit.append([entry(11)], NOW)
        published = [await head(first)]
        await restored.audit.append([entry(12)], NOW)
        finding = (await verify(restored, published)).finding
    assert finding is not None
    assert (finding.flaw, finding.seq) == (Flaw.FORKED, 11)


async def test_heads_that_the_log_contradicts_are_told_apart(store: Store) -> None:
    await store.audit.append([entry(number) for number in range(10)], NOW)
    holds = await head(store)
    other = SIGNER.sign(7, b"x" * 32, NOW)
    beyond = SIGNER.sign(11, b"x" * 32, NOW)
    assert await store.audit.contradicted([holds, other, beyond]) == [other, beyond]


async def test_rows_that_were_dropped_contradict_nothing(store: Store) -> None:
    old = NOW - timedelta(days=150)
    await store.audit.append([entry(number) for number in range(5)], old)
    ((partition, seq, digest),) = await store.audit.over(NOW)
    closing = SIGNER.sign(seq, digest, NOW, closes=partition)
    within = SIGNER.sign(3, b"x" * 32, NOW)
    await store.audit.add_head(closing)
    await store.audit.drop(partition)
    assert await store.audit.contradicted([within, closing]) == []
    assert await store.audit.contradicted([SIGNER.sign(6, b"x" * 32, NOW)]) != []
    await store.audit.append([entry(9)], NOW)
    assert await store.audit.contradicted([within, closing]) == []


async def test_a_month_goes_only_behind_its_closing_head_and_the_rest_is_still_proven(store: Store) -> None:
    old = NOW - timedelta(days=150)
    await store.audit.append([entry(number) for number in range(5)], old)
    await store.audit.append([entry(number) for number in range(5, 9)], NOW)
    ((partition, seq, digest),) = await store.audit.over(NOW)
    assert (partition, seq) == ("audit_log_202607", 5)
    with pytest.raises(Exception, match="not closed"):
        await store.audit.drop(partition)
    await store.audit.add_head(SIGNER.sign(seq, digest, NOW, closes=partition))
    assert await store.audit.drop(partition) == 5
    verdict = await verify(store, [await head(store)])
    assert verdict.holds, verdict.finding
    assert (verdict.first, verdict.rows) == (6, 4)
    await store.audit.append([entry(20)], NOW)
    assert (await verify(store, [])).holds


async def test_everything_dropped_the_chain_goes_on_where_it_ended(store: Store) -> None:
    await store.audit.append([entry(1)], NOW - timedelta(days=150))
    ((partition, seq, digest),) = await store.audit.over(NOW)
    await store.audit.add_head(SIGNER.sign(seq, digest, NOW, closes=partition))
    await store.audit.drop(partition)
    done = await store.audit.append([entry(2)], NOW)
    assert done.seq == 2
    assert (await verify(store, [])).holds


async def test_attempts_and_what_was_observed_are_joined(store: Store) -> None:
    attempt = {"source": "attempt", "kind": "TodoTask", "uid": "u"}
    await store.audit.append(
        [
            entry(1, **attempt, action="create", actor="ana", version=None),
            entry(2, uid="u", action="task.created", version=10, actor="ana"),
            entry(3, **attempt, action="update", actor="ben", version=10),
            entry(4, uid="u", action="task.updated", version=12, actor="ben"),
            entry(5, **attempt, action="update", actor="eve", version=12),  # refused behind: by a quota, say
            entry(6, **attempt, action="delete", actor="eve", version=12),
            entry(7, uid="u", action="task.deleted", version=13, actor=None),
        ],
        NOW,
    )
    found = {row.entry["id"]: row.related for row in await store.audit.find(AuditQuery(uid="u"))}
    assert {key: related and related["seq"] for key, related in found.items()} == {
        "e-1": 2,
        "e-2": 1,
        "e-3": 4,
        "e-4": 3,
        "e-5": None,
        "e-6": 7,
        "e-7": 6,
    }
    deleted = found["e-7"]
    assert deleted is not None
    assert deleted["actor"] == "eve"


async def test_questions_are_answered_by_user_action_namespace_object_time_and_words(store: Store) -> None:
    await store.audit.append([entry(number) for number in range(30)], NOW)
    await store.audit.append([entry(99, title="Paint the fence", action="task.completed")], NOW)

    async def numbers(**fields: object) -> list[str]:
        return [row.entry["id"] for row in await store.audit.find(AuditQuery(**fields))]  # type: ignore[arg-type]

    assert await numbers(actor="user-1", namespaces=("ns-1",), limit=2) == ["e-25", "e-19"]
    assert await numbers(action="task.completed") == ["e-99"]
    assert await numbers(text="FENCE paint") == ["e-99"]
    assert await numbers(name="task-7") == ["e-7"]
    span = {"since": NOW + timedelta(seconds=28), "until": NOW + timedelta(seconds=30)}
    assert await numbers(**span) == ["e-29", "e-28"]
    first = await store.audit.find(AuditQuery(limit=20))
    second = await store.audit.find(AuditQuery(limit=20, before=first[-1].seq))
    assert len({row.seq for row in [*first, *second]}) == 31
    assert dict(await store.audit.count(AuditQuery(), "action")) == {"task.updated": 30, "task.completed": 1}
    assert await store.audit.count(AuditQuery(), "day") == [("2026-11-28", 31)]
