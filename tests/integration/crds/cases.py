"""Objects that the API server must accept, and objects that it must refuse with exactly these words.

A case is the smallest valid object of its kind with one thing changed. `refused` is the whole answer:
each field with its message, nothing more. What many fields have in common (names, moments, durations)
stands once, in `SHAPES`, and is tried on each of those fields.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from todotasks.kube import resources

Spec = dict[str, Any]


class Case(NamedTuple):
    """`about` says what is special; `refused` maps field to message, empty for what is accepted."""

    kind: str
    about: str
    spec: Spec
    refused: tuple[tuple[str, str], ...] = ()
    name: str = "pay-rent"

    @property
    def label(self) -> str:
        return f"{self.kind}: {self.about}"


def task(**fields: Any) -> Spec:
    return {"title": "Pay the rent", **fields}


def rule(**fields: Any) -> Spec:
    """A rule; without a schedule of its own it has a cron one."""
    schedule = {} if fields.keys() & {"cron", "rrule", "simple"} else {"cron": "0 9 * * 1-5"}
    return {"template": {"spec": task()}, **schedule, **fields}


def simple(**fields: Any) -> Spec:
    return rule(simple={"frequency": "Monthly", **fields})


def template(metadata: Spec | None = None, subtasks: list[Spec] | None = None, **fields: Any) -> Spec:
    made: Spec = {"spec": task(**fields)}
    if metadata is not None:
        made["metadata"] = metadata
    if subtasks is not None:
        made["subtasks"] = subtasks
    return rule(template=made)


def reminder(**fields: Any) -> Spec:
    moment = {} if fields.keys() & {"at", "beforeDue"} else {"beforeDue": "1h"}
    return {"taskRef": {"name": "pay-rent"}, **moment, **fields}


def channel(**fields: Any) -> Spec:
    target = {} if fields.keys() & {"email", "webhook", "apprise"} else {"email": {"to": ["ana@example.com"]}}
    return {**target, **fields}


SMALLEST: dict[str, Spec] = {
    "NotificationChannel": channel(),
    "RecurrenceRule": rule(),
    "Reminder": reminder(),
    "TodoTask": task(),
}
RESOURCES = {
    "NotificationChannel": resources.NOTIFICATIONCHANNELS,
    "RecurrenceRule": resources.RECURRENCERULES,
    "Reminder": resources.REMINDERS,
    "TodoTask": resources.TODOTASKS,
}


def invalid(message: str, value: str | int | None = None) -> str:
    """A rule's message as the API server prints it: with the value of a field, without that of an object."""
    if value is None:
        return f"Invalid value: {message}"
    return (
        f'Invalid value: "{value}": {message}'
        if isinstance(value, str)
        else f"Invalid value: {value}: {message}"
    )


# ── what many fields have in common ──────────────────────────────────────────────────────────────────
NAME = 'must be the name of an object, made of lower-case letters, digits, "-" and "."'
MOMENT = (
    "give a date such as 2026-11-21, a date-time with offset such as 2026-11-21T17:00:00+01:00, or a local"
    " date-time such as 2026-11-21T17:00"
)
INSTANT = (
    "give a date-time with offset such as 2026-11-21T17:00:00+01:00, or a local date-time such as"
    " 2026-11-21T17:00"
)
NO_DAY = "there is no such day in the calendar of the years 1900 to 2999"
NO_TIME = "there is no such time of day; hours go from 00 to 23, minutes and seconds to 59, offsets to 14:59"
DURATION = "give a duration such as 30m, 2h, 1d or 1w2d12h (units w, d, h, m, s in this order)"
ZONE = "give the IANA name of a time zone, such as Europe/Berlin or UTC"
ONE_LINE = "must be one line without control characters or characters that turn the text around"
TITLE = ONE_LINE
TEXT = "must not contain control characters other than tabs and line breaks"
BLANK = "say what is to be done, not only spaces"
LINK = (
    "give an address that begins with https://, http:// or mailto:, without spaces and without a user or"
    " password before the host"
)
TAG = 'a tag is one word, without spaces, commas and a "#" in front'
MAIL = "give a plain mail address such as ana@example.com, without a name, spaces or line breaks"


