"""What the gateway says while something behind it is away, and when one of its own handlers fails."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from chat_gateway.base.problems import json_response
from chat_gateway.http import probes
from chat_gateway.http.context import gateway_of
from chat_gateway.http.routes import Route
from chat_gateway.server.catalogue import ROUTES
from tests.integration.kube.fronts import Front, Say, Wire
from tests.support.gateway import GENEROUS, running_gateway
from tests.support.plane import Plane
from todo_cli.local.backing.postgres import Postgres
from todotasks.kube import KubeClient, KubeConfig


async def test_an_api_server_that_is_away_is_a_503_that_names_no_address(plane: Plane, token: str) -> None:
    async with running_gateway(plane.kubeconfig, server="https://127.0.0.1:1") as gateway:
        async with gateway("GET", "/v1/session", token) as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) >= 1
            text = await answer.text()
        assert "127.0.0.1" not in text


async def test_an_api_server_that_hangs_keeps_nobody_for_long(
    plane: Plane, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_gateway.http.pipeline.ADMIT_WITHIN", 1.0)
    config = KubeConfig.load(plane.kubeconfig)
    host, port = config.server.removeprefix("https://").split(":")
    async with (
        Wire(host, int(port)) as wire,
        running_gateway(plane.kubeconfig, server=f"https://127.0.0.1:{wire.port}") as gateway,
    ):
        wire.stall()
        async with gateway("GET", "/v1/session", token) as answer:
            assert answer.status == 503
        wire.go_on()
        wire.cut()
        async with asyncio.timeout(60):
            status = 503
            while status == 503:
                async with gateway("GET", "/v1/session", token) as answer:
                    status = answer.status
        assert status == 200


async def test_a_busy_api_server_is_passed_on_as_such(plane: Plane, token: str) -> None:
    async with Front(KubeConfig.load(plane.kubeconfig)) as front:
        front.applies = lambda request: request.path.endswith("selfsubjectreviews")
        front.say(*[Say(429, headers={"Retry-After": "7"})] * 20)
        async with (
            running_gateway(plane.kubeconfig, server=front.url) as gateway,
            gateway("GET", "/v1/session", token) as answer,
        ):
            assert answer.status == 429
            assert answer.headers["Retry-After"] == "7"


async def test_readiness_follows_the_api_server(plane: Plane) -> None:
    config = KubeConfig.load(plane.kubeconfig)
    host, port = config.server.removeprefix("https://").split(":")
    async with (
        Wire(host, int(port)) as wire,
        KubeClient(replace(config, server=f"https://127.0.0.1:{wire.port}")) as own,
        running_gateway(plane.kubeconfig) as gateway,
    ):

        async def ready(expected: int) -> None:
            async with asyncio.timeout(60):
                while True:
                    async with gateway("GET", "/readyz") as answer:
                        if answer.status == expected:
                            return
                    await asyncio.sleep(0.05)

        asking = asyncio.create_task(probes.keep_asking(own, gateway.gateway.state))
        try:
            await ready(200)
            await wire.__aexit__()
            await ready(503)
            async with gateway("GET", "/healthz") as answer:
                assert answer.status == 200
        finally:
            asking.cancel()


async def _fails(request: web.Request) -> web.Response:
    raise RuntimeError("the secret ingredient is postgresql://user:password@host")


async def _sleeps(request: web.Request) -> web.Response:
    await asyncio.sleep(3600)
    return web.Response()


async def _reads(request: web.Request) -> web.Response:
    store = gateway_of(request).store
    assert store is not None
    return json_response({"depth": (await store.outbox_stats()).depth})


async def test_an_error_of_ours_says_nothing_of_the_inside(
    plane: Plane, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    route = Route(method="GET", path="/fails", handler=_fails, summary="Fails")
    async with running_gateway(plane.kubeconfig, routes=(*ROUTES, route)) as gateway:
        async with gateway("GET", "/fails", token, headers={"Accept": "text/html"}) as answer:
            assert answer.status == 500
            assert answer.content_type == "application/problem+json"
            text = await answer.text()
        assert "ingredient" not in text
        assert answer.headers["X-Correlation-Id"] in text


async def test_a_request_that_takes_too_long_is_given_up(plane: Plane, token: str) -> None:
    route = Route(method="GET", path="/sleeps", handler=_sleeps, summary="Sleeps")
    settings = replace(GENEROUS, request_timeout=1.0)
    async with (
        running_gateway(plane.kubeconfig, routes=(*ROUTES, route), settings=settings) as gateway,
        gateway("GET", "/sleeps", token) as answer,
    ):
        assert answer.status == 504
        assert (await answer.json())["reason"] == "Timeout"


@pytest.mark.chaos
async def test_without_postgresql_only_what_needs_it_is_away(
    plane: Plane, token: str, fresh_postgres: Callable[[], Postgres]
) -> None:
    server = fresh_postgres()
    route = Route(method="GET", path="/reads", handler=_reads, summary="Reads")
    async with running_gateway(
        plane.kubeconfig, routes=(*ROUTES, route), database_url=server.url("postgres")
    ) as gateway:
        async with gateway("GET", "/reads", token) as answer:
            assert answer.status == 200, await answer.text()
        server.kill()
        async with gateway("GET", "/reads", token) as answer:
            assert answer.status == 503
            assert "Retry-After" in answer.headers
        async with gateway("GET", "/v1/session", token) as answer:
            assert answer.status == 200


async def _streams(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"hello ")
    await gateway_of(request).stopping.wait()
    await response.write(b"goodbye")
    return response


async def test_a_stream_hears_that_the_gateway_ends_and_says_goodbye(plane: Plane, token: str) -> None:
    route = Route(method="GET", path="/streams", handler=_streams, summary="Streams", stream=True)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session:
        async with running_gateway(plane.kubeconfig, routes=(*ROUTES, route)) as gateway:
            answer = await session.get(f"{gateway.url}/streams", headers=headers)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert await answer.content.readexactly(6) == b"hello "
        assert await answer.read() == b"goodbye"
