"""The recorder after the API server forgot what it would need: it compares lists, and says so."""

import asyncio
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from tests.integration.recorder.rig import Rig, eventually
from tests.support.plane import Plane
from todotasks.events.data import TaskChanged, TaskDeleted
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import TODOTASKS
from todotasks.store import Store


@pytest.fixture
def old_plane(module_plane: Plane) -> Plane:
    """A cluster without a task."""
    module_plane.api("DELETE", TODOTASKS.path("default"))
    assert module_plane.api.list_("todotasks", "default") == []
    return module_plane


@pytest.fixture
async def rig(old_plane: Plane, database_url: str) -> AsyncIterator[Rig]:
    """The whole of a cluster of its own."""
    async with (
        KubeClient(KubeConfig.load(old_plane.kubeconfig)) as kube,
        await Store.open(database_url) as store,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database,
    ):
        made = Rig(kube, store, database)
        yield made
        await made.stop()


def forget(plane: Plane) -> None:
    """Compacts etcd and empties the watch cache: old positions are Gone."""
    plane.compact_etcd()
    plane.restart_apiserver()


@pytest.mark.chaos
@pytest.mark.parametrize("mode", ["stream", "chunk"])
async def test_what_happened_in_the_dark_is_found_by_comparison(
    old_plane: Plane, rig: Rig, mode: str
) -> None:
    await rig.start(mode=mode)
    await rig.ready()
    tasks = {name: await rig.create(name) for name in ("same", "edited", "gone", "status-only", "recreated")}
    await rig.mirrored(tasks["recreated"])
    await rig.stop()

    await rig.edit("edited", title="One")
    edited = await rig.edit("edited", title="Two", completed=True)
    await rig.delete("gone")
    await rig.create("new")
    await rig.create("ephemeral")
    await rig.delete("ephemeral")
    await rig.edit_status("status-only", observedGeneration=1)
    await rig.delete("recreated")
    again = await rig.create("recreated")
    forget(old_plane)
    await rig.start(mode=mode)
    await rig.ready()

    events = await rig.recorded(["created", "updated coalesced", "completed coalesced"], "edited")
    change = events[1].read(TaskChanged)
    assert change.previous == {"spec": {"completed": False, "title": "edited"}}
    assert events[1].sequence == edited.metadata.resource_version.zfill(20)
    (_, deleted) = await rig.recorded(["created", "deleted coalesced"], "gone")
    assert deleted.read(TaskDeleted).task.spec.title == "gone"
    last_known = tasks["gone"].metadata
    assert deleted.id == f"{last_known.uid}:{last_known.resource_version}:task.deleted.v1"
    assert await rig.story("same") == ["created"]
    assert await rig.story("new") == ["created coalesced"]
    assert await rig.story("ephemeral") == []
    assert await rig.story("status-only") == ["created"]
    assert sorted(await rig.story("recreated")) == ["created", "created coalesced", "deleted coalesced"]
    tombstones = {row.key for row in await rig.rows() if row.value is None}
    assert tombstones == {tasks["gone"].metadata.uid, tasks["recreated"].metadata.uid}
    live = await rig.query("select uid from tasks where archived_at is null and name = 'recreated'")
    assert live == [(again.metadata.uid,)]


@pytest.mark.chaos
async def test_a_thousand_deletions_in_the_dark_are_a_thousand_coalesced_events_also_after_a_crash(
    old_plane: Plane, rig: Rig
) -> None:
    await rig.start()
    await rig.ready()
    gate = asyncio.Semaphore(40)

    async def create(number: int) -> str:
        async with gate:
            return (await rig.create(f"task-{number}")).metadata.uid

    uids = set(await asyncio.gather(*(create(number) for number in range(1000))))
    await rig.create("survivor")
    await eventually(lambda: _count(rig, "select count(*) from tasks", 1001), 60)
    await rig.stop()
    others = {"fieldSelector": "metadata.name!=survivor"}
    await rig.kube.sender.send("delete", "DELETE", TODOTASKS.path("default"), params=others)
    forget(old_plane)

    # The list is compared, and the process dies before the position was moved: the list is made again.
    before = await rig.position()
    await rig.start()
    await eventually(lambda: _moved(rig, before))
    await rig.stop()
    first = await _deleted(rig)
    await rig.execute(
        "update positions set resource_version = %s where source not like '%%/scope'", str(before)
    )
    await rig.start()
    await eventually(lambda: _moved(rig, before))

    assert await _deleted(rig) == first
    assert len(first) == 1000
    assert {id_.split(":")[0] for id_ in first} == uids
    assert await rig.story("survivor") == ["created"]


@pytest.mark.chaos
async def test_a_running_recorder_survives_a_server_that_comes_back_without_its_history(
    old_plane: Plane, rig: Rig
) -> None:
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    await rig.recorded(["created"])
    old_plane.kill_apiserver()
    old_plane.compact_etcd()
    old_plane.start_apiserver()

    await eventually(lambda: _edit(rig))

    story = await eventually(lambda: _longer(rig))
    assert [step.removesuffix(" coalesced") for step in story] == ["created", "updated"]


async def _edit(rig: Rig) -> bool:
    await rig.edit("rent", title="x")
    return True


async def _longer(rig: Rig) -> list[str] | None:
    rig.failed()
    story = await rig.story("rent")
    return story if len(story) > 1 else None


@pytest.mark.chaos
async def test_another_cluster_is_another_world(
    old_plane: Plane, rig: Rig, fresh_plane: Callable[[], Plane]
) -> None:
    """The database outlived its cluster: the position of the old one means nothing in the new one."""
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    await rig.recorded(["created"])
    await rig.stop()
    new = fresh_plane()
    async with KubeClient(KubeConfig.load(new.kubeconfig)) as kube:
        second = Rig(kube, rig.store, rig.database)
        await second.create("other")
        await second.start()
        await second.ready()
        try:
            assert await second.story("rent") == ["created", "deleted coalesced"]
            assert await second.story("other") == ["created coalesced"]
        finally:
            await second.stop()
    # And back: the position of the first cluster is there no more, and its mirror has been swept.
    await rig.start()
    await rig.ready()
    assert await rig.story("other") == ["created coalesced", "deleted coalesced"]
    assert await rig.query("select name from tasks where archived_at is null") == [("rent",)]


async def _deleted(rig: Rig) -> list[str]:
    return sorted(event.id for event in await rig.events() if event.type.endswith("task.deleted.v1"))


async def _count(rig: Rig, query: str, wanted: int) -> bool:
    return bool((await rig.query(query))[0][0] == wanted)


async def _moved(rig: Rig, before: int) -> bool:
    rig.failed()
    return await rig.position() > before