class Shape(NamedTuple):
    accepted: tuple[str, ...]
    refused: Mapping[str, tuple[str, ...]]  # value to the messages it gets


def all_with(message: str, *values: str) -> Mapping[str, tuple[str, ...]]:
    return dict.fromkeys(values, (message,))


SHAPES: dict[str, Shape] = {
    "name": Shape(
        accepted=("a", "move-house", "pay.rent", "0", "a" * 253),
        refused=all_with(NAME, "Pay", "pay rent", "-pay", "pay-", "pay..rent", "pay_rent", "pay/rent", "é"),
    ),
    "moment": Shape(
        accepted=(
            "2026-11-21",
            "2028-02-29",
            "1900-01-01",
            "2999-12-31",
            "2026-11-21T17:00",
            "2026-11-21T17:00:00",
            "2026-11-21T17:00:00.123456789",
            "2026-11-21T23:59:59Z",
            "2026-11-21T17:00+01:00",
            "2026-11-21T17:00:00+01:00",
            "2026-11-21T00:00:00-11:30",
            "2026-11-21T00:00:00+14:00",
        ),
        refused={
            "tomorrow": (MOMENT,),
            "": (MOMENT,),
            "21.11.2026": (MOMENT,),
            "2026-11-21 17:00": (MOMENT,),
            "2026-11-21T17": (MOMENT,),
            "2026-11-21t17:00z": (MOMENT,),
            "2026-1-1": (MOMENT,),
            "2026-11-21T9:00": (MOMENT,),
            "2026-11-21Z": (MOMENT,),
            "2026-02-30": (NO_DAY,),
            "2027-02-29": (NO_DAY,),
            "2100-02-29T09:00": (NO_DAY,),
            "2026-13-01": (NO_DAY,),
            "2026-00-01": (NO_DAY,),
            "0226-01-01": (NO_DAY,),
            "2026-11-21T24:00": (NO_TIME,),
            "2026-11-21T09:60": (NO_TIME,),
            "2026-11-21T09:00:60": (NO_TIME,),
            "2026-11-21T09:00:00+15:00": (NO_TIME,),
            "2026-02-30T25:00": (NO_DAY, NO_TIME),
        },
    ),
    "instant": Shape(
        accepted=("2026-11-21T17:00", "2026-11-21T17:00:00+01:00", "2026-11-21T17:00Z"),
        refused={
            "2026-11-21": (INSTANT,),
            "in an hour": (INSTANT,),
            "2026-04-31T09:00": (NO_DAY,),
            "2026-04-30T09:61": (NO_TIME,),
        },
    ),
    "duration": Shape(
        accepted=("30m", "2h", "1d", "1w", "90s", "1w2d12h30m15s", "9999w"),
        refused=all_with(
            DURATION, "1 day", "P1D", "1.5h", "30M", "-1h", "1h1d", "1h1h", "30", "1mo", "12345w", "tomorrow"
        ),
    ),
    "zone": Shape(
        accepted=("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"),
        refused=all_with(ZONE, "Europe/", "/etc/passwd", "../UTC", "+01:00", "Europe Berlin", "a/b/c/d"),
    ),
    "line": Shape(
        accepted=("a", "Home improvement", "größer, höher & weiter", "🪴"),
        refused={
            "two\nlines": (ONE_LINE,),
            "a\ttab": (ONE_LINE,),
            "red \x1b[31m": (ONE_LINE,),
            "\x7f": (ONE_LINE,),
            "home \u202eevil": (ONE_LINE,),  # columns of kubectl, too
            "\u2066x\u2069": (ONE_LINE,),
            "two\u2028lines": (ONE_LINE,),
            "two\u2029lines": (ONE_LINE,),
        },
    ),
    "title": Shape(
        accepted=("Pay the rent", "  -  ", "🪴", "é" * 512),
        refused={
            "   ": (BLANK,),
            "\u00a0\u2003": (BLANK,),
            "two\nlines": (TITLE,),
            "\x00": (TITLE,),
            "\t": (BLANK, TITLE),
            "pay \u202etner": (TITLE,),
            "\u2066x\u2069": (TITLE,),
            "two\u2028lines": (TITLE,),
            "two\x85lines": (TITLE,),
        },
    ),
    "text": Shape(
        accepted=("one\r\n\ttwo\n", "", "# Markdown *works*"),
        refused={"\x00": (TEXT,), "red \x1b[31m": (TEXT,), "\x85": (TEXT,)},
    ),
    "tag": Shape(
        accepted=("work", "in-progress", "C++", "@home", "größer", "1", "a" * 63),
        refused=all_with(TAG, "#work", "two words", "a,b", "a\tb", "a\u00a0b", "a\u202eb"),
    ),
    "link": Shape(
        accepted=(
            "https://example.com",
            "HTTP://example.com:8080/a?b=c#d",
            "https://[::1]/x",
            "mailto:ana@example.com",
        ),
        refused=all_with(
            LINK,
            "example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://ana:secret@example.com/",
            "https://ana@example.com",
            "https://example.com/a b",
            "https://example.com/\nx",
            "https://example.com/\u202ex",
            "https://example.com/\u2028x",
            "mailto:ana",
            "",
        ),
    ),
    "mail": Shape(
        accepted=("ana@example.com", "ana+todo@sub.example.com", "root@localhost", "änne@müller.example"),
        refused=all_with(
            MAIL,
            "ana",
            "ana@",
            "@example.com",
            "Ana <ana@example.com>",
            "ana@example.com, ben@example.com",
            "ana@example.com\r\nBcc: all@example.com",
            "ana@example.com\n",
            "ana @example.com",
            "ana@exa mple.com",
            "ana@-example.com",
            "a@b@c",
            '"ana"@example.com',
        ),
    ),
}

