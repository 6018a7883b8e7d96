"""Cron schedules: what is read, what is refused, and when they fire on ordinary days."""

from datetime import UTC, datetime

import pytest

from todotasks.recurrence import Rule, RuleSpec, parse_rule

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday


def schedule(cron: str) -> Rule:
    found = parse_rule(RuleSpec(cron=cron))
    assert isinstance(found, Rule), found
    return found


def following(cron: str, number: int) -> list[str]:
    rule, at, found = schedule(cron), NOW, []
    for _ in range(number):
        after = rule.next_after(at)
        assert after is not None
        at = after
        found.append(f"{at:%m-%dT%H:%M}")
    return found


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * 1-5", ["11-23T09:00", "11-24T09:00"]),
        ("0 9 * * mon-fri", ["11-23T09:00", "11-24T09:00"]),
        ("0 9 * * 5-7", ["11-22T09:00", "11-27T09:00", "11-28T09:00"]),  # 7 is Sunday, too
        ("0 9 * * 0", ["11-22T09:00", "11-29T09:00"]),
        ("*/20 12 * * *", ["11-21T12:20", "11-21T12:40", "11-22T12:00"]),
        ("5/25 13 * * *", ["11-21T13:05", "11-21T13:30", "11-21T13:55"]),
        ("10-20/5,59 13 * * *", ["11-21T13:10", "11-21T13:15", "11-21T13:20", "11-21T13:59"]),
        ("0 0 1 JAN,jul ?", ["01-01T00:00", "07-01T00:00"]),
        # Both day fields given: either may match …
        ("0 0 13 * 5", ["11-27T00:00", "12-04T00:00", "12-11T00:00", "12-13T00:00"]),
        # … unless one begins with a star: then both must.
        ("0 0 1-7 * */7", ["12-06T00:00", "01-03T00:00"]),
        ("0 0 */2 * 1", ["11-23T00:00", "12-07T00:00"]),
        ("0 0 L * *", ["11-30T00:00", "12-31T00:00", "01-31T00:00", "02-28T00:00"]),
        ("0 0 LW * *", ["11-30T00:00", "12-31T00:00", "01-29T00:00"]),
        ("0 0 15,L * *", ["11-30T00:00", "12-15T00:00"]),
        ("0 0 * * 5L", ["11-27T00:00", "12-25T00:00"]),
        ("0 0 * * 1#2", ["12-14T00:00", "01-11T00:00"]),
        ("0 0 * * MON#2,FRI#1", ["12-04T00:00", "12-14T00:00"]),
        ("0 0 29 2 *", ["02-29T00:00"]),
        ("@hourly", ["11-21T13:00"]),
        ("@daily", ["11-22T00:00"]),
        ("@midnight", ["11-22T00:00"]),
        ("@weekly", ["11-22T00:00"]),
        ("@monthly", ["12-01T00:00"]),
        ("@yearly", ["01-01T00:00"]),
        ("@ANNUALLY", ["01-01T00:00"]),
        ("  0   9  * *   * ", ["11-22T09:00"]),
    ],
)
def test_fires_when_a_reader_of_crontabs_expects(cron: str, expected: list[str]) -> None:
    assert following(cron, len(expected)) == expected


@pytest.mark.parametrize(
    ("cron", "says"),
    [
        ("0 0 9 * * 1-5", "six fields: seconds"),
        ("0 9 * *", "has 4 fields"),
        ("", "has 0 fields"),
        ("xyz", "has 1 field:"),
        ("60 * * * *", 'minute: "60"; write 0 to 59'),
        ("* 24 * * *", "hour:"),
        ("* * 0 * *", "day of month:"),
        ("* * * 13 *", "month:"),
        ("* * * * 8", "day of week:"),
        ("*/0 * * * *", "step of at least 1"),
        ("5-1 * * * *", "goes backwards"),
        ("* * * * FRI-MON", "Sunday is also 7"),
        ("* * * * MONL", "day of week:"),
        ("* * * * 1#6", "after # stands 1 to 5"),
        ("* * 15W * *", "day of month:"),
        ("* * L-3 * *", "day of month:"),
        ("1,,2 * * * *", "an empty place in a list"),
        ("١ * * * *", "minute:"),
        ("@every 1h30m", "write an RRULE such as FREQ=HOURLY"),
        ("@reboot", "is not known"),
        ("TZ=Europe/Berlin 0 9 * * *", "put it into timeZone"),
        ("CRON_TZ=UTC 0 9 * * *", "put it into timeZone"),
        ("0 0 30 2 *", "never fires: no chosen month has a day 30"),
        ("0 0 31 4,6,9,11 *", "the longest has 30"),
    ],
)
def test_refuses_with_the_field_and_what_it_takes(cron: str, says: str) -> None:
    errors = parse_rule(RuleSpec(cron=cron), path="spec")
    assert isinstance(errors, list)
    assert errors[0].path == "spec.cron"
    assert says in errors[0].message


def test_names_every_wrong_field_at_once() -> None:
    errors = parse_rule(RuleSpec(cron="60 24 32 13 8"))
    assert isinstance(errors, list)
    assert [error.message.split(":")[0] for error in errors] == [
        "minute",
        "hour",
        "day of month",
        "month",
        "day of week",
    ]


def test_days_that_cannot_meet_never_fire() -> None:
    never = schedule("0 0 */100 * MON#4")  # the 1st is no fourth Monday
    assert never.never_fires
    assert never.next_after(NOW) is None


def test_goes_backwards_for_ever_without_a_start_and_stops_at_one() -> None:
    without = schedule("0 9 * * *")
    assert without.previous(datetime(1000, 1, 1, tzinfo=UTC)) == datetime(999, 12, 31, 9, tzinfo=UTC)
    started = parse_rule(RuleSpec(cron="0 9 * * *", start="2026-01-01T09:00", count=3))
    assert isinstance(started, Rule)
    assert started.previous(datetime(2026, 1, 1, 9, tzinfo=UTC)) is None
    assert [at.day for at in started.after()] == [1, 2, 3]
