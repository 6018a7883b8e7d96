"""`POST /v1/preview`: when a rule, or a reminder, would come next. What an editor shows before it saves.

Nothing is looked at and nothing is done, so it costs the API server nothing. What is half typed is no fault
of the request: the answer is 200 and says what is wrong, field by field.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.chat import DayOrder, Language, Zone
from chat_gateway.base.problems import FieldProblem, Refused, json_response
from chat_gateway.http.decode import json_body
from chat_gateway.http.routes import Route
from todotasks.api import SimpleSchedule, TaskReminder
from todotasks.api.all_day import counted_from
from todotasks.api.due import DueError, resolve_due
from todotasks.api.durations import DurationError, parse_calendar_duration
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.command import CronText, Due, Except, RRuleText
from todotasks.language import Context, parse
from todotasks.language.reading.serialize import as_object
from todotasks.recurrence import Rule, RuleSpec, explain, parse_rule

MOST = 20  # times
LONGEST_WORDS = 500  # characters


class Schedule(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """As a RecurrenceRule has it; exactly one of `rrule`, `cron`, `simple`."""

    rrule: RRuleText | None = None
    cron: CronText | None = None
    simple: SimpleSchedule | None = None
    start: Due | None = None
    until: Due | None = None
    count: int | None = None
    except_: Except | None = msgspec.field(default=None, name="except")
    time_zone: str | None = None
    basis: str = "Schedule"


class PreviewReminder(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A reminder of a task that is due then."""

    reminder: TaskReminder
    due: Annotated[str, Meta(max_length=64)] | None = None


class PreviewRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Exactly one of `words` ("every second tuesday at 9"), `schedule` and `reminder`."""

    words: Annotated[str, Meta(max_length=LONGEST_WORDS)] | None = None
    schedule: Schedule | None = None
    reminder: PreviewReminder | None = None
    time_zone: Zone | None = None
    language: Language = "auto"
    day_order: DayOrder = ""
    count: Annotated[int, Meta(ge=1, le=MOST)] = 5


class PreviewReply(msgspec.Struct, frozen=True, rename="camel"):
    """`times` are RFC 3339: dates where tasks are due all day, else instants in UTC, to be shown in
    `timeZone`. `schedule` is what the words came to; null where they say no schedule."""

    reading: str
    times: tuple[str, ...]
    all_day: bool
    time_zone: str
    problems: tuple[FieldProblem, ...] = ()
    schedule: Schedule | None = None


async def preview(request: web.Request) -> web.Response:
    """In a thread: whoever asks for the times of an odd schedule must not keep everybody else waiting."""
    body = await json_body(request, PreviewRequest)
    return json_response(await asyncio.to_thread(previewed, body, datetime.now(UTC)))


def previewed(body: PreviewRequest, now: datetime) -> PreviewReply:
    if [body.words, body.schedule, body.reminder].count(None) != 2:
        raise Refused(422, "Invalid", "Give exactly one of words, schedule and reminder.")
    zone = body.time_zone or "UTC"
    if body.reminder is not None:
        return of_reminder(body.reminder, zone, now, body.count)
    schedule = body.schedule
    if schedule is None:
        schedule = of_words(body.words or "", zone, now, Context(body.language, day_order=body.day_order))
        if schedule is None:
            return PreviewReply("", (), False, zone)
    said = body.words is not None
    return of_schedule(schedule, zone, now, body.count, said=said, language=body.language)


def of_words(words: str, zone: str, now: datetime, context: Context) -> Schedule | None:
    """The schedule that words name; None where they name none."""
    try:
        where = load_zone(zone)
    except ZoneError as error:
        raise Refused(422, "Invalid", str(error), errors=(FieldProblem("timeZone", str(error)),)) from error
    # A recurrence is read as that of something; the word stands for it.
    commands = parse(f"stretch {words}", now, where, context).commands
    read = as_object(commands[0]) if len(commands) == 1 else {}
    if not read.get("rrule"):
        return None
    basis = "Completion" if read.get("basis") == "Completion" else "Schedule"
    return Schedule(rrule=read["rrule"], start=read.get("start"), basis=basis)


def of_schedule(
    schedule: Schedule, zone: str, now: datetime, count: int, *, said: bool, language: str = "auto"
) -> PreviewReply:
    """`said`: the schedule is told too, because it was words."""
    told = schedule if said else None
    spec = RuleSpec(
        rrule=schedule.rrule,
        cron=schedule.cron,
        simple=schedule.simple,
        start=schedule.start,
        until=schedule.until,
        count=schedule.count,
        except_=schedule.except_ or (),
        time_zone=schedule.time_zone,
    )
    try:
        read = parse_rule(spec, default_zone=zone, anchor=now, made=now)
    except ZoneError as error:
        return PreviewReply("", (), False, zone, (FieldProblem("timeZone", str(error)),))
    if not isinstance(read, Rule):
        problems = tuple(FieldProblem(error.path, error.message) for error in read)
        return PreviewReply("", (), False, zone, problems, told)
    shown_in = "UTC" if read.clock.zone is UTC else str(read.clock.zone)
    begin = now
    if read.all_day:  # of an all-day one today is not over
        begin = now.astimezone(read.clock.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    times: list[str] = []
    at = read.next_after(begin, inclusive=True)
    while at is not None and len(times) < count:
        times.append(_written(at.astimezone(read.clock.zone).date() if read.all_day else at))
        at = read.next_after(at)
    reading = explain(read, from_completion=schedule.basis == "Completion", language=language)
    return PreviewReply(reading, tuple(times), read.all_day, shown_in, (), told)


def of_reminder(asked: PreviewReminder, zone: str, now: datetime, count: int) -> PreviewReply:
    """When it would fire, from now on."""
    reminder = asked.reminder
    try:
        where = load_zone(zone)
        if reminder.at is not None:
            first = resolve_due(reminder.at, None, zone).instant
        elif asked.due is None:
            return PreviewReply("", (), False, zone, (FieldProblem("due", "the task has no due date"),))
        else:
            due = resolve_due(asked.due, None, zone)
            first = parse_calendar_duration(reminder.before or "").before(counted_from(due), where)
        every = parse_calendar_duration(reminder.repeat_every) if reminder.repeat_every else None
    except DueError as error:
        path = "due" if reminder.at is None else "reminder.at"
        return PreviewReply("", (), False, zone, (FieldProblem(path, error.message),))
    except ZoneError as error:
        return PreviewReply("", (), False, zone, (FieldProblem("timeZone", str(error)),))
    except (DurationError, OverflowError) as error:
        return PreviewReply("", (), False, zone, (FieldProblem("reminder", str(error)),))
    if every is not None and every.about < timedelta(minutes=1):
        return PreviewReply("", (), False, zone, (FieldProblem("reminder.repeatEvery", "at least 1m"),))
    if every is None:
        return PreviewReply("", (_written(first),) if first >= now else (), False, zone)
    # Two before the one that is next by 24 hours a day: days of the calendar may be longer.
    number = max(0, (now - first) // every.about - 2)
    times: list[str] = []
    with suppress(OverflowError):  # the end of the calendar
        while len(times) < count and (reminder.max_repeats is None or number <= reminder.max_repeats):
            at = every.after(first, where, number)
            if at >= now:
                times.append(_written(at))
            number += 1
    return PreviewReply("", tuple(times), False, zone)


def _written(at: datetime | date) -> str:
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return at.isoformat()


ROUTES = (
    Route(
        method="POST",
        path="/v1/preview",
        holds="schedules",
        handler=preview,
        tag="chat",
        summary="When a rule or a reminder would come next",
        description="The reading in words and the next times, of a schedule as a RecurrenceRule has it, of "
        "words, or of a reminder of a task. Nothing is done. What is wrong is said in `problems`.",
        body=PreviewRequest,
        answer=PreviewReply,
    ),
)
