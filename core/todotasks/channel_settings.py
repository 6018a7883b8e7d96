"""What channels may do: settings that the notifier keeps to, and that webhook and operator tell first."""

import re
from dataclasses import dataclass

from todotasks.channel_rules import ChannelLimits
from todotasks.settings import FLAG, Parser, Settings, setting

_DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


def _sender(text: str) -> str:
    local, _, domain = text.partition("@")
    if not local or not domain or any(c.isspace() or c in "<>," for c in text):
        raise ValueError
    return text


def _domains(text: str) -> tuple[str, ...]:
    domains = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not all(domain == "*" or _DOMAIN.fullmatch(domain) for domain in domains):
        raise ValueError
    return domains


DOMAINS = Parser("domains with commas between them, such as example.com,example.org, or *", _domains)
SENDER = Parser("a mail address such as todo@example.com", _sender)


@dataclass(frozen=True)
class ChannelSettings(Settings):
    """Give every part the same."""

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

    @property
    def channel_limits(self) -> ChannelLimits:
        return ChannelLimits(self.allow_private, self.sender, self.senders, self.recipients)
