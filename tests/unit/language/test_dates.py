"""Dates, times and stretches of time, and the words that only look like them."""

from datetime import date, datetime, time

import pytest

from tests.unit.language.saying import BERLIN, fields, read
from todotasks.language import DayParts


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("call mom tomorrow", "2026-03-05"),
        ("call mom on wednesday", "2026-03-04"),  # said on a Wednesday: today
        ("call mom wednesday at 9am", "2026-03-11T09:00"),  # … unless that hour is over
        ("call mom next wednesday", "2026-03-11"),  # next is the next week's
        ("call mom next friday", "2026-03-13"),
        ("call mom this friday", "2026-03-06"),
        ("pay on the 31st", "2026-03-31"),
        ("pay on feb 29", "2028-02-29"),  # the next one that exists
        ("pay by 31.12.2026", "2026-12-31"),
        ("pay on 2026-05-01", "2026-05-01"),
        ("monday the 6th", "2026-04-06"),  # the next 6th that is a Monday
        ("in 2 weeks", "2026-03-18"),
        ("in half an hour", "2026-03-04T10:30"),
        ("2 days before christmas", "2026-12-23"),
        ("friday of next week", "2026-03-13"),
        ("half past eight tomorrow", "2026-03-05T08:30"),
        ("quarter to 6 on friday", "2026-03-06T17:45"),
        ("tomorrow at 5", "2026-03-05T17:00"),  # a bare 1 to 6 is in the afternoon
        ("tomorrow at 8", "2026-03-05T08:00"),
        ("dinner tomorrow at 8", "2026-03-05T20:00"),  # … and what belongs to the evening is there
        ("tonight at 8", "2026-03-04T20:00"),
        ("today at 9:30", "2026-03-04T09:30"),
        ("at 9:30", "2026-03-05T09:30"),  # today's is over
        ("end of the month", "2026-03-31"),
        ("eod friday", "2026-03-06T17:00"),
        ("next month", "2026-04-01"),
        ("next week", "2026-03-11"),
        ("this weekend", "2026-03-07"),
        ("1st monday of next month", "2026-04-06"),
        ("last day of april", "2026-04-30"),
    ],
)
def test_a_date_in_words_is_the_next_day_that_fits(text: str, due: str) -> None:
    assert (fields(text)["due"] or "").startswith(due)


@pytest.mark.parametrize(
    "text",
    [
        "email Mark about the contract",
        "buy paprika",
        "sell the old monitor",
        "ask if I may take the second slot",
        "sat exam prep",
        "visit aunt may",
        "march for science flyers",
        "upgrade to version 1.10.30",
        "watch a 4:3 movie",
        "schedule a 1:1",
        "call 555-1234",
        "buy 3 eggs",
        "plan the 2nd floor",
        "Mortgages were at 6.45 percent",
        "June 31, 2026",  # no such day: nothing in it is read
        "2026-02-30",
        "write the Q3 report",
        'watch "tomorrow never dies"',
        "https://example.com/2026-05-01/post",
    ],
)
def test_words_of_a_title_are_no_dates(text: str) -> None:
    assert read(text).due is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("meeting tomorrow 2-3pm", "2026-03-05T14:00", "2026-03-05T15:00"),
        ("from 10am to 12pm on friday", "2026-03-06T10:00", "2026-03-06T12:00"),
        ("conference may 12-14", "2026-05-12", "2026-05-14"),
        ("trip dec 28 to jan 3", "2026-12-28", "2027-01-03"),
        ("next week", "2026-03-09", "2026-03-16"),
        ("book the room tomorrow at 3pm for 2 hours", "2026-03-05T15:00", "2026-03-05T17:00"),
    ],
)
def test_a_stretch_of_time_has_two_ends(text: str, start: str, end: str) -> None:
    interval = fields(text)["interval"]
    assert interval["start"].startswith(start)
    assert interval["end"].startswith(end)


def test_day_and_month_come_in_the_order_of_the_person() -> None:
    assert read("pay on 3/4", day_order="DMY").due == date(2026, 4, 3)
    assert read("pay on 4/3", day_order="MDY").due == date(2026, 4, 3)


def test_a_day_that_only_one_order_has_is_read_in_that_one() -> None:
    assert read("pay on 31/12", day_order="MDY").due == date(2026, 12, 31)


def test_a_zone_in_the_text_is_kept() -> None:
    due = read("call NYC tomorrow at 3pm EST").due
    assert isinstance(due, datetime)
    assert due.astimezone(BERLIN) == datetime(2026, 3, 5, 21, tzinfo=BERLIN)


def test_a_time_in_the_gap_of_daylight_saving_is_the_same_distance_behind_it() -> None:
    assert fields("on march 29 at 2:30am")["due"] == "2026-03-29T03:30:00+02:00"


def test_a_time_in_the_fold_of_daylight_saving_is_the_first_of_the_two() -> None:
    assert fields("on october 25 at 2:30am")["due"] == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("pay rent next monday, remind me on friday", "2026-03-06T07:30:00+01:00"),
        ("pay rent next monday, remind me on friday at 10", "2026-03-06T10:00:00+01:00"),
    ],
)
def test_a_reminder_on_a_day_comes_when_reminders_of_days_come(text: str, at: str) -> None:
    found = fields(text, day_parts=DayParts(all_day=time(7, 30)))
    assert [each["at"] for each in found["reminders"]] == [at]
