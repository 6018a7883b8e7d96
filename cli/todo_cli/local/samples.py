"""A week of tasks around today, so that the page and the commands have something to show."""

# ruff: noqa: E501 - a table is read along its line

import os
from datetime import date, timedelta
from typing import Any

CHANNEL = "family-mail"
LABEL = {"todotasks.dev/sample": "true"}


def objects(today: date, zone: str) -> list[dict[str, Any]]:
    """The channel first, so that no reminder is without one; then rules and tasks, with due dates by today."""

    def day(days: int, at: str = "") -> str:
        text = (today + timedelta(days=days)).isoformat()
        return f"{text}T{at}" if at else text

    def task(name: str, title: str, **spec: Any) -> dict[str, Any]:
        return _object("TodoTask", name, {"title": title, "timeZone": zone, **spec})

    friday = (4 - today.weekday()) % 7 or 7
    return [
        _object("NotificationChannel", CHANNEL, {"email": {"to": ["ana@example.com"]}, "default": True}),
        _object(
            "RecurrenceRule",
            "water-the-plants",
            {
                "simple": {"frequency": "Daily", "interval": 3, "time": "19:00"},
                "start": day(0),
                "timeZone": zone,
                "leadTime": "12h",
                "template": {"spec": {"title": "Water the plants", "tags": ["home"], "reminders": [{"before": "0s"}]}},
            },
        ),
        _object(
            "RecurrenceRule",
            "weekly-report",
            {
                "simple": {"frequency": "Weekly", "daysOfWeek": ["Friday"], "time": "15:00"},
                "timeZone": zone,
                "leadTime": "1d",
                "template": {
                    "spec": {"title": "Write the weekly report", "tags": ["work"], "project": "Team", "reminders": [{"before": "2h"}]},
                    "subtasks": [{"title": "Ask everyone for their lines"}, {"title": "Send it"}],
                },
            },
        ),
        _object(
            "RecurrenceRule",
            "pay-the-rent",
            {
                "rrule": "FREQ=MONTHLY;BYMONTHDAY=1",
                "timeZone": zone,
                "leadTime": "3d",
                "template": {"spec": {"title": "Pay the rent", "priority": "High", "tags": ["money"], "project": "Household"}},
            },
        ),
        task("answer-the-landlord", "Answer the landlord", due=day(-1), priority="High", tags=["home"], project="Household"),
        task(
            "review-slides", "Prepare the slides for the review", due=day(0, "16:00"), priority="Urgent", tags=["work"],
            project="Team", assignee="ana", reminders=[{"before": "1h"}], notes="Numbers of the quarter are in the shared folder.",
        ),
        task("call-the-plumber", "Call the plumber", due=day(0), tags=["home"], assignee="ben", project="Household"),
        task("buy-milk", "Buy milk, bread and coffee", due=day(0), tags=["errands"]),
        task("pick-up-the-parcel", "Pick up the parcel", due=day(0, "18:30"), tags=["errands"], reminders=[{"before": "30m"}]),
        task("plan-the-weekend", "Plan the weekend", due=day(0), priority="Low"),
        task("thank-ben", "Thank Ben for the drill", completed=True),
        task("book-the-dentist", "Book the dentist", due=day(1, "10:00"), tags=["health"], reminders=[{"before": "1d"}]),
        task("team-lunch", "Team lunch", due=day(friday, "12:30"), tags=["work"], project="Team"),
        task("move-house", "Move into the new flat", due=day(21), priority="High", project="Move", tags=["home"]),
        task("pack-boxes", "Pack the boxes", parent="move-house", due=day(18), project="Move"),
        task("buy-tape", "Buy tape and markers", parent="pack-boxes", due=day(2), tags=["errands"], project="Move"),
        task("rent-a-van", "Rent a van", parent="move-house", due=day(7), project="Move", dependsOn=["confirm-the-date"]),
        task("confirm-the-date", "Confirm the date with the landlord", parent="move-house", due=day(3), project="Move", assignee="ana"),
        task("renew-the-passport", "Renew the passport", due=day(24), tags=["travel"], links=[{"url": "https://example.com/passport", "title": "What to bring"}]),
        task("read-the-report", "Read the incident report", tags=["work"], priority="Low"),
    ]  # fmt: skip


def _object(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "labels": LABEL}
    return {"apiVersion": "todotasks.dev/v1", "kind": kind, "metadata": metadata, "spec": spec}


def zone_here() -> str:
    """The zone of this machine, by its IANA name; UTC where it does not say one."""
    named = os.environ.get("TZ", "")
    try:
        named = named or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    except OSError:
        named = ""
    return "UTC" if named in {"", "Etc/UTC"} else named
