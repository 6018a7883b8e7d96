"""What happens to every request before and after its handler.

    every request   correlation id · preflight · size · errors as problem+json · log line · metrics
    its route       token or cookie → per-address limit (unknown tokens) → who is it → per-user limit
                    → same origin (cookie, unsafe) → handler, within the time allowed

A request that cannot be served is turned away at the cheapest place that knows: its length before its
body, a missing token before any question, an address's limit before the API server is asked.
"""

import asyncio
import base64
import binascii
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from structlog.contextvars import bound_contextvars

from chat_gateway.access.headers import Headers
from chat_gateway.access.identity import Caller
from chat_gateway.access.origin import SAFE_METHODS, refuse_cross_site
from chat_gateway.base import metrics
from chat_gateway.base.problems import (
    BASIC_CHALLENGE,
    BODY_LIMIT,
    UNEXPECTED,
    Refused,
    refused_by,
    refused_by_http,
    too_large,
    unauthorized,
)
from chat_gateway.http.context import (
    CALLER,
    CORRELATION,
    GATEWAY,
    TRACEPARENT,
    Gateway,
    gateway_of,
)
from chat_gateway.http.decode import require_json
from chat_gateway.http.routes import Handler, Route
from todotasks import tracing
from todotasks.kube.errors import KubeError, Unauthorized, Unreachable
from todotasks.kube.resources import Resource
from todotasks.store import StoreError
from todotasks.telemetry import correlation

_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
UNKNOWN_ROUTE = "(none)"
UNTRACED = frozenset({"/healthz", "/readyz"})  # asked for every few seconds
TURNED_AWAY = frozenset({401, 404, 405, 429})
ADMIT_WITHIN = 10.0  # seconds until the API server must have said who it is
ROOM_WITHIN = 20.0  # seconds that a request waits for others that hold much
ROOM_AGAIN = 5  # seconds

log = structlog.get_logger(__name__)


# ── around everything ────────────────────────────────────────────────────────────────────────────────
def outermost(headers: Headers) -> Middleware:
    """The one middleware. It must not fail: what it lets through aiohttp would answer in HTML."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        id, traceparent = _ids(request)
        request[CORRELATION], request[TRACEPARENT] = id, traceparent
        started = time.perf_counter()
        status = 499  # the client went away, or we are shutting down
        gateway = gateway_of(request)
        gateway.state.in_flight += 1
        metrics.IN_FLIGHT.inc()
        with (
            correlation(id),
            bound_contextvars(traceparent=traceparent),
            _traced(request, traceparent) as span,
        ):
            request[TRACEPARENT] = span.traceparent or traceparent
            try:
                response = headers.preflight(request) or await _answer(request, handler)
                status = response.status
                if gateway.stopping.is_set():
                    response.force_close()
                return response
            finally:
                gateway.state.in_flight -= 1
                metrics.IN_FLIGHT.dec()
                _note(request, status, time.perf_counter() - started)

    return middleware


def _traced(request: web.Request, traceparent: str) -> tracing.Running:
    """A span of the route; its template, as in the metrics: the path may be somebody's words."""
    resource = request.match_info.route.resource
    if resource is None or resource.canonical in UNTRACED:
        return tracing.NOTHING  # type: ignore[no-any-return]
    route = resource.canonical
    given = traceparent if "Traceparent" in request.headers else None
    method = request.method
    return tracing.span(
        f"{method} {route}", kind="server", parent=given, http_request_method=method, http_route=route
    )


