"""What decisions about a Reminder are made of: without the metadata that decides nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from todo_operator.reconcile.facts import EPOCH, ObjectFacts, identity, read_parts
from todotasks.api import Metadata, ObjectKey, Reminder, ReminderSpec, ReminderStatus

TASK_KIND: Final = "TodoTask"


class ReminderFacts(ObjectFacts, frozen=True, gc=False, kw_only=True):
    """A Reminder as its decision sees it."""

    created: datetime
    spec: ReminderSpec = ReminderSpec()
    status: ReminderStatus = ReminderStatus()
    owner: str | None = None  # uid of the task from whose spec.reminders it was made

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
        **identity(meta, unreadable),
        created=meta.creation_timestamp or EPOCH,
        spec=spec,
        status=status,
        owner=next((o.uid for o in owners if o.controller and o.kind == TASK_KIND), None),
    )
