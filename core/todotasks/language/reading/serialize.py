"""A reading as the JSON object of `todotasks parse --jsonl`: plain values, dates as RFC 3339."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from todotasks.language.reading.describe import describe
from todotasks.language.reading.model import (
    Filter,
    Interval,
    Moment,
    Reading,
    Reminder,
)


def moment(value: Moment | None) -> str | None:
    """2026-03-06, or 2026-03-06T15:00:00+01:00, in UTC with a Z."""
    if value is None:
        return None
    text = value.isoformat() if not isinstance(value, datetime) else value.replace(microsecond=0).isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def interval(value: Interval | None) -> dict[str, str | None] | None:
    return None if value is None else {"start": moment(value.start), "end": moment(value.end)}


def _filter(value: Filter | None) -> dict[str, Any] | None:
    if value is None:
        return None
    names = {
        "text": value.text,
        "completed": value.completed,
        "overdue": value.overdue,
        "priority": value.priority,
        "tags": list(value.tags),
        "anyTag": value.any_tag,
        "project": value.project,
        "assignee": value.assignee,
        "due": interval(value.due),
        "hasDue": value.has_due,
        "recurring": value.recurring,
        "all": value.everything,
    }
    return {
        name: said
        for name, said in names.items()
        if said not in (None, [], False) or (said is False and name not in {"all", "anyTag"})
    }


def _reminder(reminder: Reminder) -> dict[str, Any]:
    out: dict[str, Any] = {"before": reminder.before} if reminder.before else {"at": moment(reminder.at)}
    said = {"repeatEvery": reminder.repeat_every, "maxRepeats": reminder.max_repeats, "of": reminder.of}
    return out | {name: value for name, value in said.items() if value is not None}


def as_object(reading: Reading) -> dict[str, Any]:
    """Every field of the contract, empty ones too, so that a consumer needs no defaults."""
    recurrence = reading.recurrence
    out: dict[str, Any] = {
        "intent": reading.intent,
        "action": reading.action,
        "title": reading.title,
        "due": moment(reading.due),
        "clearDue": reading.clear_due,
        "interval": interval(reading.interval),
        "duration": reading.duration,
        "rrule": recurrence.rrule if recurrence else None,
        "start": moment(recurrence.start) if recurrence else None,
        "basis": recurrence.basis if recurrence else None,
        "except": [day.isoformat() for day in recurrence.exceptions] if recurrence else [],
        "occurrences": reading.occurrences,
        "resume": reading.resume,
        "priority": reading.priority,
        "priorityStep": reading.priority_step,
        "tags": list(reading.tags),
        "removeTags": list(reading.remove_tags),
        "project": reading.project,
        "assignee": reading.assignee,
        "clearAssignee": reading.clear_assignee,
        "clearReminders": reading.clear_reminders,
        "parent": reading.parent,
        "dependsOn": reading.depends_on,
        "clearDepends": reading.clear_depends,
        "notes": reading.notes,
        "reminders": [_reminder(reminder) for reminder in reading.reminders],
        "leadTime": reading.lead_time,
        "target": reading.target,
        "reference": reading.reference,
        "ordinals": list(reading.ordinals),
        "shift": reading.shift,
        "count": reading.count,
        "filter": _filter(reading.filter),
        "language": reading.language,
        "spans": [asdict(span) for span in reading.spans],
        "remarks": list(reading.remarks),
        "reading": describe(reading),
    }
    if reading.more:
        out["commands"] = [as_object(each) for each in reading.commands if each is not reading]
    return out
