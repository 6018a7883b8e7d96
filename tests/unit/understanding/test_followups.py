"""What goes on from the message before, told by its words alone."""

from datetime import UTC, date, datetime

import pytest

from todotasks.language import Context
from todotasks.language.corrections import Correction, read_correction
from todotasks.language.followups import FollowUp, Which, read_followup

NOW = datetime(2026, 3, 11, 10)


def follow(text: str) -> FollowUp | None:
    return read_followup(text, NOW, UTC, Context())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("and the other one too", Which(other=True)),
        ("the other one", Which(other=True)),
        ("und das andere auch", Which(other=True)),
        ("die andere auch bitte", Which(other=True)),
        ("and the rest", Which(others=True)),
        ("den Rest auch", Which(others=True)),
        ("and the second one", Which(ordinals=(2,))),
        ("the last one too", Which(ordinals=(-1,))),
        ("die letzte auch", Which(ordinals=(-1,))),
        ("also 2 and 3", Which(ordinals=(2, 3))),
        ("same for Oslo", Which(words="Oslo")),
        ("dasselbe für Meier", Which(words="Meier")),
        ("and the bread", Which(words="the bread")),
    ],
)
def test_the_same_to_another_thing(text: str, meant: Which) -> None:
    found = follow(text)
    assert found is not None and found.same == meant


@pytest.mark.parametrize(
    "text",
    [
        "not yet",
        "wait no I didn't",
        "nvm not done lol",
        "oops, not yet",
        "doch noch nicht",
        "hm, nein, noch nicht fertig",
    ],
)
def test_what_only_denies_says_that_it_is_not_so(text: str) -> None:
    found = follow(text)
    assert found is not None and found.not_so and not found.by_mistake


@pytest.mark.parametrize(
    "text", ["that was a mistake", "my mistake, sorry", "das war falsch", "ups, das war ein Versehen"]
)
def test_a_mistake_is_one_whatever_was_done(text: str) -> None:
    found = follow(text)
    assert found is not None and found.not_so and found.by_mistake


@pytest.mark.parametrize(
    "text", ["no, the last one isn't", "die letzte doch nicht", "the second is not done"]
)
def test_what_is_pointed_at_may_not_be_so(text: str) -> None:
    found = follow(text)
    assert found is not None and found.these is not None and found.these.ordinals


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("and tomorrow?", date(2026, 3, 12)),
        ("what about tomorrow?", date(2026, 3, 12)),
        ("only tomorrow's", date(2026, 3, 12)),
        ("und morgen?", date(2026, 3, 12)),
        ("and the ones of next week?", date(2026, 3, 16)),
    ],
)
def test_a_list_of_another_day_is_asked_for(text: str, day: date) -> None:
    found = follow(text)
    assert found is not None and found.filter is not None and found.filter.due is not None
    assert found.filter.due.start == day


def test_a_list_is_narrowed_or_of_another_tag() -> None:
    urgent = follow("just the urgent ones")
    assert urgent is not None and urgent.narrows
    assert urgent.filter is not None and urgent.filter.priority == "Urgent"
    undated = follow("what about the ones without a date?")
    assert undated is not None and undated.filter is not None and undated.filter.has_due is False
    office = follow("and office?")
    assert office is not None and office.value == "office"


@pytest.mark.parametrize(
    "text",
    [
        "buy milk", "show me the urgent ones", "and what's left?", "no", "not", "thanks",
        "call the other office",
        "no problem with the car", "what did I do today?", "is it done?", "the milk is not done", "",
    ],
)  # fmt: skip
def test_whatever_says_more_is_a_message_of_its_own(text: str) -> None:
    assert follow(text) is None


@pytest.mark.parametrize(
    ("text", "shift", "due"),
    [
        ("a day earlier", "-P1D", None),
        ("an hour later please", "PT1H", None),
        ("do it tomorrow", None, date(2026, 3, 12)),
        ("let's say friday", None, date(2026, 3, 13)),
        ("mach das bis Samstag", None, date(2026, 3, 14)),
        ("sorry is sunday not saturday", None, date(2026, 3, 15)),
    ],
)
def test_a_time_of_what_was_said_last(text: str, shift: str | None, due: date | None) -> None:
    found = read_correction(text, NOW, UTC, Context())
    assert found is not None and found.moved is not None
    assert (found.moved.shift, found.moved.due) == (shift, due)


@pytest.mark.parametrize(
    "text", ["make it shorter", "do it well", "do it", "an hour of piano", "later", "make it work"]
)
def test_words_that_only_begin_like_one_move_nothing(text: str) -> None:
    assert read_correction(text, NOW, UTC, Context()) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, the electrician", Correction(meant="the electrician", weak=True)),
        ("no, only the first", Correction(meant="the first", only=True)),
        ("I meant the other one", Correction(meant="the other one")),
        ("not #flat, #house", Correction(meant="#house", was="#flat")),
        ("ich meinte Augenarzt", Correction(meant="Augenarzt")),
    ],
)
def test_words_that_are_meant_instead(text: str, meant: Correction) -> None:
    found = read_correction(text, NOW, UTC, Context())
    assert found is not None
    assert Correction(meant=found.meant, was=found.was, weak=found.weak, only=found.only) == meant
