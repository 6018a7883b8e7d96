"""The requests of a plan: `Edit`s of objects that are made, changed, deleted.

An edit of something that is there carries its uid and resourceVersion: it is done to what was seen, or not.
"""

from collections.abc import Sequence

import msgspec

from todotasks.api import GROUP_VERSION, RecurrenceRule, Reminder, TodoTask
from todotasks.edits.model.edit import Document, Edit, Plural, Verb
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.model.names import ANNOTATION_IDEMPOTENCY_KEY, free_name
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.rows import plural_of, title_of

_KINDS = {"todotasks": "TodoTask", "recurrencerules": "RecurrenceRule", "reminders": "Reminder"}


def create(resource: Plural, title: str, spec: Document, world: World) -> Edit:
    """The name follows from the title. Made before under the same key: the same name again, so that the API
    server says AlreadyExists and no second one is made."""
    kinds: dict[Plural, Sequence[Thing | Reminder]] = {
        "todotasks": world.tasks,
        "recurrencerules": world.rules,
        "reminders": world.reminders,
    }
    there = kinds[resource]
    mine = [t for t in there if world.key and t.metadata.annotation(ANNOTATION_IDEMPOTENCY_KEY) == world.key]
    taken = {thing.metadata.name for thing in there} | world.taken
    name = mine[0].metadata.name if mine else free_name(title, taken)
    metadata: Document = {"name": name, "namespace": world.namespace}
    if world.key:
        metadata["annotations"] = {ANNOTATION_IDEMPOTENCY_KEY: world.key}
    manifest = {"apiVersion": GROUP_VERSION, "kind": _KINDS[resource], "metadata": metadata, "spec": spec}
    return _with_kubectl(Edit("create", resource, world.namespace, name, title, manifest=manifest))


def patch(
    thing: TodoTask | RecurrenceRule | Reminder, spec: Document, world: World, title: str | None = None
) -> Edit:
    """A merge patch of the spec."""
    name = title if title is not None or isinstance(thing, Reminder) else title_of(thing)
    return _existing("patch", thing, name or "", world, {"spec": spec})


def patch_task_fields(thing: Thing, spec: Document, world: World, outer: Document | None = None) -> Edit:
    """A change of a task; of a rule, of what its tasks will look like, and `outer` of the rule itself."""
    if isinstance(thing, RecurrenceRule):
        template = {"template": {"spec": spec}} if spec else {}
        return patch(thing, {**(outer or {}), **template}, world)
    return patch(thing, spec, world)


def delete(thing: Thing | Reminder, world: World, title: str | None = None) -> Edit:
    name = title if title is not None or isinstance(thing, Reminder) else title_of(thing)
    return _existing("delete", thing, name or "", world, None)


def _existing(
    verb: Verb, thing: TodoTask | RecurrenceRule | Reminder, title: str, world: World, body: Document | None
) -> Edit:
    meta = thing.metadata
    resource: Plural = "reminders" if isinstance(thing, Reminder) else plural_of(thing)
    return _with_kubectl(
        Edit(
            verb, resource, world.namespace, meta.name, title, patch=body, uid=meta.uid or None,
            resource_version=meta.resource_version or None,
        )
    )  # fmt: skip


def _with_kubectl(edit: Edit) -> Edit:
    return msgspec.structs.replace(edit, kubectl=command_line(edit))
