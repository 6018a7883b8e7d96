"""What a conversation remembers: what was last shown, what waits for a yes, what undo takes back.

It belongs to one user and one namespace. The gateway keeps it in PostgreSQL, so that every replica knows it;
`kubectl todo` keeps it in a file. Losing it loses references and undo, never a task.
"""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from todotasks.edits.model.command import Command, ListTasks
from todotasks.edits.model.edit import Document, Edit, Plural

MOST_UNDO = 20  # messages that can be taken back
MOST_SHOWN = 200


class Shown(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One object of the last answer, in its order."""

    resource: Plural
    name: str
    title: str
    uid: str = ""
    # What an answer may tell it by: "the one due Friday", "#home", "Anna's".
    due: str | None = None
    priority: str = "Medium"
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None


class Pending(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The commands of a message that wait for an answer: the first one asked, the others come after it.

    A confirmed edit is the one that was shown: `edits` are done as they stand, or refused if an object has
    changed. A choice replaces the target of the first command; with `options` it is one of several readings
    of the words, as many as rows, which takes the place of the first command. With a `detail` the value is
    asked for that a change of the one row lacks (due, snooze, assignee, title, priority, tag); with
    `then_detail` it is asked for when one of the rows is chosen. `about` are the several things that
    the option `about_option` does something to: an answer may name some of them. With `about_one` only one is
    meant, and which is asked.
    """

    kind: Literal["choice", "confirm"]
    commands: tuple[Command, ...]
    rows: tuple[Shown, ...] = ()
    edits: tuple[Edit, ...] = ()
    options: tuple[tuple[Command, ...], ...] = ()
    text: str = ""  # the question
    reply: str = ""  # what is said when the edits are done
    language: str = "en"
    asks_for: str | None = None  # the words that a model has read: what comes after the first asks, too
    asked_at: datetime | None = None
    detail: str = ""
    then_detail: str = ""
    about: tuple[Shown, ...] = ()
    about_option: int = 0
    about_one: bool = False


class Undoable(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One edit that was done: what restores the state before, and what shows that someone changed it."""

    verb: str
    resource: Plural
    namespace: str
    name: str
    uid: str
    resource_version: str  # after the edit
    generation: int = 0
    title: str = ""
    before: Document | None = None  # of a patch only the fields that it touched; of a delete all
    after: Document | None = None
    refused: bool = False  # somebody's change was in the way once: the next undo passes it by


class Step(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The edits of one command of a message, and what is said when they are done."""

    edits: tuple[Edit, ...]
    reply: str


class Doing(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a message with an idempotency key was about to do, saved before it does it.

    A crash in between leaves this: the same message again does these very edits, so that "push it two days"
    does not push it four. What was done before is found to be as wanted, and not done again.
    """

    key: str  # of the message and its idempotency key: another message with that key is another one
    steps: tuple[Step, ...]  # of each command that edits, in their order
    commands: tuple[Command, ...] = ()  # as they were understood, when the tasks were as they were then


class Conversation(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    id: str
    namespace: str = ""
    shown: tuple[Shown, ...] = ()  # the last list: what "the second one" counts
    touched: tuple[Shown, ...] = ()  # what was made or changed since: "it", unless nothing was
    together: tuple[Shown, ...] = ()  # all that the last message touched, where it was more: "them"
    pending: Pending | None = None
    undo: tuple[tuple[Undoable, ...], ...] = ()  # newest message first
    doing: Doing | None = None
    did: tuple[Command, ...] = ()  # what the last message that changed something asked for: "the same for …"
    again: Command | None = (
        None  # the last of them that "that one too" can do once more, also when it was undone
    )
    offered: tuple[Shown, ...] = ()  # the rows of a question that was answered: "the other one"
    dropped: Pending | None = None  # the question that another message came before: it may be answered late
    listed: ListTasks | None = None  # the last list: "and tomorrow?" asks for another one of its kind
    language: str = ""  # of the last answer: a mere "ok" is answered in it
    version: int = 0  # counts up with every save; a store refuses to save over a newer one


class ConversationStore(Protocol):
    """Where conversations are kept; `owner` is who the API server says the caller is."""

    async def load(self, owner: str, conversation: str) -> Conversation | None: ...

    async def save(self, owner: str, conversation: Conversation) -> bool:
        """False: another message of the same conversation was faster; nothing was saved."""
        ...
