"""The cases that are about RecurrenceRule: its three ways to write a schedule, its ends, its template."""

from collections.abc import Iterator

from tests.integration.crds.cases import (
    DURATION,
    INSTANT,
    MOMENT,
    NO_DAY,
    NO_TIME,
    Case,
    invalid,
    rule,
    simple,
    task,
    template,
)
from tests.integration.crds.cases_of_kinds import EXACTLY_ONE_REMINDER, SAME_REMINDER

EXACTLY_ONE_SCHEDULE = "give exactly one of cron, rrule and simple"
SIX_FIELDS = (
    "these are six fields; cron has five (minute, hour, day of month, month, day of week), seconds are not"
    " supported"
)
CRON = (
    'give five fields (minute, hour, day of month, month, day of week) such as "0 9 * * 1-5", or one of'
    " @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"
)
RRULE = (
    'give NAME=VALUE parts in one line, with ";" between them and none at the end, such as'
    " FREQ=MONTHLY;BYDAY=2TU; dates to begin"
    " with and to leave out belong in spec.start and spec.except"
)
FREQ = (
    "needs FREQ=DAILY, WEEKLY, MONTHLY, YEARLY, HOURLY or MINUTELY; there is at most one occurrence a minute"
)
TWO_ENDS = "the rule has UNTIL or COUNT, so spec.until and spec.count must be absent"
LABEL_VALUE = 'the value of a label is made of letters, digits, "-", "_" and "."'
KEY = (
    'is a name of at most 63 letters, digits, "-", "_" and ".", with an optional prefix such as example.com/'
)
LONG_NAME = "a rule's name has at most 52 characters, so that the names of its occurrences stay within 63"
NEEDS_START = "a Yearly schedule takes its month, and its day unless simple gives it, from start"
REPLACES_NOTHING = (
    "with basis Completion the next task begins only after this one is done, so there is nothing to replace"
)


def of_rules() -> Iterator[Case]:
    yield from _of_schedules()
    yield from _of_cron()
    yield from _of_rrule()
    yield from _of_simple()
    yield from _of_templates()


def _of_schedules() -> Iterator[Case]:
    kind = "RecurrenceRule"
    yield Case(kind, "a name of 52 characters", rule(), name="r" * 52)
    yield Case(
        kind,
        "a name of 53 characters",
        rule(),
        (
            (
                "metadata.name",
                invalid(LONG_NAME),
            ),
        ),
        name="r" * 53,
    )
    yield Case(
        kind, "no schedule", {"template": {"spec": task()}}, (("spec", invalid(EXACTLY_ONE_SCHEDULE)),)
    )
    yield Case(
        kind,
        "two schedules",
        rule(cron="@daily", rrule="FREQ=DAILY"),
        (("spec", invalid(EXACTLY_ONE_SCHEDULE)),),
    )
    yield Case(kind, "an end by count", rule(count=3, start="2026-12-01"))
    yield Case(kind, "an end by date, on its only day", rule(start="2026-12-01T09:00", until="2026-12-01"))
    yield Case(
        kind,
        "both ends",
        rule(count=3, until="2026-12-01"),
        (("spec.count", "Forbidden: give until or count, not both"),),
    )
    late = "until lies before start, so that there would be no occurrence at all"
    yield Case(
        kind,
        "ends before it begins",
        rule(start="2026-12-02", until="2026-12-01T23:00"),
        (("spec.until", invalid(late)),),
    )
    yield Case(
        kind,
        "offsets can turn the days round, so they are left to the operator",
        rule(start="2026-12-02T01:00+14:00", until="2026-12-01T23:00-11:00"),
    )
    yield Case(kind, "from the completion", rule(basis="Completion", concurrencyPolicy="Forbid"))
    yield Case(kind, "from the schedule, replacing", rule(basis="Schedule", concurrencyPolicy="Replace"))
    yield Case(
        kind,
        "from the completion, replacing",
        rule(basis="Completion", concurrencyPolicy="Replace"),
        (
            (
                "spec.concurrencyPolicy",
                invalid(REPLACES_NOTHING),
            ),
        ),
    )
    yield Case(
        kind, "the other policies", rule(missedPolicy="All", startingDeadlineSeconds=0, historyLimit=0)
    )
    yield Case(kind, "skipping, suspended", rule(missedPolicy="Skip", suspend=True, leadTime="1w"))
    yield Case(kind, "days and moments left out", {**rule(), "except": ["2026-12-24", "2026-12-31T09:00"]})
    yield Case(
        kind,
        "a day left out twice",
        {**rule(), "except": ["2026-12-24", "2026-12-24"]},
        (("spec.except[1]", 'Duplicate value: "2026-12-24"'),),
    )


