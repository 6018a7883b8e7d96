"""The one policy for daylight saving: what a person sees on the days on which the clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.unit.recurrence.reading import rule, times
from todotasks.recurrence import Rule, RuleSpec, parse_rule
from todotasks.recurrence.calendar.clock import Policy, ZoneClock
from todotasks.recurrence.calendar.times import DAY


@pytest.mark.parametrize(
    ("text", "start", "zone", "expected"),
    [
        # Gap: the same distance after it.
        (
            "FREQ=DAILY",
            "2026-03-28T02:30",
            "Europe/Berlin",
            ["2026-03-28T02:30+0100", "2026-03-29T03:30+0200", "2026-03-30T02:30+0200"],
        ),
        (
            "FREQ=DAILY",
            "2026-10-03T02:15",
            "Australia/Lord_Howe",
            ["2026-10-03T02:15+1030", "2026-10-04T02:45+1100"],
        ),
        (
            "FREQ=DAILY",
            "2026-09-26T02:45",
            "Pacific/Chatham",
            ["2026-09-26T02:45+1245", "2026-09-27T03:45+1345"],
        ),
        # Fold: once, the first time.
        (
            "FREQ=DAILY",
            "2026-10-24T02:30",
            "Europe/Berlin",
            ["2026-10-24T02:30+0200", "2026-10-25T02:30+0200", "2026-10-26T02:30+0100"],
        ),
        (
            "FREQ=DAILY",
            "2026-04-04T01:45",
            "Australia/Lord_Howe",
            ["2026-04-04T01:45+1100", "2026-04-05T01:45+1100"],
        ),
        # Midnight itself is in the gap.
        ("FREQ=DAILY", "2018-11-03", "America/Sao_Paulo", ["2018-11-03T00:00-0300", "2018-11-04T01:00-0200"]),
        ("FREQ=DAILY", "2026-04-23", "Africa/Cairo", ["2026-04-23T00:00+0200", "2026-04-24T01:00+0300"]),
        # A whole day is missing: Friday's time falls on Saturday, and meets Saturday's.
        (
            "FREQ=DAILY",
            "2011-12-28T09:00",
            "Pacific/Apia",
            [
                "2011-12-28T09:00-1000",
                "2011-12-29T09:00-1000",
                "2011-12-31T09:00+1400",
                "2012-01-01T09:00+1400",
            ],
        ),
        # Summer time backwards: Casablanca goes to +00 for Ramadan.
        (
            "FREQ=DAILY",
            "2026-02-14T02:30",
            "Africa/Casablanca",
            ["2026-02-14T02:30+0100", "2026-02-15T02:30+0100", "2026-02-16T02:30+0000"],
        ),
        (
            "FREQ=DAILY",
            "2026-03-21T02:30",
            "Africa/Casablanca",
            ["2026-03-21T02:30+0000", "2026-03-22T03:30+0100"],
        ),
        # Local mean time, before standard time.
        (
            "FREQ=DAILY",
            "1893-03-31T12:00",
            "Europe/Berlin",
            ["1893-03-31T12:00+005328", "1893-04-01T12:00+0100"],
        ),
        # Below a day the same policy: two wall-clock times that meet are one occurrence; no second pass.
        (
            "FREQ=HOURLY",
            "2026-03-29T01:00",
            "Europe/Berlin",
            ["2026-03-29T01:00+0100", "2026-03-29T03:00+0200", "2026-03-29T04:00+0200"],
        ),
        (
            "FREQ=HOURLY",
            "2026-10-25T01:00",
            "Europe/Berlin",
            ["2026-10-25T01:00+0200", "2026-10-25T02:00+0200", "2026-10-25T03:00+0100"],
        ),
        (
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,45",
            "2026-03-29",
            "Europe/Berlin",
            ["2026-03-29T03:00+0200", "2026-03-29T03:45+0200", "2026-03-30T02:00+0200"],
        ),
    ],
)
def test_a_wall_clock_time_in_the_gap_moves_with_it_and_in_the_fold_comes_once(
    text: str, start: str, zone: str, expected: list[str]
) -> None:
    assert times(rule(text, start, zone), len(expected)) == expected


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        # A star in minute or hour follows what the clock shows: never in the gap, twice in the fold.
        ("0 * * * *", "2026-03-29T01:30", ["03:00+0200", "04:00+0200"]),
        (
            "*/30 2 * * *",
            "2026-03-28T12:00",
            ["02:00+0200", "02:30+0200"],
        ),  # on the 30th: the 29th has no 2 o'clock
        ("0 * * * *", "2026-10-25T01:30", ["02:00+0200", "02:00+0100", "03:00+0100"]),
        ("30 */2 * * *", "2026-10-25T01:30", ["02:30+0200", "02:30+0100", "04:30+0100"]),
        ("? 2 * * *", "2026-10-25T02:58", ["02:59+0200", "02:00+0100"]),
        # Any other is a wall-clock time.
        ("30 2 * * *", "2026-03-28T12:00", ["03:30+0200", "02:30+0200"]),
        ("30 2 * * *", "2026-10-25T01:30", ["02:30+0200", "02:30+0100"]),  # the second one on the 26th
        ("0-30/30 2 * * *", "2026-10-25T01:30", ["02:00+0200", "02:30+0200", "02:00+0100"]),
        ("0 2,3 * * *", "2026-03-29T01:00", ["03:00+0200", "02:00+0200"]),
    ],
)
def test_cron_with_a_star_in_minute_or_hour_follows_real_time(
    cron: str, after: str, expected: list[str]
) -> None:
    schedule = parse_rule(RuleSpec(cron=cron, time_zone="Europe/Berlin"))
    assert isinstance(schedule, Rule)
    at: datetime | None = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    found = []
    for _ in expected:
        assert at is not None
        at = schedule.next_after(at)
        found.append(f"{at:%H:%M%z}")
    assert found == expected


def test_answers_can_be_compared_with_instants_from_elsewhere_even_in_the_fold() -> None:
    nightly = rule("FREQ=DAILY", "2026-10-25T02:30")
    (found,) = nightly.first(1)
    stored = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert found == stored
    assert nightly.next_after(stored - timedelta(seconds=1)) == stored
    # With a zone instead of a fixed offset, Python (PEP 495) would find them unequal.
    assert stored.astimezone(ZoneInfo("Europe/Berlin")) != stored


def test_a_start_in_the_second_pass_of_the_fold_begins_there() -> None:
    late = rule("FREQ=DAILY", "2026-10-25T01:30:00Z")  # 02:30 for the second time
    assert times(late, 2) == ["2026-10-26T02:30+0100", "2026-10-27T02:30+0100"]


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk", "UTC"]
)
def test_spans_cover_the_calendar_without_holes(zone: str, policy: Policy) -> None:
    clock = ZoneClock(ZoneInfo(zone), policy)
    middle = 734_500 * 86_400
    forward = [span for span, _ in zip(clock.spans_from(middle), range(40), strict=False)]
    assert forward[0].start <= middle < forward[0].end
    assert all(one.end == other.start for one, other in pairwise(forward))
    backward = [span for span, _ in zip(clock.spans_back_from(forward[-1].start), range(40), strict=False)]
    assert backward[::-1] == forward


def test_finds_every_change_of_the_clocks_in_every_zone() -> None:
    """The probing step is shorter than the shortest time between two changes anywhere."""
    missed = []
    for name in sorted(available_timezones()):
        clock = ZoneClock(ZoneInfo(name), Policy.REAL)
        # Years in which changes follow each other closely, here or there.
        for year in (1939, 1943, 2000, 2040):
            begin, end = (date(number, 1, 1).toordinal() * DAY for number in (year, year + 1))
            for span in clock.spans_from(begin):
                if span.start >= end:
                    break
                if any((clock.offset(at),) != span.offsets for at in range(span.start, span.end, DAY)):
                    missed.append(f"{name} {year}")
    assert missed == []


def test_a_fixed_offset_is_a_zone_too() -> None:
    schedule = parse_rule(RuleSpec(cron="0 9 * * *"), default_zone=timezone(timedelta(hours=5, minutes=30)))
    assert isinstance(schedule, Rule)
    assert schedule.next_after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
