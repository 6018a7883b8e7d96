"""The four kinds as the recorder sees them: all in which they differ is in `RECORDED_KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from todotasks.api import Metadata, NotificationChannel, RecurrenceRule, Reminder, TodoTask
from todotasks.events import CloudEvent, reminder_events, rule_events, task_events, task_rediscovered
from todotasks.kube import Resource
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS
from todotasks.kube.watch.observed import KubeObject
from todotasks.store import MirrorRow

K = TypeVar("K", bound=KubeObject)


class Known(NamedTuple, Generic[K]):
    """What the mirror has of an object. `object` is None where its document can no longer be read."""

    version: int
    object: K | None
    archived: bool
    metadata: Metadata


class Context(NamedTuple):
    """What the events of a change need besides the two states."""

    now: datetime
    coalesced: bool
    task_uid: str | None = None


@dataclass(frozen=True)
class RecordedKind(Generic[K]):
    """One kind as the recorder sees it; everything that differs between the four is here."""

    resource: Resource
    type: type[K]
    events: Callable[[K | None, K | None, Context], list[CloudEvent]]
    rediscovered: Callable[[K, datetime], list[CloudEvent]] = lambda obj, now: []
    snapshots: bool = False

    @property
    def name(self) -> str:
        return self.resource.kind

    def known(self, row: MirrorRow, uid: str) -> Known[K]:
        version = str(row.resource_version)
        metadata = Metadata(name=row.name, namespace=row.namespace, uid=uid, resource_version=version)
        try:
            obj = None if row.doc is None else msgspec.json.decode(row.doc, type=self.type)
        except (msgspec.DecodeError, UnicodeDecodeError):
            obj = None
        return Known(row.resource_version, obj, row.archived, metadata)

    def with_metadata(self, obj: K | None, metadata: Metadata) -> K:
        """The object with other metadata; of none, one that has nothing else."""
        if obj is None:
            return self.type(metadata=metadata)  # type: ignore[call-arg]
        return msgspec.structs.replace(obj, metadata=metadata)  # type: ignore[type-var]


def _tasks(old: TodoTask | None, new: TodoTask | None, context: Context) -> list[CloudEvent]:
    return task_events(old, new, now=context.now, coalesced=context.coalesced)


def _tasks_again(new: TodoTask, now: datetime) -> list[CloudEvent]:
    return task_rediscovered(new, now=now)


def _rules(old: RecurrenceRule | None, new: RecurrenceRule | None, context: Context) -> list[CloudEvent]:
    return rule_events(old, new, now=context.now, coalesced=context.coalesced)


def _reminders(old: Reminder | None, new: Reminder | None, context: Context) -> list[CloudEvent]:
    return reminder_events(old, new, task_uid=context.task_uid, now=context.now, coalesced=context.coalesced)


def _nothing(old: object, new: object, context: Context) -> list[CloudEvent]:
    return []


RECORDED_KINDS: Final[tuple[RecordedKind[Any], ...]] = (
    RecordedKind(TODOTASKS, TodoTask, _tasks, _tasks_again, snapshots=True),
    RecordedKind(RECURRENCERULES, RecurrenceRule, _rules),
    RecordedKind(REMINDERS, Reminder, _reminders),
    RecordedKind(NOTIFICATIONCHANNELS, NotificationChannel, _nothing),
)
