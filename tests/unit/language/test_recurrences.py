"""Recurrence phrases become RRULEs; what a rule cannot say is said in the remarks."""

import pytest

from tests.unit.language.saying import fields, read
from todotasks.language import describe


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("trash every other tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("retro 2nd tuesday of the month at 10", "FREQ=MONTHLY;BYDAY=2TU;BYHOUR=10;BYMINUTE=0"),
        (
            "close books last weekday of the quarter",
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        ("payroll on the last friday of every month", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("invoice on the 15th and last day of every month", "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
        ("vitamins every day at 8am and 8pm", "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0"),
        ("gym mon, wed and fri 6pm every week", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=18;BYMINUTE=0"),
        ("yoga tuesdays and thursdays at 7 am", "FREQ=WEEKLY;BYDAY=TU,TH;BYHOUR=7;BYMINUTE=0"),
        ("biweekly 1:1 on wednesdays at 2pm", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;BYHOUR=14;BYMINUTE=0"),
        ("drink water every 45 minutes", "FREQ=MINUTELY;INTERVAL=45"),
        ("physio every monday 10 times", "FREQ=WEEKLY;BYDAY=MO;COUNT=10"),
        ("piano every wednesday until june 30", "FREQ=WEEKLY;BYDAY=WE;UNTIL=20260630"),
        ("mom's birthday every may 12", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=12"),
        ("standup every weekday except friday at 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0"),
        ("feed the fish every morning and evening", "FREQ=DAILY;BYHOUR=9,19;BYMINUTE=0"),
    ],
)
def test_a_recurrence_in_words_is_a_rule(text: str, rrule: str) -> None:
    assert fields(text)["rrule"] == rrule


def test_after_completion_counts_from_the_completion() -> None:
    recurrence = read("change the filter every 3 months after completion").recurrence
    assert recurrence is not None
    assert recurrence.basis == "Completion"


def test_a_start_that_is_said_is_kept_apart_from_the_rule() -> None:
    found = fields("haircut every 5 weeks starting march 14")
    assert (found["rrule"], found["start"]) == ("FREQ=WEEKLY;INTERVAL=5", "2026-03-14")


def test_what_no_rule_can_say_is_remarked() -> None:
    reading = read("standup weekdays at 9 except holidays")
    assert any("holidays" in remark for remark in reading.remarks)
    assert "holidays" in describe(reading)


def test_an_adjective_in_the_middle_of_a_title_is_no_recurrence() -> None:
    assert read("write monthly newsletter draft").recurrence is None
