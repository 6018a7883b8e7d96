"""Replies to a question: what is one, and what is a message of its own."""

import pytest

from todotasks.edits.model.conversation import Pending, Shown
from todotasks.edits.understand.answers import Chosen, read_answer

MILK = Shown("todotasks", "buy-milk", "Buy milk")
DOOR = Shown("todotasks", "blue", "Paint the blue door")
RENT = Shown("todotasks", "rent", "Pay rent")
ROWS = (MILK, DOOR, RENT)
WHICH = Pending("choice", (), ROWS)
SURE = Pending("confirm", (), ROWS)


@pytest.mark.parametrize(
    "text", ["yes", "Yes please", "y", "ok", "do it", "ja", "ja bitte", "sure, go ahead"]
)
def test_yes_confirms_and_does_not_choose(text: str) -> None:
    assert read_answer(text, SURE) == Chosen(yes=True)
    assert read_answer(text, WHICH) is None


@pytest.mark.parametrize("text", ["no", "No thanks", "cancel", "never mind", "nein", "abbrechen", "don't"])
def test_no_is_no_to_any_question(text: str) -> None:
    assert read_answer(text, SURE) == read_answer(text, WHICH) == Chosen(no=True)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("2", (DOOR,)),
        ("the second one", (DOOR,)),
        ("1 and 3", (MILK, RENT)),
        ("the last one", (RENT,)),
        ("die zweite", (DOOR,)),
        ("all but the first", (DOOR, RENT)),
        ("buy milk", (MILK,)),
        ("“Pay rent”", (RENT,)),
        ("buy-milk", (MILK,)),
    ],
)
def test_numbers_and_exact_titles_choose_rows(text: str, rows: tuple[Shown, ...]) -> None:
    assert read_answer(text, SURE) == read_answer(text, WHICH) == Chosen(rows=rows)


def test_words_of_one_title_choose_where_one_is_asked_for() -> None:
    assert read_answer("the blue one", WHICH) == Chosen(rows=(DOOR,))
    assert read_answer("the blue one", SURE) is None


def test_a_number_that_no_row_has_is_said() -> None:
    assert read_answer("7", WHICH) == Chosen(beyond=(7,))


@pytest.mark.parametrize("text", ["buy bread", "no, buy bread", "complete rent tomorrow", "undo", ""])
def test_everything_else_is_a_message_of_its_own(text: str) -> None:
    assert read_answer(text, SURE) is None
    assert read_answer(text, WHICH) is None
