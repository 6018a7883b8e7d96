"""`GET /v1/calendar.ics`: tasks as a calendar that clients subscribe to.

Tasks come from the mirror, after the API server has said that the caller may list them; rules come from the
API server itself, as the caller: who may not read rules has a calendar without what is to come of them. A
calendar client cannot send a bearer token: it sends the token as the password of Basic.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
import structlog
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.calendar.ical import Entry, Form, to_ical
from chat_gateway.api.params import (
    Filters,
    TaskDoc,
    authorize_lists,
    checked,
    conditional,
    find_all,
    store_of,
    task_query,
)
from chat_gateway.http.context import CALLER, gateway_of
from chat_gateway.http.decode import read_query
from chat_gateway.http.routes import Route
from todotasks.api import (
    ANNOTATION_SCHEDULED_TIME,
    ANNOTATION_TIME_ZONE,
    Metadata,
    RecurrenceRule,
)
from todotasks.api.due import DEFAULT_ZONE, DueError, resolve_due
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Forbidden, NotFound
from todotasks.kube.resources import NAMESPACES, RECURRENCERULES
from todotasks.recurrence import Rule, rule_from_spec
from todotasks.store import FoundTask

MEDIA_TYPE: Final = "text/calendar"
MOST_OPEN: Final = 2_000  # tasks, the nearest due first
MOST_COMPLETED: Final = 500  # the last completed first
COMPLETED_FOR: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=90)
MOST_COMING: Final = 30  # occurrences of a rule
MOST_RULES: Final = 200
LONGEST_DAY: Final = timedelta(hours=25)

log = structlog.get_logger(__name__)


class CalendarParameters(Filters, frozen=True, rename="camel", kw_only=True):
    as_: Annotated[Form, Meta(description="events: for clients that show no tasks (VTODO)")] = msgspec.field(
        default="tasks", name="as"
    )


async def calendar(request: web.Request) -> web.Response:
    asked = read_query(request, CalendarParameters)
    store = store_of(request)
    query = checked(task_query(asked))
    await authorize_lists(request, asked.namespace)
    now = datetime.now(UTC)
    rows: list[FoundTask] = []
    whole = True
    if asked.completed is not True:
        found, whole = await find_all(store, msgspec.structs.replace(query, completed=False), MOST_OPEN)
        rows += found
    if asked.completed is not False:
        done = msgspec.structs.replace(query, completed=True, sort="completed", descending=True)
        found, all_done = await find_all(store, done, MOST_COMPLETED)
        rows += found
        whole = whole and (all_done or not asked.completed)
    rules = await _rules(request, asked) if _shows_coming(asked) else []
    remark = "" if whole else f"Only the {MOST_OPEN:,} open and {MOST_COMPLETED:,} completed tasks nearest."
    name = ", ".join(asked.namespace) or "todotasks"
    # Hundreds of milliseconds for a full calendar: not in the loop that serves everybody else.
    page = gateway_of(request).settings.page_url
    entries = await asyncio.to_thread(_entries, rows, rules, now, page, everything=asked.completed is True)
    body = await asyncio.to_thread(to_ical, entries, asked.as_, name, remark)
    return conditional(request, body, MEDIA_TYPE, {"Cache-Control": "private, no-cache"})


def _entries(
    rows: Sequence[FoundTask],
    rules: Sequence[tuple[RecurrenceRule, str | None]],
    now: datetime,
    page: str | None,
    *,
    everything: bool,
) -> list[Entry]:
    """`page` is where the web page is; `everything`: also what was completed long ago."""
    read = [(row, msgspec.json.decode(row.doc, type=TaskDoc)) for row in rows]
    uids = {(row.namespace, row.name): _uid(row, doc) for row, doc in read}
    found = [_task_entry(row, doc, uids, page) for row, doc in read]
    kept = [entry for entry in found if everything or not _is_long_done(entry, now)]
    known = {entry.uid for entry in found}
    coming = [entry for rule, zone in rules for entry in coming_entries(rule, zone, now, page)]
    return [*kept, *(entry for entry in coming if entry.uid not in known)]


def _is_long_done(entry: Entry, now: datetime) -> bool:
    return entry.completed and entry.completion is not None and entry.completion < now - COMPLETED_FOR


# ── tasks ────────────────────────────────────────────────────────────────────────────────────────────
def _task_entry(row: FoundTask, doc: TaskDoc, uids: dict[tuple[str, str], str], page: str | None) -> Entry:
    meta, spec, status = doc.metadata, doc.spec, doc.status
    due: Any = status.due_time
    zone = DEFAULT_ZONE
    if spec.due is not None:
        try:
            read = resolve_due(spec.due, spec.time_zone)
        except DueError:
            pass  # the task's own conditions say so; its instant, if there was one, stands
        else:
            # Read in its zone where it names one, else the operator has read it in the namespace's.
            zone = read.zone
            due = datetime.fromisoformat(spec.due).date() if read.all_day else status.due_time or read.instant
    return Entry(
        uid=_uid(row, doc),
        title=row.title,
        changed=row.updated_at,
        due=due,
        zone=zone,
        notes=spec.notes or "",
        priority=spec.priority,
        tags=spec.tags or (),
        completed=spec.completed,
        completion=status.completion_time,
        created=meta.creation_timestamp,
        sequence=meta.generation,
        parent=uids.get((row.namespace, spec.parent or "")),
        place=f"{row.namespace}/{row.name}",
        url=f"{page}/task/{quote(row.namespace)}/{quote(row.name)}" if page else "",
    )


def _uid(row: FoundTask, doc: TaskDoc) -> str:
    return _occurrence_uid(doc.metadata) or row.uid


def _occurrence_uid(meta: Metadata) -> str | None:
    """Of an occurrence: that of its rule and its time, which the coming one had already."""
    scheduled = meta.annotation(ANNOTATION_SCHEDULED_TIME)
    rule = next((owner for owner in meta.owner_references or () if owner.controller), None)
    if scheduled is None or rule is None or rule.kind != RECURRENCERULES.kind:
        return None
    try:
        return coming_uid(rule.uid, datetime.fromisoformat(scheduled))
    except ValueError:
        return None


def coming_uid(rule: str, at: datetime) -> str:
    return f"{rule}-{int(at.timestamp()) // 60}"


# ── what is to come ──────────────────────────────────────────────────────────────────────────────────
def _shows_coming(asked: CalendarParameters) -> bool:
    """A coming occurrence is open, has a due, and nothing else that could be filtered by is sure of it."""
    return not (
        asked.completed
        or asked.overdue
        or asked.blocked
        or asked.parent
        or asked.q
        or asked.recurring is False
        or asked.has_due is False
        or asked.due_from
        or asked.due_to
        or asked.created_from
        or asked.created_to
    )


async def _rules(request: web.Request, asked: CalendarParameters) -> list[tuple[RecurrenceRule, str | None]]:
    """The rules whose tasks would match, with the zone they are read in (None: it is not to be known)."""
    client, own = request[CALLER].client, gateway_of(request).kube
    found: list[RecurrenceRule] = []
    for namespace in asked.namespace or (None,):
        try:
            found += await client.list_(RECURRENCERULES, namespace, type=RecurrenceRule)
        except Forbidden:
            continue
    fitting = [rule for rule in found if not rule.spec.suspend and _fits(rule, asked)][:MOST_RULES]
    zones: dict[str, str | None] = {}
    for rule in fitting:
        namespace = rule.metadata.namespace
        if rule.spec.time_zone is None and namespace not in zones:
            # With our own rights: it is how the caller's rules are read, whether they may look at it or not.
            zones[namespace] = await _zone_of(own, namespace)
    return [(rule, rule.spec.time_zone or zones[rule.metadata.namespace]) for rule in fitting]


async def _zone_of(client: KubeClient, namespace: str) -> str | None:
    try:
        body = await client.get(NAMESPACES, namespace)
    except (Forbidden, NotFound):
        return None
    annotations = body["metadata"].get("annotations") or {}
    return str(annotations.get(ANNOTATION_TIME_ZONE, DEFAULT_ZONE))


def _fits(rule: RecurrenceRule, asked: CalendarParameters) -> bool:
    spec = rule.spec.template.spec
    return (
        set(asked.tag) <= set(spec.tags or ())
        and (not asked.priority or spec.priority in asked.priority)
        and asked.project in (None, spec.project)
        and asked.assignee in (None, spec.assignee)
    )


def coming_entries(
    rule: RecurrenceRule, zone: str | None, now: datetime, page: str | None = None
) -> Iterable[Entry]:
    """The occurrences that are not made yet, as far ahead as a calendar shows them."""
    times, all_day, shown_in = _coming(rule, zone, now)
    spec, meta = rule.spec.template.spec, rule.metadata
    changed = meta.creation_timestamp or now
    for at in times:
        yield Entry(
            uid=coming_uid(meta.uid, at),
            title=spec.title,
            changed=changed,
            due=_day(at) if all_day else at,
            zone=shown_in,
            notes=spec.notes or "",
            priority=spec.priority,
            tags=spec.tags or (),
            created=meta.creation_timestamp,
            url=f"{page}/rule/{quote(meta.namespace or '')}/{quote(meta.name)}" if page else "",
        )


def _coming(rule: RecurrenceRule, zone: str | None, now: datetime) -> tuple[list[datetime], bool, str]:
    """The times, whether they are days, and the zone they are shown in. A day is one wherever it is read."""
    next_ = rule.status.next_schedule_time
    read = rule_from_spec(rule.spec, zone or DEFAULT_ZONE, rule.metadata.creation_timestamp)
    if not isinstance(read, Rule):
        return ([next_] if next_ is not None and next_ > now else []), False, DEFAULT_ZONE
    if zone is None or rule.spec.basis != "Schedule":
        # Counted from a completion, or in a zone that is not to be known: what the operator has said.
        begins = now - LONGEST_DAY if read.all_day else now
        told = [next_] if next_ is not None and next_ > begins else []
        if zone is None:
            return told, read.all_day, DEFAULT_ZONE
        return [at.astimezone(read.clock.zone) for at in told], read.all_day, str(read.clock.zone)
    made = rule.status.last_schedule_time
    begin = max(now, made + timedelta(seconds=1)) if made is not None else now
    times = read.between(begin, now + AHEAD, MOST_COMING)
    return [at.astimezone(read.clock.zone) for at in times], read.all_day, str(read.clock.zone)


def _day(at: datetime) -> date:
    """The day that begins at a midnight; of one whose zone is not known, that of the nearest midnight in UTC
    (right between UTC-12 and UTC+12)."""
    return (at + timedelta(hours=12)).date() if at.tzinfo is UTC else at.date()


ROUTES = (
    Route(
        method="GET",
        path="/v1/calendar.ics",
        holds="calendars",
        handler=calendar,
        tag="tasks",
        summary="Tasks as a calendar to subscribe to",
        description="Open tasks, those completed in the last 30 days, and what rules will make in the next "
        "90. Takes Basic too, with the token as password: calendar clients know nothing else.",
        basic=True,
        query=CalendarParameters,
        media_types=(MEDIA_TYPE,),
        headers=("If-None-Match",),
        problems=(403,),
    ),
)
