"""The types of events, the topic of each, and what its data looks like.

One table, `EVENT_TYPES`, is what everything else is made from: the JSON Schemas in `schemas/`, the page
docs/events.md, the topic that the recorder writes to. A type that is not in it cannot be produced.
"""

from typing import Final, NamedTuple

import msgspec

from todotasks.events import data

PREFIX: Final = "dev.todotasks."
SCHEMA_BASE: Final = "https://todotasks.dev/schemas/"

# The same names as in `todotasks.broker.topics`, which also says how each is made. They stand here too
# because this package does no I/O and must not import a Kafka client; a test compares the two.
TOPIC_TASK_EVENTS: Final = "task-events"
TOPIC_REMINDERS: Final = "reminders"
TOPIC_TASK_UPDATES: Final = "task-updates"
TOPIC_TASK_ADMISSIONS: Final = "task-admissions"

TASK_CREATED: Final = "dev.todotasks.task.created.v1"
TASK_UPDATED: Final = "dev.todotasks.task.updated.v1"
TASK_COMPLETED: Final = "dev.todotasks.task.completed.v1"
TASK_REOPENED: Final = "dev.todotasks.task.reopened.v1"
TASK_OVERDUE: Final = "dev.todotasks.task.overdue.v1"
TASK_DELETED: Final = "dev.todotasks.task.deleted.v1"
TASK_SNAPSHOT: Final = "dev.todotasks.task.snapshot.v1"
RECURRENCE_CREATED: Final = "dev.todotasks.recurrence.created.v1"
RECURRENCE_UPDATED: Final = "dev.todotasks.recurrence.updated.v1"
RECURRENCE_DELETED: Final = "dev.todotasks.recurrence.deleted.v1"
RECURRENCE_SCHEDULED: Final = "dev.todotasks.recurrence.scheduled.v1"
RECURRENCE_SKIPPED: Final = "dev.todotasks.recurrence.skipped.v1"
RECURRENCE_MISSED: Final = "dev.todotasks.recurrence.missed.v1"
RECURRENCE_EXHAUSTED: Final = "dev.todotasks.recurrence.exhausted.v1"
REMINDER_SCHEDULED: Final = "dev.todotasks.reminder.scheduled.v1"
REMINDER_DUE: Final = "dev.todotasks.reminder.due.v1"
REMINDER_DELIVERED: Final = "dev.todotasks.reminder.delivered.v1"
REMINDER_FAILED: Final = "dev.todotasks.reminder.failed.v1"
REMINDER_SNOOZED: Final = "dev.todotasks.reminder.snoozed.v1"
ADMISSION_REQUESTED: Final = "dev.todotasks.admission.requested.v1"
ADMISSION_GAP: Final = "dev.todotasks.admission.gap.v1"


class EventType(NamedTuple):
    """What is known of a type: where it goes, what its data is, what makes its id, when it happens."""

    name: str
    topic: str
    data: type[msgspec.Struct]
    version: str
    meaning: str

    @property
    def short(self) -> str:
        """`task.created.v1`: the part that tells the types of this project apart."""
        return self.name.removeprefix(PREFIX)

    @property
    def schema(self) -> str:
        return f"{SCHEMA_BASE}{self.name}.json"


_RESOURCE_VERSION = "the resourceVersion of the change"
_LAST_VERSION = "the resourceVersion of the deletion; the last one known, where nobody saw it happen"
_SCHEDULED = "the scheduled time"
_DUE_ID = "the time it fired, and the number of the repeat"

