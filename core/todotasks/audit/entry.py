"""One entry of the audit log, made of one event: who, what, when, to which object, and how it is known.

    attempt    admission let it through; a quota or a conflict may have refused it behind
    observed   it is so: the API server had it, and the recorder saw it
    delivery   what became of a reminder
    time       what the clock gave birth to: overdue, due
    gap        something is missing here, and is known to be

Titles are kept, notes are not: the log says that they changed and not what was in them.
"""

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from todotasks.events import types
from todotasks.events.envelope import CloudEvent

Source = Literal["attempt", "observed", "delivery", "time", "gap"]
SYSTEM = "system"  # the actor of what time alone does
LONGEST_TITLE = 512
MOST_CHANGED = 64
_KINDS = {"todotasks": "TodoTask", "recurrencerules": "RecurrenceRule", "reminders": "Reminder"}
_TIME = {types.TASK_OVERDUE, types.REMINDER_DUE, types.RECURRENCE_MISSED, types.RECURRENCE_SKIPPED}
_BY_THE_OPERATOR = {types.RECURRENCE_SCHEDULED, types.RECURRENCE_EXHAUSTED, types.REMINDER_SCHEDULED}
_DELIVERY = {types.REMINDER_DELIVERED, types.REMINDER_FAILED}


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """What is hashed and kept. Times are UTC; everything in `detail` is text, a number, or a list of "
    "texts."""

    id: str
    at: datetime
    source: Source
    action: str
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
    detail: dict[str, str | int | tuple[str, ...]] = {}


_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(record: Any) -> bytes:
    """The bytes that are hashed: JSON without spaces, keys sorted, numbers whole.

    The same for an `Entry` and for what PostgreSQL gives back of it as jsonb.
    """
    return _ENCODER.encode(record)


def entry_of(event: CloudEvent) -> Entry:
    """The entry of an event of any topic."""
    data = msgspec.json.decode(event.data)
    entry_type = types.EVENT_TYPES[event.type]
    namespace, _, name = event.subject.partition("/")
    plural = event.source.rpartition("/")[2]
    common: dict[str, Any] = {
        "id": event.id,
        "at": event.time.astimezone(UTC),
        "trace": event.traceparent,
        "actor": event.actor,
    }
    if event.type == types.ADMISSION_GAP:
        return Entry(
            **common,
            source="gap",
            action="gap",
            name=_text(data["replica"]),
            detail={"since": data["since"], "until": data["until"], "dropped": data["dropped"]},
        )
    if event.type == types.ADMISSION_REQUESTED:
        about = data["object"]
        version = data.get("resourceVersion", "")
        return Entry(
            **common,
            source="attempt",
            action=data["verb"],
            namespace=about["namespace"],
            name=about["name"],
            kind=data["kind"],
            uid=about.get("uid"),
            version=int(version) if version.isdecimal() else None,
            changed=tuple(data.get("changed", ()))[:MOST_CHANGED],
            groups=tuple(data["user"].get("groups", ())),
        )
    thing = data.get("task") or data.get("rule") or data.get("reminder") or {}
    about = data.get("reminder") or data.get("rule") or data.get("task") or {}
    meta = about.get("metadata", about)
    return Entry(
        **{**common, "actor": _actor(event)},
        source=_source(event.type),
        action=entry_type.short.removesuffix(".v1"),
        namespace=namespace,
        name=name,
        kind=_KINDS.get(plural, plural),
        uid=meta.get("uid"),
        version=int(event.sequence) if event.sequence is not None else None,
        title=_title(thing),
        changed=tuple(data.get("changed", ()))[:MOST_CHANGED],
        coalesced=bool(data.get("coalesced", False)),
        detail=_detail(data),
    )


def _source(event_type: str) -> Source:
    if event_type in _DELIVERY:
        return "delivery"
    return "time" if event_type in _TIME else "observed"


def _actor(event: CloudEvent) -> str | None:
    """Who did it. A deletion leaves no object to stamp: its actor is the attempt's (`audit.md`)."""
    if event.type in _TIME or event.type in _DELIVERY or event.type in _BY_THE_OPERATOR:
        return SYSTEM
    if event.type in {types.TASK_DELETED, types.RECURRENCE_DELETED}:
        return None
    return event.actor


def _title(thing: dict[str, Any]) -> str | None:
    spec = thing.get("spec") or {}
    title = spec.get("title") or ((spec.get("template") or {}).get("spec") or {}).get("title")
    return _text(title)[:LONGEST_TITLE] if isinstance(title, str) else None


def _detail(data: dict[str, Any]) -> dict[str, str | int | tuple[str, ...]]:
    """The small facts of an event, as they are."""
    kept: dict[str, str | int | tuple[str, ...]] = {}
    for key in (
        *("reason", "message", "channel", "attempts", "error", "scheduledTime", "fireTime", "snoozeUntil"),
        *("overdueAt", "count", "repeat", "channels", "event"),
    ):
        value = data.get(key)
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, str):
            kept[key] = _text(value)[:1024]
        elif isinstance(value, int):
            kept[key] = value
        elif isinstance(value, list):
            kept[key] = tuple(_text(str(each)) for each in value[:16])
    return kept


def _text(text: str) -> str:
    return text
