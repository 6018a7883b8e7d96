"""The cases that are about one kind: how its fields go together. Rules have a module of their own."""

from collections.abc import Iterator

from tests.integration.crds.cases import DURATION, MOMENT, Case, channel, invalid, reminder, task

EXACTLY_ONE_REMINDER = "give exactly one of before (such as 30m) and at (a date-time)"
SAME_REMINDER = "two reminders have the same time; put their channels into one"
NEEDS_DUE = 'a reminder with "before" counts back from the due time, so give the task one'
EXACTLY_ONE_MOMENT = "give exactly one of at (a date-time) and beforeDue (such as 30m)"
EXACTLY_ONE_TARGET = "give exactly one of email, webhook and apprise"
URL = "give an address that begins with https:// or http://, without spaces"
NO_USER = "must not contain a user or password; put them into the Secret"


def of_tasks() -> Iterator[Case]:
    kind = "TodoTask"
    yield Case(kind, "only a title", task())
    for priority in ("Low", "Medium", "High", "Urgent"):
        yield Case(kind, f"priority {priority}", task(priority=priority))
    yield Case(kind, "done from the start", task(completed=True))
    yield Case(kind, "deleted at once after completion", task(ttlSecondsAfterCompleted=0))
    yield Case(kind, "a part of another task", task(parent="move-house", dependsOn=["find-house"]))
    yield Case(
        kind,
        "its own parent",
        task(parent="pay-rent"),
        (("spec.parent", invalid("a task cannot be its own parent")),),
    )
    yield Case(
        kind,
        "depends on itself",
        task(dependsOn=["find-house", "pay-rent"]),
        (("spec.dependsOn", invalid("a task cannot depend on itself")),),
    )
    yield Case(
        kind,
        "a reminder before it is due",
        task(due="2026-12-01", reminders=[{"before": "1d"}, {"before": "0m"}]),
    )
    yield Case(
        kind,
        "a reminder that comes again",
        task(due="2026-12-01", reminders=[{"before": "1d", "repeatEvery": "15m", "maxRepeats": 4}]),
    )
    yield Case(
        kind,
        "a reminder that comes again too soon",
        task(due="2026-12-01", reminders=[{"before": "1d", "repeatEvery": "30s"}]),
        (("spec.reminders[0].repeatEvery", invalid("must be at least one minute", "30s")),),
    )
    yield Case(
        kind,
        "a reminder that comes again in words",
        task(due="2026-12-01", reminders=[{"before": "1d", "repeatEvery": "hourly"}]),
        (
            ("spec.reminders[0].repeatEvery", invalid(DURATION, "hourly")),
            ("spec.reminders[0].repeatEvery", invalid("must be at least one minute", "hourly")),
        ),
    )
    yield Case(
        kind,
        "a reminder that comes four times of what",
        task(due="2026-12-01", reminders=[{"before": "1d", "maxRepeats": 4}]),
        (
            (
                "spec.reminders[0].repeatEvery",
                "Required value: maxRepeats counts repeats, so say how often it repeats",
            ),
        ),
    )
    yield Case(kind, "a reminder at a moment needs no due time", task(reminders=[{"at": "2026-11-30T09:00"}]))
    yield Case(
        kind,
        "a reminder before it is due, but it is never due",
        task(reminders=[{"at": "2026-11-30T09:00"}, {"before": "1d"}]),
        (
            (
                "spec.due",
                f"Required value: {NEEDS_DUE}",
            ),
        ),
    )
    yield Case(
        kind,
        "a reminder with both times",
        task(due="2026-12-01", reminders=[{"before": "1d", "at": "2026-11-30T09:00"}]),
        (("spec.reminders[0]", invalid(EXACTLY_ONE_REMINDER)),),
    )
    yield Case(
        kind,
        "a reminder with no time",
        task(reminders=[{"channels": ["mail"]}]),
        (("spec.reminders[0]", invalid(EXACTLY_ONE_REMINDER)),),
    )
    for twice in ({"before": "1d"}, {"at": "2026-11-30T09:00"}):
        yield Case(
            kind,
            f"the same reminder twice, {twice}",
            task(due="2026-12-01", reminders=[twice, {"before": "2d"}, {**twice, "channels": ["mail"]}]),
            (("spec.reminders", invalid(SAME_REMINDER)),),
        )
    yield Case(
        kind,
        "two of a thing",
        task(
            tags=["work", "home", "work"],
            dependsOn=["a", "a"],
            links=[{"url": "https://example.com"}, {"url": "https://example.com"}],
            reminders=[{"at": "2026-11-30T09:00", "channels": ["mail", "mail"]}],
        ),
        (
            ("spec.dependsOn[1]", 'Duplicate value: "a"'),
            ("spec.links[1]", 'Duplicate value: {"url":"https://example.com"}'),
            ("spec.reminders[0].channels[1]", 'Duplicate value: "mail"'),
            ("spec.tags[2]", 'Duplicate value: "work"'),
        ),
    )
    yield Case(
        kind,
        "everything wrong at once, and all of it is said",
        task(due="tomorrow", parent="pay-rent", reminders=[{"before": "1 day"}]),
        (
            ("spec.parent", invalid("a task cannot be its own parent")),
            ("spec.due", invalid(MOMENT, "tomorrow")),
            ("spec.reminders[0].before", invalid(DURATION, "1 day")),
        ),
    )


