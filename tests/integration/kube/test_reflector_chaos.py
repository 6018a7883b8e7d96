"""The reflector while the API server dies, forgets, refuses, falls silent."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from tests.integration.kube.fronts import Front, Say, Wire
from tests.integration.kube.watching import reflect
from tests.support.plane import Plane
from todotasks.api import TodoTask
from todotasks.kube import KubeClient, KubeConfig, Listed
from todotasks.kube.errors import NotFound, NotServed
from todotasks.kube.resources import CRDS, TODOTASKS

MakeTask = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.chaos

_number = itertools.count()


@pytest.fixture
def own_plane(module_plane: Plane) -> Plane:
    return module_plane


@pytest.fixture
def own_namespace(own_plane: Plane) -> str:
    name = f"home-{next(_number)}"
    own_plane.api.create_namespace(name)
    return name


def task_in(namespace: str, name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"title": name}}


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
async def own_kube(own_plane: Plane) -> AsyncIterator[KubeClient]:
    async with KubeClient(KubeConfig.load(own_plane.kubeconfig), retry_for=60) as client:
        yield client


async def test_nothing_is_missed_when_the_api_server_is_killed_in_the_middle_of_a_flood(
    own_plane: Plane, own_kube: KubeClient, own_namespace: str
) -> None:
    created: list[str] = []

    async def flood() -> None:
        for number in range(300):
            name = f"task-{number:04}"
            # An apply, because it is tried again when its answer is lost.
            body = {"metadata": {"name": name}, "spec": {"title": name}}
            await own_kube.apply(TODOTASKS, name, body, own_namespace, field_manager="test")
            created.append(name)
            if number % 10 == 9:
                # Like the apply, it is sent again when its answer is lost, and may find its own work done.
                with suppress(NotFound):
                    await own_kube.delete(TODOTASKS, f"task-{number - 5:04}", own_namespace)

    async with reflect(own_kube, own_namespace) as seen:
        await seen.until_listed()
        flooding = asyncio.create_task(flood())
        try:
            for threshold in (60, 180):
                async with asyncio.timeout(90):
                    while len(created) < threshold:
                        if flooding.done():
                            flooding.result()
                        await asyncio.sleep(0.01)
                await asyncio.to_thread(own_plane.restart_apiserver)
            async with asyncio.timeout(120):
                await flooding
        finally:
            flooding.cancel()
        tasks = await own_kube.list_(TODOTASKS, own_namespace, type=TodoTask)
        there = {task.metadata.uid: task.metadata.name for task in tasks}
        assert len(there) == 270
        await seen.until(lambda: seen.live == there)


async def test_after_an_outage_the_watch_is_back_within_seconds(
    own_plane: Plane, own_kube: KubeClient, own_namespace: str
) -> None:
    async with reflect(own_kube, own_namespace, name="outage") as seen:
        await seen.until_listed()
        own_plane.kill_apiserver()
        await seen.until_trouble()
        async with asyncio.timeout(60):
            while metric("todotasks_watch_reconnects_total", watch="outage", cause="unreachable") < 5:
                await asyncio.sleep(0.05)
        assert seen.reflector.trouble is not None
        await asyncio.to_thread(own_plane.start_apiserver)
        await seen.until_trouble_is_over(seconds=10)
        await own_kube.create(TODOTASKS, task_in(own_namespace, "rent"))
        await seen.until(lambda: "rent" in seen.live.values(), 10)


async def test_what_happened_while_the_position_expired_is_found_by_a_list(
    own_plane: Plane, own_kube: KubeClient, own_namespace: str
) -> None:
    """The consumer stops reading; meanwhile things change and are forgotten."""
    for name in ("keep", "lose"):
        await own_kube.create(TODOTASKS, task_in(own_namespace, name))
    async with reflect(own_kube, own_namespace) as seen:
        await seen.until_listed()
        seen.reading.clear()
        await own_kube.create(TODOTASKS, task_in(own_namespace, "read-before-the-stop"))
        await seen.until(lambda: seen.changes)
        await asyncio.to_thread(own_plane.kill_apiserver)
        await asyncio.to_thread(own_plane.start_apiserver)
        await own_kube.delete(TODOTASKS, "lose", own_namespace)
        await own_kube.create(TODOTASKS, task_in(own_namespace, "new"))
        own_plane.compact_etcd()
        await asyncio.to_thread(own_plane.restart_apiserver)
        await own_kube.list_(TODOTASKS, own_namespace)
        seen.reading.set()
        await seen.until(lambda: len(seen.lists) == 2)
        assert seen.listed == {"keep", "new", "read-before-the-stop"}
        assert "too old resource version" in seen.lists[1].reason
        live = set(seen.live.values())
        assert live == {"keep", "new", "read-before-the-stop"}


@pytest.mark.parametrize("mode", ["stream", "chunk"])
async def test_a_start_from_an_expired_position_lists(
    own_plane: Plane, own_kube: KubeClient, own_namespace: str, mode: str
) -> None:
    created = await own_kube.create(TODOTASKS, task_in(own_namespace, "rent"), type=TodoTask)
    await own_kube.patch(TODOTASKS, "rent", {"spec": {"completed": True}}, own_namespace)
    own_plane.compact_etcd()
    await asyncio.to_thread(own_plane.restart_apiserver)
    position = created.metadata.resource_version
    async with reflect(own_kube, own_namespace, resume_from=position, mode=mode) as seen:
        await seen.until_listed()
        assert seen.listed == {"rent"}
        assert position in seen.lists[0].reason


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_refuses_for_a_while_is_asked_again(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str, status: int
) -> None:
    front.applies = lambda request: "watch" in request.query
    front.say(*[Say(status)] * 4)
    async with reflect(behind_front, namespace) as seen:
        await seen.until_listed()
        await kube.create(TODOTASKS, a_task("rent"))
        await seen.until(lambda: seen.changes)
        assert front.left == 0


async def test_a_position_refused_for_a_while_is_kept(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    start = (await kube.list_page(TODOTASKS, namespace)).resource_version
    await kube.create(TODOTASKS, a_task("meanwhile"))
    front.applies = lambda request: "watch" in request.query
    front.say(Say(503), Say(429, "", {"Retry-After": "1"}), Say(403, "not yet"), Say(404), Say(0))
    async with reflect(behind_front, namespace, resume_from=start) as seen:
        await seen.until(lambda: seen.changes)
        assert seen.changes == [("ADDED", "meanwhile")]
        assert seen.lists == []


async def test_error_events_at_one_position_end_in_a_list(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent"))
    start = (await kube.list_page(TODOTASKS, namespace)).resource_version
    broken = (
        '{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError","message":"odd"}}\n'
    )
    front.applies = lambda request: "resourceVersion" in request.query
    front.say(*[Say(200, broken)] * 3)
    async with reflect(behind_front, namespace, resume_from=start) as seen:
        await seen.until_listed()
        assert seen.listed == {"rent"}
        assert "keeps failing: odd" in seen.lists[0].reason


async def test_a_line_cut_in_the_middle_is_got_again(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    async with reflect(behind_front, namespace) as seen:
        await seen.until_listed()
        start = seen.lists[0].resource_version
    for number in range(20):
        await kube.create(TODOTASKS, a_task(f"task-{number:02}"))
    front.truncate_watch_after = 5000
    async with reflect(behind_front, namespace, resume_from=start) as seen:
        await seen.until(lambda: len(seen.changes) >= 20)
        assert seen.changes == [("ADDED", f"task-{number:02}") for number in range(20)]
        assert front.truncate_watch_after is None


async def test_a_list_cut_in_the_middle_begins_anew(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    for number in range(20):
        await kube.create(TODOTASKS, a_task(f"task-{number:02}"))
    front.truncate_watch_after = 5000
    async with reflect(behind_front, namespace, max_batch=3) as seen:
        await seen.until_listed()
        firsts = [batch.first for batch in seen.batches if isinstance(batch, Listed)]
        assert sum(firsts) == 2
        assert len(seen.listed) == 20


async def test_a_connection_gone_silent_is_given_up_and_nothing_is_missed(
    behind_wire: KubeClient, wire: Wire, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    async with reflect(behind_wire, namespace, silence=1.5, name="silent") as seen:
        await seen.until_listed()
        wire.stall()
        await kube.create(TODOTASKS, a_task("meanwhile"))
        await asyncio.sleep(1.0)
        assert 0.9 < metric("todotasks_watch_age_seconds", watch="silent") < 2.5
        await seen.until_trouble()
        assert "nothing came from the API server for 1.5 s" in str(seen.reflector.trouble)
        wire.go_on()
        await seen.until(lambda: seen.changes)
        assert seen.changes == [("ADDED", "meanwhile")]
        assert len(seen.lists) == 1
        assert metric("todotasks_watch_reconnects_total", watch="silent", cause="unreachable") >= 1


@pytest.mark.parametrize(
    ("picks", "says", "starts"),
    [
        ("sendInitialEvents", Say(0, hangs=True), False),
        ("sendInitialEvents", Say(200, hangs=True), False),  # begins, and then does not go on
        ("resourceVersion", Say(0, hangs=True), True),
        ("limit", Say(0, hangs=True), True),  # the look whether the position is in this server's past
    ],
    ids=["list", "list without a line", "watch", "check of the position"],
)
async def test_a_server_that_takes_a_request_and_hangs_is_asked_again_within_seconds(
    behind_front: KubeClient,
    front: Front,
    kube: KubeClient,
    a_task: MakeTask,
    namespace: str,
    picks: str,
    says: Say,
    starts: bool,
) -> None:
    start = (await kube.list_page(TODOTASKS, namespace)).resource_version if starts else None
    await kube.create(TODOTASKS, a_task("rent"))
    front.applies = lambda request: picks in request.query
    front.say(says)
    began = time.monotonic()
    async with reflect(behind_front, namespace, resume_from=start) as seen:
        await seen.until(lambda: seen.live)
        assert front.left == 0
        print(f"back after {time.monotonic() - began:.1f} s")
        assert set(seen.live.values()) == {"rent"}
        assert len(seen.lists) == (0 if starts else 1)


async def test_a_list_that_hangs_as_a_stream_is_made_in_pages(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    for number in range(5):
        await kube.create(TODOTASKS, a_task(f"task-{number}"))
    front.applies = lambda request: "sendInitialEvents" in request.query
    front.say(*[Say(0, hangs=True)] * 3)
    async with reflect(behind_front, namespace, chunk_size=2) as seen:
        await seen.until_listed()
        assert len(seen.listed) == 5
        assert front.left == 2, "it was asked once only"
        await kube.create(TODOTASKS, a_task("new"))
        await seen.until(lambda: seen.changes)


async def test_a_consumer_that_is_slower_than_the_silence_misses_nothing(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    """The silence counts while we wait for the server, not while the server waits for us."""
    async with reflect(kube, namespace, silence=1.0, name="slow") as seen:
        await seen.until_listed()
        seen.reading.clear()
        await kube.create(TODOTASKS, a_task("one"))
        await seen.until(lambda: seen.changes)
        await kube.create(TODOTASKS, a_task("two"))
        await asyncio.sleep(1.3)
        assert seen.changes == [("ADDED", "one")], "nothing is read ahead of the consumer"
        seen.reading.set()
        await kube.create(TODOTASKS, a_task("three"))
        await seen.until(lambda: len(seen.changes) == 3)
        assert seen.changes == [("ADDED", "one"), ("ADDED", "two"), ("ADDED", "three")]


async def test_a_server_without_streaming_lists_is_listed_in_pages(
    behind_front: KubeClient, front: Front, kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent"))
    front.applies = lambda request: "sendInitialEvents" in request.query
    # What a server with the WatchList feature switched off answers.
    message = (
        'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden '
        "for watch unless the WatchList feature gate is enabled"
    )
    refusal = json.dumps({"kind": "Status", "code": 422, "reason": "Invalid", "message": message})
    front.say(*[Say(422, refusal)] * 3)
    async with reflect(behind_front, namespace) as seen:
        await seen.until_listed()
        assert seen.listed == {"rent"}
        assert front.left == 2, "it was asked once only"
        await kube.create(TODOTASKS, a_task("new"))
        await seen.until(lambda: seen.changes)


async def test_a_kind_that_is_not_there_yet_is_waited_for_out_loud(own_kube: KubeClient) -> None:
    crd = await own_kube.get(CRDS, "todotasks.todotasks.dev")
    await own_kube.delete(CRDS, "todotasks.todotasks.dev")
    async with reflect(own_kube, "default") as seen:
        await seen.until_trouble()
        assert "is the kind installed?" in str(seen.reflector.trouble)
        assert seen.reflector.age_seconds > 0
        fresh = {"metadata": {"name": crd["metadata"]["name"]}, "spec": crd["spec"]}
        await own_kube.create(CRDS, fresh)
        await seen.until_listed()
        async with asyncio.timeout(30):
            while True:
                try:
                    await own_kube.create(TODOTASKS, task_in("default", "rent"))
                    break
                except NotServed:  # comes and goes until the new kind is settled
                    await asyncio.sleep(0.1)
        await seen.until(lambda: "rent" in seen.live.values())


async def test_a_server_that_is_down_at_the_start_is_waited_for(config: KubeConfig, front: Front) -> None:
    nowhere = replace(config, server="http://127.0.0.1:9")
    async with KubeClient(nowhere) as client, reflect(client, "default") as seen:
        await seen.until_trouble()
        assert "cannot connect to http://127.0.0.1:9" in str(seen.reflector.trouble)
        assert seen.batches == []
