"""/v1/chat and /v1/edits over HTTP: once for a key, as events, and refused where nothing can be answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.controlplane.kubectl import Kubectl


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stored(plane: Plane, postgres_url: str) -> AsyncIterator[RunningGateway]:
    """A gateway with PostgreSQL."""
    plane.heal()
    async with running_gateway(plane.kubeconfig, database_url=postgres_url) as running:
        yield running


async def post(
    gateway: RunningGateway, token: str, path: str, body: dict[str, Any], status: int = 200
) -> dict[str, Any]:
    async with gateway("POST", path, token, json=body) as answer:
        assert answer.status == status, await answer.text()
        said: dict[str, Any] = await answer.json(content_type=None)
        return said


def specs(kubectl: Kubectl, namespace: str) -> dict[str, dict[str, Any]]:
    listed = json.loads(kubectl("get", "todotasks", "-n", namespace, "-o", "json"))
    return {item["metadata"]["name"]: item["spec"] for item in listed["items"]}


# ── what a message is ────────────────────────────────────────────────────────────────────────────────
async def test_a_message_answers_with_reading_edit_and_command(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk #home", "namespace": namespace, "timeZone": "Europe/Berlin"}
    answer = await post(stored, token, "/v1/chat", body)
    assert answer["reply"] == "Created “buy milk”: tags #home."
    assert answer["reading"] == "Create “buy milk”: tags home."
    assert answer["readings"][0]["action"] == "create"
    (edit,) = answer["edits"]
    assert (edit["result"], edit["verb"], edit["name"]) == ("done", "create", "buy-milk")
    assert edit["kubectl"].startswith("kubectl create -f - <<'EOF'\n")
    assert "before" not in edit and "after" not in edit
    assert answer["undo"] is True and answer["conversation"]
    assert specs(kubectl, namespace)["buy-milk"]["tags"] == ["home"]


async def test_the_conversation_goes_on_at_another_replica(
    stored: RunningGateway, plane: Plane, postgres_url: str, token: str, namespace: str, kubectl: Kubectl
) -> None:
    first = await post(stored, token, "/v1/chat", {"text": "buy milk", "namespace": namespace})
    async with running_gateway(plane.kubeconfig, database_url=postgres_url) as other:
        body = {"text": "complete it", "namespace": namespace, "conversation": first["conversation"]}
        await post(other, token, "/v1/chat", body)
        assert specs(kubectl, namespace)["buy-milk"]["completed"]
        await post(other, token, "/v1/chat", {**body, "text": "undo"})
    assert not specs(kubectl, namespace)["buy-milk"]["completed"]


async def test_typed_edits_are_done_the_same_way(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    commands: list[dict[str, Any]] = [
        {"action": "create", "task": {"title": "Pay rent", "due": "2026-03-01", "priority": "High"}},
        {"action": "complete", "target": {"reference": "it"}},
    ]
    answer = await post(stored, token, "/v1/edits", {"commands": commands, "namespace": namespace})
    assert [each["result"] for each in answer["edits"]] == ["done", "done"]
    assert specs(kubectl, namespace)["pay-rent"] == {
        "title": "Pay rent",
        "due": "2026-03-01",
        "priority": "High",
        "completed": True,
    }


async def test_without_postgresql_a_chat_works_in_its_process(
    gateway: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    first = await post(gateway, token, "/v1/chat", {"text": "buy milk", "namespace": namespace})
    body = {"text": "undo", "namespace": namespace, "conversation": first["conversation"]}
    await post(gateway, token, "/v1/chat", body)
    assert specs(kubectl, namespace) == {}


async def test_while_postgresql_is_away_tasks_are_written_and_it_is_said_what_is_not(
    plane: Plane, fresh_postgres: Any, token: str, namespace: str, kubectl: Kubectl
) -> None:
    server: Postgres = fresh_postgres()
    async with running_gateway(plane.kubeconfig, database_url=server.url("postgres")) as gateway:
        server.kill()
        body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "k"}
        answer = await post(gateway, token, "/v1/chat", body)
        assert [each["result"] for each in answer["edits"]] == ["done"]
        assert any("could not be kept" in remark for remark in answer["remarks"])
        assert not answer.get("undo", False)
        await post(gateway, token, "/v1/chat", body)
    assert list(specs(kubectl, namespace)) == ["buy-milk"], "the task itself knows its key"


# ── once for a key ───────────────────────────────────────────────────────────────────────────────────
async def test_the_same_message_with_the_same_key_is_answered_again_and_done_once(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "key-1"}
    first = await post(stored, token, "/v1/chat", body)
    assert await post(stored, token, "/v1/chat", body) == first
    assert list(specs(kubectl, namespace)) == ["buy-milk"]


async def test_the_same_key_for_another_message_is_a_conflict(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "key-2"}
    await post(stored, token, "/v1/chat", body)
    problem = await post(stored, token, "/v1/chat", {**body, "text": "buy bread"}, 409)
    assert problem["reason"] == "Conflict" and problem["errors"][0]["path"] == "idempotencyKey"
    assert list(specs(kubectl, namespace)) == ["buy-milk"]


async def test_ten_at_once_with_one_key_make_one_task(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "key-3"}
    answers = await asyncio.gather(*(post(stored, token, "/v1/chat", body) for _ in range(10)))
    assert list(specs(kubectl, namespace)) == ["buy-milk"]
    assert len({answer["conversation"] for answer in answers}) == 1


async def test_a_key_belongs_to_one_person(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "key-4"}
    await post(stored, token, "/v1/chat", body)
    other = person(kubectl, namespace, "oscar")
    await post(stored, other, "/v1/chat", {**body, "text": "buy bread"})
    assert set(specs(kubectl, namespace)) == {"buy-milk", "buy-bread"}


async def test_what_was_refused_can_be_tried_again_with_its_key(
    stored: RunningGateway, namespace: str, kubectl: Kubectl
) -> None:
    viewer = person(kubectl, namespace, "vera", "view")
    body = {"text": "buy milk", "namespace": namespace, "idempotencyKey": "key-5"}
    assert (await post(stored, viewer, "/v1/chat", body))["problem"]["reason"] == "Forbidden"
    kubectl(
        *("create", "rolebinding", "now", "-n", namespace, "--clusterrole=edit"),
        f"--serviceaccount={namespace}:vera",
    )
    async with asyncio.timeout(30):
        while (await post(stored, viewer, "/v1/chat", body)).get("problem"):
            await asyncio.sleep(0.2)
    assert list(specs(kubectl, namespace)) == ["buy-milk"]


# ── as events ────────────────────────────────────────────────────────────────────────────────────────
async def events(gateway: RunningGateway, token: str, body: dict[str, Any]) -> list[tuple[str, Any]]:
    headers = {"Accept": "text/event-stream"}
    async with gateway("POST", "/v1/chat", token, json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        text = await answer.text()
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_events_say_the_reading_then_how_far_it_is_then_the_answer(
    stored: RunningGateway, token: str, namespace: str
) -> None:
    body = {"text": "buy milk; buy bread", "namespace": namespace}
    found = await events(stored, token, body)
    assert [event for event, _ in found] == ["reading", "progress", "progress", "answer"]
    assert found[0][1]["reading"] == "Create “buy milk”. Create “buy bread”."
    assert found[1][1] == {"done": 1, "total": 1}
    assert len(found[-1][1]["edits"]) == 2


async def test_a_problem_is_an_event_too(stored: RunningGateway, token: str, namespace: str) -> None:
    body = {"text": "buy milk", "namespace": namespace, "timeZone": "Mars"}
    ((event, problem),) = await events(stored, token, body)
    assert event == "problem"
    assert problem["status"] == 422 and problem["errors"][0]["path"] == "timeZone"


async def test_who_goes_away_in_the_middle_has_their_edits_done(
    stored: RunningGateway, token: str, namespace: str, kubectl: Kubectl
) -> None:
    body = {"text": "buy milk; buy bread; buy salt", "namespace": namespace}
    headers = {"Accept": "text/event-stream"}
    async with stored("POST", "/v1/chat", token, json=body, headers=headers) as answer:
        await answer.content.readuntil(b"\n\n")
        answer.close()
    async with asyncio.timeout(30):
        while len(specs(kubectl, namespace)) < 3:
            await asyncio.sleep(0.2)


# ── who may not ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", ["/v1/chat", "/v1/edits"])
async def test_without_a_good_token_nothing_is_read(
    stored: RunningGateway, namespace: str, path: str
) -> None:
    for token in ("nonsense", "a.b.c"):
        problem = await post(stored, token, path, {"text": "buy milk", "namespace": namespace}, 401)
        assert problem["reason"] == "Unauthorized"
    async with stored("POST", path, json={}) as answer:
        assert answer.status == 401 and "WWW-Authenticate" in answer.headers


async def test_a_token_that_ends_in_the_middle_of_a_conversation_ends_it(
    stored: RunningGateway, namespace: str, kubectl: Kubectl
) -> None:
    token = person(kubectl, namespace, "erin")
    body = {"text": "buy milk", "namespace": namespace, "conversation": "c"}
    await post(stored, token, "/v1/chat", body)
    kubectl("delete", "serviceaccount", "erin", "-n", namespace)
    async with asyncio.timeout(60):  # the API server itself believes a token for some seconds more
        while True:
            async with stored("POST", "/v1/chat", token, json={**body, "text": "list my tasks"}) as answer:
                if answer.status != 200:
                    break
            await asyncio.sleep(0.5)
    assert answer.status == 401 and "WWW-Authenticate" in answer.headers


async def test_a_stranger_to_the_namespace_is_told_so_in_plain_words(
    stored: RunningGateway, namespace: str, kubectl: Kubectl
) -> None:
    stranger = person(kubectl, namespace, "mallory", None)
    body = {"text": "list my tasks", "namespace": namespace}
    answer = await post(stored, stranger, "/v1/chat", body)
    assert answer["problem"]["reason"] == "Forbidden"
    assert answer["reply"].startswith(f"You may not list todotasks in namespace {namespace}")


# ── what does not fit ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/v1/chat", {}, "text"),
        ("/v1/chat", {"text": ""}, "text"),
        ("/v1/chat", {"text": "buy milk", "tezt": "x"}, "tezt"),
        ("/v1/chat", {"text": "buy milk", "namespace": "../x"}, "namespace"),
        ("/v1/chat", {"text": "buy milk", "dryRun": "yes"}, "dryRun"),
        ("/v1/edits", {"commands": []}, "commands"),
        ("/v1/edits", {"commands": [{"action": "explode"}]}, "commands[0]"),
        ("/v1/edits", {"commands": [{"action": "create", "task": {}}]}, "commands[0].task"),
        ("/v1/edits", {"commands": [{"action": "create", "task": {"title": "x", "dew": 1}}]}, "dew"),
    ],
)
async def test_a_body_that_does_not_fit_is_told_where(
    stored: RunningGateway, token: str, path: str, body: dict[str, Any], where: str
) -> None:
    problem = await post(stored, token, path, body, 422)
    assert where in f"{problem['errors']} {problem['detail']}"
