"""The client against a real API server: its verbs, its errors, its patience."""

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import trustme

from tests.integration.kube.fronts import Front, Say, Wire
from tests.support.plane import Plane
from todotasks.api import TodoTask
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotServed,
    ServerError,
    Unauthorized,
    Unreachable,
)
from todotasks.kube.resources import (
    CONFIGMAPS,
    NAMESPACES,
    SELFSUBJECTACCESSREVIEWS,
    SELFSUBJECTREVIEWS,
    SERVICEACCOUNTS,
    TODOTASKS,
)

MakeTask = Callable[..., dict[str, Any]]

# Over aiohttp, and over what a process has that lives for a second.
both = pytest.mark.parametrize("brief", [False, True], ids=["long", "brief"])


# ── verbs ────────────────────────────────────────────────────────────────────────────────────────────
@both
async def test_what_is_created_is_read_back_typed(kube: KubeClient, a_task: MakeTask, namespace: str) -> None:
    await kube.create(TODOTASKS, a_task("rent", priority="High"))
    task = await kube.get(TODOTASKS, "rent", namespace, type=TodoTask)
    assert (task.metadata.name, task.spec.priority) == ("rent", "High")
    assert task.status.observed_generation == -1


async def test_a_struct_is_written_like_a_manifest(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    first = await kube.create(TODOTASKS, a_task("rent"), type=TodoTask)
    copy = TodoTask(
        metadata=type(first.metadata)(name="copy", namespace=namespace),
        spec=first.spec,
    )
    assert (await kube.create(TODOTASKS, copy, type=TodoTask)).spec == first.spec


async def test_a_merge_patch_changes_one_field_and_the_status_apart(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent", priority="High"))
    await kube.patch(TODOTASKS, "rent", {"spec": {"completed": True}}, namespace)
    task = await kube.patch(
        TODOTASKS,
        "rent",
        {"status": {"observedGeneration": 2}},
        namespace,
        subresource="status",
        type=TodoTask,
    )
    assert task.spec.completed
    assert task.spec.priority == "High"
    assert task.status.observed_generation == 2


async def test_a_merge_patch_with_another_uid_does_not_touch_the_recreated_object(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    old = await kube.create(TODOTASKS, a_task("rent"), type=TodoTask)
    await kube.delete(TODOTASKS, "rent", namespace)
    await kube.create(TODOTASKS, a_task("rent"))
    with pytest.raises(Conflict):
        await kube.patch(
            TODOTASKS, "rent", {"metadata": {"uid": old.metadata.uid}, "spec": {"completed": True}}, namespace
        )
    assert not (await kube.get(TODOTASKS, "rent", namespace, type=TodoTask)).spec.completed


async def test_a_json_patch_is_carried_out_in_order(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent", tags=["home"]))
    patch = [
        {"op": "test", "path": "/spec/title", "value": "rent"},
        {"op": "add", "path": "/spec/tags/-", "value": "money"},
    ]
    task = await kube.patch(TODOTASKS, "rent", patch, namespace, kind="json", type=TodoTask)
    assert task.spec.tags == ("home", "money")


@both
async def test_an_apply_creates_then_owns_and_is_refused_where_another_owns(
    kube: KubeClient, namespace: str
) -> None:
    ours = {"metadata": {"name": "rent"}, "spec": {"title": "Pay rent", "priority": "High"}}
    theirs = {"metadata": {"name": "rent"}, "spec": {"priority": "Low"}}
    await kube.apply(TODOTASKS, "rent", ours, namespace, field_manager="one")
    with pytest.raises(Conflict, match=r'conflict with "one".*spec\.priority') as refusal:
        await kube.apply(TODOTASKS, "rent", theirs, namespace, field_manager="two")
    assert [cause.field for cause in refusal.value.causes] == [".spec.priority"]
    task = await kube.apply(
        TODOTASKS, "rent", theirs, namespace, field_manager="two", force=True, type=TodoTask
    )
    assert (task.spec.title, task.spec.priority) == ("Pay rent", "Low")


async def test_a_replace_with_an_old_version_is_a_conflict(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    old = await kube.create(TODOTASKS, a_task("rent"))
    await kube.patch(TODOTASKS, "rent", {"spec": {"completed": True}}, namespace)
    with pytest.raises(Conflict, match="the object has been modified"):
        await kube.replace(TODOTASKS, "rent", old, namespace)


async def test_a_delete_of_another_uid_deletes_nothing(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    task = await kube.create(TODOTASKS, a_task("rent"), type=TodoTask)
    with pytest.raises(Conflict, match="UID"):
        await kube.delete(TODOTASKS, "rent", namespace, uid="00000000-0000-0000-0000-000000000000")
    await kube.delete(TODOTASKS, "rent", namespace, uid=task.metadata.uid, propagation="Background")
    with pytest.raises(NotFound):
        await kube.get(TODOTASKS, "rent", namespace)


async def test_a_dry_run_leaves_nothing_behind(kube: KubeClient, a_task: MakeTask, namespace: str) -> None:
    answer = await kube.create(TODOTASKS, a_task("rent"), dry_run=True)
    assert answer["metadata"]["uid"]
    with pytest.raises(NotFound):
        await kube.get(TODOTASKS, "rent", namespace)


@both
async def test_a_list_is_whole_over_many_pages_and_selects(
    kube: KubeClient, a_task: MakeTask, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todotasks.kube.client.PAGE", 7)
    names = {f"task-{number:02}" for number in range(20)}
    for name in names:
        await kube.create(TODOTASKS, a_task(name, priority="High" if name.endswith("0") else "Low"))
    page = await kube.list_page(TODOTASKS, namespace, limit=7)
    assert len(page.items_raw) == 7
    assert page.continue_
    assert page.remaining == 13
    assert {task.metadata.name for task in await kube.list_(TODOTASKS, namespace, type=TodoTask)} == names
    high = await kube.list_(TODOTASKS, namespace, field_selector="spec.priority=High", type=TodoTask)
    assert {task.metadata.name for task in high} == {"task-00", "task-10"}


async def test_a_review_says_who_and_whether(kube: KubeClient, namespace: str) -> None:
    who = await kube.post_review(SELFSUBJECTREVIEWS, {})
    assert "system:masters" in who["status"]["userInfo"]["groups"]
    may = await kube.post_review(
        SELFSUBJECTACCESSREVIEWS,
        {"spec": {"resourceAttributes": {"verb": "get", "group": "todotasks.dev", "resource": "todotasks"}}},
    )
    assert may["status"]["allowed"]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_refusal_has_the_api_servers_words_and_each_field(kube: KubeClient, a_task: MakeTask) -> None:
    with pytest.raises(Invalid) as refusal:
        await kube.create(TODOTASKS, a_task("rent", priority="urgent", title=""))
    error = refusal.value
    assert 'Unsupported value: "urgent"' in str(error)
    assert {cause.field for cause in error.causes} == {"spec.priority", "spec.title"}
    assert error.status == 422
    assert error.details["name"] == "rent"


async def test_an_unknown_field_is_refused_instead_of_dropped(kube: KubeClient, a_task: MakeTask) -> None:
    with pytest.raises(BadRequest, match=r'unknown field "spec.titel"'):
        await kube.create(TODOTASKS, a_task("rent", titel="Rent"))


@both
async def test_each_refusal_has_its_type(kube: KubeClient, a_task: MakeTask, namespace: str) -> None:
    await kube.create(TODOTASKS, a_task("rent"))
    with pytest.raises(AlreadyExists):
        await kube.create(TODOTASKS, a_task("rent"))
    with pytest.raises(NotFound, match='"nothing" not found'):
        await kube.get(TODOTASKS, "nothing", namespace)
    with pytest.raises(NotServed):
        await kube.get(TODOTASKS._replace(plural="todonts"), "nothing", namespace)
    with pytest.raises(Unauthorized):
        await kube.as_caller("nonsense").get(TODOTASKS, "rent", namespace)


async def test_a_list_whose_pages_expire_half_way_is_made_in_one_piece(
    kube: KubeClient, a_task: MakeTask, namespace: str, plane: Plane, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await kube.create(TODOTASKS, a_task(f"task-{number}"))
    token = (await kube.list_page(TODOTASKS, namespace, limit=2)).continue_
    await kube.create(TODOTASKS, a_task("later"))
    plane.compact_etcd()
    plane.restart_apiserver()
    with pytest.raises(Gone):
        await kube.list_page(TODOTASKS, namespace, limit=2, continue_=token)

    seen = []

    async def expiring(*args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["limit"])
        kwargs["continue_"] = kwargs["continue_"] and token
        return await list_page(*args, **kwargs)

    list_page = kube.list_page
    monkeypatch.setattr(kube, "list_page", expiring)
    monkeypatch.setattr("todotasks.kube.client.PAGE", 2)
    assert len(await kube.list_(TODOTASKS, namespace)) == 6
    assert seen == [2, 2, None]


@both
async def test_a_caller_has_its_own_rights_and_none_of_ours(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent"))
    await kube.create(SERVICEACCOUNTS, {"metadata": {"name": "alice", "namespace": namespace}})
    answer = await kube.sender.send(
        "create",
        "POST",
        SERVICEACCOUNTS.path(namespace, "alice", "token"),
        body=b'{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}',
    )
    alice = kube.as_caller(msgspec.json.decode(answer)["status"]["token"])
    who = await alice.post_review(SELFSUBJECTREVIEWS, {})
    assert who["status"]["userInfo"]["username"] == f"system:serviceaccount:{namespace}:alice"
    with pytest.raises(Forbidden, match=r'cannot get resource "todotasks"'):
        await alice.get(TODOTASKS, "rent", namespace)
    await alice.close()
    assert await kube.get(NAMESPACES, namespace), "closing a view must not close its owner"


# ── patience ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "answer",
    [
        Say(429, "slow down", {"Retry-After": "1"}),
        Say(503, "starting", {"Retry-After": "1"}),
        Say(500, "overloaded", {"Retry-After": "1"}),
    ],
    ids=lambda say: str(say.status),
)
async def test_even_a_create_waits_as_long_as_it_is_told_and_tries_again(
    behind_front: KubeClient, front: Front, a_task: MakeTask, answer: Say
) -> None:
    front.say(answer)
    began = time.monotonic()
    await behind_front.create(TODOTASKS, a_task("rent"))
    assert time.monotonic() - began >= 1.0
    assert front.left == 0
    assert len(front.seen) == 2, "it asks again once, when it was told to"


async def test_a_create_just_after_a_restart_waits_until_the_kinds_are_served_again(
    kube: KubeClient, plane: Plane, a_task: MakeTask
) -> None:
    plane.restart_apiserver()
    await kube.create(TODOTASKS, a_task("rent"))


@both
@pytest.mark.parametrize(
    "answer", [Say(0), Say(502, "<html>"), Say(503), Say(504)], ids=lambda say: str(say.status)
)
async def test_a_read_is_tried_again_after_a_lost_answer(
    behind_front: KubeClient, front: Front, namespace: str, answer: Say
) -> None:
    front.say(answer, answer)
    assert await behind_front.get(NAMESPACES, namespace)
    assert front.left == 0


@both
async def test_an_apply_whose_answer_is_lost_is_sent_again(
    behind_front: KubeClient, front: Front, namespace: str
) -> None:
    front.say(Say(0, after=True))
    body = {"metadata": {"name": "rent"}, "spec": {"title": "Pay rent"}}
    task = await behind_front.apply(TODOTASKS, "rent", body, namespace, field_manager="test", type=TodoTask)
    assert task.metadata.generation == 1


@both
async def test_a_create_whose_answer_is_lost_is_not_sent_again_and_says_so(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    front.say(Say(0, after=True))
    with pytest.raises(Unreachable) as lost:
        await behind_front.create(TODOTASKS, a_task("rent"))
    assert lost.value.sent
    assert lost.value.__cause__ is not None
    assert await kube.get(TODOTASKS, "rent", namespace), "it had been carried out"
    assert len(front.seen) == 1


async def test_a_json_patch_whose_answer_is_lost_is_not_sent_again(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent", tags=["home"]))
    front.say(Say(0, after=True))
    with pytest.raises(Unreachable):
        patch = [{"op": "add", "path": "/spec/notes", "value": "x"}]
        await behind_front.patch(TODOTASKS, "rent", patch, namespace, kind="json")
    assert len(front.seen) == 1


@both
async def test_what_no_retry_can_heal_is_said_at_once(
    behind_front: KubeClient, front: Front, namespace: str
) -> None:
    front.say(Say(500, "boom"), Say(500, "boom"))
    with pytest.raises(ServerError, match="boom"):
        await behind_front.get(NAMESPACES, namespace)
    assert front.left == 1


async def test_patience_has_an_end(front: Front, config: KubeConfig, namespace: str) -> None:
    front.say(*[Say(503)] * 50)
    async with KubeClient(replace(config, server=front.url), retry_for=1.0) as client:
        with pytest.raises(ServerError):
            await client.get(NAMESPACES, namespace)
    assert 1 < len(front.seen) < 50, "it tried again, and gave up while there was still something to try"


@both
async def test_a_refused_connection_is_retried_until_somebody_listens(
    config: KubeConfig, a_task: MakeTask, wire: Wire, brief: bool
) -> None:
    with socket.socket() as placeholder:
        placeholder.bind(("127.0.0.1", 0))
        port = placeholder.getsockname()[1]
    host, target = config.server.removeprefix("https://").split(":")
    async with KubeClient(replace(config, server=f"https://127.0.0.1:{port}"), brief=brief) as client:
        creating = asyncio.create_task(client.create(TODOTASKS, a_task("rent")))
        await asyncio.sleep(0.8)
        assert not creating.done()
        late = Wire(host, int(target))
        late._server = await asyncio.start_server(late._serve, "127.0.0.1", port)
        try:
            assert (await creating)["metadata"]["name"] == "rent"
        finally:
            await late.__aexit__()


@both
async def test_a_certificate_of_another_authority_is_refused_without_trying_again(
    config: KubeConfig, wire: Wire, brief: bool
) -> None:
    stranger = trustme.CA().cert_pem.bytes()
    there = f"https://127.0.0.1:{wire.port}"
    async with KubeClient(replace(config, server=there, ca_data=stranger), brief=brief) as client:
        with pytest.raises(Unreachable, match="no trusted connection"):
            await client.get_path("/version")
    assert wire.connections == 1


@both
async def test_no_more_connections_are_opened_than_allowed(
    config: KubeConfig, wire: Wire, namespace: str, brief: bool
) -> None:
    bounded = replace(config, server=f"https://127.0.0.1:{wire.port}")
    async with KubeClient(bounded, max_connections=4, brief=brief) as client:
        await asyncio.gather(*[client.get(NAMESPACES, namespace) for _ in range(100)])
    assert wire.most_open == 4
    assert wire.connections == 4, "connections are used again"


@both
async def test_a_large_object_passes_both_ways(kube: KubeClient, namespace: str) -> None:
    data = "x" * 900_000
    body = {"metadata": {"name": "large", "namespace": namespace}, "data": {"big": data}}
    await kube.create(CONFIGMAPS, body)
    assert (await kube.get(CONFIGMAPS, "large", namespace))["data"]["big"] == data


async def test_a_connection_that_was_closed_meanwhile_is_not_used_again(
    config: KubeConfig, wire: Wire, namespace: str, a_task: MakeTask
) -> None:
    there = replace(config, server=f"https://127.0.0.1:{wire.port}")
    async with KubeClient(there, retry_for=0, brief=True) as client:
        await client.get(NAMESPACES, namespace)
        wire.cut()
        await asyncio.sleep(0.1)  # the other end of the connection learns of it
        assert (await client.create(TODOTASKS, a_task("rent")))["metadata"]["name"] == "rent"


async def test_a_dead_wire_ends_by_the_patience_of_the_person(
    config: KubeConfig, wire: Wire, namespace: str
) -> None:
    there = replace(config, server=f"https://127.0.0.1:{wire.port}")
    async with KubeClient(there, retry_for=0, brief=True) as client:
        await client.get(NAMESPACES, namespace)
        wire.stall()
        with pytest.raises(Unreachable, match="did not answer in time"):
            await client.patient(0.3).get(NAMESPACES, namespace)


async def test_a_brief_client_says_that_it_watches_nothing(config: KubeConfig) -> None:
    async with KubeClient(config, brief=True) as client:
        with pytest.raises(TypeError, match="watches nothing"):
            async with client.watch(TODOTASKS):
                pass
