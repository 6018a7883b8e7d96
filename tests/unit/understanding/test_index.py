"""The index of what is seen: each word is found where it stands, and common ones cost no more."""

from datetime import datetime

import pytest

from todotasks.language.grounded import grounded_object
from todotasks.language.grounding.index import Index
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.grounding.titles import title_of
from todotasks.language.understanding import understand

NOW = datetime(2026, 5, 12, 18, 30)


def index(*titles: str) -> Index:
    return Index((title, ()) for title in titles)


def test_a_word_stands_where_its_forms_do() -> None:
    found = index("Return the library books", "Visit libraries in the town")
    assert list(found.telling("librari")) == [(0, 2), (1, 1)]
    assert list(found.telling("the")) == []
    assert list(found.small("the")) == [(0, 1), (1, 3)]


def test_tags_projects_and_people_stand_at_no_place_of_the_title() -> None:
    found = Index([("Oil the hinges", ("home", None, "Petra Weiß"))])
    assert [list(found.telling(word)) for word in ("hom", "petra", "weiss")] == [[(0, -1)]] * 3


def test_the_stems_of_the_index_are_those_of_the_titles() -> None:
    """They are made in two places: once for all titles, and of those that are looked at closely."""
    titles = (
        "Straße kehren",
        "Call Anna's dentist",
        "Müll rausbringen (Freitag)",
        "a/b test for foo_bar",
        "ＦＡＸ it",
    )
    found = index(*titles)
    for k, title in enumerate(titles):
        for place, stem in enumerate(title_of(title).stems):
            assert (k, place) in [*found.telling(stem), *found.small(stem)], (title, stem)


@pytest.mark.parametrize(("letters", "things"), [("tls", [1]), ("rc", [2]), ("cert", []), ("tlsn", [])])
def test_an_acronym_is_of_words_side_by_side_in_one_title(letters: str, things: list[int]) -> None:
    found = index("Buy milk", "Transport layer security", "Renew the certificate")
    assert [thing for thing, _ in found.acronym(letters)] == things


def test_beginnings_and_endings_are_found_in_the_vocabulary() -> None:
    found = index("Fahrrad flicken", "Fahrt buchen", "Dreirad ölen")
    assert list(found.beginning("fahr")) == ["fahrrad", "fahrt"]
    assert sorted(found.ending("rad")) == ["dreirad", "fahrrad"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("call anna from shop 4711", "Call Anna from shop 4711"),  # every word but the last is in all titles
        ("the zeppelin is done", "Zeppelin for shop 9"),  # the rare word alone
        ("shop 9 zeppelin call done", "Zeppelin for shop 9"),
    ],
)
def test_in_a_long_list_of_likes_the_rare_word_decides(said: str, title: str) -> None:
    titles = [f"Call Anna from shop {k}" for k in range(9_000)] + ["Zeppelin for shop 9"]
    sight = Sight(tuple(Seen(title, key=title) for title in titles))
    found = understand(f"{said}, done", NOW, sight=sight)
    assert found.steps[0].reading.names == (title,)


def test_words_that_thousands_of_titles_have_name_none_of_them() -> None:
    sight = Sight(tuple(Seen(f"Call Anna from shop {k}", key=str(k)) for k in range(9_000)))
    found = understand("called anna from the shop", NOW, sight=sight)
    assert found.asks or not found.steps[0].reading.names


HOUSE = Sight(
    (
        Seen("Oil the hinges", key="a", tags=("home",), due="2026-05-12"),
        Seen("Ring the surveyor about plot 42", key="b", assignee="petra"),
        Seen("Straße kehren", key="c", due="2026-05-13T09:00", priority="High"),
        Seen("Bake bread", key="d", completed=True),
    ),
    shown=(0, 1, 2),
)


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("what's due today", ["Oil the hinges"]),
        ("find 42", ["Ring the surveyor about plot 42"]),
        ("show #home", ["Oil the hinges"]),
        ("what have i done so far", ["Bake bread"]),
        ("suche strasse", ["Straße kehren"]),
        ("show high priority tasks", ["Straße kehren"]),
        ("move everything due today to friday", ["Oil the hinges"]),
        ("show the second one", ["Ring the surveyor about plot 42"]),
    ],
)
def test_what_a_list_would_show_is_told_by_its_titles(said: str, titles: list[str]) -> None:
    assert grounded_object(understand(said, NOW, sight=HOUSE), HOUSE)["targets"] == titles
