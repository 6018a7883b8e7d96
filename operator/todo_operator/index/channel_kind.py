"""NotificationChannel for the loop; it follows nobody."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple

from todo_operator.index.objects import KnownObjects
from todo_operator.index.protocol import NOBODY, Decision
from todo_operator.reconcile.channel import ANYTHING, ChannelFacts, channel_facts_of, read_channel_facts
from todo_operator.reconcile.channel import reconcile as reconcile_channel
from todotasks.api import NotificationChannel, ObjectKey
from todotasks.channel_rules import ChannelLimits
from todotasks.kube.resources import NOTIFICATIONCHANNELS


class Channels(NamedTuple):
    """The channels of a namespace by name, as far as its reminders care."""

    names: frozenset[str] = frozenset()
    default: tuple[str, ...] = ()


NO_CHANNELS = Channels()


class ChannelKind:
    """NotificationChannel."""

    resource = NOTIFICATIONCHANNELS
    type = NotificationChannel

    def __init__(self, limits: ChannelLimits = ANYTHING) -> None:
        self._limits = limits
        self._known: KnownObjects[ChannelFacts] = KnownObjects()
        self._of_namespace = self._known.index(lambda channel: channel.namespace)
        self._views: dict[str, Channels] = {}  # the same, as `of_namespace` gives it

    def __len__(self) -> int:
        return len(self._known)

    def facts(self, object: NotificationChannel) -> ChannelFacts:
        return channel_facts_of(object)

    def read(self, body: Mapping[str, Any]) -> ChannelFacts:
        return read_channel_facts(body)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        return self._known.version(key)

    def of_namespace(self, namespace: str) -> Channels:
        view = self._views.get(namespace)
        if view is None:
            found = [self._known.get(key) for key in sorted(self._of_namespace[namespace])]
            channels = [channel for channel in found if channel is not None]
            view = self._views[namespace] = Channels(
                frozenset(channel.name for channel in channels),
                tuple(channel.name for channel in channels if channel.spec.default),
            )
        return view

    def decide(self, key: ObjectKey, now: datetime) -> Decision | None:
        channel = self._known.get(key)
        if channel is None:
            return None
        plan = reconcile_channel(channel, now, self._limits)
        return Decision(channel.uid, channel.generation, channel.status, plan)

    def put(self, facts: ChannelFacts) -> Set[ObjectKey]:
        if not self._known.put(facts):
            return NOBODY
        self._views.pop(facts.namespace, None)
        return {facts.key}

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        if self._known.remove(key, uid) is None:
            return NOBODY
        self._views.pop(key.namespace, None)
        return {key}

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        gone = self._known.unlisted(listed, up_to)
        return {key for channel in gone for key in self.remove(channel.key, channel.uid)}

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        return NOBODY

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        return NOBODY
