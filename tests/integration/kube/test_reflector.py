"""The reflector on a healthy API server: lists, positions, batches, objects that do not fit."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import msgspec
import pytest

from tests.integration.kube.watching import Consumer, reflect
from todotasks.api import Metadata, TodoTask
from todotasks.kube import KubeClient, Listed, PartialObject, Reflector, Skipped, Watched
from todotasks.kube.resources import CONFIGMAPS, TODOTASKS

MakeTask = Callable[..., dict[str, Any]]
Mode = Literal["stream", "chunk"]
MODES: tuple[Mode, ...] = ("stream", "chunk")


async def create_many(kube: KubeClient, a_task: MakeTask, prefix: str, count: int) -> list[str]:
    names = [f"{prefix}-{number:04}" for number in range(count)]
    await asyncio.gather(*[kube.create(TODOTASKS, a_task(name)) for name in names])
    return names


def is_live(seen: Consumer, there: dict[str, str]) -> bool:
    return seen.live == there


def has_changes(seen: Consumer, count: int) -> bool:
    return len(seen.changes) >= count


@pytest.mark.parametrize("mode", MODES)
async def test_the_first_list_is_everything_in_pages_and_then_the_changes_come(
    kube: KubeClient, a_task: MakeTask, namespace: str, mode: Mode
) -> None:
    names = await create_many(kube, a_task, "task", 120)
    async with reflect(kube, namespace, mode=mode, chunk_size=50, max_batch=50) as seen:
        await seen.until_listed()
        pages = [batch for batch in seen.batches if isinstance(batch, Listed)]
        assert [page.first for page in pages] == [True] + [False] * (len(pages) - 1)
        assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
        assert [bool(page.resource_version) for page in pages] == [False] * (len(pages) - 1) + [True]
        assert len(pages) >= 3
        assert seen.listed == set(names)
        await kube.patch(TODOTASKS, "task-0007", {"spec": {"completed": True}}, namespace)
        await kube.delete(TODOTASKS, "task-0008", namespace)
        await kube.create(TODOTASKS, a_task("new"))
        await seen.until(lambda: len(seen.changes) >= 3)
        assert seen.changes == [("MODIFIED", "task-0007"), ("DELETED", "task-0008"), ("ADDED", "new")]


@pytest.mark.parametrize("mode", MODES)
async def test_a_namespace_with_nothing_in_it_is_listed_as_that(
    kube: KubeClient, namespace: str, mode: Mode
) -> None:
    async with reflect(kube, namespace, mode=mode) as seen:
        await seen.until_listed()
        [page] = seen.lists
        assert (page.objects, page.first, page.complete) == ((), True, True)
        assert page.resource_version


async def test_both_ways_of_listing_give_the_same_set_while_things_change(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await create_many(kube, a_task, "task", 300)
    stop = asyncio.Event()

    async def churn() -> None:
        number = 0
        while not stop.is_set():
            await kube.create(TODOTASKS, a_task(f"churn-{number}"))
            await kube.patch(
                TODOTASKS, f"task-{number % 300:04}", {"spec": {"notes": str(number)}}, namespace
            )
            if number % 3 == 0:
                await kube.delete(TODOTASKS, f"churn-{number}", namespace)
            number += 1

    churning = [asyncio.create_task(churn())]
    consumers: list[Consumer] = []
    try:
        for _ in range(5):
            for mode in MODES:
                consumer = reflect(kube, namespace, mode=mode, chunk_size=40, max_batch=40)
                consumers.append(await consumer.__aenter__())
                await consumer.until_listed()
        stop.set()
        await asyncio.gather(*churning)
        there = {
            task.metadata.uid: task.metadata.name
            for task in await kube.list_(TODOTASKS, namespace, type=TodoTask)
        }
        for consumer in consumers:
            await consumer.until(partial(is_live, consumer, there))
    finally:
        stop.set()
        for consumer in consumers:
            await consumer.__aexit__()


async def test_a_position_handed_out_at_any_time_resumes_with_exactly_what_happened_since(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    async with reflect(kube, namespace, max_batch=3) as seen:
        await seen.until_listed()
        start = seen.lists[0].resource_version
        names = await create_many(kube, a_task, "task", 40)
        for name in names[:10]:
            await kube.delete(TODOTASKS, name, namespace)
        await seen.until(lambda: len(seen.changes) == 50)
    whole = seen.changes
    watched = [batch for batch in seen.batches if isinstance(batch, Watched) and batch.changes]
    assert all(len(batch.changes) <= 3 for batch in watched)
    done = 0
    for batch in watched[:: len(watched) // 8]:
        position = batch.resource_version
        done = whole.index((batch.changes[-1].type, batch.changes[-1].object.metadata.name)) + 1
        async with reflect(kube, namespace, resume_from=position) as again:
            await again.until(partial(has_changes, again, 50 - done))
            assert again.changes == whole[done:]
            assert again.lists == []
    async with reflect(kube, namespace, resume_from=start) as again:
        await again.until(lambda: len(again.changes) >= 50)
        assert again.changes == whole


async def test_a_list_is_a_position_from_which_nothing_is_missed_under_a_flood(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    """Each completed list's own position, resumed by somebody else, must lead to the same end."""
    flood = asyncio.create_task(create_many(kube, a_task, "task", 400))
    positions: list[tuple[str, dict[str, str]]] = []
    for _ in range(6):
        async with reflect(kube, namespace, max_batch=25) as seen:
            await seen.until_listed()
            positions.append((seen.lists[0].resource_version, dict.fromkeys(seen.listed, "")))
    await flood
    for position, before in positions:
        async with reflect(kube, namespace, resume_from=position) as again:
            missing = 400 - len(before)
            await again.until(partial(has_changes, again, missing))
            assert set(before) | {name for _, name in again.changes} == {f"task-{n:04}" for n in range(400)}


