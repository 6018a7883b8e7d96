"""`GET /mail-link/{token}` shows what a link would do, with a button; `POST` does it, once.

Programs that look at mails follow every link in them, so following one changes nothing. The token is never
in a log: the pipeline writes the template of a path, and a refusal says which kind it is and no more.
"""

from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import quote

import structlog
from aiohttp import web

from chat_gateway.api.mail_links.act import SNOOZES, Result, complete, look, snooze
from chat_gateway.api.mail_links.pages import Shown, buttons_of, render
from chat_gateway.http.context import gateway_of
from chat_gateway.http.routes import Handler, Route
from todotasks.api import ANNOTATION_TIME_ZONE
from todotasks.api.due import DEFAULT_ZONE
from todotasks.kube.errors import ApiError, Forbidden, KubeError, NotFound
from todotasks.kube.resources import NAMESPACES
from todotasks.mail_links import PATH, BadLink, MailLink

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STATUS: Final = {"can": 200, "did": 200, "already": 200, "used": 410, "gone": 410, "no-reminder": 410}

log = structlog.get_logger(__name__)


async def show(request: web.Request) -> web.Response:
    link = await _opened(request)
    if isinstance(link, web.Response):
        return link
    try:
        seen = await look(gateway_of(request).mail, link)
    except KubeError as error:
        return _not_now(request, link, error)
    return _told(request, link, seen)


async def do(request: web.Request) -> web.Response:
    link = await _opened(request)
    if isinstance(link, web.Response):
        return link
    gateway = gateway_of(request)
    asked = (await request.post()).get("do", "done")
    now = datetime.now(UTC)
    try:
        if link.action == "done":
            result = await complete(gateway.mail, link, now)
        else:
            by = asked if isinstance(asked, str) and asked in SNOOZES else "1h"
            result = await snooze(gateway.mail, link, by, await _zone(request, link), now)
    except KubeError as error:
        return _not_now(request, link, error)
    log.info("mail_link", action=link.action, outcome=result.outcome)
    return _told(request, link, result)


async def _opened(request: web.Request) -> MailLink | web.Response:
    """The link, or the page that says why it is none. Who tries many is asked to wait."""
    gateway = gateway_of(request)
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    wait = gateway.limits.logins.try_take(gateway.limits.address(request.remote, forwarded))
    if wait is not None:
        answer = _page(request, Shown("too-many"), 429)
        answer.headers["Retry-After"] = str(int(wait) + 1)
        return answer
    try:
        return gateway.mail_links.open(request.match_info["token"], datetime.now(UTC))
    except BadLink as bad:
        return _page(request, Shown("expired"), 410) if bad.expired else _page(request, Shown("unknown"), 404)


def _told(request: web.Request, link: MailLink, result: Result) -> web.Response:
    """What became of it, or the question."""
    to = f"/task/{quote(link.namespace)}/{quote(link.task)}"
    outcome = result.outcome
    if outcome == "can":
        shown = Shown(link.action, link.title, link.recipient, buttons_of(link.action), to)
    elif outcome == "did":
        shown = Shown(f"did-{link.action}", link.title, link.recipient, (), to, result.until, good=True)
    else:
        there = to if outcome != "gone" else ""
        shown = Shown(outcome, link.title, to=there, good=outcome == "already")
    return _page(request, shown, STATUS[outcome])


def _not_now(request: web.Request, link: MailLink, error: KubeError) -> web.Response:
    log.warning("mail_link_not_done", action=link.action, error=str(error), kind=type(error).__name__)
    for_good = isinstance(error, Forbidden) or (isinstance(error, ApiError) and error.status == 422)
    return _page(request, Shown("may-not" if for_good else "away", link.title), 403 if for_good else 503)


async def _zone(request: web.Request, link: MailLink) -> str:
    """Of the namespace: a task that names no zone is read in it."""
    try:
        found = await gateway_of(request).kube.get(NAMESPACES, link.namespace)
    except (Forbidden, NotFound):
        return DEFAULT_ZONE
    return str((found["metadata"].get("annotations") or {}).get(ANNOTATION_TIME_ZONE, DEFAULT_ZONE))


def _page(request: web.Request, shown: Shown, status: int) -> web.Response:
    body = render(shown, request.headers.get("Accept-Language", ""))
    headers = {"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"}
    return web.Response(text=body, status=status, content_type="text/html", headers=headers)


def _route(method: Literal["GET", "POST"], handler: Handler, summary: str) -> Route:
    return Route(
        method=method,
        path=f"{PATH}{{token}}",
        handler=handler,
        access="public",
        tag="mail",
        summary=summary,
        description="The token is sealed by the notifier, for one action on one object. It ends after seven "
        "days, or when it was used.",
        media_types=("text/html",),
        refuses_as=("text/html",),
        problems=(403, 404, 410, 429, 503),
    )


ROUTES = (
    _route("GET", show, "What a link of a mail would do, with a button"),
    _route("POST", do, "Do what a link of a mail is for, once"),
)
