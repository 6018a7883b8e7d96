"""Replies to a question: yes, no, all of what was shown, or which of it. Anything else is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.language.saying import BERLIN, NOW
from todotasks.language import ShortReply, answer, parse

SHOWN = 3
NO = (
    "no|No.|nope|cancel|nevermind|never mind|no thanks|nah|don't|please don't|forget it|stop|"
    "leave it|none of them|neither|not now|i changed my mind|no, cancel that|ok never mind|👎|"
    "nein|nein danke|abbrechen|lass es|doch nicht|keine davon|vergiss es"
)
YES = (
    "yes|Yes!|y|yep|yeah sure|ok|okay do it|go ahead|yes please|sure, go ahead|of course|"
    "that's right|yes yes|please do|sounds good|👍|👍🏽|✅|ja|ja bitte|klar|mach das|genau|"
    "ja, mach das|in Ordnung|ja gerne"
)


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        *[
            (text, (2,))
            for text in ("2", "2.", "#2", "(2)", "number 2", "two", "number two", "option 2", "task 2")
        ],
        *[
            (text, (2,))
            for text in ("second", "the second", "the 2nd", "the second one", "it's the second one")
        ],
        *[
            (text, (2,))
            for text in ("yes, the second", "no, the second", "ok 2", "i mean the second", "take the second")
        ],
        ("the second one, thanks", (2,)),
        ("the middle one", (2,)),
        ("one", (1,)),
        ("the top one", (1,)),
        ("the last", (3,)),
        ("the bottom one", (3,)),
        ("the last two", (2, 3)),
        ("the first two", (1, 2)),
        *[(text, (1, 3)) for text in ("1 and 3", "1, 3", "1 & 3", "1 3", "1+3", "first and third")],
        ("the first and the last", (1, 3)),
        ("1-3", (1, 2, 3)),
        ("all but the first", (2, 3)),
        ("all except 2", (1, 3)),
        *[
            (text, (2,))
            for text in ("das zweite", "die zweite bitte", "Nummer 2", "zwei", "nimm die 2", "ja, die zweite")
        ],
        ("die ersten beiden", (1, 2)),
        ("die letzten zwei", (2, 3)),
        ("1 und 3", (1, 3)),
        ("alle außer der ersten", (2, 3)),
    ],
)
def test_a_choice_is_read_as_its_numbers(text: str, ordinals: tuple[int, ...]) -> None:
    assert answer(text, SHOWN) == ShortReply("ordinals", ordinals)


@pytest.mark.parametrize("count", [0, SHOWN])
@pytest.mark.parametrize(
    "text",
    YES.split("|"),
)
def test_agreement_is_yes(text: str, count: int) -> None:
    assert answer(text, count) == ShortReply("yes")


@pytest.mark.parametrize(
    "text",
    NO.split("|"),
)
def test_refusal_is_no(text: str) -> None:
    assert answer(text, SHOWN) == ShortReply("no")


@pytest.mark.parametrize(
    "text",
    ["all", "all of them", "everything", "yes, all of them", "all three", "them all", "alle", "alle davon"],
)
def test_all_that_was_shown_is_all(text: str) -> None:
    assert answer(text, SHOWN) == ShortReply("all")


@pytest.mark.parametrize("text", ["both", "both of them", "yes both", "beide", "alle beide", "die beiden"])
def test_both_is_all_of_two_and_no_answer_where_three_were_shown(text: str) -> None:
    assert answer(text, 2) == ShortReply("all")
    assert answer(text, SHOWN) is None


def test_a_number_that_was_not_shown_is_told_apart() -> None:
    assert answer("5", SHOWN) == ShortReply("ordinals", (), outside=(5,))
    assert answer("2 and 4", SHOWN) == ShortReply("ordinals", (2,), outside=(4,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "buy milk",
        "2 eggs",
        "tomorrow",
        "delete the second",
        "cancel 2",  # a command, not "no, the second"
        "skip the second",
        "not the second",
        "yes but move it to friday",
        "move 2 to friday",
        "no yes",
        "the red one",
        "second opinion",
        "nothing compares to you",
        "cancel the dentist",
        "all hands meeting",
        "nicht die zweite",
    ],
)
def test_what_answers_nothing_is_left_to_the_reader_of_commands(text: str) -> None:
    assert answer(text, SHOWN) is None


@given(st.text(max_size=200), st.integers(0, 60))
def test_any_text_has_an_answer_or_none(text: str, count: int) -> None:
    found = answer(text, count)
    if found is not None:
        assert found.kind in {"yes", "no", "all", "ordinals"}
        assert all(1 <= number <= count for number in found.ordinals)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True))
def test_numbers_in_a_row_are_those_numbers(numbers: list[int]) -> None:
    assert answer(" and ".join(map(str, numbers)), 9) == ShortReply("ordinals", tuple(numbers))


@pytest.mark.parametrize(
    ("text", "ordinals", "reference"),
    [
        ("2", (2,), None),
        ("the second one", (2,), None),
        ("the last two", (-2, -1), None),
        ("both", (), "them"),
    ],
)
def test_a_bare_reference_asks_to_see_what_it_names(
    text: str, ordinals: tuple[int, ...], reference: str | None
) -> None:
    reading = parse(text, NOW, BERLIN)
    assert (reading.action, reading.ordinals, reading.reference) == ("show", ordinals, reference)
