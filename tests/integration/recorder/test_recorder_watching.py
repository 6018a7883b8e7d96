"""The recorder on a watch: what it says, what it keeps, and what it survives."""

import asyncio
import base64
import json
import random
import string
from typing import Any

import pytest

from tests.integration.recorder.rig import LEADER, Rig, eventually
from tests.support.plane import Plane
from todotasks.events import decode
from todotasks.events.data import TaskChanged, TaskDeleted, TaskSnapshot
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS
from todotasks.store import Fenced


@pytest.fixture
async def running(rig: Rig) -> Rig:
    await rig.start()
    await rig.ready()
    return rig


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────
async def test_each_step_of_a_task_is_an_event_and_its_end_a_tombstone(running: Rig) -> None:
    created = await running.create("rent")
    updated = await running.edit("rent", title="Pay the rent")
    completed = await running.edit("rent", completed=True)
    await running.delete("rent")

    events = await running.recorded(["created", "updated", "completed", "deleted"])

    uid = created.metadata.uid
    versions = [int(event.sequence or 0) for event in events]
    assert versions[:3] == [int(t.metadata.resource_version) for t in (created, updated, completed)]
    assert versions == sorted(versions)
    assert {event.partitionkey for event in events} == {uid}
    assert events[1].read(TaskChanged).previous == {"spec": {"title": "rent"}}
    assert events[3].read(TaskDeleted).task.spec.title == "Pay the rent"
    updates = [row for row in await running.rows() if row.topic == "task-updates"]
    assert updates[-1].value is None
    assert {row.key for row in updates} == {uid}


async def test_the_mirror_follows(running: Rig) -> None:
    row = await running.mirrored(await running.create("rent", priority="High"))
    assert (row["name"], row["title"], row["completed"], row["archived_at"]) == ("rent", "rent", False, None)
    row = await running.mirrored(await running.edit("rent", completed=True))
    assert row["completed"] is True
    await running.delete("rent")
    gone = await eventually(
        lambda: running.query("select archive_reason from tasks where archived_at is not null")
    )
    assert gone == [("Deleted",)]


async def test_the_mirror_keeps_what_the_api_server_stores(running: Rig) -> None:
    task = await running.create("rent", due="2030-01-01")
    document = (await running.mirrored(task))["doc"]
    stored = await running.kube.get(TODOTASKS, "rent", running.namespace)
    stored["metadata"].pop("managedFields")
    assert document == stored


