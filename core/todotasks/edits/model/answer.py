"""Edits of resources and the answer to a message: frozen values that travel as JSON.

An `Edit` is one request to the API server, complete before it is sent: `kubectl` is the command that does
the same. `Done` is what came of it. `Answer` is what `kubectl todo` prints; `wire` makes
the body of `POST /v1/chat` of it.
"""

from typing import Any, Literal

import msgspec

from todotasks.api import ObjectKey

Verb = Literal["create", "patch", "delete"]
Plural = Literal["todotasks", "recurrencerules", "reminders"]
Result = Literal["done", "dry-run", "unchanged", "planned", "refused"]
Source = Literal["grammar", "model", "tools"]
Document = dict[str, Any]


def plain(value: Any) -> Any:
    """A typed value as JSON has it: objects and lists only, so that it compares with what was decoded."""
    return msgspec.json.decode(msgspec.json.encode(value))


class _Value(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How all of this travels as JSON."""


class Edit(_Value, frozen=True):
    """One request: `manifest` for create, `patch` (a JSON merge patch) for patch, neither for delete.

    `uid`, `resource_version` and `generation` are those of the object as it was when the edit was planned: if
    it is another one by now, or its spec was changed, the edit is refused (409) and nothing is overwritten. A
    new resourceVersion of the same generation is only a new status, which the operator writes at any time.
    """

    verb: Verb
    resource: Plural
    namespace: str
    name: str
    title: str = ""  # of the task, for the reply
    manifest: Document | None = None
    patch: Document | None = None
    uid: str | None = None
    resource_version: str | None = None
    generation: int = 0
    kubectl: str = ""

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)


class Problem(_Value, frozen=True):
    """Why something was not done, in plain words; `field` is a path such as `spec.due`."""

    reason: str  # Forbidden, NotFound, Conflict, Invalid, Ambiguous, Unclear, TooMany, Unavailable …
    message: str
    field: str | None = None
    status: int | None = None  # of the API server's answer


class Done(_Value, frozen=True):
    """What became of one edit. `before` and `after` are the objects, for undo; `wire` leaves them out."""

    edit: Edit
    result: Result
    problem: Problem | None = None
    before: Document | None = None
    after: Document | None = None


class Row(_Value, frozen=True):
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


class Question(_Value, frozen=True):
    """What must be said before anything is done.

    `kind` choice: the message fits several objects, `rows` numbers them; confirm: `rows` is what would be
    changed or deleted. The pending commands wait in the conversation.
    """

    kind: Literal["choice", "confirm"]
    text: str
    rows: tuple[Row, ...] = ()


class Listing(_Value, frozen=True):
    """Tasks that answer a list, search, show or summary. `total` may be more than the rows."""

    rows: tuple[Row, ...]
    total: int
    heading: str = ""


class Plan(_Value, frozen=True):
    """What one command comes to, decided without I/O. With a `question` or a `problem` there are no edits."""

    reply: str
    edits: tuple[Edit, ...] = ()
    listing: Listing | None = None
    question: Question | None = None
    problem: Problem | None = None
    remarks: tuple[str, ...] = ()  # what was guessed, and what could not be done


class Answer(_Value, frozen=True):
    """The reply to one message."""

    reply: str  # short, plain text
    reading: str = ""  # how the words were understood, dates in full with the zone
    readings: tuple[Document, ...] = ()  # the same with slots and spans, as `todotasks parse --jsonl`
    edits: tuple[Done, ...] = ()
    listing: Listing | None = None
    question: Question | None = None
    problem: Problem | None = None
    remarks: tuple[str, ...] = ()
    needs_confirmation: bool = False
    undo: bool = False  # whether "undo" takes back what this message did
    dry_run: bool = False
    conversation: str = ""
    source: Source = "grammar"


class EditBody(_Value, frozen=True):
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


class AnswerBody(msgspec.Struct, frozen=True, rename="camel"):
    """`Answer` as the body of a response: what a client branches on is always there."""

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


def wire(answer: Answer) -> AnswerBody:
    """The answer as it leaves for the person: without the objects that only undo needs."""
    return AnswerBody(
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


def _edit_body(done: Done) -> EditBody:
    edit = done.edit
    return EditBody(
        edit.verb, edit.resource, edit.namespace, edit.name, done.result,
        title=edit.title, manifest=edit.manifest, patch=edit.patch, uid=edit.uid,
        resource_version=edit.resource_version, kubectl=edit.kubectl, problem=done.problem,
    )  # fmt: skip
