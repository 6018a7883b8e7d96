"""Edits on the real API server: done once, never over somebody else's change, refused in plain words."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.edits.conftest import MakePerson, deletion_of, patch_of, task_there
from tests.support.plane import Plane
from todotasks.edits.cluster.apply import FIELD_MANAGER, apply
from todotasks.edits.model.edit import Edit
from todotasks.kube import KubeClient
from todotasks.kube.connection.sender import Sender
from todotasks.kube.errors import NotFound
from todotasks.kube.resources import TODOTASKS

Creation = Callable[..., Edit]


async def spec_of(kube: KubeClient, namespace: str, name: str) -> dict[str, Any]:
    found = await kube.get(TODOTASKS, name, namespace)
    return dict(found["spec"])


async def names_in(kube: KubeClient, namespace: str) -> set[str]:
    return {task["metadata"]["name"] for task in await kube.list_(TODOTASKS, namespace)}


# ── creating ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_new_task_is_made_as_its_manifest_says(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    (done,) = await apply(kube, [creation("rent", due="2026-03-01", tags=["home"])])
    assert done.result == "done"
    found = await kube.get(TODOTASKS, "rent", namespace)
    assert found["spec"] == {
        "title": "rent",
        "due": "2026-03-01",
        "tags": ["home"],
        "priority": "Medium",
        "completed": False,
    }
    assert found["metadata"]["managedFields"][0]["manager"] == FIELD_MANAGER


async def test_a_dry_run_is_checked_by_the_api_server_and_leaves_nothing(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    there = await task_there(kube, namespace, "there")
    edits = [creation("rent"), patch_of(there, priority="High"), creation("bad", due="tomorrow")]
    made, changed, refused = await apply(kube, edits, dry_run=True)
    assert (made.result, changed.result, refused.result) == ("dry-run", "dry-run", "refused")
    assert refused.problem is not None and "spec.due" in refused.problem.message
    assert await names_in(kube, namespace) == {"there"}
    assert (await spec_of(kube, namespace, "there"))["priority"] == "Medium"


async def test_a_taken_name_gets_a_number_and_the_command_says_so(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    await apply(kube, [creation("rent"), creation("rent")])
    (done,) = await apply(kube, [creation("rent")])
    assert done.edit.name == "rent-3"
    assert "name: rent-3" in done.edit.kubectl
    assert await names_in(kube, namespace) == {"rent", "rent-2", "rent-3"}


async def test_the_same_key_makes_one_task_also_when_its_name_was_taken(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    await task_there(kube, namespace, "rent")
    (first,) = await apply(kube, [creation("rent", key="abc")])
    (again,) = await apply(kube, [creation("rent", key="abc")])
    assert (first.result, first.edit.name) == ("done", "rent-2")
    assert (again.result, again.edit.name) == ("unchanged", "rent-2")
    assert await names_in(kube, namespace) == {"rent", "rent-2"}


async def test_two_at_once_with_the_same_key_make_one_task(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    await asyncio.gather(*(apply(kube, [creation("rent", key="abc")]) for _ in range(8)))
    assert await names_in(kube, namespace) == {"rent"}


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_patch_changes_its_fields_and_no_others(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent", due="2026-03-01", notes="by transfer")
    (done,) = await apply(kube, [patch_of(there, priority="High", due=None)])
    assert done.result == "done"
    spec = await spec_of(kube, namespace, "rent")
    assert spec == {"title": "rent", "priority": "High", "notes": "by transfer", "completed": False}


async def test_what_is_so_already_is_not_sent(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent", priority="High")
    (done,) = await apply(kube, [patch_of(there, priority="High")])
    assert done.result == "unchanged"
    found = await kube.get(TODOTASKS, "rent", namespace)
    assert found["metadata"]["resourceVersion"] == there["metadata"]["resourceVersion"]


async def test_somebody_elses_change_since_the_plan_is_not_overwritten(
    kube: KubeClient, namespace: str
) -> None:
    there = await task_there(kube, namespace, "rent")
    await kube.patch(TODOTASKS, "rent", {"spec": {"priority": "Low"}}, namespace)
    changed, gone = await apply(kube, [patch_of(there, priority="High"), deletion_of(there)])
    for done in (changed, gone):
        assert done.result == "refused"
        assert done.problem is not None and done.problem.reason == "Conflict"
        assert "“rent” was changed meanwhile by " in done.problem.message
    assert (await spec_of(kube, namespace, "rent"))["priority"] == "Low"


async def test_a_new_status_is_no_obstacle(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent")
    status = {"status": {"observedGeneration": 1}}
    await kube.patch(TODOTASKS, "rent", status, namespace, subresource="status")
    (done,) = await apply(kube, [patch_of(there, priority="High")])
    assert done.result == "done"


async def test_a_status_that_keeps_changing_does_not_starve_an_edit(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent")
    stop = asyncio.Event()

    async def write_statuses() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            status = {"status": {"observedGeneration": number}}
            await kube.patch(TODOTASKS, "rent", status, namespace, subresource="status")
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(write_statuses())
    try:
        (done,) = await apply(kube, [patch_of(there, priority="High")])
    finally:
        stop.set()
        await writing
    assert done.result == "done" or (done.problem is not None and done.problem.reason == "Conflict")


async def test_an_object_of_the_same_name_is_another_one(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent")
    await kube.delete(TODOTASKS, "rent", namespace)
    await task_there(kube, namespace, "rent")
    changed, gone = await apply(kube, [patch_of(there, priority="High"), deletion_of(there)])
    assert changed.problem is not None and "another object now" in changed.problem.message
    assert gone.result == "refused"
    assert (await spec_of(kube, namespace, "rent"))["priority"] == "Medium"


async def test_what_is_gone_cannot_be_changed_and_need_not_be_deleted(
    kube: KubeClient, namespace: str
) -> None:
    there = await task_there(kube, namespace, "rent")
    await kube.delete(TODOTASKS, "rent", namespace)
    changed, gone = await apply(kube, [patch_of(there, priority="High"), deletion_of(there)])
    assert changed.problem is not None and changed.problem.message == "“rent” is not there any more."
    assert gone.result == "unchanged"


async def test_many_edits_keep_their_order_in_the_report(kube: KubeClient, namespace: str) -> None:
    there = [await task_there(kube, namespace, f"task-{number}") for number in range(12)]
    counts: list[tuple[int, int]] = []

    async def report(done: int, total: int) -> None:
        counts.append((done, total))

    done = await apply(kube, [patch_of(each, completed=True) for each in there], report=report)
    assert [each.edit.name for each in done] == [f"task-{number}" for number in range(12)]
    assert {each.result for each in done} == {"done"}
    assert counts == [(number, 12) for number in range(1, 13)]


class Losing(Sender):
    """The first answer to each patch and delete is lost, and the request is sent again."""

    async def send(self, verb: Any, *args: Any, **options: Any) -> bytes:
        if verb in {"patch", "delete"}:
            await super().send(verb, *args, **options)
        return await super().send(verb, *args, **options)


async def test_what_was_done_although_its_answer_was_lost_can_be_undone(
    kube: KubeClient, namespace: str
) -> None:
    losing = KubeClient.through(Losing(**vars(kube.sender)))
    rent, bread = await task_there(kube, namespace, "rent"), await task_there(kube, namespace, "bread")
    changed, gone = await apply(losing, [patch_of(rent, priority="High"), deletion_of(bread)])
    assert (changed.result, gone.result) == ("done", "done")
    assert changed.before is not None and changed.before["spec"]["priority"] == "Medium"
    assert gone.before is not None and gone.before["spec"] == bread["spec"]
    assert await names_in(kube, namespace) == {"rent"}


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_viewer_is_told_which_role_is_missing_and_is_asked_about_once(
    kube: KubeClient, people: MakePerson, creation: Creation, namespace: str
) -> None:
    there = [await task_there(kube, namespace, f"task-{number}") for number in range(3)]
    viewer = people("vera", "view")
    edits = [creation("rent"), *(patch_of(each, completed=True) for each in there)]
    made, first, *others = await apply(viewer, edits)
    who = f"system:serviceaccount:{namespace}:vera"
    assert made.problem is not None and made.problem.message == (
        f"You may not create todotasks in namespace {namespace} (the API server says no to {who}): "
        "ask for a role with the verb create on todotasks.todotasks.dev."
    )
    assert first.problem is not None and first.problem.reason == "Forbidden"
    assert "the verb patch on todotasks.todotasks.dev" in first.problem.message
    assert {each.result for each in others} == {"planned"}
    assert await names_in(kube, namespace) == {"task-0", "task-1", "task-2"}
    assert not (await spec_of(kube, namespace, "task-0"))["completed"]


async def test_each_bad_field_is_named_with_what_is_accepted(kube: KubeClient, creation: Creation) -> None:
    (done,) = await apply(kube, [creation("rent", due="tomorrow", timeZone="Mars/Olympus Mons")])
    assert done.problem is not None and done.problem.reason == "Invalid"
    assert "spec.due: " in done.problem.message and "2026-11-21" in done.problem.message
    assert "spec.timeZone: " in done.problem.message


async def test_a_namespace_that_is_not_there_is_said_to_be_missing(
    kube: KubeClient, creation: Creation
) -> None:
    edit = creation("rent")
    manifest = {**(edit.manifest or {}), "metadata": {"name": "rent", "namespace": "nowhere"}}
    lost = Edit("create", "todotasks", "nowhere", "rent", title="rent", manifest=manifest)
    (done,) = await apply(kube, [lost])
    assert done.problem is not None and done.problem.message == "There is no namespace nowhere."


async def test_a_quota_says_that_the_namespace_is_full(
    kube: KubeClient, creation: Creation, plane: Plane, namespace: str
) -> None:
    plane.kubectl("create", "quota", "few", "-n", namespace, "--hard=count/todotasks.todotasks.dev=0")
    problem = None
    async with asyncio.timeout(60):
        while problem is None:
            (done,) = await apply(kube, [creation("rent")])
            problem = done.problem
            if problem is None:
                await kube.delete(TODOTASKS, done.edit.name, namespace)
                await asyncio.sleep(0.2)
    assert problem.reason == "QuotaExceeded"
    assert problem.message.startswith("The namespace is full: exceeded quota: few")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
async def test_a_token_that_is_not_accepted_stops_the_message(
    kube: KubeClient, creation: Creation, namespace: str, token: str
) -> None:
    first, second = await apply(kube.as_caller(token), [creation("a"), creation("b")])
    assert first.problem is not None and first.problem.reason == "Unauthorized"
    assert second.result == "planned"
    with pytest.raises(NotFound):
        await kube.get(TODOTASKS, "a", namespace)
