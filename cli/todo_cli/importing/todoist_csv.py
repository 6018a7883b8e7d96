"""Todoist's CSV: one project a file, made by "Export as CSV" or found in a backup.

Columns as its help has them (TYPE, CONTENT, DESCRIPTION, PRIORITY, INDENT, AUTHOR, RESPONSIBLE, DATE,
DATE_LANG, TIMEZONE, and in newer ones DURATION, DURATION_UNIT, DEADLINE, DEADLINE_LANG); older exports have
fewer. A row is a task, a section, a note on the task above it, or empty. Priority 1 is the highest here and
4 the default, the reverse of the API's. The file has no ids: a task is known by its path of titles.
"""

import csv
import io
import re
from zoneinfo import ZoneInfo

from todo_cli.importing import phrases
from todo_cli.importing.model import Context, Export, ImportFailed, Item, text_of
from todotasks.api.zones import ZoneError, load_zone

LONGEST_INDENT = 3  # digits
COLUMNS = ("TYPE", "CONTENT", "PRIORITY", "INDENT")
PRIORITIES = {"1": "Urgent", "2": "High", "3": "Medium", "4": None}
_LABEL = re.compile(r"(?:^|(?<=\s))@(\S+)")
_PERSON = re.compile(r"^(?P<name>.*?)\s*\(\d+\)$")
_BACKUP = re.compile(r"\s*\[\w+\]$")  # "Work [220474322].csv" in a backup


def is_todoist_csv(data: bytes) -> bool:
    head = data[:400].decode("utf-8-sig", "replace").splitlines()[:1]
    return bool(head) and set(COLUMNS) <= {name.strip().strip('"') for name in head[0].split(",")}


def read_todoist_csv(data: bytes, name: str, context: Context) -> Export:
    """`name` is the file's, without its ending: the project."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFailed(f"a CSV of Todoist is UTF-8, this is not (byte {error.start})") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    project = _BACKUP.sub("", name).strip() or None
    return _Reading(project, context).read(rows)


class _Reading:
    def __init__(self, project: str | None, context: Context) -> None:
        self._project = project
        self._section: str | None = None
        self._context = context
        self._above: list[Item] = []  # the task that each indent would be a part of
        self._seen: dict[str, int] = {}
        self._export = Export("todoist")

    def read(self, rows: "csv.DictReader[str]") -> Export:
        line = 1
        try:
            names = rows.fieldnames  # reads the first line, so that the next one counts as the second
            assert names is not None
            line = rows.line_num + 1
            for row in rows:
                self._row({key: text_of(value) for key, value in row.items() if key}, f"line {line}")
                line = rows.line_num + 1
        except csv.Error as error:
            raise ImportFailed(f"line {line}: not CSV: {error}") from error
        return self._export

    def _row(self, row: dict[str, str], where: str) -> None:
        kind, content = row.get("TYPE", ""), row.get("CONTENT", "")
        if kind == "task":
            self._task(row, where)
        elif kind == "section":
            self._section = content.rstrip(":").strip() or None
            self._above.clear()
        elif kind == "note":
            if self._above:
                self._above[-1].notes.append(content)
            else:
                self._export.leave(where, content, "a comment on the project has no place here")
        elif kind not in {"", "meta"}:
            self._export.leave(where, content, f'TYPE "{kind}" is not known: task, section and note are')

    def _task(self, row: dict[str, str], where: str) -> None:
        words = row.get("CONTENT", "")
        labels = _LABEL.findall(words)
        title = " ".join(_LABEL.sub("", words).split()).removeprefix("* ")
        said = row.get("INDENT", "")
        indent = int(said) if said.isdecimal() and len(said) <= LONGEST_INDENT else 1
        while len(self._above) >= max(indent, 1):
            self._above.pop()
        parent = self._above[-1] if self._above else None
        item = Item(
            key=self._key(title, parent),
            where=where,
            title=title,
            notes=[row["DESCRIPTION"]] if row.get("DESCRIPTION") else [],
            priority=PRIORITIES.get(row.get("PRIORITY", "")),
            tags=labels,
            project=" / ".join(filter(None, (self._project, self._section))) or None,
            assignee=self._person(row.get("RESPONSIBLE", "")),
            parent=parent.key if parent else None,
        )
        self._when(row, item)
        if row.get("DURATION"):
            item_says = f"{row['DURATION']} {row.get('DURATION_UNIT') or 'minutes'}"
            self._export.leave(
                f"{where}, DURATION", title, f"how long it takes ({item_says}) has no place here"
            )
        self._above.append(item)
        self._export.items.append(item)

    def _key(self, title: str, parent: Item | None) -> str:
        path = f"{parent.key}/{title}" if parent else f"{self._project}/{self._section or ''}/{title}"
        count = self._seen[path] = self._seen.get(path, 0) + 1
        return path if count == 1 else f"{path}#{count}"

    def _person(self, said: str) -> str | None:
        found = _PERSON.match(said)
        return (found["name"] if found else said) or None

    def _when(self, row: dict[str, str], item: Item) -> None:
        words, deadline = row.get("DATE", ""), row.get("DEADLINE", "")
        context = Context(self._context.now, self._zone(row, item))
        if words:
            said = phrases.read(words, context, row.get("DATE_LANG", ""))
            item.due, item.schedule = said.due, said.schedule
            if said.due is None and said.schedule is None:
                self._export.leave(
                    f"{item.where}, DATE", item.title, f"“{words}” was not understood; kept in the notes"
                )
                item.notes.append(f"Todoist: {words}")
        if not deadline:
            return
        said = phrases.read(deadline, context, row.get("DEADLINE_LANG", ""))
        if item.due is None and item.schedule is None and said.due is not None:
            item.due = said.due
        else:
            self._export.leave(
                f"{item.where}, DEADLINE", item.title, f"a second date ({deadline}); kept in the notes"
            )
            item.notes.append(f"Deadline: {deadline}")

    def _zone(self, row: dict[str, str], item: Item) -> ZoneInfo:
        name = row.get("TIMEZONE", "")
        if not name:
            return self._context.zone
        try:
            zone = load_zone(name)
        except ZoneError:
            self._export.leave(f"{item.where}, TIMEZONE", item.title, f"there is no time zone “{name}”")
            return self._context.zone
        item.time_zone = zone.key
        return zone
