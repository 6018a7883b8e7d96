"""The gateway under test: its real application on a real port, and people who may do this or that."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from chat_gateway.base.settings import GatewaySettings
from chat_gateway.http.context import Gateway
from chat_gateway.http.routes import Route
from chat_gateway.server.app import build_app
from chat_gateway.server.catalogue import ROUTES
from chat_gateway.server.listener import serving
from chat_gateway.server.process import open_gateway
from tests.support.api import api_of
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.connection.config import KubeConfig
from todotasks.settings import Secret

GENEROUS = GatewaySettings(
    requests_per_second=1e6, request_burst=1e6, requests_at_once=10**6, logins_per_second=1e6
)


@dataclass(frozen=True)
class RunningGateway:
    url: str
    gateway: Gateway
    session: aiohttp.ClientSession  # of somebody who keeps no cookies

    def __call__(
        self, method: str, path: str, token: str | None = None, **options: Any
    ) -> "aiohttp.client._RequestContextManager":
        """`async with gateway("GET", "/v1/tasks", token) as answer: …`."""
        headers = {**options.pop("headers", {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.session.request(method, URL(self.url + path, encoded=True), headers=headers, **options)


@asynccontextmanager
async def running_gateway(
    kubeconfig: Path,
    *,
    database_url: str | None = None,
    settings: GatewaySettings = GENEROUS,
    routes: tuple[Route, ...] = ROUTES,
    server: str | None = None,
    token: str | None = None,
) -> AsyncIterator[RunningGateway]:
    """A gateway on a port of its own. `server` puts something between it and the API server; `token` is of
    the account that it runs as, in the place of the administrator."""
    config = KubeConfig.load(kubeconfig)
    if token is not None:
        config = config.with_token(token)
    if server is not None:
        config = replace(config, server=server)
    if database_url is not None:
        settings = replace(settings, database_url=Secret(database_url))
    async with AsyncExitStack() as stack:
        gateway = await open_gateway(settings, config, stack)
        if gateway.store is not None:
            await gateway.store.migrate()
        app = build_app(gateway, routes)
        listening = await stack.enter_async_context(serving(app, "127.0.0.1", 0, grace=5.0))
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=60)
            )
        )
        yield RunningGateway(f"http://127.0.0.1:{listening.port}", gateway, session)


def person(kubectl: Kubectl, namespace: str, name: str, role: str | None = "edit") -> str:
    """A token of somebody new (a ServiceAccount) who has a ClusterRole in one namespace."""
    api = api_of(kubectl.kubeconfig)
    api.create_account(namespace, name)
    if role is not None:
        api.bind(namespace, f"{name}-{role}", role, f"{namespace}:{name}")
    return api.token(namespace, name, 3600)