def _of_cron() -> Iterator[Case]:
    kind = "RecurrenceRule"
    for cron in (
        "0 9 * * 1-5",
        "*/15 8-18 * * MON-FRI",
        "0 0 1,15 JAN,JUL ?",
        "  0  9 * * *  ",
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
    ):
        yield Case(kind, f"cron {cron!r}", rule(cron=cron))
    yield Case(
        kind,
        "cron with seconds",
        rule(cron="0 0 9 * * *"),
        (("spec.cron", invalid(SIX_FIELDS, "0 0 9 * * *")),),
    )
    for zoned in ("TZ=Europe/Berlin 0 9 * * *", "CRON_TZ=UTC @daily"):
        zone = ("spec.cron", invalid("put the time zone into spec.timeZone", zoned))
        six = ("spec.cron", invalid(SIX_FIELDS, zoned))
        yield Case(kind, f"cron {zoned!r}", rule(cron=zoned), (six, zone) if "*" in zoned else (zone,))
    for bad in (
        "",
        "0 9 * *",
        "every day",
        "@reboot",
        "@every 1h",
        "@Daily",
        "0 9 * * * * 2026",
        "0 9 * * mon;fri",
    ):
        yield Case(kind, f"cron {bad!r}", rule(cron=bad), (("spec.cron", invalid(CRON, bad)),))


def _of_rrule() -> Iterator[Case]:
    kind = "RecurrenceRule"
    for rrule in (
        "FREQ=MONTHLY;BYDAY=2TU",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU",
        "INTERVAL=2;FREQ=DAILY",
        "freq=yearly;bymonth=3;byday=-1su",
        "FREQ=MINUTELY;INTERVAL=10",
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=10",
        "FREQ=DAILY;UNTIL=20271231T220000Z",
    ):
        yield Case(kind, f"rrule {rrule}", rule(rrule=rrule))
    for bad in (
        "DTSTART:20260101T090000\nRRULE:FREQ=DAILY",
        "FREQ=DAILY;;COUNT=2",
        ";FREQ=DAILY",
        "FREQ=DAILY;",
        "FREQ=DAILY; COUNT=2",
        "FREQ=WEEKLY;BYDAY=",
        "EXRULE:FREQ=DAILY",
    ):
        quoted = bad.replace("\n", "\\n")
        yield Case(kind, f"rrule {bad!r}", rule(rrule=bad), (("spec.rrule", invalid(RRULE, quoted)),))
    for bad in ("INTERVAL=2", "FREQ=SECONDLY", "FREQ=FORTNIGHTLY", "FREQU=DAILY"):
        yield Case(kind, f"rrule {bad}", rule(rrule=bad), (("spec.rrule", invalid(FREQ, bad)),))
    yield Case(
        kind,
        "rrule in words",
        rule(rrule="every day"),
        (("spec.rrule", invalid(RRULE, "every day")), ("spec.rrule", invalid(FREQ, "every day"))),
    )
    both = "FREQ=DAILY;COUNT=2;UNTIL=20270101"
    yield Case(
        kind,
        "rrule with two ends",
        rule(rrule=both),
        (("spec.rrule", invalid("has both UNTIL and COUNT; give one of them", both)),),
    )
    for zero in ("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=00"):
        yield Case(
            kind,
            f"rrule {zero}",
            rule(rrule=zero),
            (("spec.rrule", invalid("INTERVAL and COUNT are at least 1", zero)),),
        )
    for end in ({"until": "2027-01-01"}, {"count": 3}):
        for rrule in ("FREQ=DAILY;COUNT=2", "RRULE:UNTIL=20270101;FREQ=DAILY"):
            yield Case(
                kind, f"{rrule} and {end}", rule(rrule=rrule, **end), (("spec.rrule", invalid(TWO_ENDS)),)
            )
        yield Case(kind, f"rrule without an end and {end}", rule(rrule="FREQ=DAILY", **end))


