"""The watch of open tasks and of the other kinds, by kopf. Wiring only; nothing here decides or writes.

There is one handler for each kind, `on.event`, and all it does is to pass the object on: what it raised would
be logged and forgotten, and while it waits, its object's events wait. No `on.create`, `on.update`, timers,
daemons or indexes: they cost writes, annotations, finalizers and memory for each task, and they answer "what
happened?", where we only ask "what is there?".

What was there before is not kopf's to tell: the listener has listed it, and says where a watch is to begin.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from todo_operator.kopf_adapter.lone_kopf import kopf
from todo_operator.kopf_adapter.session import make_session
from todo_operator.kopf_adapter.settings import configure
from todotasks.api import GROUP, VERSION
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS

Hook = Callable[[], Awaitable[None]]


class Listener(Protocol):
    """Who is told of each event; synchronous and cheap."""

    def on_event(self, kind: str, type_: str | None, body: Mapping[str, Any]) -> None: ...

    async def position(self, kind: str) -> str:
        """The resourceVersion up to which everything of a kind is known; its watch begins there."""
        ...

    def leave_position(self, kind: str) -> None:
        """A watch was asked for there: the next one that has no place of its own needs a newer one."""
        ...


class Witness(Protocol):
    """Who must know that the watch of tasks is alive: the canary."""

    def heard(self, namespace: str, name: str, resource_version: str) -> None: ...
    def begun(self, resource_version: str) -> None: ...


WATCHED = {each.plural: each for each in (TODOTASKS, RECURRENCERULES, REMINDERS, NOTIFICATIONCHANNELS)}


async def run_watches(
    *,
    listener: Listener,
    witness: Witness,
    config: KubeConfig,
    namespace: str,
    start: Hook,
    stop: Hook,
    stop_flag: asyncio.Event,
    started_flag: asyncio.Event,
) -> None:
    """kopf's loop, until `stop_flag` or a failure of its own. An empty namespace means all of them."""
    await kopf.operator(
        registry=make_registry(listener, witness, config, start, stop),
        # Else kopf asks for the name of the user it runs as, which a container's need not have.
        identity="todotasks-operator",  # type: ignore[arg-type]
        standalone=True,
        clusterwide=not namespace,
        namespaces=[namespace] if namespace else [],
        stop_flag=stop_flag,
        ready_flag=started_flag,
    )


def make_registry(
    listener: Listener, witness: Witness, config: KubeConfig, start: Hook, stop: Hook
) -> kopf.OperatorRegistry:
    """A registry of our own, so that two operators in one process (tests) do not share handlers.

    Background tasks live between `start` and `stop`: kopf cancels every task that was created in its
    loop after its own start, so they must end before it does.
    """
    registry = kopf.OperatorRegistry()

    async def begin_at(plural: str) -> str:
        return await listener.position(WATCHED[plural].kind)

    def answered(plural: str, since: str, begun: bool) -> None:
        listener.leave_position(WATCHED[plural].kind)
        if begun and plural == TODOTASKS.plural:
            witness.begun(since)

    @kopf.on.login(registry=registry)
    async def log_in(**_: Any) -> kopf.AiohttpSession:
        return kopf.AiohttpSession(
            server=config.server,
            default_namespace=config.namespace,
            aiohttp_session=await make_session(config, begin_at, answered),
        )

    @kopf.on.startup(registry=registry, errors=kopf.ErrorsMode.PERMANENT)
    async def begin(settings: kopf.OperatorSettings, **_: Any) -> None:
        configure(settings)
        await start()

    @kopf.on.cleanup(registry=registry, errors=kopf.ErrorsMode.PERMANENT)
    async def end(**_: Any) -> None:
        await stop()

    @kopf.on.event(GROUP, VERSION, TODOTASKS.plural, registry=registry)
    async def task_seen(event: Mapping[str, Any], **_: Any) -> None:
        body = event["object"]
        listener.on_event(TODOTASKS.kind, event["type"], body)
        metadata = body["metadata"]
        witness.heard(metadata["namespace"], metadata["name"], metadata["resourceVersion"])

    @kopf.on.event(GROUP, VERSION, RECURRENCERULES.plural, registry=registry)
    async def rule_seen(event: Mapping[str, Any], **_: Any) -> None:
        listener.on_event(RECURRENCERULES.kind, event["type"], event["object"])

    @kopf.on.event(GROUP, VERSION, REMINDERS.plural, registry=registry)
    async def reminder_seen(event: Mapping[str, Any], **_: Any) -> None:
        listener.on_event(REMINDERS.kind, event["type"], event["object"])

    @kopf.on.event(GROUP, VERSION, NOTIFICATIONCHANNELS.plural, registry=registry)
    async def channel_seen(event: Mapping[str, Any], **_: Any) -> None:
        listener.on_event(NOTIFICATIONCHANNELS.kind, event["type"], event["object"])

    return registry
