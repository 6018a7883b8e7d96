"""The store's SQL, read from the `.sql` files beside it: `QUERIES["upsert_tasks"]`, `migration_files()`."""

import re
from importlib import resources
from typing import Final, LiteralString, NamedTuple

_NAME = re.compile(r"^-- (\w+) --$", re.MULTILINE)
_FILES = ("queries.sql", "mirror.sql", "deliveries.sql", "search.sql", "conversations.sql", "audit.sql")
_MIGRATION = re.compile(r"^(\d{4})_\w+\.sql$")
OLDER_GO_ON: Final = "-- Older programs go on with it."


class MigrationFile(NamedTuple):
    version: int
    name: str
    sql: LiteralString

    @property
    def older_go_on(self) -> bool:
        """Whether it says, in its first line, that programs which do not know it write nothing wrong."""
        return self.sql.splitlines()[:1] == [OLDER_GO_ON]


def _read_queries(text: str) -> dict[str, LiteralString]:
    """name -> statement; the comment lines under a name are its documentation and stay."""
    pieces = _NAME.split(text)[1:]
    # psycopg asks for literal strings to keep user input out of SQL; a file of this package is as literal.
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def _queries() -> dict[str, LiteralString]:
    folder = resources.files(__package__)
    texts = (folder.joinpath(name).read_text("utf-8") for name in _FILES)
    return {name: query for text in texts for name, query in _read_queries(text).items()}


QUERIES: Final = _queries()


def migration_files() -> list[MigrationFile]:
    """All migrations in order; their numbers are 1, 2, 3 … without a gap."""
    found = []
    for entry in resources.files(__package__).joinpath("migrations").iterdir():
        if match := _MIGRATION.match(entry.name):
            found.append(MigrationFile(int(match[1]), entry.name, entry.read_text("utf-8")))
    return sorted(found)
