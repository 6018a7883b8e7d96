"""What of a NotificationChannel cannot work, and what whoever runs todotasks does not allow. Pure.

One rule for the three that ask: the webhook, in the editor; the operator, whose condition Ready says it; the
notifier, which refuses to deliver. Only what is written is looked at. A name is not resolved here: what it
means may change a moment later, so the notifier decides by the address to which it really connects.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from todotasks.api.channel import EmailTarget, NotificationChannelSpec
from todotasks.api.visible import one_line
from todotasks.public_address import is_public
from todotasks.recurrence import FieldError
from todotasks.recurrence.errors import quoted

LONGEST_HOST: Final = 253
LONGEST_LABEL: Final = 63
ANY: Final = "*"  # domain
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,253}")
_INSIDE = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "cluster.local",
    "svc",
    "home.arpa",
)
_NOWHERE = ("invalid", "test", "onion")


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """What an installation allows channels: `senders` and `recipients` are domains of its own mail server."""

    allow_private: bool = False
    sender: str = "todotasks@localhost"
    senders: Sequence[str] = ()
    recipients: Sequence[str] = (ANY,)


def malformed(spec: NotificationChannelSpec) -> list[FieldError]:
    """Addresses that are none."""
    errors = []
    if spec.email is not None:
        for index, address in enumerate(spec.email.to):
            errors += _mail_errors(address, f"spec.email.to[{index}]")
        if spec.email.from_ is not None:
            errors += _mail_errors(spec.email.from_, "spec.email.from")
    if spec.webhook is not None:
        found = _url_error(spec.webhook.url, "spec.webhook.url")
        errors += [] if found is None else [found]
    return errors


def inside(spec: NotificationChannelSpec, limits: ChannelLimits) -> list[FieldError]:
    """Addresses within a network, where none may be called."""
    path = "spec.webhook.url"
    if spec.webhook is None or limits.allow_private or _url_error(spec.webhook.url, path) is not None:
        return []
    host = urlsplit(spec.webhook.url).hostname or ""
    plain = plain_host(host)
    address = literal_address(plain)
    if address is not None:
        return [] if is_public(address) else [FieldError(path, f"{quoted(host)} is {address}, {_NOT_PUBLIC}")]
    if "." not in plain or plain.endswith(tuple(f".{name}" for name in _INSIDE)):
        return [FieldError(path, f"{quoted(host)} is a name inside a network, {_NOT_PUBLIC}")]
    return []


def outside(email: EmailTarget, limits: ChannelLimits) -> list[FieldError]:
    """Senders and recipients that the mail server of whoever runs todotasks is not for. A server of the
    channel's own, which its Secret names, is asked for none of it."""
    errors = []
    senders = {*limits.senders, domain_of(limits.sender)}
    domain = domain_of(email.from_ or limits.sender)
    if ANY not in senders and domain not in senders:
        errors.append(
            FieldError(
                "spec.email.from",
                f"the notifier's mail server sends from {', '.join(sorted(senders))} only, and this is of "
                f"{domain}; leave it out, {_OWN_SERVER} TODO_NOTIFIER_SENDERS",
            )
        )
    others = sorted({domain_of(to) for to in email.to} - set(limits.recipients))
    if ANY not in limits.recipients and others:
        errors.append(
            FieldError(
                "spec.email.to",
                f"the notifier's mail server sends to {', '.join(sorted(limits.recipients)) or 'nobody'} "
                f"only, and there are addresses of {', '.join(others)}; leave them out, {_OWN_SERVER} "
                "TODO_NOTIFIER_RECIPIENTS",
            )
        )
    return errors


_OWN_SERVER = "name a server of your own in the Secret's key smtp-url, or have the domain added to"
_NOT_PUBLIC = (
    "not a public address. Channels may not call private networks; whoever runs todotasks can allow it with "
    "TODO_NOTIFIER_ALLOW_PRIVATE=true"
)


def is_address(text: str) -> bool:
    """Whether it is one mail address, the same for the server and for whoever reads the mail.

    The email package decodes encoded words (RFC 2047) in addresses too: `=?utf-8?q?ceo=40bank.example?=@ours`
    would go out from ours, and be shown as of the bank.
    """
    return _ADDRESS.fullmatch(text) is not None and "=?" not in text and one_line(text) == text


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def plain_host(host: str) -> str:
    """As a client will read it: `127。0。0。1` and `①②⑦.⓪.⓪.①` are 127.0.0.1."""
    text = unicodedata.normalize("NFKC", host).lower()
    for dot in "。．｡":
        text = text.replace(dot, ".")
    return text.rstrip(".").split("%", maxsplit=1)[0]


def literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is by itself, in every way in which the C library reads one (`0x7f.1`,
    `2130706433`)."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    if host and all(part and part[0].isdigit() for part in host.split(".")):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, UnicodeEncodeError):
            return None
    return None


def _mail_errors(address: str, path: str) -> list[FieldError]:
    local, _, domain = address.rpartition("@")
    if not is_address(address) or local.startswith(".") or local.endswith(".") or ".." in local:
        return [FieldError(path, f"{quoted(address)} is no mail address; write one such as ana@example.com")]
    problem = _name_problem(domain)
    return [FieldError(path, f"{quoted(address)}: {problem}")] if problem else []


def _url_error(url: str, path: str) -> FieldError | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return FieldError(path, f"{quoted(url)} is no address: {error}")
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        return FieldError(
            path, "give an address that begins with https:// or http://, without a user or password in it"
        )
    if not host or port == 0:
        return FieldError(
            path, f"{quoted(url)} names no host that could be called; write https://example.com/hook"
        )
    plain = plain_host(host)
    address = literal_address(plain)
    if address is None and ("%" in host or "[" in parts.netloc):
        return FieldError(path, f"{quoted(host)} is no name of a host")
    problem = None if address is not None else _name_problem(plain)
    return FieldError(path, f"{quoted(host)}: {problem}") if problem else None


def _name_problem(domain: str) -> str | None:
    """What is wrong with a domain's name; None for one that may exist."""
    name = plain_host(domain)
    try:
        ascii_name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        return "the domain is no name of the Internet; write one such as example.com"
    labels = ascii_name.split(".")
    if len(ascii_name) > LONGEST_HOST or any(not label or len(label) > LONGEST_LABEL for label in labels):
        return f"a domain has at most {LONGEST_HOST} characters, each part of it 1 to {LONGEST_LABEL}"
    if any(
        not label.replace("-", "a").replace("_", "a").isalnum() or label[0] == "-" or label[-1] == "-"
        for label in labels
    ):
        return "a domain is made of letters, digits, inner hyphens and dots"
    if len(labels) > 1 and labels[-1].isdigit():
        return "a domain does not end in a number, and it is no IP address either"
    if labels[-1] in _NOWHERE:
        return f"nothing under .{labels[-1]} can be reached"
    return None