def _of_simple() -> Iterator[Case]:
    kind = "RecurrenceRule"
    yield Case(kind, "every day at nine", simple(frequency="Daily", time="09:00"))
    yield Case(
        kind,
        "every other Monday and Friday",
        simple(frequency="Weekly", interval=2, daysOfWeek=["Monday", "Friday"]),
    )
    yield Case(kind, "the last day of the month", simple(dayOfMonth=-1))
    yield Case(kind, "the second Tuesday", simple(nth=2, daysOfWeek=["Tuesday"]))
    yield Case(kind, "the last Friday", simple(nth=-1, daysOfWeek=["Friday"], time="23:59"))
    yearly = {"frequency": "Yearly"}
    yield Case(kind, "every year on that day", rule(simple=yearly, start="2026-05-31"))
    yield Case(
        kind,
        "every year, but when",
        rule(simple=yearly),
        (
            (
                "spec.start",
                f"Required value: {NEEDS_START}",
            ),
        ),
    )
    days = "spec.simple.daysOfWeek", "spec.simple.nth", "spec.simple.dayOfMonth"
    needs_days = "Required value: nth picks the n-th such day of the month, so give daysOfWeek too"
    needs_nth = "Required value: say with nth which of these days of the month (1 to 5, or -1 for the last)"
    yield Case(kind, "nth of what", simple(nth=2), ((days[0], needs_days),))
    yield Case(kind, "which of the Tuesdays", simple(daysOfWeek=["Tuesday"]), ((days[1], needs_nth),))
    yield Case(
        kind,
        "the second Tuesday of the week",
        simple(frequency="Weekly", nth=2, daysOfWeek=["Tuesday"]),
        ((days[1], invalid("nth needs the frequency Monthly or Yearly")),),
    )
    yield Case(
        kind,
        "the 31st of the week",
        simple(frequency="Weekly", dayOfMonth=31),
        ((days[2], invalid("dayOfMonth needs the frequency Monthly or Yearly")),),
    )
    yield Case(
        kind,
        "the 3rd and the first Monday",
        simple(dayOfMonth=3, nth=1, daysOfWeek=["Monday"]),
        ((days[2], invalid("give dayOfMonth, or daysOfWeek with nth, not both")),),
    )
    yield Case(
        kind,
        "each day on Mondays",
        simple(frequency="Daily", daysOfWeek=["Monday"]),
        (
            (
                "spec.simple.frequency",
                invalid("some days of each week are a Weekly schedule; use the frequency Weekly"),
            ),
        ),
    )
    yield Case(
        kind,
        "the day 0",
        simple(dayOfMonth=0),
        ((days[2], invalid("give 1 to 31, or -1 for the last day of the month", 0)),),
    )
    yield Case(
        kind,
        "the 0th Monday",
        simple(nth=0, daysOfWeek=["Monday"]),
        ((days[1], invalid("give 1 to 5, or -1 for the last one of the month", 0)),),
    )
    for bad in ("24:00", "9:00", "09:60", "noon", "0900"):
        yield Case(
            kind,
            f"at {bad}",
            simple(frequency="Daily", time=bad),
            (("spec.simple.time", invalid("give a time of day from 00:00 to 23:59", bad)),),
        )


