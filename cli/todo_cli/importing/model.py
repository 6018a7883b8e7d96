"""What every export comes to: items, and remarks about what of them was left behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from todotasks.api.durations import MAX_DURATION, format_duration

Document = dict[str, Any]


class ImportFailed(Exception):
    """The file as a whole cannot be read; the message says what was given and what is accepted."""


LONGEST_SHOWN = 60  # characters of a title in a remark


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was not carried over, or not as it was."""

    where: str  # "line 12", "tasks[3].repeat_after"
    what: str  # the title of the item, or ""
    why: str

    def __str__(self) -> str:
        return f"{self.where}: " + (f"“{self.what}”: " if self.what else "") + self.why


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an item comes back. `fields` are those of a RecurrenceRule's spec: `rrule`, or `simple`, and
    perhaps `start`, `until`, `except` and `basis`. `start` is when the task that is open now is due."""

    fields: Mapping[str, Any]


@dataclass(slots=True)
class Item:
    """One thing to do, in the words of our own API where there is a field for it."""

    key: str  # what tells it from every other of its source, the same in each export
    where: str
    title: str
    notes: list[str] = field(default_factory=list)  # paragraphs
    priority: str | None = None
    tags: list[str] = field(default_factory=list)
    due: str | None = None
    time_zone: str | None = None  # where `due` names a zone of its own
    project: str | None = None
    assignee: str | None = None
    parent: str | None = None  # the key of the item that this one is a part of
    depends_on: list[str] = field(default_factory=list)  # keys
    reminders: list[Document] = field(default_factory=list)
    links: list[Document] = field(default_factory=list)
    completed: bool = False
    schedule: Schedule | None = None


@dataclass(slots=True)
class Export:
    """What was read of one file."""

    source: str  # "todoist", the first part of each item's mark
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def leave(self, where: str, what: str, why: str) -> None:
        shown = what if len(what) <= LONGEST_SHOWN else f"{what[:LONGEST_SHOWN]}…"
        self.remarks.append(Remark(where, shown, why))


@dataclass(frozen=True, slots=True)
class Context:
    """What a file does not say: what time it is, and the zone in which its people live."""

    now: datetime
    zone: ZoneInfo

    def local(self, moment: datetime) -> str:
        """As `spec.due` has it: an instant in the zone, with its offset; midnight is a day."""
        at = in_zone(moment, self.zone)
        if at.time() == time():
            return at.date().isoformat()
        return at.isoformat(timespec="seconds")

    def wall(self, moment: datetime) -> str:
        """As `spec.start` has it, which the rule's own zone completes."""
        at = in_zone(moment, self.zone)
        return (
            at.date().isoformat()
            if at.time() == time()
            else at.replace(tzinfo=None).isoformat("T", "minutes")
        )


def written(value: date | datetime, zone: tzinfo) -> str:
    """A day, or an instant with the offset it has there; what has none is read where the task lives."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat("T", "minutes" if value.second == 0 else "seconds")
    return in_zone(value, zone).isoformat(timespec="seconds")


def objects_in(value: object) -> Iterator[tuple[int, Document]]:
    """The objects of a JSON list with their places; what is no object, and no list, is nothing."""
    if isinstance(value, list):
        yield from ((place, each) for place, each in enumerate(value) if isinstance(each, dict))


def text_of(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The same instant there; at the ends of the calendar it stays where it is, and is refused as a due."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def lead(seconds: int) -> str | None:
    """So long before, as a reminder says it; None where it is longer than a reminder may say."""
    if abs(seconds) > MAX_DURATION.total_seconds():
        return None
    return format_duration(timedelta(seconds=abs(seconds)))


def list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def number_of(value: object) -> int:
    """0 for what is no whole number: a file may say anything."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
