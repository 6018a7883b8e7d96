"""A reading in words: what was understood, with dates in full and the zone, so that a person can object."""

from datetime import date, datetime

from todotasks.api.visible import one_line
from todotasks.language.reading.model import Interval, Moment, Reading, Reminder

_DO = {
    "create": "Create", "remind": "Remind", "recurrence-create": "Create recurring",
    "complete": "Complete", "reopen": "Reopen", "reschedule": "Reschedule", "update": "Change",
    "delete": "Delete", "snooze": "Snooze", "recurrence-stop": "Stop repeating", "recurrence-skip": "Skip",
    "recurrence-change": "Repeat", "list": "List", "search": "Search", "show": "Show", "summary": "Summary",
    "undo": "Undo the last change", "help": "Help", "none": "Not a task command",
}  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_EDITS = frozenset({"delete", "complete", "update", "reopen"})


def date_in_full(moment: Moment) -> str:
    """Friday, 6 March 2026 at 15:00 (Europe/Berlin)"""
    day = f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if not isinstance(moment, datetime):
        return day + " (all day)"
    seconds = f":{moment.second:02d}" if moment.second else ""
    zone = getattr(moment.tzinfo, "key", None) or moment.tzname() or ""
    return f"{day} at {moment:%H:%M}{seconds}" + (f" ({zone})" if zone else "")


def _interval(interval: Interval) -> str:
    if interval.start is None and interval.end is not None:
        return "until " + date_in_full(interval.end)
    if interval.end is None and interval.start is not None:
        return "from " + date_in_full(interval.start)
    if interval.start == interval.end and interval.start is not None:
        return "on " + date_in_full(interval.start)
    assert interval.start is not None
    assert interval.end is not None
    return f"from {date_in_full(interval.start)} to {date_in_full(interval.end)}"


def _object(reading: Reading) -> str:
    if reading.ordinals:
        return " " + ", ".join(
            "the last one" if n == -1 else f"number {n}" if n > 0 else f"number {-n} from the end"
            for n in reading.ordinals
        )
    if reading.target:
        return f" “{reading.target}”"
    if reading.filter and reading.intent in _EDITS:
        return f" every task ({'; '.join(_filter(reading))})"
    if reading.reference:
        return " what was last shown" if reading.reference == "it" else " all that was last shown"
    return ""


def describe(reading: Reading) -> str:
    """What was understood, as one line that can be printed: `Create “pay rent”: due Friday, 6 March 2026
    (all day).`"""
    parts = ["Repeat again" if reading.resume else _DO[reading.action]]
    if reading.clear_reminders:
        parts[0] += " the reminders of"
    if reading.title and reading.intent == "create":
        parts[0] += f" “{reading.title}”"
    else:
        parts[0] += _object(reading)
    details = list(_details(reading))
    if reading.count is not None:
        parts[0] = f"Undo the last {reading.count} changes"
    text = parts[0] + (": " + "; ".join(details) if details else "")
    if reading.remarks:
        text += ". Note: " + "; ".join(reading.remarks)
    return one_line(text) + "."


def _details(reading: Reading) -> list[str]:
    out = []
    if reading.title and reading.intent == "update":
        out.append(f"new title “{reading.title}”")
    if reading.recurrence:
        out.append(
            "repeats "
            + reading.recurrence.rrule
            + (" after completion" if reading.recurrence.basis == "Completion" else "")
        )
        if reading.recurrence.start:
            out.append("starting " + date_in_full(reading.recurrence.start))
        if reading.recurrence.exceptions:
            out.append("except on " + ", ".join(day.isoformat() for day in reading.recurrence.exceptions))
    which = reading.filter is not None and reading.intent in _EDITS
    if reading.due is not None and reading.intent != "list" and not (which and reading.intent != "update"):
        out.append("due " + date_in_full(reading.due))
    if (
        reading.interval is not None
        and reading.interval.start != reading.interval.end
        and reading.intent in {"create", "update"}
    ):
        out.append(_interval(reading.interval))
    if reading.clear_due:
        out.append("no due date")
    if reading.shift:
        out.append("by " + reading.shift)
    if reading.duration:
        out.append("takes " + reading.duration)
    if reading.priority_step:
        out.append("priority one step " + ("up" if reading.priority_step > 0 else "down"))
    if reading.priority:
        out.append("priority " + reading.priority)
    if reading.tags:
        out.append("tags " + ", ".join(reading.tags))
    if reading.remove_tags:
        out.append("without tags " + ", ".join(reading.remove_tags))
    for name, value in (
        ("project", reading.project),
        ("assignee", reading.assignee),
        ("parent", reading.parent),
        ("no longer depends on" if reading.clear_depends else "depends on", reading.depends_on),
        ("notes", reading.notes),
    ):
        if value:
            out.append(f"{name} {value}")
    if reading.clear_assignee:
        out.append("no assignee")
    out.extend(_reminder(reminder) for reminder in reading.reminders)
    if reading.filter is not None and not which:
        out.extend(_filter(reading))
    return out


def _reminder(reminder: Reminder) -> str:
    before = "when it is due" if reminder.before == "0m" else f"{reminder.before} before"
    text = f"reminder {before}" if reminder.before else "reminder " + date_in_full(reminder.at or date.min)
    if reminder.of:
        text += f" “{reminder.of}”"
    if reminder.repeat_every:
        times = f", at most {reminder.max_repeats} times" if reminder.max_repeats else ""
        text += f", again every {reminder.repeat_every} until it is done{times}"
    return text


def _filter(reading: Reading) -> list[str]:
    f = reading.filter
    assert f is not None
    out = []
    if f.text:
        out.append(f"about “{f.text}”")
    for said, yes, no in (
        (f.completed, "completed", "open"),
        (f.overdue, "overdue", "not overdue"),
        (f.recurring, "recurring", "not recurring"),
    ):
        if said is not None:
            out.append(yes if said else no)
    if f.has_due is False:
        out.append("without a due date")
    if f.due is not None:
        out.append(_interval(f.due))
    for name, value in (
        ("priority", f.priority),
        ("project", f.project),
        ("assignee", f.assignee),
        ("tags", (" or " if f.any_tag else ", ").join(f.tags)),
    ):
        if value:
            out.append(f"{name} {value}")
    if f.everything:
        out.append("all of them")
    return out
