"""The decision about a NotificationChannel: whether its spec can be used.

The operator may not read Secrets: whoever can make it read one could have it told. So Ready
means that the channel is well written; whether its Secret is there and right is found by the notifier, which
says it where people look for what became of their reminder: `status.deliveries` and the condition Delivered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.task.facts import read_parts
from todo_operator.reconcile.task.reasons import ChannelCondition, ChannelReason
from todotasks.api import Condition, Metadata, NotificationChannel, ObjectKey, merge_conditions
from todotasks.api.channel import NotificationChannelSpec, NotificationChannelStatus


class ChannelFacts(msgspec.Struct, frozen=True):
    """A NotificationChannel as its decision sees it."""

    namespace: str
    name: str
    uid: str
    resource_version: int = 0
    generation: int = 0
    deleting: bool = False
    spec: NotificationChannelSpec = NotificationChannelSpec()
    unreadable: str | None = None
    status: NotificationChannelStatus = NotificationChannelStatus()

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)


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
        found = [(ChannelCondition.READY, "True", ChannelReason.ACCEPTED, message)]
    else:
        found = [
            (ChannelCondition.READY, "False", ChannelReason.INVALID_SPEC, problem),
            (ChannelCondition.STALLED, "True", ChannelReason.INVALID_SPEC, problem),
        ]
    wanted = [
        Condition(
            type=str(type_),
            status="True" if status == "True" else "False",
            reason=str(reason),
            message=message,
            observed_generation=channel.generation,
        )
        for type_, status, reason, message in found
    ]
    status = NotificationChannelStatus(
        observed_generation=channel.generation,
        conditions=merge_conditions(channel.status.conditions, wanted, now),
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
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        resource_version=int(meta.resource_version or 0),
        generation=meta.generation,
        deleting=meta.deletion_timestamp is not None,
        spec=spec,
        unreadable=unreadable,
        status=status,
    )
