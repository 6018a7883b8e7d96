"""Links in mails that do one thing for whoever has the mail: a task done, a reminder put off.

    notifier: MailLinks.url(MailLink) ─▶ the mail ─▶ a person ─▶ gateway: MailLinks.open(token) ─▶ MailLink

A token is sealed (Fernet: encrypted and signed), so it tells nobody what it is about, cannot be made to be
about another task, and ends by itself. That it is used once is kept by the gateway, on the object
(docs/page.md). The notifier and every replica of the gateway have the same keys, and no other power follows
from them: they are not those of the sessions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from todotasks.settings import Parser, Secret, Settings, setting

LIFETIME: Final = timedelta(days=7)
LONGEST_TITLE: Final = 120  # characters of it that a link carries, for the page that it opens
LONGEST_TOKEN: Final = 2000  # characters
PATH: Final = "/mail-link/"

Action = Literal["done", "snooze"]


def _keys(text: str) -> tuple[Secret, ...]:
    keys = text.replace(",", " ").split()
    for key in keys:
        Fernet(key)  # ValueError: not 32 bytes in base64
    if not keys:
        raise ValueError
    return tuple(Secret(key) for key in keys)


def _address(text: str) -> str:
    parts = urlsplit(text)
    _ = parts.port  # raises if it is no number
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


KEYS = Parser("one or more keys of 32 bytes in URL-safe base64, separated by commas", _keys, secret=True)
ADDRESS = Parser("an address such as https://todo.example.com", _address)


@dataclass(frozen=True)
class LinkSettings(Settings):
    """What the notifier and the gateway must agree on."""

    page_url: str | None = setting(
        "TODO_PAGE_URL",
        ADDRESS,
        "Where people reach the web page: mails and the calendar link to it. Without it they have no links.",
    )
    mail_link_keys: tuple[Secret, ...] | None = setting(
        "TODO_MAIL_LINK_KEYS",
        KEYS,
        "What the done and snooze links of mails are sealed with: the first key makes new ones, all of them "
        "open old ones. The same for the notifier and every gateway; without it mails have no such links.",
    )


class MailLink(msgspec.Struct, frozen=True, array_like=True):
    """What a link does. `id` names it where it is used up; `until` is when it ends, set as it is opened."""

    action: Action
    namespace: str
    task: str
    task_uid: str
    reminder: str
    reminder_uid: str
    recipient: str  # as the mail names them; several where it went to several
    title: str
    id: str
    until: datetime | None = None


class BadLink(Exception):
    """`expired`: it was one of ours. Else it never was, or was damaged, or its key is gone."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not one of ours")
        self.expired = expired


class MailLinks:
    """Makes and opens tokens. `page` is where they lead: the address of the gateway."""

    def __init__(self, keys: Sequence[str], page: str = "") -> None:
        # Without keys of ours nothing opens: one is made that nobody else has.
        self._fernet = MultiFernet([Fernet(key) for key in keys] or [Fernet(Fernet.generate_key())])
        self._page = page

    def url(self, link: MailLink) -> str:
        content = msgspec.json.encode(msgspec.structs.replace(link, title=link.title[:LONGEST_TITLE]))
        return f"{self._page}{PATH}{self._fernet.encrypt(content).decode().rstrip('=')}"

    def open(self, token: str, now: datetime) -> MailLink:
        """Raises BadLink."""
        if len(token) > LONGEST_TOKEN:
            raise BadLink
        whole = (token + "=" * (-len(token) % 4)).encode()
        try:
            content = self._fernet.decrypt(whole)
            made = datetime.fromtimestamp(self._fernet.extract_timestamp(whole), UTC)
            link = msgspec.json.decode(content, type=MailLink)
        except (InvalidToken, ValueError, msgspec.DecodeError) as error:
            raise BadLink from error
        if now >= made + LIFETIME:
            raise BadLink(expired=True)
        return msgspec.structs.replace(link, until=made + LIFETIME)


def link_id(event_id: str, action: Action) -> str:
    """The same for each try of one mail: a copy that came twice does not make a link good twice."""
    return hashlib.sha256(f"{action}\n{event_id}".encode()).hexdigest()[:16]