#: Which fields have which shape: kind, field as the API server names it, and the object with that value.
FIELDS: tuple[tuple[str, str, str, Callable[[str], Spec]], ...] = (
    ("TodoTask", "spec.title", "title", lambda value: task(title=value)),
    ("TodoTask", "spec.notes", "text", lambda value: task(notes=value)),
    ("TodoTask", "spec.tags[0]", "tag", lambda value: task(tags=[value])),
    ("TodoTask", "spec.due", "moment", lambda value: task(due=value)),
    ("TodoTask", "spec.timeZone", "zone", lambda value: task(timeZone=value)),
    ("TodoTask", "spec.parent", "name", lambda value: task(parent=value)),
    ("TodoTask", "spec.dependsOn[0]", "name", lambda value: task(dependsOn=[value])),
    ("TodoTask", "spec.project", "line", lambda value: task(project=value)),
    ("TodoTask", "spec.assignee", "line", lambda value: task(assignee=value)),
    (
        "TodoTask",
        "spec.reminders[0].before",
        "duration",
        lambda value: task(due="2026-11-21", reminders=[{"before": value}]),
    ),
    ("TodoTask", "spec.reminders[0].at", "instant", lambda value: task(reminders=[{"at": value}])),
    (
        "TodoTask",
        "spec.reminders[0].channels[0]",
        "name",
        lambda value: task(reminders=[{"at": "2026-11-21T09:00", "channels": [value]}]),
    ),
    ("TodoTask", "spec.links[0].url", "link", lambda value: task(links=[{"url": value}])),
    (
        "TodoTask",
        "spec.links[0].title",
        "line",
        lambda value: task(links=[{"url": "https://example.com", "title": value}]),
    ),
    ("RecurrenceRule", "spec.timeZone", "zone", lambda value: rule(timeZone=value)),
    ("RecurrenceRule", "spec.start", "moment", lambda value: rule(start=value)),
    ("RecurrenceRule", "spec.until", "moment", lambda value: rule(until=value)),
    ("RecurrenceRule", "spec.except[0]", "moment", lambda value: {**rule(), "except": [value]}),
    ("RecurrenceRule", "spec.leadTime", "duration", lambda value: rule(leadTime=value)),
    ("RecurrenceRule", "spec.template.spec.title", "title", lambda value: template(title=value)),
    ("RecurrenceRule", "spec.template.spec.notes", "text", lambda value: template(notes=value)),
    ("RecurrenceRule", "spec.template.spec.tags[0]", "tag", lambda value: template(tags=[value])),
    ("RecurrenceRule", "spec.template.spec.timeZone", "zone", lambda value: template(timeZone=value)),
    ("RecurrenceRule", "spec.template.spec.parent", "name", lambda value: template(parent=value)),
    ("RecurrenceRule", "spec.template.spec.dependsOn[0]", "name", lambda value: template(dependsOn=[value])),
    ("RecurrenceRule", "spec.template.spec.project", "line", lambda value: template(project=value)),
    ("RecurrenceRule", "spec.template.spec.assignee", "line", lambda value: template(assignee=value)),
    (
        "RecurrenceRule",
        "spec.template.spec.reminders[0].before",
        "duration",
        lambda value: template(reminders=[{"before": value}]),
    ),
    (
        "RecurrenceRule",
        "spec.template.spec.reminders[0].channels[0]",
        "name",
        lambda value: template(reminders=[{"before": "1h", "channels": [value]}]),
    ),
    (
        "RecurrenceRule",
        "spec.template.spec.links[0].url",
        "link",
        lambda value: template(links=[{"url": value}]),
    ),
    (
        "RecurrenceRule",
        "spec.template.spec.links[0].title",
        "line",
        lambda value: template(links=[{"url": "https://example.com", "title": value}]),
    ),
    (
        "RecurrenceRule",
        "spec.template.subtasks[0].title",
        "title",
        lambda value: template(subtasks=[{"title": value}]),
    ),
    (
        "RecurrenceRule",
        "spec.template.subtasks[0].notes",
        "text",
        lambda value: template(subtasks=[{"title": "Ask", "notes": value}]),
    ),
    ("Reminder", "spec.taskRef.name", "name", lambda value: reminder(taskRef={"name": value})),
    ("Reminder", "spec.at", "instant", lambda value: reminder(at=value)),
    ("Reminder", "spec.beforeDue", "duration", lambda value: reminder(beforeDue=value)),
    ("Reminder", "spec.channels[0]", "name", lambda value: reminder(channels=[value])),
    ("Reminder", "spec.message", "text", lambda value: reminder(message=value)),
    ("NotificationChannel", "spec.email.to[0]", "mail", lambda value: channel(email={"to": [value]})),
    (
        "NotificationChannel",
        "spec.email.from",
        "mail",
        lambda value: channel(email={"to": ["ana@example.com"], "from": value}),
    ),
    ("NotificationChannel", "spec.secretRef.name", "name", lambda value: channel(secretRef={"name": value})),
)


def printed(value: str) -> str:
    """A value as the API server quotes it in a message (Go's %q)."""
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"'}
    return "".join(named.get(char, char if char.isprintable() else _escaped(char)) for char in value)


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x80 else f"\\u{ord(char):04x}"


def of_shapes() -> Iterator[Case]:
    for kind, field, shape, make in FIELDS:
        for value in SHAPES[shape].accepted:
            if value or field != "spec.message":  # may be absent, not empty
                yield Case(kind, f"{field} {value[:40]!a}", make(value))
        for value, messages in SHAPES[shape].refused.items():
            answer = tuple((field, invalid(message, printed(value))) for message in messages)
            yield Case(kind, f"{field} {value!a} is refused", make(value), answer)
