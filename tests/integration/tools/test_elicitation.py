"""Questions to the person, past the model: a client that shows forms is asked, and `confirm` is not taken."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.integration.tools.test_mcp import PATIENCE, call, gateway, over_stdio, text_of, token
from tests.support.gateway import RunningGateway

Specs = Callable[..., dict[str, Any]]
Make = Callable[..., None]
Open = Callable[..., Any]
__all__ = ["gateway", "over_stdio", "token"]  # fixtures

EVERYTHING = {"filter": {"everything": True}}


class Person:
    """Sees the forms and answers them as told."""

    def __init__(self) -> None:
        self.asked: list[types.ElicitRequestFormParams] = []
        self.says: dict[str, Any] | None = {"answer": "yes"}

    async def __call__(self, context: object, params: types.ElicitRequestParams) -> types.ElicitResult:
        assert isinstance(params, types.ElicitRequestFormParams)
        self.asked.append(params)
        if self.says is None:
            return types.ElicitResult(action="decline")
        return types.ElicitResult(action="accept", content=self.says)


@pytest.fixture
def person_at_client() -> Person:
    return Person()


@pytest.fixture
def client(
    request: pytest.FixtureRequest,  # its parameter: the transport and the year of the protocol
    gateway: RunningGateway,
    token: str,
    over_stdio: StdioServerParameters,
    person_at_client: Person,
) -> Open:
    transport, _, year = getattr(request, "param", "http 2026").partition(" ")

    @asynccontextmanager
    async def open_client() -> AsyncIterator[Client]:
        options: dict[str, Any] = {
            "mode": "legacy" if year == "2025" else "2026-07-28",
            "read_timeout_seconds": PATIENCE,
            "elicitation_callback": person_at_client,
        }
        if transport == "stdio":
            async with Client(over_stdio, **options) as opened:
                yield opened
            return
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE, trust_env=False) as http:
            streams = streamable_http_client(f"{gateway.url}/mcp", http_client=http)
            async with Client(streams, **options) as opened:
                yield opened

    return open_client


@pytest.mark.parametrize("client", ["http 2026", "stdio 2025"], indirect=True)
async def test_the_person_is_shown_what_would_be_deleted_and_their_yes_does_it(
    client: Open, person_at_client: Person, namespace: str, make_tasks: Make, specs: Specs
) -> None:
    make_tasks("Pay rent", "Buy milk")
    async with client() as opened:
        done = await call(opened, "delete", target=EVERYTHING, namespace=namespace)
    assert not done.is_error, text_of(done)
    assert len(person_at_client.asked) == 1
    assert "“Pay rent”" in person_at_client.asked[0].message
    assert "confirm" not in person_at_client.asked[0].message
    assert specs() == {}


@pytest.mark.parametrize("says", [None, {"answer": "no"}, {}, {"answer": "yes, delete"}, {"answer": 1}])
async def test_whatever_is_no_clear_yes_is_a_no(
    client: Open,
    person_at_client: Person,
    namespace: str,
    make_tasks: Make,
    specs: Specs,
    says: dict[str, Any] | None,
) -> None:
    make_tasks("Pay rent", "Buy milk")
    person_at_client.says = says
    async with client() as opened:
        await call(opened, "complete", target={"filter": {}}, namespace=namespace)
    assert person_at_client.asked
    assert not any(spec["completed"] for spec in specs().values())


async def test_a_choice_is_made_by_the_person(
    client: Open, person_at_client: Person, namespace: str, make_tasks: Make, specs: Specs
) -> None:
    make_tasks("Report for Bob", "Report for Carol")
    person_at_client.says = {"answer": "2"}
    async with client() as opened:
        done = await call(opened, "complete", target={"title": "report"}, namespace=namespace)
    assert not done.is_error, text_of(done)
    choices = person_at_client.asked[0].requested_schema["properties"]["answer"]["enum"]
    assert choices == ["1", "2", "none"]
    assert sum(spec["completed"] for spec in specs().values()) == 1


async def test_the_model_cannot_answer_in_the_persons_place(
    client: Open, person_at_client: Person, namespace: str, make_tasks: Make, specs: Specs
) -> None:
    make_tasks("Pay rent", "Buy milk")
    person_at_client.says = None
    async with client() as opened:
        await call(opened, "delete", target=EVERYTHING, namespace=namespace)
        refused = await call(opened, "confirm", question="0123456789abcdef", namespace=namespace)
    assert refused.is_error
    assert "shows questions to the person itself" in text_of(refused)
    assert len(specs()) == 2
