"""What is asked first although the ranking is sure, and what a change of mind and a doer are."""

from datetime import UTC, datetime

import pytest

from todotasks import language
from todotasks.edits.understand.guessed import guessed
from todotasks.language import Context
from todotasks.language.corrections import doer, read_correction
from todotasks.language.followups import read_followup
from todotasks.language.grounding.sight import Seen, Sight

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
TITLES = ("we need printer paper", "fix the sink", "book the van", "grease the hinges")
SIGHT = Sight(tuple(Seen(title, key=title.replace(" ", "-")) for title in TITLES))


@pytest.mark.parametrize(
    ("said", "behind_a_change", "asks"),
    [
        ("printer fixed!", False, True),  # what is there asks for paper
        ("sink fixed", False, False),
        ("the van's booked", False, False),
        ("no wait, the hinges can stay with him", True, True),
        ("no wait, the hinges can stay with him", False, False),
        ("no, buy bread", True, False),  # nothing that is there has to do with it
        ("buy bread", True, False),
    ],
)
def test_what_is_but_guessed_is_asked_first(said: str, behind_a_change: bool, asks: bool) -> None:
    step = language.understand(said, NOW, UTC, Context(), SIGHT).steps[0]
    asked = guessed(step, SIGHT, behind_a_change=behind_a_change)
    assert asked is asks or (asks and step.reading.intent == "none")  # nothing to ask about then


@pytest.mark.parametrize(
    "said",
    [
        "doch nicht",
        "nee doch nicht",
        "ach, lieber nicht",
        "scratch that",
        "no, not after all",
        "on second thought",
    ],
)
def test_a_change_of_mind_is_nothing_else(said: str) -> None:
    found = read_followup(said, NOW, UTC, Context())
    assert found is not None
    assert found.changed_mind


@pytest.mark.parametrize(
    "said", ["doch nicht das Brot", "scratch that itch", "lieber nicht am Montag", "nicht"]
)
def test_more_than_a_change_of_mind_is_none(said: str) -> None:
    found = read_followup(said, NOW, UTC, Context())
    assert found is None or not found.changed_mind


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("actually no, jonas does it", "jonas"),
        ("no sorry, dev does that", "dev"),
        ("ach nein, das macht mein Sohn", "mein Sohn"),
        ("nein, das macht Herr Braun", "Herr Braun"),
    ],
)
def test_who_does_it_is_a_person(said: str, who: str) -> None:
    found = read_correction(said, NOW, UTC, Context())
    assert found is not None
    assert found.person == who


@pytest.mark.parametrize(
    "said", ["who does it", "it does it", "that does it?", "buy milk", "das macht Jana?"]
)
def test_nobody_is_said_to_do_it(said: str) -> None:
    assert doer(said, "en") is None
    assert doer(said, "de") is None


def test_less_of_a_shift_is_an_amount_or_a_time() -> None:
    days, bare = (
        read_correction(text, NOW, UTC, Context()) for text in ("wait, just one day", "wait, only one")
    )
    assert days is not None
    assert days.moved is not None
    assert (days.only, days.moved.shift) == (True, "P1D")
    assert bare is not None
    assert (bare.only, bare.amount) == (True, 1)


def test_a_title_behind_rename_is_all_of_it() -> None:
    found = read_followup("rename to Landlord visit (bring keys)", NOW, UTC, Context())
    assert found is not None
    assert found.titled == "Landlord visit (bring keys)"
