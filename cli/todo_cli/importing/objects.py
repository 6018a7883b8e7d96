"""Items as the objects that they become: within the bounds of the API, with names that are always the same.

A recurring item becomes a RecurrenceRule whose first occurrence is the task that is open now; its parts are
the template's subtasks. All else becomes a TodoTask. What has no place is remarked.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from todo_cli.importing.model import Context, Document, Export, Item
from todotasks.api.due import Due, DueError, resolve_due
from todotasks.api.durations import DurationError, format_duration, parse_calendar_duration
from todotasks.api.meta import ANNOTATION_IMPORTED_FROM, GROUP_VERSION
from todotasks.edits.model.names import slug
from todotasks.recurrence import RuleSpec, parse_rule

LONGEST_TITLE, LONGEST_NOTES, LONGEST_PROJECT, LONGEST_PERSON, LONGEST_TAG = (
    512,
    16_384,
    128,
    253,
    63,
)  # characters
MOST_TAGS, MOST_REMINDERS, MOST_LINKS, MOST_DEPENDENCIES, MOST_SUBTASKS, MOST_EXCEPTIONS = (
    32,
    16,
    16,
    32,
    32,
    366,
)
LONGEST_SLUG = 40  # with the digest behind it a name leaves room for what the operator appends
DIGEST = 8  # hexadecimal digits
MARGIN = timedelta(
    hours=1
)  # a task is there before its first reminder, also where the operator was away a while

T = TypeVar("T")

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE_IN_NOTES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_IN_A_TAG = re.compile(r"[\s,]+")
_MINUTES_AT_LEAST = re.compile(r"(?i)(^|[:;])FREQ=(MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)")
_LINK = re.compile(r"(?i:https?)://[^\s/?#@]+([/?#]\S*)?|(?i:mailto):[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True)
class Made:
    """An object to create. `depth` is how many of its parents are created before it."""

    kind: str  # "TodoTask" or "RecurrenceRule"
    name: str
    mark: (
        str  # what ANNOTATION_IMPORTED_FROM says: the same item of the same source, whatever it is called now
    )
    body: Document
    where: str
    title: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    made: tuple[Made, ...]
    completed: int  # items that were done, and are left out


def plan(export: Export, context: Context, *, with_completed: bool = False) -> Plan:
    """The objects of an export; what is left behind is added to its remarks."""
    return _Planning(export, context, with_completed).plan()


def name_of(source: str, item: Item) -> str:
    digest = hashlib.sha256(f"{source}\0{item.key}".encode()).hexdigest()[:DIGEST]
    return f"{slug(item.title)[:LONGEST_SLUG].strip('-')}-{digest}"


class _Planning:
    def __init__(self, export: Export, context: Context, with_completed: bool) -> None:
        self._export = export
        self._context = context
        self._with_completed = with_completed
        self._items: dict[str, Item] = {}
        self._leave = export.leave

    def plan(self) -> Plan:
        for item in self._export.items:
            item.title = self._one_line(item, "title", item.title, LONGEST_TITLE)
            if not item.title:
                self._leave(item.where, "", "it has no title, so it is not made")
            elif item.key in self._items:
                self._leave(
                    item.where,
                    item.title,
                    f"the second of this id in the file ({item.key}), so it is not made",
                )
            else:
                self._items[item.key] = item
        left_out = {key for key, item in self._items.items() if item.completed and not self._with_completed}
        self._adopt(left_out)
        made = []
        for key, item in self._items.items():
            if key in left_out or self._above(item, lambda each: each.schedule is not None) is not None:
                continue
            made.append(self._rule(item) if item.schedule is not None else self._task(item))
        made.sort(key=lambda each: each.depth)  # stable: in the order of the file
        return Plan(tuple(made), len(left_out))

    # -- relations --------------------------------------------------------------------------------

    def _adopt(self, left_out: set[str]) -> None:
        """Parents that are not there, or are done and left out, or are their own descendants, are none."""
        for item in self._items.values():
            parent, seen = item.parent, {item.key}
            while parent is not None and parent in left_out:
                parent = self._items[parent].parent
            item.parent = parent
            while parent is not None:
                if parent in seen or parent not in self._items:
                    why = (
                        "its parents go round in a circle"
                        if parent in seen
                        else f"its parent {parent} is not in the file"
                    )
                    self._leave(item.where, item.title, f"{why}: it stands alone")
                    item.parent = None
                    break
                seen.add(parent)
                parent = self._items[parent].parent
            if item.completed and item.schedule is not None:
                item.schedule = None
        for item in self._items.values():
            if item.schedule is not None and not self._scheduled(item):
                item.schedule = None

    def _above(self, item: Item, wanted: Callable[[Item], bool]) -> Item | None:
        parent = self._items.get(item.parent) if item.parent else None
        while parent is not None and not wanted(parent):
            parent = self._items.get(parent.parent) if parent.parent else None
        return parent

    def _parts(self, rule: Item) -> list[Item]:
        """Everything below a recurring item, in the order of the file."""
        below = [
            each
            for each in self._items.values()
            if self._above(each, lambda above: above is rule) is not None
        ]
        for each in below:
            if each.schedule is not None:
                self._leave(
                    each.where,
                    each.title,
                    f"it repeats by itself as a part of “{rule.title}”, which repeats: it comes with that",
                )
            if each.due or each.reminders or each.assignee or each.tags:
                self._leave(
                    each.where,
                    each.title,
                    "as a part of a recurring task it keeps title, notes and priority only",
                )
        if len(below) > MOST_SUBTASKS:
            self._leave(
                rule.where, rule.title, f"of its {len(below)} parts the first {MOST_SUBTASKS} are kept"
            )
        return below[:MOST_SUBTASKS]

    # -- a task -----------------------------------------------------------------------------------

    def _task(self, item: Item) -> Made:
        spec = self._common(item)
        due = self._due(item, spec)
        if item.parent is not None:
            spec["parent"] = name_of(self._export.source, self._items[item.parent])
        if waits := self._dependencies(item):
            spec["dependsOn"] = waits
        if item.completed:
            spec["completed"] = True
        elif reminders := self._reminders(item, due):
            spec["reminders"] = reminders
        return self._made("TodoTask", item, spec)

    def _due(self, item: Item, spec: Document) -> Due | None:
        if item.due is None:
            return None
        zone = item.time_zone or self._context.zone.key
        try:
            due = resolve_due(item.due, zone)
        except DueError as error:
            self._leave(f"{item.where}, due", item.title, f"{error.message}; kept in the notes")
            spec["notes"] = f"{spec['notes']}\n\nDue: {item.due}" if "notes" in spec else f"Due: {item.due}"
            return None
        spec["due"] = item.due
        if item.time_zone or ("T" in item.due and item.due[-6] not in "+-" and not item.due.endswith("Z")):
            spec["timeZone"] = zone
        return due

    def _dependencies(self, item: Item) -> list[str]:
        names = []
        for key in dict.fromkeys(item.depends_on):
            other = self._items.get(key)
            if other is None:
                self._leave(
                    f"{item.where}, depends", item.title, f"waits for {key}, which is not in the file"
                )
            elif other.completed and not self._with_completed:
                continue  # nothing to wait for
            elif other.schedule is not None or self._above(other, lambda each: each.schedule is not None):
                self._leave(f"{item.where}, depends", item.title, f"waits for “{other.title}”, which repeats")
            elif other is not item:
                names.append(name_of(self._export.source, other))
        if len(names) > MOST_DEPENDENCIES:
            self._leave(
                f"{item.where}, depends",
                item.title,
                f"of {len(names)} tasks it waits for {MOST_DEPENDENCIES}",
            )
        return names[:MOST_DEPENDENCIES]

    def _reminders(self, item: Item, due: Due | None) -> list[Document]:
        kept = []
        for reminder in unique(item.reminders):
            try:
                at = self._time_of(reminder, due)
            except (DueError, DurationError, OverflowError) as error:
                self._leave(f"{item.where}, reminder", item.title, str(error))
                continue
            if at is None:
                self._leave(
                    f"{item.where}, reminder", item.title, "counts back from a due time that it does not have"
                )
            elif at <= self._context.now:
                said = reminder.get("at") or f"{reminder['before']} before"
                self._leave(f"{item.where}, reminder", item.title, f"{said} is past: it would fire at once")
            else:
                kept.append(reminder)
        return self._first(item, "reminders", kept, MOST_REMINDERS)

    def _time_of(self, reminder: Document, due: Due | None) -> datetime | None:
        if "at" in reminder:
            return resolve_due(reminder["at"], self._context.zone.key).instant
        if due is None:
            return None
        return parse_calendar_duration(reminder["before"]).before(due.instant, self._context.zone)

    # -- a rule -----------------------------------------------------------------------------------

    def _scheduled(self, item: Item) -> bool:
        """Whether our rules can say it; else it is made once, when it would have been due first."""
        assert item.schedule is not None
        fields = dict(item.schedule.fields)
        fields.setdefault(
            "start", item.due or self._context.now.astimezone(self._context.zone).date().isoformat()
        )
        if len(fields.get("except", ())) > MOST_EXCEPTIONS:
            self._leave(item.where, item.title, f"of its left out days the last {MOST_EXCEPTIONS} are kept")
            fields["except"] = sorted(fields["except"])[-MOST_EXCEPTIONS:]
        zone = item.time_zone or self._context.zone.key
        rule = parse_rule(
            RuleSpec(
                rrule=fields.get("rrule"), start=fields["start"], until=fields.get("until"),
                except_=fields.get("except", ()), time_zone=zone,
            )
        )  # fmt: skip
        if isinstance(rule, list) or not _MINUTES_AT_LEAST.search(fields["rrule"]):
            errors = [f"{error.path} {error.message}" for error in rule] if isinstance(rule, list) else []
            said = "; ".join(errors) or "there is at most one occurrence a minute"
            self._leave(f"{item.where}, schedule", item.title, f"{said}: it is made once")
            item.due = item.due or fields["start"]
            item.notes.append(f"Schedule: {fields.get('rrule')}")
            return False
        item.schedule = type(item.schedule)({**fields, "timeZone": zone})
        return True

    def _rule(self, item: Item) -> Made:
        assert item.schedule is not None
        fields = dict(item.schedule.fields)
        template = self._common(item)
        kept, longest = [], timedelta()
        for reminder in unique(item.reminders):
            if "before" not in reminder:
                self._leave(
                    f"{item.where}, reminder",
                    item.title,
                    "a moment makes no sense for a task that comes back",
                )
                continue
            try:
                longest = max(longest, parse_calendar_duration(reminder["before"]).about)
            except DurationError as error:
                self._leave(f"{item.where}, reminder", item.title, str(error))
                continue
            kept.append(reminder)
        if kept := self._first(item, "reminders", kept, MOST_REMINDERS):
            template["reminders"] = kept
            fields["leadTime"] = format_duration(longest + MARGIN)
        if item.depends_on:
            self._leave(f"{item.where}, depends", item.title, "a task that comes back waits for no other")
        body: Document = {"spec": template}
        if parts := self._parts(item):
            body["subtasks"] = [self._part(each) for each in parts]
        if item.parent is not None:
            self._leave(
                item.where,
                item.title,
                f"it repeats, so it is no part of “{self._items[item.parent].title}” any more",
            )
        return self._made("RecurrenceRule", item, {**fields, "template": body})

    def _part(self, item: Item) -> Document:
        common = self._common(item)
        return {name: common[name] for name in ("title", "notes", "priority") if name in common}

    # -- both -------------------------------------------------------------------------------------

    def _made(self, kind: str, item: Item, spec: Document) -> Made:
        mark = f"{self._export.source}/{item.key}"
        name = name_of(self._export.source, item)
        depth, parent = 0, item.parent if kind == "TodoTask" else None
        while parent is not None:
            depth, parent = depth + 1, self._items[parent].parent
        metadata = {"name": name, "annotations": {ANNOTATION_IMPORTED_FROM: mark}}
        body = {"apiVersion": GROUP_VERSION, "kind": kind, "metadata": metadata, "spec": spec}
        return Made(kind, name, mark, body, item.where, item.title, depth)

    def _common(self, item: Item) -> Document:
        links = self._links(item)  # first: what is no link goes into the notes
        spec: Document = {"title": item.title}
        if notes := self._notes(item):
            spec["notes"] = notes
        if item.priority is not None:
            spec["priority"] = item.priority
        if tags := self._tags(item):
            spec["tags"] = tags
        if item.project and (project := self._one_line(item, "project", item.project, LONGEST_PROJECT)):
            spec["project"] = project
        if item.assignee and (person := self._one_line(item, "assignee", item.assignee, LONGEST_PERSON)):
            spec["assignee"] = person
        if links:
            spec["links"] = links
        return spec

    def _one_line(self, item: Item, field: str, text: str, longest: int) -> str:
        line = " ".join(_UNPRINTABLE.sub(" ", text).split())
        if len(line) > longest:
            self._leave(
                f"{item.where}, {field}", line[:60] + "…", f"cut to {longest} of {len(line)} characters"
            )
            if field == "title":
                item.notes.insert(0, line)
            line = line[:longest].rstrip()
        return line

    def _notes(self, item: Item) -> str:
        text = "\n\n".join(filter(None, (part.strip() for part in item.notes)))
        text = _UNPRINTABLE_IN_NOTES.sub("", text)
        if len(text) > LONGEST_NOTES:
            self._leave(
                f"{item.where}, notes", item.title, f"cut to {LONGEST_NOTES} of {len(text)} characters"
            )
        return text[:LONGEST_NOTES]

    def _tags(self, item: Item) -> list[str]:
        words = (
            _NOT_IN_A_TAG.sub("-", _UNPRINTABLE.sub("", tag)).lstrip("#").strip("-") for tag in item.tags
        )
        kept = []
        for word in dict.fromkeys(filter(None, words)):
            if len(word) > LONGEST_TAG:
                self._leave(
                    f"{item.where}, tags",
                    item.title,
                    f"the tag “{word[:20]}…” is cut to {LONGEST_TAG} characters",
                )
            kept.append(word[:LONGEST_TAG])
        return self._first(item, "tags", list(dict.fromkeys(kept)), MOST_TAGS)

    def _links(self, item: Item) -> list[Document]:
        kept: dict[str, Document] = {}
        for link in item.links:
            plain = _LINK.fullmatch(link["url"]) and not _UNPRINTABLE.search(link["url"])
            if plain and len(link["url"]) <= 2048:
                title = " ".join(_UNPRINTABLE.sub(" ", link.get("title", "")).split())[:256]
                kept.setdefault(link["url"], {"url": link["url"], **({"title": title} if title else {})})
            else:
                shown = link["url"][:60]
                self._leave(
                    f"{item.where}, links",
                    item.title,
                    f"“{shown}” is no http, https or mailto address; kept in the notes",
                )
                item.notes.append(link["url"][:2048])
        return self._first(item, "links", list(kept.values()), MOST_LINKS)

    def _first(self, item: Item, field: str, values: list[T], most: int) -> list[T]:
        if len(values) > most:
            self._leave(f"{item.where}, {field}", item.title, f"of {len(values)} the first {most} are kept")
        return values[:most]


def unique(reminders: Iterable[Document]) -> list[Document]:
    return list({tuple(sorted(each.items())): each for each in reminders}.values())
