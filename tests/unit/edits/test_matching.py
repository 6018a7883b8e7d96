"""Which title a few words mean, and when nothing should be taken for it."""

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
