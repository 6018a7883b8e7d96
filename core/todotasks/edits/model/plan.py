"""What one command comes to: edits, a list that answers it, or a question that must be answered first."""

from typing import Literal

from todotasks.edits.model.edit import Edit, Plural, Problem, Value


class Row(Value, frozen=True):
    """A task (or rule) as a list shows it; `number` is what "the second one" counts."""

    number: int
    resource: Plural
    namespace: str
    name: str
    title: str
    uid: str = ""
    priority: str = "Medium"
    due: str | None = None  # as the spec has it
    due_time: str | None = None  # RFC 3339, UTC: the instant it stands for
    all_day: bool = False
    completed: bool = False
    overdue: bool = False
    blocked: bool = False
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    schedule: str | None = None  # of a rule, in words
    subtasks: tuple[int, int] | None = None  # completed, total


class Question(Value, frozen=True):
    """What must be said before anything is done.

    `kind` choice: the message fits several objects, `rows` numbers them; confirm: `rows` is what would be
    changed or deleted. The pending commands wait in the conversation. A choice without rows asks for a value:
    "When should it be due?"
    """

    kind: Literal["choice", "confirm"]
    text: str
    rows: tuple[Row, ...] = ()


class Listing(Value, frozen=True):
    """Tasks that answer a list, search, show or summary. `total` may be more than the rows; then `next` is
    the `cursor` of the rows behind them, where there is a way to ask for those."""

    rows: tuple[Row, ...]
    total: int
    heading: str = ""
    next: str | None = None


class Plan(Value, frozen=True):
    """What one command comes to, decided without I/O. With a `question` or a `problem` there are no edits."""

    reply: str
    edits: tuple[Edit, ...] = ()
    listing: Listing | None = None
    question: Question | None = None
    problem: Problem | None = None
    remarks: tuple[str, ...] = ()  # what was guessed, and what could not be done
