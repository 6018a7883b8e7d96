"""Vikunja's export: `data.json` in the zip that it mails, a list of projects with their tasks.

Times are RFC 3339; year 1 stands for "none". `related_tasks` has whole tasks by kind of relation; a
project may be the child of another. Descriptions and comments are HTML. `repeat_mode` 0 repeats
`repeat_after` seconds after the due date, 1 monthly, 2 (its documentation says 3) after it was done.
Before 0.21 the list is one of namespaces, each with `projects` (earlier `lists`) and `reminder_dates`.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from todo_cli.importing.model import (
    Context,
    Document,
    Export,
    Item,
    Schedule,
    lead,
    list_of,
    number_of,
    objects_in,
    text_of,
    written,
)

PRIORITIES = {1: "Low", 2: "Medium", 3: "High", 4: "Urgent", 5: "Urgent"}
DAY, HOUR, MINUTE = 86_400, 3_600, 60
MONTHLY, FROM_COMPLETION = 1, (2, 3)
INNER = ("projects", "lists", "child_projects")  # what a project, or a namespace of old, may have in it
FIRST_YEAR = 1900  # what is earlier is Go's zero time, in whatever zone it was printed

_LIST_ITEM = re.compile(r"<li[^>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(p|li|h[1-6]|div|blockquote|ul|ol)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


def is_vikunja(document: object) -> bool:
    return isinstance(document, list) and any(
        isinstance(each, dict) and each.keys() & {"tasks", *INNER} and "title" in each for each in document
    )


def read_vikunja(document: Any, context: Context) -> Export:
    return _Reading(context).read(document)


def plain(markup: object) -> str:
    """HTML as the text that a person would type."""
    text = text_of(markup)
    if "<" not in text:
        return html.unescape(text)
    text = _BREAK.sub("\n", _LIST_ITEM.sub("- ", text))
    lines = [line.strip() for line in html.unescape(_TAG.sub("", text)).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def parent_of(project: Document) -> str | None:
    parent = project.get("parent_project_id")
    return str(parent) if parent else None


def moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    if at.year < FIRST_YEAR:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class _Reading:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._export = Export("vikunja")
        self._titles: dict[str, tuple[str, str | None]] = {}
        self._keys: dict[str, str] = {}

    def read(self, document: Any) -> Export:
        projects = list(self._projects(document))
        self._titles = {
            str(project.get("id")): (text_of(project.get("title")), parent_of(project))
            for _, project in projects
        }
        for _, project in projects:
            # Ids count from 1 on every server: with the moment of creation they are nobody else's.
            for _, task in objects_in(project.get("tasks")):
                self._keys[str(task.get("id"))] = f"{task.get('id')}-{text_of(task.get('created'))}".rstrip(
                    "-"
                )
        for where, project in projects:
            path = self._path(project)
            for place, task in objects_in(project.get("tasks")):
                self._export.items.append(self._item(task, f"{where}.tasks[{place}]", path))
        self._turned(projects)
        return self._export

    def _projects(self, document: Any) -> Iterator[tuple[str, Document]]:
        for place, each in objects_in(document):
            if "tasks" in each:
                yield f"[{place}]", each
            for inner in INNER:
                for at, project in objects_in(each.get(inner)):
                    if project.get("tasks"):
                        yield f"[{place}].{inner}[{at}]", project

    def _key(self, task: Document) -> str:
        return self._keys.get(str(task.get("id")), str(task.get("id")))

    def _path(self, project: Document) -> str | None:
        names: list[str] = []
        title, parent = text_of(project.get("title")), parent_of(project)
        seen = {str(project.get("id"))}
        while title:
            names.insert(0, title)
            if not parent or parent in seen or parent not in self._titles:
                break
            seen.add(parent)
            title, parent = self._titles[parent]
        return " / ".join(names) or None

    def _item(self, task: Document, where: str, project: str | None) -> Item:
        title = text_of(task.get("title"))
        item = Item(
            key=self._key(task),
            where=where,
            title=title,
            notes=[notes] if (notes := plain(task.get("description"))) else [],
            priority=PRIORITIES.get(number_of(task.get("priority"))),
            tags=[text_of(label.get("title")) for _, label in objects_in(task.get("labels"))],
            project=project,
            completed=bool(task.get("done")),
        )
        people = [text_of(who.get("username")) for _, who in objects_in(task.get("assignees"))]
        item.assignee = people[0] if people else None
        if len(people) > 1:
            self._export.leave(
                f"{where}.assignees",
                title,
                f"a task has one assignee here; left out: {', '.join(people[1:])}",
            )
        for _, comment in objects_in(task.get("comments")):
            if words := plain(comment.get("comment")):
                author = comment.get("author")
                name = text_of(author.get("username")) if isinstance(author, dict) else ""
                item.notes.append(f"{name}: {words}" if name else words)
        due = moment(task.get("due_date"))
        item.due = self._context.local(due) if due else None
        self._reminders(task, item, due)
        self._repeat(task, item, due)
        self._rest(task, item)
        return item

    def _reminders(self, task: Document, item: Item, due: datetime | None) -> None:
        for place, each in enumerate(list_of(task.get("reminders")) or list_of(task.get("reminder_dates"))):
            given: Document = (
                each if isinstance(each, dict) else {"reminder": each}
            )  # before 0.21 a list of times
            at, seconds = moment(given.get("reminder")), given.get("relative_period")
            relative = given.get("relative_to") == "due_date" and due is not None
            before = lead(seconds) if relative and isinstance(seconds, int) and seconds <= 0 else None
            if before is not None:
                item.reminders.append({"before": before})
            elif at is not None:
                item.reminders.append({"at": written(at, self._context.zone)})
            else:
                self._export.leave(f"{item.where}.reminders[{place}]", item.title, "it has no time")

    def _repeat(self, task: Document, item: Item, due: datetime | None) -> None:
        mode, seconds = number_of(task.get("repeat_mode")), number_of(task.get("repeat_after"))
        if mode != MONTHLY and not seconds:
            return
        rrule = "FREQ=MONTHLY" if mode == MONTHLY else every(seconds)
        if rrule is None:
            self._export.leave(
                f"{item.where}.repeat_after",
                item.title,
                f"every {seconds} seconds is no whole minutes: it is made once",
            )
            return
        fields: Document = {"rrule": rrule, "start": self._context.wall(due or self._context.now)}
        if mode in FROM_COMPLETION:
            fields["basis"] = "Completion"
        if due is None:
            fields["start"] = self._context.now.astimezone(self._context.zone).date().isoformat()
            self._export.leave(
                f"{item.where}.due_date", item.title, "it repeats without a due date: it begins today"
            )
        item.schedule = Schedule(fields)

    def _rest(self, task: Document, item: Item) -> None:
        for name in ("start_date", "end_date"):
            if (at := moment(task.get(name))) is not None:
                says = self._context.local(at)
                self._export.leave(f"{item.where}.{name}", item.title, f"{says}; kept in the notes")
                item.notes.append(f"{name.replace('_', ' ').capitalize()}: {says}")
        done = task.get("percent_done")
        if isinstance(done, int | float) and done:
            self._export.leave(f"{item.where}.percent_done", item.title, f"{done:.0%} done has no place here")
        for place, attached in objects_in(task.get("attachments")):
            file = attached.get("file")
            name = text_of(file.get("name")) if isinstance(file, dict) else ""
            self._export.leave(
                f"{item.where}.attachments[{place}]", item.title, f"the file “{name}” is not copied"
            )
        relations = task.get("related_tasks")
        for kind, others in relations.items() if isinstance(relations, dict) else ():
            keys = [self._key(other) for _, other in objects_in(others)]
            if kind == "parenttask" and keys:
                item.parent = keys[0]
            elif kind == "blocked":
                item.depends_on += keys
            elif kind not in {"subtask", "blocking", "parenttask"} and keys:
                self._export.leave(
                    f"{item.where}.related_tasks.{kind}", item.title, "this relation has no place here"
                )

    def _turned(self, projects: list[tuple[str, Document]]) -> None:
        """A relation may stand on one side only: `subtask` and `blocking` are said of the others too."""
        known = {item.key: item for item in self._export.items}
        for _, project in projects:
            for _, task in objects_in(project.get("tasks")):
                relations, key = task.get("related_tasks"), self._key(task)
                for kind, others in relations.items() if isinstance(relations, dict) else ():
                    for _, other in objects_in(others):
                        item = known.get(self._key(other))
                        if item is None:
                            continue
                        if kind == "subtask" and item.parent is None:
                            item.parent = key
                        elif kind == "blocking" and key not in item.depends_on:
                            item.depends_on.append(key)


def every(seconds: int) -> str | None:
    for unit, name in ((7 * DAY, "WEEKLY"), (DAY, "DAILY"), (HOUR, "HOURLY"), (MINUTE, "MINUTELY")):
        if seconds > 0 and seconds % unit == 0:
            interval = seconds // unit
            return f"FREQ={name}" + (f";INTERVAL={interval}" if interval > 1 else "")
    return None
