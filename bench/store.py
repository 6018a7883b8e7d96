"""What writing costs in PostgreSQL, beside the barest statement that could do it, in one run.

    python -m bench.store

"Raw" upserts the same documents by one `json_to_recordset` into a table with nine columns and no index but
its key. Ours has the search vector, seventeen indexes, the fence and the lock as well.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
from psycopg.types.json import Json

from bench.report import Report, Row
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.folder import Folder
from todotasks.api import Condition, Metadata, TodoTask, TodoTaskSpec, TodoTaskStatus
from todotasks.store import OutboxMessage, Store, task_row

BATCH = 1000
ROUNDS = 15
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SENTENCES = """
    pay rent invoice review code deploy garden water plants email monitor groceries milk call dentist book
    flight passport taxes report budget meeting notes prepare slides fix release cluster upgrade backup
"""
WORDS = SENTENCES.split()
RAW_TABLE = """
create table raw (uid text primary key, namespace text, name text, version bigint, title text,
    completed boolean, due timestamptz, updated timestamptz, doc jsonb)
"""
RAW_UPSERT = """
insert into raw as t select * from json_to_recordset(%s) as r(uid text, namespace text, name text,
    version bigint, title text, completed boolean, due timestamptz, updated timestamptz, doc jsonb)
on conflict (uid) do update set version = excluded.version, title = excluded.title, due = excluded.due,
    completed = excluded.completed, updated = excluded.updated, doc = excluded.doc
where t.version < excluded.version
"""

Write = Callable[[int, bool], Awaitable[None]]


def a_task(number: int, version: int, completed: bool) -> TodoTask:
    random_ = random.Random(number)
    conditions = tuple(
        Condition(type=type_, status="True", reason="Accepted", message="accepted", last_transition_time=NOW)
        for type_ in ("Ready", "Scheduled")
    )
    return TodoTask(
        metadata=Metadata(
            name=f"task-{number}",
            namespace=f"team-{number % 20}",
            uid=f"{number:08x}-0000-4000-8000-{number:012x}",
            resource_version=str(version),
            creation_timestamp=NOW,
        ),
        spec=TodoTaskSpec(
            title=" ".join(random_.choices(WORDS, k=6)),
            notes=" ".join(random_.choices(WORDS, k=25)),
            tags=("work", "home")[: random_.randint(0, 2)],
            project=random_.choice([None, "alpha", "beta"]),
            assignee=random_.choice([None, "mark", "jo"]),
            completed=completed,
        ),
        status=TodoTaskStatus(
            due_time=NOW + timedelta(minutes=random_.randint(0, 10**5)), conditions=conditions
        ),
    )


async def timed(write: Write, version: int, completed: bool) -> float:
    began = time.perf_counter()
    await write(version, completed)
    return (time.perf_counter() - began) * 1000


async def measure(report: Report, url: str) -> None:
    async with (
        await Store.open(url) as store,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as raw,
    ):
        await store.migrate()
        await raw.execute(RAW_TABLE)
        epoch = await store.take_leadership("bench", "bench")

        async def write_raw(version: int, completed: bool) -> None:
            rows = [
                {
                    "uid": task.metadata.uid,
                    "namespace": task.metadata.namespace,
                    "name": task.metadata.name,
                    "version": version,
                    "title": task.spec.title,
                    "completed": completed,
                    "due": task.status.due_time,
                    "updated": NOW,
                    "doc": msgspec.Raw(msgspec.json.encode(task)),
                }
                for task in (a_task(number, version, completed) for number in range(BATCH))
            ]
            async with raw.transaction():
                await raw.execute(RAW_UPSERT, (Json(rows, dumps=msgspec.json.encode),))

        async def write_ours(version: int, completed: bool) -> None:
            at = NOW + timedelta(seconds=version)
            rows = [task_row(a_task(number, version, completed), at=at) for number in range(BATCH)]
            async with store.write("bench", epoch) as tx:
                await tx.upsert_tasks(rows)

        async def compare(
            what: str, budget: float | None, prepare: str, completed: Callable[[int], bool]
        ) -> None:
            figures: dict[Write, list[float]] = {write_raw: [], write_ours: []}
            for version in range(next_version, next_version + ROUNDS):
                if prepare:
                    await raw.execute(prepare)
                for write, found in figures.items():
                    found.append(await timed(write, version, completed(version)))
            base, ours = (statistics.median(found) for found in figures.values())
            ratio = ours / base
            report.add(
                Row(
                    what=f"{BATCH} rows: {what}",
                    ours=f"{ours:.0f} ms",
                    raw=f"{base:.0f} ms",
                    ratio=ratio,
                    budget=f"≤ {budget:g}×" if budget else "",
                    kept=ratio <= budget if budget else None,
                )
            )

        next_version = 1
        await compare("insert", None, "truncate raw, tasks", lambda version: False)
        next_version += ROUNDS
        await compare("update, nothing indexed changes", 2, "", lambda version: False)
        next_version += ROUNDS
        await compare("update, completed flips", 2, "", lambda version: version % 2 == 0)

        messages = [
            OutboxMessage(f"due-{number}", "reminders", f"uid-{number}", b"x" * 800)
            for number in range(10_000)
        ]
        began = time.perf_counter()
        async with store.write("bench", epoch) as tx:
            await tx.enqueue(messages, once=True)
        seconds = time.perf_counter() - began
        report.add(
            Row(
                "10,000 happenings, each id once, in one commit",
                f"{seconds * 1000:.0f} ms",
                "",
                None,
                "",
                None,
            )
        )


def main() -> None:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="todotasks-bench-") as folder:
        server = Postgres(Folder.open(Path(folder) / "postgres"))
        server.start()
        try:
            server.wait_ready()
            asyncio.run(measure(report, server.address))
        finally:
            server.stop()
    print(f"\n{report.markdown()}")


if __name__ == "__main__":
    main()
