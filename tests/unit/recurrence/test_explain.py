"""A rule in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.recurrence.reading import rule
from tests.unit.recurrence.test_oracle import coarse_rules, crons, fine_rules
from todotasks.recurrence import Rule, RuleSpec, explain, parse_rule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "every day at 09:00"),
        ("FREQ=DAILY;INTERVAL=2", "every second day at 09:00"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days at 09:00"),
        ("FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0,30", "every day at 09:00, 09:30, 18:00 and 18:30"),
        ("FREQ=DAILY;BYHOUR=8,9,10,11,12,13,14", "every day at minute 0 of hours 8–14"),
        ("FREQ=WEEKLY", "every Thursday at 09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday at 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday at 09:00"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE", "every 3 weeks on Monday and Wednesday at 09:00"),
        ("FREQ=MONTHLY", "on the 1st of every month at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2,15", "every month on the 15th and the second-to-last day at 09:00"),
        ("FREQ=MONTHLY;BYDAY=2TU", "on the second Tuesday of every month at 09:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU", "every 3 months on the second Tuesday at 09:00"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "every month on the first Monday and the last Friday at 09:00"),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=SA,SU;BYSETPOS=1",
            "every second month on the first Saturday or Sunday at 09:00",
        ),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "on the last weekday of every month at 09:00"),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "every month, on the 13th of the month, on a Friday at 09:00",
        ),
        ("FREQ=YEARLY", "every year on 1 January at 09:00"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "every year on the second Sunday of May at 09:00"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year, in week 20 of the year, on a Monday at 09:00"),
        ("FREQ=YEARLY;BYEASTER=-2", "every year, 2 days before Easter Sunday at 09:00"),
        ("FREQ=HOURLY", "every hour"),
        ("FREQ=HOURLY;INTERVAL=4;BYMINUTE=30", "every 4 hours at minute 30"),
        ("FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11", "every 15 minutes, in hours 9–11"),
        ("RDATE:20260101T090000", "a set of several rules and dates"),
    ],
)
def test_a_recurrence_rule_in_words(text: str, words: str) -> None:
    assert explain(rule(text, "2026-01-01T09:00")) == f"{words}, Europe/Berlin"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"until": "2026-12-31"}, "until 31 December 2026"),
        ({"until": "2026-12-31T12:00"}, "until 31 December 2026 12:00"),
        ({"count": 1}, "once"),
        ({"count": 10}, "10 times"),
        ({"except_": ["2026-01-02"]}, "except 1 date"),
        ({"except_": ["2026-01-02", "2026-01-03T09:00"]}, "except 2 dates"),
    ],
)
def test_says_what_limits_it(limits: dict[str, object], words: str) -> None:
    assert explain(rule("FREQ=DAILY", "2026-01-01", **limits)) == f"every day, Europe/Berlin, {words}"


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 9 * * 1-5", "every weekday at 09:00"),
        ("0 9 * * *", "every day at 09:00"),
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("@hourly", "every hour"),
        ("30 * * * *", "every hour at minute 30"),
        ("0 */2 * * *", "every second hour"),
        ("0 */6 * * 0", "every 6 hours, every Sunday"),
        ("* 9-17 * * *", "every minute of hours 9–17"),
        ("*/5 9 * * *", "every 5 minutes in hour 9"),
        ("10 9-17 * * *", "every day at minute 10 of hours 9–17"),
        ("30 4 1,15 * 5", "on the 1st and the 15th of the month or on a Friday at 04:30"),
        ("0 0 1-7 * */7", "on days 1–7 of the month if that is a Sunday at 00:00"),
        ("5 4 * * 5L", "on the last Friday of every month at 04:05"),
        ("0 9 LW 1,6 *", "on the last weekday (Monday to Friday) of January and June at 09:00"),
        ("@yearly", "every year on 1 January at 00:00"),
        ("0 9 * 12 *", "every day in December at 09:00"),
        ("0 22 * * 1#2,3", "every Wednesday and on the second Monday of the month at 22:00"),
    ],
)
def test_a_cron_schedule_in_words(cron: str, words: str) -> None:
    found = parse_rule(RuleSpec(cron=cron))
    assert isinstance(found, Rule)
    assert explain(found) == f"{words}, UTC"


@given(text=coarse_rules() | fine_rules() | crons().map(lambda each: each[0]), all_day=st.booleans())
def test_has_words_for_every_rule(text: str, all_day: bool) -> None:
    spec = RuleSpec(
        rrule=text if "=" in text else None,
        cron=None if "=" in text else text,
        start="2026-01-01" if all_day else "2026-01-01T09:00",
    )
    found = parse_rule(spec)
    if isinstance(found, Rule):
        words = explain(found)
        assert words.endswith(", UTC")
        assert "  " not in words
        assert ", ," not in words
        assert not words.startswith((" ", ","))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "jeden Tag um 09:00"),
        ("FREQ=DAILY;INTERVAL=3", "alle 3 Tage um 09:00"),
        ("FREQ=DAILY;BYHOUR=8,9,10,11,12,13,14", "jeden Tag zu Minute 0 der Stunden 8–14"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "jeden zweiten Dienstag um 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "jeden Werktag (Montag bis Freitag) um 09:00"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE", "alle 3 Wochen, am Montag oder Mittwoch um 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2,15", "jeden Monat am 15. und vorletzten Tag um 09:00"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "jeden Monat am ersten Montag und letzten Freitag um 09:00"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "jeden Monat am letzten Werktag (Montag bis Freitag) um 09:00",
        ),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "jeden Monat, am 13. des Monats, am Freitag um 09:00"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "jedes Jahr am 24. Dezember um 09:00"),
        ("FREQ=YEARLY;BYEASTER=-2", "jedes Jahr, 2 Tage vor Ostersonntag um 09:00"),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=9,10,11,12", "alle 2 Stunden, in Stunden 9–12"),
        ("0 9 * * 1-5", "jeden Werktag (Montag bis Freitag) um 09:00"),
        ("*/15 9-17 * * *", "alle 15 Minuten in Stunden 9–17"),
        ("0 */2 * * *", "alle 2 Stunden"),
        ("30 8 1,15 * *", "jeden Monat am 1. und 15. um 08:30"),
        ("0 9 L * *", "jeden Monat am letzten Tag um 09:00"),
        ("0 9 * * 1#2", "jeden Monat am zweiten Montag um 09:00"),
        ("0 9 13 * 5", "am 13. des Monats oder am Freitag um 09:00"),
        ("0 9 1 1 *", "jedes Jahr am 1. Januar um 09:00"),
    ],
)
def test_a_rule_is_said_in_german(text: str, words: str) -> None:
    found = rule(text) if "=" in text else parse_rule(RuleSpec(cron=text, time_zone="Europe/Berlin"))
    assert isinstance(found, Rule)
    assert explain(found, language="de") == f"{words}, Europe/Berlin"


def test_what_limits_a_rule_is_said_in_german() -> None:
    limited = rule("FREQ=DAILY", "2026-01-01", until="2026-12-31", except_=["2026-01-02"])
    assert (
        explain(limited, language="de") == "jeden Tag, Europe/Berlin, bis 31. Dezember 2026, außer an 1 Tag"
    )
    after = rule("FREQ=WEEKLY;INTERVAL=2", "2026-01-01")
    assert (
        explain(after, from_completion=True, language="de") == "alle 2 Wochen nach Erledigung, Europe/Berlin"
    )


@given(text=coarse_rules() | fine_rules() | crons().map(lambda each: each[0]), all_day=st.booleans())
def test_has_german_words_for_every_rule(text: str, all_day: bool) -> None:
    spec = RuleSpec(
        rrule=text if "=" in text else None,
        cron=None if "=" in text else text,
        start="2026-01-01" if all_day else "2026-01-01T09:00",
    )
    found = parse_rule(spec)
    if isinstance(found, Rule):
        words = explain(found, language="de")
        assert words.endswith(", UTC")
        assert not re.search(r",,|  |^,|\b(and|or|of|every|the)\b", words), words
