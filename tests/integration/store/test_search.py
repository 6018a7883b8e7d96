"""Searches of the mirror, compared with the same done by hand on all rows."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from tests.integration.store.support import NOW, Database, a_task, minutes
from tests.unit.text.test_search import FOUND, NOT_FOUND
from todotasks.api import Metadata, OwnerReference, TodoTask, TodoTaskSpec
from todotasks.store import PRIORITY_RANKS, BadQuery, SearchTooSlow, Store, TaskQuery, TaskRow
from todotasks.store.rows import TASK_KIND, Archival
from todotasks.store.search import pages as searching
from todotasks.text.alike import most_alike
from todotasks.text.analysis import document, vocabulary
from todotasks.text.search import read_search

ROWS = 600
NEVER = datetime.max.replace(tzinfo=NOW.tzinfo)
TITLES = ("Pay rent", "Pay the invoice", "Water plants", "Review budget", "Book flight", "Café with Zoë")


def make(number: int) -> TaskRow:
    """Every third one is in `big`'s shadow: `big` has most, `small` few, and dues often coincide."""
    random_ = random.Random(number)
    namespace = random_.choices(["big", "middle", "small"], [8, 3, 1])[0]
    completed = random_.random() < 0.4
    due = None if random_.random() < 0.2 else NOW + minutes(random_.randint(-50, 50) * 60)
    title = random_.choice(TITLES)
    spec: dict[str, Any] = {
        "title": f"{title} {number % 10}" if random_.random() < 0.7 else title,
        "notes": "the landlord called about it" if random_.random() < 0.1 else None,
        "priority": random_.choice(list(PRIORITY_RANKS)),
        "tags": tuple(random_.sample(["work", "home", "rare"], k=random_.randint(0, 2))),
        "project": random_.choice([None, "garden", "house"]),
        "assignee": random_.choice([None, "mark", "jo"]),
        "parent": "task-uid-7" if random_.random() < 0.05 else None,
        "completed": completed,
    }
    row = a_task(f"uid-{number}", number + 1, namespace=namespace, due=due, **spec)
    owner = OwnerReference("todotasks.dev/v1", "RecurrenceRule", "weekly", "rule-uid", controller=True)
    owned = TodoTask(
        metadata=Metadata(name=row.name, namespace=namespace, uid=row.uid, owner_references=(owner,)),
        spec=TodoTaskSpec(**spec),
    )
    return msgspec.structs.replace(
        row,
        doc=msgspec.json.encode(owned) if random_.random() < 0.2 else row.doc,
        overdue=not completed and due is not None and due < NOW,
        blocked=random_.random() < 0.1,
        completion_time=NOW - minutes(number) if completed and random_.random() < 0.9 else None,
        created_at=NOW - minutes(number % 97),
    )


