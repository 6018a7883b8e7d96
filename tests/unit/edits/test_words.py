"""What replies are made of: both languages say the same things, and titles do no harm."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.edits.wording.formatting import (
    LONGEST_TITLE,
    clean,
    quoted,
    quoted_list,
)
from todotasks.edits.wording.phrases import PHRASES


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_says_the_same_in_both_languages(key: str) -> None:
    english, german = PHRASES[key]
    assert fields(english) >= fields(german)
    assert not fields(english) - fields(german) - {"moment"}, "only a moment may be left out"


@settings(deadline=None)
@given(st.text())
def test_any_title_becomes_one_short_line_without_anything_hidden(title: str) -> None:
    line = clean(title)
    assert len(line) <= LONGEST_TITLE
    assert line.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert quoted(title).count("”") == 1


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("\x1b[31mred", "�[31mred"),
        ("a\nb\tc", "a b c"),
        ("\u202egnp.exe", "gnp.exe"),
        ("👩‍👧 family", "👩‍👧 family"),
        ("  spaces  ", "spaces"),
    ],
)
def test_a_title_is_shown_clean(title: str, shown: str) -> None:
    assert clean(title) == shown


def test_many_titles_are_cut_short_and_counted() -> None:
    assert quoted_list(["a"]) == "“a”"
    assert quoted_list(["a", "b"], "de") == "“a” und “b”"
    assert quoted_list(list("abcdefgh")) == "“a”, “b”, “c”, “d”, “e” and 3 more"
