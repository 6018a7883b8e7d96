"""What to write for what was seen: mirror rows, events, snapshots, tombstones. Pure; no I/O, no clock.

    changes of a watch ──▶ record_changes ──┐
    a page of a list   ──▶ record_page    ──┼──▶ Recording ──▶ one transaction (see `recorder`)
    gone from the list ──▶ record_vanished ─┘

All three compare with what the mirror holds (`Known`) and are repeatable: what the mirror has already seen
gives nothing again, so a batch whose commit was in doubt is simply recorded once more.

The mirror and the record go together: whoever is not in the mirror has had no `created`. An object that
cannot be recorded (its row is refused, a bug of ours trips over it) therefore gives no event either, and
lies in the dead letters instead; its neighbours are not affected.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple

import msgspec

from todo_operator.record.kinds import (
    Context,
    K,
    Known,
    RecordedKind,
)
from todotasks.api import Metadata, OwnerReference, Reminder, TodoTask
from todotasks.events import (
    HEADERS,
    CloudEvent,
    deletion_reason,
    encode,
    snapshot_id,
    task_snapshot,
    tombstone_id,
)
from todotasks.events.types import TOPIC_TASK_UPDATES
from todotasks.kube import Change, ListedObject, Skipped
from todotasks.kube.resources import TODOTASKS
from todotasks.store import (
    Archival,
    DeadLetter,
    ObjectRow,
    OutboxMessage,
    TaskRow,
    parse_resource_version,
    task_row,
)

UNREADABLE: Final = "unreadable"  # dead letters of objects that do not fit their type
UNRECORDED: Final = "unrecorded"  # of objects that fit, and could not be recorded


@dataclass
class Recording(Generic[K]):
    """What one transaction writes, in this order; `seen` is what the rest of the operator is told."""

    tasks: list[TaskRow] = field(default_factory=list)
    objects: list[ObjectRow] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    archive: list[Archival] = field(default_factory=list)
    messages: list[tuple[str, OutboxMessage]] = field(default_factory=list)  # with the uid they are about
    letters: list[DeadLetter] = field(default_factory=list)
    seen: list[Change[K]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.tasks or self.objects or self.archive or self.messages or self.letters)

    def add(self, other: "Recording[K]") -> None:
        """What else belongs into the same transaction."""
        for name in ("tasks", "objects", "forget", "archive", "messages", "letters", "seen"):
            getattr(self, name).extend(getattr(other, name))

    def drop(self, uid: str) -> None:
        """Write nothing about an object: what the record says must be what the mirror holds."""
        self.tasks = [row for row in self.tasks if row.uid != uid]
        self.objects = [row for row in self.objects if row.uid != uid]
        self.archive = [gone for gone in self.archive if gone.uid != uid]
        self.messages = [(about, message) for about, message in self.messages if about != uid]


def record_changes(
    kind: RecordedKind[K],
    changes: Sequence[Change[K]],
    known: Mapping[str, Known[K]],
    *,
    now: datetime,
    tasks: "KnownTasks",
) -> Recording[K]:
    """The steps of a watch, each against the state before it."""
    writer = _Writer(kind, now, tasks)
    state = dict(known)
    for change in changes:
        obj = change.object
        uid = obj.metadata.uid
        before = state.get(uid)
        if before is not None and _version(obj) <= before.version:
            continue  # recorded already, by a commit that was in doubt or by the list before
        try:
            if change.type == "DELETED":
                state[uid] = writer.gone(obj, before, change.raw)
            else:
                state[uid] = writer.step(obj, before, change.raw, added=change.type == "ADDED")
        except Exception as error:  # one object must not stop the others
            writer.refuse(obj, change.raw, error)
    return writer.done(changes)


def record_page(
    kind: RecordedKind[K],
    page: Iterable[ListedObject[K]],
    known: Mapping[str, Known[K]],
    *,
    now: datetime,
    tasks: "KnownTasks",
) -> Recording[K]:
    """States of a list, each against the last one known: what lies between was not seen."""
    writer = _Writer(kind, now, tasks)
    seen: list[Change[K]] = []
    for observed in page:
        obj = observed.object
        before = known.get(obj.metadata.uid)
        same = before is not None and not before.archived and before.version == _version(obj)
        try:
            if before is None or not same:
                seen.append(Change("ADDED" if before is None else "MODIFIED", obj, observed.raw))
                if before is not None and before.version >= _version(obj):
                    # etcd was restored from a backup: the mirror is ahead, and its row must not win.
                    writer.out.forget.append(obj.metadata.uid)
                writer.step(obj, before, observed.raw, added=True, coalesced=True)
            elif before.object is None:
                # Heals the damaged row; nothing happened to the object.
                writer.out.forget.append(obj.metadata.uid)
                writer.keep(obj, observed.raw)
        except Exception as error:  # one object must not stop the others
            writer.refuse(obj, observed.raw, error)
    return writer.done(seen)


def record_vanished(
    kind: RecordedKind[K], known: Iterable[Known[K]], *, now: datetime, position: str
) -> Recording[K]:
    """Deletions that nobody saw: alive in the mirror, absent from the complete list at `position`.

    The id of such an event hangs on the last version known, so that doing this again after a crash gives
    the same id.
    """
    writer = _Writer(kind, now, NO_TASKS)
    seen: list[Change[K]] = []
    for before in known:
        if not before.archived:
            last = _last_state(kind, before)
            writer.gone(last, before, b"", coalesced=True, position=position)
            seen.append(Change("DELETED", last, b""))
    return writer.done(seen)


def record_skipped(
    kind: RecordedKind[K], skipped: Iterable[Skipped], known: Mapping[str, Known[K]], *, now: datetime
) -> Recording[K]:
    """Objects that do not fit their type. Their deletion can be told all the same, from the last state."""
    writer = _Writer(kind, now, NO_TASKS)
    seen: list[Change[K]] = []
    for one in skipped:
        meta = one.metadata
        before = known.get(meta.uid)
        if one.type != "DELETED":
            writer.out.letters.append(dead_letter(kind, meta, one.raw, UNREADABLE, one.error))
        elif before is not None and not before.archived:
            last = _last_state(kind, before, meta.resource_version)
            writer.gone(last, before, one.raw)
            seen.append(Change("DELETED", last, one.raw))
    return writer.done(seen)


class _Latest(NamedTuple, Generic[K]):
    object: K
    raw: bytes
    gone: bool = False


class _Writer(Generic[K]):
    """Gathers a Recording, object by object."""

    def __init__(self, kind: RecordedKind[K], now: datetime, tasks: "KnownTasks") -> None:
        self.out: Recording[K] = Recording()
        self._kind = kind
        self._now = now
        self._tasks = tasks
        self._latest: dict[str, _Latest[K]] = {}

    def step(
        self, obj: K, before: Known[K] | None, raw: bytes, *, added: bool, coalesced: bool = False
    ) -> Known[K]:
        if before is not None and before.object is None and not before.archived:
            events = self._kind.rediscovered(obj, self._now)
        else:
            old = None if before is None or before.archived else before.object
            # A change of something that was never recorded: it could not be read or kept until now.
            coalesced = coalesced or (old is None and not added)
            events = self._kind.events(old, obj, self._context(obj, coalesced))
        self._say(obj, events)
        return self.keep(obj, raw)

    def keep(self, obj: K, raw: bytes) -> Known[K]:
        self._latest[obj.metadata.uid] = _Latest(obj, raw)
        return Known(_version(obj), obj, False, obj.metadata)

    def gone(
        self, last: K, before: Known[K] | None, raw: bytes, *, coalesced: bool = False, position: str = ""
    ) -> Known[K]:
        uid, version = last.metadata.uid, _version(last)
        if before is None or not before.archived:
            self._say(last, self._kind.events(last, None, self._context(last, coalesced)))
        if before is None or uid in self._latest:
            # It came and went within this batch: the archive is to have it all the same.
            self._latest[uid] = _Latest(last, raw, gone=True)
        reason = deletion_reason(last, self._now) if isinstance(last, TodoTask) else "Deleted"
        self.out.archive.append(Archival(uid, reason, max(version, parse_resource_version(position))))
        if self._kind.snapshots:
            tombstone = OutboxMessage(tombstone_id(last.metadata), TOPIC_TASK_UPDATES, uid, None)
            self.out.messages.append((uid, tombstone))
        return Known(version, last, True, last.metadata)

    def refuse(self, obj: K, raw: bytes, error: Exception) -> None:
        self.out.letters.append(dead_letter(self._kind, obj.metadata, raw, UNRECORDED, repr(error)))

    def done(self, seen: Iterable[Change[K]]) -> Recording[K]:
        """Rows and snapshots of the last state of each: who reads a compacted topic, or a mirror, could
        not tell the states in between from what compaction removes."""
        for uid, (obj, raw, gone) in self._latest.items():
            try:
                if isinstance(obj, TodoTask):
                    self.out.tasks.append(task_row(obj, at=self._now, doc=_document(raw)))
                    if not gone:
                        self._snapshot(obj)
                else:
                    self.out.objects.append(_object_row(self._kind, obj, _document(raw)))
            except Exception as error:  # one object must not stop the others
                self.out.drop(uid)
                self.refuse(obj, raw, error)
        self.out.seen = list(seen)
        return self.out

    def _snapshot(self, task: TodoTask) -> None:
        value = task_snapshot(task, now=self._now)
        uid = task.metadata.uid
        message = OutboxMessage(snapshot_id(task.metadata), TOPIC_TASK_UPDATES, uid, value, HEADERS)
        self.out.messages.append((uid, message))

    def _say(self, obj: K, events: Iterable[CloudEvent]) -> None:
        self.out.messages += [
            (obj.metadata.uid, OutboxMessage(e.id, e.topic, e.partitionkey, encode(e), HEADERS))
            for e in events
        ]

    def _context(self, obj: K, coalesced: bool) -> Context:
        task_uid = self._tasks.uid_for(obj) if isinstance(obj, Reminder) else None
        return Context(self._now, coalesced, task_uid)


def dead_letter(kind: RecordedKind[Any], meta: Metadata, raw: bytes, cause: str, error: str) -> DeadLetter:
    """Of an object; one for each version of it, however often it is met."""
    key = str(meta.key) if meta.name else "?"
    return DeadLetter(
        id=f"{meta.uid or hashlib.sha256(raw).hexdigest()}:{meta.resource_version}:{cause}",
        topic=kind.resource.label,
        key=meta.uid or key,
        value=raw,
        error=f"{kind.name} {key}: {error}",
        headers={"object": key, "cause": cause},
    )


class KnownTasks(NamedTuple):
    """What the mirror says of the tasks that reminders name. An owner reference is written by whoever may
    write the reminder: it counts for the task that the reminder is about, and only in its own namespace, so
    that nobody's reminders are told under the key of somebody else's task, between its events."""

    by_name: Mapping[tuple[str, str], str]  # uids of living ones by (namespace, name)
    namespaces: Mapping[str, str]  # by uid, of those that are gone too

    def uid_for(self, reminder: Reminder) -> str | None:
        """Under which the reminder's events are told. An owner that is gone, or that the mirror has yet to
        see, still counts."""
        owner = owning_task(reminder)
        if owner is not None:
            home = self.namespaces.get(owner)
            if home is None or home == reminder.metadata.namespace:
                return owner
        return self.by_name.get(task_name(reminder))


NO_TASKS: Final = KnownTasks({}, {})


def owning_task(reminder: Reminder) -> str | None:
    """The uid of the task that a reminder says it was made from; it may say what it likes."""
    owners = reminder.metadata.owner_references or ()
    return next((owner.uid for owner in owners if _is_its_task(owner, reminder)), None)


def _is_its_task(owner: OwnerReference, reminder: Reminder) -> bool:
    kind = (owner.api_version.partition("/")[0], owner.kind)
    return kind == (TODOTASKS.group, TODOTASKS.kind) and owner.name == reminder.spec.task_ref.name


def task_name(reminder: Reminder) -> tuple[str, str]:
    return reminder.metadata.namespace, reminder.spec.task_ref.name


class _Document(msgspec.Struct, omit_defaults=True):
    """An object whose parts stay as they were received, defaults and unknown fields included."""

    metadata: dict[str, msgspec.Raw]
    apiVersion: str = ""
    kind: str = ""
    spec: msgspec.Raw = msgspec.Raw(b"")
    status: msgspec.Raw = msgspec.Raw(b"")


_decode_document: Final = msgspec.json.Decoder(_Document).decode


def _document(raw: bytes) -> bytes:
    """What the mirror keeps: the object without managedFields, half of what the server sends."""
    document = _decode_document(raw)
    document.metadata.pop("managedFields", None)
    return msgspec.json.encode(document)


def _object_row(kind: RecordedKind[K], obj: K, doc: bytes) -> ObjectRow:
    meta = obj.metadata
    return ObjectRow(meta.uid, kind.name, meta.namespace, meta.name, _version(obj), doc)


def _last_state(kind: RecordedKind[K], before: Known[K], version: str | None = None) -> K:
    """The object as last known; where its row was damaged, as much as the row's columns still say."""
    metadata = before.metadata if before.object is None else before.object.metadata
    if version is not None:
        metadata = msgspec.structs.replace(metadata, resource_version=version)
    return kind.with_metadata(before.object, metadata)


def _version(obj: K) -> int:
    return parse_resource_version(obj.metadata.resource_version)
