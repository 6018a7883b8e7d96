"""The notifier's own settings, beside those that every part has."""

from dataclasses import dataclass

from todotasks.settings import FLAG, RATE, Parser, Settings, setting


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
SENDER = Parser("a mail address such as todo@example.com", _sender)


@dataclass(frozen=True)
class NotifierSettings(Settings):
    """What a channel does not say itself."""

    sender: str = setting(
        "TODO_NOTIFIER_SENDER",
        SENDER,
        "The address that mails come from, where a channel names none.",
        default="todotasks@localhost",
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
