"""Whose page made a request, and which origins are let in."""

import pytest
from aiohttp.test_utils import make_mocked_request

from chat_gateway.access.headers import Headers
from chat_gateway.access.origin import refuse_cross_site, same_origin
from chat_gateway.base.problems import Refused
from chat_gateway.base.settings import ORIGINS, SESSION_KEYS, GatewaySettings

HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, None),  # no browser, or one that says nothing
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),  # the person typed it
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://todo.example.com"}, False),
        ({"Origin": "http://todo.example.com"}, True),
        ({"Origin": "http://TODO.example.com"}, True),
        ({"Origin": "http://todo.example.com:8080"}, False),
        ({"Origin": "http://todo.example.com.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Origin": "https://todo.example.com", **HTTPS}, True),
        ({"Origin": "http://todo.example.com", **HTTPS}, False),  # anybody on the way wrote that page
    ],
)
def test_a_browser_says_whether_it_was_our_page(headers: dict[str, str], ours: bool | None) -> None:
    request = make_mocked_request("POST", "/v1/chat", headers={"Host": "todo.example.com", **headers})
    assert same_origin(request) is ours


def test_a_cookie_alone_is_not_enough_and_a_token_is() -> None:
    silent = make_mocked_request("POST", "/v1/chat", headers={"Host": "todo.example.com"})
    refuse_cross_site(silent, by_cookie=False)
    with pytest.raises(Refused) as caught:
        refuse_cross_site(silent, by_cookie=True)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("listed", "origin", "allowed"),
    [
        ((), "https://a.example", None),
        (("https://a.example",), "https://a.example", "https://a.example"),
        (("https://a.example",), "http://a.example", None),
        (("https://a.example",), "https://a.example.evil", None),
        (("https://a.example",), "https://b.a.example", None),
        (("*",), "https://a.example", "*"),
    ],
)
def test_an_origin_is_let_in_only_by_its_exact_name(
    listed: tuple[str, ...], origin: str, allowed: str | None
) -> None:
    request = make_mocked_request("GET", "/", headers={"Origin": origin})
    assert Headers(GatewaySettings(cors_origins=listed)).allowed_origin(request) == allowed


@pytest.mark.parametrize(
    "text", ["todo.example.com", "https://", "https://a.example/", "ftp://a.example", "https://a.example:x"]
)
def test_what_is_no_origin_is_no_setting(text: str) -> None:
    with pytest.raises(ValueError):  # the settings say what is accepted
        ORIGINS.parse(text)


def test_several_origins_and_keys_may_be_listed() -> None:
    assert ORIGINS.parse("https://a.example, http://localhost:3000") == (
        "https://a.example",
        "http://localhost:3000",
    )
    keys = SESSION_KEYS.parse(f"{'A' * 43}=,{'B' * 43}=")
    assert [str(key) for key in keys] == ["Secret(***)"] * 2
