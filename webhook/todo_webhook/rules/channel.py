"""NotificationChannel: addresses that are none, and addresses that lie inside.

It answers at once, in the editor; the rules are those of the notifier (`todotasks.channel_rules`). Whom the
notifier's own mail server is for is left to the channel's condition: a Secret that comes later has a say.
"""

from todo_webhook.rules.model import Context
from todotasks.api.channel import NotificationChannelSpec
from todotasks.channel_rules import ChannelLimits, inside, malformed
from todotasks.recurrence import FieldError


def validate_channel(spec: NotificationChannelSpec, context: Context) -> list[FieldError]:
    """Everything that cannot work."""
    limits = ChannelLimits(allow_private=context.limits.allow_private)
    return [*malformed(spec), *inside(spec, limits)]
