"""The decision about a NotificationChannel: whether its spec can be used.

The operator may not read Secrets: whoever can make it read one could have it told. So Ready
means that the channel is well written, and what the settings allow; whether its Secret is there and right is
found by the notifier, which says it where people look for what became of their reminder: `status.deliveries`
and the condition Delivered. A Secret may name a mail server of its own, for which the settings say nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from todo_operator.reconcile.conditions import Finding, conditions_of
from todo_operator.reconcile.facts import ObjectFacts, identity, read_parts
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.reasons import ChannelCondition, ChannelReason
from todotasks.api import Metadata, NotificationChannel
from todotasks.api.channel import NotificationChannelSpec, NotificationChannelStatus
from todotasks.channel_rules import ANY, ChannelLimits, inside, malformed, outside
from todotasks.recurrence import FieldError

ANYTHING: Final = ChannelLimits(allow_private=True, senders=(ANY,))


class ChannelFacts(ObjectFacts, frozen=True, gc=False):
    """A NotificationChannel as its decision sees it."""

    spec: NotificationChannelSpec = NotificationChannelSpec()
    status: NotificationChannelStatus = NotificationChannelStatus()


def channel_facts_of(channel: NotificationChannel) -> ChannelFacts:
    return _facts(channel.metadata, channel.spec, channel.status, unreadable=None)


def read_channel_facts(body: Mapping[str, Any]) -> ChannelFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status."""
    return _facts(*read_parts(body, NotificationChannelSpec, NotificationChannelStatus))


def reconcile(
    channel: ChannelFacts, now: datetime, limits: ChannelLimits = ANYTHING
) -> Plan[NotificationChannelStatus]:
    """What has to be written now. Time alone never changes it."""
    if channel.deleting:
        return Plan()
    ready = _ready(channel, limits)
    status = NotificationChannelStatus(
        observed_generation=channel.generation,
        conditions=conditions_of(
            [(ChannelCondition.READY, ready)],
            generation=channel.generation,
            before=channel.status.conditions,
            now=now,
            stalled=ready.status == "False",
        ),
    )
    return Plan(status=status if status != channel.status else None)


def _ready(channel: ChannelFacts, limits: ChannelLimits) -> Finding:
    problem = _problem(channel)
    if problem is not None:
        return Finding("False", ChannelReason.INVALID_SPEC, problem)
    spec, secret = channel.spec, channel.spec.secret_ref
    others = [] if spec.email is None else outside(spec.email, limits)
    refused = [*inside(spec, limits), *([] if secret is not None else others)]
    if refused:
        return Finding("False", ChannelReason.NOT_ALLOWED, _told(refused))
    message = f"Goes by {_target(spec)}."
    if secret is not None:
        message += f' The notifier looks for the Secret "{secret.name}" when it delivers.'
        if others:
            message += f" It must name a mail server of its own (smtp-url): {_told(others)}"
    return Finding("True", ChannelReason.ACCEPTED, message)


def _told(errors: Sequence[FieldError]) -> str:
    return "; ".join(map(str, errors))


def _problem(channel: ChannelFacts) -> str | None:
    """What only an edit can heal; the CRD refuses it, an older one may not have."""
    spec = channel.spec
    if channel.unreadable is not None:
        return channel.unreadable
    if sum(target is not None for target in (spec.email, spec.webhook, spec.apprise)) != 1:
        return "spec: give exactly one of email, webhook and apprise"
    if spec.email is not None and not spec.email.to:
        return "spec.email.to: give at least one mail address"
    if spec.apprise is not None and spec.secret_ref is None:
        return "spec.secretRef: the URL of an Apprise service is a secret, so name the Secret that has it"
    return _told(malformed(spec)) or None


def _target(spec: NotificationChannelSpec) -> str:
    if spec.email is not None:
        return f"mail to {', '.join(spec.email.to)}"
    return "webhook" if spec.webhook is not None else "Apprise"


def _facts(
    meta: Metadata,
    spec: NotificationChannelSpec,
    status: NotificationChannelStatus,
    unreadable: str | None,
) -> ChannelFacts:
    return ChannelFacts(
        **identity(meta, unreadable),
        spec=spec,
        status=status,
    )
