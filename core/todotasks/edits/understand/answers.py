"""What a message answers to the question that waits: yes, no, or some of the rows. Pure.

Only words that answer what was asked are an answer. Everything else is a new message, which drops the
question: "no, buy bread" deletes nothing, and "buy bread" while a question waits buys bread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from todotasks import language
from todotasks.edits.model.conversation import Pending, Shown
from todotasks.language.grounding.sight import Seen

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # where no day tells the rows apart
MOST_CHOSEN = 60  # rows among which words are looked for; a longer list is answered by numbers and titles


@dataclass(frozen=True, slots=True)
class Chosen:
    """`yes`, `no`, or the rows that were chosen; `beyond` are numbers that no row has; `left`: the others
    were said not to be meant, and one of these is; `things`: of what the readings are about, these;
    `opened`: in words that could be nothing but an answer ("it was the blue one")."""

    yes: bool = False
    no: bool = False
    rows: tuple[Shown, ...] = ()
    beyond: tuple[int, ...] = ()
    left: tuple[Shown, ...] = ()
    things: tuple[Shown, ...] = ()
    opened: bool = False


def read_answer(text: str, pending: Pending, now: datetime = _ANY_TIME) -> Chosen | None:
    """None: it is no answer, but a message of its own. `now` is naive, in the person's zone."""
    rows = pending.rows
    if titled := _by_title(text, rows):
        return Chosen(rows=titled)
    if pending.about and (some := _some_of(text, pending, now)) is not None:
        return some
    found = language.answer(text, len(rows)) or language.answer(language.without_courtesy(text), len(rows))
    if found is None or found.outside:
        chosen = _by_words(text, pending, now)
        if chosen is not None or found is None:
            return chosen
    if found.kind == language.NO:
        return Chosen(no=True)
    if found.kind == language.YES or (found.kind == language.ALL and pending.kind == "confirm"):
        # A yes to "which one?" answers only where there is but one.
        return Chosen(yes=True) if pending.kind == "confirm" or len(rows) == 1 else None
    if found.kind == language.ALL:
        return Chosen(rows=tuple(rows))
    if found.outside or not found.ordinals:
        return Chosen(beyond=found.outside) if found.outside else None
    return Chosen(rows=tuple(rows[number - 1] for number in found.ordinals))


def _by_words(text: str, pending: Pending, now: datetime) -> Chosen | None:
    """ "the blue one" where one row is blue, "not the blue one". Where all would be done, a word must say
    that it answers: "buy bread" is a message of its own, "only the bread" is not."""
    rows = pending.rows
    if not rows or len(rows) > MOST_CHOSEN or pending.about:
        return None
    choice = language.choose(text, [_seen(row) for row in rows], now)
    if choice is None or (pending.kind == "confirm" and not choice.opened):
        return None
    chosen = tuple(rows[k] for k in choice.rows)
    if choice.rest and pending.kind == "choice":
        return Chosen(left=chosen)
    return Chosen(rows=chosen, opened=choice.opened)


def _some_of(text: str, pending: Pending, now: datetime) -> Chosen | None:
    """Where readings are about several things: some of them, whichever the reading."""
    choice = language.choose(text, [_seen(row) for row in pending.about], now)
    counted = language.answer(text, len(pending.rows))
    if choice is None or (counted is not None and counted.ordinals and not counted.outside):
        return None
    if len(choice.rows) == len(pending.about) and not choice.opened and counted is None:
        return Chosen(things=tuple(pending.about))
    chosen = tuple(pending.about[k] for k in choice.rows)
    return Chosen(things=chosen, opened=choice.opened)


def _seen(row: Shown) -> Seen:
    return Seen(
        row.title, key=row.name, due=row.due, priority=row.priority, tags=row.tags, project=row.project,
        assignee=row.assignee,
    )  # fmt: skip


def _by_title(text: str, rows: Sequence[Shown]) -> tuple[Shown, ...]:
    said = _folded(text)
    exact = [row for row in rows if said in {_folded(row.title), row.name}]
    return tuple(exact) if len(exact) == 1 else ()


def _folded(text: str) -> str:
    return " ".join(text.strip().strip("“”\"'.").casefold().split())
