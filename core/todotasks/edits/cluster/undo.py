"""Taking back: what is remembered of a done edit, and the edits that restore the state before.

    EditResult ── remember ──▶ Undoable ── plan_undo(client, …) ──▶ Undoing(edits | problems) ── apply

- A created object is deleted, a patched one gets its former fields back, a deleted one is made again (a new
  object: its uid and its status are new).
- Whoever changed the same thing since has the last word: then nothing of the message is taken back, and it
  is said what was changed, and by whom if the API server stamps that. Other fields may have changed.
- All is looked at before anything is sent. What is sent names uid and resourceVersion as every edit does,
  so a change in between is a Conflict.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from todotasks.api import TodoTask
from todotasks.edits.cluster.apply import AT_ONCE, RESOURCES, by
from todotasks.edits.model.conversation import Undoable
from todotasks.edits.model.edit import Document, Edit, EditResult, Problem, Verb
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.model.merge import difference, part
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.formatting import clean, quoted, quoted_list
from todotasks.kube import KubeClient, Resource
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.resources import BY_KIND, RECURRENCERULES, TODOTASKS

MOST_UNDO_BYTES = 256 * 1024  # of one conversation, all messages together

# What the API server writes; whoever makes the object again does not give it.
_SERVERS_OWN = (
    "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undoing:
    """What would take a message back. With problems, nothing of it is done."""

    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()


# ── what is remembered ───────────────────────────────────────────────────────────────────────────────
def remember(done: EditResult) -> Undoable | None:
    """Of an edit that was done; None where there is nothing to take back."""
    edit = done.edit
    if done.result != "done":
        return None
    subject = done.after or done.before or {}
    metadata = subject.get("metadata") or {}
    before, after = done.before, done.after
    if edit.verb == "patch":
        touched = list((edit.patch or {}).get("spec") or {})
        before = {"spec": part((before or {}).get("spec") or {}, touched)}
        after = {"spec": part((after or {}).get("spec") or {}, touched)}
    elif edit.verb == "create":
        before, after = None, {"spec": (after or {}).get("spec") or {}}
    else:
        before, after = bare(before or {}), None
    return Undoable(
        verb=edit.verb,
        resource=edit.resource,
        namespace=edit.namespace,
        name=edit.name,
        title=edit.title,
        uid=str(metadata.get("uid", "")),
        resource_version=str(metadata.get("resourceVersion", "")),
        generation=int(metadata.get("generation", 0)),
        before=before,
        after=after,
    )


def remember_message(
    history: tuple[tuple[Undoable, ...], ...], done: Sequence[EditResult], most: int
) -> tuple[tuple[tuple[Undoable, ...], ...], bool]:
    """The history with a message's edits in front, within its bounds; and whether they found room."""
    new = folded([undoable for each in done if (undoable := remember(each)) is not None])
    if not new:
        return history, False
    kept: list[tuple[Undoable, ...]] = []
    room = MOST_UNDO_BYTES
    for message in (new, *history)[:most]:
        room -= len(msgspec.json.encode(message))
        if room < 0:
            break  # older ones go too: undo goes back step by step
        kept.append(message)
    return tuple(kept), bool(kept)


def folded(message: Sequence[Undoable]) -> tuple[Undoable, ...]:
    """One entry for each object: what was there before the first edit of it, and what after the last."""
    by_uid: dict[str, Undoable] = {}
    for one in message:
        earlier = by_uid.pop(one.uid, None)
        both = one if earlier is None else _one_after_the_other(earlier, one)
        if both is not None:
            by_uid[both.uid] = both
    return tuple(by_uid.values())


