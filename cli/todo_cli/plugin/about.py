"""`kubectl todo show`: all about one task, for a person.

Its fields, its parts, what it waits for, and its notes as they were written, line by line.
"""

import asyncio
from datetime import datetime

from todo_cli.plugin.asking import Do, Say
from todo_cli.plugin.printing.dates import absolute, relative
from todo_cli.plugin.printing.tables import Look
from todotasks.api import TodoTask
from todotasks.edits.model.command import ShowTask
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.edits.wording.formatting import clean
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError, NotFound
from todotasks.kube.resources import TODOTASKS

_LONGEST_LINE = 2_000


def one_task(answer: Reply, what: Say | Do) -> Row | None:
    """The task that was asked to be shown; None where the answer is about something else."""
    if answer.problem is not None or answer.question is not None or answer.edits or answer.listing is None:
        return None
    asked = isinstance(what, Do) and isinstance(what.command, ShowTask)
    rows = answer.listing.rows
    return rows[0] if asked and len(rows) == 1 and rows[0].resource == "todotasks" else None


async def all_about(row: Row, kube: KubeClient, answer: Reply, look: Look) -> str:
    """Lines of text, for whoever reads them: other people's words are cleaned of control characters."""
    task = await _read(kube, row.name, row.namespace)
    if task is None:
        return answer.reply + "\n"
    parts, waits = await asyncio.gather(_parts(kube, row), _waits_for(kube, task))
    lines = [clean(row.title, _LONGEST_LINE)]
    lines += [
        f"  {name:<11}{clean(value, _LONGEST_LINE)}" for name, value in _fields(row, task, look) if value
    ]
    lines += _section("Parts", parts)
    lines += _section("Waits for", waits)
    if task.spec.notes:
        notes = [clean(line, _LONGEST_LINE) for line in task.spec.notes.splitlines()]
        lines += ["", "Notes", *(f"  {line}".rstrip() for line in notes)]
    lines += [f"Note: {remark}" for remark in answer.remarks]
    return "\n".join(lines) + "\n"


def _fields(row: Row, task: TodoTask, look: Look) -> list[tuple[str, str]]:
    states = ["completed" if row.completed else "open"]
    states += ["overdue"] if row.overdue else []
    states += ["blocked"] if row.blocked and not row.completed else []
    reminders = [
        each.before or (each.at and str(each.at)) or "when due" for each in task.spec.reminders or ()
    ]
    return [
        ("state", ", ".join(states)),
        ("due", _due(row, look)),
        ("priority", row.priority),
        ("tags", " ".join(f"#{tag}" for tag in row.tags)),
        ("project", row.project or ""),
        ("assignee", row.assignee or ""),
        ("part of", task.spec.parent or ""),
        ("reminders", ", ".join(str(each) for each in reminders)),
        ("name", f"todotask/{row.name}"),
    ]


def _due(row: Row, look: Look) -> str:
    if row.due_time is None:
        return ""
    moment = datetime.fromisoformat(row.due_time).astimezone(look.zone)
    if row.all_day and row.due:
        moment = datetime.fromisoformat(row.due[:10]).replace(tzinfo=look.now.tzinfo)
    said = absolute(moment, all_day=row.all_day)
    if look.absolute or row.completed:
        return said
    return f"{said} ({relative(moment, look.now, all_day=row.all_day, overdue=row.overdue)})"


async def _read(kube: KubeClient, name: str, namespace: str) -> TodoTask | None:
    try:
        return await kube.get(TODOTASKS, name, namespace, type=TodoTask)
    except KubeError:
        return None


async def _parts(kube: KubeClient, row: Row) -> list[str]:
    try:
        found = await kube.list_(
            TODOTASKS, row.namespace, field_selector=f"spec.parent={row.name}", type=TodoTask
        )
    except KubeError:
        return []
    return [_line(task.spec.title, task.metadata.name, completed=task.spec.completed) for task in found]


async def _waits_for(kube: KubeClient, task: TodoTask) -> list[str]:
    async def one(name: str) -> str:
        try:
            found = await kube.get(TODOTASKS, name, task.metadata.namespace, type=TodoTask)
        except NotFound:
            return f"[?] {name}: there is no such task"
        except KubeError as error:
            return f"[?] {name}: {clean(str(error), 200)}"
        return _line(found.spec.title, name, completed=found.spec.completed)

    return list(await asyncio.gather(*(one(name) for name in task.spec.depends_on or ())))


def _line(title: str, name: str, *, completed: bool) -> str:
    return f"[{'x' if completed else ' '}] {clean(title, _LONGEST_LINE)} ({name})"


def _section(name: str, lines: list[str]) -> list[str]:
    return ["", name, *(f"  {line}" for line in lines)] if lines else []
