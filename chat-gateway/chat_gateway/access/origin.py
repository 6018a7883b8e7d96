"""What protects people whose browser is used against them: whose page made a request.

A cookie is sent by the browser whoever made it ask, so a request that rests on one must come from our own
page: `Sec-Fetch-Site` says so, or, in browsers without it, `Origin`. And it must be JSON, which no form
can send. A bearer token is never sent by itself; requests with one need none of this.
"""

from urllib.parse import urlsplit

from aiohttp import web

from chat_gateway.base.problems import Refused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_https(request: web.BaseRequest) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us.

    Anybody may write the header; all that it can do is make our cookie stricter.
    """
    return request.secure or request.headers.get("X-Forwarded-Proto", "").split(",")[0].strip() == "https"


def same_origin(request: web.BaseRequest) -> bool | None:
    """Whether a browser says that our own page made this request; None: it does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return None
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # Who can write into a page that came without TLS may be anybody on the way.
    downgraded = parts.scheme == "http" and is_https(request)
    return parts.netloc.lower() == request.host.lower() and not downgraded


def refuse_cross_site(request: web.Request, *, by_cookie: bool) -> None:
    """For what changes something: with a cookie it must be our page, without one it must not be another's.

    (Logging in carries no cookie yet; a foreign page must not log a person in as somebody else.)
    """
    told = same_origin(request)
    if told is False or (by_cookie and told is None):
        raise Refused(
            403,
            "CrossSite",
            "A session cookie works only for requests of the gateway's own page, with Content-Type "
            "application/json. From elsewhere, send the token: Authorization: Bearer …",
        )