EVENT_TYPES: Final[dict[str, EventType]] = {
    entry.name: entry
    for entry in (
        EventType(
            TASK_CREATED,
            TOPIC_TASK_EVENTS,
            data.TaskCreated,
            _RESOURCE_VERSION,
            "A task is there that was not there before.",
        ),
        EventType(
            TASK_UPDATED,
            TOPIC_TASK_EVENTS,
            data.TaskChanged,
            _RESOURCE_VERSION,
            "What somebody wants of the task changed: its spec, labels or annotations. "
            "A change of status alone, or of `completed` alone, is not an update.",
        ),
        EventType(
            TASK_COMPLETED,
            TOPIC_TASK_EVENTS,
            data.TaskChanged,
            _RESOURCE_VERSION,
            "`spec.completed` became true. A task created as completed gives `created` and then this.",
        ),
        EventType(
            TASK_REOPENED,
            TOPIC_TASK_EVENTS,
            data.TaskChanged,
            _RESOURCE_VERSION,
            "`spec.completed` became false again.",
        ),
        EventType(
            TASK_OVERDUE,
            TOPIC_TASK_EVENTS,
            data.TaskOverdue,
            "the instant from which the task is overdue",
            "The due time of an open task passed (for an all-day task: the day is over in its zone).",
        ),
        EventType(
            TASK_DELETED,
            TOPIC_TASK_EVENTS,
            data.TaskDeleted,
            _LAST_VERSION,
            "The task is gone from the cluster; `task` is its last known state.",
        ),
        EventType(
            TASK_SNAPSHOT,
            TOPIC_TASK_UPDATES,
            data.TaskSnapshot,
            _RESOURCE_VERSION,
            "The whole task after a change, of its status too. The topic is compacted, and a deletion is a "
            "tombstone (a message without a value), so a consumer can rebuild the list from it.",
        ),
        EventType(
            RECURRENCE_CREATED,
            TOPIC_TASK_EVENTS,
            data.RuleCreated,
            _RESOURCE_VERSION,
            "A recurrence rule is there that was not there before.",
        ),
        EventType(
            RECURRENCE_UPDATED,
            TOPIC_TASK_EVENTS,
            data.RuleChanged,
            _RESOURCE_VERSION,
            "The spec, labels or annotations of a rule changed.",
        ),
        EventType(
            RECURRENCE_DELETED, TOPIC_TASK_EVENTS, data.RuleDeleted, _LAST_VERSION, "The rule is gone."
        ),
        EventType(
            RECURRENCE_SCHEDULED,
            TOPIC_TASK_EVENTS,
            data.OccurrenceScheduled,
            _SCHEDULED,
            "An occurrence was made: the task that the rule asks for at that time.",
        ),
        EventType(
            RECURRENCE_SKIPPED,
            TOPIC_TASK_EVENTS,
            data.OccurrenceSkipped,
            _SCHEDULED,
            "An occurrence was not made, as the rule says (`concurrencyPolicy`, `suspend`, a deadline).",
        ),
        EventType(
            RECURRENCE_MISSED,
            TOPIC_TASK_EVENTS,
            data.OccurrenceMissed,
            "the scheduled time of the last one missed",
            "Occurrences whose time passed while nobody could make them, and that `missedPolicy` leaves out.",
        ),
        EventType(
            RECURRENCE_EXHAUSTED,
            TOPIC_TASK_EVENTS,
            data.RuleExhausted,
            "the generation of the rule",
            "The rule has no occurrence left (`until`, `count`).",
        ),
        EventType(
            REMINDER_SCHEDULED,
            TOPIC_REMINDERS,
            data.ReminderScheduled,
            _RESOURCE_VERSION,
            "The time at which a reminder will fire is known, or has moved.",
        ),
        EventType(
            REMINDER_DUE,
            TOPIC_REMINDERS,
            data.ReminderDue,
            _DUE_ID,
            "The time of a reminder has come: who consumes this delivers it.",
        ),
        EventType(
            REMINDER_DELIVERED,
            TOPIC_REMINDERS,
            data.ReminderDelivered,
            f"{_DUE_ID}, and the channel",
            "A channel accepted the reminder.",
        ),
        EventType(
            REMINDER_FAILED,
            TOPIC_REMINDERS,
            data.ReminderFailed,
            f"{_DUE_ID}, and the channel",
            "A channel refused the reminder for good, or the last attempt failed.",
        ),
        EventType(
            REMINDER_SNOOZED,
            TOPIC_REMINDERS,
            data.ReminderSnoozed,
            _RESOURCE_VERSION,
            "Somebody put a reminder off (`spec.snoozeUntil`).",
        ),
        EventType(
            ADMISSION_REQUESTED,
            TOPIC_TASK_ADMISSIONS,
            data.AdmissionRequested,
            "the uid of the request at admission",
            "Somebody asked to create, change or delete an object, and admission let it through. It is an "
            "attempt: a later refusal (a quota, a conflict) is not seen here, and what was done is told by "
            "the other events.",
        ),
        EventType(
            ADMISSION_GAP,
            TOPIC_TASK_ADMISSIONS,
            data.AdmissionGap,
            "the moment from which attempts are missing",
            "Attempts that could not be recorded: who changed something in this time is known by the stamp "
            "`todotasks.dev/last-actor` only, and who deleted something is not.",
        ),
    )
}
