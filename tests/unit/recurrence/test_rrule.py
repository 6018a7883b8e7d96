"""Recurrence rules: what the RFC leaves to careful reading, what is refused, what is proven empty."""

from datetime import UTC, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.recurrence.reading import dates, refused, rule, times
from tests.unit.recurrence.test_oracle import coarse_rules, fine_rules
from tests.unit.work import calls_of
from todotasks.recurrence import Rule, RuleSpec, parse_rule, why_never


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        # A date that does not exist is left out, not moved.
        ("FREQ=MONTHLY", "2026-01-31", ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]),
        ("FREQ=YEARLY", "2024-02-29", ["2024-02-29", "2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY", "2096-02-29", ["2096-02-29", "2104-02-29"]),  # 2100 is no leap year
        ("FREQ=MONTHLY;BYMONTHDAY=-31", "2026-01-01", ["2026-01-01", "2026-03-01", "2026-05-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30,31,-1", "2028-02-01", ["2028-02-29", "2028-03-30", "2028-03-31"]),
        # Days of the year from both ends, in years of both lengths.
        ("FREQ=YEARLY;BYYEARDAY=366", "2026-01-01", ["2028-12-31", "2032-12-31"]),
        ("FREQ=YEARLY;BYYEARDAY=-366", "2026-01-01", ["2028-01-01", "2032-01-01"]),
        ("FREQ=YEARLY;BYYEARDAY=60,-306", "2027-01-01", ["2027-03-01", "2028-02-29", "2028-03-01"]),
        # Weeks across the ends of the year.
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2015-01-01", ["2015-12-28", "2020-12-28", "2026-12-28"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2024-06-01", ["2024-12-30", "2025-12-29", "2027-01-04"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", "2026-01-01", ["2027-01-03", "2028-01-02", "2028-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU", "2026-01-01", ["2026-01-04", "2027-01-03", "2028-01-02"]),
        ("FREQ=MONTHLY;BYMONTH=1;BYWEEKNO=52", "1993-01-01", ["1994-01-01", "1994-01-02", "1995-01-01"]),
        # The n-th weekday: of the month with BYMONTH, else of the year.
        ("FREQ=YEARLY;BYDAY=-1MO", "2026-01-01", ["2026-12-28", "2027-12-27"]),
        ("FREQ=YEARLY;BYMONTH=3,6;BYDAY=-1MO", "2026-01-01", ["2026-03-30", "2026-06-29", "2027-03-29"]),
        ("FREQ=YEARLY;BYDAY=53TH", "2026-01-01", ["2026-12-31", "2032-12-30", "2037-12-31"]),
        ("FREQ=MONTHLY;BYDAY=5FR", "2026-01-01", ["2026-01-30", "2026-05-29", "2026-07-31"]),
        ("FREQ=MONTHLY;BYDAY=2TU;BYMONTHDAY=13", "2026-01-01", ["2026-01-13", "2026-10-13", "2027-04-13"]),
        # Plain and numbered weekdays are a union.
        ("FREQ=MONTHLY;BYDAY=SU,1TU", "2026-02-01", ["2026-02-01", "2026-02-03", "2026-02-08", "2026-02-15"]),
        # BYSETPOS looks at the whole period, also the part before the start.
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=3", "2010-01-06", ["2010-01-08", "2010-01-15"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01", ["2026-01-30", "2026-02-27"]),
        ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=1,-1", "2026-06-01", ["2026-12-28", "2027-01-04", "2027-12-27"]),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=SU,SA;BYSETPOS=-1", "2026-12-27", ["2027-01-02", "2027-01-09"]),
        # The first day of the week decides which weeks an interval meets.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "1997-08-05",
            ["1997-08-05", "1997-08-10", "1997-08-19"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "1997-08-05",
            ["1997-08-05", "1997-08-17", "1997-08-19"],
        ),
        # Large intervals.
        ("FREQ=DAILY;INTERVAL=1000", "2026-01-01", ["2026-01-01", "2028-09-27"]),
        ("FREQ=YEARLY;INTERVAL=100", "2026-01-01", ["2026-01-01", "2126-01-01"]),
        ("FREQ=MONTHLY;INTERVAL=500;BYMONTHDAY=1", "2026-01-01", ["2026-01-01", "2067-09-01"]),
    ],
)
def test_reads_the_calendar_as_the_rfc_has_it(text: str, start: str, expected: list[str]) -> None:
    assert dates(rule(text, start), len(expected)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "FREQ=DAILY;BYMONTH=1"),
        (
            "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
            "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        ),
        ("FREQ=HOURLY;BYHOUR=9;BYMINUTE=0", "FREQ=DAILY"),
        ("FREQ=SECONDLY;INTERVAL=86400", "FREQ=DAILY"),
        ("FREQ=MINUTELY;INTERVAL=10080", "FREQ=WEEKLY"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1", "FREQ=YEARLY"),
        ("FREQ=DAILY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("freq=daily;byhour=9", "RRULE:FREQ=DAILY"),
        ("FREQ=DAILY;BYSECOND=60", "FREQ=DAILY;BYSECOND=59"),
    ],
)
def test_two_ways_to_say_the_same_fire_alike(one: str, other: str) -> None:
    assert times(rule(one), 400) == times(rule(other), 400)


@pytest.mark.parametrize(
    ("text", "says", "accepted"),
    [
        ("", "is empty", "FREQ=DAILY"),
        ("BYDAY=MO", "has no FREQ", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=FORTNIGHTLY", "write YEARLY, MONTHLY", "FREQ=WEEKLY;INTERVAL=2"),
        ("FREQ=DAILY;", "empty part", "FREQ=DAILY"),
        ("FREQ=DAILY;;COUNT=1", "empty part", "FREQ=DAILY;COUNT=1"),
        ("FREQ=DAILY;INTERVAL=0", "from 1 to", "FREQ=DAILY;INTERVAL=1"),
        ("FREQ=DAILY;INTERVAL=-1", "from 1 to", "FREQ=DAILY;INTERVAL=1"),
        ("FREQ=DAILY;INTERVAL=1.5", "from 1 to", "FREQ=DAILY;INTERVAL=2"),
        ("FREQ=DAILY;INTERVAL=9999999999", "from 1 to", "FREQ=DAILY;INTERVAL=999999999"),
        ("FREQ=DAILY;COUNT=0", "from 1 to", "FREQ=DAILY;COUNT=1"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20270101", "both COUNT and UNTIL", "FREQ=DAILY;UNTIL=20270101"),
        ("FREQ=DAILY;COUNT=1;COUNT=2", "given twice", "FREQ=DAILY;COUNT=2"),
        ("FREQ=DAILY;BYDAY=MO;BYWEEKDAY=TU", "given twice", "FREQ=DAILY;BYDAY=MO,TU"),
        ("FREQ=DAILY;UNTIL=2027-01-01", "iCalendar", "FREQ=DAILY;UNTIL=20270101"),
        ("FREQ=DAILY;UNTIL=20270229", "not in the calendar", "FREQ=DAILY;UNTIL=20270228"),
        ("FREQ=DAILY;UNTIL=20270101T240000", "no time of day", "FREQ=DAILY;UNTIL=20270101T235959"),
        ("FREQ=DAILY;UNTIL=20270101T090000ZZ", "iCalendar", "FREQ=DAILY;UNTIL=20270101T090000Z"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "from 1 to 31", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "from 1 to 31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "from 1 to 31", "FREQ=MONTHLY;BYMONTHDAY=-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "from 1 to 31", "FREQ=MONTHLY;BYMONTHDAY=1,2"),
        ("FREQ=MONTHLY;BYMONTHDAY=१", "from 1 to 31", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("FREQ=YEARLY;BYMONTH=13", "from 1 to 12", "FREQ=YEARLY;BYMONTH=12"),
        ("FREQ=YEARLY;BYMONTH=-1", "from 1 to 12", "FREQ=YEARLY;BYMONTH=1"),
        ("FREQ=YEARLY;BYYEARDAY=367", "from 1 to 366", "FREQ=YEARLY;BYYEARDAY=366"),
        ("FREQ=YEARLY;BYWEEKNO=54", "from 1 to 53", "FREQ=YEARLY;BYWEEKNO=53"),
        ("FREQ=DAILY;BYHOUR=24", "from 0 to 23", "FREQ=DAILY;BYHOUR=0"),
        ("FREQ=DAILY;BYMINUTE=60", "from 0 to 59", "FREQ=DAILY;BYMINUTE=59"),
        ("FREQ=DAILY;BYSECOND=61", "from 0 to 60", "FREQ=DAILY;BYSECOND=60"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS alone", "FREQ=DAILY;BYHOUR=9,18;BYSETPOS=1"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "from 1 to 366", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1"),
        ("FREQ=WEEKLY;BYDAY=2", "2TU, -1FR", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=MONTHLY;BYDAY=0MO", "2TU, -1FR", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=MONTHLY;BYDAY=-MO", "2TU, -1FR", "FREQ=MONTHLY;BYDAY=-1MO"),
        ("FREQ=YEARLY;BYDAY=54MO", "2TU, -1FR", "FREQ=YEARLY;BYDAY=53MO"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "exclude each other", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
        ("FREQ=WEEKLY;WKST=1", "one of MO", "FREQ=WEEKLY;WKST=MO"),
        ("FREQ=MONTHLY;SKIP=BACKWARD", "BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("FREQU=DAILY", "did you mean FREQ?", "FREQ=DAILY"),
        ("every day", "not NAME=VALUE", "FREQ=DAILY"),
        ("DURATION:PT1H\nRRULE:FREQ=DAILY", "DTSTART, RRULE", "RRULE:FREQ=DAILY"),
        ("EXDATE:20270101T090000", "RRULE nor RDATE", "RDATE:20270101T090000"),
        ("RRULE:FREQ=DAILY\nEXDATE;TZID=Mars/Olympus:20270101T090000", "time zone", "RRULE:FREQ=DAILY"),
        ("RRULE:FREQ=DAILY\nRDATE;VALUE=PERIOD:20270101T090000", "VALUE=DATE", "RRULE:FREQ=DAILY"),
    ],
)
def test_refuses_what_is_no_rule_and_accepts_its_nearest_neighbour(
    text: str, says: str, accepted: str
) -> None:
    assert any(says in error.message for error in refused(text)), refused(text)
    assert isinstance(rule(accepted), Rule)


def test_tells_all_mistakes_at_once_each_with_its_field() -> None:
    errors = parse_rule(
        RuleSpec(
            rrule="FREQ=DAYLY;INTERVAL=0;BYHOUR=25;FOO=1",
            start="2026-02-30",
            until="soon",
            count=0,
            except_=["2026-01-01", "x"],
            time_zone="Berlin",
        ),
        path="spec",
    )
    assert isinstance(errors, list)
    assert [error.path for error in errors] == [
        "spec.timeZone",
        "spec.start",
        "spec.until",
        "spec.except[1]",
        "spec.count",
        "spec.rrule",
        "spec.rrule",
        "spec.rrule",
        "spec.rrule",
    ]
    assert '"Europe/Berlin"' in errors[0].message


@pytest.mark.parametrize("given", [{}, {"rrule": "FREQ=DAILY", "cron": "0 9 * * *"}])
def test_wants_exactly_one_way_to_say_when(given: dict[str, str]) -> None:
    errors = parse_rule(RuleSpec(start="2026-01-01", **given))  # type: ignore[arg-type]
    assert isinstance(errors, list)
    assert "exactly one of rrule, cron and simple" in errors[0].message


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("FREQ=WEEKLY;BYMONTHDAY=1", "no BYMONTHDAY in WEEKLY"),
        ("FREQ=MONTHLY;BYWEEKNO=20", "no BYWEEKNO in MONTHLY"),
        ("FREQ=DAILY;BYYEARDAY=100", "no BYYEARDAY in DAILY"),
        ("FREQ=WEEKLY;BYDAY=1TU", "numbers in BYDAY"),
        ("FREQ=YEARLY;BYEASTER=0", "BYEASTER is an extension"),
        ("FREQ=DAILY;BYSECOND=60", "leap second"),
        ("RRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "dropped by RFC 5545"),
    ],
)
def test_notes_how_it_read_what_the_rfc_does_not_have(text: str, note: str) -> None:
    assert any(note in each for each in rule(text).notes)
    assert rule("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO").notes == ()


MOST_CALLS = 600_000  # of functions; a search day by day to the end of the calendar takes some ten million

# Each is proven empty.
NEVER = [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=SECONDLY;BYMONTH=4;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=6MO",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=8",
    "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
    "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1",
    "FREQ=MONTHLY;BYDAY=1MO,1TU;BYSETPOS=3",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    "FREQ=DAILY;BYHOUR=9,18;BYSETPOS=3",
    "FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=-3",
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",  # from 2027: never a leap year
    "FREQ=WEEKLY;INTERVAL=28;BYMONTHDAY=-28,4;BYSETPOS=3",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # from a Friday
    "FREQ=DAILY;INTERVAL=14;BYWEEKNO=7,9;BYDAY=SU",
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=10",
    "FREQ=MINUTELY;INTERVAL=15;BYMINUTE=6",
    "FREQ=SECONDLY;INTERVAL=20;BYSECOND=16",
    "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=9;BYMINUTE=1",
    "FREQ=SECONDLY;INTERVAL=999999937;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYEASTER=0;BYMONTH=5",
]


@pytest.mark.parametrize("text", NEVER)
def test_a_rule_that_selects_nothing_is_found_not_searched_for_ever(text: str) -> None:
    empty = rule(text, "2027-01-01T09:00", "UTC")
    assert calls_of(lambda: empty.never_fires) < MOST_CALLS
    assert empty.never_fires
    assert empty.next_after(datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert empty.previous(datetime(9000, 1, 1, tzinfo=UTC)) is None
    assert "never fires" in (why_never(empty) or "")


def test_a_rule_that_fires_seldom_is_not_taken_for_empty() -> None:
    # Friday, 29 February that is also a multiple of 11 days away: once in a very long while.
    rare = rule("FREQ=DAILY;INTERVAL=11;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR", "2026-01-01T09:00")
    assert not rare.never_fires
    first = rare.next_after(datetime(2026, 1, 1, tzinfo=UTC))
    assert first is not None
    assert (first.month, first.day, first.weekday()) == (2, 29, 4)
    assert (first.date() - datetime(2026, 1, 1).date()).days % 11 == 0


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MINUTELY;INTERVAL=15"])
def test_the_calendar_ends_quietly(text: str) -> None:
    late = rule(text, "9999-11-01T09:00")
    found = list(islice(late.after(datetime(9999, 12, 1, tzinfo=UTC)), 100_000))
    assert found
    assert max(found) < datetime(9999, 12, 31, tzinfo=UTC)
    early = rule(text, "0001-01-03T09:00")
    assert early.first(2)[0].year == 1


# dateutil cuts off the part of the first week before the start when it counts BYSETPOS; loses the days of
# a week 52 that lie in January; and intersects plain with numbered weekdays. The oracle knows better.
def _dateutil_is_wrong(text: str) -> bool:
    parts = dict(part.split("=") for part in text.split(";"))
    days = parts.get("BYDAY", "").split(",")
    mixed = {len(day) == 2 for day in days} == {True, False}
    return mixed or "BYWEEKNO" in parts or ("BYSETPOS" in parts and parts["FREQ"] == "WEEKLY")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=coarse_rules() | fine_rules(), start=st.datetimes(datetime(1970, 1, 1), datetime(2050, 1, 1)))
def test_rules_fire_as_those_of_dateutil_where_dateutil_is_right(text: str, start: datetime) -> None:
    start = start.replace(microsecond=0)
    subject = rule(text, start.isoformat(), "UTC")
    ours = subject.first(8)
    # dateutil searches for what never comes until the end of the calendar, or for ever.
    if _dateutil_is_wrong(text) or len(ours) < 8 or ours[-1].year > start.year + 10:
        return
    theirs = islice(rrulestr(text, dtstart=start), 8)
    assert [at.replace(tzinfo=None) for at in ours] == list(theirs)
