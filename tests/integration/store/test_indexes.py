"""Every usual list and search is answered from an index, page after page (EXPLAIN on 50,000 tasks).

The statements here are how the mirror is meant to be read: in one namespace, in the order of an index's tail,
from behind the last row of the page before (a keyset cursor), one row more than the page to know whether
there is another.
"""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import psycopg
import pytest

from tests.integration.store.support import NOW, Database, fetch, minutes
from todotasks.store import TaskQuery, trigrams
from todotasks.store.search.pages import SEARCH_SESSION
from todotasks.store.search.statement import compile_search, key_types

ROWS = 50_000

DUE = "coalesce(due_time, 'infinity'::timestamptz)"
COMPLETION = "coalesce(completion_time, 'infinity'::timestamptz)"
BEHIND_DUE = f"({DUE}, uid) > (%(due)s, %(uid)s)"
BY_DUE = f"order by {DUE}, uid limit 51"
LIVE = "from tasks where namespace = %(namespace)s and archived_at is null"

HERE = "$q$'ns:team-3'$q$::tsquery"  # the namespace's lexeme: the index then finds both together

# name -> (what is read, the index that must answer it)
LISTS: Mapping[str, tuple[str, str]] = {
    "all by due": (f"{LIVE} {BY_DUE}", "tasks_due"),
    "all by due, next page": (f"{LIVE} and {BEHIND_DUE} {BY_DUE}", "tasks_due"),
    "a range of due": (
        f"{LIVE} and {DUE} >= %(due)s and {DUE} < %(later)s and not completed {BY_DUE}",
        "tasks_(open_)?due",
    ),
    "open by due": (f"{LIVE} and not completed {BY_DUE}", "tasks_open_due"),
    "open by due, next page": (f"{LIVE} and not completed and {BEHIND_DUE} {BY_DUE}", "tasks_open_due"),
    "overdue": (f"{LIVE} and overdue and {BEHIND_DUE} {BY_DUE}", "tasks_overdue"),
    "most urgent first": (
        f"{LIVE} and not completed and (priority_rank, {DUE}, uid) > (2, %(due)s, %(uid)s)"
        f" order by priority_rank, {DUE}, uid limit 51",
        "tasks_open_priority",
    ),
    "of one priority": (
        f"{LIVE} and not completed and priority_rank = 1 and {BEHIND_DUE} {BY_DUE}",
        "tasks_open_priority",
    ),
    "of one project": (f"{LIVE} and project = 'garden' and {BEHIND_DUE} {BY_DUE}", "tasks_project"),
    "of one assignee": (f"{LIVE} and assignee = 'person-7' and {BEHIND_DUE} {BY_DUE}", "tasks_assignee"),
    "newest first": (
        f"{LIVE} and (created_at, uid) < (%(due)s, %(uid)s) order by created_at desc, uid desc limit 51",
        "tasks_created",
    ),
    "last completed first": (
        f"{LIVE} and completed and ({COMPLETION}, uid) < (%(due)s, %(uid)s)"
        f" order by {COMPLETION} desc, uid desc limit 51",
        "tasks_completion",
    ),
    "subtasks": (f"{LIVE} and parent = 'task-700'", "tasks_parent"),
    "by name": ("from tasks where namespace = %(namespace)s and name = 'task-700'", "tasks_name"),
    "of a rare tag": (
        f"{LIVE} and (tags || ('ns:' || namespace)) @> array['rare-7', 'ns:team-3'] {BY_DUE}",
        "tasks_tags",
    ),
    "full text": (
        f"{LIVE} and search @@ ({HERE} && websearch_to_tsquery('english', 'zebra crossing'))",
        "tasks_search",
    ),
    "the beginning of a word": (
        f"{LIVE} and search @@ ({HERE} && to_tsquery('simple', 'zebr:*'))",
        "tasks_search",
    ),
    "several namespaces": (
        f"from unnest(array['team-1', 'team-2']) as n cross join lateral (select {DUE} as due, uid from tasks"
        f" where namespace = n and archived_at is null and not completed and {BEHIND_DUE} {BY_DUE}) as page"
        " order by due, uid limit 51",
        "tasks_open_due",
    ),
    # The vocabulary: a part of a word has all its trigrams; a word with one mistake has all of one third.
    "words that contain a part": ("from words where trigrams @> %(part)s", "words_trigrams"),
    "words with a mistake": (
        "from words where trigrams @> %(first)s or trigrams @> %(second)s or trigrams @> %(third)s",
        "words_trigrams",
    ),
    "the relist of a namespace": (
        f"{LIVE} and uid > %(uid)s order by uid limit 9",
        "tasks_pkey",
    ),
    "the outbox": ("from outbox where seq > 40000 order by seq limit 500", "outbox_pkey"),
    "old happenings": ("from happenings where at < %(long_ago)s", "happenings_at"),
}


