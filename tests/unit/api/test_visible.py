"""What of other people's text reaches a reader."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.api.visible import lines, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pay the rent", "Pay the rent"),
        ("pay \u202etner eht\u202c", "pay tner eht"),  # would be shown the other way round
        ("a\u2066b\u2069c", "abc"),
        ("in\u200bvisible\u00ad", "invisible"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("two\r\nlines\u2028more", "two  lines more"),
        ("👩‍💻 at work", "👩‍💻 at work"),  # joined by U+200D
        ("می‌خواهم", "می‌خواهم"),  # with U+200C between letters
        ("שלום", "שלום"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_a_line_shows_what_it_says(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_text_keeps_its_lines_and_tabs() -> None:
    assert lines("a\r\nb\rc\td\u2028e\u202e") == "a\nb\nc\td\ne"


@given(st.text())
def test_nothing_hides_and_a_second_look_changes_nothing(text: str) -> None:
    shown = one_line(text)
    hiding = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in shown if unicodedata.category(c) in hiding and c not in "\u200c\u200d"]
    assert one_line(shown) == shown
    assert lines(lines(text)) == lines(text)
