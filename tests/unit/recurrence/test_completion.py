"""`basis: Completion`: the next due time counts from when the task was done."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.recurrence.reading import rule
from todotasks.recurrence import Rule, RuleSpec, explain, next_after_completion, parse_rule

BERLIN = ZoneInfo("Europe/Berlin")


def due(subject: Rule, done: str, scheduled: str | None = None) -> str | None:
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=BERLIN)

    found = next_after_completion(subject, instant(done), instant(scheduled) if scheduled else None)
    return found and f"{found:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("text", "done", "expected"),
    [
        # Nothing but an interval: from the local date of completion, at the rule's time of day.
        ("FREQ=DAILY;INTERVAL=3", "2026-03-10T22:15", "2026-03-13T19:00"),
        ("FREQ=DAILY;INTERVAL=3", "2026-03-10T00:05", "2026-03-13T19:00"),
        ("FREQ=DAILY", "2026-03-10T19:00", "2026-03-11T19:00"),
        ("FREQ=DAILY;INTERVAL=3;BYHOUR=7;BYMINUTE=30", "2026-03-10T22:15", "2026-03-13T07:30"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-03-10T22:15", "2026-03-24T19:00"),
        ("FREQ=MONTHLY", "2026-03-10T22:15", "2026-04-10T19:00"),
        ("FREQ=YEARLY;INTERVAL=2", "2026-03-10T22:15", "2028-03-10T19:00"),
        # The date of completion is an accident, so a month without it ends at its last day.
        ("FREQ=MONTHLY", "2026-01-31T08:00", "2026-02-28T19:00"),
        ("FREQ=MONTHLY;INTERVAL=3", "2026-08-31T08:00", "2026-11-30T19:00"),
        ("FREQ=YEARLY", "2028-02-29T08:00", "2029-02-28T19:00"),
        # Across the changes of the clocks the time of day stays; 02:30 in the gap moves with it.
        ("FREQ=DAILY;INTERVAL=3", "2026-03-27T22:15", "2026-03-30T19:00"),
        ("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-03-28T10:00", "2026-03-29T03:30"),
        ("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-10-24T10:00", "2026-10-25T02:30"),
        # Below a day: real time, to the minute.
        ("FREQ=HOURLY;INTERVAL=4", "2026-03-10T10:07:33", "2026-03-10T14:07"),
        ("FREQ=HOURLY;INTERVAL=4", "2026-03-29T01:00", "2026-03-29T06:00"),
        ("FREQ=MINUTELY;INTERVAL=45", "2026-03-10T10:07", "2026-03-10T10:52"),
        # Named days and times: the next one after the completion …
        ("FREQ=WEEKLY;BYDAY=MO", "2026-03-11T12:00", "2026-03-16T19:00"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-03-16T18:00", "2026-03-16T19:00"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-03-16T19:00", "2026-03-23T19:00"),
        ("FREQ=DAILY;BYHOUR=9,21", "2026-03-10T09:30", "2026-03-10T21:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-10T12:00", "2026-03-31T19:00"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-03-10T20:00", "2026-04-14T19:00"),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1", "2026-07-10T12:00", "2027-06-01T19:00"),
        # … its interval counted from the week, month, day of the completion.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-03-11T12:00", "2026-03-23T19:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-03-15T12:00", "2026-03-23T19:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU", "2026-03-15T12:00", "2026-03-16T19:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-03-11T12:00", "2026-03-13T19:00"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "2026-03-10T12:00", "2026-05-01T19:00"),
        ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR", "2026-03-12T12:00", "2026-03-12T19:00"),
        ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR", "2026-03-12T20:00", "2026-03-18T19:00"),
        ("FREQ=HOURLY;INTERVAL=4;BYHOUR=8,9,10,11,12,13,14", "2026-03-10T10:07", "2026-03-10T14:00"),
        # What the rule took from its start stays as it was.
        ("FREQ=MONTHLY;BYMONTH=3,9", "2026-03-10T12:00", "2026-09-01T19:00"),
    ],
)
def test_counts_from_the_completion_and_keeps_the_time_of_day(text: str, done: str, expected: str) -> None:
    assert due(rule(text, "2026-01-01T19:00"), done) == expected


def test_a_task_done_early_is_not_due_again_at_the_time_it_was_made_for() -> None:
    mondays = rule("FREQ=WEEKLY;BYDAY=MO", "2026-01-01T19:00")
    assert due(mondays, "2026-03-13T12:00") == "2026-03-16T19:00"
    assert due(mondays, "2026-03-13T12:00", scheduled="2026-03-16T19:00") == "2026-03-23T19:00"
    # A plain interval counts from the completion alone: watered early, due again earlier.
    third_day = rule("FREQ=DAILY;INTERVAL=3", "2026-01-01T19:00")
    assert due(third_day, "2026-03-13T12:00", scheduled="2026-03-14T19:00") == "2026-03-16T19:00"


def test_until_ends_it_and_a_date_that_is_left_out_is_stepped_over() -> None:
    third_day = rule("FREQ=DAILY;INTERVAL=3", "2026-01-01T19:00", until="2026-03-14", except_=["2026-03-10"])
    assert due(third_day, "2026-03-07T12:00") == "2026-03-13T19:00"
    assert due(third_day, "2026-03-12T12:00") is None
    mondays = rule("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260316", "2026-01-01T19:00", except_=["2026-03-09"])
    assert due(mondays, "2026-03-05T12:00") == "2026-03-16T19:00"


def test_done_before_the_rule_begins_means_its_first_occurrence() -> None:
    assert due(rule("FREQ=DAILY;INTERVAL=3", "2026-01-01T19:00"), "2025-12-01T12:00") == "2026-01-01T19:00"


def test_cron_has_no_interval_so_it_is_the_next_one() -> None:
    schedule = parse_rule(RuleSpec(cron="0 19 */3 * *", time_zone="Europe/Berlin"))
    assert isinstance(schedule, Rule)
    assert due(schedule, "2026-03-10T22:15") == "2026-03-13T19:00"


def test_count_is_left_to_the_caller_who_knows_how_many_there_were() -> None:
    assert due(rule("FREQ=DAILY;COUNT=1", "2026-01-01T19:00"), "2026-05-05T12:00") == "2026-05-06T19:00"


def test_is_always_after_the_completion_also_where_the_clocks_go_back_over_midnight() -> None:
    # 17 February 2018, 23:30 for the second time; the next date began, and ended again, before that.
    rule_ = rule("FREQ=DAILY", "2018-01-01T00:00", "America/Sao_Paulo")
    done = datetime(2018, 2, 18, 2, 30, tzinfo=UTC)
    found = next_after_completion(rule_, done)
    assert found == datetime(2018, 2, 18, 3, tzinfo=UTC)
    assert found > done


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3", "every 3 days after completion at 19:00, Europe/Berlin"),
        ("FREQ=MONTHLY", "every month after completion at 19:00, Europe/Berlin"),
        ("FREQ=HOURLY;INTERVAL=4", "every 4 hours after completion, Europe/Berlin"),
        ("FREQ=WEEKLY;BYDAY=MO", "every Monday at 19:00, Europe/Berlin, counted from completion"),
    ],
)
def test_says_that_it_counts_from_completion(text: str, expected: str) -> None:
    assert explain(rule(text, "2026-01-01T19:00"), from_completion=True) == expected


@pytest.mark.parametrize(
    ("text", "scheduled", "done", "expected"),
    [
        # An interval of several months on a named day: about so many months on, not two days later.
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SU", "2026-07-05T19:00", "2026-10-03T12:00", "2027-01-03T19:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SU", "2026-10-04T19:00", "2026-10-03T12:00", "2027-01-03T19:00"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15", "2026-03-15T19:00", "2026-05-10T12:00", "2026-07-15T19:00"),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYMONTHDAY=1",
            "2024-06-01T19:00",
            "2026-05-20T12:00",
            "2028-06-01T19:00",
        ),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-03-06T19:00", "2026-03-18T12:00", "2026-04-03T19:00"),
        # Several days of one period: the rest of it still comes.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-03-09T19:00", "2026-03-09T20:00", "2026-03-13T19:00"),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15",
            "2026-03-01T19:00",
            "2026-03-03T12:00",
            "2026-03-15T19:00",
        ),
        # Without an interval the next one that is named.
        ("FREQ=WEEKLY;BYDAY=FR", "2026-03-06T19:00", "2026-03-11T12:00", "2026-03-13T19:00"),
    ],
)
def test_an_interval_of_named_days_counts_from_the_completion(
    text: str, scheduled: str, done: str, expected: str
) -> None:
    assert due(rule(text, "2024-01-01T19:00"), done, scheduled) == expected
