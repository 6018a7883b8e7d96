"""Ways to say when, by kind: each line is another one, in English and German; read on Wednesday 2026-03-04 at 10."""

# ruff: noqa: E501 - a table is read along its line

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from todotasks.language import Context, parse
from todotasks.language.candidates.afterwards import due_afterwards
from todotasks.language.grounding.sight import Seen

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 10, tzinfo=ZONE)


def due(text: str) -> str:
    found = parse(text, NOW, ZONE).due
    return "" if found is None else found.isoformat()[: 16 if isinstance(found, datetime) else 10]


def rule(text: str) -> str:
    found = parse(text, NOW, ZONE).recurrence
    return "" if found is None else found.rrule


DUE = {
    # a time of day, spoken and in its other forms
    "call at quarter past 3pm": "2026-03-04T15:15", "call at 15 past 3pm": "2026-03-04T15:15", "call at 20 past 3pm": "2026-03-04T15:20",
    "call at 3 fifteen": "2026-03-04T15:15", "call at quarter past 15h": "2026-03-04T15:15", "3 in the PM": "2026-03-04T15:00",
    "15 to noon": "2026-03-04T11:45", "ten-thirty": "2026-03-04T10:30", "twelve oh three": "2026-03-04T12:03", "half three": "2026-03-04T15:30",
    "eight this evening": "2026-03-04T20:00", "around 1030": "2026-03-04T10:30", "dentist 0930 tomorrow": "2026-03-05T09:30",
    "call bob first thing monday": "2026-03-09T09:00", "monday early in the morning": "2026-03-09T09:00", "the morning of june 15th": "2026-06-15T09:00",
    "um fünf vor halb acht": "2026-03-05T07:25", "um 6 Uhr früh": "2026-03-05T06:00", "um halb 4 nachmittags": "2026-03-04T15:30",
    "am Sonntag um Viertel nach 7 abends": "2026-03-08T19:15", "Paket um 8 abholen": "2026-03-04T20:00", "Samstagnachmittag": "2026-03-07T15:00",
    # lengths
    "in 1/2 an hour": "2026-03-04T10:30", "in one and a quarter hours": "2026-03-04T11:15", "in 2 more minutes": "2026-03-04T10:02", "in 15": "2026-03-04T10:15",
    "in 5'": "2026-03-04T10:05", "in three weeks' time": "2026-03-25", "two days from now at 4": "2026-03-06T16:00", "in anderthalb Stunden": "2026-03-04T11:30",
    "in zweieinhalb Stunden": "2026-03-04T12:30", "in einer Viertelstunde": "2026-03-04T10:15", "in einem halben Jahr": "2026-09-04",
    "heute in zwei Wochen": "2026-03-18", "tomorrow in a week": "2026-03-12",
    # the one after next
    "friday after next": "2026-03-13", "the weekend after next": "2026-03-21", "march after next": "2028-03-01",
    # stretches of a year
    "in the year 2031": "2031-01-01", "im Jahr 2031": "2031-01-01", "the 3rd quarter": "2026-07-01", "4th quarter 2027": "2027-10-01", "im dritten Quartal": "2026-07-01",
    "q3 2027": "2027-07-01", "next summer": "2026-06-21", "in spring 2027": "2027-03-20", "im Herbst": "2026-09-23", "by the end of the summer": "2026-09-22",
    "march in 1 year": "2027-03-01", "march next year": "2027-03-01", "last weekend of july": "2026-07-25", "in KW 31": "2026-07-27", "beginning of month": "2026-03-04",
    "the first monday in this month": "2026-03-02", "the 2nd last week of october": "2026-10-19",
    # days
    "2 / 15": "2027-02-15", "10 31 2027": "2027-10-31", "the 24": "2026-03-24", "the ides of march": "2026-03-15", "Fri, Jul 18": "2026-07-18",
    "two upcoming days": "2026-03-06",
}  # fmt: skip


@pytest.mark.parametrize(("text", "when"), DUE.items())
def test_a_time_is_said_in_many_ways(text: str, when: str) -> None:
    assert due(text) == when


def test_a_weekday_beside_a_date_chooses_the_year_in_which_both_are_true() -> None:
    now = datetime(2013, 2, 12, 4, 30)
    assert str(parse("Fri, Jul 18", now).due) == "2014-07-18"  # in 2013 it is a Thursday
    assert (
        str(parse("Mon, Jul 18", now).due) == "2013-07-18"
    )  # in none of the next years: the weekday is the slip


@pytest.mark.parametrize(
    "text",
    [
        "building 4 this afternoon",
        "A4 paper",
        "sort the photos of the year 2008",
        "this past one",
        "go to the ATM",
    ],
)
def test_a_number_that_counts_something_else_is_no_hour(text: str) -> None:
    assert due(text)[11:] in {"", "15:00"}


