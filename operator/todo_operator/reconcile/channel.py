"""The decision about a NotificationChannel: whether its spec can be used.

The operator may not read Secrets: whoever can make it read one could have it told. So Ready
means that the channel is well written; whether its Secret is there and right is found by the notifier, which
says it where people look for what became of their reminder: `status.deliveries` and the condition Delivered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from todo_operator.reconcile.conditions import Finding, conditions_of
from todo_operator.reconcile.facts import ObjectFacts, identity, read_parts
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.reasons import ChannelCondition, ChannelReason
from todotasks.api import Metadata, NotificationChannel
from todotasks.api.channel import NotificationChannelSpec, NotificationChannelStatus


class ChannelFacts(ObjectFacts, frozen=True, gc=False):
    """A NotificationChannel as its decision sees it."""

    spec: NotificationChannelSpec = NotificationChannelSpec()
    status: NotificationChannelStatus = NotificationChannelStatus()


def channel_facts_of(channel: NotificationChannel) -> ChannelFacts:
    return _facts(channel.metadata, channel.spec, channel.status, unreadable=None)


def read_channel_facts(body: Mapping[str, Any]) -> ChannelFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status."""
    return _facts(*read_parts(body, NotificationChannelSpec, NotificationChannelStatus))


def reconcile(channel: ChannelFacts, now: datetime) -> Plan[NotificationChannelStatus]:
    """What has to be written now. Time alone never changes it."""
    if channel.deleting:
        return Plan()
    problem = _problem(channel)
    if problem is None:
        secret = channel.spec.secret_ref
        message = f"Goes by {_target(channel.spec)}."
        if secret is not None:
            message += f' The notifier looks for the Secret "{secret.name}" when it delivers.'
        ready = Finding("True", ChannelReason.ACCEPTED, message)
    else:
        ready = Finding("False", ChannelReason.INVALID_SPEC, problem)
    status = NotificationChannelStatus(
        observed_generation=channel.generation,
        conditions=conditions_of(
            [(ChannelCondition.READY, ready)],
            generation=channel.generation,
            before=channel.status.conditions,
            now=now,
            stalled=problem is not None,
        ),
    )
    return Plan(status=status if status != channel.status else None)


def _problem(channel: ChannelFacts) -> str | None:
    """What only an edit can heal; the CRD refuses it, an older one may not have."""
    spec = channel.spec
    if channel.unreadable is not None:
        return channel.unreadable
    if sum(target is not None for target in (spec.email, spec.webhook, spec.apprise)) != 1:
        return "spec: give exactly one of email, webhook and apprise"
    if spec.email is not None and not spec.email.to:
        return "spec.email.to: give at least one mail address"
    if spec.webhook is not None and not spec.webhook.url.lower().startswith(("https://", "http://")):
        return "spec.webhook.url: give an address that begins with https:// or http://"
    if spec.apprise is not None and spec.secret_ref is None:
        return "spec.secretRef: the URL of an Apprise service is a secret, so name the Secret that has it"
    return None


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
