"""PostgreSQL is away: the recorder waits and loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from tests.integration.recorder.rig import Rig, eventually
from todo_cli.local.backing.postgres import Postgres
from todotasks.events.data import TaskChanged
from todotasks.kube import KubeClient
from todotasks.store import Store


@pytest.fixture
def server(fresh_postgres: Callable[[], Postgres]) -> Postgres:
    return fresh_postgres()


@pytest.fixture
async def rig(kube: KubeClient, server: Postgres, namespace: str) -> AsyncIterator[Rig]:
    async with await Store.open(server.url("postgres")) as store:
        await store.migrate()
        made = Rig(kube, store, None, namespace)
        yield made
        await made.stop()


@pytest.mark.chaos
async def test_a_database_that_comes_back_gets_everything_in_order(rig: Rig, server: Postgres) -> None:
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    await rig.recorded(["created"])

    server.kill()
    for number in range(20):
        await rig.edit("rent", title=f"title {number}")
    recorder = rig.recorder
    assert recorder is not None
    reason = await eventually(recorder.unready)
    assert "todotasks are not recorded: " in reason
    assert "postgresql://" not in reason
    server.start()
    server.wait_ready()

    events = await rig.recorded(["created", *["updated"] * 20])
    assert [e.read(TaskChanged).task.spec.title for e in events[1:]] == [f"title {n}" for n in range(20)]
    await eventually(lambda: recorder.unready() is None)


@pytest.mark.chaos
async def test_a_database_that_is_killed_again_and_again_gets_everything_once(
    rig: Rig, server: Postgres
) -> None:
    await rig.start()
    await rig.ready()
    await rig.create("rent")

    async def edit() -> None:
        for number in range(150):
            await rig.edit("rent", title=f"title {number}")
            await asyncio.sleep(0.02)

    editing = asyncio.create_task(edit())
    for _ in range(4):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.wait_ready)
    await editing

    events = await rig.recorded(["created", *["updated"] * 150])
    assert len({event.id for event in events}) == 151


@pytest.mark.chaos
async def test_a_database_that_is_not_there_at_the_start_is_waited_for(
    rig: Rig, server: Postgres, kube: KubeClient
) -> None:
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    await rig.recorded(["created"])
    await rig.stop()
    epoch = rig.epoch
    server.kill()
    async with await Store.open(server.url("postgres")) as store:
        late = Rig(kube, store, None, rig.namespace)
        late.start_as(epoch)
        recorder = late.recorder
        assert recorder is not None
        await eventually(lambda: "not recorded: " in (recorder.unready() or ""))
        server.start()
        server.wait_ready()
        await late.ready()
        await late.edit("rent", title="x")
        await late.recorded(["created", "updated"])
        await late.stop()


@pytest.mark.chaos
async def test_the_connection_may_break_at_any_moment(rig: Rig, server: Postgres) -> None:
    """Every backend is terminated, many times, while changes come in: commits end up in doubt."""
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    done = asyncio.Event()

    async def terminate() -> None:
        url = server.url("postgres")
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as administrator:
            while not done.is_set():
                await administrator.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where pid <> pg_backend_pid() and application_name = 'todotasks'"
                )
                await asyncio.sleep(0.015)

    terminating = asyncio.create_task(terminate())
    for number in range(200):
        await rig.edit("rent", title=f"title {number}")
    done.set()
    await terminating

    events = await rig.recorded(["created", *["updated"] * 200])
    assert len({event.id for event in events}) == 201
