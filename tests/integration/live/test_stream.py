"""The stream on the wire: a snapshot, then what happens, by both ways."""

import json

import pytest

from tests.integration.live.conftest import StartGateway
from tests.integration.live.reading import looking_on, make, retitle, there
from tests.support.gateway import RunningGateway, person
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import TODOTASKS

WAYS = ("sse", "ws")


@pytest.mark.parametrize("how", WAYS)
async def test_what_is_there_comes_first_and_then_what_happens(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str, how: str
) -> None:
    await make(kube, namespace, "rent", tags=["home"])
    async with looking_on(gateway, token, f"namespace={namespace}", how=how) as reader:
        ready = await reader.until("ready")
        assert ready.data == {"resumed": False}
        assert ready.cursor
        assert {each["metadata"]["uid"]: each for each in reader.snapshot().values()} == await there(
            kube, namespace
        )
        await make(kube, namespace, "milk")
        added = await reader.next()
        assert (added.event, added.data["type"], added.data["kind"]) == ("change", "ADDED", "TodoTask")
        assert added.title == "milk"
        await retitle(kube, namespace, "milk", "oat milk")
        changed = await reader.next()
        assert (changed.data["type"], changed.title) == ("MODIFIED", "oat milk")
        uid = changed.data["object"]["metadata"]["uid"]
        await kube.delete(TODOTASKS, "milk", namespace)
        gone = await reader.next()
        assert gone.data["type"] == "DELETED"
        assert gone.data["object"].keys() == {"metadata"}
        metadata = gone.data["object"]["metadata"]
        assert (metadata["name"], metadata["namespace"], metadata["uid"]) == ("milk", namespace, uid)
        assert int(metadata["resourceVersion"]) > int(changed.data["object"]["metadata"]["resourceVersion"])
        assert len({added.cursor, changed.cursor, gone.cursor}) == 3


@pytest.mark.parametrize("how", WAYS)
async def test_a_cursor_goes_on_where_it_was_with_another_gateway_of_the_same_keys(
    start_gateway: StartGateway, kube: KubeClient, namespace: str, token: str, how: str
) -> None:
    one, other = await start_gateway(), await start_gateway()
    query = f"namespace={namespace}"
    async with looking_on(other, token, query) as reader:
        await reader.until("ready")
    async with looking_on(one, token, query, how=how) as reader:
        await reader.until("ready")
        await make(kube, namespace, "first")
        cursor = (await reader.until("change")).cursor
    await make(kube, namespace, "second")
    await kube.delete(TODOTASKS, "first", namespace)
    async with looking_on(other, token, f"{query}&cursor={cursor}", how=how) as reader:
        ready = await reader.until("ready")
        assert ready.data == {"resumed": True}
        # The other gateway may hear of the last of it a moment after it has said that it is ready.
        while len([each for each in reader.seen if each.event == "change"]) < 2:
            await reader.next()
        changes = [(each.data["type"], each.name) for each in reader.seen if each.event == "change"]
        assert changes == [("ADDED", "second"), ("DELETED", "first")]
        assert reader.snapshot() == {}


