"""spec.due as instants: three shapes, zones, daylight saving, and errors that name the field."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.api.due import Due, DueError, resolve_due
from todotasks.api.zones import zone_names


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "time_zone", "default_zone", "instant", "zone"),
    [
        # offset: the zone is only for display
        ("2026-11-21T17:00:00+01:00", None, None, "2026-11-21T16:00:00", "UTC"),
        ("2026-11-21T17:00:00Z", "Europe/Berlin", None, "2026-11-21T17:00:00", "Europe/Berlin"),
        ("2026-11-21t17:00:00z", None, None, "2026-11-21T17:00:00", "UTC"),
        ("2026-11-21T17:00:00-03:30", None, None, "2026-11-21T20:30:00", "UTC"),
        ("2026-11-21T17:00:00.123456789Z", None, None, "2026-11-21T17:00:00.123456", "UTC"),
        ("2026-11-21T17:00:00Z", None, "No/Such", "2026-11-21T17:00:00", "UTC"),
        # wall clock: the task's zone, else the namespace's, else UTC
        ("2026-11-21T17:00:00", "Europe/Berlin", "Asia/Tokyo", "2026-11-21T16:00:00", "Europe/Berlin"),
        ("2026-11-21T17:00", None, "Asia/Tokyo", "2026-11-21T08:00:00", "Asia/Tokyo"),
        ("2026-11-21T17:00", None, None, "2026-11-21T17:00:00", "UTC"),
        # summer and winter of the same zone
        ("2026-07-21T17:00", "Europe/Berlin", None, "2026-07-21T15:00:00", "Europe/Berlin"),
        # the gap: the same distance after it (02:30 is read as 03:30)
        ("2026-03-29T02:30", "Europe/Berlin", None, "2026-03-29T01:30:00", "Europe/Berlin"),
        ("2026-03-08T02:30", "America/New_York", None, "2026-03-08T07:30:00", "America/New_York"),
        # the fold: the first time
        ("2026-10-25T02:30", "Europe/Berlin", None, "2026-10-25T00:30:00", "Europe/Berlin"),
    ],
)
def test_a_date_time_is_due_and_overdue_at_that_instant(due, time_zone, default_zone, instant, zone):
    expected = Due(all_day=False, instant=utc(instant), overdue_at=utc(instant), zone=zone)
    assert resolve_due(due, time_zone, default_zone) == expected


@pytest.mark.parametrize(
    ("due", "zone", "start", "end"),
    [
        ("2026-11-21", "UTC", "2026-11-21T00:00", "2026-11-22T00:00"),
        ("2026-11-21", "Asia/Tokyo", "2026-11-20T15:00", "2026-11-21T15:00"),
        ("2026-11-21", "Pacific/Kiritimati", "2026-11-20T10:00", "2026-11-21T10:00"),  # first on Earth
        ("2026-11-21", "Pacific/Pago_Pago", "2026-11-21T11:00", "2026-11-22T11:00"),  # last
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00"),  # a day of 23 hours
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"),  # a day of 25 hours
        ("2024-09-08", "America/Santiago", "2024-09-08T04:00", "2024-09-09T03:00"),  # midnight is in the gap
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),  # a day that was skipped
        ("2028-02-29", "UTC", "2028-02-29T00:00", "2028-03-01T00:00"),
    ],
)
def test_an_all_day_task_is_due_at_the_start_and_overdue_at_the_end_of_the_day_there(due, zone, start, end):
    expected = Due(all_day=True, instant=utc(start), overdue_at=utc(end), zone=zone)
    assert resolve_due(due, zone) == expected


@pytest.mark.parametrize(
    ("due", "says"),
    [
        ("tomorrow", "is not a date or date-time: expected"),
        ("", "is not a date or date-time"),
        ("2026-11-21 17:00", "is not a date or date-time"),
        ("21.11.2026", "is not a date or date-time"),
        ("2026-11-21T17:00:00+0100", "is not a date or date-time"),
        ("2026-11-21\n", "is not a date or date-time"),
        ("٢٠٢٦-11-21", "is not a date or date-time"),
        ("2026-02-29", "names a day that does not exist"),
        ("2026-13-01T00:00", "names a day that does not exist"),
        ("0000-01-01", "names a day that does not exist"),
        ("2026-11-21T24:00:00Z", "names a time that does not exist"),
        ("2026-11-21T23:59:60Z", "names a time that does not exist"),
        ("2026-11-21T17:00:00+24:00", "has the offset"),
        ("9999-12-31", "out of range"),
        ("0001-01-01T00:00:00+01:00", "out of range"),
        ("9999-12-31T23:00:00Z", "out of range"),  # fits, but could not be shown in Tokyo
    ],
)
def test_a_due_that_cannot_be_read_is_refused_with_its_field(due, says):
    with pytest.raises(DueError, match=says) as caught:
        resolve_due(due, "UTC")
    assert caught.value.field == "spec.due"


def test_an_unknown_zone_is_refused_with_the_field_it_came_from():
    with pytest.raises(DueError, match="did you mean") as of_task:
        resolve_due("2026-11-21", "Europe/Berln")
    with pytest.raises(DueError) as of_namespace:
        resolve_due("2026-11-21", None, "Mars/Olympus")
    assert of_task.value.field == "spec.timeZone"
    assert of_namespace.value.field == "the namespace's annotation todotasks.dev/time-zone"


@given(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)),
    st.sampled_from(sorted(zone_names())),
)
def test_a_wall_clock_time_is_never_overdue_before_it_is_due(wall, zone):
    timed = resolve_due(wall.strftime("%Y-%m-%dT%H:%M:%S"), zone)
    day = resolve_due(wall.strftime("%Y-%m-%d"), zone)
    assert timed.overdue_at == timed.instant
    assert timedelta() <= day.overdue_at - day.instant <= timedelta(hours=49)
    assert day.instant <= timed.instant


@given(st.text(max_size=40))
def test_any_text_is_resolved_or_refused_but_never_a_surprise(text):
    with contextlib.suppress(DueError):
        resolve_due(text, "Europe/Berlin")
