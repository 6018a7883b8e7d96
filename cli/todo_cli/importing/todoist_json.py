"""Todoist's JSON: what its API answers, kept in a file.

Either the whole of `/sync` (`items`, `projects`, `sections`, `notes`, `reminders`, `collaborators`), or a
list of tasks (`/tasks`, alone or in `results`). Priority 4 is the highest here. Ids are numbers in old
exports, texts in new ones.
"""

from datetime import date, datetime
from typing import Any

from todo_cli.importing import phrases
from todo_cli.importing.model import (
    Context,
    Document,
    Export,
    Item,
    Schedule,
    in_zone,
    lead,
    number_of,
    objects_in,
    text_of,
)
from todotasks.api.zones import ZoneError, load_zone

PRIORITIES = {4: "Urgent", 3: "High", 2: "Medium"}


def is_todoist_json(document: object) -> bool:
    tasks = tasks_of(document)
    return isinstance(tasks, list) and (
        (isinstance(document, dict) and "items" in document)
        or any(isinstance(each, dict) and "content" in each for each in tasks)
    )


def tasks_of(document: object) -> object:
    if isinstance(document, dict):
        return next((document[name] for name in ("items", "tasks", "results") if name in document), None)
    return document


def read_todoist_json(document: Any, context: Context) -> Export:
    return _Reading(document, context).read()


class _Reading:
    def __init__(self, document: Any, context: Context) -> None:
        self._document: Document = document if isinstance(document, dict) else {"items": document}
        self._context = context
        self._export = Export("todoist")
        self._projects = self._named("projects")
        self._sections = self._named("sections")
        self._labels = self._named("labels")
        self._people = self._named("collaborators", "full_name")

    def _named(self, what: str, by: str = "name") -> dict[str, str]:
        return {
            str(each.get("id")): text_of(each.get(by)) for _, each in objects_in(self._document.get(what))
        }

    def read(self) -> Export:
        name = next((name for name in ("items", "tasks", "results") if name in self._document), "items")
        known: dict[str, Item] = {}
        for place, task in objects_in(self._document[name]):
            if task.get("is_deleted"):
                continue
            item = self._item(task, f"{name}[{place}]")
            known[item.key] = item
            self._export.items.append(item)
        self._notes(known)
        self._reminders(known)
        return self._export

    def _item(self, task: Document, where: str) -> Item:
        project = self._projects.get(str(task.get("project_id")))
        section = self._sections.get(str(task.get("section_id")))
        parent = task.get("parent_id")
        labels = task.get("labels")
        person = task.get("responsible_uid") or task.get("assignee_id")
        item = Item(
            key=str(task.get("id")),
            where=where,
            title=text_of(task.get("content")).removeprefix("* "),
            notes=[notes] if (notes := text_of(task.get("description"))) else [],
            priority=PRIORITIES.get(number_of(task.get("priority"))),
            tags=[self._labels.get(str(each), str(each)) for each in labels]
            if isinstance(labels, list)
            else [],
            project=" / ".join(filter(None, (project, section))) or None,
            assignee=self._people.get(str(person)) if person else None,
            parent=str(parent) if parent else None,
            completed=bool(task.get("checked") or task.get("is_completed")),
        )
        if person and item.assignee is None:
            self._export.leave(f"{where}.responsible_uid", item.title, f"nobody in the file is {person}")
        self._when(task, item)
        if task.get("duration"):
            self._export.leave(f"{where}.duration", item.title, "how long it takes has no place here")
        return item

    def _when(self, task: Document, item: Item) -> None:
        due, deadline = task.get("due"), task.get("deadline")
        if isinstance(due, dict):
            self._due(due, item)
        if isinstance(deadline, dict) and (day := text_of(deadline.get("date"))):
            if item.due is None and item.schedule is None:
                item.due = day
            else:
                self._export.leave(
                    f"{item.where}.deadline", item.title, f"a second date ({day}); kept in the notes"
                )
                item.notes.append(f"Deadline: {day}")

    def _due(self, due: Document, item: Item) -> None:
        at = self._moment(due, item)
        words = text_of(due.get("string"))
        if not due.get("is_recurring"):
            if at is None:
                self._export.leave(f"{item.where}.due.date", item.title, f"no date: {due.get('date')!r}")
            else:
                item.due = at
            return
        said = phrases.read(words, self._context, text_of(due.get("lang")))
        if said.schedule is None:
            self._export.leave(
                f"{item.where}.due.string",
                item.title,
                f"“{words}” was not understood: it is made once; kept in the notes",
            )
            item.notes.append(f"Todoist: {words}")
            item.due = at
            return
        fields = dict(said.schedule.fields)
        if at is not None:
            fields["start"] = at
        item.schedule = Schedule(fields)

    def _moment(self, due: Document, item: Item) -> str | None:
        """`2026-03-06`, floating `2026-03-06T17:00:00`, or `…Z` with the zone beside it."""
        said = text_of(due.get("datetime")) or text_of(due.get("date"))
        try:
            if len(said) == len("2026-03-06"):
                return date.fromisoformat(said).isoformat()
            at = datetime.fromisoformat(said)
        except ValueError:
            return None
        zone = self._context.zone
        if name := text_of(due.get("timezone")):
            try:
                zone = load_zone(name)
            except ZoneError:
                self._export.leave(
                    f"{item.where}.due.timezone", item.title, f"there is no time zone “{name}”"
                )
            else:
                item.time_zone = zone.key
        if at.tzinfo is None:
            return at.isoformat("T", "minutes")
        return in_zone(at, zone).replace(tzinfo=None).isoformat("T", "minutes")

    def _notes(self, known: dict[str, Item]) -> None:
        for place, note in objects_in(self._document.get("notes")):
            item = known.get(str(note.get("item_id")))
            if item is None or note.get("is_deleted"):
                continue
            if words := text_of(note.get("content")):
                item.notes.append(words)
            attached = note.get("file_attachment")
            if isinstance(attached, dict) and (url := text_of(attached.get("file_url"))):
                item.links.append({"url": url, "title": text_of(attached.get("file_name")) or "attachment"})
                self._export.leave(
                    f"notes[{place}].file_attachment", item.title, "the file is linked, not copied"
                )

    def _reminders(self, known: dict[str, Item]) -> None:
        for place, reminder in objects_in(self._document.get("reminders")):
            item = known.get(str(reminder.get("item_id")))
            if item is None or reminder.get("is_deleted"):
                continue
            minutes, due = reminder.get("minute_offset", reminder.get("mm_offset")), reminder.get("due")
            before = lead(minutes * 60) if isinstance(minutes, int) else None
            if reminder.get("type") == "relative" and before is not None:
                item.reminders.append({"before": before})
            elif (
                reminder.get("type") == "absolute"
                and isinstance(due, dict)
                and (at := self._moment(due, item))
            ):
                item.reminders.append({"at": at if "T" in at else f"{at}T09:00"})
            else:
                self._export.leave(
                    f"reminders[{place}]",
                    item.title,
                    f"a reminder of type {reminder.get('type')!r} has no place here",
                )
