"""The notifier's own settings, beside those that every part has."""

from dataclasses import dataclass

from todotasks.channel_settings import ChannelSettings
from todotasks.mail_links import LinkSettings
from todotasks.settings import RATE, Parser, setting


def _attempts(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 100:
        raise ValueError
    return count


ATTEMPTS = Parser("a whole number, 1 to 100", _attempts)


@dataclass(frozen=True)
class NotifierSettings(ChannelSettings, LinkSettings):
    """What a channel does not say itself."""

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