@pytest.fixture(scope="module")
async def filled(database: Database) -> AsyncIterator[Database]:
    await database.execute(
        """
        insert into tasks (uid, namespace, name, resource_version, generation, title, priority_rank, tags,
            project, assignee, parent, completed, overdue, blocked, all_day, due_time, completion_time,
            created_at, updated_at, search_hash, search, doc)
        select 'uid-' || n, 'team-' || n %% 20, 'task-' || n, n, 1, title, 1 + n %% 4,
            array['tag-' || n %% 5, 'rare-' || n %% 997],
            (array['garden', 'house', null])[1 + n %% 3], case when n %% 2 = 0 then 'person-' || n %% 11 end,
            case when n %% 50 = 0 then 'task-' || n / 50 end, n %% 3 = 0, n %% 40 = 1, false, false,
            case when n %% 7 > 0 then %(now)s + n * interval '1 minute' end,
            case when n %% 3 = 0 then %(now)s + n * interval '1 minute' end,
            %(now)s - n * interval '1 minute', %(now)s, 0,
            task_search('team-' || n %% 20, string_to_array(title || ' some notes', ' ')), '{}'
        from generate_series(1, %(rows)s) n, lateral (
            select case when n %% 2000 = 0 then 'zebra crossing ' else 'pay rent ' end || n as title) t
        """,
        {"now": NOW, "rows": ROWS},
    )
    words = [f"{a}{b}{c}" for a in ALPHABET for b in ALPHABET for c in ALPHABET]
    async with database.cursor() as cursor:
        await cursor.executemany(
            "insert into words values (%s, %s)", [(word, trigrams(word)) for word in words]
        )
        await cursor.execute(
            "insert into outbox (id, topic, key, headers, created_at)"
            " select n, 't', 'k', '{}', now() from generate_series(1, 50000) n"
        )
        await cursor.execute(
            "insert into happenings"
            " select n, now() - n * interval '1 minute' from generate_series(1, 50000) n"
        )
    await database.execute("vacuum analyze")  # as autovacuum does; also empties the pending lists of GIN
    yield database
    await database.execute("truncate tasks, words, outbox, happenings")


ALPHABET = [f"{one}{two}" for one in "bdfgklmnprst" for two in "aeiou"][:24]


@pytest.mark.parametrize(("statement", "index"), LISTS.values(), ids=LISTS)
async def test_is_answered_from_an_index(filled: Database, statement: str, index: str) -> None:
    plan = await explain(filled, f"select * {statement}")
    assert "Seq Scan" not in plan, plan
    assert re.search(rf"\b{index}\b", plan), plan


@pytest.mark.parametrize("name", ["all by due, next page", "open by due, next page", "newest first"])
async def test_a_page_is_read_in_order_without_sorting(filled: Database, name: str) -> None:
    assert "Sort" not in await explain(filled, f"select * {LISTS[name][0]}")


async def test_pages_together_are_the_whole_list_without_gap_or_repetition(filled: Database) -> None:
    whole = await fetch(
        filled,
        f"select uid from tasks where namespace = 'team-3' and archived_at is null order by {DUE}, uid",
    )
    seen: list[str] = []
    due, uid = "-infinity", ""
    while True:
        cursor = await filled.execute(
            f"select uid, {DUE}::text {LIVE} and {BEHIND_DUE} {BY_DUE}",
            {"namespace": "team-3", "due": due, "uid": uid},
        )
        page = await cursor.fetchall()
        if not page:
            break
        seen += [row[0] for row in page]
        uid, due = page[-1]
    assert seen == [row[0] for row in whole]


async def test_the_words_with_a_mistake_are_found(filled: Database) -> None:
    rows = await fetch(filled, "select word from words where trigrams @> %s", trigrams("badaba")[:3])
    assert ("badaba",) in rows


