"""Days on which a recurring task is left out."""

import pytest

from tests.unit.language.saying import fields


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("standup every monday at 9am except 2026-03-09", ["2026-03-09"]),
        ("standup every monday except monday 9 march", ["2026-03-09"]),
        ("standup every monday except next monday", ["2026-03-09"]),
        ("standup every weekday except tomorrow", ["2026-03-05"]),
        ("water plants every day except 2026-03-09 and 2026-03-10", ["2026-03-09", "2026-03-10"]),
        ("standup every weekday except 9 march, 16 march", ["2026-03-09", "2026-03-16"]),
        ("gym every day except on christmas day", ["2026-12-25"]),
        ("gym every day except 25 december", ["2026-12-25"]),
        ("gym every day except december 25 and january 1", ["2026-12-25", "2027-01-01"]),
        ("call mom every sunday but not on march 8", ["2026-03-08"]),
        ("gym every day except 9-11 march", ["2026-03-09", "2026-03-10", "2026-03-11"]),
        ("gym every day except march 9 to march 11", ["2026-03-09", "2026-03-10", "2026-03-11"]),
        ("gym jeden tag außer am 25. dezember", ["2026-12-25"]),
        ("gym jeden tag außer weihnachten", ["2026-12-25"]),
        ("gym jeden tag außer am 9. und 10. märz", ["2026-03-09", "2026-03-10"]),
    ],
)
def test_days_behind_except_are_left_out_and_do_not_begin_it(text: str, left_out: list[str]) -> None:
    found = fields(text)
    assert (found["action"], found["except"], found["start"]) == ("recurrence-create", left_out, None)
    assert found["title"] in {"standup", "gym", "water plants", "call mom"}


@pytest.mark.parametrize(
    "text",
    [
        "change the standup to every monday except 9 march",
        "repeat the standup every monday except 2026-03-09",
        "make the standup every monday except 2026-03-09 instead",
        "wiederhole das standup jeden montag außer am 9. märz",
    ],
)
def test_a_schedule_is_changed_to_one_with_exceptions(text: str) -> None:
    found = fields(text)
    assert (found["action"], found["target"].lower(), found["title"]) == (
        "recurrence-change",
        "standup",
        None,
    )
    assert (found["rrule"], found["except"]) == ("FREQ=WEEKLY;BYDAY=MO", ["2026-03-09"])


def test_a_start_beside_an_exception_stays_a_start() -> None:
    found = fields("standup every monday except 2026-03-16 starting tomorrow at 9am")
    assert (found["except"], found["start"]) == (["2026-03-16"], "2026-03-05")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("gym every day except 25 december", "only 2026-12-25 is left out, not every year"),
        ("standup every monday except the 9th", "only 2026-03-09 is left out, not every month"),
        ("standup every monday except in summer", "only some days can be left out"),
        ("standup every monday except holidays", "holidays are not known here"),
    ],
)
def test_what_cannot_be_left_out_is_said(text: str, remark: str) -> None:
    assert any(remark in each for each in fields(text)["remarks"])
    assert fields(text)["start"] is None


@pytest.mark.parametrize(
    "text", ["standup every weekday except fridays", "standup every day except mondays", "gym every day"]
)
def test_weekdays_are_left_out_by_the_rule_itself(text: str) -> None:
    assert fields(text)["except"] == []


def test_a_condition_that_is_no_day_stays_in_the_title() -> None:
    assert fields("gym every day except when it rains")["title"] == "gym except when it rains"
