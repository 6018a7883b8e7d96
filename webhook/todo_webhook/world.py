"""What the rules know of the cluster: channels, namespaces and the references between tasks, kept by watches.

A watch lags behind by milliseconds, and by more when it is cut: what has not been heard of for
`stale_after` seconds counts as unknown, and unknown means that nothing is said about it. So the webhook
never refuses something because of what was true a while ago, and two requests at the same moment can still
make a cycle between them; the operator sees that, and says it in the condition Blocked.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import msgspec
import structlog

from todo_webhook import metrics
from todo_webhook.rules import Context, Limits, TaskNode
from todotasks.api.all_day import ALL_DAY_TIME, read_time_of_day
from todotasks.api.meta import ANNOTATION_ALL_DAY_TIME, ANNOTATION_TIME_ZONE, Metadata
from todotasks.kube import KubeClient, Listed, Reflector, Resource
from todotasks.kube.resources import NAMESPACES, NOTIFICATIONCHANNELS, TODOTASKS

log = structlog.get_logger(__name__)


class _TaskSpec(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    parent: str | None = None
    depends_on: tuple[str, ...] | None = None
    due: str | None = None


class _Task(msgspec.Struct, frozen=True, gc=False):
    metadata: Metadata = Metadata()
    spec: _TaskSpec = _TaskSpec()


class _ChannelSpec(msgspec.Struct, frozen=True, gc=False):
    default: bool = False


class _Channel(msgspec.Struct, frozen=True, gc=False):
    metadata: Metadata = Metadata()
    spec: _ChannelSpec = _ChannelSpec()


class _Namespace(msgspec.Struct, frozen=True, gc=False):
    metadata: Metadata = Metadata()


_PLAIN = TaskNode()  # most tasks refer to nothing: one value for all of them


class World:
    """Three informers. `context` is what a rule gets of them."""

    def __init__(
        self, client: KubeClient, limits: Limits, *, stale_after: float, namespace: str = ""
    ) -> None:
        self._limits = limits
        self._stale_after = stale_after
        self._tasks: dict[str, dict[str, TaskNode]] = {}
        self._channels: dict[str, dict[str, bool]] = {}
        self._zones: dict[str, str] = {}
        self._all_day_times: dict[str, time] = {}
        self._informers = (
            _Informer(client, TODOTASKS, _Task, put=self._put_task, drop=self._drop_task, where=namespace),
            _Informer(
                client,
                NOTIFICATIONCHANNELS,
                _Channel,
                put=self._put_channel,
                drop=self._drop_channel,
                where=namespace,
            ),
            _Informer(
                client, NAMESPACES, _Namespace, put=self._put_namespace, drop=self._drop_namespace, where=""
            ),
        )

    async def run(self) -> None:
        """Watch until cancelled."""
        await asyncio.gather(*(informer.run() for informer in self._informers))

    @property
    def missing(self) -> str | None:
        """What is not known yet; None once everything has been listed."""
        names = [informer.name for informer in self._informers if not informer.complete]
        return f"the first list of {', '.join(names)} is under way" if names else None

    def context(self, namespace: str, name: str, now: datetime, *, creating: bool) -> Context:
        """The surroundings of one object, as far as they are known."""
        tasks, channels, namespaces = (informer.is_fresh(self._stale_after) for informer in self._informers)
        for informer, fresh in zip(self._informers, (tasks, channels, namespaces), strict=True):
            if not fresh:
                metrics.UNKNOWN.labels(informer.name).inc()
        here = self._tasks.get(namespace, {})
        return Context(
            namespace=namespace,
            name=name,
            now=now,
            creating=creating,
            default_zone=self._zones.get(namespace),
            all_day_time=self._all_day_times.get(namespace, ALL_DAY_TIME),
            channels=dict(self._channels.get(namespace, {})) if channels else None,
            task=here.get if tasks else None,
            limits=self._limits,
        )

    # -- what the watches say --------------------------------------------------------------------

    def _put_task(self, task: _Task) -> None:
        spec = task.spec
        node = TaskNode(spec.parent, spec.depends_on or (), spec.due)
        self._tasks.setdefault(task.metadata.namespace, {})[task.metadata.name] = (
            _PLAIN if node == _PLAIN else node
        )

    def _drop_task(self, meta: Metadata) -> None:
        _drop(self._tasks, meta)

    def _put_channel(self, channel: _Channel) -> None:
        self._channels.setdefault(channel.metadata.namespace, {})[channel.metadata.name] = (
            channel.spec.default
        )

    def _drop_channel(self, meta: Metadata) -> None:
        _drop(self._channels, meta)

    def _put_namespace(self, namespace: _Namespace) -> None:
        zone = namespace.metadata.annotation(ANNOTATION_TIME_ZONE)
        if zone:
            self._zones[namespace.metadata.name] = zone
        else:
            self._zones.pop(namespace.metadata.name, None)
        at = read_time_of_day(namespace.metadata.annotation(ANNOTATION_ALL_DAY_TIME) or "")
        if at is not None:
            self._all_day_times[namespace.metadata.name] = at
        else:
            self._all_day_times.pop(namespace.metadata.name, None)

    def _drop_namespace(self, meta: Metadata) -> None:
        self._zones.pop(meta.name, None)
        self._all_day_times.pop(meta.name, None)


def _drop(index: dict[str, dict[str, Any]], meta: Metadata) -> None:
    here = index.get(meta.namespace)
    if here is not None:
        here.pop(meta.name, None)
        if not here:
            del index[meta.namespace]


class _Informer:
    """One reflector, and the two functions that keep an index by it."""

    def __init__(
        self,
        client: KubeClient,
        resource: Resource,
        type_: type[Any],
        *,
        put: Callable[[Any], None],
        drop: Callable[[Metadata], None],
        where: str,
    ) -> None:
        self.name = resource.plural
        self.complete = False
        self._reflector: Reflector[Any] = Reflector(
            client, resource, type_, namespace=where, name=f"webhook-{resource.plural}"
        )
        self._put, self._drop = put, drop
        self._known: dict[tuple[str, str], Metadata] = {}
        self._listed: set[tuple[str, str]] = set()

    def is_fresh(self, stale_after: float) -> bool:
        """Whether it is known, and the watch heard of lately (it sends a bookmark about once a minute)."""
        return self.complete and (
            self._reflector.trouble is None or self._reflector.age_seconds < stale_after
        )

    async def run(self) -> None:
        async for batch in self._reflector:
            if isinstance(batch, Listed):
                if batch.first:
                    self._listed = set()
                for found in batch.objects:
                    self._listed.add(self._keep(found.object))
                if batch.complete:
                    for key in self._known.keys() - self._listed:
                        self._drop(self._known.pop(key))
                    self.complete = True
                continue
            for change in batch.changes:
                if change.type == "DELETED":
                    self._drop(change.object.metadata)
                    self._known.pop(_key(change.object.metadata), None)
                else:
                    self._keep(change.object)

    def _keep(self, found: Any) -> tuple[str, str]:
        self._put(found)
        meta: Metadata = found.metadata
        key = _key(meta)
        self._known[key] = Metadata(name=meta.name, namespace=meta.namespace)
        return key


def _key(meta: Metadata) -> tuple[str, str]:
    return meta.namespace, meta.name
