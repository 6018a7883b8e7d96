"""What a message answers to the question that waits: yes, no, or some of the rows. Pure.

Only words that answer what was asked are an answer. Everything else is a new message, which drops the
question: "no, buy bread" deletes nothing, and "buy bread" while a question waits buys bread.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from todotasks import language
from todotasks.edits.model.conversation import Pending, Shown
from todotasks.language import Context
from todotasks.language.grounding.sight import Seen, Sight

_WORD = re.compile(r"[\w'’]+")
_EMPTY = frozenset(
    {"the", "a", "one", "that", "this", "with", "der", "die", "das", "den", "mit", "ich", "meine"}
)


_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # the rows are told apart by words, not by times


@dataclass(frozen=True, slots=True)
class Chosen:
    """`yes`, `no`, or the rows that were chosen; `beyond` are numbers that no row has."""

    yes: bool = False
    no: bool = False
    rows: tuple[Shown, ...] = ()
    beyond: tuple[int, ...] = ()


def read_answer(text: str, pending: Pending) -> Chosen | None:
    """None: it is no answer, but a message of its own."""
    rows = pending.rows
    if titled := _by_title(text, rows):
        return Chosen(rows=titled)
    found = language.answer(text, len(rows))
    if found is None:
        return _by_words(text, rows) if pending.kind == "choice" else None
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


def _by_title(text: str, rows: Sequence[Shown]) -> tuple[Shown, ...]:
    said = _folded(text)
    exact = [row for row in rows if said in {_folded(row.title), row.name}]
    return tuple(exact) if len(exact) == 1 else ()


def _by_words(text: str, rows: Sequence[Shown]) -> Chosen | None:
    """ "the blue one" where one row is blue: words that name one row better than all others."""
    words = {word for word in _WORD.findall(text.casefold()) if word not in _EMPTY}
    found = [row for row in rows if words and words <= set(_WORD.findall(row.title.casefold()))]
    if len(found) == 1:
        return Chosen(rows=tuple(found))
    heard = language.hear(text, _ANY_TIME, "en", Context())
    named = language.match(heard, Sight(tuple(Seen(row.title, key=row.name) for row in rows)))
    telling = {k for k in range(heard.count) if not heard.small[k] or k in heard.timed}
    if not named or not telling or not telling <= named[0].explains:
        return None  # more was said than which one
    if len(named) > 1 and named[0].named == named[1].named:
        return None
    return Chosen(rows=(rows[named[0].thing],))


def _folded(text: str) -> str:
    return " ".join(text.strip().strip("“”\"'.").casefold().split())
