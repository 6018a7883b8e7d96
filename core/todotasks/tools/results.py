"""What a tool's caller gets back: a text to read, the same as data, and whether it is an error.

Titles are quoted and free of control characters; they are still other people's words, which the server's
instructions say.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from todotasks.edits.model.plan import Question, Row
from todotasks.edits.model.reply import Reply, wire
from todotasks.edits.wording.formatting import clean, quoted

MOST_ROWS = 50  # in the text; the data has all
MOST_COMMANDS = 5  # of kubectl in the text; the data has all
Document = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """`for_person` is the text without what tells a program to call `confirm`."""

    text: str
    data: Document = field(default_factory=dict)
    is_error: bool = False
    for_person: str = ""


def refusal(text: str, reason: str = "Invalid") -> Result:
    return Result(text, {"problem": {"reason": reason, "message": text}}, is_error=True)


def result_of(answer: Reply, question_id: str) -> Result:
    """`question_id` names the question that waits, for `confirm`; empty where none does."""
    lines = [answer.reply]
    lines += [f"({remark})" for remark in answer.remarks]
    if answer.listing is not None:
        rows = answer.listing.rows
        lines += [row_line(row) for row in rows[:MOST_ROWS]]
        if answer.listing.total > min(len(rows), MOST_ROWS):
            lines.append(f"… {answer.listing.total} in all")
        if answer.listing.next is not None:
            lines.append(f'The next ones: the same call with cursor "{answer.listing.next}"')
    commands = [done.edit.kubectl for done in answer.edits if done.edit.kubectl]
    lines += [f"The same by hand: {command}" for command in commands[:MOST_COMMANDS]]
    if len(commands) > MOST_COMMANDS:
        lines.append(f"… and {len(commands) - MOST_COMMANDS} commands more")
    if answer.question is not None:
        if answer.question.text not in answer.reply:
            lines.append(answer.question.text)
        lines += _rows(answer.question)
    if answer.problem is not None and answer.problem.message not in answer.reply:
        lines.append(answer.problem.message)
    data = _data(answer)
    text = for_person = "\n".join(filter(None, lines))
    if answer.question is not None:
        data["question"]["id"] = question_id
        text = f"{text}\n{_how_to_answer(answer.question, question_id)}"
    return Result(text, data, is_error=answer.problem is not None, for_person=for_person)


def row_line(row: Row) -> str:
    """2. “Pay rent” (rent-1a2b) due 2026-03-01, High, #home, overdue"""
    facts = [
        row.schedule,
        f"{'next' if row.schedule else 'due'} {row.due}" if row.due else None,
        row.priority if row.priority != "Medium" else None,
        " ".join(f"#{clean(tag)}" for tag in row.tags) or None,
        f"project {clean(row.project)}" if row.project else None,
        f"for {clean(row.assignee)}" if row.assignee else None,
        "completed" if row.completed else None,
        "overdue" if row.overdue else None,
        "blocked" if row.blocked else None,
    ]
    said = ", ".join(fact for fact in facts if fact)
    return f"{row.number}. {quoted(row.title)} ({row.name}){' ' + said if said else ''}"


def _rows(question: Question) -> list[str]:
    lines = [row_line(row) for row in question.rows[:MOST_ROWS]]
    return lines if len(question.rows) <= MOST_ROWS else [*lines, f"… {len(question.rows)} in all"]


def _how_to_answer(question: Question, question_id: str) -> str:
    if question.kind == "choice":
        return f'Ask the person which, then call confirm with question "{question_id}" and the number.'
    return f'Nothing is done yet. Ask the person, then call confirm with question "{question_id}".'


def _data(answer: Reply) -> Document:
    """As `POST /v1/chat` gives it."""
    data: Document = msgspec.to_builtins(wire(answer))
    return data
