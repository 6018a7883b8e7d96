"""Whoever says "monthly on the 31st" hears which months are left out, and how to have the last day."""

from datetime import UTC, datetime

import pytest

from todotasks.recurrence import Rule, RuleSpec, ShortMonths, parse_rule, short_months
from todotasks.recurrence.requests import answer_request

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)


def read(**spec: object) -> Rule:
    rule = parse_rule(RuleSpec(**spec), anchor=NOW)  # type: ignore[arg-type]
    assert isinstance(rule, Rule), rule
    return rule


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=31"}, ShortMonths(31)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=30"}, ShortMonths(30)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=29"}, ShortMonths(29)),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=15,31"}, ShortMonths(31)),
        ({"rrule": "FREQ=MONTHLY", "start": "2026-01-31"}, ShortMonths(31)),
        ({"rrule": "FREQ=MONTHLY;INTERVAL=3", "start": "2026-01-31"}, ShortMonths(31)),  # April has none
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, ShortMonths(29, leap_years=True)),
        ({"rrule": "FREQ=YEARLY", "start": "2024-02-29"}, ShortMonths(29, leap_years=True)),
        ({"cron": "0 9 31 * *"}, ShortMonths(31)),
        ({"cron": "0 9 29 2 *"}, ShortMonths(29, leap_years=True)),
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
    spec: dict[str, object], expected: ShortMonths | None
) -> None:
    assert short_months(read(**spec)) == expected


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
