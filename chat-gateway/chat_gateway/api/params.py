"""What `/v1/tasks`, `/v1/calendar.ics` and `/v1/audit` share: filters, rights, ETags.

The rows come from PostgreSQL and not from the API server, so the API server is asked first, with the caller's
token, whether they may list tasks there: of what they may not list they learn nothing, not even a count.
"""

import asyncio
import hashlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Annotated, Final, Literal

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.base.problems import FieldProblem, Refused
from chat_gateway.http.context import gateway_of
from chat_gateway.http.decode import Namespace
from chat_gateway.http.pipeline import authorize
from todotasks.api import Metadata, Priority, TodoTaskSpec, TodoTaskStatus
from todotasks.api.due import Due, DueError, resolve_due
from todotasks.api.zones import load_zone
from todotasks.kube import PartialObject
from todotasks.kube.errors import Forbidden, NotFound
from todotasks.kube.resources import NAMESPACES, TODOTASKS
from todotasks.store import BadQuery, FoundTask, SearchTooSlow, Store, TaskPage, TaskQuery, check_query

MOST_NAMESPACES: Final = 50  # that a request names; each is a question to the API server
MOST_PAGES: Final = 50  # that one request reads
MOST_BYTES: Final = 4 * 2**20  # of documents that one request reads, and one page more

Sort = Literal[
    "due", "-due", "priority", "-priority", "created", "-created", "title", "-title",
    "completed", "-completed", "archived", "-archived",
]  # fmt: skip
When = Annotated[
    str, Meta(max_length=40, description="2026-03-06, 2026-03-06T15:00, or with an offset (+ as %2B)")
]
Name = Annotated[str, Meta(min_length=1, max_length=253)]
ZoneName = Annotated[str, Meta(max_length=64, description="In which dates are read; default: UTC")]
_REPEATED = "May be given again and again"


class TaskDoc(msgspec.Struct):
    """What is shown of a row's document: the TodoTask, whatever is missing in it."""

    metadata: Metadata = Metadata()
    spec: TodoTaskSpec = TodoTaskSpec()
    status: TodoTaskStatus = TodoTaskStatus()


# The store's names of fields whose parameter is called otherwise.
_PARAMETERS = {"priorities": "priority", "tags": "tag", "namespaces": "namespace"}


