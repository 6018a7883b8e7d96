"""Holidays: their day in any year, and the names that they are said by."""

# ruff: noqa: E501 - a table is read along its line

from datetime import date, datetime

import pytest

from todotasks.language import Context, parse
from todotasks.language.time.holidays import holiday, last_holiday, next_holiday
from todotasks.language.time.holidays.rules import RULES
from todotasks.language.words.de.holidays import HOLIDAYS as GERMAN
from todotasks.language.words.en.holidays import HOLIDAYS as ENGLISH
from todotasks.language.words.holiday_names import spelled

NOW = datetime(2026, 3, 4, 10)

DAYS = [
    # fixed, by weekday, moved by a weekend
    ("christmas", "2026-12-25"), ("thanksgiving", "2026-11-26"), ("memorial-day", "2026-05-25"), ("black-friday", "2024-11-29"),
    ("mothers-day", "2026-05-10"), ("labor-day", "2027-09-06"), ("election-day", "2026-11-03"), ("victoria-day", "2026-05-18"),
    ("boss-day", "2021-10-15"), ("kings-day", "2025-04-26"), ("tax-day", "2017-04-18"), ("super-tuesday", "2024-03-05"),
    ("super-tuesday", "2008-02-05"), ("admin-day", "2026-04-22"), ("dst-start", "2026-03-08"), ("rabindra-jayanti", "2024-05-08"),
    # from Easter, and the Sundays before Christmas
    ("easter", "2026-04-05"), ("easter", "2027-03-28"), ("rose-monday", "2026-02-16"), ("corpus-christi", "2026-06-04"),
    ("whit-monday", "2026-05-25"), ("orthodox-easter", "2026-04-12"), ("clean-monday", "2026-02-23"),
    ("advent-1", "2026-11-29"), ("advent-4", "2023-12-24"), ("repentance", "2026-11-18"), ("sunday-of-the-dead", "2026-11-22"),
    # Hebrew: the eve
    ("rosh-hashanah", "2026-09-11"), ("yom-kippur", "2026-09-20"), ("hanukkah", "2026-12-04"), ("passover", "2026-04-01"),
    ("purim", "2026-03-02"), ("shavuot", "2026-05-21"), ("tu-bishvat", "2026-02-01"), ("yom-haatzmaut", "2026-04-21"),
    # Umm al-Qura
    ("ramadan", "2026-02-18"), ("eid-al-fitr", "2026-03-20"), ("eid-al-adha", "2026-05-27"), ("islamic-new-year", "2026-06-16"),
    ("eid-al-fitr", "1975-10-06"), ("eid-al-adha", "1974-01-03"),
    # Chinese, with years that have a leap month before the new one
    ("chinese-new-year", "2026-02-17"), ("chinese-new-year", "1985-02-20"), ("chinese-new-year", "2034-02-19"),
    ("mid-autumn", "2026-09-25"), ("dragon-boat", "2026-06-19"), ("qingming", "2026-04-05"),
    # Hindu
    ("diwali", "2026-11-08"), ("holi", "2026-03-04"), ("dussehra", "2025-10-02"), ("maha-shivaratri", "2026-02-15"),
    ("ganesh-chaturthi", "2026-09-14"), ("rama-navami", "2025-04-06"), ("guru-nanak", "2025-11-05"), ("pongal", "2026-01-14"),
    ("karva-chauth", "2025-10-10"), ("ugadi", "2026-03-19"), ("vaisakhi", "2026-04-14"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_holiday_has_its_day_in_each_year(name: str, day: str) -> None:
    assert holiday(name, int(day[:4])) == date.fromisoformat(day)


def test_every_holiday_comes_again() -> None:
    once = {"super-duper-tuesday", "mini-tuesday"}
    assert [name for name in RULES if name not in once and next_holiday(name, NOW.date()) is None] == []


def test_what_was_once_is_found_behind_us() -> None:
    assert next_holiday("mini-tuesday", date(2013, 2, 12)) is None
    assert last_holiday("mini-tuesday", date(2013, 2, 12)) == date(2004, 2, 3)


@pytest.mark.parametrize("year", [-3, 0, 1, 1350, 9998, 9999, 123456])
def test_no_year_is_too_far(year: int) -> None:
    assert all(
        day is None or day.year in {year, year - 1, year + 1}
        for day in (holiday(name, year) for name in RULES)
    )


@pytest.mark.parametrize("names", [ENGLISH, GERMAN], ids=["en", "de"])
def test_a_name_means_one_holiday_that_there_is(names: dict[str, str]) -> None:
    assert [name for name in names.values() if name not in RULES] == []
    meant: dict[str, set[str]] = {}
    for spellings, name in names.items():
        for each in spellings.split("|"):
            meant.setdefault(each, set()).add(name)
    assert {each: found for each, found in meant.items() if len(found) > 1} == {}


def test_a_name_is_written_with_its_choices() -> None:
    (ways,) = spelled({"[national] sibling's day": "x"})
    assert ways.split("|") == [
        "national sibling's day", "national siblings day", "national siblings' day", "national sibling day",
        "sibling's day", "siblings day", "siblings' day", "sibling day",
    ]  # fmt: skip
    (ways,) = spelled({"st (paddy/patrick)-day": "x"})
    assert "saint patrick day" in ways.split("|")


SAID = [
    ("call grandma on mother's day", "2026-05-10"), ("call grandma on mothers day", "2026-05-10"),
    ("book a table for valentine's day 2028", "2028-02-14"), ("thanksgiving of next year", "2027-11-25"),
    ("easter in 3 years", "2029-04-01"), ("tax day two years ago", "2024-04-15"), ("last easter", "2025-04-20"),
    ("the third tuesday after christmas", "2027-01-12"), ("the monday after easter", "2026-04-06"), ("the sunday before christmas", "2026-12-20"),
    ("the closest monday to oct 5th", "2026-10-05"), ("the nearest friday to 2 june", "2026-06-05"),
    ("the day after thanksgiving", "2026-11-27"), ("two weeks before easter", "2026-03-22"), ("on st. patrick's day", "2026-03-17"),
    ("Oma am Muttertag anrufen", "2026-05-10"), ("am Buß- und Bettag frei nehmen", "2026-11-18"), ("am 1. Advent backen", "2026-11-29"),
    ("zwei Wochen vor Ostern", "2026-03-22"), ("Kostüm für Rosenmontag nähen", "2027-02-08"), ("am dritten Dienstag nach Weihnachten", "2027-01-12"),
    ("zu Weihnachten Kekse backen", "2026-12-25"), ("Fronleichnam wandern gehen", "2026-06-04"), ("Ostern in zwei Jahren", "2028-04-16"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), SAID)
def test_a_holiday_is_said_in_many_ways(text: str, day: str) -> None:
    due = parse(text, NOW, context=Context(language="auto")).due
    assert due is not None
    assert due.isoformat()[:10] == day


@pytest.mark.parametrize(
    "text",
    ["buy a present for the christmas party", "may flowers", "she lent me a book", "d-day veterans museum"],
)
def test_a_holiday_that_describes_a_noun_is_no_date(text: str) -> None:
    assert parse(text, NOW).due is None
