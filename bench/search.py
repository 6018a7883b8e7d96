"""How long searches take in a large mirror, beside the barest reads of the same table, in one run.

    python -m bench.search --tasks 1000000                 # about six minutes, most of them to fill it
    python -m bench.search --tasks 1000000 --data FOLDER   # keeps the filled server there for the next time

Each kind of search is asked with other words, namespaces and cursors each time, kinds in turn, so that no
answer is one that lay ready. "Raw" are a row by its primary key and the first fifty of a namespace by an index:
what a round trip to PostgreSQL costs here and now. CPU is what the server's process took for a search: on a
busy machine it says more than the time does.
"""

# ruff: noqa: E501 - a table: a kind of search a line

import asyncio
import itertools
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import psutil
import psycopg

from bench.report import Report, Row, percentile
from bench.search_data import KNOWN, TEAMS, fill, vocabulary
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.folder import Folder
from todotasks.store import SearchTooSlow, Store, TaskQuery

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
BUDGET = 0.020  # seconds, p99
BUFFERS = "2GB"  # of PostgreSQL
WARM_UP = 5  # rounds that are not counted
RANDOM = random.Random(5)
RARE = vocabulary()[2_000:]  # each in up to a few hundred of a million
SOME = vocabulary()[100:2_000]

Kind = Callable[[], dict[str, Any]]


def team() -> tuple[str, ...]:
    return (f"team-{RANDOM.randrange(TEAMS)}",)


def week() -> dict[str, Any]:
    begin = NOW + timedelta(days=RANDOM.randrange(300))
    return {"due_from": begin, "due_to": begin + timedelta(days=7)}


def misspelt() -> str:
    word = RANDOM.choice([word for word in KNOWN if len(word) > 5])
    place = RANDOM.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


BIG = ("big",)
KINDS: dict[str, Kind] = {
    "open, by due": lambda: {"namespaces": BIG, "completed": False},
    "open, by due, in a team": lambda: {"namespaces": team(), "completed": False},
    "open, in all namespaces": lambda: {"namespaces": None, "completed": False},
    "open, in five namespaces": lambda: {"namespaces": (*team(), *team(), *team(), *team(), *BIG), "completed": False},
    "most urgent first": lambda: {"namespaces": BIG, "completed": False, "sort": "priority"},
    "overdue": lambda: {"namespaces": BIG, "overdue": True},
    "due in a week": lambda: {"namespaces": BIG, "completed": False, **week()},
    "of a project": lambda: {"namespaces": BIG, "project": f"project-{RANDOM.randrange(41)}", "completed": False},
    "of somebody, in a project": lambda: {
        "namespaces": BIG,
        "assignee": f"person-{RANDOM.randrange(53)}",
        "project": f"project-{RANDOM.randrange(41)}",
    },
    "a common tag": lambda: {"namespaces": BIG, "tags": (f"area-{2 * RANDOM.randrange(5)}",)},
    "a rare tag": lambda: {"namespaces": BIG, "tags": (f"rare-{RANDOM.randrange(3001)}",)},
    "newest first": lambda: {"namespaces": BIG, "sort": "created", "descending": True},
    "last completed first": lambda: {"namespaces": BIG, "completed": True, "sort": "completed", "descending": True},
    "by title": lambda: {"namespaces": BIG, "sort": "title"},
    "subtasks": lambda: {"namespaces": BIG, "parent": f"task-{RANDOM.randrange(4000) * 10 + 1}"},
    "the commonest word": lambda: {"namespaces": BIG, "q": "review "},
    "the commonest word, in a team": lambda: {"namespaces": team(), "q": "review "},
    "the commonest word, everywhere": lambda: {"namespaces": None, "q": "review "},
    "a common word": lambda: {"namespaces": BIG, "q": f"{RANDOM.choice(KNOWN)} "},
    "a less common word": lambda: {"namespaces": BIG, "q": f"{RANDOM.choice(SOME)} "},
    "a rare word": lambda: {"namespaces": BIG, "q": f"{RANDOM.choice(RARE)} "},
    "a rare word, everywhere": lambda: {"namespaces": None, "q": f"{RANDOM.choice(RARE)} "},
    "two common words": lambda: {"namespaces": BIG, "q": " ".join(RANDOM.sample(KNOWN[:8], 2)) + " "},
    "three common words": lambda: {"namespaces": BIG, "q": " ".join(RANDOM.sample(KNOWN[:8], 3)) + " "},
    "the beginning of a word": lambda: {"namespaces": BIG, "q": RANDOM.choice(SOME)[:4]},
    "a misspelt word": lambda: {"namespaces": BIG, "q": f"{misspelt()} "},
    "a word that nobody has": lambda: {"namespaces": BIG, "q": f"xq{RANDOM.choice(RARE)} "},
    "a word and a tag": lambda: {
        "namespaces": BIG,
        "q": f"{RANDOM.choice(KNOWN)} ",
        "tags": (f"area-{2 * RANDOM.randrange(5)}",),
    },
}  # fmt: skip
RAW_KEY = "select doc::text from tasks where uid = %s"
RAW_LIST = (
    "select doc::text from tasks where namespace = %s and archived_at is null and not completed"
    " order by coalesce(due_time, 'infinity'::timestamptz), uid limit 50"
)


