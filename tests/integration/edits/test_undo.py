"""Undo on the real API server: the state before comes back, unless somebody has changed it since."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from tests.integration.edits.conftest import MakePerson, deletion_of, patch_of, task_there
from todotasks.edits.cluster.apply import apply
from todotasks.edits.cluster.undo import (
    Undoing,
    following,
    plan_undo,
    remember,
)
from todotasks.edits.model.conversation import Undoable
from todotasks.edits.model.edit import Edit
from todotasks.kube import KubeClient
from todotasks.kube.errors import NotFound
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS

Creation = Callable[..., Edit]


async def do(client: KubeClient, edits: Sequence[Edit]) -> tuple[Undoable, ...]:
    """Do the edits; what undo remembers of them, having been stored and read again."""
    done = await apply(client, edits)
    assert {each.result for each in done} == {"done"}, done
    kept = tuple(undoable for each in done if (undoable := remember(each)) is not None)
    return msgspec.json.decode(msgspec.json.encode(kept), type=tuple[Undoable, ...])


async def undo(client: KubeClient, message: Sequence[Undoable]) -> Undoing:
    undoing = await plan_undo(client, message)
    if not undoing.problems:
        for done in await apply(client, undoing.edits):
            assert done.result == "done", done.problem
    return undoing


async def spec_of(kube: KubeClient, namespace: str, name: str) -> dict[str, Any]:
    return dict((await kube.get(TODOTASKS, name, namespace))["spec"])


async def test_what_was_created_is_deleted(kube: KubeClient, creation: Creation, namespace: str) -> None:
    message = await do(kube, [creation("rent", due="2026-03-01")])
    await undo(kube, message)
    with pytest.raises(NotFound):
        await kube.get(TODOTASKS, "rent", namespace)


async def test_what_was_created_and_changed_since_stays(
    kube: KubeClient, people: MakePerson, creation: Creation, namespace: str
) -> None:
    message = await do(kube, [creation("rent"), creation("bread")])
    await people("ana", "edit").patch(TODOTASKS, "rent", {"spec": {"priority": "Urgent"}}, namespace)
    undoing = await undo(kube, message)
    who = f"system:serviceaccount:{namespace}:ana"
    assert [each.message for each in undoing.problems] == [
        f"“rent” was changed since by {who} (spec.priority), so nothing was taken back."
    ]
    assert undoing.problems[0].field == "spec.priority"
    assert await spec_of(kube, namespace, "bread"), "a message is taken back wholly or not at all"


async def test_fields_get_back_what_they_were_and_others_keep_what_they_are(
    kube: KubeClient, namespace: str
) -> None:
    there = await task_there(kube, namespace, "rent", due="2026-03-01", tags=["home", "money"])
    message = await do(kube, [patch_of(there, due=None, tags=["home"], project="flat", priority="High")])
    await kube.patch(TODOTASKS, "rent", {"spec": {"notes": "by transfer"}}, namespace)
    await undo(kube, message)
    assert await spec_of(kube, namespace, "rent") == {**there["spec"], "notes": "by transfer"}


async def test_a_field_that_somebody_has_changed_since_is_theirs(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent", due="2026-03-01")
    message = await do(kube, [patch_of(there, due="2026-03-02", priority="High")])
    await kube.patch(TODOTASKS, "rent", {"spec": {"due": "2026-03-09"}}, namespace)
    undoing = await undo(kube, message)
    assert "(spec.due)" in undoing.problems[0].message
    spec = await spec_of(kube, namespace, "rent")
    assert (spec["due"], spec["priority"]) == ("2026-03-09", "High")


async def test_what_is_as_before_already_needs_no_edit(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent")
    message = await do(kube, [patch_of(there, completed=True)])
    await kube.patch(TODOTASKS, "rent", {"spec": {"completed": False}}, namespace)
    assert await undo(kube, message) == Undoing()


async def test_a_deleted_task_is_made_again_as_it_was(kube: KubeClient, namespace: str) -> None:
    body = {
        "metadata": {
            "name": "rent",
            "labels": {"example.com/kept": "yes"},
            "annotations": {"example.com/why": "so"},
        },
        "spec": {"title": "Pay rent", "tags": ["home"], "reminders": [{"at": "2026-03-01T09:00"}]},
    }
    there = await kube.create(TODOTASKS, body, namespace)
    message = await do(kube, [deletion_of(there)])
    undoing = await undo(kube, message)
    again = await kube.get(TODOTASKS, "rent", namespace)
    assert again["spec"] == there["spec"]
    assert again["metadata"]["labels"] == there["metadata"]["labels"]
    assert again["metadata"]["annotations"]["example.com/why"] == "so"
    assert again["metadata"]["uid"] != there["metadata"]["uid"]
    assert undoing.remarks == ("“Pay rent” is a new object: its status begins anew.",)


async def test_a_deleted_task_whose_name_is_taken_is_not_made_again(kube: KubeClient, namespace: str) -> None:
    there = await task_there(kube, namespace, "rent")
    message = await do(kube, [deletion_of(there)])
    await task_there(kube, namespace, "rent", notes="another one")
    undoing = await undo(kube, message)
    assert "is the name of another object now" in undoing.problems[0].message
    assert (await spec_of(kube, namespace, "rent"))["notes"] == "another one"


@pytest.mark.parametrize("owner_stays", [True, False], ids=["its rule is there", "its rule is gone"])
async def test_an_occurrence_comes_back_to_its_rule_if_that_is_there(
    kube: KubeClient, namespace: str, owner_stays: bool
) -> None:
    rule = await kube.create(
        RECURRENCERULES,
        {
            "metadata": {"name": "water"},
            "spec": {"rrule": "FREQ=DAILY", "template": {"spec": {"title": "Water"}}},
        },
        namespace,
    )
    owner = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "RecurrenceRule",
        "name": "water",
        "uid": rule["metadata"]["uid"],
        "controller": True,
    }
    body = {
        "metadata": {"name": "water-1", "ownerReferences": [owner]},
        "spec": {"title": "Water"},
    }
    message = await do(kube, [deletion_of(await kube.create(TODOTASKS, body, namespace))])
    if not owner_stays:
        await kube.delete(RECURRENCERULES, "water", namespace)
    await undo(kube, message)
    again = await kube.get(TODOTASKS, "water-1", namespace)
    assert again["metadata"].get("ownerReferences") == ([owner] if owner_stays else None)


async def test_who_may_no_longer_look_takes_nothing_back(
    kube: KubeClient, people: MakePerson, creation: Creation, namespace: str
) -> None:
    message = await do(kube, [creation("rent")])
    undoing = await undo(people("mallory"), message)
    assert undoing.problems[0].reason == "Forbidden"
    assert await spec_of(kube, namespace, "rent")


async def test_several_messages_are_taken_back_one_after_the_other(
    kube: KubeClient, creation: Creation, namespace: str
) -> None:
    first = await do(kube, [creation("rent")])
    there = await kube.get(TODOTASKS, "rent", namespace)
    second = await do(kube, [patch_of(there, priority="High")])
    third = await do(kube, [deletion_of(await kube.get(TODOTASKS, "rent", namespace))])
    undoing = await undo(kube, third)
    again = await kube.get(TODOTASKS, "rent", namespace)
    assert undoing.edits[0].verb == "create"
    made = {third[0].uid: again["metadata"]["uid"]}
    earlier = following((second, first), made)
    await undo(kube, earlier[0])
    assert (await spec_of(kube, namespace, "rent"))["priority"] == "Medium"
    await undo(kube, earlier[1])
    with pytest.raises(NotFound):
        await kube.get(TODOTASKS, "rent", namespace)


# ── what a completion has brought about ──────────────────────────────────────────────────────────────
async def test_who_takes_back_a_completion_hears_of_the_successor_that_was_made_meanwhile(
    kube: KubeClient, namespace: str
) -> None:
    rule = await kube.create(
        RECURRENCERULES,
        {
            "metadata": {"name": "water"},
            "spec": {"rrule": "FREQ=DAILY", "basis": "Completion", "template": {"spec": {"title": "water"}}},
        },
        namespace,
    )
    owner = {
        "apiVersion": RECURRENCERULES.api_version,
        "kind": RECURRENCERULES.kind,
        "name": "water",
        "uid": rule["metadata"]["uid"],
        "controller": True,
    }

    async def occurrence(name: str, due: str) -> dict[str, Any]:
        body = {
            "metadata": {"name": name, "ownerReferences": [owner]},
            "spec": {"title": "water", "due": due},
        }
        return await kube.create(TODOTASKS, body, namespace)

    message = await do(kube, [patch_of(await occurrence("water-1", "2026-03-04"), completed=True)])
    assert (await plan_undo(kube, message)).remarks == (), "nothing was made yet"
    await occurrence("water-2", "2026-03-05")
    undoing = await undo(kube, message)
    assert undoing.remarks == (
        "“water” comes back from when it is done, and the one after it was made already (due 2026-03-05): "
        "both are open. Delete that one if it is not wanted yet: water-2.",
    )
    assert not (await spec_of(kube, namespace, "water-1"))["completed"]
    await kube.patch(RECURRENCERULES, "water", {"spec": {"basis": "Schedule"}}, namespace)
    again = await do(kube, [patch_of(await kube.get(TODOTASKS, "water-1", namespace), completed=True)])
    assert (await plan_undo(kube, again)).remarks == (), "a schedule does not wait for completions"
