"""A mirror of many tasks, as `bench.search` reads it: made by the server itself, indexed afterwards.

Half of the tasks are in one namespace, `big`; the others are in a hundred teams. Few words are common and most
are rare: with the fourth power the first is in every second task, the twentieth in three of a hundred, and
the rarest in one of two thousand. A third is completed, a sixth has no due date.
"""

# ruff: noqa: E501 - SQL, a column a line

import random
from typing import Any

import psycopg

from todotasks.store import trigrams

Database = psycopg.AsyncConnection[tuple[Any, ...]]

TEAMS = 100
VOCABULARY = 20_000  # words; a language has more, a company's todo list hardly
KNOWN = [
    "review",
    "meeting",
    "report",
    "invoice",
    "call",
    "update",
    "garden",
    "rent",
    "dentist",
    "groceries",
    "budget",
    "flight",
    "release",
    "backup",
    "customer",
    "contract",
    "zebra",
    "paprika",
]

_FILL = """
insert into tasks (uid, namespace, name, resource_version, generation, title, priority_rank, tags, project,
    assignee, parent, completed, overdue, blocked, all_day, due_time, completion_time, created_at, updated_at,
    search_hash, search, doc)
select uid, namespace, 'task-' || n, n, 1, title, rank, tags, project, assignee, parent, done, overdue, n %% 60 = 0,
    false, due, case when done then created + interval '2 days' end, created, created, 0,
    task_search(namespace, string_to_array(title || ' ' || notes, ' ')
        || tsvector_to_array(to_tsvector('english', title || ' ' || notes))),
    jsonb_build_object(
        'metadata', jsonb_build_object('name', 'task-' || n, 'namespace', namespace, 'uid', uid,
            'resourceVersion', n::text, 'generation', 1, 'creationTimestamp', created),
        'spec', jsonb_build_object('title', title, 'notes', notes, 'priority',
            (array['Urgent', 'High', 'Medium', 'Low'])[rank], 'tags', tags, 'project', project,
            'assignee', assignee, 'completed', done, 'due', due),
        'status', jsonb_build_object('observedGeneration', 1, 'dueTime', due, 'conditions', jsonb_build_array(
            jsonb_build_object('type', 'Ready', 'status', 'True', 'reason', 'Accepted', 'message', 'accepted'),
            jsonb_build_object('type', 'Overdue', 'status', initcap(overdue::text), 'reason', 'Time', 'message', ''))))
from (
    select n, md5(n::text)::uuid::text as uid, case when n %% 2 = 0 then 'big' else 'team-' || n / 2 %% %(teams)s end
            as namespace,
        case when n %% 20 < 1 then 1 when n %% 20 < 5 then 2 when n %% 20 < 16 then 3 else 4 end as rank,
        array['area-' || (n * 7 %% 10), 'rare-' || (n %% 3001)] as tags,
        case when n %% 3 > 0 then 'project-' || (n %% 41) end as project,
        case when n %% 4 > 0 then 'person-' || (n %% 53) end as assignee,
        case when n %% 25 = 0 then 'task-' || (n / 250 * 10 + 1) end as parent,
        h %% 3 = 0 as done, h %% 3 > 0 and h %% 40 = 7 as overdue,
        case when h %% 6 > 0 then %(now)s + ((h %% 525600) - 20000) * interval '1 minute' end as due,
        %(now)s - (h / 7 %% 1000000) * interval '1 minute' as created,
        word(h, 1) || ' ' || word(h, 2) || ' ' || word(h, 3) || ' ' || word(h, 4) as title,
        word(h, 5) || ' ' || word(h, 6) || ' ' || word(h, 7) || ' ' || word(h, 8) || ' ' || word(h, 9) || ' '
            || word(h, 10) || ' ' || word(h, 11) || ' ' || word(h, 12) as notes
    from (select n, hashint8(n)::bigint + 2147483648 as h from generate_series(%(first)s::bigint, %(last)s) n) numbered
) made
"""
# The n-th word of a row: the fourth power of an even spread makes the first words common.
_WORD = """
create or replace function word(h bigint, n int) returns text language sql stable as $$
    select w from vocabulary where i = (power((hashint8(h * 31 + n)::bigint + 2147483648) / 4294967296.0, 4)
        * (%d - 1))::int
$$
"""


def vocabulary() -> list[str]:
    """The words, the commonest first."""
    random_ = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"] + ["ter", "ing", "son", "lan"]
    words = dict.fromkeys(KNOWN)
    while len(words) < VOCABULARY:
        words["".join(random_.choices(syllables, k=random_.randint(2, 4)))] = None
    return list(words)


async def fill(database: Database, tasks: int, now: Any, chunk: int = 50_000) -> None:
    """Fill a migrated, empty mirror. The indexes are made at the end, as a restore would."""
    words = vocabulary()
    await database.execute("create table vocabulary (i int primary key, w text)")
    async with database.cursor() as cursor:
        async with cursor.copy("copy vocabulary from stdin") as copy:
            for row in enumerate(words):
                await copy.write_row(row)
        async with cursor.copy("copy words from stdin") as copy:
            for word in words:
                await copy.write_row((word, trigrams(word)))
    await database.execute(_WORD % VOCABULARY)
    cursor = await database.execute(
        "select indexname, indexdef from pg_indexes where tablename = 'tasks' and indexname <> 'tasks_pkey'"
    )
    indexes = await cursor.fetchall()
    for name, _ in indexes:
        await database.execute(f"drop index {name}")
    for first in range(1, tasks + 1, chunk):
        last = min(first + chunk - 1, tasks)
        await database.execute(_FILL, {"first": first, "last": last, "teams": TEAMS, "now": now})
        print(f"  {last:,} tasks", flush=True)
    await database.execute("set maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        await database.execute(definition)
    await database.execute("drop function word(bigint, int)")
    await database.execute("drop table vocabulary")
    await database.execute("vacuum analyze")
