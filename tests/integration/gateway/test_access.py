"""`authorize`: what is not served by the API server itself is asked of it first, as the caller."""

import base64
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from aiohttp import web

from chat_gateway.base.problems import json_response
from chat_gateway.http.context import CALLER
from chat_gateway.http.pipeline import authorize
from chat_gateway.http.routes import Route
from chat_gateway.server.catalogue import ROUTES
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.resources import TODOTASKS


async def _may(request: web.Request) -> web.Response:
    await authorize(request, request.query["verb"], TODOTASKS, request.query.get("namespace"))
    return json_response({"yes": True})


async def _create(request: web.Request) -> web.Response:
    """What RBAC decides by itself, through the caller's client."""
    task = {
        "metadata": {"name": "rent", "namespace": request.query["namespace"]},
        "spec": {"title": request.query["title"]},
    }
    return json_response(await request[CALLER].client.create(TODOTASKS, task))


async def _feed(request: web.Request) -> web.Response:
    return web.Response(text=request[CALLER].username)


PROBES = (
    Route(method="GET", path="/probe/feed", handler=_feed, summary="For calendar clients", basic=True),
    Route(method="GET", path="/probe/may", handler=_may, summary="May I?"),
    Route(method="POST", path="/probe/create", handler=_create, summary="Make a task"),
)


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(plane.kubeconfig, routes=(*ROUTES, *PROBES)) as running:
        yield running


async def test_a_user_who_may_only_look_is_told_which_verb_is_missing(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str
) -> None:
    viewer = person(kubectl, namespace, "viewer", role="view")
    async with gateway("GET", f"/probe/may?verb=list&namespace={namespace}", viewer) as answer:
        assert answer.status == 200
    async with gateway("GET", f"/probe/may?verb=patch&namespace={namespace}", viewer) as answer:
        assert answer.status == 403
        problem = await answer.json()
    assert problem["detail"] == (
        f"You may not patch todotasks in namespace {namespace} (the API server says no to "
        f"system:serviceaccount:{namespace}:viewer): ask for a role with the verb patch on "
        "todotasks.todotasks.dev."
    )
    async with gateway("POST", f"/probe/create?namespace={namespace}&title=rent", viewer) as answer:
        assert answer.status == 403
    assert kubectl("get", "todotasks", "-n", namespace, "-o", "name") == ""


async def test_a_user_of_another_namespace_gets_nothing_here(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str
) -> None:
    outsider = person(kubectl, "default", f"outsider-{namespace}"[:60].rstrip("-"), role="edit")
    try:
        for question in (f"verb=list&namespace={namespace}", "verb=list"):
            async with gateway("GET", f"/probe/may?{question}", outsider) as answer:
                assert answer.status == 403
        async with gateway("GET", "/probe/may?verb=list&namespace=default", outsider) as answer:
            assert answer.status == 200
    finally:
        kubectl("delete", "serviceaccount", f"outsider-{namespace}"[:60].rstrip("-"), "-n", "default")


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "=HYPERLINK(1)", "“quoted” & <b>bold</b>"])
async def test_a_title_with_markup_comes_back_as_json_and_nothing_else(
    gateway: RunningGateway, token: str, namespace: str, title: str
) -> None:
    path = f"/probe/create?namespace={namespace}&title={quote(title)}"
    async with gateway("POST", path, token, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (await answer.json())["spec"]["title"] == title


async def test_a_title_with_escape_codes_is_refused_and_the_refusal_carries_none(
    gateway: RunningGateway, token: str, namespace: str
) -> None:
    path = f"/probe/create?namespace={namespace}&title={quote('rent' + chr(27) + '[31m')}"
    async with gateway("POST", path, token) as answer:
        assert answer.status == 422
        problem = await answer.json()
    assert [each["path"] for each in problem["errors"]] == ["spec.title"]
    assert chr(27) not in str(problem)


async def test_a_calendar_client_sends_the_token_as_password_and_only_where_that_is_offered(
    gateway: RunningGateway, token: str
) -> None:
    basic = "Basic " + base64.b64encode(f"anything:{token}".encode()).decode()
    async with gateway("GET", "/probe/feed", headers={"Authorization": basic}) as answer:
        assert answer.status == 200
        assert (await answer.text()).endswith(":alice")
    async with gateway("HEAD", "/probe/feed", headers={"Authorization": basic}) as answer:
        assert answer.status == 200
        assert await answer.read() == b""
    async with gateway("GET", "/v1/session", headers={"Authorization": basic}) as answer:
        assert answer.status == 401
    async with gateway("GET", "/probe/feed") as answer:
        assert answer.status == 401
        challenges = answer.headers.getall("WWW-Authenticate")
    assert [each.split()[0] for each in challenges] == ["Bearer", "Basic"]


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic YQ==", "Digest x", "Bearer", "Bearer  "])
async def test_an_authorization_that_says_nothing_is_a_401_and_no_error_of_ours(
    gateway: RunningGateway, header: str
) -> None:
    async with gateway("GET", "/probe/feed", headers={"Authorization": header}) as answer:
        assert answer.status == 401
        assert answer.content_type == "application/problem+json"
