"""Whoever says "monthly on the 31st" hears which months are left out, and how to have the last day."""

from datetime import UTC, datetime

import pytest

from todotasks.api import SimpleSchedule
from todotasks.recurrence import LeftOut, Rule, RuleSpec, left_out, parse_rule
from todotasks.recurrence.month_ends import Written
from todotasks.recurrence.requests import answer_request

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)


def read(**spec: object) -> Rule:
    rule = parse_rule(RuleSpec(**spec), anchor=NOW)  # type: ignore[arg-type]
    assert isinstance(rule, Rule), rule
    return rule


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=31"}, LeftOut("day", 31)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=30"}, LeftOut("day", 30)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=29"}, LeftOut("day", 29)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=15,31"}, LeftOut("day", 31)),
        ({"rrule": "FREQ=MONTHLY", "start": "2026-01-31"}, LeftOut("day", 31)),
        ({"rrule": "FREQ=MONTHLY;INTERVAL=3", "start": "2026-01-31"}, LeftOut("day", 31)),  # April has none
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, LeftOut("leap", 29)),
        ({"rrule": "FREQ=YEARLY", "start": "2024-02-29"}, LeftOut("leap", 29)),
        ({"cron": "0 9 31 * *"}, LeftOut("day", 31)),
        ({"cron": "0 9 29 2 *"}, LeftOut("leap", 29)),
        ({"rrule": "FREQ=DAILY;BYMONTHDAY=31"}, LeftOut("day", 31)),
        ({"rrule": "FREQ=MONTHLY;BYDAY=5MO"}, LeftOut("weekday", 5, 0)),
        ({"rrule": "FREQ=MONTHLY;BYDAY=-5SU"}, LeftOut("weekday", 5, 6)),
        ({"rrule": "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=5"}, LeftOut("weekday", 5, 4)),
        ({"rrule": "FREQ=YEARLY;BYMONTH=3;BYDAY=5MO"}, LeftOut("weekday", 5, 0)),
        ({"rrule": "FREQ=YEARLY;BYDAY=53MO"}, LeftOut("weekday", 53, 0, of_year=True)),
        ({"rrule": "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"}, LeftOut("week", 53)),
        ({"rrule": "FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO"}, LeftOut("week", 53)),
        ({"rrule": "FREQ=YEARLY;BYYEARDAY=366"}, LeftOut("yearday", 366)),
        ({"cron": "0 9 * * 1#5"}, LeftOut("weekday", 5, 0)),
        ({"cron": "0 9 * * 0#5"}, LeftOut("weekday", 5, 6)),
        ({"rrule": "FREQ=MONTHLY;BYDAY=4MO,5MO"}, None),  # the fourth is there where the fifth is not
        ({"rrule": "FREQ=MONTHLY;BYDAY=-1MO"}, None),
        ({"rrule": "FREQ=MONTHLY;BYDAY=4MO"}, None),
        ({"rrule": "FREQ=YEARLY;BYDAY=52MO"}, None),
        ({"rrule": "FREQ=YEARLY;BYWEEKNO=52,53;BYDAY=MO"}, None),
        ({"rrule": "FREQ=YEARLY;BYYEARDAY=365,366;BYSETPOS=-1"}, None),
        ({"rrule": "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=31"}, None),
        ({"cron": "0 9 * * 5L"}, None),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=28"}, None),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"}, None),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"}, None),
        ({"rrule": "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=31"}, None),
        ({"rrule": "FREQ=MONTHLY;BYMONTH=1,3,5;BYMONTHDAY=31"}, None),
        ({"rrule": "FREQ=MONTHLY;INTERVAL=12", "start": "2026-01-31"}, None),
        ({"rrule": "FREQ=YEARLY", "start": "2026-01-31"}, None),
        ({"rrule": "FREQ=WEEKLY;BYDAY=MO"}, None),
        ({"rrule": "FREQ=DAILY"}, None),
        ({"cron": "0 9 L * *"}, None),
        ({"cron": "0 9 * * *"}, None),
        ({"cron": "0 9 */2 * *"}, None),
        ({"cron": "0 9 31 * 1"}, None),
        ({"cron": "0 9 25-31 * *"}, None),
        ({"cron": "0 9 31 1,3 *"}, None),
    ],
)
def test_a_day_that_some_months_or_years_lack_is_known(
    spec: dict[str, object], expected: LeftOut | None
) -> None:
    assert left_out(read(**spec)) == expected


def test_next_says_which_months_are_left_out_and_what_the_last_day_is_called() -> None:
    answer = answer_request({"rrule": "FREQ=MONTHLY;BYMONTHDAY=31", "start": "2026-01-31"}, NOW)
    assert answer["notes"] == [
        "months without a 31st are left out; BYMONTHDAY=-1 is the last day of every month"
    ]
    answer = answer_request({"rrule": "FREQ=YEARLY", "start": "2024-02-29"}, NOW)
    assert answer["notes"] == [
        "years without a 29 February are left out; BYMONTHDAY=-1 is the last day of February"
    ]


def test_a_step_from_a_completion_ends_on_the_last_day_and_needs_no_note() -> None:
    request = {"rrule": "FREQ=MONTHLY", "start": "2026-01-31", "basis": "Completion", "after": "2026-01-31"}
    assert "notes" not in answer_request(request, NOW)


@pytest.mark.parametrize(
    ("spec", "written", "note"),
    [
        (
            {"cron": "0 9 31 * *"},
            "cron",
            "months without a 31st are left out; L is the last day of every month",
        ),
        (
            {"rrule": "FREQ=MONTHLY;BYMONTHDAY=30"},
            "simple",
            "months without a 30th are left out; dayOfMonth: -1 is the last day of every month",
        ),
        (
            {"rrule": "FREQ=MONTHLY;BYDAY=5SU"},
            "rrule",
            "months without a fifth Sunday are left out; BYDAY=-1SU is the last one of every month",
        ),
        (
            {"rrule": "FREQ=MONTHLY;BYDAY=5SU"},
            "simple",
            "months without a fifth Sunday are left out; nth: -1 is the last one of every month",
        ),
        (
            {"cron": "0 9 * * 0#5"},
            "cron",
            "months without a fifth Sunday are left out; 0L is the last one of every month",
        ),
        (
            {"rrule": "FREQ=YEARLY;BYDAY=53MO"},
            "rrule",
            "years without a 53rd Monday are left out; BYDAY=-1MO is the last one of every year",
        ),
        (
            {"rrule": "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"},
            "rrule",
            "years without a week 53 are left out; BYWEEKNO=-1 is the last week of every year",
        ),
    ],
)
def test_the_note_names_the_last_one_as_the_rule_is_written(
    spec: dict[str, object], written: Written, note: str
) -> None:
    lacking = left_out(read(**spec))
    assert lacking is not None
    assert lacking.note(written) == note


@pytest.mark.parametrize(
    "last",
    [
        {"cron": "0 9 L * *"},
        {"cron": "0 9 * * 0L"},
        {"rrule": "FREQ=MONTHLY;BYDAY=-1SU"},
        {"rrule": "FREQ=YEARLY;BYDAY=-1MO"},
        {"rrule": "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO"},
        {"rrule": "FREQ=YEARLY;BYYEARDAY=-1"},
        {"simple": SimpleSchedule(frequency="Monthly", day_of_month=-1)},
        {"simple": SimpleSchedule(frequency="Monthly", nth=-1, days_of_week=("Sunday",))},
    ],
)
def test_what_a_note_advises_leaves_nothing_out(last: dict[str, object]) -> None:
    assert left_out(read(**last)) is None