class Filters(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Which tasks: all that is said holds together. Without `namespace`: those of all namespaces."""

    namespace: Annotated[tuple[Namespace, ...], Meta(max_length=MOST_NAMESPACES, description=_REPEATED)] = ()
    q: Annotated[
        str, Meta(max_length=256, description="Words of title, notes and tags; the last may be a beginning")
    ] = ""
    priority: Annotated[tuple[Priority, ...], Meta(max_length=4, description="One of these")] = ()
    tag: Annotated[tuple[Name, ...], Meta(max_length=32, description="All of these")] = ()
    project: Name | None = None
    assignee: Name | None = None
    parent: Name | None = None
    completed: bool | None = None
    overdue: bool | None = None
    blocked: bool | None = None
    recurring: Annotated[bool, Meta(description="Whether a RecurrenceRule made it")] | None = None
    has_due: bool | None = None
    due_from: When | None = None
    due_to: When | None = None
    created_from: When | None = None
    created_to: When | None = None
    time_zone: ZoneName | None = None


def task_query(filters: Filters) -> TaskQuery:
    """The filters as the store takes them, in the order of due."""
    times: dict[str, datetime] = {}
    days: dict[str, str] = {}
    for field in ("due_from", "due_to", "created_from", "created_to"):
        text = getattr(filters, field)
        if text is not None:
            try:
                due = resolve_due(text, filters.time_zone)
                times[field], days[field] = due.instant, _day(due)
            except DueError as error:
                where = field if error.field == "spec.due" else "time_zone"
                raise refused_field(where, error.message) from None
    return TaskQuery(
        namespaces=filters.namespace or None,
        q=filters.q,
        priorities=filters.priority,
        tags=filters.tag,
        project=filters.project,
        assignee=filters.assignee,
        parent=filters.parent,
        completed=filters.completed,
        overdue=filters.overdue,
        blocked=filters.blocked,
        recurring=filters.recurring,
        has_due=filters.has_due,
        due_from=times.get("due_from"),
        due_to=times.get("due_to"),
        due_from_day=days.get("due_from"),
        due_to_day=days.get("due_to"),
        created_from=times.get("created_from"),
        created_to=times.get("created_to"),
    )


def _day(border: Due) -> str:
    """The first day that is wholly behind a border: a day lies before each moment in it but the first."""
    local = border.instant.astimezone(load_zone(border.zone))
    begun = not border.all_day and local.time() != time()
    return (local.date() + timedelta(days=1) if begun else local.date()).isoformat()


def refused_field(field: str, message: str) -> Refused:
    first, *more = _PARAMETERS.get(field, field).split("_")
    name = first + "".join(word.title() for word in more)
    return Refused(
        400, "BadRequest", f"The query does not fit: {name}: {message}", errors=(FieldProblem(name, message),)
    )


def store_of(request: web.Request) -> Store:
    store = gateway_of(request).store
    if store is None:
        raise Refused(
            503,
            "Unavailable",
            "This needs the mirror in PostgreSQL, and this gateway runs without one (TODO_DATABASE_URL).",
            retry_after=60,
        )
    return store


async def authorize_lists(request: web.Request, namespaces: tuple[str, ...]) -> None:
    """403 unless the caller may list tasks in each of the namespaces; in all, where none is named."""
    if namespaces:
        await asyncio.gather(
            *(authorize(request, "list", TODOTASKS, name) for name in dict.fromkeys(namespaces))
        )
        return
    try:
        await authorize(request, "list", TODOTASKS)
    except Refused as refused:
        if refused.status != 403:
            raise
        detail = f"{refused.detail} Or name the namespaces that you may list: namespace=…"
        raise Refused(403, refused.reason, detail) from None


def checked(query: TaskQuery) -> TaskQuery:
    """400 for what cannot be asked; before the API server is bothered with it."""
    try:
        check_query(query)
    except BadQuery as error:
        raise refused_field(error.field, error.message) from None
    return query


async def find(store: Store, query: TaskQuery) -> TaskPage:
    try:
        return await store.search.find(query)
    except BadQuery as error:
        raise refused_field(error.field, error.message) from None
    except SearchTooSlow as error:
        raise Refused(503, "TooSlow", f"{str(error)[0].upper()}{str(error)[1:]}.", retry_after=5) from None


async def find_all(store: Store, query: TaskQuery, most: int) -> tuple[list[FoundTask], bool]:
    """The first `most` rows, page by page, and whether those are all. Not for ever, where pages are short;
    not more than `MOST_BYTES` of documents, where notes are long."""
    found: list[FoundTask] = []
    size = 0
    query = msgspec.structs.replace(query, limit=100)
    for _ in range(MOST_PAGES):
        page = await find(store, query)
        found += page.rows
        size += sum(len(row.doc) for row in page.rows)
        if page.next is None or len(found) >= most or size >= MOST_BYTES:
            return found[:most], page.next is None and len(found) <= most
        query = msgspec.structs.replace(query, cursor=page.next)
    return found, False


def conditional(
    request: web.Request, body: bytes, content_type: str, headers: dict[str, str] | None = None
) -> web.Response:
    """The body with its ETag, or 304 where the client has just that."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    known = request.if_none_match or ()
    if any(each.value in (etag, "*") for each in known):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=body, content_type=content_type, headers=headers)
        if content_type.startswith("text/"):
            response.charset = "utf-8"
    response.etag = etag
    return response


async def namespaces_since(request: web.Request, names: Collection[str]) -> dict[str, datetime]:
    """When each of the namespaces was made, without those that are not there.

    A namespace's name may have been another team's before: what was created there before it was made is not
    its. (No object of an older namespace is younger: it was gone before the name was free.) Read with our own
    rights, as it only takes away from what the caller may see; where we may not look (a gateway of one
    namespace), nothing is known and nothing shown.
    """
    kube, own = gateway_of(request).kube, gateway_of(request).settings.watch_namespace
    if not names and not own:
        found = await kube.list_(NAMESPACES, type=PartialObject)
    else:
        found = []
        for name in dict.fromkeys(names or (own,)):
            with suppress(NotFound, Forbidden):
                found.append(await kube.get(NAMESPACES, name, type=PartialObject))
    return {
        each.metadata.name: each.metadata.creation_timestamp
        for each in found
        if each.metadata.creation_timestamp is not None
    }
