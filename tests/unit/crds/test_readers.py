"""What the CRDs let through, our own readers can read; what they refuse need not be read."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.support import crds
from todotasks.api.due import resolve_due
from todotasks.api.durations import MAX_DURATION, DurationError, format_duration, parse_duration
from todotasks.api.zones import zone_names

SCHEMAS = {(node.kind, node.path): node.schema for node in crds.all_nodes()}


def accepts(kind: str, path: str, value: str) -> bool:
    """Whether the rules of a field, as far as they are regular expressions of it, let the value through."""
    schema = SCHEMAS[kind, path]
    if not schema.get("minLength", 0) <= len(value) <= schema["maxLength"]:
        return False
    return all(_holds(rule["rule"], value) for rule in schema["x-kubernetes-validations"])


def _holds(rule: str, value: str) -> bool:
    found = False
    for part in rule.split(" || "):
        match = re.fullmatch(r"(!?)self\.matches\(r?'(.*)'\)", part.strip(), re.DOTALL)
        assert match, f"not a plain regular expression: {part}"
        found = found or (re.search(match[2], value, re.ASCII) is not None) != bool(match[1])
    return found


two_digits = st.integers(0, 99).map("{:02}".format)
dates = st.builds("{}-{}-{}".format, st.integers(1800, 3100).map("{:04}".format), two_digits, two_digits)
times = st.builds("T{}:{}".format, two_digits, two_digits)
seconds = st.one_of(
    st.just(""), st.builds(":{}".format, two_digits), st.builds(":{}.{}".format, two_digits, two_digits)
)
offsets = st.one_of(
    st.sampled_from(["", "Z", "+02:00", "-11:30"]), st.builds("+{}:{}".format, two_digits, two_digits)
)
dues = st.one_of(dates, st.builds("{}{}{}{}".format, dates, times, seconds, offsets), st.text(max_size=30))


@given(dues)
def test_a_due_that_the_crd_accepts_can_be_resolved(due: str) -> None:
    if accepts("TodoTask", "spec.due", due):
        resolve_due(due, "Pacific/Kiritimati")
        resolve_due(due, "Pacific/Niue")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_each_day_of_the_calendar_is_accepted(day: date) -> None:
    assert accepts("TodoTask", "spec.due", str(day))


@pytest.mark.parametrize(
    "day", ["2027-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-13-01"]
)
def test_a_day_that_the_calendar_lacks_is_refused(day: str) -> None:
    assert not accepts("TodoTask", "spec.due", day)


@pytest.mark.parametrize("day", ["2028-02-29", "2000-02-29", "2400-02-29", "2026-12-31"])
def test_a_leap_day_is_accepted_in_leap_years(day: str) -> None:
    assert accepts("TodoTask", "spec.due", day)


numbers = st.integers(0, 10**9).map(str)
durations = st.one_of(
    st.lists(st.one_of(st.just(""), numbers), min_size=5, max_size=5).map(
        lambda given: "".join(f"{n}{unit}" for n, unit in zip(given, "wdhms", strict=True) if n)
    ),
    st.text("0123456789wdhms", max_size=12),
)


@given(durations)
def test_a_duration_that_the_crd_accepts_can_be_read(text: str) -> None:
    if accepts("TodoTask", "spec.reminders[].before", text):
        assume_short(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=MAX_DURATION))
def test_a_duration_that_we_write_is_accepted(duration: timedelta) -> None:
    assert accepts("Reminder", "spec.beforeDue", format_duration(duration))


@given(durations)
def test_a_reminder_repeats_at_most_once_a_minute(text: str) -> None:
    if accepts("Reminder", "spec.repeatEvery", text):
        assert assume_short(text) >= timedelta(minutes=1)


def assume_short(text: str) -> timedelta:
    """The duration. That it is too long is the one thing that the readers may say and the CRDs cannot."""
    try:
        return parse_duration(text)
    except DurationError as error:
        if f"longer than {MAX_DURATION.days} days" in str(error):
            reject()
        raise


def test_each_time_zone_is_accepted() -> None:
    refused = [name for name in zone_names() if not accepts("TodoTask", "spec.timeZone", name)]
    assert refused == []
