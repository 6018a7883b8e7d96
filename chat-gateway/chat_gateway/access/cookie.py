"""Session cookies: the caller's own token, encrypted, kept by their browser and by nobody else.

There is no table of sessions, so any replica with the same keys opens any cookie, and a restart forgets
nothing. The price: logging out clears the cookie of this browser; one that was stolen before works until
it, or the token in it, expires. A forged, damaged or expired cookie counts as none and is cleared.
"""

import structlog
from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from chat_gateway.access.origin import is_https
from chat_gateway.base.problems import Refused
from chat_gateway.base.settings import GatewaySettings

# The prefix makes browsers refuse a cookie of this name from a neighbouring host or without TLS.
SECURE_COOKIE = "__Host-todotasks"
COOKIE = "todotasks"
LARGEST_COOKIE = 4000  # bytes; browsers drop, without a word, what is over 4,096 with its attributes

log = structlog.get_logger(__name__)


class Sessions:
    """Makes, opens and clears the cookie."""

    def __init__(self, settings: GatewaySettings) -> None:
        keys = [key.reveal() for key in settings.session_keys or ()]
        if not keys:
            log.warning(
                "session_key_made",
                meaning="TODO_SESSION_KEYS is not set: sessions end with this process and hold on no other",
            )
            keys = [Fernet.generate_key().decode()]
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._seconds = int(settings.session_seconds)

    def sent(self, request: web.Request) -> str | None:
        """The cookie of a request, opened or not."""
        return request.cookies.get(_name(request))

    def open(self, cookie: str) -> str | None:
        """The token in it; None if it is not ours, is too old or was tampered with."""
        try:
            return self._fernet.decrypt(cookie.encode(), ttl=self._seconds).decode()
        except (InvalidToken, UnicodeError):
            return None

    def set(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        sealed = self._fernet.encrypt(token.encode()).decode()
        if len(sealed) > LARGEST_COOKIE:
            raise Refused(
                422,
                "Invalid",
                f"The token has {len(token)} characters and does not fit into a cookie (about 2,900 do). "
                "Use it as a bearer token instead.",
            )
        response.set_cookie(
            _name(request),
            sealed,
            max_age=self._seconds,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=is_https(request),
        )

    def clear(self, request: web.Request, response: web.StreamResponse) -> None:
        response.del_cookie(
            _name(request), path="/", httponly=True, samesite="Strict", secure=is_https(request)
        )


def _name(request: web.Request) -> str:
    return SECURE_COOKIE if is_https(request) else COOKIE
