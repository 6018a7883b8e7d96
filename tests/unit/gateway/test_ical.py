"""The iCalendar document: read back by a parser, and byte by byte where RFC 5545 is strict."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from chat_gateway.api.calendar.ical import Entry, to_ical
from chat_gateway.api.calendar.vtimezone import changes, vtimezone

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def an_entry(**said: Any) -> Entry:
    return Entry(**{"uid": "uid-1", "title": "Pay rent", "changed": NOW, **said})


def read(*entries: Entry, form: Any = "tasks") -> list[Any]:
    calendar = Calendar.from_ical(to_ical(entries, form, "home"))
    return [part for part in calendar.walk() if part.name in ("VTODO", "VEVENT")]


def test_a_task_is_a_todo_with_all_that_it_says() -> None:
    (todo,) = read(
        an_entry(
            due=datetime(2026, 12, 1, 8, tzinfo=UTC),
            zone="Europe/Berlin",
            notes="by card\r\nnot cash",
            priority="Urgent",
            tags=("work", "a,b"),
            created=NOW - timedelta(days=1),
            sequence=3,
            parent="uid-0",
            place="home/pay-rent",
            url="https://todo.example.com/task/home/pay-rent",
        )
    )
    assert todo["uid"] == "uid-1@todotasks.dev"
    assert todo["summary"] == "Pay rent"
    assert todo["description"] == "by card\nnot cash"
    assert todo["priority"] == 1
    assert todo["status"] == "NEEDS-ACTION"
    assert todo["sequence"] == 3
    assert todo["url"] == "https://todo.example.com/task/home/pay-rent"
    assert todo["related-to"] == "uid-0@todotasks.dev"
    assert todo["categories"].cats == ["work", "a,b"]
    assert todo.decoded("due") == datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert todo["due"].params["TZID"] == "Europe/Berlin"


def test_an_all_day_task_is_due_on_a_date() -> None:
    body = to_ical([an_entry(due=date(2026, 12, 1))], "tasks", "home")
    assert b"\r\nDUE;VALUE=DATE:20261201\r\n" in body
    (event,) = read(an_entry(due=date(2026, 12, 1)), form="events")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 1), date(2026, 12, 2))


def test_a_completed_task_says_when() -> None:
    (todo,) = read(an_entry(completed=True, completion=NOW))
    assert (todo["status"], todo["percent-complete"], todo.decoded("completed")) == ("COMPLETED", 100, NOW)


def test_an_event_keeps_nobody_busy_and_a_task_without_due_is_none() -> None:
    (event,) = read(an_entry(due=NOW), an_entry(uid="uid-2"), form="events")
    assert event["transp"] == "TRANSPARENT"
    assert event.decoded("dtstart") == NOW


def test_the_second_time_of_an_hour_that_comes_twice_is_said_in_utc() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    body = to_ical(
        [an_entry(due=at, zone="Europe/Berlin") for at in (first, first + timedelta(hours=1))],
        "tasks",
        "home",
    )
    assert b"DUE;TZID=Europe/Berlin:20261025T023000" in body
    assert b"DUE:20261025T013000Z" in body


HOSTILE = "BEGIN:VEVENT\r\nX:\x1b[31m, ; \\n \u202eevil\u2066 \x00\nEND:VCALENDAR"


def test_a_title_cannot_become_a_line_of_its_own_nor_command_a_terminal() -> None:
    body = to_ical([an_entry(title=HOSTILE, notes=HOSTILE, tags=(HOSTILE,))], "tasks", HOSTILE)
    lines = body.split(b"\r\n")
    assert b"BEGIN:VEVENT" not in lines
    assert lines.count(b"END:VCALENDAR") == 1
    for char in ("\x1b", "\x00", "\u202e", "\u2066"):
        assert char.encode() not in body
    assert len(Calendar.from_ical(body).walk("VTODO")) == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_title_comes_through_in_lines_of_at_most_75_octets(title: str, notes: str) -> None:
    body = to_ical([an_entry(title=title, notes=notes)], "tasks", title)
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    body.decode()
    (todo,) = read(an_entry(title=title, notes=notes))

    def seen(text: str) -> list[str]:  # U+FFFD stands for a control character
        return [c for c in text if c.isprintable() and not c.isspace() and c != "\ufffd"]

    assert seen(todo["summary"]) == seen(title)


ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Gaza",
]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
)
def test_a_due_is_the_same_instant_for_a_client_that_knows_only_the_document(
    zone: str, due: datetime
) -> None:
    """Read as RFC 5545 says, from the observances alone, without the zone's name."""
    document = Calendar.from_ical(to_ical([an_entry(due=due, zone=zone)], "tasks", "home"))
    (todo,) = document.walk("VTODO")
    given = todo["due"].dt.replace(tzinfo=None)
    if "TZID" not in todo["due"].params:
        assert given == due.replace(tzinfo=None)
        return
    (described,) = document.walk("VTIMEZONE")
    observances = [part for part in described.walk() if part.name in ("STANDARD", "DAYLIGHT")]
    onset = max(
        (part for part in observances if part["dtstart"].dt <= given), key=lambda part: part["dtstart"].dt
    )
    # In a fold the local time lies before the onset of what follows, and is meant as the first of the two.
    assert given - onset["tzoffsetto"].td == due.replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
def test_the_changes_of_a_zone_are_those_of_the_time_zone_database(zone: str) -> None:
    begin, info = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    found = list(changes(info, begin, begin + timedelta(days=365)))
    for change in found:
        second = timedelta(seconds=1)
        assert (change.at - second).astimezone(info).utcoffset() == change.before != change.after
        assert change.at.astimezone(info).utcoffset() == change.after
    hours = [begin + timedelta(hours=hour) for hour in range(365 * 24 + 1)]
    offsets = [at.astimezone(info).utcoffset() for at in hours]
    assert len(found) == sum(one != other for one, other in pairwise(offsets))


def test_a_zone_at_either_end_of_the_calendar_is_no_error() -> None:
    for year in (1, 9999):
        vtimezone("Europe/Berlin", datetime(year, 1, 1), datetime(year, 12, 31))
