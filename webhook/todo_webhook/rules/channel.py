"""NotificationChannel: addresses that are none, and addresses that lie inside.

A look at what is written only. A name is not resolved here: what it means may change a moment later, so
the notifier decides by the address to which it really connects (docs/notifications.md). This one answers at
once, in the editor.
"""

import ipaddress
import socket
import unicodedata
from urllib.parse import urlsplit

from todo_webhook.rules.model import Context
from todotasks.api.channel import NotificationChannelSpec
from todotasks.api.visible import one_line
from todotasks.public_address import is_public
from todotasks.recurrence import FieldError
from todotasks.recurrence.errors import quoted

LONGEST_HOST = 253
LONGEST_LABEL = 63
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


def validate_channel(spec: NotificationChannelSpec, context: Context) -> list[FieldError]:
    """Everything that cannot work."""
    errors = []
    if spec.email is not None:
        for index, address in enumerate(spec.email.to):
            errors += _mail_errors(address, f"spec.email.to[{index}]")
        if spec.email.from_ is not None:
            errors += _mail_errors(spec.email.from_, "spec.email.from")
    if spec.webhook is not None:
        errors += _url_errors(spec.webhook.url, "spec.webhook.url", context.limits.allow_private)
    return errors


def _mail_errors(address: str, path: str) -> list[FieldError]:
    local, at, domain = address.rpartition("@")
    decoded = "=?" in address  # an encoded word: shown as something else than it is
    if (
        decoded
        or one_line(address) != address
        or not at
        or not local
        or local.startswith(".")
        or local.endswith(".")
        or ".." in local
    ):
        return [FieldError(path, f"{quoted(address)} is no mail address; write one such as ana@example.com")]
    problem = _name_problem(domain)
    return [FieldError(path, f"{quoted(address)}: {problem}")] if problem else []


def _url_errors(url: str, path: str, allow_private: bool) -> list[FieldError]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return [FieldError(path, f"{quoted(url)} is no address: {error}")]
    if not host or port == 0:
        return [
            FieldError(
                path, f"{quoted(url)} names no host that could be called; write https://example.com/hook"
            )
        ]
    plain = plain_host(host)
    address = literal_address(plain)
    if address is not None:
        if not allow_private and not is_public(address):
            return [FieldError(path, f"{quoted(host)} is {address}, {_not_public()}")]
        return []
    problem = _name_problem(plain)
    if problem:
        return [FieldError(path, f"{quoted(host)}: {problem}")]
    if not allow_private and ("." not in plain or plain.endswith(tuple(f".{name}" for name in _INSIDE))):
        return [FieldError(path, f"{quoted(host)} is a name inside a network, {_not_public()}")]
    return []


def _not_public() -> str:
    return (
        "not a public address. Channels may not call private networks; whoever runs todotasks can allow "
        "it with "
        "TODO_NOTIFIER_ALLOW_PRIVATE=true"
    )


def plain_host(host: str) -> str:
    """As a client will read it: `127。0。0。1` and `①②⑦.⓪.⓪.①` are 127.0.0.1."""
    text = unicodedata.normalize("NFKC", host).lower()
    for dot in "。．｡":
        text = text.replace(dot, ".")
    return text.rstrip(".").split("%", maxsplit=1)[0]


def literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is by itself, in every way in which the C library reads one (`0x7f.1`, "
    "`2130706433`)."""
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
