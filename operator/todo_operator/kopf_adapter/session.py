"""The connections that kopf runs on: ours, with the current credential on every request.

A projected token is replaced about once an hour, and a request should not have to fail to find that out.

And a watch that kopf would begin with everything there is begins where we say. For each object of its list
kopf makes a queue, a task and some timers, 0.6 ms of processor time, and all that comes of it is that we
are told what our own list has told us already, for a tenth of that.
"""

from collections.abc import Awaitable, Callable

import aiohttp

from todotasks.kube.client import USER_AGENT
from todotasks.kube.connection.auth import Credentials
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.tls import ssl_context
from todotasks.kube.connection.transport import CONNECT_TIMEOUT

CONNECTIONS = 8  # a watch, the discovery at the start, and some to spare
INITIAL_EVENTS = ("sendInitialEvents", "resourceVersionMatch")  # how a watch asks for what is there
# What the API server says of a resourceVersion that is nonsense, too old, or ahead of it. Whatever else it
# refuses (it is busy, say) it may take a moment later; a new list for each refusal would keep it busy.
USELESS = frozenset({400, 410, 504})

BeginAt = Callable[[str], Awaitable[str]]  # by the plural of a kind, the resourceVersion to watch from
Answered = Callable[[str, str, bool], None]  # the plural, where its watch was to begin, whether it does


async def make_session(config: KubeConfig, begin_at: BeginAt, answered: Answered) -> aiohttp.ClientSession:
    """Connections for kopf, bounded, each request with the credential of its moment."""
    credentials = Credentials(config)

    async def begin(
        request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if INITIAL_EVENTS[0] not in request.url.query:
            return await send(request)
        plural = request.url.name
        since = await begin_at(plural)
        request.url = request.url.without_query_params(*INITIAL_EVENTS).update_query(resourceVersion=since)
        response = await send(request)
        if response.ok or response.status in USELESS:
            answered(plural, since, response.ok)
        return response

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
        middlewares=(begin, authorize),  # in this order: the credential of the moment is the later one
        proxy=config.proxy_url,
    )
