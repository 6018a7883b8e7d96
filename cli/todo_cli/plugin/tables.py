"""An answer for a person's eyes: the reply, then a table of what it is about.

Colours and cutting to the width are for terminals only; in a pipe every line is whole. Titles are other
people's text: they were cleaned of control characters where they became rows, and are never read as markup.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from todo_cli.plugin.dates import absolute, relative
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.edits.wording.formatting import clean

LONGEST_TITLE = 120
_WIDE = 10_000  # columns of a pipe
_PRIORITY = {"Urgent": "bold red", "High": "yellow", "Medium": "", "Low": "dim"}


@dataclass(frozen=True, slots=True)
class Look:
    """How it is to be shown. `color` None: if the output is a terminal, and NO_COLOR is not set."""

    now: datetime
    zone: tzinfo
    wide: bool = False
    absolute: bool = False
    color: bool | None = None


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """rich would end the process with 1: whoever called decides (`todo_cli.pipes`)."""
        raise BrokenPipeError


def console_for(file: TextIO, look: Look) -> Console:
    """rich asks NO_COLOR and TERM by itself."""
    terminal = file.isatty()
    return _Console(
        file=file,
        force_terminal=True if look.color else None,
        no_color=look.color is False or None,
        width=None if terminal else _WIDE,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
    )


def print_answer(answer: Reply, rows: tuple[Row, ...] | None, file: TextIO, look: Look) -> None:
    """`rows`: what to show of the listing; None: all of it."""
    console = console_for(file, look)
    question = answer.question
    if answer.reply and question is None and answer.problem is None:
        console.print(Text(answer.reply))
    if question is not None:
        console.print(Text(question.text))
        console.print(table_of(question.rows, look))
    elif answer.listing is not None:
        shown = answer.listing.rows if rows is None else rows
        if shown:
            console.print(table_of(shown, look))
        if rows is None and answer.listing.total > len(shown):
            console.print(Text(f"… and {answer.listing.total - len(shown)} more", style="dim"))
    for remark in answer.remarks:
        console.print(Text(f"Note: {remark}", style="dim"))


def table_of(rows: tuple[Row, ...], look: Look, *, everywhere: bool = False) -> Table:
    """`everywhere`: of several namespaces, so with names instead of numbers."""
    rules = any(row.schedule for row in rows)
    columns = ["#", "TITLE", "COMES BACK" if rules else "DUE", "PRIORITY", "TAGS"]
    columns += ["PROJECT", "ASSIGNEE"] if look.wide else []
    columns += ["NAME"] if look.wide or everywhere else []
    columns[0] = "NAMESPACE" if everywhere else "#"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        table.add_column(
            name,
            justify="right" if name == "#" else "left",
            overflow="ellipsis" if name in {"TITLE", "TAGS"} else "fold",
            no_wrap=name != "COMES BACK",
            ratio=None,
        )
    for row in rows:
        first = row.namespace if everywhere else str(row.number)
        cells = [Text(first, "dim"), _title(row), _when(row, look), _priority(row), _tags(row)]
        if look.wide:
            cells += [Text(clean(row.project or "")), Text(clean(row.assignee or ""))]
        if look.wide or everywhere:
            cells.append(Text(row.name))
        table.add_row(*cells)
    return table


def _title(row: Row) -> Text:
    title = Text(clean(row.title, LONGEST_TITLE), style="dim strike" if row.completed else "")
    if row.subtasks is not None and row.subtasks[1]:
        title.append(f" ({row.subtasks[0]}/{row.subtasks[1]})", style="dim")
    if row.blocked and not row.completed:
        title.append(" (blocked)", style="magenta")
    return title


def _when(row: Row, look: Look) -> Text:
    moment = datetime.fromisoformat(row.due_time).astimezone(look.zone) if row.due_time else None
    if row.schedule is not None:
        following = "" if moment is None else f"; next {_said(row, moment, look)}"
        return Text(row.schedule + following)
    if moment is None:
        return Text("")
    if row.completed:
        return Text(absolute(moment, all_day=row.all_day) if look.absolute else "done", style="dim")
    style = "red" if row.overdue else "green" if moment.date() == look.now.date() else ""
    return Text(_said(row, moment, look), style=style)


def _said(row: Row, moment: datetime, look: Look) -> str:
    if row.all_day and row.due:
        # A day is that day wherever one is: not the instant at which it begins in the task's zone.
        day = datetime.fromisoformat(row.due[:10])
        moment = day.replace(tzinfo=look.now.tzinfo)
    if look.absolute:
        return absolute(moment, all_day=row.all_day)
    return relative(moment, look.now, all_day=row.all_day, overdue=row.overdue)


def _priority(row: Row) -> Text:
    return Text(row.priority, style=_PRIORITY.get(row.priority, ""))


def _tags(row: Row) -> Text:
    return Text(" ".join(f"#{clean(tag)}" for tag in row.tags), style="cyan")