def _one_after_the_other(first: Undoable, second: Undoable) -> Undoable | None:
    """None: made and deleted, nothing is left of it."""
    fields_of_first = {**_spec(first.before), **_spec(first.after)}
    fields_of_second = {**_spec(second.before), **_spec(second.after)}
    # What the first did not touch was before as the second found it, and so the other way round.
    before = {**_without(_spec(second.before), fields_of_first), **_spec(first.before)}
    after = {**_without(_spec(first.after), fields_of_second), **_spec(second.after)}
    match first.verb, second.verb:
        case "create", "delete":
            return None
        case "create", _:
            return msgspec.structs.replace(second, verb="create", before=None, after={"spec": after})
        case _, "delete":
            # All of the object is in `second.before`; the first edit is taken back in it.
            return msgspec.structs.replace(second, before={**(second.before or {}), "spec": before})
        case _:
            return msgspec.structs.replace(second, before={"spec": before}, after={"spec": after})


def _spec(document: Document | None) -> Document:
    return dict((document or {}).get("spec") or {})


def _without(document: Document, fields: Document) -> Document:
    return {key: value for key, value in document.items() if key not in fields}


def following(
    history: tuple[tuple[Undoable, ...], ...], made: dict[str, str]
) -> tuple[tuple[Undoable, ...], ...]:
    """The history of objects that were made again: `made` has the new uid of each old one."""
    return tuple(
        tuple(msgspec.structs.replace(one, uid=made.get(one.uid, one.uid)) for one in message)
        for message in history
    )


def bare(document: Document) -> Document:
    """An object as a person would write it: without what the API server and the operator add."""
    metadata = {
        key: value for key, value in (document.get("metadata") or {}).items() if key not in _SERVERS_OWN
    }
    kept = {key: value for key, value in document.items() if key not in {"status", "metadata"}}
    return {**kept, "metadata": metadata}