ALL = [make(number) for number in range(ROWS)]
ARCHIVED = {f"uid-{number}": NOW + timedelta(seconds=number // 3) for number in range(0, ROWS, 20)}


@pytest.fixture(scope="module")
async def filled(postgres_url: str, database: Database) -> AsyncIterator[Store]:
    async with await Store.open(postgres_url) as store:
        epoch = await store.take_leadership("test", "the tests")
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks(ALL)
        for uid, at in ARCHIVED.items():
            async with store.write("test", epoch) as tx:
                await tx.archive(TASK_KIND, [Archival(uid, "deleted", 10**6)], at)
        await database.execute("analyze")
        yield store


def is_recurring(row: TaskRow) -> bool:
    return b"RecurrenceRule" in row.doc


def matches(query: TaskQuery, row: TaskRow) -> bool:
    due = row.due_time
    checks = [
        (row.uid in ARCHIVED) == query.archived,
        query.namespaces is None or row.namespace in query.namespaces,
        read_search(query.q).matches(document(row.title, row.notes, row.tags)),
        not query.priorities or row.priority in query.priorities,
        set(query.tags) <= set(row.tags),
        *(
            said is None or getattr(row, field) == said
            for field, said in msgspec.structs.asdict(query).items()
            if field in ("project", "assignee", "parent", "completed", "overdue", "blocked")
        ),
        query.recurring is None or is_recurring(row) == query.recurring,
        query.has_due is None or (due is not None) == query.has_due,
        query.due_from is None or (due is not None and due >= query.due_from),
        query.due_to is None or (due is not None and due < query.due_to),
        query.created_from is None or (row.created_at or NOW) >= query.created_from,
        query.created_to is None or (row.created_at or NOW) < query.created_to,
    ]
    return all(checks)


ORDER: dict[str, Callable[[TaskRow], Any]] = {
    "due": lambda row: (row.due_time or NEVER, row.uid),
    "priority": lambda row: (PRIORITY_RANKS[row.priority], row.due_time or NEVER, row.uid),
    "created": lambda row: (row.created_at, row.uid),
    "title": lambda row: (row.title.lower().encode(), row.uid),
    "completed": lambda row: (row.completion_time or NEVER, row.uid),
    "archived": lambda row: (ARCHIVED[row.uid], row.uid),
}


def by_hand(query: TaskQuery) -> list[str]:
    found = [row for row in ALL if matches(query, row)]
    return [row.uid for row in sorted(found, key=ORDER[query.sort], reverse=query.descending)]


async def all_pages(store: Store, query: TaskQuery) -> list[str]:
    found: list[str] = []
    for _ in range(2 * ROWS):
        page = await store.search.find(query)
        assert len(page.rows) <= query.limit
        found += [row.uid for row in page.rows]
        if page.next is None:
            return found
        query = msgspec.structs.replace(query, cursor=page.next)
    raise AssertionError("it never ends")


def any_query(seed: int) -> TaskQuery:
    random_ = random.Random(seed)

    def maybe(share: float, *values: Any) -> Any:
        return random_.choice(values) if random_.random() < share else None

    given: dict[str, Any] = {
        "namespaces": maybe(
            0.8, ("big",), ("small",), ("big", "small"), ("small", "middle", "big"), ("none",)
        ),
        "q": maybe(0.4, "pay", "rent ", "landlord", "pay invoice", "cafe", "rev", "review budget", "zebra")
        or "",
        "priorities": maybe(0.3, ("Urgent",), ("High", "Low")) or (),
        "tags": maybe(0.3, ("work",), ("rare",), ("work", "home")) or (),
        "project": maybe(0.2, "garden", "nowhere"),
        "assignee": maybe(0.2, "mark", "jo"),
        "parent": maybe(0.1, "task-uid-7"),
        "completed": maybe(0.5, True, False),
        "overdue": maybe(0.2, True, False),
        "blocked": maybe(0.2, True, False),
        "recurring": maybe(0.2, True, False),
        "has_due": maybe(0.2, True, False),
        "due_from": maybe(0.2, NOW - minutes(600)),
        "due_to": maybe(0.2, NOW + minutes(600)),
        "created_from": maybe(0.1, NOW - minutes(50)),
        "created_to": maybe(0.1, NOW - minutes(20)),
        "archived": random_.random() < 0.1,
        "descending": random_.random() < 0.3,
        "limit": random_.choice([3, 20, 50, 200]),
    }
    if given["has_due"] is False:
        given["due_from"] = given["due_to"] = None
    sorts = ["due", "due", "created", "title"]
    sorts += {True: ["completed"], False: ["priority"], None: []}[given["completed"]]
    given["sort"] = "archived" if given["archived"] else random_.choice(sorts)
    return TaskQuery(**given)


@pytest.mark.parametrize("seeds", [range(start, start + 40) for start in range(0, 240, 40)], ids=str)
async def test_pages_together_are_what_looking_at_every_row_finds(filled: Store, seeds: range) -> None:
    for seed in seeds:
        query = any_query(seed)
        assert await all_pages(filled, query) == by_hand(query), (seed, query)


@pytest.mark.parametrize("seeds", [range(start, start + 40) for start in range(240, 400, 40)], ids=str)
async def test_they_are_so_too_where_a_page_may_look_at_a_few_rows_only(
    filled: Store, seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then most pages are short, or collected, or go on where a namespace was not read any further."""
    for name, value in {
        "FIRST_STRETCH": 6,
        "NEAR": 10,
        "FAR": 20,
        "CHEAP": 40,
        "COLLECTED": 15,
        "LONGEST_WALK": 40,
    }.items():
        monkeypatch.setattr(searching, name, value)
    monkeypatch.setattr(searching, "SHORTEST_STEP", 2)
    for seed in seeds:
        query = any_query(seed)
        assert await all_pages(filled, query) == by_hand(query), (seed, query)


@pytest.mark.parametrize(
    ("q", "meant"), [("reveiw", "Review"), ("budgte", "Review budget"), ("watr plnats", "Water plants")]
)
async def test_a_misspelt_word_finds_what_was_meant_and_says_so(filled: Store, q: str, meant: str) -> None:
    page = await filled.search.find(TaskQuery(namespaces=("big",), q=q))
    assert page.rows
    assert all(row.title.startswith(meant) for row in page.rows)
    assert list(page.read_as) == q.split()


async def test_the_last_word_may_be_the_beginning_of_one_unless_a_space_ends_it(filled: Store) -> None:
    assert (await filled.search.find(TaskQuery(namespaces=None, q="pay inv"))).rows
    assert not (await filled.search.find(TaskQuery(namespaces=None, q="inv pay"))).rows
    assert not (await filled.search.find(TaskQuery(namespaces=None, q="pay inv "))).rows


async def test_a_deleted_task_is_found_among_the_archived_with_its_reason(filled: Store) -> None:
    query = TaskQuery(namespaces=None, archived=True, sort="archived", descending=True, limit=1)
    (row,) = (await filled.search.find(query)).rows
    assert row.archived_at == max(ARCHIVED.values())
    assert row.archive_reason == "deleted"


async def test_a_bad_query_is_refused_before_the_database_is_asked() -> None:
    async with await Store.open("postgresql://nowhere.invalid/x") as store:
        with pytest.raises(BadQuery, match="limit"):
            await store.search.find(TaskQuery(namespaces=None, limit=0))


async def test_a_search_that_takes_too_long_is_stopped_and_says_what_helps(
    filled: Store, postgres_url: str
) -> None:
    async with await psycopg.AsyncConnection.connect(postgres_url) as other:
        await other.execute("lock table tasks in access exclusive mode")
        with pytest.raises(SearchTooSlow, match="stopped after 2 s: name a namespace or add a filter"):
            await filled.search.find(TaskQuery(namespaces=("big",)))
    assert (await filled.search.find(TaskQuery(namespaces=("big",)))).rows


async def test_whatever_is_typed_is_searched_for_or_refused_and_never_an_error(filled: Store) -> None:
    random_ = random.Random(3)
    pieces = [
        *"ab1é日'\"\\:*&|!()<->@.%_-+\0\u202e \ud800",
        "pay",
        "rent",
        "ns:big",
        "http://a.b/c",
        "x@y.example",
        "😀",
    ]
    for _ in range(300):
        q = "".join(random_.choices(pieces, k=random_.randint(1, 12)))
        try:
            page = await filled.search.find(TaskQuery(namespaces=("small",), q=q))
        except BadQuery:
            continue
        assert {row.namespace for row in page.rows} <= {"small"}, q


# ── one reading of texts ─────────────────────────────────────────────────────────────────────────────
TEXTS = sorted({text for text, _ in (*FOUND, *NOT_FOUND)})
MISSPELT = ["mlik", "reveiw", "grocreies", "strase", "muenstr", "javaa", "paymnets", "cafee", "brian"]
SAID = sorted({said for _, said in (*FOUND, *NOT_FOUND)} | set(MISSPELT))


@pytest.fixture(scope="module")
async def texts(filled: Store) -> Store:
    epoch = await filled.take_leadership("test", "the tests")
    rows = [a_task(f"text-{n}", n + 1, namespace="texts", title=text) for n, text in enumerate(TEXTS)]
    rows += [a_task(f"note-{n}", n + 1, namespace="notes", notes=text) for n, text in enumerate(TEXTS)]
    async with filled.write("test", epoch) as tx:
        await tx.upsert_tasks(rows)
    return filled


@pytest.mark.parametrize("said", SAID)
async def test_the_index_finds_exactly_what_a_list_in_memory_finds(texts: Store, said: str) -> None:
    search = read_search(said)
    by_hand = {n for n, text in enumerate(TEXTS) if search.matches(document(text))}
    page = await texts.search.find(TaskQuery(namespaces=("texts",), q=said, limit=200))
    if not by_hand and search.may_be_misspelt:
        known = vocabulary(set().union(*map(document, TEXTS)))
        slips = {term.word: most_alike(term.word, known) for term in search.terms if term.word}
        wider = search.with_slips(slips)
        by_hand = {n for n, text in enumerate(TEXTS) if wider.matches(document(text))}
        assert bool(page.read_as) == bool(by_hand), "what is found then has a slip, and says so"
    assert {int(row.uid.removeprefix("text-")) for row in page.rows} == by_hand
    page = await texts.search.find(TaskQuery(namespaces=("notes",), q=said, limit=200))
    in_notes = {n for n, text in enumerate(TEXTS) if search.matches(document("Pay rent", text))}
    if in_notes:
        assert {int(row.uid.removeprefix("note-")) for row in page.rows} == in_notes
