"""Taskwarrior's `task export`: a JSON list of tasks, in old versions one object a line.

Times are `20260304T100000Z`, always UTC, also where a day was meant: midnight in the person's zone is that
day. `recur` is a period; a task with status `recurring` is the pattern, and those with a `parent` are what
it made, so the pattern becomes the rule and the earliest open one of its children says where it begins.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from todo_cli.importing.model import (
    Context,
    Document,
    Export,
    ImportFailed,
    Item,
    Schedule,
    list_of,
    objects_in,
    text_of,
)

PRIORITIES = {"H": "High", "M": "Medium", "L": "Low"}
KNOWN = frozenset({
    "id", "uuid", "status", "entry", "description", "start", "end", "due", "until", "wait", "scheduled",
    "modified", "recur", "rtype", "mask", "imask", "parent", "project", "priority", "depends", "tags",
    "annotations", "urgency", "template", "last",
})  # fmt: skip
NAMED = {
    "hourly": ("HOURLY", 1), "hour": ("HOURLY", 1), "daily": ("DAILY", 1), "day": ("DAILY", 1),
    "weekdays": ("WEEKLY;BYDAY=MO,TU,WE,TH,FR", 1), "weekly": ("WEEKLY", 1), "week": ("WEEKLY", 1),
    "sennight": ("WEEKLY", 1), "biweekly": ("WEEKLY", 2), "fortnight": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1), "month": ("MONTHLY", 1), "bimonthly": ("MONTHLY", 2),
    "quarterly": ("MONTHLY", 3), "quarter": ("MONTHLY", 3), "semiannual": ("MONTHLY", 6),
    "biannual": ("MONTHLY", 6), "annual": ("YEARLY", 1), "yearly": ("YEARLY", 1), "year": ("YEARLY", 1),
    "biyearly": ("YEARLY", 2),
}  # fmt: skip
UNITS = {
    ("d", "day", "days"): ("DAILY", 1),
    ("w", "wk", "wks", "week", "weeks"): ("WEEKLY", 1),
    ("mo", "mos", "mth", "mths", "mnths", "month", "months"): ("MONTHLY", 1),
    ("q", "qtr", "qtrs", "qrtrs", "quarter", "quarters"): ("MONTHLY", 3),
    ("y", "yr", "yrs", "year", "years", "annual"): ("YEARLY", 1),
    ("h", "hr", "hrs", "hour", "hours"): ("HOURLY", 1),
    ("min", "mins", "minutes"): ("MINUTELY", 1),
}
_UNIT = {word: meant for words, meant in UNITS.items() for word in words}
_COUNTED = re.compile(r"(?P<number>\d+)\s*(?P<unit>[a-z]+)")
_ISO = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?P<hours>\d+)H)?"
)
_ISO_UNITS = {"years": "YEARLY", "months": "MONTHLY", "weeks": "WEEKLY", "days": "DAILY", "hours": "HOURLY"}


def load(data: bytes) -> Any:
    """The tasks of a list, or of lines that are each an object, with or without a comma behind."""
    text = data.decode("utf-8-sig", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    tasks = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (line := line.strip().rstrip(",").strip("[]")):
            continue
        try:
            tasks.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise ImportFailed(f"line {number}: not JSON: {error}") from error
    return tasks


def is_taskwarrior(document: object) -> bool:
    return isinstance(document, list) and any(
        isinstance(each, dict) and {"uuid", "description", "status"} <= each.keys() for each in document
    )


def moment(value: object) -> datetime | None:
    try:
        return datetime.strptime(text_of(value), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def rrule_of(recur: str) -> str | None:
    """The period as an RRULE; None where there is none for it ("3weekdays", "10 seconds")."""
    said = recur.strip()
    if found := NAMED.get(said.lower()):
        return _frequency(*found)
    if (iso := _ISO.fullmatch(said)) and len(
        given := {k: int(v) for k, v in iso.groupdict().items() if v}
    ) == 1:
        ((unit, number),) = given.items()
        return _frequency(_ISO_UNITS[unit], number) if number else None
    if (counted := _COUNTED.fullmatch(said.lower())) and (meant := _UNIT.get(counted["unit"])):
        frequency, each = meant
        number = int(counted["number"]) * each
        return _frequency(frequency, number) if number else None
    return None


def _frequency(name: str, interval: int) -> str:
    head, _, tail = name.partition(";")
    return ";".join(filter(None, (f"FREQ={head}", f"INTERVAL={interval}" if interval > 1 else "", tail)))


def read_taskwarrior(document: Any, context: Context) -> Export:
    return _Reading(context).read(document)


class _Reading:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._export = Export("taskwarrior")
        self._open: dict[str, list[datetime]] = {}  # dues of a pattern's open children
        self._patterns: set[str] = set()

    def read(self, document: Any) -> Export:
        tasks = list(objects_in(document))
        self._patterns = {
            text_of(task.get("uuid")) for _, task in tasks if text_of(task.get("status")) == "recurring"
        }
        for _, task in tasks:
            due = moment(task.get("due"))
            if text_of(task.get("status")) in {"pending", "waiting"} and due and task.get("parent"):
                self._open.setdefault(text_of(task["parent"]), []).append(due)
        for place, task in tasks:
            self._task(task, f"[{place}]")
        return self._export

    def _task(self, task: Document, where: str) -> None:
        status = text_of(task.get("status"))
        if status == "deleted":
            return
        child = text_of(task.get("parent"))
        if child in self._patterns and status != "completed":
            return  # its rule makes it
        title = text_of(task.get("description"))
        due = moment(task.get("due"))
        item = Item(
            key=text_of(task.get("uuid")),
            where=where,
            title=title,
            priority=PRIORITIES.get(text_of(task.get("priority"))),
            tags=[tag for tag in list_of(task.get("tags")) if isinstance(tag, str)],
            due=self._context.local(due) if due else None,
            project=text_of(task.get("project")).replace(".", " / ") or None,
            depends_on=depends(task.get("depends")),
            completed=status == "completed",
        )
        for _, note in objects_in(task.get("annotations")):
            item.notes.append(text_of(note.get("description")))
        if status == "recurring":
            self._repeat(task, item, due)
        elif task.get("recur") and not item.completed:
            self._export.leave(
                f"{where}.recur", title, "the pattern that it came from is not in the file: it is made once"
            )
        self._rest(task, item)
        self._export.items.append(item)

    def _repeat(self, task: Document, item: Item, due: datetime | None) -> None:
        recur = text_of(task.get("recur"))
        rrule = rrule_of(recur)
        if rrule is None:
            self._export.leave(
                f"{item.where}.recur", item.title, f"“{recur}” is no schedule here: it is made once"
            )
            return
        # Where nothing of it is open, the pattern's own due, however long ago, keeps the schedule's step.
        first = min(self._open.get(item.key, []), default=due)
        fields: Document = {"rrule": rrule}
        if first is not None:
            fields["start"] = self._context.wall(first)
        if (until := moment(task.get("until"))) is not None:
            fields["until"] = self._context.wall(until)
        item.schedule = Schedule(fields)

    def _rest(self, task: Document, item: Item) -> None:
        for name in ("wait", "scheduled"):
            if (at := moment(task.get(name))) is not None and not item.completed:
                says = self._context.local(at)
                self._export.leave(
                    f"{item.where}.{name}", item.title, f"{says} has no place here; kept in the notes"
                )
                item.notes.append(f"{name.capitalize()}: {says}")
        if task.get("until") and item.schedule is None and not item.completed:
            self._export.leave(f"{item.where}.until", item.title, "a task does not end by itself here")
        for name in sorted(task.keys() - KNOWN):
            value = task[name]
            self._export.leave(
                f"{item.where}.{name}", item.title, "an attribute of your own; kept in the notes"
            )
            item.notes.append(
                f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
            )


def depends(value: object) -> list[str]:
    """A list; before Taskwarrior 2.6 a text with commas."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