# ── taking back ──────────────────────────────────────────────────────────────────────────────────────
async def plan_undo(client: KubeClient, message: Sequence[Undoable]) -> Undoing:
    """Look at each object, the newest edit first, and decide. Nothing is written."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(undoable: Undoable) -> Edit | Problem | None:
        async with gate:
            try:
                return await _take_back(client, undoable)
            except KubeError as error:
                return problem_of(error, namespace=undoable.namespace, what=_title(undoable))

    edits: list[Edit] = []
    problems: list[Problem] = []
    remarks: list[str] = []
    for found in await asyncio.gather(*(one(undoable) for undoable in reversed(message))):
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            edits.append(msgspec.structs.replace(found, kubectl=command_line(found)))
    if made := [edit.title or edit.name for edit in edits if edit.verb == "create"]:
        new = (
            "is a new object: its status begins" if len(made) == 1 else "are new objects: their status begins"
        )
        remarks.append(f"{quoted_list(made)} {new} anew.")
    remarks += [remark for one in message if (remark := await _successor(client, one)) is not None]
    return Undoing(tuple(edits), tuple(problems), tuple(remarks))


async def _successor(client: KubeClient, undoable: Undoable) -> str | None:
    """Says so where a task that is reopened has a successor by now: of a rule that counts from completions
    both are open then. It is not deleted: it may have been changed, and the rule would count on from it."""
    was, became = _spec(undoable.before), _spec(undoable.after)
    if undoable.resource != "todotasks" or was.get("completed") or not became.get("completed"):
        return None
    try:
        task = await client.get(TODOTASKS, undoable.name, undoable.namespace)
        owner = next((o for o in task["metadata"].get("ownerReferences", ()) if o.get("controller")), None)
        if owner is None or owner.get("kind") != RECURRENCERULES.kind:
            return None
        rule = await client.get(RECURRENCERULES, owner["name"], undoable.namespace)
        if rule["spec"].get("basis") != "Completion":
            return None
        selector = "spec.completed=false"
        open_ones = await client.list_(TODOTASKS, undoable.namespace, field_selector=selector, type=TodoTask)
    except KubeError:
        return None  # it is only a remark
    later = [
        each
        for each in open_ones
        if each.metadata.is_controlled_by(owner["uid"]) and each.metadata.uid != undoable.uid
    ]
    if not later:
        return None
    due = clean(later[0].spec.due or "")
    return (
        f"{_title(undoable)} comes back from when it is done, and the one after it was made already "
        f"(due {due}): both are open. Delete that one if it is not wanted yet: {later[0].metadata.name}."
    )


async def _take_back(client: KubeClient, undoable: Undoable) -> Edit | Problem | None:
    """None: it is as before already."""
    resource = RESOURCES[undoable.resource]
    try:
        present = await client.get(resource, undoable.name, undoable.namespace)
    except NotFound:
        present = None
    match undoable.verb:
        case "create":
            return _uncreate(undoable, present)
        case "delete":
            return await _undelete(client, resource, undoable, present)
        case _:
            return _unpatch(undoable, present)


def _uncreate(undoable: Undoable, present: Document | None) -> Edit | Problem | None:
    if present is None or present["metadata"]["uid"] != undoable.uid:
        return None  # somebody deleted it
    wanted = (undoable.after or {}).get("spec") or {}
    if present.get("spec") != wanted:
        return _changed(undoable, present, _differing(present.get("spec") or {}, wanted))
    return _edit("delete", undoable, present)


def _unpatch(undoable: Undoable, present: Document | None) -> Edit | Problem | None:
    if present is None or present["metadata"]["uid"] != undoable.uid:
        text = f"{_title(undoable)} is not there any more, so nothing was taken back."
        return Problem(reason="NotFound", message=text, status=404)
    before = (undoable.before or {}).get("spec") or {}
    after = (undoable.after or {}).get("spec") or {}
    now = part(present.get("spec") or {}, [*before, *after])
    if now == before:
        return None
    if now != after:
        return _changed(undoable, present, _differing(now, after))
    return _edit("patch", undoable, present, patch={"spec": difference(now, before)})


async def _undelete(
    client: KubeClient, resource: Resource, undoable: Undoable, present: Document | None
) -> Edit | Problem | None:
    if present is not None:
        if present["metadata"]["uid"] == undoable.uid and "deletionTimestamp" not in present["metadata"]:
            return None
        text = f"{undoable.name} is the name of another object now, so {_title(undoable)} was not made again."
        return Problem(reason="Conflict", message=text, status=409)
    before = undoable.before or {}
    metadata: dict[str, Any] = dict(before.get("metadata") or {})
    owners = [
        owner for owner in metadata.pop("ownerReferences", ()) if await _is_there(client, owner, undoable)
    ]
    if owners:
        metadata["ownerReferences"] = owners
    manifest = {
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "metadata": metadata,
        "spec": before.get("spec") or {},
    }
    return _edit("create", undoable, None, manifest=manifest)


async def _is_there(client: KubeClient, owner: Document, undoable: Undoable) -> bool:
    """An object whose owner is gone would be collected at once."""
    resource = BY_KIND.get(owner.get("kind", ""))
    if resource is None:
        return False
    try:
        found = await client.get(resource, owner["name"], undoable.namespace if resource.namespaced else None)
    except (NotFound, Forbidden):
        return False
    return bool(found["metadata"]["uid"] == owner.get("uid"))


def _edit(
    verb: Verb,
    undoable: Undoable,
    present: Document | None,
    *,
    manifest: Document | None = None,
    patch: Document | None = None,
) -> Edit:
    metadata = (present or {}).get("metadata") or {}
    return Edit(
        verb=verb,
        resource=undoable.resource,
        namespace=undoable.namespace,
        name=undoable.name,
        title=undoable.title,
        manifest=manifest,
        patch=patch,
        uid=metadata.get("uid"),
        resource_version=metadata.get("resourceVersion"),
        generation=int(metadata.get("generation", 0)),
    )


def _differing(present: Document, wanted: Document) -> list[str]:
    return sorted(key for key in {*present, *wanted} if present.get(key) != wanted.get(key))


def _changed(undoable: Undoable, present: Document, fields: list[str]) -> Problem:
    told = ", ".join(f"spec.{field}" for field in fields)
    text = f"{_title(undoable)} was changed since{by(present)} ({told}), so nothing was taken back."
    path = f"spec.{fields[0]}" if len(fields) == 1 else None
    return Problem(reason="Conflict", message=text, field=path, status=409)


def _title(undoable: Undoable) -> str:
    return quoted(undoable.title or undoable.name)
