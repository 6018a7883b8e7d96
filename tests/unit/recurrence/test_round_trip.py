"""What a rule is explained as, typed in as a task, is understood as the same rule."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.recurrence.reading import rule
from todotasks.language import parse
from todotasks.recurrence import explain

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC).astimezone(BERLIN)
START = "2026-01-05T09:00"

COMMON = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=3TU",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;INTERVAL=2",
    "FREQ=HOURLY",
    "FREQ=HOURLY;INTERVAL=4",
    "FREQ=MINUTELY;INTERVAL=15",
]


@pytest.mark.parametrize("text", COMMON)
def test_the_words_of_a_common_rule_are_understood_as_that_rule(text: str) -> None:
    explained = rule(text, START)
    reading = parse(f"water the plants {explain(explained).removesuffix(', Europe/Berlin')}", NOW, BERLIN)
    assert reading.title == "water the plants"
    assert reading.recurrence is not None
    understood = rule(reading.recurrence.rrule, START)
    assert understood.first(50) == explained.first(50)


@pytest.mark.parametrize("text", ["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"])
def test_so_are_the_words_of_a_rule_that_counts_from_completion(text: str) -> None:
    words = explain(rule(text, START), from_completion=True).removesuffix(", Europe/Berlin")
    reading = parse(f"water the plants {words}", NOW, BERLIN)
    assert reading.recurrence is not None
    assert reading.recurrence.basis == "Completion"
    assert reading.recurrence.rrule == f"{text};BYHOUR=9;BYMINUTE=0"
