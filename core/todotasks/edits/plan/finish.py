"""What most plans end in: say it, ask first, or refuse."""

from collections.abc import Sequence
from dataclasses import dataclass

from todotasks.edits.model.command import MOST_TARGETS
from todotasks.edits.model.edit import Edit
from todotasks.edits.model.plan import Plan, Question
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.resolve import Found, problem
from todotasks.edits.targets.rows import rows_of, titles_of
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import phrase

MOST_ROWS = 50  # rows of a question


@dataclass(frozen=True, slots=True)
class Draft:
    """What was decided about the objects that a target means.

    `key` is the phrase of what is done ("complete"), "ask-" + `key` the question. `changed` are the objects
    with edits, `same` those for which there is nothing to do. `must_ask` asks whatever else is the case.
    """

    key: str
    edits: tuple[Edit, ...]
    changed: tuple[Thing, ...]
    same: tuple[Thing, ...] = ()
    same_key: str = "unchanged"
    values: dict[str, str] | None = None
    remarks: tuple[str, ...] = ()
    must_ask: bool = False
    deletes: bool = False


def finish(draft: Draft, found: Found, world: World, *, confirmed: bool) -> Plan:
    """The plan: done at once, asked for first, or nothing to do."""
    language = world.language
    if len(draft.edits) > MOST_TARGETS:
        text = phrase(language, "too-many", count=len(draft.edits), most=MOST_TARGETS)
        return problem("TooMany", text)
    values = {"details": "", "moment": "", **(draft.values or {})}
    remarks = (*found.remarks, *draft.remarks)
    if not draft.edits:
        if not draft.same:
            return Plan(reply=phrase(language, "nothing-fits"), remarks=remarks)
        values["what"] = quoted_list(titles_of(draft.same), language)
        return Plan(reply=phrase(language, draft.same_key, **values), remarks=remarks)
    values["what"] = naming(draft.changed, world)
    many = len(draft.changed) > 1
    asks = draft.must_ask or (many and (found.bulk or draft.deletes)) or (draft.deletes and not found.sure)
    if asks and not confirmed:
        text = phrase(language, f"ask-{draft.key}", **values)
        if not found.sure and not many:
            text = phrase(language, "ask-alike", what=values["what"], question=text)
            remarks = draft.remarks
        rows = rows_of(draft.changed[:MOST_ROWS], world)
        if len(draft.changed) > MOST_ROWS:
            remarks += (phrase(language, "first-rows", shown=MOST_ROWS, total=len(draft.changed)),)
        return Plan(reply=text, question=Question("confirm", text, rows), remarks=remarks)
    return Plan(reply=phrase(language, draft.key, **values), edits=draft.edits, remarks=remarks)


def naming(things: Sequence[Thing], world: World) -> str:
    """“buy milk” · 12 tasks: “a”, “b”, “c”, “d”, “e” and 7 more"""
    titles = titles_of(things)
    if len(titles) == 1:
        return quoted(titles[0])
    named = quoted_list(titles, world.language)
    if len(titles) <= 3:
        return named
    return f"{phrase(world.language, 'tasks', count=len(titles))}: {named}"
