"""A search as PostgreSQL's text index takes it, and how misspelt words are looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.store.search.words import quoted, tsquery
from todotasks.text.alike import most_alike, swapped, thirds, trigrams
from todotasks.text.search import Search, read_search

WORDS = ["review", "revise", "preview", "rent", "rend", "groceries", "invoice", "reviewer"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("reveiw", ("review",)),  # swapped letters are one slip
        ("grocerys", ("groceries",)),  # two slips in a long word
        ("rint", ("rent",)),
        ("review", ()),  # itself is no other word; preview is two letters' length away from nothing
        ("zebra", ()),
    ],
)
def test_the_nearest_words_are_taken_and_no_others(word: str, meant: tuple[str, ...]) -> None:
    assert most_alike(word, [one for one in WORDS if one not in ("preview", "reviewer")]) == meant


@pytest.mark.parametrize("word", ["abc", "2026", "v2beta", "a@b.example"])
def test_short_words_numbers_and_compounds_are_never_called_misspelt(word: str) -> None:
    assert not read_search(word).may_be_misspelt


@given(st.text("abcdefgh", min_size=4, max_size=12), st.data())
def test_a_word_with_one_letter_wrong_keeps_a_third_of_its_trigrams(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    right = word[:place] + data.draw(st.sampled_from("xyz")) + word[place + 1 :]
    assert any(set(third) <= set(trigrams(right)) for third in thirds(word))


@given(st.text("abcdefgh", min_size=4, max_size=12), st.data())
def test_a_word_with_two_neighbours_swapped_is_looked_up_by_that(word: str, data: st.DataObject) -> None:
    """The trigrams alone do not find it: mlik has no third of milk."""
    place = data.draw(st.integers(0, len(word) - 2))
    right = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert right in swapped(word)
    assert right == word or right in most_alike(word, [right])


def test_alternatives_are_any_of_and_words_are_all_of() -> None:
    search = read_search("payments rent").with_slips({"rent": ("rend",)})
    assert tsquery(search) == "('payments' | 'payment') & ('rent' | 'rend' | 'rent':*)"


def test_no_words_are_no_query() -> None:
    assert tsquery(Search()) is None


def test_a_quoted_word_cannot_leave_its_quotes() -> None:
    assert quoted("o'brien\\") == "'o''brien\\\\'"
