"""What protects people whose browser is used against them: headers, same-origin checks, CORS.

A cookie is sent by the browser whoever made it ask, so a request that rests on one must come from our own
page: `Sec-Fetch-Site` says so, or, in browsers without it, `Origin`. And it must be JSON, which no form
can send. A bearer token is never sent by itself; requests with one need none of this.
"""

from urllib.parse import urlsplit

from aiohttp import web

from chat_gateway.base.problems import Refused
from chat_gateway.base.settings import GatewaySettings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PREFLIGHT_SECONDS = 600
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000"
_ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE"
_ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID, X-Correlation-Id, Traceparent, If-None-Match"
_EXPOSED_HEADERS = "Retry-After, X-Correlation-Id, ETag"


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


class Headers:
    """Puts the security and CORS headers on every answer, errors included."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._origins = frozenset(settings.cors_origins)

    def allowed_origin(self, request: web.BaseRequest) -> str | None:
        origin = request.headers.get("Origin")
        if origin is None:
            return None
        if origin in self._origins:
            return origin
        return "*" if "*" in self._origins else None

    def preflight(self, request: web.Request) -> web.Response | None:
        """The answer to a browser's question before a cross-origin request, if it may ask."""
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        if self.allowed_origin(request) is None:
            return None
        return web.Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": _ALLOWED_METHODS,
                "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
                "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
            },
        )

    async def put_on(self, request: web.Request, response: web.StreamResponse) -> None:
        """A signal of aiohttp: just before the head is sent, of a stream too."""
        headers = response.headers
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if is_https(request):
            headers.setdefault("Strict-Transport-Security", _HSTS)
        headers.pop("Server", None)  # which library in which version helps nobody but an attacker
        if self._origins:
            headers.add("Vary", "Origin")
            origin = self.allowed_origin(request)
            if origin is not None:
                # Never Access-Control-Allow-Credentials: other origins have tokens, not our cookies.
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
