"""MCP with the SDK's own client: over HTTP through the gateway, and over stdio from `todotasks mcp`."""

import json
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.support.gateway import GENEROUS, RunningGateway, running_gateway
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.tools.table import TOOLS

Specs = Callable[..., dict[str, Any]]
Make = Callable[..., None]
PATIENCE = 60.0  # seconds for one answer, on a busy machine
MODES = ("legacy", "2026-07-28")  # the handshake of 2025 and the stateless protocol


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(plane.kubeconfig, settings=replace(GENEROUS, mcp=True)) as running:
        yield running


@pytest.fixture
def token(kubectl: Kubectl, namespace: str) -> str:
    return token_of(kubectl, person(kubectl, "alice", namespace, "todotasks-edit"))


@asynccontextmanager
async def over_http(gateway: RunningGateway, token: str, mode: Any = "auto") -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE, trust_env=False
    ) as http:
        transport = streamable_http_client(f"{gateway.url}/mcp", http_client=http)
        async with Client(transport, mode=mode, read_timeout_seconds=PATIENCE) as client:
            yield client


@pytest.fixture
def over_stdio(
    plane: Plane, kubectl: Kubectl, namespace: str, token: str, tmp_path: Path
) -> StdioServerParameters:
    config = json.loads(kubectl("config", "view", "--raw", "--minify", "-o", "json"))
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    path = tmp_path / "kubeconfig"
    path.write_text(json.dumps(config))
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "todo_cli", "mcp", "-n", namespace, "--time-zone", "Europe/Berlin"],
        env={"KUBECONFIG": str(path), "XDG_STATE_HOME": str(tmp_path / "state")},
    )


def text_of(result: types.CallToolResult) -> str:
    block = result.content[0]
    assert isinstance(block, types.TextContent)
    return block.text


async def call(client: Client, name: str, **arguments: Any) -> types.CallToolResult:
    result = await client.call_tool(name, arguments)
    assert isinstance(result, types.CallToolResult)
    return result


# --- both transports -------------------------------------------------------------------------------------
async def converse(client: Client, namespace: str, specs: Specs, kubectl: Kubectl) -> None:
    """A task's life: made, found, changed, completed, deleted after a question, brought back."""
    made = await call(client, "create", title="Pay rent", due="2026-03-06", namespace=namespace)
    assert not made.is_error, text_of(made)
    assert specs()["Pay rent"]["due"] == "2026-03-06"
    found = await call(client, "search", filter={"text": "rent"}, namespace=namespace)
    name = found.structured_content["listing"]["rows"][0]["name"]
    changes = {"priority": "High", "addTags": ["home"]}
    edited = await call(client, "edit", target={"names": [name]}, changes=changes, namespace=namespace)
    assert not edited.is_error, text_of(edited)
    assert specs()["Pay rent"]["tags"] == ["home"]
    await call(client, "complete", target={"title": "rent"}, namespace=namespace)
    assert specs()["Pay rent"]["completed"] is True
    await call(client, "create", title="Buy milk", namespace=namespace)
    everything = {"filter": {"everything": True}}
    asked = await call(client, "delete", target=everything, namespace=namespace)
    assert len(specs()) == 2
    question = asked.structured_content["question"]["id"]
    done = await call(client, "confirm", question=question, namespace=namespace)
    assert not done.is_error, text_of(done)
    assert specs() == {}
    await call(client, "undo", namespace=namespace)
    assert set(specs()) == {"Pay rent", "Buy milk"}


@pytest.mark.parametrize("mode", MODES)
async def test_a_tasks_life_over_http(
    gateway: RunningGateway, token: str, namespace: str, specs: Specs, kubectl: Kubectl, mode: str
) -> None:
    async with over_http(gateway, token, mode) as client:
        await converse(client, namespace, specs, kubectl)


async def test_a_tasks_life_over_stdio_and_undo_outlives_the_process(
    over_stdio: StdioServerParameters, namespace: str, specs: Specs, kubectl: Kubectl
) -> None:
    async with Client(over_stdio, read_timeout_seconds=PATIENCE) as client:
        await call(client, "create", title="Pay rent")
    assert set(specs()) == {"Pay rent"}
    async with Client(over_stdio, read_timeout_seconds=PATIENCE) as client:
        result = await call(client, "undo")
        assert not result.is_error, text_of(result)
        assert specs() == {}
        await converse(client, namespace, specs, kubectl)


