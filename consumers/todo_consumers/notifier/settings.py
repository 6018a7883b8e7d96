"""The notifier's own settings, beside those that every part has."""

import re
from dataclasses import dataclass

from todotasks.mail_links import LinkSettings
from todotasks.settings import FLAG, RATE, Parser, setting

_DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


def _attempts(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 100:
        raise ValueError
    return count


def _sender(text: str) -> str:
    local, _, domain = text.partition("@")
    if not local or not domain or any(c.isspace() or c in "<>," for c in text):
        raise ValueError
    return text


ATTEMPTS = Parser("a whole number, 1 to 100", _attempts)


def _domains(text: str) -> tuple[str, ...]:
    domains = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not all(domain == "*" or _DOMAIN.fullmatch(domain) for domain in domains):
        raise ValueError
    return domains


DOMAINS = Parser("domains with commas between them, such as example.com,example.org, or *", _domains)
SENDER = Parser("a mail address such as todo@example.com", _sender)


@dataclass(frozen=True)
class NotifierSettings(LinkSettings):
    """What a channel does not say itself."""

    sender: str = setting(
        "TODO_NOTIFIER_SENDER",
        SENDER,
        "The address that mails come from, where a channel names none.",
        default="todotasks@localhost",
    )
    senders: tuple[str, ...] = setting(
        "TODO_NOTIFIER_SENDERS",
        DOMAINS,
        "Domains besides that of TODO_NOTIFIER_SENDER that a channel's spec.email.from may be of when the "
        "mail goes through TODO_SMTP_URL; * allows any.",
        default="",
    )
    recipients: tuple[str, ...] = setting(
        "TODO_NOTIFIER_RECIPIENTS",
        DOMAINS,
        "Domains to which mails may go through TODO_SMTP_URL; * allows any. Whoever may write a channel "
        "otherwise has that server send to anybody.",
        default="*",
    )
    allow_private: bool = setting(
        "TODO_NOTIFIER_ALLOW_PRIVATE",
        FLAG,
        "Whether channels may call private and loopback addresses. Whoever may write a channel can then "
        "reach whatever the notifier can reach.",
        default="false",
    )
    channel_rate: float = setting(
        "TODO_NOTIFIER_CHANNEL_RATE", RATE, "Messages a second that one channel gets.", default="10"
    )
    attempts: int = setting(
        "TODO_NOTIFIER_ATTEMPTS",
        ATTEMPTS,
        "How often a delivery is tried before it is given up; with the pauses in between, 10 are about "
        "six hours.",
        default="10",
    )
