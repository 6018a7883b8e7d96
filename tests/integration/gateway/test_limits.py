"""A flood reaches neither the API server nor the other users."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from chat_gateway.http.routes import Route
from chat_gateway.server.catalogue import ROUTES
from tests.integration.kube.fronts import Front
from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeConfig


@pytest.fixture
async def front(plane: Plane) -> AsyncIterator[Front]:
    """Counts what reaches the API server."""
    async with Front(KubeConfig.load(plane.kubeconfig)) as server:
        yield server


def asked(front: Front, kind: str) -> int:
    return sum(request.path.endswith(kind) for request in front.seen)


async def statuses(gateway: RunningGateway, tokens: list[str]) -> Counter[int]:
    async def one(token: str) -> int:
        async with gateway("GET", "/v1/session", token) as answer:
            await answer.read()
            return answer.status

    return Counter(await asyncio.gather(*(one(token) for token in tokens)))


async def test_many_requests_with_one_token_ask_the_api_server_once(
    plane: Plane, front: Front, token: str
) -> None:
    async with running_gateway(plane.kubeconfig, server=front.url) as gateway:
        assert await statuses(gateway, [token] * 100) == {200: 100}
    assert asked(front, "selfsubjectreviews") == 1


async def test_a_refused_token_is_not_asked_about_again_at_once(plane: Plane, front: Front) -> None:
    async with running_gateway(plane.kubeconfig, server=front.url) as gateway:
        assert await statuses(gateway, ["wrong"] * 100) == {401: 100}
    assert asked(front, "selfsubjectreviews") == 1


async def test_a_flood_of_made_up_tokens_stops_at_the_gateway(plane: Plane, front: Front, token: str) -> None:
    # A burst of ten seconds' worth: 20 questions of this address, and no more for a long time.
    settings = replace(GENEROUS, logins_per_second=2.0)
    async with running_gateway(plane.kubeconfig, server=front.url, settings=settings) as gateway:
        async with gateway("GET", "/v1/session", token) as answer:
            assert answer.status == 200
        found = await statuses(gateway, [f"made-up-{number}" for number in range(300)])
        assert found[401] + found[429] == 300
        assert found[429] > 200
        # Who was known before goes on.
        assert await statuses(gateway, [token] * 20) == {200: 20}
    assert asked(front, "selfsubjectreviews") < 100


async def test_a_user_who_floods_is_told_when_to_come_back_and_the_others_are_served(
    plane: Plane, token: str, kubectl: Kubectl, namespace: str
) -> None:
    bob = person(kubectl, namespace, "bob")
    settings = replace(GENEROUS, requests_per_second=0.1, request_burst=5.0)
    async with running_gateway(plane.kubeconfig, settings=settings) as gateway:
        assert (await statuses(gateway, [token] * 40))[200] == 5
        async with gateway("GET", "/v1/session", token) as answer:
            assert answer.status == 429
            assert answer.headers["Retry-After"] == "10"
            assert (await answer.json())["reason"] == "TooManyRequests"
        assert await statuses(gateway, [bob]) == {200: 1}


async def test_a_user_with_many_requests_under_way_gets_no_more_and_the_others_do(
    plane: Plane, token: str, kubectl: Kubectl, namespace: str
) -> None:
    bob = person(kubectl, namespace, "bob")
    released = asyncio.Event()

    async def waits(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response(text="done")

    route = Route(method="GET", path="/waits", handler=waits, summary="Waits")
    settings = replace(GENEROUS, requests_at_once=3)
    async with running_gateway(plane.kubeconfig, settings=settings, routes=(*ROUTES, route)) as gateway:

        async def ask(whose: str) -> int:
            async with gateway("GET", "/waits", whose) as answer:
                return answer.status

        mine = [asyncio.create_task(ask(token)) for _ in range(5)]
        async with asyncio.timeout(60):
            while sum(task.done() for task in mine) < 2:
                await asyncio.sleep(0.02)
        his = asyncio.create_task(ask(bob))
        async with asyncio.timeout(60):
            while gateway.gateway.state.in_flight < 4:
                await asyncio.sleep(0.02)
        released.set()
        assert sorted(await asyncio.gather(*mine)) == [200, 200, 200, 429, 429]
        assert await his == 200
