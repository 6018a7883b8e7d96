"""Who is asking, and what they may do: as the API server says, with their own token."""

from tests.support.gateway import RunningGateway, person
from todo_cli.local.controlplane.kubectl import Kubectl


async def test_a_token_is_whoever_the_api_server_says(
    gateway: RunningGateway, token: str, namespace: str
) -> None:
    async with gateway("GET", "/v1/session", token) as answer:
        assert answer.status == 200
        session = await answer.json()
    assert session["username"] == f"system:serviceaccount:{namespace}:alice"
    assert f"system:serviceaccounts:{namespace}" in session["groups"]


async def test_without_a_token_there_is_a_challenge_and_a_sentence(gateway: RunningGateway) -> None:
    async with gateway("GET", "/v1/session") as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"
        assert (await answer.json())["detail"] == "Send a token of the cluster: Authorization: Bearer …"


async def test_a_token_that_the_api_server_does_not_know_is_refused(gateway: RunningGateway) -> None:
    async with gateway("GET", "/v1/session", "not-a-token") as answer:
        assert answer.status == 401
        problem = await answer.json()
    assert problem["reason"] == "Unauthorized"
    assert problem["correlationId"] == answer.headers["X-Correlation-Id"]
    assert "not-a-token" not in str(problem)


async def test_somebody_else_is_never_mistaken_for_the_one_before(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, token: str
) -> None:
    bob = person(kubectl, namespace, "bob", role="view")
    for _ in range(3):
        for name, secret in (("alice", token), ("bob", bob)):
            async with gateway("GET", "/v1/session", secret) as answer:
                assert (await answer.json())["username"].endswith(f":{name}")
