"""Searches while the mirror changes, and what one namespace must not learn of another."""

import msgspec

from tests.integration.store.support import NOW, Database, a_task, minutes
from todotasks.store import Store, TaskQuery


async def test_what_is_written_between_two_pages_neither_hides_nor_repeats_a_row(
    store: Store, epoch: int
) -> None:
    rows = [a_task(f"uid-{number:03}", 1, due=NOW + minutes(number)) for number in range(40)]
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(rows)
    query, seen, version = TaskQuery(namespaces=("home",), limit=7), [], 1
    while True:
        page = await store.search.find(query)
        seen += [row.uid for row in page.rows]
        version += 1
        # One comes in before and one behind every page, and the same ten rows change without moving.
        new = [
            a_task(f"new-{version}-{place}", 1, due=NOW + minutes(place))
            for place in (-version, 7 * version + 0.5)
        ]
        same = [a_task(row.uid, version, due=row.due_time, title=f"Changed {version}") for row in rows[::4]]
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([*new, *same])
        if page.next is None:
            break
        query = msgspec.structs.replace(query, cursor=page.next)
    assert [uid for uid in seen if uid.startswith("uid-")] == [row.uid for row in rows]
    assert len(seen) == len(set(seen))


async def test_words_of_other_namespaces_are_never_told(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(
            [a_task("a", namespace="secret", title="Layoffs"), a_task("b", title="Pay rent")]
        )
    page = await store.search.find(TaskQuery(namespaces=("home",), q="layofs"))
    assert page == ((), None, {})


async def test_a_misspelling_that_somebody_made_in_a_title_does_not_hide_the_right_word(
    store: Store, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(
            [a_task("a", namespace="other", title="Reveiw it"), a_task("b", title="Review the budget")]
        )
    page = await store.search.find(TaskQuery(namespaces=("home",), q="reveiw"))
    assert [row.uid for row in page.rows] == ["b"]
    assert page.read_as == {"reveiw": ("review",)}


async def test_a_damaged_row_is_left_out_and_harms_nothing(
    store: Store, epoch: int, database: Database
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("a"), a_task("b")])
    await database.execute("update tasks set doc = null where uid = 'a'")
    page = await store.search.find(TaskQuery(namespaces=("home",)))
    assert [row.uid for row in page.rows] == ["b"]
