"""How an attempt can end otherwise than well.

    DeliveryError
    ├── Temporary     it may work later: tried again with backoff (a server away, full, greylisting, 4xx)
    ├── Partial       some recipients have it; those that were refused for now are tried again, alone
    └── Permanent     it will not work until somebody changes something: given up at once (no such mailbox)

The text is for a person and for the Reminder's status: it never holds a secret (`without_secrets`).
"""

import re
from collections.abc import Mapping

from todotasks.api.visible import one_line

MESSAGE_LIMIT = 500  # characters; what servers answer can be a whole page

_URL_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")


class DeliveryError(Exception):
    """The message was not delivered, or it is not known that it was."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message).strip()[:MESSAGE_LIMIT])


class Temporary(DeliveryError):
    """Worth another try. `retry_after`: not before so many seconds, as the server said."""

    def __init__(self, message: str, *, retry_after: float | None = None, server_down: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.server_down = server_down  # counts for the circuit breaker; a greylisted mailbox does not


class Partial(DeliveryError):
    """With some of its recipients. `left`: who is to be tried again; `refused`: who never, each with why."""

    def __init__(self, message: str, *, left: tuple[str, ...], refused: Mapping[str, str]) -> None:
        super().__init__(message)
        self.left, self.refused = left, dict(refused)


class Permanent(DeliveryError):
    """No use in trying again."""


def without_secrets(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text with each of the secrets, and any user and password in a URL, blotted out."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    return _URL_USERINFO.sub("***@", text)