async def test_a_change_of_status_is_mirrored_and_no_update(running: Rig) -> None:
    await running.create("rent")
    late: dict[str, Any] = {"type": "Overdue", "status": "True", "reason": "PastDue", "message": "Late."}
    late |= {"lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1}
    task = await running.edit_status("rent", observedGeneration=1, conditions=[late])

    row = await running.mirrored(task)

    assert row["overdue"] is True
    assert await running.story("rent") == ["created"]
    snapshots = [decode(r.value) for r in await running.rows() if r.topic == "task-updates" and r.value]
    assert snapshots[-1].read(TaskSnapshot).task.status == task.status


async def test_who_asked_is_told(running: Rig) -> None:
    await running.create("rent")
    (event,) = await running.recorded(["created"])
    # The admission policy stamps it where the server has such policies.
    stamped = (await running.kube.get(TODOTASKS, "rent", running.namespace))["metadata"].get(
        "annotations", {}
    )
    assert event.actor == stamped.get("todotasks.dev/last-actor")


async def test_rules_reminders_and_channels_are_recorded_too(running: Rig) -> None:
    task = await running.create("rent")
    await running.mirrored(task)
    rule = {"cron": "0 9 * * *", "template": {"spec": {"title": "x"}}}
    bodies: list[tuple[Any, str, dict[str, Any]]] = [
        (RECURRENCERULES, "daily", rule),
        (REMINDERS, "ping", {"taskRef": {"name": "rent"}, "at": "2030-01-01T09:00:00Z"}),
        (NOTIFICATIONCHANNELS, "mail", {"email": {"to": ["ada@example.com"]}}),
    ]
    for resource, name, spec in bodies:
        await running.kube.create(resource, {"metadata": {"name": name}, "spec": spec}, running.namespace)
    await running.kube.patch(
        REMINDERS,
        "ping",
        {"status": {"fireTime": "2030-01-01T09:00:00Z"}},
        running.namespace,
        subresource="status",
    )

    await running.recorded(["created"], "daily")
    (event,) = await running.recorded(["scheduled"], "ping")

    assert event.partitionkey == task.metadata.uid
    kinds = await eventually(lambda: _three(running))
    assert kinds == [("NotificationChannel", "mail"), ("RecurrenceRule", "daily"), ("Reminder", "ping")]


async def _three(rig: Rig) -> list[tuple[Any, ...]] | None:
    found = await rig.query("select kind, name from objects order by kind")
    return found if len(found) == 3 else None


async def test_a_thousand_deletions_are_a_thousand_events_and_tombstones(running: Rig) -> None:
    gate = asyncio.Semaphore(40)

    async def create(number: int) -> None:
        async with gate:
            await running.create(f"task-{number}")

    await asyncio.gather(*(create(number) for number in range(1000)))
    path = TODOTASKS.path(running.namespace)
    await running.kube.sender.send("delete", "DELETE", path)

    async def all_deleted() -> bool:
        running.failed()
        found = await running.query("select count(*) from outbox where id like '%%:task.deleted.v1'")
        return bool(found[0][0] >= 1000)

    await eventually(all_deleted, 60)
    rows = await running.rows()
    deleted = [row for row in rows if row.id.endswith(":task.deleted.v1")]
    tombstones = [row for row in rows if row.value is None]
    assert (len(deleted), len({row.key for row in deleted})) == (1000, 1000)
    assert (len(tombstones), len({row.key for row in tombstones})) == (1000, 1000)
    assert await running.query("select count(*) from tasks where archived_at is null") == [(0,)]


# ── stopping and starting ────────────────────────────────────────────────────────────────────────────
async def test_a_restart_sees_every_state_in_between_and_lists_nothing(rig: Rig) -> None:
    await rig.start()
    await rig.ready()
    await rig.create("rent")
    await rig.recorded(["created"])
    await rig.stop()

    for number in range(5):
        await rig.edit("rent", title=f"title {number}")
    await rig.create("other")
    await rig.delete("other")
    await rig.start()

    events = await rig.recorded(["created", *["updated"] * 5])
    assert [event.read(TaskChanged).task.spec.title for event in events[1:]] == [
        f"title {n}" for n in range(5)
    ]
    assert await rig.story("other") == ["created", "deleted"]


async def test_a_restart_after_which_nothing_happened_says_nothing(rig: Rig) -> None:
    await rig.start()
    await rig.ready()
    await rig.mirrored(await rig.create("rent"))
    await rig.stop()
    before = await rig.rows()
    await rig.start()
    await rig.ready()
    await rig.recorded(["created"])
    assert await rig.rows() == before


async def test_what_there_was_is_told_by_a_list_and_after_that_only_what_is_new(rig: Rig) -> None:
    await rig.create("rent")
    await rig.create("tax")
    await rig.start()
    await rig.ready()
    assert sorted(_names(rig)) == ["rent", "tax"]
    await rig.recorded(["created coalesced"])
    await rig.stop()
    await rig.delete("tax")

    await rig.start()
    await rig.ready()

    told = await eventually(lambda: [(c.type, c.object.metadata.name) for _, c in rig.told])
    assert told == [("DELETED", "tax")]


def _names(rig: Rig) -> list[str]:
    return [change.object.metadata.name for kind, change in rig.told if kind == "TodoTask"]


async def test_a_batch_whose_commit_was_in_doubt_is_not_told_twice(rig: Rig) -> None:
    """The position goes back, as if the answer to the commit had been lost: everything is seen again."""
    await rig.start()
    await rig.ready()
    start = await rig.position()
    await rig.create("rent")
    await rig.edit("rent", completed=True)
    await rig.create("tax")
    await rig.delete("tax")
    await rig.recorded(["created", "deleted"], "tax")
    await rig.stop()
    before = [row.id for row in await rig.rows()]
    await rig.execute(
        "update positions set resource_version = %s where source not like '%%/scope'", str(start)
    )

    await rig.start()
    await rig.ready()
    await rig.edit("rent", title="x")

    await rig.recorded(["created", "completed", "updated"])
    after = [row.id for row in await rig.rows()]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)


async def test_a_leader_that_was_replaced_stops_and_writes_nothing(rig: Rig) -> None:
    await rig.start()
    await rig.ready()
    await rig.store.take_leadership(LEADER, "somebody else")
    await rig.create("rent")
    assert isinstance(await rig.outcome(), Fenced)
    assert await rig.rows() == []
    assert await rig.query("select * from tasks") == []


