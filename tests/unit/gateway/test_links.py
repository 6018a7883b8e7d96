"""Sign-in links: a code logs in once, however it is spelled, and is no cookie."""

import pytest

from chat_gateway.access.cookie import Sessions
from chat_gateway.base.settings import GatewaySettings


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(GatewaySettings())


def test_a_code_is_good_once(sessions: Sessions) -> None:
    code = sessions.link("a token")
    assert sessions.redeem(code) == "a token"
    assert sessions.redeem(code) is None


@pytest.mark.parametrize("spelling", ["{}!", ".{}", "{}\n", " {}", "{}=", "!{}!"])
def test_another_spelling_of_a_used_code_is_that_code(sessions: Sessions, spelling: str) -> None:
    code = sessions.link("a token")
    assert sessions.redeem(code) == "a token"
    assert sessions.redeem(spelling.format(code)) is None


@pytest.mark.parametrize("code", ["", "x", "é", "====", "gAAAAAB" + "x" * 60])
def test_what_is_no_code_of_ours_logs_nobody_in(sessions: Sessions, code: str) -> None:
    assert sessions.redeem(code) is None


def test_a_code_is_no_cookie_and_a_cookie_is_no_code(sessions: Sessions) -> None:
    assert sessions.open(sessions.link("a token")) is None
    cookie = sessions._fernet.encrypt(b"a token").decode()
    assert sessions.open(cookie) == "a token"
    assert sessions.redeem(cookie) is None
