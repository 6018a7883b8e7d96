"""Which title a few words mean, and when nothing should be taken for it."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from todotasks.edits.targets.matching import find, without_schedule

TITLES = (
    "Write the quarterly report", "report", "Buy milk", "buy milk and bread", "call Anna", "call Bob",
    "Water the plants", "Review the code", "trip rent water code buy", "Müll rausbringen", "fix bike",
)  # fmt: skip
NAMES = tuple(f"name-{k}" for k in range(len(TITLES)))


@pytest.mark.parametrize(
    ("said", "wanted", "how"),
    [
        ("name-6", ["Water the plants"], "name"),
        ("report", ["report"], "title"),
        ("the report", ["report"], "title"),
        ("REPORT!", ["report"], "title"),
        ("buy  milk", ["Buy milk"], "title"),
        ("quarterly report", ["Write the quarterly report"], "words"),
        ("milk", ["Buy milk", "buy milk and bread"], "words"),
        ("call", ["call Anna", "call Bob"], "words"),
        ("quaterly reprot", ["Write the quarterly report"], "alike"),
        ("reveiw the code", ["Review the code"], "alike"),
        ("watering", ["Water the plants", "trip rent water code buy"], "alike"),
        ("muell rausbringen", ["Müll rausbringen"], "alike"),
        ("called anna", ["call Anna"], "alike"),  # what was done is called by its verb
        ("bought milk and bread", ["buy milk and bread"], "alike"),
        ("wrote the quarterly report", ["Write the quarterly report"], "alike"),
        ("fixed the bike", ["fix bike"], "alike"),
        ("reviewing the code", ["Review the code"], "alike"),
        ("müll rausgebracht", ["Müll rausbringen"], "alike"),
    ],
)
def test_the_nearest_kind_of_match_wins(said: str, wanted: list[str], how: str) -> None:
    best = find(said, NAMES, TITLES).best
    assert [TITLES[match.index] for match in best] == wanted
    assert {match.how for match in best} == {how}


@pytest.mark.parametrize(
    "said",
    [
        "called Tom",
        "sold milk",
        "call Tom",  # not "call Bob": a short word with other letters is another word
        "buy silk shirts",
        "unicorn",
        "fix car",
        "the",
        "!?",
        "",
        "write a letter to the bank",
    ],
)
def test_words_that_name_nothing_match_nothing(said: str) -> None:
    assert find(said, NAMES, TITLES).best == ()


def test_what_is_near_is_named_at_most_three_and_best_first() -> None:
    near = [TITLES[k] for k in find("rent water bill", NAMES, TITLES).near]
    assert 1 <= len(near) <= 3
    assert near[0] == "trip rent water code buy"


def test_how_often_something_repeats_is_no_part_of_its_name() -> None:
    assert without_schedule("the weekly report") == "report"


def calls_of(work: Callable[[], object]) -> int:
    """Python functions that are called: the same on every machine."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("call the plumber about the sink", id="an ordinary miss"),
        pytest.param(
            " ".join(f"word{k} sink{k}" for k in range(40))[:512], id="a long one, each word is there"
        ),
        pytest.param("wordd1 sinkk2", id="slips"),
    ],
)
def test_what_matching_costs_grows_with_the_titles_and_not_with_what_was_said(said: str) -> None:
    titles = [f"word{k % 700} sink{k % 300} number {k}" for k in range(10_000)]
    names = [f"t{k}" for k in range(10_000)]
    assert calls_of(lambda: find(said, names, titles)) <= 6 * len(titles)
