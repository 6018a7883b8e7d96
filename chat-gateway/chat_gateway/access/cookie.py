"""Session cookies: the caller's own token, encrypted, kept by their browser and by nobody else.

There is no table of sessions, so any replica with the same keys opens any cookie, and a restart forgets
nothing. The price: logging out clears the cookie of this browser; one that was stolen before works until
it, or the token in it, expires. A forged, damaged or expired cookie counts as none and is cleared.
"""

import base64
import hashlib
import time

import structlog
from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from chat_gateway.access.origin import is_https
from chat_gateway.base.problems import Refused
from chat_gateway.base.settings import GatewaySettings

# The prefix makes browsers refuse a cookie of this name from a neighbouring host or without TLS.
SECURE_COOKIE = "__Host-todotasks"
COOKIE = "todotasks"
LINK_SECONDS = 600  # a sign-in link is used at once, or asked for again
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
        self._used: dict[bytes, float] = {}  # codes of links, by digest, until when

    def sent(self, request: web.Request) -> str | None:
        """The cookie of a request, opened or not."""
        return request.cookies.get(_name(request))

    def open(self, cookie: str) -> str | None:
        """The token in it; None if it is not ours, is too old or was tampered with."""
        try:
            token = self._fernet.decrypt(cookie.encode(), ttl=self._seconds).decode()
        except (InvalidToken, UnicodeError):
            return None
        return None if "\0" in token else token  # a link's code is no cookie

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

    def link(self, token: str) -> str:
        """A code that logs in once, within `LINK_SECONDS`: what a sign-in link carries instead of a token."""
        return self._fernet.encrypt(b"link\0" + token.encode()).decode()

    def redeem(self, code: str) -> str | None:
        """The token of a code; None if it is not ours, too old or was used. Used ones are remembered by this
        process: with several replicas a code works once on each, within its few minutes."""
        now = time.monotonic()
        self._used = {used: until for used, until in self._used.items() if until > now}
        try:
            # Of the bytes: a text has many spellings, because base64 skips what does not belong to it.
            digest = hashlib.sha256(base64.urlsafe_b64decode(code)).digest()
            kind, separator, token = self._fernet.decrypt(code.encode(), ttl=LINK_SECONDS).partition(b"\0")
        except (InvalidToken, ValueError):
            return None
        if digest in self._used:
            return None
        if kind != b"link" or not separator:
            return None  # a cookie is no code
        self._used[digest] = now + LINK_SECONDS
        return token.decode()

    def clear(self, request: web.Request, response: web.StreamResponse) -> None:
        response.del_cookie(
            _name(request), path="/", httponly=True, samesite="Strict", secure=is_https(request)
        )


def _name(request: web.Request) -> str:
    return SECURE_COOKIE if is_https(request) else COOKIE
