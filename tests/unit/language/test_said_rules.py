"""What `recurrence.explain` says of a rule is read as that rule; what cannot be read is remarked."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.language.saying import BERLIN
from tests.unit.recurrence.reading import rule
from todotasks.language import Reading, describe, parse
from todotasks.recurrence import explain

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC).astimezone(BERLIN)
START = "2026-01-05T09:00"
MANY = 25  # occurrences that must agree
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

intervals = st.sampled_from([1, 1, 1, 2, 3, 4, 5, 6, 10])


def listed(name: str, values: st.SearchStrategy[list[int]]) -> st.SearchStrategy[str]:
    return values.map(lambda chosen: f"{name}=" + ",".join(map(str, sorted(chosen))))


def some(values: list[int], most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


week_days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True).map(
    lambda days: "BYDAY=" + ",".join(sorted(days, key=DAYS.index))
)
nth_days = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(DAYS)),
    min_size=1,
    max_size=2,
    unique=True,
).map(lambda days: "BYDAY=" + ",".join(f"{number}{day}" for number, day in days))
month_days = listed("BYMONTHDAY", some([*range(1, 29), -1], 3))
workday = st.sampled_from(["1", "-1", "2", "1,-1"]).map("BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format)
months = listed("BYMONTH", some(list(range(1, 13)), 3))
nothing = st.just("")
days = {
    "DAILY": nothing | months,
    "WEEKLY": nothing | week_days,
    "MONTHLY": nothing | nth_days | month_days | workday,
    "YEARLY": nothing | st.tuples(months, nth_days | month_days).map(";".join),
}
times = nothing | st.tuples(listed("BYHOUR", some(list(range(24)), 3)), st.sampled_from([0, 15, 30])).map(
    lambda time: f"{time[0]};BYMINUTE={time[1]}"
)
ends = (
    nothing
    | st.integers(2, 40).map("COUNT={}".format)
    | st.dates(datetime(2027, 1, 1).date(), datetime(2029, 1, 1).date()).map("UNTIL={:%Y%m%d}T120000Z".format)
)
frequencies = st.sampled_from(sorted(days))
rules = frequencies.flatmap(
    lambda name: st.tuples(
        st.just(f"FREQ={name}"), intervals.map("INTERVAL={}".format), days[name], times, ends
    )
).map(lambda parts: ";".join(filter(None, parts)))


def say(text: str) -> str:
    return explain(rule(text, START)).replace(", Europe/Berlin", "")


def same(text: str, reading: Reading) -> bool:
    if reading.recurrence is None:
        return False
    return rule(reading.recurrence.rrule, START).first(MANY) == rule(text, START).first(MANY)


@given(rules, st.sampled_from(["water the plants ", ""]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_rule_that_is_said_is_read_as_the_same_rule_or_remarked(text: str, title: str) -> None:
    reading = parse(title + say(text), NOW, BERLIN)
    assert same(text, reading) or reading.remarks, say(text)
    if same(text, reading) and title:
        assert reading.title == "water the plants"


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",  # "the second" is no unit of time
        "FREQ=YEARLY;BYMONTH=5;BYDAY=3SU",  # "of May" belongs to the Sunday
        "FREQ=YEARLY;BYMONTH=3,6,9;BYDAY=-1FR",
        "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;COUNT=10",  # "at 09:00, 10 times" is one hour
        "FREQ=MONTHLY;BYDAY=-2TU",  # second-to-last
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
        "FREQ=DAILY;BYMONTH=6,7",  # every day in June, not every June
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=6,7,8",
    ],
)
def test_the_words_of_a_rule_lose_nothing(text: str) -> None:
    reading = parse(f"water the plants {say(text)}", NOW, BERLIN)
    assert same(text, reading), reading.recurrence
    assert (reading.title, reading.remarks) == ("water the plants", ())


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;BYHOUR=9,17;BYMINUTE=30",  # the first of these: …
        "FREQ=HOURLY;BYHOUR=9,10,11",
        "FREQ=HOURLY;BYMINUTE=5",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
    ],
)
def test_what_is_not_read_of_a_rule_is_remarked(text: str) -> None:
    reading = parse(f"water the plants {say(text)}", NOW, BERLIN)
    assert reading.remarks
    assert all(remark in describe(reading) for remark in reading.remarks)
