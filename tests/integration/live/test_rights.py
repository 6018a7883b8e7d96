"""Who may look on, and who may not any more. What a client gets is decided by its own rights."""

import time

import pytest

from tests.integration.live.conftest import StartGateway
from tests.integration.live.reading import looking_on, make
from tests.support.gateway import RunningGateway, person
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.client import KubeClient

WAYS = ("sse", "ws")
CUT_OFF_WITHIN = 10.0  # seconds: the promise of docs/live.md


@pytest.mark.parametrize("how", WAYS)
async def test_who_may_not_list_and_watch_learns_nothing(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, how: str
) -> None:
    kubectl(
        "create",
        "role",
        "lists",
        f"--namespace={namespace}",
        "--verb=list",
        "--resource=todotasks.todotasks.dev",
    )
    lister, nobody = person(kubectl, namespace, "lister", None), person(kubectl, namespace, "nobody", None)
    kubectl(
        *("create", "rolebinding", "lister", f"--namespace={namespace}", "--role=lists"),
        f"--serviceaccount={namespace}:lister",
    )
    for token in (lister, nobody):
        if how == "ws":
            async with looking_on(gateway, token, f"namespace={namespace}", how="ws") as reader:
                [closing] = await reader.rest()
                assert (closing.data["code"], closing.data["reason"]) == (4403, "Forbidden")
                assert reader.answer.close_code == 4403
        else:
            async with gateway("GET", f"/v1/stream?namespace={namespace}", token) as answer:
                assert answer.status == 403
                assert "todotasks" in (await answer.json(content_type=None))["detail"]


async def test_all_namespaces_and_each_kind_are_rights_of_their_own(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, token: str
) -> None:
    async with gateway("GET", "/v1/stream", token) as answer:
        assert answer.status == 403
    async with gateway("GET", f"/v1/stream?namespace={namespace}&namespace=default", token) as answer:
        assert answer.status == 403
        assert "default" in (await answer.json(content_type=None))["detail"]
    query = f"namespace={namespace}&kind=todotasks&kind=reminders&kind=recurrencerules"
    async with looking_on(gateway, token, query) as reader:
        await reader.until("ready")


@pytest.mark.parametrize("how", WAYS)
async def test_who_loses_the_right_is_cut_off_within_ten_seconds_and_others_are_not(
    gateway: RunningGateway, kubectl: Kubectl, kube: KubeClient, namespace: str, token: str, how: str
) -> None:
    bob = person(kubectl, namespace, "bob")
    query = f"namespace={namespace}"
    async with (
        looking_on(gateway, token, query, how=how) as alice,
        looking_on(gateway, bob, query, how=how) as other,
    ):
        await alice.until("ready")
        await other.until("ready")
        began = time.monotonic()
        kubectl("delete", "rolebinding", "alice-edit", f"--namespace={namespace}")
        closing = await alice.until("closing")
        assert time.monotonic() - began < CUT_OFF_WITHIN
        assert (closing.data["code"], closing.data["reason"]) == (4403, "Forbidden")
        assert closing.data["retryAfter"] is None
        await alice.rest()
        if how == "ws":
            assert alice.answer.close_code == 4403
        await make(kube, namespace, "secret")
        assert (await other.until("change")).name == "secret"
        assert "change" not in {each.event for each in alice.seen}


async def test_a_token_that_ends_ends_its_connections(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, token: str
) -> None:
    async with looking_on(gateway, token, f"namespace={namespace}", how="ws") as reader:
        await reader.until("ready")
        kubectl("delete", "serviceaccount", "alice", f"--namespace={namespace}")
        closing = await reader.until("closing")
        assert (closing.data["code"], closing.data["reason"]) == (4401, "Unauthorized")


async def test_one_user_cannot_take_all_connections(
    start_gateway: StartGateway, kubectl: Kubectl, namespace: str, token: str
) -> None:
    gateway = await start_gateway(live_connections_per_user=2)
    bob = person(kubectl, namespace, "bob")
    query = f"namespace={namespace}"
    async with looking_on(gateway, token, query) as one, looking_on(gateway, token, query, how="ws") as two:
        await one.until("ready")
        await two.until("ready")
        async with gateway("GET", f"/v1/stream?{query}", token) as answer:
            assert answer.status == 429
            assert (await answer.json(content_type=None))["reason"] == "TooManyConnections"
            assert int(answer.headers["Retry-After"]) > 0
        async with looking_on(gateway, token, query, how="ws") as third:
            await third.rest()
            assert third.answer.close_code == 4429
        async with looking_on(gateway, bob, query) as other:
            await other.until("ready")
