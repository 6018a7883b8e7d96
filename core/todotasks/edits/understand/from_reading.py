"""Readings of words as commands: what the grammar understood, in the terms of the API.

Reading.due 2026-03-05T17:00+01:00 ─▶ 2026-03-05T17:00 (the person's zone goes with the message)
Reading.filter.due, a closed day   ─▶ a range whose end is not included
"remind me …"                      ─▶ a reminder when it is due, where none is said
Reading.time_only                  ─▶ T15:00, which keeps the day
"""

import re
from datetime import date, datetime, timedelta
from functools import partial

from msgspec.structs import replace

from todotasks import language
from todotasks.api import TaskReminder
from todotasks.edits.model import command as c
from todotasks.edits.model.times import Moment, written
from todotasks.language import Filter as ReadFilter
from todotasks.language import Interval, Reading

_ISO = re.compile(
    r"(?P<sign>-?)P(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
WHEN_DUE = TaskReminder(before="0s")


def commands_of(reading: Reading, *, zone: str) -> tuple[c.Command, ...]:
    """What each command of the message asks for. `zone` is the person's, an IANA name."""
    return tuple(_command(one, zone) for one in reading.commands)


def remarks_of(reading: Reading) -> tuple[str, ...]:
    """What was guessed or cannot be kept."""
    out: list[str] = []
    for one in reading.commands:
        out += one.remarks
        if one.duration is not None and one.intent == "create":
            out.append("how long it takes is not kept: a task has no field for it")
        if one.action == "remind" and one.title and one.due is None and not one.reminders:
            out.append("no time was said, so nothing will remind of it")
    return tuple(dict.fromkeys(out))


def _command(r: Reading, zone: str) -> c.Command:  # noqa: PLR0912 - one case an action
    due = partial(_due_text, zone=zone)
    match r.action:
        case "create" | "recurrence-create":
            return _created(r, zone)
        case "remind":
            return _created(r, zone) if r.title else _reminded(r, zone)
        case "complete":
            return c.Complete(_target(r, zone))
        case "reopen":
            return c.Reopen(_target(r, zone))
        case "delete":
            if r.clear_reminders:
                return c.Update(_target(r, zone), c.Changes(clear=("reminders",)))
            return c.Delete(_target(r, zone), scope=_scope(r))
        case "update" | "reschedule":
            return c.Update(_target(r, zone), _changes(r, zone), scope=_scope(r))
        case "snooze":
            until = _clock_alone(r) or (due(r.due) if r.due is not None else None)
            by = shift_of(r.shift)
            return c.Snooze(_target(r, zone), until=None if by else until, by=by)
        case "recurrence-stop":
            if r.clear_reminders:  # "stop reminding me of it": it may go on coming back
                return c.Update(_target(r, zone), c.Changes(clear=("reminders",)))
            until = due(_day(r.due)) if r.due is not None and not r.resume else None
            return c.StopRule(_target(r, zone), resume=r.resume, until=until)
        case "recurrence-skip":
            on = due(_day(r.due)) if r.due is not None else None
            return c.SkipOccurrence(_target(r, zone), on=on, count=max(1, min(r.count or 1, 50)))
        case "recurrence-change":
            return c.ChangeRule(_target(r, zone), _schedule(r, zone)) if r.recurrence else c.NotOurs()
        case "list" | "search":
            return c.ListTasks(filter=_searched(r, zone), sort=_sort(r.filter))
        case "show":
            return c.Blockers(_target(r, zone)) if r.asks_blockers else c.ShowTask(_target(r, zone))
        case "summary":
            return c.Summary(due=_range(r.filter.due, zone) if r.filter and r.filter.due else None)
        case "undo":
            return c.Undo(max(1, min(r.count or 1, 20)))
        case "help":
            return c.Help()
        case _:
            return c.NotOurs()


# --- new ones ------------------------------------------------------------------------------------------


def _created(r: Reading, zone: str) -> c.Command:
    if not r.title:
        return c.NotOurs()
    reminders = _reminders(r, zone)
    recurs = r.recurrence is not None
    said = r.action == "remind" or r.asks_reminder
    relative = _relative(r)
    if not reminders and said and (r.due is not None or recurs or relative is not None):
        reminders = (WHEN_DUE,)
    if r.due is None and not recurs and relative is None:
        reminders = tuple(reminder for reminder in reminders if reminder.at is not None)
    elsewhere = _zone_of(r.due)
    task = c.TaskFields(
        title=r.title[:512],
        notes=r.notes,
        priority=r.priority,  # type: ignore[arg-type]
        tags=r.tags[:32],
        due=None if r.due is None or recurs else _due_text(r.due, zone=elsewhere or zone),
        time_zone=elsewhere if elsewhere != zone and not recurs else None,
        project=r.project,
        assignee=r.assignee,
        parent=c.Target(title=r.parent) if r.parent else None,
        reminders=reminders,
        relative=relative,
    )
    if r.recurrence is not None:
        return c.CreateRule(task, _schedule(r, zone), lead_time=r.lead_time)
    return c.CreateTask(task)


def _reminded(r: Reading, zone: str) -> c.Command:
    """Of a task that is there: at the times that were said."""
    reminders = _reminders(r, zone)
    if not reminders and r.due is not None:
        reminders = (TaskReminder(at=_due_text(r.due, zone=zone)),)
    return c.Remind(_target(r, zone), reminders or (WHEN_DUE,))


def _reminders(r: Reading, zone: str) -> tuple[TaskReminder, ...]:
    """One at the very due time moves along with it."""
    out = []
    for reminder in r.reminders[:16]:
        every, most = reminder.repeat_every, reminder.max_repeats
        if reminder.of is not None:
            continue  # the task is due then, see `_relative`
        if reminder.before is not None:
            out.append(TaskReminder(before=reminder.before, repeat_every=every, max_repeats=most))
        elif reminder.at is not None:
            is_due = reminder.at == r.due and r.title is not None and r.recurrence is None
            before, at = ("0s", None) if is_due else (None, _due_text(reminder.at, zone=zone))
            out.append(TaskReminder(before=before, at=at, repeat_every=every, max_repeats=most))
    return tuple(dict.fromkeys(out))


def _relative(r: Reading) -> c.Relative | None:
    """ "15 minutes before the meeting": when it is due itself."""
    if r.due is not None or r.recurrence is not None:
        return None
    found = next((each for each in r.reminders if each.of is not None and each.before is not None), None)
    return c.Relative(c.Target(title=(found.of or "")[:512]), f"-{found.before}") if found else None


def _schedule(r: Reading, zone: str) -> c.ScheduleFields:
    recurrence = r.recurrence
    assert recurrence is not None, "asked for only where one was said"
    return c.ScheduleFields(
        rrule=recurrence.rrule,
        start=_due_text(recurrence.start, zone=zone) if recurrence.start is not None else None,
        except_=tuple(day.isoformat() for day in recurrence.exceptions),
        basis="Completion" if recurrence.basis == "Completion" else "Schedule",
    )


# --- changes -------------------------------------------------------------------------------------------


def _changes(r: Reading, zone: str) -> c.Changes:
    clear: list[c.Clearable] = []
    if r.clear_due:
        clear.append("due")
    if r.clear_assignee:
        clear.append("assignee")
    if r.clear_depends and r.depends_on == "*":
        clear.append("dependsOn")
    shift = shift_of(r.shift)
    moves = r.due is not None and not r.clear_due and shift is None
    due = (_clock_alone(r) or _due_text(r.due, zone=zone)) if moves and r.due is not None else None
    # "all tasks tagged #work": the tag says which, and is not to be added.
    which = r.filter if r.filter is not None and not (r.target or r.ordinals or r.reference) else ReadFilter()
    return c.Changes(
        title=r.title[:512] if r.title else None,
        add_notes=r.notes,
        priority=_beyond(r.priority, which.priority),  # type: ignore[arg-type]
        priority_step=max(-1, min(r.priority_step, 1)),  # type: ignore[arg-type]
        add_tags=tuple(tag for tag in r.tags if tag not in which.tags)[:32],
        remove_tags=r.remove_tags[:32],
        due=due,
        all_day=r.all_day and due is not None,
        shift=shift if due is None and not r.clear_due else None,
        project=_beyond(r.project, which.project),
        assignee=_beyond(r.assignee, which.assignee),
        parent=c.Target(title=r.parent) if r.parent else None,
        depends_on=c.Target(title=r.depends_on[:512]) if r.depends_on and not r.clear_depends else None,
        independent_of=_independent_of(r),
        clear=tuple(clear),
    )


def _independent_of(r: Reading) -> c.Target | None:
    if not r.clear_depends or r.depends_on is None or r.depends_on == "*":
        return None
    return c.Target(title=r.depends_on[:512])


def _scope(r: Reading) -> c.Scope:
    """ "Just this one", "all of them"."""
    return r.occurrences if r.occurrences in {"this", "all"} else None  # type: ignore[return-value]


def _beyond(said: str | None, which: str | None) -> str | None:
    return None if said == which else said


def _clock_alone(r: Reading) -> str | None:
    """T15:00 where nothing but a time of day was said: the task stays on its day."""
    return f"T{r.due:%H:%M}" if r.time_only and isinstance(r.due, datetime) else None


def shift_of(iso: str | None) -> str | None:
    """P1M2D → 1mo2d, -PT2H → -2h; None for nothing, or what is no duration."""
    found = _ISO.fullmatch(iso) if iso else None
    if found is None:
        return None
    units = ("y", "mo", "w", "d", "h", "m", "s")
    parts = "".join(f"{int(found[unit])}{unit}" for unit in units if found[unit] and int(found[unit]))
    return f"{found['sign']}{parts}" if parts else None


# --- targets, filters ----------------------------------------------------------------------------------


def _target(r: Reading, zone: str) -> c.Target:
    """A number before "it", a filter before words; nothing said is what was last shown."""
    if r.names:
        return c.Target(names=r.names[: c.MOST_TARGETS])
    if r.ordinals:
        return c.Target(ordinals=r.ordinals[: c.MOST_TARGETS])
    if r.reference is not None:
        return c.Target(reference="them" if r.reference == "them" else "it")
    if r.target:
        return c.Target(title=r.target[:512])
    if r.filter is not None:
        which = filter_of(r.filter, zone)
        if which.everything and (r.clear_reminders or r.action not in {"delete", "reopen"}):
            which = c.Filter()  # what is completed is not moved along
        return c.Target(filter=which) if language.is_whole(r) else c.Target()
    return c.Target(reference="it")


def filter_of(read: ReadFilter | None, zone: str) -> c.Filter:
    """Which tasks a list or a bulk edit means."""
    if read is None:
        return c.Filter()
    return c.Filter(
        text=read.text,
        completed=read.completed,
        overdue=read.overdue,
        priority=read.priority,  # type: ignore[arg-type]
        tags=() if read.any_tag else read.tags[:32],
        any_tags=read.tags[:32] if read.any_tag else (),
        project=read.project,
        assignee=read.assignee,
        due=_range(read.due, zone) if read.due is not None else None,
        has_due=read.has_due,
        recurring=read.recurring,
        everything=read.everything,
    )


def _searched(r: Reading, zone: str) -> c.Filter:
    """ "find 12" looks for that text, as it was said (0042): nothing that was shown has to be found."""
    wanted = filter_of(r.filter, zone)
    if r.action == "search" and r.ordinals and wanted.text is None:
        spans = [span for span in r.spans if span.slot == "target"]
        said = " ".join(span.text for span in spans)
        # "find 1/2": what is looked for is no day as well.
        ours = {(span.start, span.end) for span in spans}
        is_day = any(span.slot == "due" and (span.start, span.end) in ours for span in r.spans)
        due = None if is_day else wanted.due
        return replace(wanted, text=said or " ".join(map(str, r.ordinals)), due=due)
    return wanted


def _range(interval: Interval, zone: str) -> c.Range:
    """A day or a moment said alone is a range of itself; a last day belongs to it."""
    start, end = interval.start, interval.end
    if interval.end_counts and end is not None and start != end:
        end = end + timedelta(days=1)
    if start is not None and start == end:
        step = timedelta(minutes=1) if isinstance(start, datetime) else timedelta(days=1)
        end = start + step
    return c.Range(
        _due_text(start, zone=zone) if start is not None else None,
        _due_text(end, zone=zone) if end is not None else None,
    )


def _sort(read: ReadFilter | None) -> c.Sort:
    return "completed" if read is not None and read.completed else "due"


# --- times ---------------------------------------------------------------------------------------------


def _due_text(moment: Moment, *, zone: str) -> str:
    return written(moment, zone)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _zone_of(moment: Moment | None) -> str | None:
    """The zone that was said with the time ("3pm London time")."""
    if not isinstance(moment, datetime):
        return None
    key = getattr(moment.tzinfo, "key", None)
    return str(key) if key else None
