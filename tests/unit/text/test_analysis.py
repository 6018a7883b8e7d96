"""What a text comes to: folded words, and the vocabulary that slips are put right with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.text.analysis import fold, lexemes, stem, vocabulary, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pay RENT", "pay rent"),
        ("Café", "cafe"),
        ("Straße", "strasse"),  # casefold, which lower() would not do
        ("İstanbul", "istanbul"),
        ("ﬁle", "file"),  # a ligature
        ("日本語", "日本語"),
        ("Ελλάδα", "ελλαδα"),
        ("Łódź, Ærø", "lodz, aero"),
        ("한국어", "한국어"),  # taken apart and put together again
        ("が", "が"),  # the mark makes another letter there
    ],
)
def test_folding_drops_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pay the rent, PAY it", {"pay", "the", "rent"}),  # "it" is too short to be misspelt
        ("task-123 v2beta 2026", {"task", "beta"}),  # numbers would fill the vocabulary and help nobody
        ("a_b café", {"cafe"}),
        ("e-mail", {"mail", "email"}),
        ("明天买牛奶", set()),
        ("", set()),
    ],
)
def test_words_are_of_letters_and_the_vocabulary_knows_them(title: str, expected: set[str]) -> None:
    assert words(title) == expected
    assert vocabulary(lexemes(title)) >= expected


def test_the_vocabulary_knows_stems_too() -> None:
    """Else a word that only others have would be found by a misspelt one in PostgreSQL, and not in memory."""
    assert vocabulary(lexemes("Reviewing 2026 明天买")) == {"reviewing", "review"}


def test_a_hash_has_no_parts_and_a_word_with_a_number_has() -> None:
    assert lexemes("9f86d081884c7d65") == {"9f86d081884c7d65"}
    assert {"v", "1"} <= lexemes("v1")
    assert {"update", "user", "profile", "avatar", "url"} <= lexemes("updateUserProfileAvatarUrl")


@given(st.text(alphabet="abAB19ß", min_size=2, max_size=12))
def test_the_letters_before_a_digit_are_a_word_so_that_a_beginning_is_found_by_its_words(text: str) -> None:
    """An index names the words of letters that begin as the last one of a search does, and asks for those."""
    found = lexemes(text)
    for word in found:
        letters = word[: next((place for place, char in enumerate(word) if not char.isalpha()), len(word))]
        assert len(letters) < 2 or letters in found or stem(letters) in found, word


def test_notes_leave_out_what_every_sentence_has_and_titles_keep_it() -> None:
    assert "the" in lexemes("The Who")
    assert "the" not in lexemes("The Who", fillers=False)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_a_word_and_its_stem_begin_alike(word: str) -> None:
    """So a beginning that is typed is one of the word, whichever of the two an index has."""
    assert stem(word)[:2] == word[:2] or len(word) < 3


def test_a_long_text_of_one_address_keeps_within_what_an_index_takes() -> None:
    address = "https://example.com/" + "a/" * 8000
    assert sum(len(lexeme) for lexeme in lexemes(address)) < 4000


def test_a_compound_of_many_words_costs_as_many_lexemes_as_it_has_words() -> None:
    many = "/".join(f"w{n}x" for n in range(500))
    assert len(lexemes(many)) < 500 * 5
