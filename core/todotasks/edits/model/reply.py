"""The reply to one message: what `kubectl todo` prints; `wire` makes the body of `POST /v1/chat` of it."""

from typing import Literal

import msgspec

from todotasks.edits.model.edit import Document, EditResult, Plural, Problem, Result, Value, Verb
from todotasks.edits.model.plan import Listing, Question

Source = Literal["grammar", "model", "tools"]


class Reply(Value, frozen=True):
    """The reply to one message."""

    reply: str  # short, plain text
    reading: str = ""  # how the words were understood, dates in full with the zone
    readings: tuple[Document, ...] = ()  # the same with slots and spans, as `todotasks parse --jsonl`
    edits: tuple[EditResult, ...] = ()
    listing: Listing | None = None
    question: Question | None = None
    problem: Problem | None = None
    remarks: tuple[str, ...] = ()
    needs_confirmation: bool = False
    undo: bool = False  # whether "undo" takes back what this message did
    dry_run: bool = False
    conversation: str = ""
    source: Source = "grammar"


class EditBody(Value, frozen=True):
    """An edit and what came of it, as it leaves for the person: without what only we need."""

    verb: Verb
    resource: Plural
    namespace: str
    name: str
    result: Result
    title: str = ""
    manifest: Document | None = None
    patch: Document | None = None
    uid: str | None = None  # of the object that was looked at
    resource_version: str | None = None
    kubectl: str = ""  # the command that does the same
    problem: Problem | None = None


class ReplyBody(msgspec.Struct, frozen=True, rename="camel"):
    """`Reply` as the body of a response: what a client branches on is always there."""

    reply: str
    reading: str
    edits: tuple[EditBody, ...]
    needs_confirmation: bool
    undo: bool
    dry_run: bool
    conversation: str
    source: Source
    readings: tuple[Document, ...] = ()
    remarks: tuple[str, ...] = ()
    listing: Listing | msgspec.UnsetType = msgspec.UNSET
    question: Question | msgspec.UnsetType = msgspec.UNSET
    problem: Problem | msgspec.UnsetType = msgspec.UNSET


def wire(answer: Reply) -> ReplyBody:
    """The answer as it leaves for the person: without the objects that only undo needs."""
    return ReplyBody(
        reply=answer.reply,
        reading=answer.reading,
        edits=tuple(_edit_body(done) for done in answer.edits),
        needs_confirmation=answer.needs_confirmation,
        undo=answer.undo,
        dry_run=answer.dry_run,
        conversation=answer.conversation,
        source=answer.source,
        readings=answer.readings,
        remarks=answer.remarks,
        listing=answer.listing or msgspec.UNSET,
        question=answer.question or msgspec.UNSET,
        problem=answer.problem or msgspec.UNSET,
    )


def _edit_body(done: EditResult) -> EditBody:
    edit = done.edit
    return EditBody(
        edit.verb, edit.resource, edit.namespace, edit.name, done.result,
        title=edit.title, manifest=edit.manifest, patch=edit.patch, uid=edit.uid,
        resource_version=edit.resource_version, kubectl=edit.kubectl, problem=done.problem,
    )  # fmt: skip