async def test_a_position_ahead_of_the_api_server_is_not_waited_for(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("rent"))
    async with reflect(kube, namespace, resume_from="99999999999") as seen:
        await seen.until_listed()
        assert seen.listed == {"rent"}
        assert "restored from a backup" in seen.lists[0].reason


async def test_a_line_longer_than_a_socket_buffer_is_one_change(
    kube: KubeClient, namespace: str, a_task: MakeTask
) -> None:
    reflector = Reflector(kube, CONFIGMAPS, PartialObject, namespace=namespace)
    batches = aiter(reflector)
    await anext(batches)
    for number, size in enumerate((70_000, 300_000, 900_000)):
        body = {"metadata": {"name": f"large-{number}", "namespace": namespace}, "data": {"x": "x" * size}}
        await kube.create(CONFIGMAPS, body)
    raws: list[bytes] = []
    async with asyncio.timeout(10):
        async for batch in batches:
            assert isinstance(batch, Watched)
            raws += [
                change.raw for change in batch.changes if change.object.metadata.name.startswith("large")
            ]
            if len(raws) == 3:
                break
    assert [len(msgspec.json.decode(raw)["data"]["x"]) for raw in raws] == [70_000, 300_000, 900_000]


async def test_bookmarks_advance_the_position_while_others_are_written(
    kube: KubeClient, namespace: str
) -> None:
    async with reflect(kube, namespace) as seen:
        await seen.until_listed()
        first = int(seen.lists[0].resource_version)
        body = {"metadata": {"name": "other", "namespace": namespace}, "data": {}}
        await kube.create(CONFIGMAPS, body)
        # The API server sends one each minute or so; nothing else can advance it here.
        await seen.until(lambda: int(seen.reflector.position or 0) > first, 90)
        assert seen.changes == []
        assert seen.reflector.age_seconds < 5


class Strict(msgspec.Struct):
    """A type that a task may fail to fit: `notes` must be a number."""

    class Spec(msgspec.Struct):
        notes: int

    metadata: Metadata
    spec: Spec


@pytest.mark.parametrize("mode", MODES)
async def test_an_object_that_does_not_fit_is_reported_and_the_others_come_on(
    kube: KubeClient, a_task: MakeTask, namespace: str, mode: Mode
) -> None:
    await kube.create(TODOTASKS, a_task("odd", notes="word"))
    reported: list[Skipped] = []
    reflector = Reflector(kube, TODOTASKS, Strict, namespace=namespace, mode=mode, on_error=reported.append)
    batches = aiter(reflector)
    listed = await anext(batches)
    assert isinstance(listed, Listed)
    assert listed.objects == ()
    [skipped] = listed.skipped
    assert skipped.metadata.name == "odd"
    assert "spec.notes" in skipped.error
    await kube.delete(TODOTASKS, "odd", namespace)
    position = 0
    async with asyncio.timeout(10):
        while len(reported) < 2:
            batch = await anext(batches)
            assert isinstance(batch, Watched)
            position = int(batch.resource_version)
    assert (reported[1].type, reported[1].metadata.uid) == ("DELETED", skipped.metadata.uid)
    assert position == int(reported[1].metadata.resource_version), "the position passes it"


async def test_breaking_off_and_iterating_again_goes_on_where_it_was(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    reflector = Reflector(kube, TODOTASKS, TodoTask, namespace=namespace)
    async for batch in reflector:
        assert isinstance(batch, Listed)
        break
    await kube.create(TODOTASKS, a_task("meanwhile"))
    async for batch in reflector:
        assert isinstance(batch, Watched)
        if batch.changes:
            assert [change.object.metadata.name for change in batch.changes] == ["meanwhile"]
            break


async def test_selectors_narrow_the_list_and_turn_leaving_into_a_delete(
    kube: KubeClient, a_task: MakeTask, namespace: str
) -> None:
    await kube.create(TODOTASKS, a_task("open"))
    await kube.create(TODOTASKS, a_task("done", completed=True))
    async with reflect(kube, namespace, field_selector="spec.completed=false") as seen:
        await seen.until_listed()
        assert seen.listed == {"open"}
        await kube.patch(TODOTASKS, "open", {"spec": {"completed": True}}, namespace)
        await seen.until(lambda: seen.changes)
        assert seen.changes == [("DELETED", "open")]