async def test_a_cursor_older_than_the_history_is_answered_with_a_reset_and_a_snapshot(
    start_gateway: StartGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    gateway = await start_gateway(live_history=3)
    query = f"namespace={namespace}"
    async with looking_on(gateway, token, query) as reader:
        cursor = (await reader.until("ready")).cursor
        for number in range(5):
            await make(kube, namespace, f"task-{number}")
            await reader.until("change")
    async with looking_on(gateway, token, f"{query}&cursor={cursor}") as reader:
        reset = await reader.next()
        assert (reset.event, reset.data["reason"]) == ("reset", "TooOld")
        assert (await reader.until("ready")).data == {"resumed": False}
        assert reader.snapshot().keys() == {f"task-{number}" for number in range(5)}


@pytest.mark.parametrize("how", WAYS)
async def test_a_cursor_of_another_user_or_filter_or_of_nobody_is_refused(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, token: str, how: str
) -> None:
    query = f"namespace={namespace}"
    async with looking_on(gateway, token, query) as reader:
        cursor = (await reader.until("ready")).cursor
    bob = person(kubectl, namespace, "bob")
    for who, asked in (
        (bob, f"{query}&cursor={cursor}"),
        (token, f"{query}&project=x&cursor={cursor}"),
        (token, f"{query}&cursor=AAAA.BBBB"),
        (token, f"{query}&cursor=%C3%A4"),
    ):
        if how == "ws":
            async with looking_on(gateway, who, asked, how="ws") as reader:
                closing = (await reader.rest())[-1]
                assert (closing.event, closing.data["reason"]) == ("closing", "BadCursor")
                assert reader.answer.close_code == 4410
        else:
            async with gateway("GET", f"/v1/stream?{asked}", who) as answer:
                assert answer.status == 410
                assert (await answer.json(content_type=None))["reason"] == "BadCursor"
    # A browser's EventSource sends it by itself for ever, so there it is a reset.
    headers = {"Last-Event-ID": "AAAA.BBBB"}
    async with looking_on(gateway, token, query, headers=headers) as reader:
        assert (await reader.next()).data["reason"] == "BadCursor"
        await reader.until("ready")


async def test_a_filter_sees_what_comes_to_fit_and_what_ceases_to_fit_it(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    await make(kube, namespace, "rent", project="flat", tags=["home", "money"])
    await make(kube, namespace, "essay", project="school")
    query = f"namespace={namespace}&project=flat&tag=home"
    async with looking_on(gateway, token, query) as reader:
        await reader.until("ready")
        assert reader.snapshot().keys() == {"rent"}
        await kube.patch(TODOTASKS, "essay", {"spec": {"project": "flat", "tags": ["home"]}}, namespace)
        assert ((await reader.next()).data["type"], reader.seen[-1].name) == ("ADDED", "essay")
        await kube.patch(TODOTASKS, "rent", {"spec": {"tags": ["money"]}}, namespace)
        assert ((await reader.next()).data["type"], reader.seen[-1].name) == ("DELETED", "rent")


async def test_a_label_selector_chooses_as_the_api_server_does(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    for name, labels in {
        "both": {"tier": "web", "env": "test"},
        "web": {"tier": "web"},
        "test": {"env": "test"},
        "none": {},
    }.items():
        await make(kube, namespace, name, labels=labels)
    for selector in (
        "tier=web", "tier!=web", "tier", "!tier", "tier in (web,db)", "tier notin (web),env",
        "tier==web,env!=prod", "env in (test, prod),!tier", "tier notin (a,b)", "tier=",
    ):  # fmt: skip
        page = await kube.list_page(TODOTASKS, namespace, label_selector=selector)
        wanted = {json.loads(bytes(item))["metadata"]["name"] for item in page.items_raw}
        quoted = selector.replace(" ", "%20").replace("!", "%21").replace("=", "%3D").replace(",", "%2C")
        query = f"namespace={namespace}&labelSelector={quoted}"
        async with looking_on(gateway, token, query) as reader:
            await reader.until("ready")
            assert reader.snapshot().keys() == wanted, selector


async def test_a_patch_leads_from_the_object_before_to_the_object_after(
    gateway: RunningGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    await make(kube, namespace, "rent", notes="to the landlord")
    async with looking_on(gateway, token, f"namespace={namespace}&form=patch") as reader:
        await reader.until("ready")
        await kube.patch(TODOTASKS, "rent", {"spec": {"notes": None, "priority": "High"}}, namespace)
        change = await reader.next()
        assert change.data["type"] == "MODIFIED"
        assert change.data["patch"]["spec"] == {"notes": None, "priority": "High"}
        assert (
            change.data["patch"]["metadata"]["resourceVersion"] == change.data["metadata"]["resourceVersion"]
        )


async def test_who_missed_more_than_the_queue_holds_begins_anew_and_is_ready_once(
    start_gateway: StartGateway, kube: KubeClient, namespace: str, token: str
) -> None:
    gateway = await start_gateway(live_queue=3)
    query = f"namespace={namespace}"
    async with looking_on(gateway, token, query) as reader:
        cursor = (await reader.until("ready")).cursor
    for number in range(6):
        await make(kube, namespace, f"task-{number}")
    async with looking_on(gateway, token, f"{query}&cursor={cursor}") as reader:
        assert (await reader.until("ready")).data == {"resumed": False}
        assert [each.event for each in reader.seen] == ["reset", "snapshot", "ready"]
        await make(kube, namespace, "one-more")
        assert (await reader.next()).name == "one-more"
