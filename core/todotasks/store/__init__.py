"""PostgreSQL: the mirror, the outbox, and the fence that lets only one leader write. See `store.Store`.

SQL lies in `*.sql`, each query with a name and a purpose; `migrations` bring a database to what the code
expects. It may import `api`, and of `edits` the shape of a conversation, which is kept here.
"""

from todotasks.store.conversations import Conversations, TooLarge
from todotasks.store.errors import (
    BadDatabaseUrl,
    BatchRefused,
    Fenced,
    RowRefused,
    SchemaError,
    StoreError,
    StoreUnavailable,
)
from todotasks.store.rows import (
    PRIORITY_RANKS,
    TASK_KIND,
    Archival,
    DeadLetter,
    MirrorBatch,
    MirrorRow,
    ObjectRow,
    OutboxMessage,
    OutboxRow,
    OutboxStats,
    Refused,
    TaskRow,
    parse_resource_version,
    task_row,
)
from todotasks.store.search.pages import (
    FoundTask,
    SearchTooSlow,
    TaskPage,
    TaskSearch,
)
from todotasks.store.search.query import BadQuery, TaskQuery, check_query
from todotasks.store.store import Store
from todotasks.store.text import clean
from todotasks.store.transaction import WriteTransaction
from todotasks.text.alike import trigrams

__all__ = [
    "PRIORITY_RANKS",
    "TASK_KIND",
    "Archival",
    "BadDatabaseUrl",
    "BadQuery",
    "BatchRefused",
    "Conversations",
    "DeadLetter",
    "Fenced",
    "FoundTask",
    "MirrorBatch",
    "MirrorRow",
    "ObjectRow",
    "OutboxMessage",
    "OutboxRow",
    "OutboxStats",
    "Refused",
    "RowRefused",
    "SchemaError",
    "SearchTooSlow",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "TaskPage",
    "TaskQuery",
    "TaskRow",
    "TaskSearch",
    "TooLarge",
    "WriteTransaction",
    "check_query",
    "clean",
    "parse_resource_version",
    "task_row",
    "trigrams",
]
