"""Cursors of the gateway: they tell nothing, any replica opens them, and they are nobody else's."""

import base64

from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from chat_gateway.access.cursors import Cursors

KEYS = [Fernet.generate_key().decode() for _ in range(3)]


@given(st.binary(max_size=200))
def test_any_replica_with_the_same_keys_opens_a_cursor(content: bytes) -> None:
    assert Cursors(KEYS[:1]).open(Cursors(KEYS[:1]).seal(content)) == content


def test_an_older_key_opens_what_it_has_sealed() -> None:
    sealed = Cursors(KEYS[:1]).seal(b"place")
    assert Cursors([KEYS[1], KEYS[0]]).open(sealed) == b"place"
    assert Cursors(KEYS[1:]).open(sealed) is None


def test_nothing_of_the_content_is_to_be_read() -> None:
    sealed = Cursors([]).seal(b"confidential layoffs")
    raw = base64.urlsafe_b64decode(sealed)
    assert b"layoffs" not in raw
    assert "layoffs" not in sealed


def test_a_cookie_is_no_cursor_and_a_cursor_no_cookie() -> None:
    cookie = Fernet(KEYS[0]).encrypt(b"token").decode()
    assert Cursors(KEYS[:1]).open(cookie) is None


@given(st.text(max_size=50))
def test_whatever_is_made_up_is_no_cursor(text: str) -> None:
    assert Cursors(KEYS).open(text) is None
