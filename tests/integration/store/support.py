"""Rows for the store's tests: valid ones, in which a test changes the one thing that matters."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import psycopg

from todotasks.api import Metadata, TodoTask, TodoTaskSpec, TodoTaskStatus
from todotasks.store import ObjectRow, OutboxMessage, TaskRow, task_row

Database: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def a_task(
    uid: str = "uid-1",
    version: int = 1,
    *,
    namespace: str = "home",
    due: datetime | None = None,
    doc: bytes | None = None,
    at: datetime = NOW,
    **spec: Any,
) -> TaskRow:
    spec.setdefault("title", "Pay rent")
    task = TodoTask(
        metadata=Metadata(
            name=f"task-{uid}",
            namespace=namespace,
            uid=uid,
            resource_version=str(version),
            creation_timestamp=NOW,
        ),
        spec=TodoTaskSpec(**spec),
        status=TodoTaskStatus(due_time=due),
    )
    return task_row(task, at=at, doc=doc)


def a_rule(uid: str = "rule-1", version: int = 1, *, doc: bytes = b'{"spec":{}}') -> ObjectRow:
    return ObjectRow(uid, "RecurrenceRule", "home", f"rule-{uid}", version, doc)


def a_message(id_: str, *, key: str = "uid-1", topic: str = "task-events", **given: Any) -> OutboxMessage:
    return OutboxMessage(id=id_, topic=topic, key=key, **{"value": b"{}", **given})


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def fetch(database: Database, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    cursor = await database.execute(query, parameters)
    return await cursor.fetchall()


async def value(database: Database, query: str, *parameters: Any) -> Any:
    return (await fetch(database, query, *parameters))[0][0]
