"""Every rule of the webhook with what it refuses, what it lets through, and what it only warns of.

`said` is what kubectl prints; the twin beside it is the nearest thing that is accepted without a word.
"""

from dataclasses import dataclass, field
from typing import Any

Spec = dict[str, Any]


def task(**fields: Any) -> Spec:
    return {"title": "Water the plants", **fields}


def rule(template: Spec | None = None, **fields: Any) -> Spec:
    return {"template": {"spec": task(**(template or {}))}, **fields}


@dataclass(frozen=True)
class Case:
    """`wrong` gets `said`; `right` is accepted without a warning about the same field."""

    name: str
    kind: str
    wrong: Spec
    said: str
    right: Spec
    warns: bool = False  # accepted, with a warning
    objects: dict[str, Spec] = field(default_factory=dict)  # tasks that are there before


CASES = (
    Case(
        "unknown zone",
        "TodoTask",
        task(timeZone="Europe/Berln"),
        'spec.timeZone: "Europe/Berln" is not an IANA time zone; did you mean "Europe/Berlin"?',
        task(timeZone="Europe/Berlin"),
    ),
    Case(
        "cycle with its path",
        "TodoTask",
        task(dependsOn=["b-one"]),
        "spec.dependsOn: would be a cycle: x-new → b-one → b-two → x-new; leave one of them out",
        task(dependsOn=["one"]),
        objects={"b-one": task(dependsOn=["b-two"]), "b-two": task(dependsOn=["x-new"])},
    ),
    Case(
        "parents in a circle",
        "TodoTask",
        task(parent="c-one"),
        "spec.parent: would be a cycle: x-new → c-one → x-new; leave one of them out",
        task(parent="one"),
        objects={"c-one": task(parent="x-new")},
    ),
    Case(
        "parent that is not there",
        "TodoTask",
        task(parent="nobody"),
        'spec.parent: there is no task "nobody"',
        task(parent="one"),
        warns=True,
    ),
    Case(
        "dependency that is not there",
        "TodoTask",
        task(dependsOn=["nobody"]),
        'spec.dependsOn: there is no task "nobody" (yet); until there is, this one is blocked',
        task(dependsOn=["one"]),
        warns=True,
    ),
    Case(
        "midnight of an unquoted date",
        "TodoTask",
        task(due="2099-03-20T00:00:00Z"),
        'spec.due: "2099-03-20T00:00:00Z" is midnight UTC. If the whole day is meant, write '
        '"2099-03-20" in quotes',
        task(due="2099-03-20"),
        warns=True,
    ),
    Case(
        "due in the past",
        "TodoTask",
        task(due="2001-01-01"),
        'spec.due: "2001-01-01" has passed, so the task is overdue from the start',
        task(due="2099-01-01"),
        warns=True,
    ),
    Case(
        "reminder in the past",
        "TodoTask",
        task(due="2099-01-01", reminders=[{"at": "2001-01-01T09:00:00Z", "channels": ["mail"]}]),
        "spec.reminders[0]: its time, 2001-01-01T09:00:00Z, has passed, so it will not fire",
        task(due="2099-01-01", reminders=[{"at": "2098-01-01T09:00:00Z", "channels": ["mail"]}]),
        warns=True,
    ),
    Case(
        "no default channel",
        "TodoTask",
        task(due="2099-01-01", reminders=[{"before": "1h"}]),
        "spec.reminders[0].channels: names none, and no NotificationChannel of the namespace",
        task(due="2099-01-01", reminders=[{"before": "1h", "channels": ["mail"]}]),
        warns=True,
    ),
    Case(
        "unknown channel",
        "Reminder",
        {"taskRef": {"name": "one"}, "at": "2099-01-01T09:00:00Z", "channels": ["phone"]},
        'spec.channels: there is no NotificationChannel "phone" in the namespace',
        {"taskRef": {"name": "one"}, "at": "2099-01-01T09:00:00Z", "channels": ["mail"]},
        warns=True,
    ),
    Case(
        "reminder of no task",
        "Reminder",
        {"taskRef": {"name": "nobody"}, "at": "2099-01-01T09:00:00Z", "channels": ["mail"]},
        'spec.taskRef.name: there is no task "nobody"',
        {"taskRef": {"name": "one"}, "at": "2099-01-01T09:00:00Z", "channels": ["mail"]},
        warns=True,
    ),
    Case(
        "rule without meaning",
        "RecurrenceRule",
        rule(rrule="FREQ=MONTHLY;BYDAY=9TU"),
        "spec.rrule: ",
        rule(rrule="FREQ=MONTHLY;BYDAY=2TU"),
    ),
    Case(
        "cron without meaning",
        "RecurrenceRule",
        rule(cron="0 25 * * *"),
        "spec.cron: ",
        rule(cron="0 23 * * *"),
    ),
    Case(
        "never",
        "RecurrenceRule",
        rule(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        "spec.rrule: never fires",
        rule(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28"),
    ),
    Case(
        "no future",
        "RecurrenceRule",
        rule(cron="0 9 * * *", start="2001-01-01", until="2001-02-01"),
        "spec.cron: has no occurrence left: every day at 09:00",
        rule(cron="0 9 * * *", start="2001-01-01", until="2099-02-01"),
    ),
    Case(
        "until before start in different notations",
        "RecurrenceRule",
        rule(cron="0 9 * * *", start="2098-01-01T09:00:00Z", until="2097-01-01"),
        "spec.until: lies before start",
        rule(cron="0 9 * * *", start="2097-01-01T09:00:00Z", until="2098-01-01"),
    ),
    Case(
        "too many an hour",
        "RecurrenceRule",
        {"template": {"spec": task(), "subtasks": [{"title": "One"}]}, "rrule": "FREQ=MINUTELY"},
        "spec.rrule: makes more than 60 tasks an hour (subtasks count)",
        rule(rrule="FREQ=MINUTELY;INTERVAL=10"),
    ),
    Case(
        "lead time that makes too many at once",
        "RecurrenceRule",
        rule(rrule="FREQ=MINUTELY;INTERVAL=10", leadTime="3660d"),
        'spec.leadTime: "3660d" makes more than 200 tasks at once',
        rule(rrule="FREQ=MINUTELY;INTERVAL=10", leadTime="1h"),
    ),
    Case(
        "reminder of a template that can never fire",
        "RecurrenceRule",
        rule({"reminders": [{"before": "30m", "channels": ["mail"]}]}, cron="0 9 * * *"),
        'spec.template.spec.reminders[0].before: "30m" before the due time can never fire',
        rule({"reminders": [{"before": "30m", "channels": ["mail"]}]}, cron="0 9 * * *", leadTime="30m"),
    ),
    Case(
        "reminder of a template whose repeats are over too",
        "RecurrenceRule",
        rule(
            {
                "reminders": [
                    {"before": "1h", "repeatEvery": "10m", "maxRepeats": 5, "channels": ["mail"]},
                ]
            },
            cron="0 9 * * *",
        ),
        'spec.template.spec.reminders[0].before: "1h" before the due time can never fire',
        rule(
            {
                "reminders": [
                    {"before": "1h", "repeatEvery": "10m", "maxRepeats": 6, "channels": ["mail"]},
                    {"before": "1d", "repeatEvery": "1h", "channels": ["mail"]},
                    {"before": "0s", "channels": ["mail"]},
                ]
            },
            cron="0 9 * * *",
        ),
    ),
    Case(
        "template that would be refused as a task",
        "RecurrenceRule",
        rule({"timeZone": "Europe/Berln"}, cron="0 9 * * *"),
        'spec.template.spec.timeZone: "Europe/Berln" is not an IANA time zone',
        rule({"timeZone": "Europe/Berlin"}, cron="0 9 * * *"),
    ),
    Case(
        "the 31st",
        "RecurrenceRule",
        rule(rrule="FREQ=MONTHLY;BYMONTHDAY=31"),
        "spec.rrule: months without a 31st are left out; BYMONTHDAY=-1 is the last day of every month",
        rule(rrule="FREQ=MONTHLY;BYMONTHDAY=-1"),
        warns=True,
    ),
    Case(
        "29 February",
        "RecurrenceRule",
        rule(simple={"frequency": "Yearly"}, start="2096-02-29"),
        "spec.simple: years without a 29 February are left out; dayOfMonth: -1 is the last day of February",
        rule(simple={"frequency": "Yearly"}, start="2096-02-28"),
        warns=True,
    ),
    Case(
        "a fifth Monday",
        "RecurrenceRule",
        rule(simple={"frequency": "Monthly", "nth": 5, "daysOfWeek": ["Monday"]}),
        "spec.simple: months without a fifth Monday are left out; nth: -1 is the last one of every month",
        rule(simple={"frequency": "Monthly", "nth": -1, "daysOfWeek": ["Monday"]}),
        warns=True,
    ),
    Case(
        "week 53",
        "RecurrenceRule",
        rule(rrule="FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"),
        "spec.rrule: years without a week 53 are left out; BYWEEKNO=-1 is the last week of every year",
        rule(rrule="FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO"),
        warns=True,
    ),
    Case(
        "address inside",
        "NotificationChannel",
        {"webhook": {"url": "http://127。0。0。1:8080/x"}},
        "is 127.0.0.1, not a public address",
        {"webhook": {"url": "https://hooks.example.com/x"}},
    ),
    Case(
        "address inside, in octal",
        "NotificationChannel",
        {"webhook": {"url": "http://0x7f.1/"}},
        '"0x7f.1" is 127.0.0.1, not a public address',
        {"webhook": {"url": "https://93.184.216.34/"}},
    ),
    Case(
        "a name inside",
        "NotificationChannel",
        {"webhook": {"url": "http://metadata.google.internal/"}},
        '"metadata.google.internal" is a name inside a network, not a public address',
        {"webhook": {"url": "https://example.com/"}},
    ),
    Case(
        "mail to nowhere",
        "NotificationChannel",
        {"email": {"to": ["ana@example.invalid"]}},
        'spec.email.to[0]: "ana@example.invalid": nothing under .invalid can be reached',
        {"email": {"to": ["ana@example.com"]}},
    ),
)
