"""How a phrase is understood, and when a recurrence falls: answers that ask nothing of the cluster."""

from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from todotasks.edits.model.command import ScheduleFields
from todotasks.language import Context, Reading, describe, parse
from todotasks.language.reading.model import Moment
from todotasks.language.reading.serialize import as_object, moment
from todotasks.recurrence import Rule, RuleSpec, next_after_completion, parse_rule, why_never
from todotasks.recurrence import explain as explain_rule
from todotasks.recurrence.requests import rfc3339
from todotasks.tools.arguments import ArgumentsError
from todotasks.tools.table import Explain

Document = dict[str, Any]


def explain(asked: Explain, now: datetime, zone: tzinfo, zone_name: str) -> tuple[str, Document]:
    """The text and the same as data. `now` is aware."""
    if (asked.text is None) == (asked.schedule is None):
        raise ArgumentsError("arguments: give exactly one of text and schedule")
    if asked.schedule is not None:
        found = _schedule(asked.schedule, now, zone_name, asked.count)
        return _told(found), found
    assert asked.text is not None
    readings = parse(asked.text, now, zone, Context()).commands
    texts, data = [], []
    for reading in readings:
        one = as_object(reading)
        texts.append(describe(reading))
        if reading.recurrence is not None:
            one["recurs"] = _schedule(_schedule_of(reading), now, zone_name, asked.count)
            texts.append(_told(one["recurs"]))
        data.append(one)
    return "\n".join(texts), {"readings": data}


def _schedule_of(reading: Reading) -> ScheduleFields:
    recurrence = reading.recurrence
    assert recurrence is not None
    return ScheduleFields(
        rrule=recurrence.rrule,
        start=_local(recurrence.start),
        basis="Completion" if recurrence.basis == "Completion" else "Schedule",
        except_=tuple(day.isoformat() for day in recurrence.exceptions),
    )


def _local(start: Moment | None) -> str | None:
    if isinstance(start, datetime):
        return start.replace(tzinfo=None, microsecond=0).isoformat()
    return moment(start)


def _schedule(schedule: ScheduleFields, now: datetime, zone_name: str, count: int) -> Document:
    rule = parse_rule(
        RuleSpec(
            rrule=schedule.rrule,
            cron=schedule.cron,
            simple=schedule.simple,
            start=schedule.start,
            until=schedule.until,
            count=schedule.count,
            except_=schedule.except_,
            time_zone=schedule.time_zone,
        ),
        default_zone=zone_name,
        anchor=None if schedule.cron is not None else now,
        path="schedule",
    )
    if not isinstance(rule, Rule):
        raise ArgumentsError("; ".join(f"{error.path}: {error.message}" for error in rule))
    completion = schedule.basis == "Completion"
    if completion:
        due = next_after_completion(rule, now)
        found = [] if due is None else [due]
    else:
        found = list(islice(rule.after(now), count))
    notes = [*rule.notes, *filter(None, [None if found else why_never(rule)])]
    told: Document = {
        "explain": explain_rule(rule, from_completion=completion),
        "next": [rfc3339(at) for at in found],
    }
    return {**told, "notes": notes} if notes else told


def _told(found: Document) -> str:
    return "\n".join([found["explain"], *(f"- {at}" for at in found["next"]), *found.get("notes", ())])
