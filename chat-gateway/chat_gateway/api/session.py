"""`/v1/session`: a token becomes a cookie for the page, tells whose it is, and goes away again."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.access.cookie import LINK_SECONDS, Sessions
from chat_gateway.access.identity import LONGEST_TOKEN
from chat_gateway.access.origin import refuse_cross_site
from chat_gateway.base.problems import Refused, json_response
from chat_gateway.http.context import CALLER, gateway_of
from chat_gateway.http.decode import json_body
from chat_gateway.http.pipeline import count, identified
from chat_gateway.http.routes import Route


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of both: a token, or the code of a sign-in link."""

    token: Annotated[str, Meta(min_length=1, max_length=LONGEST_TOKEN)] | None = None
    code: Annotated[str, Meta(min_length=1, max_length=2 * LONGEST_TOKEN)] | None = None


class Link(msgspec.Struct, frozen=True):
    """`path` logs whoever opens it in as the caller, once, within `seconds`."""

    path: str
    seconds: int


class Session(msgspec.Struct, frozen=True):
    """Who the API server says the caller is."""

    username: str
    uid: str
    groups: tuple[str, ...]


async def log_in(request: web.Request) -> web.Response:
    # No cookie yet, but a foreign page must not log somebody in as somebody else.
    refuse_cross_site(request, by_cookie=False)
    login = await json_body(request, Login)
    gateway = gateway_of(request)
    token = _token_of(login, gateway.sessions)
    caller = await identified(request, gateway, token)
    count(gateway, caller)
    response = json_response(Session(caller.username, caller.user.uid, caller.user.groups))
    gateway.sessions.set(request, response, token)
    return response


def _token_of(login: Login, sessions: Sessions) -> str:
    if (login.token is None) == (login.code is None):
        raise Refused(422, "Invalid", "Give exactly one of token and code.")
    if login.token is not None:
        return login.token
    assert login.code is not None
    token = sessions.redeem(login.code)
    if token is None:
        raise Refused(
            401,
            "Unauthorized",
            "This sign-in link was used already or is older than ten minutes. Ask for another: "
            "`todotasks page` prints one.",
        )
    return token


async def link(request: web.Request) -> web.Response:
    """With a bearer token only: a page that was taken over must not be able to make itself a way back."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if request[CALLER].by_cookie or scheme.lower() != "bearer":
        raise Refused(403, "Forbidden", "A sign-in link is made with a bearer token, not with a session.")
    code = gateway_of(request).sessions.link(token.strip())
    return json_response(Link(f"/#sign-in={code}", LINK_SECONDS))


async def who(request: web.Request) -> web.Response:
    user = request[CALLER].user
    return json_response(Session(user.username, user.uid, user.groups))


async def log_out(request: web.Request) -> web.Response:
    """Also for whom the API server does not know any more: the cookie goes in any case."""
    sessions = gateway_of(request).sessions
    refuse_cross_site(request, by_cookie=sessions.sent(request) is not None)
    response = web.Response(status=204)
    sessions.clear(request, response)
    return response


ROUTES = (
    Route(
        method="POST",
        path="/v1/session",
        handler=log_in,
        access="public",
        tag="session",
        summary="Log in: a token becomes a cookie",
        description="The cookie is HttpOnly, SameSite=Strict and, over TLS, Secure. The token is in it, "
        "encrypted.",
        body=Login,
        answer=Session,
        problems=(401, 403, 429),
    ),
    Route(
        method="POST",
        path="/v1/session/link",
        handler=link,
        tag="session",
        summary="A link that signs a browser in, once",
        description="For a terminal that has a token, and a browser that has none.",
        answer=Link,
        problems=(403,),
    ),
    Route(
        method="GET",
        path="/v1/session",
        handler=who,
        tag="session",
        summary="Who the API server says you are",
        answer=Session,
    ),
    Route(
        method="DELETE",
        path="/v1/session",
        handler=log_out,
        access="public",
        tag="session",
        summary="Log out of this browser",
        status=204,
        problems=(403,),
    ),
)