def of_reminders() -> Iterator[Case]:
    kind = "Reminder"
    yield Case(kind, "before it is due", reminder(beforeDue="0m"))
    yield Case(
        kind, "at a moment, put off", reminder(at="2026-11-21T09:00", snoozeUntil="2026-11-21T10:00:00+01:00")
    )
    yield Case(kind, "paused", reminder(suspend=True, channels=["mail", "chat"], message="Now!\nReally."))
    yield Case(kind, "neither", {"taskRef": {"name": "pay-rent"}}, (("spec", invalid(EXACTLY_ONE_MOMENT)),))
    yield Case(
        kind,
        "both",
        reminder(at="2026-11-21T09:00", beforeDue="1h"),
        (("spec", invalid(EXACTLY_ONE_MOMENT)),),
    )
    for every in ("1m", "60s", "1h", "90s", "1w"):
        yield Case(kind, f"again every {every}", reminder(repeatEvery=every))
    yield Case(kind, "again, three times", reminder(repeatEvery="1h", maxRepeats=3))
    for often in ("0m", "59s", "00h", "0w0d0h0m09s"):
        yield Case(
            kind,
            f"again every {often}",
            reminder(repeatEvery=often),
            (("spec.repeatEvery", invalid("must be at least one minute", often)),),
        )
    yield Case(
        kind,
        "again, in words",
        reminder(repeatEvery="hourly"),
        (
            ("spec.repeatEvery", invalid(DURATION, "hourly")),
            ("spec.repeatEvery", invalid("must be at least one minute", "hourly")),
        ),
    )
    yield Case(
        kind,
        "three times what",
        reminder(maxRepeats=3),
        (("spec.repeatEvery", "Required value: maxRepeats counts repeats, so say how often it repeats"),),
    )
    yield Case(
        kind,
        "one channel twice",
        reminder(channels=["mail", "mail"]),
        (("spec.channels[1]", 'Duplicate value: "mail"'),),
    )
    yield Case(
        kind,
        "put off to no date-time",
        reminder(snoozeUntil="2026-11-21"),
        (
            (
                "spec.snoozeUntil",
                invalid('spec.snoozeUntil in body must be of type date-time: "2026-11-21"', "2026-11-21"),
            ),
        ),
    )


def of_channels() -> Iterator[Case]:
    kind = "NotificationChannel"
    yield Case(
        kind, "mail", channel(email={"to": ["ana@example.com"], "from": "todo@example.com"}, default=True)
    )
    yield Case(kind, "mail with an account", channel(secretRef={"name": "smtp"}))
    yield Case(kind, "apprise", channel(apprise={}, secretRef={"name": "slack"}))
    yield Case(kind, "apprise, another key", channel(apprise={"key": "ntfy.url"}, secretRef={"name": "urls"}))
    yield Case(kind, "nowhere", {}, (("spec", invalid(EXACTLY_ONE_TARGET)),))
    yield Case(
        kind,
        "two ways",
        channel(email={"to": ["ana@example.com"]}, webhook={"url": "https://example.com"}),
        (("spec", invalid(EXACTLY_ONE_TARGET)),),
    )
    yield Case(
        kind,
        "apprise without its Secret",
        channel(apprise={}),
        (
            (
                "spec.secretRef",
                "Required value: the URL of an Apprise service is a secret, so name the Secret that has it",
            ),
        ),
    )
    yield Case(
        kind,
        "a key that no Secret has",
        channel(apprise={"key": "a key"}, secretRef={"name": "urls"}),
        (
            (
                "spec.apprise.key",
                invalid('the key of a Secret is made of letters, digits, "-", "_" and "."', "a key"),
            ),
        ),
    )
    yield Case(
        kind,
        "one address twice",
        channel(email={"to": ["ana@example.com", "ana@example.com"]}),
        (("spec.email.to[1]", 'Duplicate value: "ana@example.com"'),),
    )
    for url in ("https://example.com", "http://10.0.0.1:8080/hook?x=1", "https://[::1]/a@b"):
        yield Case(kind, f"webhook {url}", channel(webhook={"url": url}))
    for url in (
        "",
        "example.com/hook",
        "ftp://example.com",
        "https://",
        "https:///x",
        "https://example.com/a b",
    ):
        yield Case(
            kind,
            f"webhook {url!r}",
            channel(webhook={"url": url}),
            (("spec.webhook.url", invalid(URL, url)),),
        )
    for url in ("https://ana:secret@example.com/", "http://token@example.com"):
        yield Case(
            kind,
            f"webhook {url}",
            channel(webhook={"url": url}),
            (("spec.webhook.url", invalid(NO_USER, url)),),
        )
