"""Text that PostgreSQL takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.store.text import REPLACEMENT, clean, clean_json, clean_value
from todotasks.text.alike import trigrams

any_text = st.text(st.characters(codec=None, exclude_categories=[]))  # lone surrogates too
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=10,
)


@given(any_text)
def test_clean_text_is_utf8_without_nul_and_as_long_as_before(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert len(cleaned) == len(text)


@given(st.text())
def test_text_that_fits_is_not_touched(text: str) -> None:
    assert clean(text) == text.replace("\0", REPLACEMENT)


@given(json_values)
def test_cleaned_json_is_the_cleaned_value(value: object) -> None:
    """Whichever way it was encoded: escaped to ASCII as some clients do, or as UTF-8."""
    encoded = json.dumps(value).encode()
    assert json.loads(clean_json(encoded)) == clean_value(value)


@given(json_values)
def test_json_without_anything_unfit_comes_back_as_the_same_bytes(value: object) -> None:
    encoded = json.dumps(clean_value(value), ensure_ascii=False).encode()
    assert clean_json(encoded) == encoded


def test_a_pair_of_escaped_surrogates_is_one_character() -> None:
    assert json.loads(clean_json(rb'["\ud83d\ude00\u0000"]')) == ["😀" + REPLACEMENT]


def test_what_is_suspicious_and_no_json_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"Expecting"):
        clean_json(rb'{"a": "\u0000"')


def test_trigrams_are_padded_as_pg_trgm_pads() -> None:
    assert trigrams("cat") == ["  c", " ca", "cat", "at "]


def test_a_trigram_is_listed_once() -> None:
    assert trigrams("aaaaa") == ["  a", " aa", "aaa", "aa "]
