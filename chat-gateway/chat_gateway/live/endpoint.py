"""`GET /v1/stream` and `GET /v1/ws`: the same messages, as server-sent events and on a WebSocket.

    query → filter → enough connections? → may they list and watch that? → the hub has it → joined, until
    closed

A refusal is problem+json before the stream begins. On a WebSocket it is a close code behind an accepted
handshake, for browsers show their pages nothing of a refused one.
"""

import asyncio
import socket
from collections.abc import AsyncIterator

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from chat_gateway.access.identity import Caller
from chat_gateway.base.problems import Refused, refused_by
from chat_gateway.http import sse
from chat_gateway.http.context import CALLER, GATEWAY, Gateway, gateway_of
from chat_gateway.http.decode import read_query
from chat_gateway.http.pipeline import authorize
from chat_gateway.http.routes import Route
from chat_gateway.live.client import Client, Closing
from chat_gateway.live.cursor import BadCursor, Vector
from chat_gateway.live.filters import Filter, LiveParameters, filter_of
from chat_gateway.live.hub import Hub
from chat_gateway.live.messages import Wire, frame
from chat_gateway.live.objects import KINDS
from chat_gateway.live.rights import Onlookers, rights_of
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError

HUB = web.AppKey("live_hub", Hub)

WATCH_CONNECTIONS = 8
LARGEST_MESSAGE = 4 * 1024  # bytes; nobody needs to send us one
HEARTBEAT = 25.0  # seconds between the pings of a WebSocket's own
UNACKNOWLEDGED = 60_000  # milliseconds until a peer that vanished from the network counts as gone
RETRY_AFTER = 2_000  # milliseconds, where nobody said better
VERBS = ("list", "watch")
_CODES = {400: 4400, 401: 4401, 403: 4403, 410: 4410, 429: 4429, 503: 4503}

