"""kopf: the watch of open tasks and of the other kinds. Wiring only; nothing here decides or writes.

There is one handler for each kind, `on.event`, and all it does is to pass the object on: what it raised would
be logged and forgotten, and while it waits, its object's events wait. No `on.create`, `on.update`, timers,
daemons or indexes: they cost writes, annotations, finalizers and memory for each task, and they answer "what
happened?", where we only ask "what is there?".

kopf runs on connections of ours, which put the current credential on every request: a projected token is
replaced about once an hour, and a request should not have to fail to find that out.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import aiohttp

from todo_operator.kopf_adapter.lone_kopf import kopf
from todo_operator.loop.informer import Feed
from todotasks.api import GROUP, VERSION
from todotasks.kube.client import USER_AGENT
from todotasks.kube.connection.auth import Credentials
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.transport import CONNECT_TIMEOUT, ssl_context
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS

CONNECTIONS = 8  # a watch, the discovery at the start, and some to spare
OPEN_TASKS = "spec.completed=false"  # what kopf watches: a completion leaves its sight like a deletion

Hook = Callable[[], Awaitable[None]]
Heard = Callable[[str, str, str], None]  # namespace, name, resourceVersion


class EndlessBackoffs:
    """Seconds between kopf's attempts: for ever, and soon enough after an outage.

    Its default gives up after 13 s or waits up to 21, and giving up ends the whole operator.
    """

    def __iter__(self) -> Iterator[float]:
        return itertools.chain((0.1, 0.2, 0.5, 1.0), itertools.repeat(2.0))


class NoProgress(kopf.ProgressStorage):
    """Nothing is stored on the objects: our handler has no progress."""

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None: ...
    def purge(self, **_: Any) -> None: ...
    def touch(self, **_: Any) -> None: ...

    def clear(self, *, essence: Any) -> Any:
        return essence


class NoDiffBase(kopf.DiffBaseStorage):
    """Nothing is stored or compared: building the essence of each object costs kopf a third of its CPU."""

    def build(self, **_: Any) -> Any:
        return {}

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None: ...


def configure(settings: kopf.OperatorSettings) -> None:
    """kopf as a watch and nothing else; for why, see the notes on each group in docs."""
    settings.watching.field_selectors[GROUP, TODOTASKS.plural] = OPEN_TASKS
    settings.watching.chunk_size = 500
    settings.watching.inactivity_timeout = 70  # seconds; bookmarks come each 60
    settings.watching.server_timeout = 300  # seconds
    settings.networking.request_timeout = 30  # seconds
    settings.networking.error_backoffs = EndlessBackoffs()
    settings.networking.enforce_retry_after = True
    # The limit alone would throttle: a worker keeps its place for the whole idle timeout.
    settings.queueing.worker_limit = 256
    settings.queueing.idle_timeout = 0.05  # seconds
    settings.queueing.exit_timeout = 2.0  # seconds; handlers only pass on
    settings.persistence.progress_storage = NoProgress()
    settings.persistence.diffbase_storage = NoDiffBase()
    settings.persistence.consistency_timeout = 0
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.peering.standalone = True
    # For each event two lines at INFO.
    for name in ("kopf.objects", "kopf._core", "kopf._cogs"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def run_kopf(
    *,
    feed: Feed,
    heard: Heard,
    config: KubeConfig,
    namespace: str,
    start: Hook,
    stop: Hook,
    stop_flag: asyncio.Event,
    started_flag: asyncio.Event,
) -> None:
    """kopf's loop, until `stop_flag` or a failure of its own. An empty namespace means all of them."""
    await kopf.operator(
        registry=make_registry(feed, heard, config, start, stop),
        standalone=True,
        clusterwide=not namespace,
        namespaces=[namespace] if namespace else [],
        stop_flag=stop_flag,
        ready_flag=started_flag,
    )


def make_registry(
    feed: Feed, heard: Heard, config: KubeConfig, start: Hook, stop: Hook
) -> kopf.OperatorRegistry:
    """A registry of our own, so that two operators in one process (tests) do not share handlers.

    Background tasks live between `start` and `stop`: kopf cancels every task that was created in its
    loop after its own start, so they must end before it does.
    """
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry)
    async def log_in(**_: Any) -> kopf.AiohttpSession:
        return kopf.AiohttpSession(
            server=config.server,
            default_namespace=config.namespace,
            aiohttp_session=await make_session(config),
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
        feed.on_event(TODOTASKS.kind, event["type"], body)
        metadata = body["metadata"]
        heard(metadata["namespace"], metadata["name"], metadata["resourceVersion"])

    @kopf.on.event(GROUP, VERSION, RECURRENCERULES.plural, registry=registry)
    async def rule_seen(event: Mapping[str, Any], **_: Any) -> None:
        feed.on_event(RECURRENCERULES.kind, event["type"], event["object"])

    @kopf.on.event(GROUP, VERSION, REMINDERS.plural, registry=registry)
    async def reminder_seen(event: Mapping[str, Any], **_: Any) -> None:
        feed.on_event(REMINDERS.kind, event["type"], event["object"])

    @kopf.on.event(GROUP, VERSION, NOTIFICATIONCHANNELS.plural, registry=registry)
    async def channel_seen(event: Mapping[str, Any], **_: Any) -> None:
        feed.on_event(NOTIFICATIONCHANNELS.kind, event["type"], event["object"])

    return registry


async def make_session(config: KubeConfig) -> aiohttp.ClientSession:
    """Connections for kopf, bounded, each request with the credential of its moment."""
    credentials = Credentials(config)

    async def authorize(
        request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        credential = await credentials.current()
        if credential.authorization is not None:
            request.headers["Authorization"] = credential.authorization
        if config.tls_server_name is not None:
            request.server_hostname = config.tls_server_name
        response = await send(request)
        if response.status == 401 and credentials.can_change:
            # kopf will ask for a new login; that begins with a credential that was read again.
            await credentials.reload(credential)
        return response

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=CONNECTIONS, ssl=ssl_context(config, await credentials.current())
        ),
        headers={"User-Agent": f"{USER_AGENT} kopf"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT),
        middlewares=(authorize,),
        proxy=config.proxy_url,
    )
