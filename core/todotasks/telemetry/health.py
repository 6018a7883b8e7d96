"""The probes and the metrics, served from the process's own event loop.

That is meant: if the loop stands still, `/healthz` does not answer, and the kubelet restarts us. Only
rendering the metrics, milliseconds for a thousand series, happens in a thread.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import choose_encoder

Check = Callable[[], str | None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class HealthServer:
    """A running server; `port` is the real one where any free one was asked for."""

    port: int
    _runner: web.AppRunner

    async def close(self) -> None:
        await self._runner.cleanup()


async def start_health_server(
    port: int,
    *,
    live: Check,
    ready: Check,
    host: str = "",
    registry: CollectorRegistry = REGISTRY,
) -> HealthServer:
    """Serve `/healthz`, `/readyz` and `/metrics`. A check returns None, or why the answer is no."""
    app = web.Application()
    app.router.add_get("/healthz", probe_handler(live))
    app.router.add_get("/readyz", probe_handler(ready))
    app.router.add_get("/metrics", metrics_handler(registry))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    listening = listen(host, port)
    await web.SockSite(runner, listening).start()
    return HealthServer(listening.getsockname()[1], runner)


def listen(host: str, port: int) -> socket.socket:
    """One socket for IPv4 and IPv6, so that port 0 is the same port on both."""
    if not host and socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def probe_handler(check: Check) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        try:
            reason = check()
        except Exception as error:
            reason = f"the check itself failed: {type(error).__name__}: {error}"
        return web.Response(status=200 if reason is None else 503, text=f"{reason or 'ok'}\n")

    return answer


def metrics_handler(registry: CollectorRegistry = REGISTRY) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        # Exemplars exist in OpenMetrics only, so who asks for that gets it.
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = await asyncio.to_thread(encode, registry)
        return web.Response(body=body, headers={"Content-Type": content_type})

    return answer
