"""NotificationChannel (`notificationchannels`, `nch`): where reminders of a namespace go."""

import msgspec

from todotasks.api.conditions import Condition
from todotasks.api.meta import Metadata


class EmailTarget(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Mail addresses; the server and its password are settings of the notifier or in the Secret."""

    to: tuple[str, ...] = ()
    from_: str | None = msgspec.field(default=None, name="from")


class WebhookTarget(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    url: str


class AppriseTarget(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Any service the Apprise library speaks; its URL is the key `url` of the Secret, never here."""

    key: str = "url"


class SecretRef(msgspec.Struct, frozen=True, rename="camel"):
    """A Secret of the same namespace."""

    name: str


class NotificationChannelSpec(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Exactly one of `email`, `webhook`, `apprise`."""

    email: EmailTarget | None = None
    webhook: WebhookTarget | None = None
    apprise: AppriseTarget | None = None
    secret_ref: SecretRef | None = None
    default: bool = False


class NotificationChannelStatus(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    observed_generation: int = -1
    conditions: tuple[Condition, ...] | None = None


class NotificationChannel(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    metadata: Metadata
    spec: NotificationChannelSpec = NotificationChannelSpec()
    status: NotificationChannelStatus = NotificationChannelStatus()
    api_version: str = ""
    kind: str = ""