log = structlog.get_logger(__name__)


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events."""
    asked, filter, seen, why = await _asked(request)
    wire = Wire.CHUNKS if request.version >= (1, 1) else Wire.BARE
    response = web.StreamResponse(headers={"Content-Type": sse.MEDIA_TYPE, "X-Accel-Buffering": "no"})
    await response.prepare(request)
    await response.write(b": todotasks\n\n")  # aiohttp keeps the head back until something follows
    hub, caller = request.app[HUB], request[CALLER]
    client = _client(request, hub, filter, asked, wire)
    try:
        hub.join(client, caller, seen, why)
        await client.closed
    finally:
        hub.leave(client)
    if client.stuck:
        _abort(request)
    return response


async def websocket(request: web.Request) -> web.StreamResponse:
    """A WebSocket. What we are sent is answered with a close."""
    answer = web.WebSocketResponse(
        compress=False, max_msg_size=LARGEST_MESSAGE, heartbeat=HEARTBEAT, timeout=2.0
    )
    if not answer.can_prepare(request).ok:
        raise Refused(
            400, "BadRequest", "This path takes a WebSocket's handshake; for server-sent events: /v1/stream."
        )
    try:
        asked, filter, seen, why = await _asked(request)
    except (Refused, KubeError) as error:
        refused = error if isinstance(error, Refused) else refused_by(error)
        return await _refuse(request, answer, refused)
    await answer.prepare(request)
    hub, caller = request.app[HUB], request[CALLER]
    client = _client(request, hub, filter, asked, Wire.WEBSOCKET)
    heard = asyncio.ensure_future(_hear(answer))
    try:
        hub.join(client, caller, seen, why)
        await asyncio.wait({heard, client.closed}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(client)
        if not heard.done():
            heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)
    if client.stuck:
        _abort(request)
    elif client.closing is not None:
        await answer.close(code=client.closing.code, message=client.closing.reason.encode())
    return answer


async def _hear(answer: web.WebSocketResponse) -> None:
    """Until the other side closes, or says anything."""
    message = await answer.receive()
    if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
        await answer.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"This stream takes no messages")


async def _refuse(
    request: web.Request, answer: web.WebSocketResponse, refused: Refused
) -> web.WebSocketResponse:
    after = refused.headers.get("Retry-After")
    closing = Closing(
        _CODES.get(refused.status, 4400),
        refused.reason,
        refused.detail,
        int(after) * 1000 if after is not None else None,
    )
    await answer.prepare(request)
    transport = request.transport
    if transport is not None:
        transport.write(frame(Wire.WEBSOCKET, "closing", closing.data()).head)
    await answer.close(code=closing.code, message=closing.reason.encode())
    return answer


async def _asked(request: web.Request) -> tuple[LiveParameters, Filter, Vector | None, str]:
    """What is asked for, by whom, from where on. `why`: a snapshot is needed although there was a cursor."""
    asked = read_query(request, LiveParameters)
    filter = filter_of(asked)
    gateway, hub, caller = gateway_of(request), request.app[HUB], request[CALLER]
    _refuse_unwatched(gateway, filter)
    hub.welcome(caller.owner)
    await asyncio.gather(
        *(
            authorize(request, verb, KINDS[kind], namespace or None)
            for kind, namespace in rights_of(filter)
            for verb in VERBS
        )
    )
    await hub.prepare(filter)
    seen, why = await _seen(request, hub, caller, filter, asked.cursor)
    hub.welcome(caller.owner)  # many may have come while we asked
    return asked, filter, seen, why


async def _seen(
    request: web.Request, hub: Hub, caller: Caller, filter: Filter, given: str | None
) -> tuple[Vector | None, str]:
    # A browser's EventSource sends this header by itself and could not do without it, so a bad one is no end.
    last = request.headers.get("Last-Event-ID")
    cursor = last or given
    if not cursor:
        return None, ""
    try:
        seen = await hub.seen(cursor, caller.owner, filter)
    except BadCursor as error:
        if last:
            return None, "BadCursor"
        raise Refused(410, "BadCursor", f"cursor: {error}; come back without it.") from None
    return seen, "" if seen is not None else "TooOld"


def _refuse_unwatched(gateway: Gateway, filter: Filter) -> None:
    only = gateway.settings.watch_namespace
    if only and filter.namespaces != (only,):
        raise Refused(400, "BadRequest", f"namespace: this gateway looks after {only} alone; ask for that.")


def _client(request: web.Request, hub: Hub, filter: Filter, asked: LiveParameters, wire: Wire) -> Client:
    caller = request[CALLER]
    transport = request.transport
    found = transport.get_extra_info("socket") if transport is not None else None
    if found is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED)
    return Client(
        request,
        hub,
        wire=wire,
        form=asked.form,
        filter=filter,
        owner=caller.owner,
        seal=hub.cursors.seal(caller.owner, filter.canonical()),
        limit=gateway_of(request).settings.live_queue,
    )


def _abort(request: web.Request) -> None:
    """What is in the buffer will never be read; waiting for that would keep it."""
    if (transport := request.transport) is not None:
        transport.abort()


async def resources(app: web.Application) -> AsyncIterator[None]:
    """The hub, its clock and its end. The watches are our own account's: see
    manifests/base/rbac/gateway.yaml.
    """
    gateway = app[GATEWAY]
    kube: KubeClient = gateway.kube.apart(WATCH_CONNECTIONS)
    onlookers = Onlookers(gateway.access)
    hub = app[HUB] = Hub(gateway.settings, kube, onlookers)
    jobs = [
        asyncio.create_task(hub.keep_time(), name="live clock"),
        asyncio.create_task(onlookers.keep_asking(), name="live rights"),
        asyncio.create_task(hub.drain(gateway.stopping), name="live drain"),
    ]
    yield
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    await hub.close()


_NOTE = (
    "What is there, then everything that happens to it; docs/live.md has the messages. Needs list and watch "
    "for each kind and namespace asked for."
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/stream",
        handler=stream,
        tag="live",
        summary="Live sync as server-sent events",
        description=_NOTE,
        query=LiveParameters,
        media_types=(sse.MEDIA_TYPE,),
        headers=("Last-Event-ID",),
        problems=(403, 410),
        stream=True,
    ),
    Route(
        method="GET",
        path="/v1/ws",
        handler=websocket,
        tag="live",
        summary="Live sync on a WebSocket",
        description=_NOTE + " Refusals other than 401 come as a close code.",
        query=LiveParameters,
        status=101,
        media_types=(),
        headers=("Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version"),
        problems=(403,),
        stream=True,
    ),
)
