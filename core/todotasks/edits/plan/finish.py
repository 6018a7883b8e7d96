"""Edits made of decisions, and what most plans end in: say it, ask first, or refuse.

An edit of something that is there carries its uid and resourceVersion: it is done to what was seen, or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from todotasks.api import GROUP_VERSION, RecurrenceRule, Reminder, TodoTask
from todotasks.edits.model.answer import (
    Document,
    Edit,
    Plan,
    Plural,
    Question,
    Verb,
)
from todotasks.edits.model.command import MOST_TARGETS
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.model.names import ANNOTATION_IDEMPOTENCY_KEY, free_name
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.resolve import Found, problem
from todotasks.edits.targets.rows import (
    plural_of,
    rows_of,
    title_of,
    titles_of,
)
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import say

MOST_ROWS = 50  # rows of a question
_KINDS = {"todotasks": "TodoTask", "recurrencerules": "RecurrenceRule", "reminders": "Reminder"}


def create(resource: Plural, title: str, spec: Document, world: World) -> Edit:
    """The name follows from the title. Made before under the same key: the same name again, so that the API
    server says AlreadyExists and no second one is made."""
    there = [*world.tasks] if resource == "todotasks" else [*world.rules]
    mine = [t for t in there if world.key and t.metadata.annotation(ANNOTATION_IDEMPOTENCY_KEY) == world.key]
    taken = {thing.metadata.name for thing in there} | world.taken
    name = mine[0].metadata.name if mine else free_name(title, taken)
    metadata: Document = {"name": name, "namespace": world.namespace}
    if world.key:
        metadata["annotations"] = {ANNOTATION_IDEMPOTENCY_KEY: world.key}
    manifest = {"apiVersion": GROUP_VERSION, "kind": _KINDS[resource], "metadata": metadata, "spec": spec}
    return _with_kubectl(Edit("create", resource, world.namespace, name, title, manifest=manifest))


def patch(
    thing: TodoTask | RecurrenceRule | Reminder, spec: Document, world: World, title: str | None = None
) -> Edit:
    """A merge patch of the spec."""
    name = title if title is not None or isinstance(thing, Reminder) else title_of(thing)
    return _existing("patch", thing, name or "", world, {"spec": spec})


def delete(thing: Thing, world: World) -> Edit:
    return _existing("delete", thing, title_of(thing), world, None)


def _existing(
    verb: Verb, thing: TodoTask | RecurrenceRule | Reminder, title: str, world: World, body: Document | None
) -> Edit:
    meta = thing.metadata
    resource: Plural = "reminders" if isinstance(thing, Reminder) else plural_of(thing)
    return _with_kubectl(
        Edit(
            verb, resource, world.namespace, meta.name, title, patch=body, uid=meta.uid or None,
            resource_version=meta.resource_version or None,
        )
    )  # fmt: skip


def _with_kubectl(edit: Edit) -> Edit:
    return msgspec.structs.replace(edit, kubectl=command_line(edit))


# --- the end of a plan ---------------------------------------------------------------------------------


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
        text = say(language, "too-many", count=len(draft.edits), most=MOST_TARGETS)
        return problem("TooMany", text)
    values = {"details": "", "moment": "", **(draft.values or {})}
    remarks = (*found.remarks, *draft.remarks)
    if not draft.edits:
        if not draft.same:
            return Plan(reply=say(language, "nothing-fits"), remarks=remarks)
        values["what"] = quoted_list(titles_of(draft.same), language)
        return Plan(reply=say(language, draft.same_key, **values), remarks=remarks)
    values["what"] = naming(draft.changed, world)
    many = len(draft.changed) > 1
    asks = draft.must_ask or (many and (found.bulk or draft.deletes)) or (draft.deletes and not found.sure)
    if asks and not confirmed:
        text = say(language, f"ask-{draft.key}", **values)
        if not found.sure and not many:
            text = say(language, "ask-alike", what=values["what"], question=text)
            remarks = draft.remarks
        rows = rows_of(draft.changed[:MOST_ROWS], world)
        if len(draft.changed) > MOST_ROWS:
            remarks += (say(language, "first-rows", shown=MOST_ROWS, total=len(draft.changed)),)
        return Plan(reply=text, question=Question("confirm", text, rows), remarks=remarks)
    return Plan(reply=say(language, draft.key, **values), edits=draft.edits, remarks=remarks)


def naming(things: Sequence[Thing], world: World) -> str:
    """“buy milk” · 12 tasks: “a”, “b”, “c”, “d”, “e” and 7 more"""
    titles = titles_of(things)
    if len(titles) == 1:
        return quoted(titles[0])
    named = quoted_list(titles, world.language)
    if len(titles) <= 3:
        return named
    return f"{say(world.language, 'tasks', count=len(titles))}: {named}"
