"""`/healthz` and `/readyz` on the main port, as on the health port.

`/metrics` is on the health port only: the main one is for anybody, and figures are for who runs this.

Ready is a gateway to which the API server answers. PostgreSQL does not count: without it only the search
is away, and taking every replica out of service would take the chat with it.
"""

import asyncio

import structlog
from aiohttp import web

from chat_gateway.http.context import GATEWAY, Gateway, State
from chat_gateway.http.routes import Route
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.telemetry.health import probe_handler

ASK_EVERY = 5.0  # seconds
TEXT = ("text/plain",)

log = structlog.get_logger(__name__)


def live(gateway: Gateway) -> str | None:
    """That the loop turns is what the answer itself says."""
    del gateway
    return None


def ready(gateway: Gateway) -> str | None:
    if gateway.stopping.is_set():
        return "it is shutting down"
    return gateway.state.waits_for


async def keep_asking(kube: KubeClient, state: State) -> None:
    """Whether the API server answers; with our own account, whose only use this is."""
    patient = kube.retrying(0)
    while True:
        try:
            await patient.get_path("/version")
        except KubeError as error:
            if state.waits_for is None:
                log.warning("api_server_away", error=str(error))
            # The error names addresses of the inside, and anybody may read this.
            state.waits_for = "the Kubernetes API does not answer"
        else:
            state.waits_for = None
        await asyncio.sleep(ASK_EVERY if state.waits_for is None else ASK_EVERY / 5)


async def _healthz(request: web.Request) -> web.StreamResponse:
    return await probe_handler(lambda: live(request.app[GATEWAY]))(request)


async def _readyz(request: web.Request) -> web.StreamResponse:
    return await probe_handler(lambda: ready(request.app[GATEWAY]))(request)


ROUTES = (
    Route(
        method="GET", path="/healthz", handler=_healthz, access="public", tag="probes",
        summary="Whether the process lives", media_types=TEXT,
    ),
    Route(
        method="GET", path="/readyz", handler=_readyz, access="public", tag="probes",
        summary="Whether it can serve: the API server answers", media_types=TEXT, problems=(503,),
    ),
)  # fmt: skip