class Timed:
    """Wall and server CPU time of each of a kind."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu: list[float] = []
        self.rows: list[int] = []

    async def one(self, server: psutil.Process, ask: Callable[[], Awaitable[int]]) -> None:
        cpu, began = sum(server.cpu_times()[:2]), time.perf_counter()
        rows = await ask()
        self.seconds.append(time.perf_counter() - began)
        self.cpu.append(sum(server.cpu_times()[:2]) - cpu)
        self.rows.append(rows)

    def said(self) -> str:
        p50, p99 = (percentile(self.seconds, share) * 1000 for share in (0.5, 0.99))
        cpu = sum(self.cpu) / len(self.cpu) * 1000
        return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, CPU {cpu:.1f} ms"


async def measure(report: Report, url: str, rounds: int) -> None:
    async with (
        await Store.open(url, min_size=1, max_size=1) as store,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as raw,
    ):
        uids = [row[0] for row in await (await raw.execute("select uid from tasks limit 5000")).fetchall()]
        kinds = {name: Timed() for name in KINDS}
        pages, key, listed = Timed(), Timed(), Timed()
        await store.search.find(TaskQuery(namespaces=BIG))
        pids = "select pid from pg_stat_activity where application_name = 'todotasks'"
        (pid,), *_ = await (await raw.execute(pids)).fetchall()
        ours, theirs = psutil.Process(pid), psutil.Process(raw.info.backend_pid)

        async def by_key() -> int:
            return len(await (await raw.execute(RAW_KEY, (RANDOM.choice(uids),))).fetchall())

        async def by_due() -> int:
            return len(await (await raw.execute(RAW_LIST, team())).fetchall())

        for round_ in range(-WARM_UP, rounds):
            if round_ == 0:
                kinds = {name: Timed() for name in KINDS}
                pages, key, listed = Timed(), Timed(), Timed()
            await key.one(theirs, by_key)
            await listed.one(theirs, by_due)
            for name, make in KINDS.items():
                query = TaskQuery(**make())
                next_: list[str | None] = []

                async def first(
                    query: TaskQuery = query, next_: list[str | None] = next_, name: str = name
                ) -> int:
                    try:
                        page = await store.search.find(query)
                    except SearchTooSlow:
                        print(f"  stopped: {name}: {query}", flush=True)
                        next_.append(None)
                        return 0
                    next_.append(page.next)
                    return len(page.rows)

                await kinds[name].one(ours, first)
                if next_[0] is not None and "open" in name:
                    later = TaskQuery(**{**make(), "namespaces": query.namespaces, "cursor": next_[0]})

                    async def next_page(later: TaskQuery = later) -> int:
                        return len((await store.search.find(later)).rows)

                    await pages.one(ours, next_page)
    raw_list = percentile(listed.seconds, 0.5)
    raw_key = percentile(key.seconds, 0.5)
    beside = f"{raw_list * 1000:.1f} ms (50 by an index), {raw_key * 1000:.1f} ms (one by its key)"
    for name, timed in itertools.chain(kinds.items(), [("the next page of a list", pages)]):
        p50, p99 = (percentile(timed.seconds, share) for share in (0.5, 0.99))
        rows = sum(timed.rows) / len(timed.rows)
        report.add(
            Row(
                f"{name} ({rows:.0f} rows)",
                timed.said(),
                beside,
                p50 / raw_list,
                "p99 ≤ 20 ms",
                p99 <= BUDGET,
            )
        )
    print(f"raw, 50 by an index: {listed.said()}; raw, one by its key: {key.said()}")


async def prepare(url: str, tasks: int) -> None:
    async with await Store.open(url) as store:
        await store.migrate()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        row = await (await database.execute("select count(*) from tasks")).fetchone()
        if row is not None and row[0] == tasks:
            return
        began = time.perf_counter()
        await fill(database, tasks, NOW)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)


def give_memory(server: Postgres) -> None:
    """As who keeps a million tasks would: the default, 128 MB, is an eighteenth of them."""
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(f"alter system set shared_buffers = '{BUFFERS}'")
    server.stop()
    server.start()
    server.wait_ready()


@click.command()
@click.option("--tasks", default=1_000_000, show_default=True, help="In the mirror.")
@click.option("--rounds", default=200, show_default=True, help="Searches of each kind.")
@click.option("--data", type=click.Path(path_type=Path), help="Keep the server's data here.")
def main(tasks: int, rounds: int, data: Path | None) -> None:
    """Measure searches; the table is printed."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="todotasks-bench-") as temporary:
        server = Postgres(Folder.open(data or Path(temporary) / "postgres"))
        server.start()
        try:
            server.wait_ready()
            give_memory(server)
            asyncio.run(prepare(server.address, tasks))
            asyncio.run(measure(report, server.address, rounds))
        finally:
            server.stop()
    print(f"\n{report.markdown()}")


if __name__ == "__main__":
    main()
