"""A rule and its limits: start, until, count, except, sets of rules; and questions from any direction."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.unit.recurrence.reading import dates, refused, rule, times
from todotasks.api import RecurrenceRuleSpec, SimpleSchedule
from todotasks.recurrence import Rule, RuleSpec, parse_rule, rule_from_spec
from todotasks.recurrence.calendar.days import Days
from todotasks.recurrence.calendar.years import Year

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_next_after_is_strict_unless_asked_to_include() -> None:
    daily = rule("FREQ=DAILY", "2026-01-01T12:00", "UTC")
    assert daily.next_after(NOON) == NOON + timedelta(days=1)
    assert daily.next_after(NOON, inclusive=True) == NOON
    assert daily.next_after(NOON - timedelta(microseconds=1)) == NOON
    assert daily.next_after(NOON + timedelta(microseconds=1), inclusive=True) == NOON + timedelta(days=1)
    assert daily.previous(NOON + timedelta(days=1)) == NOON
    assert daily.previous(NOON) is None
    assert daily.previous(NOON, inclusive=True) == NOON
    assert daily.previous(NOON + timedelta(microseconds=1)) == NOON


def test_between_takes_the_beginning_and_leaves_the_end() -> None:
    daily = rule("FREQ=DAILY", "2026-01-01T12:00", "UTC")
    assert daily.between(NOON, NOON + timedelta(days=2)) == [NOON, NOON + timedelta(days=1)]
    assert daily.between(NOON, NOON + timedelta(days=900), limit=3) == daily.first(3)
    assert daily.between(NOON, NOON) == []


def test_a_naive_time_is_read_on_the_clock_of_the_rule() -> None:
    daily = rule("FREQ=DAILY", "2026-01-01T09:00", "Asia/Tokyo")
    assert daily.next_after(datetime(2026, 1, 5, 8, 59)) == datetime(2026, 1, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "zone", "first"),
    [
        ("2026-01-01T09:00", "Europe/Berlin", "2026-01-01T09:00+0100"),
        ("2026-01-01T09:00:30.5", "Europe/Berlin", "2026-01-01T09:00+0100"),
        ("2026-01-01T09:00+09:00", "Europe/Berlin", "2026-01-01T01:00+0100"),
        ("2026-01-01T23:00:00Z", "Europe/Berlin", "2026-01-02T00:00+0100"),
        ("2026-01-01", "Europe/Berlin", "2026-01-01T00:00+0100"),
        ("20260101T090000", "Europe/Berlin", "2026-01-01T09:00+0100"),
    ],
)
def test_start_is_a_date_a_local_time_or_an_instant(start: str, zone: str, first: str) -> None:
    assert times(rule("FREQ=DAILY", start, zone), 1) == [first]


def test_a_start_that_does_not_fit_the_rule_is_no_occurrence() -> None:
    assert dates(rule("FREQ=WEEKLY;BYDAY=MO", "2026-01-01T09:00"), 1) == ["2026-01-05"]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("2026-01-03", "2026-01-03"),  # a date includes its day
        ("2026-01-03T09:00:00", "2026-01-03"),
        ("2026-01-03T08:59:59", "2026-01-02"),
        ("2026-01-03T08:00:00Z", "2026-01-03"),
        ("2026-01-03T09:00:00+02:00", "2026-01-02"),
    ],
)
def test_until_is_included(until: str, last: str) -> None:
    for limited in (rule("FREQ=DAILY", until=until), rule("FREQ=DAILY;UNTIL=20270101", until=until)):
        assert dates(limited, 99)[-1] == last
        previous = limited.previous(datetime(2030, 1, 1, tzinfo=UTC))
        assert f"{previous:%Y-%m-%d}" == last
    text = f"FREQ=DAILY;UNTIL={until.replace('-', '').replace(':', '')}"
    if "+" not in until:
        assert dates(rule(text), 99)[-1] == last


def test_until_before_start_is_refused_but_in_the_rule_itself_it_just_leaves_nothing() -> None:
    assert refused("FREQ=DAILY", until="2025-12-31")[0].path == "until"
    assert rule("FREQ=DAILY;UNTIL=20251231").never_fires


def test_count_is_the_smaller_of_both_and_counts_what_is_left_out() -> None:
    assert len(rule("FREQ=DAILY;COUNT=5", count=3).first(9)) == 3
    assert len(rule("FREQ=DAILY;COUNT=3", count=5).first(9)) == 3
    assert dates(rule("FREQ=DAILY;COUNT=3", except_=["2026-01-02"]), 9) == ["2026-01-01", "2026-01-03"]
    assert dates(rule("FREQ=DAILY", count=3, except_=["2026-01-02"]), 9) == ["2026-01-01", "2026-01-03"]


def test_two_times_that_meet_behind_the_gap_count_as_one() -> None:
    # 02:00 and 03:00 are one instant on this day; three occurrences are three tasks.
    assert times(rule("FREQ=HOURLY;COUNT=3", "2026-03-29T01:00"), 9) == [
        "2026-03-29T01:00+0100",
        "2026-03-29T03:00+0200",
        "2026-03-29T04:00+0200",
    ]


def test_is_exhausted_after_its_last_occurrence_and_not_before() -> None:
    twice = rule("FREQ=DAILY;COUNT=2")
    first, last = twice.first(2)
    assert not twice.is_exhausted_after(first)
    assert twice.is_exhausted_after(last)
    assert not twice.never_fires


@pytest.mark.parametrize(
    "left_out", ["2026-03-29", "2026-03-29T03:30", "2026-03-29T01:30:00Z", "2026-03-29T02:30"]
)
def test_except_takes_days_and_moments(left_out: str) -> None:
    nightly = rule("FREQ=DAILY", "2026-03-28T02:30", except_=[left_out])
    assert times(nightly, 2) == ["2026-03-28T02:30+0100", "2026-03-30T02:30+0200"]
    assert nightly.previous(datetime(2026, 3, 30, tzinfo=UTC)) == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)


def test_except_leaves_out_whole_days_of_a_busy_rule_without_looking_at_each_minute() -> None:
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 12) for day in range(1, 29)]
    every_minute = rule("FREQ=MINUTELY", "2026-01-01", "UTC", except_=days)
    assert every_minute.next_after(datetime(2026, 2, 1, tzinfo=UTC)) == datetime(2026, 3, 29, tzinfo=UTC)
    assert every_minute.previous(datetime(2026, 3, 29, tzinfo=UTC)) == datetime(
        2026, 1, 31, 23, 59, tzinfo=UTC
    )


def test_a_set_of_rules_and_dates_is_their_union_without_what_is_left_out() -> None:
    text = """DTSTART;TZID=America/New_York:19970902T090000
RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3
RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2
RDATE;TZID=America/New_York:19970905T090000,19970904T090000
EXDATE;TZID=America/New_York:19970909T090000
EXDATE;VALUE=DATE:19970916"""
    mixed = rule(text, None, "America/New_York")
    assert dates(mixed, 9) == ["1997-09-02", "1997-09-04", "1997-09-05", "1997-09-11"]
    assert dates(rule(text, None, "America/New_York", count=3), 9) == [
        "1997-09-02",
        "1997-09-04",
        "1997-09-05",
    ]
    assert mixed.previous(datetime(2000, 1, 1, tzinfo=UTC)) == mixed.first(9)[-1]


def test_a_start_may_stand_in_the_lines_but_not_say_something_else() -> None:
    lines = "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY"
    assert times(rule(lines, None, "UTC"), 1) == ["2026-01-01T09:00+0000"]
    assert times(rule(lines, "2026-01-01T09:00", "UTC"), 1) == ["2026-01-01T09:00+0000"]
    assert "differs from the DTSTART" in refused(lines, "2026-01-02")[0].message


def test_a_rule_whose_every_occurrence_is_taken_away_ends() -> None:
    assert rule("RRULE:FREQ=HOURLY\nEXRULE:FREQ=HOURLY").never_fires


def test_without_a_start_it_begins_on_the_day_the_resource_was_made() -> None:
    spec = RecurrenceRuleSpec(rrule="FREQ=WEEKLY")
    created = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)  # already Friday in Berlin
    weekly = rule_from_spec(spec, "Europe/Berlin", created)
    assert isinstance(weekly, Rule)
    assert weekly.all_day
    assert times(weekly, 2) == ["2026-01-02T00:00+0100", "2026-01-09T00:00+0100"]
    errors = rule_from_spec(spec, "Europe/Berlin")
    assert isinstance(errors, list)
    assert [error.path for error in errors] == ["spec.start"]


def test_reads_a_resource_with_all_its_limits() -> None:
    spec = RecurrenceRuleSpec(
        cron="0 9 * * 1",
        time_zone="Asia/Tokyo",
        start="2026-01-01",
        until="2026-02-01",
        except_=("2026-01-12",),
    )
    mondays = rule_from_spec(spec, "Europe/Berlin")
    assert isinstance(mondays, Rule)
    assert times(mondays, 9) == ["2026-01-05T09:00+0900", "2026-01-19T09:00+0900", "2026-01-26T09:00+0900"]
    assert not mondays.all_day


@pytest.mark.parametrize(
    ("simple", "expected"),
    [
        (SimpleSchedule(frequency="Daily", interval=3), ["2026-01-01T09:00", "2026-01-04T09:00"]),
        (SimpleSchedule(frequency="Daily", time="07:15"), ["2026-01-02T07:15", "2026-01-03T07:15"]),
        (
            SimpleSchedule(frequency="Weekly", interval=2, days_of_week=("Friday", "Monday"), time="10:00"),
            ["2026-01-02T10:00", "2026-01-12T10:00", "2026-01-16T10:00"],
        ),
        (SimpleSchedule(frequency="Weekly"), ["2026-01-01T09:00", "2026-01-08T09:00"]),
        (SimpleSchedule(frequency="Monthly", day_of_month=-1), ["2026-01-31T09:00", "2026-02-28T09:00"]),
        (SimpleSchedule(frequency="Monthly", day_of_month=31), ["2026-01-31T09:00", "2026-03-31T09:00"]),
        (
            SimpleSchedule(frequency="Monthly", nth=-1, days_of_week=("Friday",)),
            ["2026-01-30T09:00", "2026-02-27T09:00"],
        ),
        (SimpleSchedule(frequency="Yearly"), ["2026-01-01T09:00", "2027-01-01T09:00"]),
        (
            SimpleSchedule(frequency="Yearly", nth=2, days_of_week=("Sunday",)),
            ["2026-01-11T09:00", "2027-01-10T09:00"],
        ),
    ],
)
def test_simple_schedules_say_the_same_in_plainer_words(simple: SimpleSchedule, expected: list[str]) -> None:
    found = parse_rule(RuleSpec(simple=simple, start="2026-01-01T09:00"))
    assert isinstance(found, Rule), found
    assert [f"{at:%Y-%m-%dT%H:%M}" for at in found.first(len(expected))] == expected


@pytest.mark.parametrize(
    ("simple", "paths"),
    [
        (SimpleSchedule(frequency="Hourly"), ["simple.frequency"]),  # type: ignore[arg-type]
        (SimpleSchedule(frequency="Daily", interval=0), ["simple.interval"]),
        (SimpleSchedule(frequency="Daily", days_of_week=("Monday",)), ["simple.daysOfWeek"]),
        (SimpleSchedule(frequency="Weekly", days_of_week=("Mo",)), ["simple.daysOfWeek"]),  # type: ignore[arg-type]
        (SimpleSchedule(frequency="Weekly", day_of_month=1), ["simple.dayOfMonth"]),
        (SimpleSchedule(frequency="Monthly", day_of_month=0), ["simple.dayOfMonth"]),
        (SimpleSchedule(frequency="Monthly", nth=2), ["simple.daysOfWeek"]),
        (SimpleSchedule(frequency="Monthly", days_of_week=("Monday",)), ["simple.nth"]),
        (SimpleSchedule(frequency="Weekly", nth=6, days_of_week=("Monday",)), ["simple.nth", "simple.nth"]),
        (
            SimpleSchedule(frequency="Monthly", nth=1, days_of_week=("Monday",), day_of_month=1),
            ["simple.dayOfMonth"],
        ),
        (SimpleSchedule(frequency="Daily", time="24:00"), ["simple.time"]),
        (SimpleSchedule(frequency="Daily", time="9:00", interval=-1), ["simple.interval", "simple.time"]),
    ],
)
def test_simple_schedules_are_refused_field_by_field(simple: SimpleSchedule, paths: list[str]) -> None:
    errors = parse_rule(RuleSpec(simple=simple, start="2026-01-01T09:00"))
    assert isinstance(errors, list)
    assert [error.path for error in errors] == paths


def test_a_question_far_from_the_start_costs_what_one_near_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: how many years' bits are looked at."""
    looked: list[int] = []
    original = Days.bits

    def counting(days: Days, year: Year) -> int:
        looked.append(year.number)
        return original(days, year)

    monkeypatch.setattr(Days, "bits", counting)
    second_tuesday = rule("FREQ=MONTHLY;BYDAY=2TU", "1900-01-01T09:00")
    second_tuesday.next_after(datetime(1901, 6, 1, tzinfo=UTC))
    near = len(looked)
    second_tuesday.next_after(datetime(2500, 6, 1, tzinfo=UTC))
    assert len(looked) == 2 * near


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia", "America/Los_Angeles"])
@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=MINUTELY;INTERVAL=7;COUNT=999999999", "FREQ=YEARLY"])
def test_questions_from_beyond_the_calendar_have_an_answer(text: str, zone: str) -> None:
    subject = rule(text, "2026-01-01T09:00", zone)
    first = subject.first(1)[0]
    for moment in (datetime.max, datetime.min):
        for offset in (UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))):
            at = moment.replace(tzinfo=offset)
            assert subject.next_after(at) == (None if moment == datetime.max else first)
            assert (subject.previous(at) is None) == (moment == datetime.min)


@pytest.mark.parametrize(
    "text",
    [
        ";" * 70_000,
        "FREQ=DAILY;" + "BYDAY=MO;" * 5000,
        "FREQ=YEARLY;BYMONTHDAY=" + "1," * 5000,
        "0 " * 40_000,
    ],
)
def test_a_flood_of_text_is_refused_with_a_short_answer(text: str) -> None:
    for errors in (refused(text), parse_rule(RuleSpec(cron=text))):
        assert isinstance(errors, list)
        assert sum(len(error.message) for error in errors) < 5000
