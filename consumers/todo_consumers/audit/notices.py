"""Kubernetes Events for what `kubectl describe` should show: reminders that fired, deliveries, occurrences.

Pure: from an event of ours to a notice; `telling` writes it.

They are a convenience: the API server forgets them after an hour, and under load some are left out. The
record is the log.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from todotasks.events import types
from todotasks.events.envelope import CloudEvent

LONGEST_NOTE = 1_000  # characters; the API server takes 1,024


class Notice(NamedTuple):
    """One line of `kubectl describe`. `reason` with the object's uid is what repeats are counted under."""

    kind: str
    namespace: str
    name: str
    uid: str
    reason: str
    note: str
    warning: bool
    at: datetime


def notice_of(event: CloudEvent) -> Notice | None:
    """The notice of an event; None for what nobody needs to be shown there."""
    make = _NOTICES.get(event.type)
    if make is None:
        return None
    about, reason, note, warning = make(msgspec.json.decode(event.data))
    kind, thing = about
    meta = thing.get("metadata", thing)
    uid = meta.get("uid")
    if not uid:
        return None
    return Notice(
        kind,
        str(meta.get("namespace", "")),
        str(meta.get("name", "")),
        str(uid),
        reason,
        note[:LONGEST_NOTE],
        warning,
        event.time,
    )


_Made = tuple[tuple[str, dict[str, Any]], str, str, bool]


def _fired(data: dict[str, Any]) -> _Made:
    through = ", ".join(data.get("channels") or ()) or "no channel"
    late = ", late: nothing could fire it in time" if data.get("late") else ""
    note = f"The reminder {data['reminder']['name']} fired for {data['fireTime']}, through {through}{late}."
    return ("TodoTask", data["task"]), "ReminderFired", note, False


def _failed(data: dict[str, Any]) -> _Made:
    note = (
        f"The reminder {data['reminder']['name']} could not be delivered through {data['channel']} "
        f"after {data['attempts']} attempts: {data['error']}"
    )
    return ("TodoTask", data["task"]), "DeliveryFailed", note, True


def _made(data: dict[str, Any]) -> _Made:
    note = f"Made the task {data['task']['name']} for {data['scheduledTime']}."
    return ("RecurrenceRule", data["rule"]), "OccurrenceMade", note, False


def _skipped(data: dict[str, Any]) -> _Made:
    note = f"Left out {data['scheduledTime']}: {data['message']}"
    return ("RecurrenceRule", data["rule"]), "OccurrenceSkipped", note, False


def _missed(data: dict[str, Any]) -> _Made:
    return ("RecurrenceRule", data["rule"]), "OccurrencesMissed", str(data["message"]), True


def _exhausted(data: dict[str, Any]) -> _Made:
    note = f"No occurrence is left; it has made {data['occurrences']}."
    return ("RecurrenceRule", data["rule"]), "Exhausted", note, False


_NOTICES = {
    types.REMINDER_DUE: _fired,
    types.REMINDER_FAILED: _failed,
    types.RECURRENCE_SCHEDULED: _made,
    types.RECURRENCE_SKIPPED: _skipped,
    types.RECURRENCE_MISSED: _missed,
    types.RECURRENCE_EXHAUSTED: _exhausted,
}
