"""`/v1/session`: a token becomes a cookie for the page, tells whose it is, and goes away again."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.access.identity import LONGEST_TOKEN
from chat_gateway.access.origin import refuse_cross_site
from chat_gateway.base.problems import json_response
from chat_gateway.http.context import CALLER, gateway_of
from chat_gateway.http.decode import json_body
from chat_gateway.http.pipeline import count, identified
from chat_gateway.http.routes import Route


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Annotated[str, Meta(min_length=1, max_length=LONGEST_TOKEN)]


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
    caller = await identified(request, gateway, login.token)
    count(gateway, caller)
    response = json_response(Session(caller.username, caller.user.uid, caller.user.groups))
    gateway.sessions.set(request, response, login.token)
    return response


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
