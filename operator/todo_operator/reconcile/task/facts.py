"""TaskFacts: the part of a TodoTask that decisions are made of.

Notes, tags, links and managedFields decide nothing, so they are dropped where an object enters the
operator; what stays fits the cache's budget of 1 kB a task.

An object written around the CRD's rules (by an older CRD, or straight into etcd) may not decode at all.
It still becomes facts, with `unreadable` saying why, so that it gets a condition instead of silence.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from todotasks.api import Metadata, ObjectKey, TaskReminder, TodoTask, TodoTaskSpec, TodoTaskStatus
from todotasks.api.meta import ANNOTATION_RECONCILE_AT, ANNOTATION_SCHEDULED_TIME
from todotasks.kube.resources import RECURRENCERULES

SpecT = TypeVar("SpecT", bound=msgspec.Struct)
StatusT = TypeVar("StatusT", bound=msgspec.Struct)


class TaskFacts(msgspec.Struct, frozen=True, gc=False):
    """What a decision about a task needs to know of the task itself."""

    namespace: str
    name: str
    uid: str
    resource_version: int = 0
    generation: int = 0
    deleting: bool = False
    title: str = ""
    due: str | None = None
    time_zone: str | None = None
    completed: bool = False
    parent: str | None = None
    depends_on: tuple[str, ...] = ()
    reminders: tuple[TaskReminder, ...] = ()
    ttl_seconds_after_completed: int | None = None
    unreadable: str | None = None
    rule: str | None = None  # uid of the RecurrenceRule whose occurrence it is
    scheduled: str | None = None  # the annotation that says for when the rule made it
    status: TodoTaskStatus = TodoTaskStatus()
    asked: str | None = None  # the annotation with which somebody asks for a look

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)


def facts_of(task: TodoTask) -> TaskFacts:
    return _facts(task.metadata, task.spec, task.status, unreadable=None)


class Envelope(msgspec.Struct):
    """Any object of ours, with whatever spec and status."""

    metadata: Metadata
    spec: Any = None
    status: Any = None


def read_facts(body: Mapping[str, Any]) -> TaskFacts:
    """Facts of a decoded JSON object, whatever stands in its spec and status.

    A status that cannot be read counts as none: the whole of it is written anew.
    """
    return _facts(*read_parts(body, TodoTaskSpec, TodoTaskStatus))


def read_parts(
    body: Mapping[str, Any], spec_type: type[SpecT], status_type: type[StatusT]
) -> tuple[Metadata, SpecT, StatusT, str | None]:
    """Metadata, spec and status of any kind, and what of the spec cannot be read (None: all of it can)."""
    envelope = msgspec.convert(body, Envelope)
    unreadable = None
    try:
        spec = msgspec.convert(envelope.spec or {}, spec_type)
    except msgspec.ValidationError:
        spec, unreadable = salvage(envelope.spec, spec_type)
    try:
        status = msgspec.convert(envelope.status or {}, status_type)
    except msgspec.ValidationError:
        status = status_type()
    return envelope.metadata, spec, status, unreadable


def salvage(spec: Any, type_: type[SpecT]) -> tuple[SpecT, str]:
    """What can be read of a broken spec, and a message for each field that cannot: all errors at once."""
    if not isinstance(spec, Mapping):
        return type_(), f"spec: expected an object, got {type(spec).__name__}"
    readable: dict[str, Any] = {}
    problems = []
    for field in msgspec.structs.fields(type_):
        if field.encode_name not in spec:
            continue
        try:
            readable[field.name] = msgspec.convert(spec[field.encode_name], field.type)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at ")
            problems.append(f"spec.{field.encode_name}{where.strip('`').removeprefix('$')}: {what}")
    return type_(**readable), "; ".join(problems)


def rule_of(meta: Metadata) -> str | None:
    """The uid of the RecurrenceRule that controls it."""
    owners = meta.owner_references or ()
    return next((o.uid for o in owners if o.controller and o.kind == RECURRENCERULES.kind), None)


def _facts(meta: Metadata, spec: TodoTaskSpec, status: TodoTaskStatus, unreadable: str | None) -> TaskFacts:
    return TaskFacts(
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        # Comparable as a number since Kubernetes 1.35 says so (KEP-5504); always has been with etcd.
        resource_version=int(meta.resource_version or 0),
        generation=meta.generation,
        deleting=meta.deletion_timestamp is not None,
        title=spec.title,
        due=spec.due,
        time_zone=spec.time_zone,
        completed=spec.completed,
        parent=spec.parent,
        depends_on=tuple(spec.depends_on or ()),
        reminders=tuple(spec.reminders or ()),
        ttl_seconds_after_completed=spec.ttl_seconds_after_completed,
        unreadable=unreadable,
        rule=rule_of(meta),
        scheduled=meta.annotation(ANNOTATION_SCHEDULED_TIME),
        status=status,
        asked=meta.annotation(ANNOTATION_RECONCILE_AT),
    )
