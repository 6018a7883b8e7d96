"""The webhook's own settings, beside those that every part has."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from todo_webhook.rules import Limits
from todotasks.channel_settings import ChannelSettings
from todotasks.settings import DURATION, FLAG, PATH, PORT, TEXT, Parser, setting


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 100_000:
        raise ValueError
    return count


def _https(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    return text


COUNT = Parser("a whole number, 1 to 100000", _count)
HTTPS = Parser("an address such as https://127.0.0.1:9443", _https)


@dataclass(frozen=True)
class WebhookSettings(ChannelSettings):
    """Where it serves, by which certificates, and the bounds of its rules."""

    host: str = setting(
        "TODO_WEBHOOK_HOST", TEXT, "The address it serves on; empty: all addresses.", default=""
    )
    port: int = setting("TODO_WEBHOOK_PORT", PORT, "The port of HTTPS; 0: any free port.", default="9443")
    url: str | None = setting(
        "TODO_WEBHOOK_URL",
        HTTPS,
        "Its own address, where it runs outside the cluster: the process then writes the whole "
        "ValidatingWebhookConfiguration. Without it, only the caBundle of the one that is there.",
    )
    tls_dir: str | None = setting(
        "TODO_WEBHOOK_TLS_DIR",
        PATH,
        "The folder of the certificates, instead of the Secret `todotasks-webhook-tls`.",
    )
    tls_own: bool = setting(
        "TODO_WEBHOOK_TLS_OWN",
        FLAG,
        "Whether it makes and renews its certificates itself. If false, somebody else (cert-manager) writes "
        "tls.crt, tls.key and ca.crt into TODO_WEBHOOK_TLS_DIR.",
        default="true",
    )
    stale_after: float = setting(
        "TODO_WEBHOOK_STALE_AFTER",
        DURATION,
        "After how long without a watch what is known of the cluster counts as unknown.",
        default="1m",
    )
    reachable: int = setting(
        "TODO_WEBHOOK_MAX_DEPENDENCIES",
        COUNT,
        "How many tasks one may wait for, counting those that they wait for.",
        default="500",
    )
    depth: int = setting(
        "TODO_WEBHOOK_MAX_DEPTH", COUNT, "How many tasks may be above a subtask.", default="32"
    )
    tasks_an_hour: int = setting(
        "TODO_WEBHOOK_MAX_TASKS_PER_HOUR", COUNT, "How many tasks a rule may make an hour.", default="60"
    )
    tasks_ahead: int = setting(
        "TODO_WEBHOOK_MAX_TASKS_AHEAD",
        COUNT,
        "How many tasks a rule's lead time may make at once.",
        default="200",
    )

    @property
    def limits(self) -> Limits:
        return Limits(self.reachable, self.depth, self.tasks_an_hour, self.tasks_ahead, self.allow_private)
