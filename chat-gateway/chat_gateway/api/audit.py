"""`/v1/audit`: who did what and when, how often, and whether the record was altered.

What is served comes from PostgreSQL, so the API server is asked first, with the caller's token, whether they
may `get auditlogs.todotasks.dev` in the namespaces they name (in all, where they name none). There is no
resource of that name: it is a right, as `kubectl auth can-i get auditlogs.todotasks.dev` shows.

Who has that right in some namespaces only is not shown what happened before they were made: the name may have
been another team's.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from chat_gateway.api.params import (
    MOST_NAMESPACES,
    Name,
    When,
    ZoneName,
    namespaces_since,
    refused_field,
    store_of,
)
from chat_gateway.base.problems import Refused
from chat_gateway.http.context import gateway_of
from chat_gateway.http.decode import Namespace, read_query
from chat_gateway.http.pipeline import authorize
from chat_gateway.http.routes import JSON, Route
from chat_gateway.http.sse import MEDIA_TYPE as SSE
from chat_gateway.http.sse import Events
from todotasks.api import GROUP, VERSION
from todotasks.api.due import DueError, resolve_due
from todotasks.audit import BadKey, Verifier, key_id, read_public_key
from todotasks.audit.export import as_csv, as_jsonl
from todotasks.audit.published import MAP_NAME, load_heads
from todotasks.kube.errors import KubeError, NotFound
from todotasks.kube.resources import CONFIGMAPS, Resource
from todotasks.store import Store, StoreError
from todotasks.store.audit import AuditQuery

AUDITLOGS: Final = Resource(GROUP, VERSION, "auditlogs", "AuditLog")
MOST_EXPORTED: Final = 100_000  # rows of one export; the next one begins at its last number
MOST_EXPORTS: Final = 4  # at a time
PAGE: Final = 1_000
PROGRESS_EVERY: Final = 20_000  # rows
JSONL: Final = "application/x-ndjson"
CSV: Final = "text/csv"
_verifying = asyncio.Lock()  # it reads the whole log: one at a time
_exporting = asyncio.Semaphore(MOST_EXPORTS)

Source = Literal["attempt", "observed", "delivery", "time", "gap"]
By = Literal["action", "actor", "day", "namespace"]


class AuditFilters(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Which entries: all that is said holds together."""

    namespace: Annotated[
        tuple[Namespace, ...], Meta(max_length=MOST_NAMESPACES, description="May be given again and again")
    ] = ()
    actor: Annotated[str, Meta(max_length=512, description="The user name, whole")] | None = None
    action: (
        Annotated[str, Meta(max_length=64, description="task.created, create, reminder.failed …")] | None
    ) = None
    source: Source | None = None
    kind: Name | None = None
    name: Name | None = None
    uid: Annotated[str, Meta(max_length=64)] | None = None
    since: When | None = None
    until: When | None = None
    time_zone: ZoneName | None = None
    q: Annotated[str, Meta(max_length=256, description="Words of actor, action, object and title")] = ""


