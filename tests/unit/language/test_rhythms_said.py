"""Rhythms as people say them: lists of weekdays, office hours, ends of months, until it is done."""

from typing import Any

import pytest

from tests.unit.language.saying import fields, read

WORKWEEK = "BYDAY=MO,TU,WE,TH,FR"
HOURS = "BYHOUR=9,10,11,12,13,14,15,16,17;BYMINUTE=0"


@pytest.mark.parametrize(
    ("text", "title", "rrule"),
    [
        # several weekdays at a time of day
        ("gym mon wed fri 6am", "gym", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=6;BYMINUTE=0"),
        ("gym every mon wed fri 6am", "gym", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=6;BYMINUTE=0"),
        ("standup mon-thu 9am", "standup", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0"),
        ("gym tue/thu 6pm", "gym", "FREQ=WEEKLY;BYDAY=TU,TH;BYHOUR=18;BYMINUTE=0"),
        ("standup mo-fr 9:00", "standup", f"FREQ=WEEKLY;{WORKWEEK};BYHOUR=9;BYMINUTE=0"),
        ("swim m/w/f 7am", "swim", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=7;BYMINUTE=0"),
        ("mwf 7am run", "run", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=7;BYMINUTE=0"),
        ("yoga tue thu sat", "yoga", "FREQ=WEEKLY;BYDAY=TU,TH,SA"),
        ("piano mon & wed 4pm", "piano", "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=16;BYMINUTE=0"),
        (
            "weekly standup monday to thursday 9am",
            "weekly standup",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0",
        ),
        # within some hours of the day
        (
            "drink water every 2 hours from 8am to 8pm",
            "drink water",
            "FREQ=DAILY;BYHOUR=8,10,12,14,16,18,20;BYMINUTE=0",
        ),
        (
            "every hour between 9am and 5pm on weekdays stretch",
            "stretch",
            f"FREQ=WEEKLY;{WORKWEEK};{HOURS}",
        ),
        ("stretch every hour from 9 to 17 on weekdays", "stretch", f"FREQ=WEEKLY;{WORKWEEK};{HOURS}"),
        ("on weekdays stretch every hour from 9 to 5", "stretch", f"FREQ=WEEKLY;{WORKWEEK};{HOURS}"),
        ("stretch every 30 minutes from 9 to 12", "stretch", "FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,30"),
        (
            "check mail every 2 hours during office hours",
            "check mail",
            "FREQ=DAILY;BYHOUR=9,11,13,15,17;BYMINUTE=0",
        ),
        (
            "alle 2 Stunden von 8 bis 20 Uhr trinken",
            "trinken",
            "FREQ=DAILY;BYHOUR=8,10,12,14,16,18,20;BYMINUTE=0",
        ),
        # the ends of months, quarters, years
        ("pay rent at the end of every month", "pay rent", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("pay rent at the end of the month every month", "pay rent", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("close books every month end", "close books", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("invoice at the beginning of each quarter", "invoice", "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=1"),
        ("review goals at the end of each year", "review goals", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"),
        ("Müll am Ende jedes Monats rausbringen", "Müll rausbringen", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        # weekends are stepped over
        (
            "on the 15th of every month, or the next weekday if that is a weekend, send the invoice",
            "send the invoice",
            f"FREQ=MONTHLY;BYMONTHDAY=15,16,17;{WORKWEEK};BYSETPOS=1",
        ),
        (
            "salary run on the last day of every month, or the friday before if it is a weekend",
            "salary run",
            f"FREQ=MONTHLY;BYMONTHDAY=-3,-2,-1;{WORKWEEK};BYSETPOS=-1",
        ),
        # quarters by their months, steps of months, several of a month
        (
            "quarterly review first Monday of January, April, July and October",
            "quarterly review",
            "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1MO",
        ),
        ("the 4th of every other month pay tax", "pay tax", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=4"),
        ("first friday of every 3 months retro", "retro", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1FR"),
        ("2nd and last friday of each month board games", "board games", "FREQ=MONTHLY;BYDAY=2FR,-1FR"),
        ("meds every day for 3x", "meds", "FREQ=DAILY;COUNT=3"),
        ("weekly plan every Monday at 9", "weekly plan", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0"),
    ],
)
def test_a_rhythm_is_read_and_leaves_the_title_whole(text: str, title: str, rrule: str) -> None:
    found = fields(text)
    assert (found["action"], found["title"], found["rrule"]) == ("recurrence-create", title, rrule)


@pytest.mark.parametrize(
    "text",
    [
        "water plants every 3 days after I did it",
        "descale kettle every 30 days counting from when i last did it",
        "change filter every 3 months after it's done",
        "clean fridge every! 2 weeks",
        "Pflanzen alle 3 Tage gießen, nachdem ich es gemacht habe",
    ],
)
def test_counted_from_when_it_was_done(text: str) -> None:
    assert fields(text)["basis"] == "Completion"


@pytest.mark.parametrize(
    "text",
    ["vacation mon-fri", "offsite monday to wednesday", "visit mum sat/sun", "buy milk mon or tue"],
)
def test_days_without_a_time_are_no_rhythm(text: str) -> None:
    assert fields(text)["rrule"] is None


def test_a_weekend_that_would_leave_the_month_is_remarked_and_not_shifted() -> None:
    reading = read("pay on the 30th of every month, or the next working day if that is a weekend")
    assert reading.recurrence is not None
    assert reading.recurrence.rrule == "FREQ=MONTHLY;BYMONTHDAY=30"
    assert any("another month" in remark for remark in reading.remarks)


@pytest.mark.parametrize(
    ("text", "title", "reminder"),
    [
        (
            "take out the trash every monday at 17:00, remind me every 15 minutes until done",
            "take out the trash",
            {"before": "0m", "repeatEvery": "15m"},
        ),
        (
            "remind me to submit the report every 15 minutes until it is done",
            "submit the report",
            {"at": "2026-03-04T10:15:00+01:00", "repeatEvery": "15m"},
        ),
        (
            "remind me to call the bank in 2 minutes, every minute until done",
            "call the bank",
            {"at": "2026-03-04T10:02:00+01:00", "repeatEvery": "1m"},
        ),
        (
            "nag me every hour to call mom",
            "call mom",
            {"at": "2026-03-04T11:00:00+01:00", "repeatEvery": "1h"},
        ),
        (
            "remind me to take the pills at 9pm and again every 10 minutes, up to 5 times",
            "take the pills",
            {"at": "2026-03-04T21:00:00+01:00", "repeatEvery": "10m", "maxRepeats": 5},
        ),
        (
            "remind me about the passport every Sunday evening until it's done",
            "passport",
            {"at": "2026-03-08T19:00:00+01:00", "repeatEvery": "1w"},
        ),
        (
            "erinnere mich alle 10 Minuten an den Herd bis es erledigt ist",
            "Herd",
            {"at": "2026-03-04T10:10:00+01:00", "repeatEvery": "10m"},
        ),
    ],
)
def test_until_it_is_done_is_a_reminder_that_comes_again(
    text: str, title: str, reminder: dict[str, Any]
) -> None:
    found = fields(text)
    assert (found["title"], found["reminders"]) == (title, [reminder])


def test_a_reminder_that_comes_often_without_an_end_is_a_rhythm() -> None:
    found = fields("remind me every 2 hours to drink water")
    assert (found["rrule"], found["reminders"]) == ("FREQ=HOURLY;INTERVAL=2", [])
