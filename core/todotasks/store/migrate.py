"""Bring the schema up to this program's version.

Numbered `.sql` files, each applied once, all in one transaction under an advisory lock: of several programs
that start at once one migrates and the others find it done; a crash in the middle leaves the old schema.

Refused, with what to do: a file that was changed after it had been applied (two databases of the same number
would differ), and a schema newer than this program (it would write what the newer one no longer expects).
The latter is taken where the newer one's files say that older programs go on: so a release can be taken back.
"""

import hashlib
from typing import Final, NamedTuple

from todotasks.store.connections import Connection
from todotasks.store.errors import SchemaError
from todotasks.store.sql import MigrationFile, migration_files

MIGRATION_LOCK: Final = 0x746F646F_6D696772  # "todomigr"; any number that nobody else uses

OLDEST_SERVER: Final = 14  # PostgreSQL's oldest version that we are written for

_TABLE: Final = """
create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null
);
alter table schema_migrations add column if not exists older_go_on boolean not null default false
"""


class Applied(NamedTuple):
    """One that the database knows of."""

    name: str
    sha: str
    older_go_on: bool


def digest(sql: str) -> str:
    """Of the text without line-ending differences, which a checkout may bring."""
    return hashlib.sha256(sql.replace("\r\n", "\n").encode()).hexdigest()


async def migrate(conn: Connection, files: list[MigrationFile] | None = None) -> list[str]:
    """Apply what is missing; the names of the files that were applied."""
    wanted = migration_files() if files is None else files
    applied_now: list[str] = []
    check_server(
        conn.info.server_version // 10_000, conn.info.parameter_status("server_encoding") or "unknown"
    )
    async with conn.transaction():
        # Another program may be building an index on a large mirror: wait for it as long as it takes.
        await conn.execute(
            "select set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)"
        )
        await conn.execute("select pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        await conn.execute(_TABLE)
        cursor = await conn.execute(
            "select version, name, sha256, older_go_on from schema_migrations order by version"
        )
        applied = {version: Applied(*said) for version, *said in await cursor.fetchall()}
        check_history(applied, wanted)
        for file in wanted:
            if file.version in applied:
                continue
            # Without parameters psycopg sends the text as it is, several statements at once.
            await conn.execute(file.sql)
            await conn.execute(
                "insert into schema_migrations (version, name, sha256, applied_at, older_go_on) "
                "values (%s, %s, %s, clock_timestamp(), %s)",
                (file.version, file.name, digest(file.sql), file.older_go_on),
            )
            applied_now.append(file.name)
    return applied_now


def check_server(version: int, encoding: str) -> None:
    """Raise SchemaError where the schema would be created and then fail at the first unusual row."""
    if version < OLDEST_SERVER:
        raise SchemaError(f"PostgreSQL {version} is too old: {OLDEST_SERVER} or newer is needed")
    if encoding.upper() != "UTF8":
        raise SchemaError(
            f"the database's encoding is {encoding}, UTF8 is needed: create it with "
            "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'"
        )


def check_history(applied: dict[int, Applied], wanted: list[MigrationFile]) -> None:
    """Raise SchemaError unless `applied` is a beginning of `wanted`, or more that older programs bear."""
    known = {file.version: file for file in wanted}
    newest = max(known, default=0)
    for version, (name, sha, older_go_on) in applied.items():
        file = known.get(version)
        if file is None and version > newest:
            if older_go_on:
                continue
            raise SchemaError(
                f"the database's schema is at {name} (version {version}), this program knows versions up to "
                f"{newest}: run a newer program, or give it another database"
            )
        if file is None or digest(file.sql) != sha:
            raise SchemaError(
                f"migration {name} was changed after it had been applied to this database: put the file "
                "back as it was and make the change in a new migration"
            )
    missing = [version for version in known if version not in applied]
    if applied and missing and min(missing) < max(applied):
        raise SchemaError(
            f"migration {known[min(missing)].name} was never applied, but newer ones were: "
            "migrations are numbered in the order in which they are applied"
        )