PAY = "'pay'"
SEARCHES: Mapping[str, tuple[dict[str, Any], str]] = {  # what is asked, the index that is walked
    "all": ({}, "tasks_due"),
    "open": ({"completed": False}, "tasks_open_due"),
    "most urgent": ({"completed": False, "sort": "priority"}, "tasks_open_priority"),
    "urgent": ({"completed": False, "priorities": ("Urgent",)}, "tasks_open_priority"),
    "not the urgent": ({"completed": False, "priorities": ("High", "Low")}, "tasks_(open_)?due"),
    "overdue": ({"overdue": True}, "tasks_overdue"),
    "blocked": ({"blocked": True}, "tasks_blocked"),
    "due in a range": ({"due_from": NOW, "due_to": NOW + minutes(9000)}, "tasks_due"),
    "without due": ({"has_due": False, "completed": False}, "tasks_open_due"),
    "a project": ({"project": "garden"}, "tasks_project"),
    "of somebody": ({"assignee": "person-7"}, "tasks_assignee"),
    "somebody's in a project": ({"assignee": "person-7", "project": "garden"}, "tasks_assignee_project"),
    "tagged": ({"tags": ("tag-1",)}, "tasks_due"),
    "tagged twice, in words": ({"tags": ("tag-1", "rare-7"), "q": "pay"}, "tasks_due"),
    "in words": ({"q": "pay"}, "tasks_due"),
    "in words, newest first": ({"q": "pay", "sort": "created", "descending": True}, "tasks_created"),
    "by title": ({"sort": "title"}, "tasks_title"),
    "made by a rule": ({"recurring": True}, "tasks_due"),
    "subtasks": ({"parent": "task-700"}, "tasks_due"),
    "newest first": ({"sort": "created", "descending": True}, "tasks_created"),
    "made in a range, by due": ({"created_from": NOW - minutes(900)}, "tasks_due"),
    "last completed": ({"sort": "completed", "completed": True, "descending": True}, "tasks_completion"),
    "deleted": ({"archived": True, "sort": "archived", "descending": True}, "tasks_archived"),
    "deleted, in words": ({"archived": True, "sort": "archived", "q": "pay"}, "tasks_archived"),
}
KEYS = {"timestamptz": str(NOW), "smallint": "2", "text": "pay"}


@pytest.fixture(scope="module")
async def searching(filled: Database, postgres_url: str) -> AsyncIterator[Database]:
    """A connection as searches have it."""
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
        for name, value in SEARCH_SESSION.items():
            await connection.execute("select set_config(%s, %s, false)", (name, value))
        yield connection


@pytest.mark.parametrize("namespaces", [("team-3",), ("team-1", "team-2", "team-3")], ids=["one", "three"])
@pytest.mark.parametrize("behind", [False, True], ids=["first page", "next page"])
@pytest.mark.parametrize(("asked", "index"), SEARCHES.values(), ids=SEARCHES)
async def test_no_search_reads_all_tasks(
    searching: Database, asked: dict[str, Any], index: str, behind: bool, namespaces: tuple[str, ...]
) -> None:
    query = TaskQuery(namespaces=namespaces, **asked)
    search = compile_search(query, namespaces, PAY if query.q else None, behind=behind)
    keys = {f"key{n}": KEYS[type_] for n, type_ in enumerate(key_types(query.sort))}
    begins = {f"keys{n}": [KEYS[type_]] * len(namespaces) for n, type_ in enumerate(key_types(query.sort))}
    parameters = {
        **search.parameters,
        **{"walked": list(namespaces), "uids": ["uid-9"] * len(namespaces), "reach": 300, **begins},
        **{"behind": "uid-9", "most": 4001, "rows": 51, **keys},
    }
    walk, collect = [
        "\n".join(
            [row[0] for row in await (await searching.execute(f"explain {each}", parameters)).fetchall()]
        )
        for each in (search.walk, search.collect)
    ]
    assert re.search(rf"\b{index}\b", walk), walk
    # What is filtered within the walk is not counted: it could read an index to its end for nothing.
    assert re.findall(r"Filter: .*", walk) == ["Filter: (step.hit OR step.edge)"], walk
    for plan in (walk, collect if search.collectable else ""):
        assert "Seq Scan" not in plan, plan
        assert "Disabled" not in plan, plan


async def explain(database: Database, statement: str) -> str:
    parameters: dict[str, Any] = {
        "namespace": "team-3",
        "due": NOW + minutes(5000),
        "later": NOW + minutes(6000),
        "uid": "uid-200",
        "part": ["dab", "aba"],
        **dict(zip(("first", "second", "third"), thirds("badaba"), strict=True)),
        "long_ago": NOW - minutes(10**6),
    }
    cursor = await database.execute(f"explain {statement}", parameters)
    return "\n".join(row[0] for row in await cursor.fetchall())


def thirds(word: str) -> list[list[str]]:
    pieces = trigrams(word)
    size = -(-len(pieces) // 3)
    return [pieces[start : start + size] for start in range(0, 3 * size, size)]
