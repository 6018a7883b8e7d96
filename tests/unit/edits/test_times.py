"""How dues move: days of the calendar, hours that pass, and the hour on the wall across daylight saving."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.edits.model.times import (
    TimeError,
    moment_of,
    read_shift,
    same_moment,
    shifted,
    written,
)
from todotasks.edits.understand.from_reading import shift_of

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("due", "shift", "moved"),
    [
        ("2026-03-04", "2d", "2026-03-06"),
        ("2026-01-31", "1mo", "2026-02-28"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2026-03-04", "-1w", "2026-02-25"),
        ("2026-03-28T15:00", "1d", "2026-03-29T15:00"),  # the clocks go forward in between
        ("2026-03-28T15:00", "24h", "2026-03-29T16:00"),
        ("2026-10-25T02:30", "1h", "2026-10-25T02:30:00+01:00"),  # half past two, the second time
        ("2026-10-25T02:30:00+01:00", "1h", "2026-10-25T03:30"),  # from the second time
        ("2026-10-25T02:30:00+01:00", "30m", "2026-10-25T03:00"),
        ("2026-10-25T02:30:00+01:00", "-1h", "2026-10-25T02:30"),
        ("2026-10-25T02:30:00+02:00", "30m", "2026-10-25T02:00:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "1d", "2026-10-26T02:30"),
        ("2026-10-24T02:30", "1d", "2026-10-25T02:30"),
        ("2026-03-28T02:30", "1d", "2026-03-29T03:30"),  # there is no half past two
        ("2026-03-04T15:00:30", "1m", "2026-03-04T15:01:30"),
    ],
)
def test_a_due_moves(due: str, shift: str, moved: str) -> None:
    assert written(shifted(moment_of(due, BERLIN), read_shift(shift)), BERLIN) == moved


@pytest.mark.parametrize(
    ("moment", "shift"),
    [
        (date(2026, 3, 4), "2h"),
        (date(2999, 12, 1), "1mo"),
        (date(2026, 3, 4), "99999999d"),
        (datetime(1900, 1, 3, tzinfo=ZoneInfo(BERLIN)), "-1w"),
    ],
)
def test_a_due_does_not_move_by_hours_of_a_day_or_out_of_the_calendar(moment: date, shift: str) -> None:
    with pytest.raises(TimeError):
        shifted(moment, read_shift(shift))


@pytest.mark.parametrize(
    ("iso", "shift"),
    [
        ("P2D", "2d"),
        ("-PT1H30M", "-1h30m"),
        ("P1M", "1mo"),
        ("P1Y2W", "1y2w"),
        ("P0D", None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_what_the_grammar_says_becomes_what_the_api_says(iso: str | None, shift: str | None) -> None:
    assert shift_of(iso) == shift


@settings(deadline=None)
@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.sampled_from((BERLIN, "Pacific/Apia", "UTC"))
)
def test_a_moment_that_is_written_reads_back_as_the_same_minute(naive: datetime, zone: str) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone))
    back = moment_of(written(moment, zone), zone)
    assert isinstance(back, datetime)
    assert back.timestamp() == moment.timestamp()


TWICE = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))  # the clocks go back half an hour later


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TWICE, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (TWICE.replace(fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        (TWICE, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), False),
        (TWICE, TWICE.replace(fold=1), False),
        (date(2026, 10, 25), date(2026, 10, 25), True),
        (date(2026, 10, 25), datetime(2026, 10, 25, tzinfo=UTC), False),
    ],
)
def test_the_same_instant_is_the_same_moment_in_any_zone(one: date, other: date, same: bool) -> None:
    assert same_moment(one, other) is same
