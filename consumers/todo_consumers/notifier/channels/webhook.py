"""A webhook: the CloudEvent by POST (structured mode), signed.

    Todotasks-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA256(key, "<t>.<body>")>

The receiver computes the same over the raw body, compares in constant time, and refuses an old `t`. The
event's `id` is the key for dropping a repeat.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from todo_consumers.notifier.addresses import Resolver, public_socket
from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import DeliveryError, Permanent, Temporary
from todotasks.events import CONTENT_TYPE

TIMEOUT = 15.0  # seconds
SIGNATURE_HEADER = "Todotasks-Signature"
LATER = {408, 409, 423, 425, 429}  # besides 5xx: worth another try

_STATUSES = frozenset(HTTPStatus)
_SECONDS = re.compile(r"[0-9]{1,9}")  # a Retry-After that is a number; a date is left to our own backoff


class WebhookChannel:
    """The URL of one NotificationChannel."""

    def __init__(
        self,
        url: str,
        key: bytes | None,
        *,
        allow_private: bool,
        headers: dict[str, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None:
            raise Permanent("the webhook's URL must begin with https:// or http://, without user or password")
        self._url, self._host, self._key = url, parts.hostname, key
        self._allow_private, self._headers, self._clock = allow_private, headers or {}, clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, notification: Notification, only: Sequence[str] = ()) -> None:
        """2xx is accepted. Redirects are not followed: they could lead anywhere.

        Of any other answer only the status is told. Its text may be what the host says to nobody but us, or
        an echo of our credential, and a Reminder's status is read by many.
        """
        body = notification.event
        headers = {**self._headers, "Content-Type": CONTENT_TYPE, "User-Agent": "todotasks-notifier"}
        if self._key is not None:
            headers[SIGNATURE_HEADER] = signature(self._key, int(self._clock()), body)
        try:
            async with self._opened().post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    return
                raise self._refused(response.status, response.headers.get("Retry-After"))
        except aiohttp.InvalidURL as error:
            raise Permanent(f"{self._host} is no host that can be called") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            inner = error.__cause__ or error.__context__
            if isinstance(inner, DeliveryError):  # our resolver's own words
                raise inner from error
            what = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
            raise Temporary(f"{self._host}: {what}", server_down=True) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            guards: dict[str, Any] = {} if self._allow_private else {"socket_factory": public_socket}
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    use_dns_cache=False,
                    limit=2,
                    resolver=Resolver(allow_private=self._allow_private),
                    **guards,
                ),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _refused(self, status: int, retry_after: str | None) -> DeliveryError:
        name = f" {HTTPStatus(status).phrase}" if status in _STATUSES else ""
        message = f"{self._host} answered {status}{name}"
        if 300 <= status < 400:
            return Permanent(
                f"{self._host} answered {status}: redirects are not followed, give the final address"
            )
        if status >= 500 or status in LATER:
            asked = _SECONDS.fullmatch(retry_after or "")
            seconds = float(asked[0]) if asked else None
            return Temporary(message, retry_after=seconds, server_down=status in {502, 503, 504})
        return Permanent(message)


def signature(key: bytes, seconds: int, body: bytes) -> str:
    """The header's value; see the module's text for how to check it."""
    digest = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
