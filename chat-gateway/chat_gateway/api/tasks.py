"""`GET /v1/tasks`: searches over the mirror, page by page.

What is returned is what the API server had when the recorder last heard of it, milliseconds ago (`kubectl
get` asks the API server itself). How a page is read, when it is short: `todotasks.store.search.pages`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.params import (
    Filters,
    Sort,
    TaskDoc,
    authorize_lists,
    checked,
    conditional,
    find,
    namespaces_since,
    store_of,
    task_query,
)
from chat_gateway.http.context import viewer_of
from chat_gateway.http.decode import read_query
from chat_gateway.http.routes import JSON, Route
from todotasks.api import Priority, TodoTaskSpec, TodoTaskStatus
from todotasks.store import FoundTask


class TaskParameters(Filters, frozen=True, rename="camel", kw_only=True):
    archived: Annotated[bool, Meta(description="Deleted tasks instead, the last one first")] = False
    sort: Annotated[Sort, Meta(description="- is descending; default: due")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=16_384, description="`next` of the page before")] | None = None


class ListedMetadata(msgspec.Struct, frozen=True, rename="camel"):
    """Of the object's metadata: what names it, and what an edit is checked against."""

    name: str
    namespace: str
    uid: str
    resource_version: str
    generation: int
    creation_timestamp: datetime | None
    labels: dict[str, str]
    annotations: dict[str, str]


class ListedSpec(TodoTaskSpec, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """As the API server has it: with the defaults of what is not said."""

    title: str
    priority: Priority
    completed: bool


class Archived(msgspec.Struct, frozen=True):
    at: datetime
    reason: str


class ListedTask(msgspec.Struct, frozen=True):
    metadata: ListedMetadata
    spec: ListedSpec
    status: TodoTaskStatus
    archived: Archived | None


class ListedTasks(msgspec.Struct, frozen=True, rename="camel"):
    """Only without `next` this is the last page; a page may be short, even empty, and have one.

    `readAs`: misspelt words of `q`, and the words of these tasks that they were taken for.
    """

    items: tuple[ListedTask, ...]
    next: str | None
    read_as: Mapping[str, tuple[str, ...]]


async def list_tasks(request: web.Request) -> web.Response:
    asked = read_query(request, TaskParameters)
    store = store_of(request)
    sort = asked.sort or ("-archived" if asked.archived else "due")
    query = checked(
        msgspec.structs.replace(
            task_query(asked),
            archived=asked.archived,
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            limit=asked.limit,
            cursor=asked.cursor,
            viewer=viewer_of(request),
        )
    )
    await authorize_lists(request, asked.namespace)
    if asked.archived:
        query = msgspec.structs.replace(query, since=await namespaces_since(request, asked.namespace))
    page = await find(store, query)
    listed = ListedTasks(tuple(listed_task(row) for row in page.rows), page.next, page.read_as)
    return conditional(request, msgspec.json.encode(listed), JSON)


def listed_task(row: FoundTask) -> ListedTask:
    doc = msgspec.json.decode(row.doc, type=TaskDoc)
    meta = doc.metadata
    given: dict[str, Any] = msgspec.structs.asdict(doc.spec)
    return ListedTask(
        ListedMetadata(
            row.name,
            row.namespace,
            row.uid,
            meta.resource_version,
            meta.generation,
            meta.creation_timestamp,
            meta.labels or {},
            meta.annotations or {},
        ),
        ListedSpec(**given),
        doc.status,
        None if row.archived_at is None else Archived(row.archived_at, row.archive_reason or ""),
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/tasks",
        handler=list_tasks,
        tag="tasks",
        summary="Search tasks",
        description="Full text and filters over the mirror in PostgreSQL. Sorting by priority needs "
        "completed=false, by completed needs completed=true; by archived goes with archived=true only. "
        "A cursor belongs to the very same parameters (limit aside).",
        query=TaskParameters,
        answer=ListedTasks,
        headers=("If-None-Match",),
        problems=(403,),
    ),
)
