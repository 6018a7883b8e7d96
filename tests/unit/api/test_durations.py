"""`1w2d3h4m5s`: what is read, what is refused, and that writing and reading agree."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.api.durations import MAX_DURATION, DurationError, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("30m", timedelta(minutes=30)),
        ("1d", timedelta(days=1)),
        ("1w2d3h4m5s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("90m", timedelta(hours=1, minutes=30)),  # not normalised: what people write
        ("0s", timedelta()),  # "at the due time itself"
        ("007h", timedelta(hours=7)),
        ("3660d", MAX_DURATION),
    ],
)
def test_reads_whole_numbers_with_units(text, meaning):
    assert parse_duration(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",  # no unit
        "h",  # no number
        "1.5h",  # Go's fractions
        "P1D",  # ISO 8601
        "1 day",
        "1h30",
        "30m1h",  # wrong order
        "1h1h",
        "-1h",
        "+1h",
        "1H",
        " 1h",
        "1h\n",
        "١h",  # a digit elsewhere, not here
    ],
)
def test_refuses_anything_else_and_says_what_is_accepted(text):
    with pytest.raises(DurationError, match="expected whole numbers with units"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["3661d", "999999999w", "87840h1s"])
def test_refuses_more_than_ten_years(text):
    with pytest.raises(DurationError, match="longer than 3660 days"):
        parse_duration(text)


def test_writes_the_largest_units_first():
    assert format_duration(timedelta(days=9, minutes=90)) == "1w2d1h30m"
    assert format_duration(timedelta()) == "0s"


def test_does_not_write_a_negative_duration():
    with pytest.raises(DurationError, match="not negative"):
        format_duration(timedelta(seconds=-1))


@given(st.timedeltas(min_value=timedelta(), max_value=MAX_DURATION))
def test_reads_back_what_it_wrote(duration):
    whole = timedelta(seconds=int(duration.total_seconds()))
    assert parse_duration(format_duration(whole)) == whole
