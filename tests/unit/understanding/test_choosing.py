"""Which rows an answer names, and what is no answer."""

from datetime import datetime

import pytest

from todotasks.language.choosing import Choice, choose
from todotasks.language.grounding.sight import Seen

NOW = datetime(2026, 3, 11, 10)  # a Wednesday
ROWS = (
    Seen("call Dr Schulz", key="a", due="2026-03-13", tags=("health",)),
    Seen("call Dr Weber", key="b", due="2026-03-12T09:00", assignee="Anna"),
    Seen("order part 17", key="c", priority="Urgent"),
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Schulz", (0,)),
        ("it was Weber", (1,)),
        ("Weber, I think", (1,)),
        ("den Schulz meinte ich", (0,)),
        ("Schulz and Weber", (0, 1)),
        ("Schulz, and also part 17", (0, 2)),
        ("17", (2,)),
        ("the 17 one", (2,)),
        ("not Weber", (0, 2)),
        ("nicht Weber und nicht Schulz", (2,)),
        ("all but Schulz", (1, 2)),
        ("yes but keep part 17", (0, 1)),
        ("Schulz, not Weber", (0,)),
        ("both but not Weber", ()),
        ("the one due friday", (0,)),
        ("tomorrow's", (1,)),
        ("the friday one", (0,)),
        ("der von morgen", (1,)),
        ("the health one", (0,)),
        ("#health", (0,)),
        ("Anna's", (1,)),
        ("the urgent one", (2,)),
        ("the later one", (0,)),
        ("the former", (0,)),
        ("the latter", (2,)),
        ("nur den Weber bitte", (1,)),
    ],
)
def test_rows_are_told_by_what_somebody_says_of_them(text: str, places: tuple[int, ...]) -> None:
    found = choose(text, ROWS, NOW)
    assert (found.rows if found is not None else ()) == places


@pytest.mark.parametrize(
    "text",
    [
        "buy bread",
        "call Dr Schulz tomorrow at 9",
        "add lunch with Weber",
        "Schulz?",
        "",
        "the doctor",
        "Dr",
        "what is due friday?",
        "call the plumber and Weber",
    ],
)
def test_what_says_more_or_fits_several_chooses_nothing(text: str) -> None:
    assert choose(text, ROWS, NOW) is None


def test_a_word_that_answers_opens_the_choice() -> None:
    assert choose("no, only Schulz", ROWS, NOW) == Choice((0,), opened=True)
    assert choose("Schulz", ROWS, NOW) == Choice((0,))


def test_what_is_left_over_is_asked_about_unless_all_of_it_was_said() -> None:
    assert choose("not Weber", ROWS, NOW) == Choice((0, 2), opened=True, rest=True)
    assert choose("all but Weber", ROWS, NOW) == Choice((0, 2), opened=True)
    assert choose("not Weber", ROWS[:2], NOW) == Choice((0,), opened=True)
