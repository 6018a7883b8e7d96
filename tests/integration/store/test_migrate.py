"""The schema: brought up to date by whoever starts first, never by guessing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from importlib import resources

import psycopg
import pytest

from tests.integration.store.support import Database, fetch, value
from todotasks.store import SchemaError, Store
from todotasks.store.migrate import check_server, digest, migrate
from todotasks.store.search.anew import read_texts_anew
from todotasks.store.sql import OLDER_GO_ON, MigrationFile, migration_files
from todotasks.text.analysis import ANALYSIS


@pytest.fixture
async def empty(fresh_database: Callable[[], str]) -> AsyncIterator[tuple[str, Database]]:
    url = fresh_database()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        yield url, connection


FIRST = MigrationFile(1, "0001_first.sql", "create table first (id int); insert into first values (1)")
SECOND = MigrationFile(2, "0002_second.sql", "alter table first add column name text")


async def test_a_second_start_changes_nothing(empty: tuple[str, Database]) -> None:
    async with await Store.open(empty[0]) as store:
        assert await store.migrate() == [file.name for file in migration_files()]
        assert await store.migrate() == []


async def test_of_programs_that_start_at_once_one_migrates_and_all_succeed(
    empty: tuple[str, Database],
) -> None:
    stores = [await Store.open(empty[0]) for _ in range(8)]
    applied = await asyncio.gather(*(store.migrate() for store in stores))
    for store in stores:
        await store.close()
    assert sorted(len(names) for names in applied) == [0] * 7 + [len(migration_files())]


async def test_only_what_is_missing_is_applied(empty: tuple[str, Database]) -> None:
    _, connection = empty
    assert await migrate(connection, [FIRST]) == [FIRST.name]
    assert await migrate(connection, [FIRST, SECOND]) == [SECOND.name]
    assert await fetch(connection, "select id, name from first") == [(1, None)]


async def test_a_file_changed_after_it_was_applied_is_refused(empty: tuple[str, Database]) -> None:
    _, connection = empty
    await migrate(connection, [FIRST])
    with pytest.raises(SchemaError, match=r"0001_first\.sql was changed after .* put the file back"):
        await migrate(connection, [FIRST._replace(sql="create table first (id bigint)"), SECOND])
    assert await value(connection, "select count(*) from schema_migrations") == 1


async def test_a_file_that_differs_only_in_line_endings_is_the_same(empty: tuple[str, Database]) -> None:
    _, connection = empty
    await migrate(connection, [FIRST._replace(sql="create table\n first (id int)")])
    assert await migrate(connection, [FIRST._replace(sql="create table\r\n first (id int)")]) == []


async def test_a_schema_newer_than_the_program_is_refused(empty: tuple[str, Database]) -> None:
    _, connection = empty
    await migrate(connection, [FIRST, SECOND])
    with pytest.raises(
        SchemaError, match=r"at 0002_second\.sql \(version 2\).* up to 1: run a newer program"
    ):
        await migrate(connection, [FIRST])


async def test_a_newer_schema_is_taken_where_its_files_say_that_older_programs_go_on(
    empty: tuple[str, Database],
) -> None:
    _, connection = empty
    third = MigrationFile(3, "0003_third.sql", f"{OLDER_GO_ON}\ncreate table third (id int)")
    await migrate(connection, [FIRST, SECOND, third])
    assert await migrate(connection, [FIRST, SECOND]) == []
    with pytest.raises(SchemaError, match=r"at 0002_second\.sql"):
        await migrate(connection, [FIRST])
    assert await migrate(connection, [FIRST, SECOND, third]) == []


async def test_of_migrations_that_an_older_program_applied_nothing_is_assumed(
    empty: tuple[str, Database],
) -> None:
    _, connection = empty
    await migrate(connection, [FIRST])
    await connection.execute("alter table schema_migrations drop column older_go_on")
    assert await migrate(connection, [FIRST, SECOND]) == [SECOND.name]
    with pytest.raises(SchemaError, match="run a newer program"):
        await migrate(connection, [FIRST])


async def test_a_number_put_in_between_later_is_refused(empty: tuple[str, Database]) -> None:
    _, connection = empty
    await migrate(connection, [SECOND._replace(sql="select 1")])
    with pytest.raises(SchemaError, match="never applied, but newer ones were"):
        await migrate(connection, [FIRST, SECOND._replace(sql="select 1")])


async def test_a_migration_that_fails_leaves_the_schema_as_it_was(empty: tuple[str, Database]) -> None:
    _, connection = empty
    broken = MigrationFile(2, "0002_broken.sql", "create table half (id int); select 1/0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(connection, [FIRST, broken])
    assert await value(connection, "select count(*) from pg_tables where schemaname = 'public'") == 0


async def test_the_migrations_together_give_exactly_schema_sql(fresh_database: Callable[[], str]) -> None:
    descriptions = []
    schema = resources.files("todotasks.store").joinpath("schema.sql").read_text("utf-8")
    for statements in ([file.sql for file in migration_files()], [schema]):
        async with await psycopg.AsyncConnection.connect(fresh_database(), autocommit=True) as connection:
            for statement in statements:
                await connection.execute(statement)
            descriptions.append(await describe(connection))
    assert descriptions[0] == descriptions[1]
    assert any("tasks_open_due" in line for line in descriptions[0])


async def test_a_database_that_is_not_utf8_is_refused_before_anything_is_created(
    empty: tuple[str, Database],
) -> None:
    _, connection = empty
    name = "latin_" + str(await value(connection, "select current_database()"))
    await connection.execute(f"create database {name} template template0 encoding 'LATIN1' locale 'C'")
    try:
        address = f"host={connection.info.host} user=postgres dbname={name}"
        async with await Store.open(address) as store:
            with pytest.raises(SchemaError, match="encoding is LATIN1, UTF8 is needed: create it with"):
                await store.migrate()
    finally:
        await connection.execute(f"drop database {name} with (force)")


def test_a_server_that_is_too_old_is_refused() -> None:
    with pytest.raises(SchemaError, match="PostgreSQL 13 is too old: 14 or newer"):
        check_server(13, "UTF8")
    check_server(14, "UTF8")


async def test_writing_to_a_database_without_our_schema_says_what_to_do(empty: tuple[str, Database]) -> None:
    async with await Store.open(empty[0]) as store:
        with pytest.raises(SchemaError, match="run its migrations first"):
            await store.take_leadership("test", "the tests")


def test_migrations_are_numbered_without_gaps() -> None:
    assert [file.version for file in migration_files()] == list(range(1, len(migration_files()) + 1))


def test_the_digest_is_of_the_text() -> None:
    assert digest("select 1") != digest("select 2")


async def describe(connection: Database) -> list[str]:
    """Every column, index, constraint, function and storage parameter of the schema, one line each."""
    queries = (
        "select table_name, column_name, data_type, udt_name, is_nullable, column_default, collation_name,"
        " generation_expression from information_schema.columns where table_schema = 'public'",
        "select relname, reloptions from pg_class where relnamespace = 'public'::regnamespace",
        "select indexdef from pg_indexes where schemaname = 'public'",
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint"
        " where connamespace = 'public'::regnamespace",
        "select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace",
        "select pg_get_statisticsobjdef(oid) from pg_statistic_ext",
    )
    return sorted([repr(row) for query in queries for row in await fetch(connection, query)])


async def test_tasks_mirrored_by_an_older_program_are_read_anew_and_keep_what_they_were_found_by_until_then(
    empty: tuple[str, Database],
) -> None:
    _, connection = empty
    files = migration_files()
    await migrate(connection, files[:2])
    await connection.execute(
        "insert into tasks (uid, namespace, name, resource_version, generation, title, priority_rank, tags,"
        " completed, overdue, blocked, all_day, created_at, updated_at, search_hash, search)"
        " values ('u', 'home', 'n', 1, 1, 'Pay rent', 1, '{}', false, false, false, false, now(), now(), 0,"
        " task_search('Pay rent', ''))"
    )
    await migrate(connection, files)
    found = "select search @@ $q$ 'ns:home' & 'rent' $q$ from tasks"
    assert await value(connection, found)
    assert await read_texts_anew(connection) == 1
    assert await value(connection, "select search = task_search('home', '{pay,rent}') from tasks")
    assert await value(connection, "select array_agg(word order by word) from words") == ["pay", "rent"]
    assert await read_texts_anew(connection) == 0, "all is read"


async def test_reading_anew_goes_on_where_it_was_broken_off_and_leaves_alone_what_is_written_meanwhile(
    empty: tuple[str, Database],
) -> None:
    _, connection = empty
    await migrate(connection, migration_files())
    await connection.execute(
        "insert into tasks (uid, namespace, name, resource_version, generation, title, priority_rank, tags,"
        " completed, overdue, blocked, all_day, created_at, updated_at, search_hash, search)"
        " select 'u' || n, 'home', 'n', 1, 1, 'Pay rent', 1, '{}', false, false, false, false, now(), now(),"
        " 0, '' from generate_series(1, 3) n"
    )
    await connection.execute(
        "insert into positions values ('search', %s || ' u1', 0, now())", (str(ANALYSIS),)
    )
    assert await read_texts_anew(connection) == 2
    assert await fetch(connection, "select uid, search <> '' from tasks order by uid") == [
        ("u1", False),
        ("u2", True),
        ("u3", True),
    ]


PLAIN = frozenset(  # columns whose name says it all
    (
        *("uid", "namespace", "name", "kind", "title", "project", "assignee", "completed", "generation"),
        *("created_at", "updated_at", "doc"),
    )
)


@pytest.mark.parametrize("table", ["tasks", "rules", "reminders", "channels"])
async def test_whoever_looks_with_psql_reads_what_a_table_is(empty: tuple[str, Database], table: str) -> None:
    _, connection = empty
    await migrate(connection, migration_files())
    assert await value(connection, "select obj_description(%s::regclass)", table)


async def test_the_columns_of_tasks_that_need_a_word_have_one(empty: tuple[str, Database]) -> None:
    _, connection = empty
    await migrate(connection, migration_files())
    found = await fetch(
        connection,
        "select attname, col_description(attrelid, attnum) from pg_attribute"
        " where attrelid = 'tasks'::regclass and attnum > 0 and not attisdropped",
    )
    said = dict(found)
    assert {name for name, comment in said.items() if comment is None} <= PLAIN
    assert "1 Urgent" in said["priority_rank"]
    assert "beginning of that day in the zone of the task" in said["all_day"]
