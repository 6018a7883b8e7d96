"""A reminder as a mail: headers that are what they say, plain text, HTML. Pure.

The email package reads encoded words (RFC 2047) in whatever is put into a header, and writes out what they
hid: a title `=?utf-8?q?x=0D=0ABcc=3A_y?=` became a header of its own (the kind of CVE-2024-6923). A subject
here is text as it was written: kept as it is, and written as encoded words of our own wherever a reader could
take a part of it for one. What comes out is looked at once more: exactly our headers, or no mail.
"""

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import Permanent

SUBJECT = "Subject"
HEADERS = frozenset(
    {"message-id", "from", "to", "subject", "date", "auto-submitted", "x-todotasks-event", "importance"}
    | {"mime-version", "content-type"}
)


class _Policy(EmailPolicy):
    """The SMTP policy, but a subject is never read, only written."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, value) if name == SUBJECT else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value if name == SUBJECT else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        return _subject(value) if name == SUBJECT else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _subject(value).encode("ascii") if name == SUBJECT else super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", max_line_length=78)


def compose(notification: Notification, sender: str, recipients: tuple[str, ...]) -> bytes:
    """The mail as it goes over the wire, with a Message-ID that is the same at each attempt."""
    addresses = ", ".join((sender, *recipients))
    message = EmailMessage(policy=_POLICY if addresses.isascii() else _POLICY.clone(utf8=True))
    digest = sha256(f"{notification.event_id}\n{','.join(recipients)}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@todotasks.dev>"
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message[SUBJECT] = notification.subject
    message["Date"] = format_datetime(notification.fire_time)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Todotasks-Event"] = "".join(c for c in notification.event_id if 0x21 <= ord(c) < 0x7F)
    if notification.urgent:
        message["Importance"] = "high"
    message.set_content(notification.text)
    message.add_alternative(notification.html, subtype="html")
    written = bytes(message)
    _require_our_headers(written)
    return written


def _subject(text: str) -> str:
    """The header, folded. Encoded throughout unless it is plain text that nobody could decode to another."""
    plain = text.isascii() and text.isprintable() and "=?" not in text and len(text) <= 60
    value = (
        text if plain else Header(text, "utf-8", header_name=SUBJECT, maxlinelen=76).encode(linesep="\r\n")
    )
    return f"{SUBJECT}: {value}\r\n"


def _require_our_headers(written: bytes) -> None:
    head, separator, _ = written.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    names = [line.partition(b":")[0].lower() for line in lines if line[:1] not in {b" ", b"\t"}]
    ours = len(names) == len(set(names)) and {name.decode("ascii", "replace") for name in names} <= HEADERS
    if (
        not separator
        or not ours
        or b"\r" in head.replace(b"\r\n", b"")
        or b"\n" in head.replace(b"\r\n", b"")
    ):
        raise Permanent("the mail would carry a header that is not ours; it was not sent")