async def test_the_tools_say_what_they_are_before_anyone_calls_them(
    gateway: RunningGateway, token: str
) -> None:
    async with over_http(gateway, token) as client:
        listed = (await client.list_tools()).tools
        assert client.server_info is not None
        assert client.server_info.name == "todotasks"
        assert "never follow" in (client.instructions or "")
    assert [tool.name for tool in listed] == [tool.name for tool in TOOLS]
    hints = {tool.name: tool.annotations for tool in listed}
    assert hints["search"].read_only_hint is True
    assert hints["delete"].destructive_hint is True
    assert hints["create"].destructive_hint is False
    assert hints["complete"].idempotent_hint is True


async def test_a_wrong_call_is_a_result_that_can_be_mended(gateway: RunningGateway, token: str) -> None:
    async with over_http(gateway, token) as client:
        wrong = await call(client, "create", title="x", prio="p1")
        unknown = await call(client, "drop_database")
    assert wrong.is_error
    assert text_of(wrong).startswith("prio: there is no such field")
    assert unknown.is_error
    assert "is no tool; there are search" in text_of(unknown)


# --- who may ---------------------------------------------------------------------------------------------
async def test_over_http_a_caller_has_their_own_rights_and_conversation(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, token: str, make_tasks: Make, specs: Specs
) -> None:
    make_tasks("Pay rent", "Buy milk")
    viewer = token_of(kubectl, person(kubectl, "victor", namespace, "todotasks-view"))
    everything = {"filter": {"everything": True}}
    async with over_http(gateway, token) as alice, over_http(gateway, viewer) as victor:
        asked = await call(alice, "delete", target=everything, namespace=namespace)
        question = asked.structured_content["question"]["id"]
        stolen = await call(victor, "confirm", question=question, namespace=namespace)
        refused = await call(victor, "complete", target={"title": "rent"}, namespace=namespace)
    assert stolen.is_error
    assert refused.is_error
    assert refused.structured_content["problem"]["reason"] == "Forbidden"
    assert set(specs()) == {"Pay rent", "Buy milk"}


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Content-Type": "text/plain"}, 400),
    ],
    ids=["a program", "a foreign page", "a sandboxed page", "a bad token", "a form"],
)
async def test_foreign_pages_and_strangers_are_turned_away(
    gateway: RunningGateway, token: str, headers: dict[str, str], status: int
) -> None:
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **ACCEPT, **headers}
    async with gateway("POST", "/mcp", headers=sent, data=json.dumps(PING)) as answer:
        assert answer.status == status, await answer.text()


async def test_a_session_cookie_does_not_count(gateway: RunningGateway, token: str) -> None:
    async with gateway("POST", "/v1/session", json={"token": token}) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", **ACCEPT}
    async with gateway("POST", "/mcp", json=PING, headers=headers) as answer:
        assert answer.status == 401
        assert "does not count here" in (await answer.json())["detail"]


async def test_a_large_body_is_refused_before_it_is_read(gateway: RunningGateway, token: str) -> None:
    async with gateway("POST", "/mcp", token, data=b" " * 100_000, headers=ACCEPT) as answer:
        assert answer.status == 413


async def test_there_are_no_sessions_and_no_streams(gateway: RunningGateway, token: str) -> None:
    for method in ("GET", "DELETE"):
        async with gateway(method, "/mcp", token, headers=ACCEPT) as answer:
            assert answer.status == 405


# --- what it costs ---------------------------------------------------------------------------------------
async def test_switched_off_it_is_not_there_and_costs_nothing(plane: Plane, token: str) -> None:
    async with (
        running_gateway(plane.kubeconfig) as off,
        off("POST", "/mcp", token, json=PING) as answer,
    ):
        assert answer.status == 404
        assert "TODO_MCP" in (await answer.json())["detail"]


async def test_the_sdk_leaves_our_logging_alone(gateway: RunningGateway) -> None:
    names = {type(handler).__module__ for handler in logging.getLogger().handlers}
    assert not any("rich" in name for name in names)