class AuditParameters(AuditFilters, frozen=True, rename="camel", kw_only=True):
    cursor: Annotated[int, Meta(ge=1, description="`next` of the page before")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    format: Annotated[
        Literal["json", "jsonl", "csv"],
        Meta(description="jsonl and csv: everything that fits, up to 100,000 entries, as a download"),
    ] = "json"


class StatsParameters(AuditFilters, frozen=True, rename="camel", kw_only=True):
    by: By = "action"


class Related(msgspec.Struct, frozen=True):
    """The other half: of an attempt what was observed, of something observed who asked for it."""

    seq: int
    action: str
    actor: str | None
    at: datetime


class AuditItem(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    seq: int
    id: str
    at: datetime
    recorded_at: datetime
    source: Source
    action: str
    hash: str
    actor: str | None = None
    namespace: str = ""
    name: str = ""
    kind: str = ""
    uid: str | None = None
    version: int | None = None
    title: str | None = None
    changed: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    trace: str | None = None
    coalesced: bool = False
    detail: Mapping[str, str | int | tuple[str, ...]] = {}
    related: Related | None = None


class AuditItems(msgspec.Struct, frozen=True):
    """The newest first. Only without `next` this is the last page."""

    items: tuple[AuditItem, ...]
    next: int | None


class Group(msgspec.Struct, frozen=True):
    key: str
    count: int


class AuditStats(msgspec.Struct, frozen=True):
    by: By
    groups: tuple[Group, ...]


class VerifyFinding(msgspec.Struct, frozen=True):
    flaw: str
    seq: int
    message: str


class AuditVerdict(msgspec.Struct, frozen=True, rename="camel"):
    """`vouched`: the last row that a published head covers; rows behind it rest on the chain alone."""

    holds: bool
    rows: int
    first: int
    last: int
    heads: int
    vouched: int
    finding: VerifyFinding | None
    keys: tuple[str, ...]
    keys_pinned: bool


async def list_audit(request: web.Request) -> web.StreamResponse:
    asked = read_query(request, AuditParameters)
    query = _query(asked, before=asked.cursor, limit=asked.limit)
    audit = store_of(request).audit
    query = await _seen(request, query, asked.namespace)
    if asked.format != "json":
        return await _export(request, query, asked.format)
    async with _page_in_time(request):
        rows = await audit.find(msgspec.structs.replace(query, limit=asked.limit + 1))
    more = len(rows) > asked.limit
    items = tuple(msgspec.convert(row.shown, AuditItem) for row in rows[: asked.limit])
    listed = AuditItems(items, items[-1].seq if more else None)
    return web.Response(body=msgspec.json.encode(listed), content_type=JSON)


async def _export(request: web.Request, query: AuditQuery, form: str) -> web.StreamResponse:
    """Page by page, so that neither we nor PostgreSQL hold all of it. Each page has the time of a request,
    the whole as long as it takes: a body that ends in its middle looks like a whole one to `curl -o`."""
    if _exporting.locked():
        raise Refused(503, "Busy", "Other exports are under way.", retry_after=10)
    async with _exporting:
        return await _exported(request, query, form)


async def _exported(request: web.Request, query: AuditQuery, form: str) -> web.StreamResponse:
    audit = store_of(request).audit
    name = f"audit.{form}"
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{CSV}; charset=utf-8" if form == "csv" else JSONL,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
    )
    async with _page_in_time(request):
        rows = await audit.find(msgspec.structs.replace(query, limit=PAGE))
    await response.prepare(request)
    written = 0
    while True:
        shown = [row.shown for row in rows]
        await response.write(as_csv(shown, header=written == 0) if form == "csv" else as_jsonl(shown))
        written += len(rows)
        if len(rows) < PAGE or written >= MOST_EXPORTED:
            break
        async with asyncio.timeout(gateway_of(request).settings.request_timeout):
            rows = await audit.find(msgspec.structs.replace(query, limit=PAGE, before=rows[-1].seq))
    await response.write_eof()
    return response


async def audit_stats(request: web.Request) -> web.Response:
    asked = read_query(request, StatsParameters)
    query = _query(asked)
    audit = store_of(request).audit
    query = await _seen(request, query, asked.namespace)
    groups = tuple(Group(key, number) for key, number in await audit.count(query, asked.by))
    return web.Response(body=msgspec.json.encode(AuditStats(asked.by, groups)), content_type=JSON)


async def verify_audit(request: web.Request) -> web.StreamResponse:
    """The whole chain, so the right is needed for all namespaces that are in it."""
    store = store_of(request)
    only = gateway_of(request).settings.watch_namespace
    await _authorize(request, (only,) if only else ())
    if _verifying.locked():
        raise Refused(503, "Busy", "The log is being verified for somebody else.", retry_after=10)
    async with _verifying:
        if SSE not in request.headers.get("Accept", ""):
            return web.Response(
                body=msgspec.json.encode(await _verdict(request, store, None)), content_type=JSON
            )
        async with Events(request) as events:
            try:
                verdict = await _verdict(request, store, events)
            except StoreError as error:
                await events.send("error", {"detail": str(error)})
            else:
                await events.send("result", verdict)
        return events.response


async def _verdict(request: web.Request, store: Store, events: Events | None) -> AuditVerdict:
    gateway = gateway_of(request)
    try:
        # Our own right, to what is published for everybody to check by; nothing of a namespace is in it.
        found = await gateway.kube.get(CONFIGMAPS, MAP_NAME, gateway.settings.namespace)
        heads, texts = load_heads(found.get("data") or {})
    except NotFound:
        heads, texts = [], {}
    except KubeError as error:
        raise Refused(
            503, "Unavailable", f"The published heads cannot be read: {error}", retry_after=5
        ) from None
    pinned = gateway.settings.audit_public_key
    keys = _keys([pinned] if pinned else list(texts.values()))
    verifier = Verifier(heads, keys, stored=await store.audit.closing_heads())
    first, last = await store.audit.span()
    done, told = 0, 0
    async for rows in store.audit.walk():
        # Hashing lets go of nothing: in a thread, so that the loop is free for others.
        if not await asyncio.to_thread(verifier.feed, rows):
            break
        done += len(rows)
        if events is not None and done - told >= PROGRESS_EVERY:
            told = done
            await events.send("progress", {"rows": done, "of": last - first + 1})
    verdict = verifier.verdict()
    finding = verdict.finding
    return AuditVerdict(
        verdict.holds,
        verdict.rows,
        verdict.first,
        verdict.last,
        verdict.heads,
        verdict.vouched,
        None if finding is None else VerifyFinding(finding.flaw, finding.seq, finding.message),
        tuple(sorted(keys)),
        bool(pinned),
    )


def _keys(texts: list[str]) -> dict[str, Ed25519PublicKey]:
    keys = {}
    for text in texts:
        try:
            key = read_public_key(text)
        except BadKey:
            continue
        keys[key_id(key)] = key
    return keys


def _query(asked: AuditFilters, *, before: int | None = None, limit: int = 50) -> AuditQuery:
    times: dict[str, datetime] = {}
    for field in ("since", "until"):
        text = getattr(asked, field)
        if text is not None:
            try:
                times[field] = resolve_due(text, asked.time_zone).instant
            except DueError as error:
                raise refused_field(
                    field if error.field == "spec.due" else "time_zone", error.message
                ) from None
    return AuditQuery(
        namespaces=asked.namespace or None,
        actor=asked.actor,
        action=asked.action,
        source=asked.source,
        kind=asked.kind,
        name=asked.name,
        uid=asked.uid,
        since=times.get("since"),
        until=times.get("until"),
        text=asked.q or None,
        before=before,
        limit=limit,
    )


async def _authorize(request: web.Request, namespaces: tuple[str, ...]) -> None:
    """403 unless the caller may get the audit log of each namespace; of all, where none is named."""
    if namespaces:
        await asyncio.gather(
            *(authorize(request, "get", AUDITLOGS, name) for name in dict.fromkeys(namespaces))
        )
        return
    try:
        await authorize(request, "get", AUDITLOGS)
    except Refused as refused:
        if refused.status != 403:
            raise
        detail = f"{refused.detail} Or name the namespaces whose log you may read: namespace=…"
        raise Refused(403, refused.reason, detail) from None


async def _seen(request: web.Request, query: AuditQuery, namespaces: tuple[str, ...]) -> AuditQuery:
    """The query, narrowed to what the caller may know of; 403 if that is nothing."""
    await _authorize(request, namespaces)
    if not namespaces:
        return query
    try:
        await authorize(request, "get", AUDITLOGS)
    except Refused as refused:
        if refused.status != 403:
            raise
        return msgspec.structs.replace(query, made=await namespaces_since(request, namespaces))
    return query


@asynccontextmanager
async def _page_in_time(request: web.Request) -> AsyncIterator[None]:
    """The route keeps its own time, for the sake of exports: 504 as elsewhere where a page takes too long."""
    seconds = gateway_of(request).settings.request_timeout
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        detail = (
            f"This took longer than {seconds:g} s and was given up. Ask for less: since=, until=, actor=."
        )
        raise Refused(504, "Timeout", detail) from None


_RIGHT = "Needs `get auditlogs.todotasks.dev` in each namespace that is named, in all where none is."
ROUTES = (
    Route(
        method="GET",
        path="/v1/audit",
        handler=list_audit,
        tag="audit",
        summary="Who did what, the newest first",
        description=f"{_RIGHT} Attempts (what admission let through) and what was observed are entries "
        f"of their own; "
        "`related` joins them.",
        query=AuditParameters,
        answer=AuditItems,
        media_types=(JSON, JSONL, CSV),
        stream=True,
        works=True,
        problems=(403, 503),
    ),
    Route(
        method="GET",
        path="/v1/audit/stats",
        handler=audit_stats,
        tag="audit",
        summary="How many entries, by action, actor, day or namespace",
        description=_RIGHT,
        query=StatsParameters,
        answer=AuditStats,
        problems=(403,),
    ),
    Route(
        method="GET",
        path="/v1/audit/verify",
        handler=verify_audit,
        tag="audit",
        summary="Walk the chain against the published heads",
        description="Says the first flaw: which row, and what kind of tampering it is. Needs `get "
        "auditlogs.todotasks.dev` in all namespaces, or in the one that this gateway looks after. With "
        "`Accept: text/event-stream` it tells its progress.",
        answer=AuditVerdict,
        media_types=(JSON, SSE),
        stream=True,
        works=True,
        problems=(403, 503),
    ),
)