# ── bad input ────────────────────────────────────────────────────────────────────────────────────────
def put(plane: Plane, namespace: str, name: str, task: dict[str, Any]) -> None:
    """Write around the API server and all its rules, straight into etcd."""
    key = f"/registry/todotasks.dev/todotasks/{namespace}/{name}"
    plane._etcd(
        "/v3/kv/put",
        {
            "key": base64.b64encode(key.encode()).decode(),
            "value": base64.b64encode(json.dumps(task).encode()).decode(),
        },
    )


async def test_an_object_that_cannot_be_read_is_a_dead_letter_and_stops_nobody(
    plane: Plane, running: Rig
) -> None:
    await running.create("rent")
    stored = await running.kube.get(TODOTASKS, "rent", running.namespace)
    del stored["metadata"]["resourceVersion"]
    put(plane, running.namespace, "rent", stored | {"spec": {"title": ["not", "text"]}})
    await running.create("neighbour")

    await running.recorded(["created"], "neighbour")
    ((id_, error, value),) = await eventually(running.letters)

    assert id_.startswith(stored["metadata"]["uid"])
    assert f"{running.namespace}/rent" in error
    assert "spec.title" in error
    assert json.loads(value)["spec"]["title"] == ["not", "text"]
    # Its end is told all the same, from the last state that could be read.
    await running.delete("rent")
    events = await running.recorded(["created", "deleted"])
    assert events[-1].read(TaskDeleted).task.spec.title == "rent"


async def test_an_object_that_the_database_refuses_is_a_dead_letter_and_stops_nobody(
    plane: Plane, running: Rig
) -> None:
    await running.create("model")
    stored = await running.kube.get(TODOTASKS, "model", running.namespace)
    del stored["metadata"]["resourceVersion"]
    # A name that no index takes; the API server would never let it pass.
    name = "".join(random.Random(7).choices(string.ascii_lowercase, k=6000))
    stored["metadata"] |= {"name": name, "uid": "11111111-2222-4333-8444-555555555555"}
    put(plane, running.namespace, name, stored)
    await running.create("neighbour")

    await running.recorded(["created"], "neighbour")
    ((id_, error, _),) = await eventually(running.letters)

    assert id_.startswith("11111111-2222-4333-8444-555555555555")
    assert "index row" in error
    assert await running.events(name) == []


@pytest.mark.parametrize("damage", ["null", "'7'", """'{"metadata":{"name":"rent"},"spec":{"title":7}}'"""])
async def test_a_damaged_row_is_healed_by_the_next_change_and_the_task_is_not_born_again(
    running: Rig, damage: str
) -> None:
    await running.mirrored(await running.create("rent"))
    await running.execute(f"update tasks set doc = {damage}::jsonb")

    row = await running.mirrored(await running.edit("rent", title="Healed"))

    assert row["doc"]["spec"]["title"] == "Healed"
    await running.recorded(["created", "updated coalesced"])


@pytest.mark.parametrize("damage", ["null", "'[]'", """'{"metadata":7}'"""])
async def test_a_damaged_row_is_healed_at_the_next_start_and_nothing_is_told(rig: Rig, damage: str) -> None:
    await rig.start()
    await rig.ready()
    await rig.mirrored(await rig.create("rent"))
    await rig.mirrored(await rig.create("neighbour"))
    await rig.stop()
    await rig.execute(f"update tasks set doc = {damage}::jsonb where name = 'rent'")

    await rig.start()
    await rig.ready()

    title = "select doc->'spec'->>'title' from tasks where name = 'rent' and doc->'spec' is not null"

    async def healed() -> list[tuple[str]]:
        rig.failed()
        return await rig.query(title)

    assert await eventually(healed) == [("rent",)]
    # And from then on it is followed as before.
    await rig.mirrored(await rig.create("another"))
    assert await rig.story("rent") == ["created"]
    assert await rig.story("neighbour") == ["created"]


async def test_an_object_of_a_list_that_is_refused_for_a_reason_nobody_knows_stops_nobody(rig: Rig) -> None:
    """As in a watch, it is found by halving."""
    for name in ("first", "bad", "third", "fourth", "fifth"):
        await rig.create(name)
    await rig.execute(
        """create function refuse() returns trigger language plpgsql as
        $$ begin if new.name = 'bad' then raise exception 'not this one'; end if; return new; end $$"""
    )
    await rig.execute("create trigger refuse before insert on tasks for each row execute function refuse()")

    await rig.start()
    await rig.ready()

    for name in ("first", "third", "fourth", "fifth"):
        await rig.recorded(["created coalesced"], name)
    ((_, error, value),) = await eventually(rig.letters)
    assert "not this one" in error
    assert json.loads(value)["metadata"]["name"] == "bad"
    assert await rig.events("bad") == []
