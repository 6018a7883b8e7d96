"""The headers of every answer: what a browser may do with it, and which other origins may ask (CORS)."""

from aiohttp import web

from chat_gateway.access.origin import is_https
from chat_gateway.base.settings import GatewaySettings

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
