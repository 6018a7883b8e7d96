"""The gateway's own settings, beside those that every part has."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from todotasks.assistant.settings import ModelSettings
from todotasks.mail_links import LinkSettings
from todotasks.settings import DURATION, FLAG, PATH, PORT, RATE, TEXT, Parser, Secret, setting

T = TypeVar("T")
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _list_of(parse: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    def parse_all(text: str) -> tuple[T, ...]:
        return tuple(parse(part) for part in text.replace(",", " ").split())

    return parse_all


def _key(text: str) -> Secret:
    Fernet(text)  # ValueError: not 32 bytes in base64
    return Secret(text)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    _ = parts.port  # raises if it is no number
    whole = f"{parts.scheme}://{parts.netloc}"
    if text != "*" and (parts.scheme not in {"http", "https"} or not parts.hostname or whole != text):
        raise ValueError
    return text


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


COUNT = Parser("a whole number, 1 or more", _count)
SESSION_KEYS = Parser(
    "one or more keys of 32 bytes in URL-safe base64, separated by commas", _list_of(_key), secret=True
)
ORIGINS = Parser("origins such as https://todo.example.com, separated by commas, or *", _list_of(_origin))
NETWORKS = Parser("networks such as 10.0.0.0/8, separated by commas", _list_of(ipaddress.ip_network))


@dataclass(frozen=True)
class GatewaySettings(ModelSettings, LinkSettings):
    """What the gateway's front door looks like. Durations are in seconds."""

    port: int = setting("TODO_GATEWAY_PORT", PORT, "Where people reach it; 0: any free port.", default="8081")
    host: str = setting(
        "TODO_GATEWAY_HOST", TEXT, "The address it listens on; empty: all addresses.", default=""
    )
    tls_cert: str | None = setting(
        "TODO_GATEWAY_TLS_CERT",
        PATH,
        "A certificate chain (PEM). With it the gateway speaks HTTPS; a changed file is read again.",
    )
    tls_key: str | None = setting("TODO_GATEWAY_TLS_KEY", PATH, "The private key of that certificate (PEM).")
    session_keys: tuple[Secret, ...] | None = setting(
        "TODO_SESSION_KEYS",
        SESSION_KEYS,
        "What session cookies and the cursors of searches are encrypted with: the first key makes new ones, "
        "all of them open old ones. Without it each process makes a key of its own, and both end with it.",
    )
    audit_public_key: str | None = setting(
        "TODO_AUDIT_PUBLIC_KEY",
        TEXT,
        "The public key that `/v1/audit/verify` trusts: PEM, or its 32 bytes in base64. Without it, the keys "
        "that stand beside the published heads.",
    )
    session_seconds: float = setting(
        "TODO_SESSION_DURATION", DURATION, "How long a session cookie is good for.", default="12h"
    )
    cors_origins: tuple[str, ...] = setting(
        "TODO_CORS_ORIGINS",
        ORIGINS,
        "Pages of these origins may call the API with a bearer token. Cookies never count for them.",
        default="",
    )
    trusted_proxies: tuple[Network, ...] = setting(
        "TODO_TRUSTED_PROXIES",
        NETWORKS,
        "Whose X-Forwarded-For is believed: limits before a login count by the address that it names.",
        default="",
    )
    requests_per_second: float = setting(
        "TODO_REQUESTS_PER_SECOND", RATE, "Requests a second that one user gets.", default="50"
    )
    request_burst: float = setting(
        "TODO_REQUEST_BURST", RATE, "Requests that a user who was quiet may make at once.", default="200"
    )
    requests_at_once: int = setting(
        "TODO_REQUESTS_AT_ONCE",
        COUNT,
        "Requests under way that one user may have, streams aside.",
        default="32",
    )
    logins_per_second: float = setting(
        "TODO_LOGINS_PER_SECOND",
        RATE,
        "Unknown tokens a second that one address may present; in a burst, ten times as many.",
        default="20",
    )
    request_timeout: float = setting(
        "TODO_REQUEST_TIMEOUT", DURATION, "When a request that is no stream is given up.", default="30s"
    )
    shutdown_grace: float = setting(
        "TODO_SHUTDOWN_GRACE",
        DURATION,
        "How long requests may go on after we are asked to end.",
        default="10s",
    )
    mcp: bool = setting(
        "TODO_MCP",
        FLAG,
        "Whether POST /mcp offers the tools of the Model Context Protocol; costs a second at the start and "
        "30 MB.",
        default="false",
    )
    mail_folder: str | None = setting(
        "TODO_MAIL_FOLDER",
        PATH,
        "A folder of caught mails that the page shows, as `todotasks up` has one; not for a cluster.",
    )
    live_connections: int = setting(
        "TODO_LIVE_CONNECTIONS",
        COUNT,
        "Who may look on at once (/v1/stream, /v1/ws), all together.",
        default="10000",
    )
    live_connections_per_user: int = setting(
        "TODO_LIVE_CONNECTIONS_PER_USER", COUNT, "Live connections that one user may have.", default="32"
    )
    live_history: int = setting(
        "TODO_LIVE_HISTORY",
        COUNT,
        "Changes of each kind that are remembered for those who come back.",
        default="10000",
    )
    live_queue: int = setting(
        "TODO_LIVE_QUEUE",
        COUNT,
        "Changed objects that wait for a client that reads slowly, before it must begin anew.",
        default="1000",
    )
