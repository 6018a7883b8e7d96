"""What happened, as structured CloudEvents 1.0: pure, no I/O, no clock.

`types` is the table of everything that can happen; `changes` makes events of two states of an object,
`emissions` those that time brings about; `envelope` is the wire format and the ids; `data` what a consumer
reads; `schemas/` the published contract, one JSON Schema a type. `python -m todotasks.events` writes the
schemas and docs/events.md anew.
"""

from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT
from todotasks.events.abridge import abridge
from todotasks.events.changes import (
    deletion_reason,
    reminder_events,
    rule_events,
    snapshot_id,
    task_events,
    task_rediscovered,
    task_snapshot,
    tombstone_id,
)
from todotasks.events.emissions import (
    encoded_state,
    occurrence_scheduled,
    occurrence_skipped,
    occurrences_missed,
    reminder_delivered,
    reminder_due,
    reminder_failed,
    rule_exhausted,
    task_overdue,
)
from todotasks.events.envelope import (
    CONTENT_TYPE,
    HEADERS,
    CloudEvent,
    EventError,
    decode,
    encode,
    event_id,
    sequence,
)
from todotasks.events.types import EVENT_TYPES, EventType

__all__ = [
    "ANNOTATION_LAST_ACTOR",
    "ANNOTATION_TRACEPARENT",
    "CONTENT_TYPE",
    "EVENT_TYPES",
    "HEADERS",
    "CloudEvent",
    "EventError",
    "EventType",
    "abridge",
    "decode",
    "deletion_reason",
    "encode",
    "encoded_state",
    "event_id",
    "occurrence_scheduled",
    "occurrence_skipped",
    "occurrences_missed",
    "reminder_delivered",
    "reminder_due",
    "reminder_events",
    "reminder_failed",
    "rule_events",
    "rule_exhausted",
    "sequence",
    "snapshot_id",
    "task_events",
    "task_overdue",
    "task_rediscovered",
    "task_snapshot",
    "tombstone_id",
]
