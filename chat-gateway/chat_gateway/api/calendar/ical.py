"""Tasks as an iCalendar document (RFC 5545). Pure.

A task is a VTODO, or for clients that show no VTODO a VEVENT of a quarter of an hour that keeps nobody busy.

What comes back is no RRULE: an occurrence of a rule that was made is the task that it is, and the coming ones
stand beside it one by one, under the id that the task will have. So nothing is there twice, an occurrence
that was moved or skipped is so here too, and cron rules, and rules on the days when clocks change, say what
the operator will do and not what the client makes of the text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Todo

from chat_gateway.api.calendar.vtimezone import vtimezone
from todotasks import __version__
from todotasks.api import Priority
from todotasks.api.visible import lines

Form = Literal["tasks", "events"]

PRODUCT: Final = f"-//todotasks//todotasks {__version__}//EN"
REFRESH: Final = timedelta(minutes=15)
EVENT_LENGTH: Final = timedelta(minutes=15)
PRIORITIES: Final[dict[Priority, int]] = {"Urgent": 1, "High": 3, "Medium": 5, "Low": 9}

# What is no text: control characters but tab and line feed, and those that turn the direction of writing.


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One task, or one coming occurrence. `zone` is that in which a due instant is shown."""

    uid: str
    title: str
    changed: datetime
    due: datetime | date | None = None  # a date: all day
    zone: str = "UTC"
    notes: str = ""
    priority: Priority = "Medium"
    tags: Sequence[str] = ()
    completed: bool = False
    completion: datetime | None = None
    created: datetime | None = None
    sequence: int = 0
    parent: str | None = None  # uid
    place: str = ""  # namespace/name
    url: str = ""  # on the web page


def to_ical(entries: Iterable[Entry], form: Form, name: str, remark: str = "") -> bytes:
    """The document: lines folded at 75 octets, ended by CRLF."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", one_line(name))
    if remark:
        calendar.add("x-wr-caldesc", one_line(remark))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    used: dict[str, list[datetime]] = {}
    components: list[Todo | Event] = []
    for entry in entries:
        if form == "events" and entry.due is None:
            continue
        when = _when(entry)
        if isinstance(when, datetime) and when.tzinfo is not UTC:
            used.setdefault(entry.zone, []).append(when)
        components.append(_todo(entry, when) if form == "tasks" else _event(entry, when))
    for zone, times in sorted(used.items()):
        calendar.add_component(vtimezone(zone, min(times), max(times)))
    for component in components:
        calendar.add_component(component)
    return calendar.to_ical()  # type: ignore[no-any-return]


def text(given: str) -> str:
    """Line ends as iCalendar has them; without what a terminal or a page would obey."""
    return lines(given)


def uid_text(uid: str) -> str:
    return f"{uid}@todotasks.dev"


def one_line(given: str) -> str:
    return " ".join(text(given).split())


def _todo(entry: Entry, when: datetime | date | None) -> Todo:
    todo = Todo()
    _common(todo, entry, entry.title)
    if when is not None:
        todo.add("due", when)
    todo.add("priority", PRIORITIES[entry.priority])
    todo.add("status", "COMPLETED" if entry.completed else "NEEDS-ACTION")
    if entry.completed:
        todo.add("percent-complete", 100)
        if entry.completion is not None:
            todo.add("completed", entry.completion.astimezone(UTC))
    if entry.parent is not None:
        todo.add("related-to", uid_text(entry.parent))
    return todo


def _event(entry: Entry, when: datetime | date | None) -> Event:
    event = Event()
    _common(event, entry, f"✓ {entry.title}" if entry.completed else entry.title)
    event.add("dtstart", when)
    if isinstance(when, datetime):
        event.add("duration", EVENT_LENGTH)
    elif when is not None:
        event.add("dtend", when + timedelta(days=1))
    event.add("priority", PRIORITIES[entry.priority])
    event.add("transp", "TRANSPARENT")
    return event


def _common(component: Todo | Event, entry: Entry, title: str) -> None:
    component.add("uid", uid_text(entry.uid))
    component.add("dtstamp", entry.changed.astimezone(UTC))
    component.add("last-modified", entry.changed.astimezone(UTC))
    component.add("sequence", entry.sequence)
    component.add("summary", one_line(title))
    if entry.created is not None:
        component.add("created", entry.created.astimezone(UTC))
    if notes := text(entry.notes).strip():
        component.add("description", notes)
    if tags := [one_line(tag) for tag in entry.tags]:
        component.add("categories", tags)
    if entry.place:
        component.add("x-todotasks-task", entry.place)
    if entry.url:
        component.add("url", entry.url)


def _when(entry: Entry) -> Any:
    """The due in its zone; an instant that the zone's clocks show twice, for the second time, in UTC."""
    due = entry.due
    if not isinstance(due, datetime) or entry.zone == "UTC":
        return due.astimezone(UTC) if isinstance(due, datetime) else due
    local = due.astimezone(ZoneInfo(entry.zone))
    return due.astimezone(UTC) if local.fold else local