async def put_correlation(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp, so that a stream has it too."""
    if (id := request.get(CORRELATION)) is not None:
        response.headers["X-Correlation-Id"] = id


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    problem = too_large()
    try:
        # Where nothing is, or nothing of that method, that is the answer, whatever its size.
        if (request.content_length or 0) <= BODY_LIMIT or request.match_info.http_exception is not None:
            return await handler(request)
    except Refused as refused:
        problem = refused
    except web.HTTPException as error:
        if error.status < 400:
            raise
        problem = refused_by_http(error)
    except (KubeError, StoreError) as error:
        log.warning("not_served", error=str(error), kind=type(error).__name__)
        problem = refused_by(error)
        if isinstance(error, Unauthorized) and (caller := request.get(CALLER)) is not None:
            gateway_of(request).identities.forget(caller)
    except ConnectionResetError:
        problem = Refused(400, "BadRequest", "The connection broke.")  # nobody is there to read it
    except Exception:
        log.exception("unexpected")
        problem = Refused(500, "InternalError", UNEXPECTED)
    response = problem.response(request[CORRELATION])
    if problem.status == 413:
        response.force_close()
    return response


def _ids(request: web.Request) -> tuple[str, str]:
    """The correlation id and the traceparent: the caller's if they are well formed, else new ones."""
    given = request.headers.get("X-Correlation-Id", "")
    traceparent = request.headers.get("Traceparent", "")
    if not tracing.is_traceparent(traceparent):
        traceparent = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"
    if _CORRELATION_ID.fullmatch(given):
        return given, traceparent
    return traceparent.split("-")[1], traceparent


def _note(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else UNKNOWN_ROUTE
    method = request.method if resource is not None else UNKNOWN_ROUTE  # methods can be made up
    metrics.REQUESTS.labels(method, route, str(status)).observe(seconds)
    # The template, not the path: what people search for and how their tasks are called is theirs.
    caller = request.get(CALLER)
    # A flood must not become one of the log, too: who is turned away is counted, and that is enough.
    read = status < 400 and request.method in SAFE_METHODS
    note = log.debug if read or status in TURNED_AWAY else log.info
    note(
        "request",
        method=method,
        route=route,
        status=status,
        seconds=round(seconds, 4),
        user=caller.username if caller is not None else None,
    )


# ── a route ──────────────────────────────────────────────────────────────────────────────────────────
def guarded(route: Route) -> Handler:
    """The route's handler behind its guards."""

    async def handle(request: web.Request) -> web.StreamResponse:
        gateway = gateway_of(request)
        if route.access == "user":
            try:
                async with asyncio.timeout(ADMIT_WITHIN):
                    await _admit(request, gateway, route)
            except TimeoutError:
                raise refused_by(Unreachable("no answer to a review in time")) from None
            except Refused as refused:
                return _turned_away(request, gateway, route, refused)
        # What only looks on does so for hours and costs nothing meanwhile.
        looks_on = route.stream and route.method == "GET" and not route.works
        if route.access == "public" or looks_on:
            return await _in_time(request, gateway, route)
        with gateway.limits.one_of(request[CALLER].owner) as welcome:
            if not welcome:
                raise too_many("at_once", "Too many requests at once of one user.", 1)
            async with _room(request, gateway, route):
                return await _in_time(request, gateway, route)

    return handle


@asynccontextmanager
async def _room(request: web.Request, gateway: Gateway, route: Route) -> AsyncIterator[None]:
    """Waits for a place where the answer costs much. Where none comes free in time: 429 where only the caller
    is in their own way, so that nobody makes us look broken; else 503."""
    if route.holds is None:
        yield
        return
    room, owner = gateway.limits.rooms[route.holds], request[CALLER].owner
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(ROOM_WITHIN):
                with metrics.ROOM_WAITING.labels(route.holds).track_inprogress():
                    await stack.enter_async_context(room.of(owner))
        except TimeoutError:
            if room.is_full_of(owner):
                detail = f"Too many {route.holds} of one user are being made; nothing was done. Try again."
                raise too_many("room", detail, ROOM_AGAIN) from None
            detail = f"Too many {route.holds} are being made; nothing was done. Try again."
            raise Refused(503, "Busy", detail, retry_after=ROOM_AGAIN) from None
        yield


async def _in_time(request: web.Request, gateway: Gateway, route: Route) -> web.StreamResponse:
    if route.stream:
        return await route.handler(request)
    try:
        async with asyncio.timeout(gateway.settings.request_timeout) as limit:
            return await route.handler(request)
    except TimeoutError:
        if not limit.expired():
            raise
        raise Refused(
            504,
            "Timeout",
            f"This took longer than {gateway.settings.request_timeout:g} s and was given up. If it was "
            "to change something, look first whether it has.",
        ) from None


async def _admit(request: web.Request, gateway: Gateway, route: Route) -> None:
    token, by_cookie = _token_of(request, gateway, route)
    # An upgrade is a GET that opens a WebSocket, and nothing else asks where that comes from.
    if by_cookie and (request.method not in SAFE_METHODS or "Upgrade" in request.headers):
        refuse_cross_site(request, by_cookie=True)
        if request.can_read_body:
            require_json(request)
    caller = await identified(request, gateway, token, by_cookie=by_cookie)
    count(gateway, caller)
    request[CALLER] = caller


def count(gateway: Gateway, caller: Caller) -> None:
    """One more request of this user; refused if they are too many."""
    wait = gateway.limits.users.try_take(caller.owner)
    if wait is not None:
        rate = gateway.settings.requests_per_second
        raise too_many("user", f"More than {rate:g} requests a second of one user.", wait)


def too_many(what: str, detail: str, wait: float) -> Refused:
    metrics.LIMITED.labels(what).inc()
    return Refused(429, "TooManyRequests", detail, retry_after=wait)


async def identified(
    request: web.Request, gateway: Gateway, token: str, *, by_cookie: bool = False
) -> Caller:
    """Whose token it is. Unknown tokens are counted for the address: each costs the API server a question."""
    if gateway.identities.must_be_asked(token):
        address = gateway.limits.address(
            request.remote, ",".join(request.headers.getall("X-Forwarded-For", ()))
        )
        wait = gateway.limits.logins.try_take(address)
        if wait is not None:
            raise too_many(
                "login", "Too many different tokens from this address; try again in a moment.", wait
            )
    return await gateway.identities.of(token, by_cookie=by_cookie)


def _token_of(request: web.Request, gateway: Gateway, route: Route) -> tuple[str, bool]:
    """The token, and whether a cookie brought it. A header wins: who sends one means it."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer" and rest.strip():
            return rest.strip(), False
        if scheme.lower() == "basic" and route.basic:
            return _password(rest.strip()), False
        accepted = "Bearer, or Basic with the token as password" if route.basic else "Bearer"
        raise unauthorized(f"Authorization must be of the scheme {accepted}, got {scheme[:20]!r}.")
    cookie = gateway.sessions.sent(request)
    if cookie is None:
        raise unauthorized("Send a token of the cluster: Authorization: Bearer …")
    token = gateway.sessions.open(cookie)
    if token is None:
        raise unauthorized("The session has expired or is not one of ours; log in again.")
    return token, True


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise unauthorized("Authorization: Basic … must be base64 of user:token.") from None
    return pair.partition(":")[2]


def _turned_away(
    request: web.Request, gateway: Gateway, route: Route, refused: Refused
) -> web.StreamResponse:
    response = refused.response(request[CORRELATION])
    if refused.status == 401:
        if route.basic:
            response.headers.add("WWW-Authenticate", BASIC_CHALLENGE)
        if "Authorization" not in request.headers and gateway.sessions.sent(request) is not None:
            gateway.sessions.clear(request, response)
    return response


# ── for handlers ─────────────────────────────────────────────────────────────────────────────────────
async def authorize(
    request: web.Request,
    verb: str,
    resource: Resource,
    namespace: str | None = None,
    *,
    name: str = "",
    subresource: str = "",
) -> None:
    """Refuse with 403 what the caller may not do. For everything that is not served by the API server itself.

    `namespace=None` means all namespaces.
    """
    gateway, caller = request.app[GATEWAY], request[CALLER]
    allowed = await gateway.access.allowed(
        caller, verb, resource, namespace, name=name, subresource=subresource
    )
    if not allowed:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        raise Refused(
            403,
            "Forbidden",
            f"You may not {verb} {resource.plural} {where} (the API server says no to {caller.username}): "
            f"ask for a role with the verb {verb} on {resource.label}.",
        )
