"""Due dates from where a person stands."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from todo_cli.plugin.printing.dates import absolute, relative

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=BERLIN)  # a Wednesday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("due", "all_day", "said"),
    [
        ("2026-03-04T15:00", False, "today 15:00"),
        ("2026-03-04", True, "today"),
        ("2026-03-05T09:30", False, "tomorrow 09:30"),
        ("2026-03-05", True, "tomorrow"),
        ("2026-03-06T09:30", False, "Fri 09:30"),
        ("2026-03-10", True, "Tue"),
        ("2026-03-11", True, "11 Mar"),  # Wednesday again: a weekday would be read as today
        ("2026-12-24", True, "24 Dec"),
        ("2027-01-03", True, "3 Jan 2027"),
        ("2026-03-03", True, "yesterday"),
        ("2025-12-31", True, "31 Dec 2025"),
    ],
)
def test_a_due_date_is_said_as_a_person_says_it(due: str, all_day: bool, said: str) -> None:
    assert relative(at(due), NOW, all_day=all_day) == said


@pytest.mark.parametrize(
    ("due", "all_day", "said"),
    [
        ("2026-03-04T09:59", False, "1 min overdue"),
        ("2026-03-04T09:59:40", False, "just overdue"),
        ("2026-03-04T07:00", False, "3 h overdue"),
        ("2026-03-01T07:00", False, "3 d overdue"),
        ("2026-03-03", True, "1 d overdue"),
        ("2026-02-25", True, "7 d overdue"),
    ],
)
def test_what_is_overdue_says_for_how_long(due: str, all_day: bool, said: str) -> None:
    assert relative(at(due), NOW, all_day=all_day, overdue=True) == said


def test_a_date_in_full_has_its_year() -> None:
    assert absolute(at("2026-03-04T15:00"), all_day=False) == "Wed 4 Mar 2026 15:00"
    assert absolute(at("2026-03-04"), all_day=True) == "Wed 4 Mar 2026"