def _of_templates() -> Iterator[Case]:
    kind = "RecurrenceRule"
    yield Case(
        kind,
        "all that a task can have",
        template(
            metadata={"labels": {"team": "a", "example.com/x": ""}, "annotations": {"example.com/why": "so"}},
            subtasks=[{"title": "Ask", "notes": "nicely", "priority": "Low"}, {"title": "Send"}],
            priority="Urgent",
            ttlSecondsAfterCompleted=60,
            reminders=[
                {"before": "1h", "repeatEvery": "15m", "maxRepeats": 4},
                {"before": "1d", "channels": ["mail"]},
            ],
        ),
    )
    spec = "spec.template.spec"
    yield Case(
        kind,
        "a due time of its own",
        template(due="2026-12-01"),
        ((f"{spec}.due", "Forbidden: each task is due when it occurs; remove it"),),
    )
    for bad, message in (("tomorrow", MOMENT), ("2026-02-30", NO_DAY), ("2026-11-21T25:00", NO_TIME)):
        yield Case(
            kind,
            f"a due time of its own, and a bad one, {bad}",
            template(due=bad),
            (
                (f"{spec}.due", "Forbidden: each task is due when it occurs; remove it"),
                (f"{spec}.due", invalid(message, bad)),
            ),
        )
    for completed in (True, False):
        yield Case(
            kind,
            f"completed: {completed}",
            template(completed=completed),
            ((f"{spec}.completed", "Forbidden: each task begins open; remove it"),),
        )
    same = 'the same moment for each task; say with "before" how long before it is due'
    yield Case(
        kind,
        "a reminder at a moment",
        template(reminders=[{"at": "2026-12-01T09:00"}]),
        ((f"{spec}.reminders", invalid(same)),),
    )
    for bad, message in (("soon", INSTANT), ("2026-02-30T09:00", NO_DAY), ("2026-11-21T25:00", NO_TIME)):
        yield Case(
            kind,
            f"a reminder at a bad moment, {bad}",
            template(reminders=[{"at": bad}]),
            ((f"{spec}.reminders", invalid(same)), (f"{spec}.reminders[0].at", invalid(message, bad))),
        )
    yield Case(
        kind,
        "a reminder with no time",
        template(reminders=[{}]),
        ((f"{spec}.reminders[0]", invalid(EXACTLY_ONE_REMINDER)),),
    )
    yield Case(
        kind,
        "a reminder that comes again",
        template(reminders=[{"before": "1d", "repeatEvery": "15m", "maxRepeats": 4}]),
    )
    yield Case(
        kind,
        "a reminder that comes again too soon",
        template(reminders=[{"before": "1d", "repeatEvery": "30s"}]),
        ((f"{spec}.reminders[0].repeatEvery", invalid("must be at least one minute", "30s")),),
    )
    yield Case(
        kind,
        "a reminder that comes again in words",
        template(reminders=[{"before": "1d", "repeatEvery": "hourly"}]),
        (
            (f"{spec}.reminders[0].repeatEvery", invalid(DURATION, "hourly")),
            (f"{spec}.reminders[0].repeatEvery", invalid("must be at least one minute", "hourly")),
        ),
    )
    yield Case(
        kind,
        "a reminder that comes four times of what",
        template(reminders=[{"before": "1d", "maxRepeats": 4}]),
        (
            (
                f"{spec}.reminders[0].repeatEvery",
                "Required value: maxRepeats counts repeats, so say how often it repeats",
            ),
        ),
    )
    yield Case(
        kind,
        "the same reminder twice",
        template(reminders=[{"before": "1d"}, {"before": "1d"}]),
        ((f"{spec}.reminders", invalid(SAME_REMINDER)),),
    )
    yield Case(
        kind,
        "two subtasks of one title",
        template(subtasks=[{"title": "Ask"}, {"title": "Ask"}]),
        (("spec.template.subtasks[1]", 'Duplicate value: {"title":"Ask"}'),),
    )
    metadata = "spec.template.metadata"
    yield Case(
        kind,
        "a value that no label can have",
        template(metadata={"labels": {"team": "a b"}}),
        ((f"{metadata}.labels[team]", invalid(LABEL_VALUE, "a b")),),
    )
    for key in ("a b", "-a", "example.com/", "Example.com/a", "a/b/c", "k" * 64):
        yield Case(
            kind,
            f"the label {key}",
            template(metadata={"labels": {key: "x"}}),
            ((f"{metadata}.labels", invalid(f"the key of a label {KEY}")),),
        )
    yield Case(
        kind,
        "an annotation that cannot be",
        template(metadata={"annotations": {"a b": "x"}}),
        ((f"{metadata}.annotations", invalid(f"the key of an annotation {KEY}")),),
    )
