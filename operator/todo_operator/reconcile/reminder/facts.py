"""What decisions about a Reminder are made of: without the metadata that decides nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from todo_operator.reconcile.task.facts import read_parts
from todotasks.api import Metadata, ObjectKey, Reminder, ReminderSpec, ReminderStatus

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TASK_KIND: Final = "TodoTask"


class ReminderFacts(msgspec.Struct, frozen=True, gc=False):
    """A Reminder as its decision sees it."""

    namespace: str
    name: str
    uid: str
    created: datetime
    resource_version: int = 0
    generation: int = 0
    deleting: bool = False
    spec: ReminderSpec = ReminderSpec()
    unreadable: str | None = None
    status: ReminderStatus = ReminderStatus()
    owner: str | None = None  # uid of the task from whose spec.reminders it was made

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)

    @property
    def task_key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.spec.task_ref.name)


def reminder_facts_of(reminder: Reminder) -> ReminderFacts:
    return _facts(reminder.metadata, reminder.spec, reminder.status, unreadable=None)


def read_reminder_facts(body: Mapping[str, Any]) -> ReminderFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status."""
    return _facts(*read_parts(body, ReminderSpec, ReminderStatus))


def _facts(
    meta: Metadata, spec: ReminderSpec, status: ReminderStatus, unreadable: str | None
) -> ReminderFacts:
    owners = meta.owner_references or ()
    return ReminderFacts(
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        created=meta.creation_timestamp or EPOCH,
        resource_version=int(meta.resource_version or 0),
        generation=meta.generation,
        deleting=meta.deletion_timestamp is not None,
        spec=spec,
        unreadable=unreadable,
        status=status,
        owner=next((o.uid for o in owners if o.controller and o.kind == TASK_KIND), None),
    )
