"""What rules will make, as a calendar shows it: a day stays that day, from wherever one looks."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from chat_gateway.api.calendar.endpoint import coming_entries
from todotasks.api import RecurrenceRule

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def a_rule(status: dict[str, Any] | None = None, **spec: Any) -> RecurrenceRule:
    template = {"spec": {"title": "Review"}}
    return msgspec.convert(
        {
            "metadata": {
                "name": "review",
                "namespace": "home",
                "uid": "u",
                "creationTimestamp": "2026-01-01T08:00:00Z",
            },
            "spec": {"template": template, **spec},
            "status": status or {},
        },
        RecurrenceRule,
    )


def days(rule: RecurrenceRule, zone: str | None) -> list[Any]:
    return [entry.due for entry in coming_entries(rule, zone, NOW)]


LAST_OF_MONTH = {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "start": "2026-01-31", "timeZone": "Europe/Berlin"}


def test_an_all_day_rule_that_counts_from_completion_comes_on_a_date() -> None:
    rule = a_rule({"nextScheduleTime": "2026-12-30T23:00:00Z"}, basis="Completion", **LAST_OF_MONTH)
    assert days(rule, "Europe/Berlin") == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-12-30T23:00:00Z", date(2026, 12, 31)),  # midnight in Berlin
        ("2026-12-31T05:00:00Z", date(2026, 12, 31)),  # in New York
        ("2026-12-30T15:00:00Z", date(2026, 12, 31)),  # in Tokyo
        ("2026-12-30T12:00:00Z", date(2026, 12, 31)),  # in Auckland, in winter
        ("2026-12-31T11:00:00Z", date(2026, 12, 31)),  # in Samoa (American)
        ("2026-12-31T00:00:00Z", date(2026, 12, 31)),
    ],
)
@pytest.mark.parametrize("basis", ["Schedule", "Completion"])
def test_whoever_may_not_know_the_zone_sees_the_day_all_the_same(told: str, day: date, basis: str) -> None:
    rule = a_rule(
        {"nextScheduleTime": told}, basis=basis, rrule="FREQ=MONTHLY;BYMONTHDAY=-1", start="2026-01-31"
    )
    assert days(rule, None) == [day]


def test_an_all_day_occurrence_of_today_is_still_to_come() -> None:
    rule = a_rule({"nextScheduleTime": "2026-11-27T23:00:00Z"}, basis="Completion", **LAST_OF_MONTH)
    assert days(rule, "Europe/Berlin") == [date(2026, 11, 28)]


def test_an_all_day_rule_by_its_schedule_gives_days() -> None:
    rule = a_rule(**LAST_OF_MONTH)
    assert days(rule, "Europe/Berlin") == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]


def test_a_rule_with_a_time_gives_moments() -> None:
    timed = {**LAST_OF_MONTH, "start": "2026-01-31T09:00"}
    assert days(a_rule(**timed), "Europe/Berlin")[0] == datetime(2026, 11, 30, 8, tzinfo=UTC)
    told = a_rule({"nextScheduleTime": "2026-12-31T08:00:00Z"}, basis="Completion", **timed)
    assert days(told, "Europe/Berlin") == [datetime(2026, 12, 31, 8, tzinfo=UTC)]


def test_what_is_to_come_was_changed_when_its_rule_was_made_and_not_when_the_last_one_was_due() -> None:
    rule = a_rule({"lastScheduleTime": "2026-10-30T23:00:00Z"}, **LAST_OF_MONTH)
    changed = {entry.changed for entry in coming_entries(rule, "Europe/Berlin", NOW)}
    assert changed == {datetime(2026, 1, 1, 8, tzinfo=UTC)}
