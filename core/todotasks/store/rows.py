"""What goes into the store and what comes out of it, as values.

A `TaskRow` is a task as the search sees it, with the whole object as `doc`; an `ObjectRow` is one of the
other kinds. An `OutboxMessage` becomes an `OutboxRow` when it is committed: `seq` is its place in the one
order in which everything happened.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from todotasks.api import TodoTask, is_true

TASK_KIND: Final = "TodoTask"

# Ascending is most urgent first, so that every part of a keyset cursor ascends.
PRIORITY_RANKS: Final = {"Urgent": 1, "High": 2, "Medium": 3, "Low": 4}

_DATE_LENGTH = len("2026-11-21")


class TaskRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task in the mirror. `doc` is its JSON."""

    uid: str
    namespace: str
    name: str
    resource_version: int
    doc: bytes
    updated_at: datetime
    generation: int = 0
    title: str = ""
    notes: str | None = None
    priority: str = "Medium"
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    parent: str | None = None
    completed: bool = False
    overdue: bool = False
    blocked: bool = False
    all_day: bool = False
    due_time: datetime | None = None
    completion_time: datetime | None = None
    created_at: datetime | None = None


class ObjectRow(msgspec.Struct, frozen=True):
    """A rule, reminder or channel in the mirror."""

    uid: str
    kind: str
    namespace: str
    name: str
    resource_version: int
    doc: bytes


class MirrorRow(NamedTuple):
    """What the mirror knows of an object. `archived`: it is deleted in Kubernetes.

    `doc` is None where somebody damaged the row: the object is known, its state is not.
    """

    resource_version: int
    doc: bytes | None
    archived: bool
    namespace: str = ""
    name: str = ""


class Archival(NamedTuple):
    """An object that is gone. A `resource_version` (of the delete, or of the list that lacked it) keeps an
    older state, read from a lagging cache, from bringing it back."""

    uid: str
    reason: str
    resource_version: int = 0


class OutboxMessage(NamedTuple):
    """A message to be produced. `id` is unique among all that wait; `value` None is a tombstone."""

    id: str
    topic: str
    key: str
    value: bytes | None
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed


class OutboxRow(NamedTuple):
    """A committed message. `seq` order is commit order."""

    seq: int
    id: str
    topic: str
    key: str
    value: bytes | None
    headers: dict[str, str]


class OutboxStats(NamedTuple):
    depth: int
    oldest_age_seconds: float


class DeadLetter(NamedTuple):
    """What could not be recorded or produced, kept for a person. `topic` says where it was to go."""

    id: str
    topic: str
    key: str
    value: bytes
    error: str
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed


class MirrorBatch(NamedTuple):
    """What one batch of changes of a kind writes: rows, ends, messages, and how far it got."""

    kind: str
    at: datetime
    tasks: Sequence[TaskRow] = ()
    objects: Sequence[ObjectRow] = ()
    forget: Sequence[str] = ()
    archive: Sequence[Archival] = ()
    messages: Sequence[OutboxMessage] = ()
    position: tuple[str, str] | None = None  # source, resourceVersion


class Refused(NamedTuple):
    """A row that PostgreSQL would not take in any form, and why. The rest of its batch was written."""

    table: str
    id: str
    error: str


def mirror_row(row: tuple[Any, ...]) -> MirrorRow:
    """From what the queries of `mirror.sql` select, behind the uid."""
    _, version, doc, archived, namespace, name = row
    return MirrorRow(version, None if doc is None else doc.encode(), archived, namespace, name)


def task_row(task: TodoTask, *, at: datetime, doc: bytes | None = None) -> TaskRow:
    """The mirror row of a task as read from the API server.

    Without `doc` the typed task is encoded: it leaves out managedFields, half of what the server sends.
    """
    spec, status, meta = task.spec, task.status, task.metadata
    return TaskRow(
        uid=meta.uid,
        namespace=meta.namespace,
        name=meta.name,
        resource_version=parse_resource_version(meta.resource_version),
        doc=msgspec.json.encode(task) if doc is None else doc,
        updated_at=at,
        generation=meta.generation,
        title=spec.title,
        notes=spec.notes,
        priority=spec.priority,
        tags=spec.tags or (),
        project=spec.project,
        assignee=spec.assignee,
        parent=spec.parent,
        completed=spec.completed,
        overdue=is_true(status.conditions, "Overdue"),
        blocked=is_true(status.conditions, "Blocked"),
        all_day=spec.due is not None and len(spec.due) == _DATE_LENGTH,
        due_time=status.due_time,
        completion_time=status.completion_time,
        created_at=meta.creation_timestamp,
    )


def parse_resource_version(text: str) -> int:
    """A resourceVersion as the number it is (comparable since Kubernetes 1.35); 0 when it is not one."""
    return int(text) if text.isascii() and text.isdigit() else 0