RULES = {
    "every year on Fri in week 12": "FREQ=YEARLY;BYWEEKNO=12;BYDAY=FR", "jeden Montag in KW 12": "FREQ=YEARLY;BYWEEKNO=12;BYDAY=MO",
    "monthly on the first and last instance of wed and fri": "FREQ=MONTHLY;BYDAY=WE,FR;BYSETPOS=1,-1", "monthly on tue and fri": "FREQ=MONTHLY;BYDAY=TU,FR",
    "every 30 seconds": "FREQ=SECONDLY;INTERVAL=30", "each week on tuesday-tue": "FREQ=WEEKLY;BYDAY=TU", "each thursday until next month": "FREQ=WEEKLY;BYDAY=TH;UNTIL=20260401",
    "every 8 hours except tomorrow at 8am": "FREQ=HOURLY;INTERVAL=8", "every 8 hours except daily at 12am": "FREQ=HOURLY;INTERVAL=8",
    "twice a day at 8 and 20": "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", "zweimal täglich um 8 und 20 Uhr": "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0",
    "every tuesday from 9 to 11": "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0", "jeden Dienstag von 9 bis 11 Uhr": "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0",
    "every quarter on the first working day": "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "every day this week": "FREQ=DAILY;UNTIL=20260308",
    "every summer clean the gutters": "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=21", "every second and fourth tuesday": "FREQ=MONTHLY;BYDAY=2TU,4TU",
    "stretch weekdays hourly from 9 to 11": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,10,11;BYMINUTE=0", "werktags stündlich von 9 bis 11 Uhr dehnen": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,10,11;BYMINUTE=0",
    "Miete jeden Ersten zahlen": "FREQ=MONTHLY;BYMONTHDAY=1", "Sport jeden Mo, Mi und Fr": "FREQ=WEEKLY;BYDAY=MO,WE,FR", "jeden Freitagabend Pizza": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=19;BYMINUTE=0",
    "samstagmorgens joggen": "FREQ=WEEKLY;BYDAY=SA;BYHOUR=9;BYMINUTE=0", "jeden Morgen um halb sieben": "FREQ=DAILY;BYHOUR=6;BYMINUTE=30",
    "swim every wednesday at 5 until the end of june": "FREQ=WEEKLY;BYDAY=WE;BYHOUR=17;BYMINUTE=0;UNTIL=20260630",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), RULES.items())
def test_a_rhythm_is_said_in_many_ways(text: str, wanted: str) -> None:
    assert rule(text) == wanted


SHIFTED = "FREQ=MONTHLY;BYMONTHDAY=1,2,3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("pay rent every 1st, if weekend then Monday", "pay rent"),
        ("every 1st, if that is a weekend then on the monday pay rent", "pay rent"),
        ("Miete jeden 1. zahlen, falls Wochenende dann Montag", "Miete zahlen"),
        ("Miete jeden Ersten zahlen, fällt er aufs Wochenende dann am Montag", "Miete zahlen"),
    ],
)
def test_a_weekend_that_gives_way_leaves_the_title_whole(text: str, title: str) -> None:
    reading = parse(text, NOW, ZONE)
    assert (rule(text), reading.title) == (SHIFTED, title)


TITLES = {
    "no sugar for 10 days": "no sugar", "no screens after 9pm": "no screens", "kein Zucker für 10 Tage": "kein Zucker",
    "move boxes to attic saturday": "move boxes to attic", "move the sofa into the garage tomorrow at 5": "move the sofa into the garage",
    "work from home all day friday": "work from home",
}  # fmt: skip


@pytest.mark.parametrize(("text", "title"), TITLES.items())
def test_what_belongs_to_a_task_stays_in_its_title(text: str, title: str) -> None:
    reading = parse(text, NOW, ZONE)
    assert (reading.intent, reading.title) == ("create", title)


@pytest.mark.parametrize("text", ["no, buy milk", "no buy milk"])
def test_a_no_before_a_command_is_an_answer(text: str) -> None:
    assert parse(text, NOW, ZONE).title == "buy milk"


def test_where_such_a_task_is_known_it_moves() -> None:
    reading = parse("move boxes to attic saturday", NOW, ZONE, Context(titles=("boxes to attic",)))
    assert (reading.action, due("move boxes to attic saturday")) == ("reschedule", "2026-03-07")


@pytest.mark.parametrize(
    "text", ["move report to saturday all day", "verschiebe Bericht auf Samstag ganztägig"]
)
def test_all_day_takes_the_time_of_day_from_a_task(text: str) -> None:
    seen = Seen(key="report", title="report", due="2026-03-05T09:00")
    reading = parse(text, NOW, ZONE)
    assert reading.action == "reschedule"
    assert due_afterwards(reading, seen) == "2026-03-07"
    assert due_afterwards(parse("move report to saturday", NOW, ZONE), seen) == "2026-03-07T09:00"
