"""An answer for a person's eyes: the reply, then a table of what it is about.

Colours and cutting to the width are for terminals only; in a pipe every line is whole. Titles are other
people's text: they were cleaned of control characters where they became rows.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TextIO

from todo_cli.plugin.printing.dates import absolute, relative
from todo_cli.plugin.printing.paper import Cell, Column, Paper, Piece
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.edits.wording.formatting import clean

LONGEST_TITLE = 120
_PRIORITY = {"Urgent": "bold red", "High": "yellow", "Medium": "", "Low": "dim"}
_GIVES = {"TITLE": 1, "TAGS": 2, "COMES BACK": 3}  # which column is cut first on a narrow terminal


@dataclass(frozen=True, slots=True)
class Look:
    """How it is to be shown. `color` None: if the output is a terminal, and NO_COLOR is not set."""

    now: datetime
    zone: tzinfo
    wide: bool = False
    absolute: bool = False
    color: bool | None = None


def print_answer(answer: Reply, rows: tuple[Row, ...] | None, file: TextIO, look: Look) -> None:
    """`rows`: what to show of the listing; None: all of it."""
    paper = Paper.of(file, look.color)
    lines: list[str] = []
    question = answer.question
    if answer.reply and question is None and answer.problem is None:
        lines.append(answer.reply)
    if question is not None:
        lines += [question.text, *table_of(question.rows, look, paper)]
    elif answer.listing is not None:
        shown = answer.listing.rows if rows is None else rows
        if shown:
            lines += table_of(shown, look, paper)
        if rows is None and answer.listing.total > len(shown):
            lines.append(paper.line(Piece(f"… and {answer.listing.total - len(shown)} more", "dim")))
    lines += [paper.line(Piece(f"Note: {remark}", "dim")) for remark in answer.remarks]
    print_lines(lines, file)


def print_lines(lines: list[str], file: TextIO) -> None:
    """With what the output cannot encode (a title in a C locale) as a question mark."""
    text = "".join(f"{line}\n" for line in lines)
    encoding = getattr(file, "encoding", None) or "utf-8"
    file.write(text.encode(encoding, "replace").decode(encoding))


def table_of(rows: tuple[Row, ...], look: Look, paper: Paper, *, everywhere: bool = False) -> list[str]:
    """The lines. `everywhere`: of several namespaces, so with names instead of numbers. Names also where
    nothing else tells two rows from each other."""
    rules = any(row.schedule for row in rows)
    alike = len({(row.title, row.due_time, row.priority, row.tags, row.schedule) for row in rows}) < len(rows)
    named = look.wide or everywhere or alike
    names = [
        "NAMESPACE" if everywhere else "#",
        "TITLE",
        "COMES BACK" if rules else "DUE",
        "PRIORITY",
        "TAGS",
    ]
    names += ["PROJECT", "ASSIGNEE"] if look.wide else []
    names += ["NAME"] if named else []
    columns = [Column(name, _GIVES.get(name, 0), right=name == "#") for name in names]
    return paper.table(columns, [_cells(row, look, everywhere=everywhere, named=named) for row in rows])


def _cells(row: Row, look: Look, *, everywhere: bool, named: bool) -> list[Cell]:
    first = row.namespace if everywhere else str(row.number)
    cells: list[Cell] = [(Piece(first, "dim"),), _title(row), _when(row, look), _priority(row), _tags(row)]
    if look.wide:
        cells += [(Piece(clean(row.project or "")),), (Piece(clean(row.assignee or "")),)]
    if named:
        cells.append((Piece(row.name),))
    return cells


def _title(row: Row) -> Cell:
    title = [Piece(clean(row.title, LONGEST_TITLE), "dim strike" if row.completed else "")]
    if row.subtasks is not None and row.subtasks[1]:
        title.append(Piece(f" ({row.subtasks[0]}/{row.subtasks[1]})", "dim"))
    if row.blocked and not row.completed:
        title.append(Piece(" (blocked)", "magenta"))
    return tuple(title)


def _when(row: Row, look: Look) -> Cell:
    moment = datetime.fromisoformat(row.due_time).astimezone(look.zone) if row.due_time else None
    if row.schedule is not None:
        following = "" if moment is None else f"; next {_said(row, moment, look)}"
        return (Piece(row.schedule + following),)
    if moment is None:
        return (Piece(""),)
    if row.completed:
        return (Piece(absolute(moment, all_day=row.all_day) if look.absolute else "done", "dim"),)
    style = "red" if row.overdue else "green" if moment.date() == look.now.date() else ""
    return (Piece(_said(row, moment, look), style),)


def _said(row: Row, moment: datetime, look: Look) -> str:
    if row.all_day and row.due:
        # A day is that day wherever one is: not the instant at which it begins in the task's zone.
        day = datetime.fromisoformat(row.due[:10])
        moment = day.replace(tzinfo=look.now.tzinfo)
    if look.absolute:
        return absolute(moment, all_day=row.all_day)
    return relative(moment, look.now, all_day=row.all_day, overdue=row.overdue)


def _priority(row: Row) -> Cell:
    return (Piece(row.priority, _PRIORITY.get(row.priority, "")),)


def _tags(row: Row) -> Cell:
    return (Piece(" ".join(f"#{clean(tag)}" for tag in row.tags), "cyan"),)
