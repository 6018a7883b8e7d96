"""What people read: a `reminder.due` as subject, plain text and HTML.

The templates come with the program and never from users, because Jinja2's sandbox caps neither memory nor
time; users supply data only, and all of it is escaped.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import jinja2

from todo_consumers.notifier.templates.markup import LINK_SCHEMES, as_html, as_text
from todotasks.api import TodoTask
from todotasks.api.due import DueError, resolve_due
from todotasks.api.visible import lines, one_line
from todotasks.api.zones import ZoneError, load_zone
from todotasks.events import CloudEvent
from todotasks.events.data import ReminderDue

LATE = "This reminder comes late: nothing could send it when its time came."
SUBJECT_LIMIT = 150  # characters; phones show about forty

_OFFSET = re.compile(r"([Zz]|[+-]\d{2}:\d{2})$")


@dataclass(frozen=True, slots=True)
class Notification:
    """One reminder, ready to be sent by any channel."""

    event_id: str
    event: bytes  # the CloudEvent as it came, for channels that pass it on
    namespace: str
    reminder: str
    task: str
    subject: str
    text: str
    html: str
    urgent: bool
    fire_time: datetime
    told_at: datetime  # when the operator said that it was due
    task_uid: str = ""
    reminder_uid: str = ""
    title: str = ""
    values: dict[str, Any] = field(
        default_factory=dict
    )  # of the templates, for a channel that has its own links

    def worded(self, links: "Links") -> "Notification":
        """The same with links in it."""
        values = {**self.values, "open_url": links.open, "done_url": links.done, "snooze_url": links.snooze}
        return replace(self, text=_text(values), html=_html(values))


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the web page; None where there is none."""

    open: str | None = None
    done: str | None = None
    snooze: str | None = None


def read_notification(event: CloudEvent, raw: bytes) -> Notification:
    """Raises EventError where the data is not that of a `reminder.due`."""
    due = event.read(ReminderDue)
    task = due.task
    title = one_line(task.spec.title).strip() or task.metadata.name
    notes = lines(task.spec.notes or "")
    prefix = ("Again: " if due.repeat else "") + ("Late: " if due.late else "")
    values: dict[str, Any] = {
        "title": title,
        "message": lines(due.message) if due.message else None,
        "due": due_in_words(task, due.time_zone),
        "late_note": LATE if due.late else "",
        "repeat": due.repeat,
        "priority": task.spec.priority,
        "project": task.spec.project,
        "assignee": task.spec.assignee,
        "tags": task.spec.tags or (),
        "notes": as_text(notes) if notes else None,
        "notes_html": as_html(notes) if notes else None,
        "links": [link for link in task.spec.links or () if link.url.startswith(LINK_SCHEMES)],
        "namespace": due.reminder.namespace,
        "task": task.metadata.name,
        "open_url": None,
        "done_url": None,
        "snooze_url": None,
        "done": f"kubectl patch todotask {task.metadata.name} -n {due.reminder.namespace} "
        '--type merge -p \'{"spec":{"completed":true}}\'',
    }
    return Notification(
        event_id=event.id,
        event=raw,
        namespace=due.reminder.namespace,
        reminder=due.reminder.name,
        task=task.metadata.name,
        subject=(prefix + title)[:SUBJECT_LIMIT],
        text=_text(values),
        html=_html(values),
        urgent=task.spec.priority == "Urgent",
        fire_time=due.fire_time,
        told_at=event.time,
        task_uid=task.metadata.uid,
        reminder_uid=due.reminder.uid or "",
        title=title,
        values=values,
    )


def _text(values: dict[str, Any]) -> str:
    return _template("reminder.txt.j2").render(values).strip() + "\n"


def _html(values: dict[str, Any]) -> str:
    return _template("reminder.html.j2").render(values)


def due_in_words(task: TodoTask, time_zone: str | None) -> str | None:
    """`Tuesday, 24 November 2026, 19:00 (Europe/Berlin)`; a date alone for an all-day task.

    `time_zone` is the one in which the task's times are meant, as the event says. An event of an older
    operator does not: then a wall-clock time is shown as it was written.
    """
    if task.spec.due is None:
        return None
    try:
        due = resolve_due(task.spec.due, task.spec.time_zone, time_zone)
        local = due.instant.astimezone(load_zone(due.zone))
    except (DueError, ZoneError):
        return task.spec.due
    day = f"{local:%A}, {local.day} {local:%B %Y}"
    if due.all_day:
        return f"{day}, all day"
    is_assumed = not (task.spec.time_zone or time_zone or _OFFSET.search(task.spec.due))
    return f"{day}, {local:%H:%M}" + ("" if is_assumed else f" ({due.zone})")


@cache
def _template(name: str) -> jinja2.Template:
    return _environment(name.endswith(".html.j2")).get_template(name)


@cache
def _environment(escaped: bool) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("todo_consumers.notifier"),
        autoescape=escaped,  # noqa: S701 plain text is not HTML; the other one escapes
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
