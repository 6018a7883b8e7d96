"""An object as the hub keeps it: its JSON without managedFields, and the few facts that filters ask for."""

from dataclasses import dataclass
from typing import Any

import msgspec

from todotasks.api import Metadata
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS, Resource
from todotasks.kube.watch.observed import Skipped

KINDS: tuple[Resource, ...] = (TODOTASKS, RECURRENCERULES, REMINDERS, NOTIFICATIONCHANNELS)
TASK, RULE, REMINDER, CHANNEL = range(len(KINDS))  # a kind is its place in KINDS


class _TaskRef(msgspec.Struct, frozen=True, gc=False):
    name: str = ""


class _TemplateSpec(msgspec.Struct, frozen=True, gc=False):
    project: str | None = None
    tags: tuple[str, ...] | None = None


class _Template(msgspec.Struct, frozen=True, gc=False):
    spec: _TemplateSpec = _TemplateSpec()


class _Spec(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    title: str | None = None
    project: str | None = None
    tags: tuple[str, ...] | None = None
    due: str | None = None
    completed: bool = False
    task_ref: _TaskRef = _TaskRef()
    message: str | None = None
    template: _Template = _Template()


class _Status(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    fired_at: str | None = None
    fired_count: int = 0


class LiveObject(msgspec.Struct, frozen=True, gc=False):
    """Any of our kinds, by what the hub looks at."""

    metadata: Metadata
    spec: _Spec = _Spec()
    status: _Status = _Status()


@dataclass(frozen=True, slots=True)
class Known:
    """One object of a view. `doc` is what clients are sent."""

    kind: int
    uid: str
    namespace: str
    name: str
    version: int
    doc: bytes
    labels: dict[str, str]
    project: str | None
    tags: frozenset[str]
    title: str | None = None
    due: str | None = None
    completed: bool = False
    task: str = ""  # of a reminder
    message: str | None = None
    fired_at: str | None = None
    fired_count: int = 0

    def reference(self, version: int) -> bytes:
        """What is left to say of an object that is gone; where it is said, of one that changed."""
        return msgspec.json.encode(_Reference(self.name, self.namespace, self.uid, str(version)))


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    namespace: str
    uid: str
    resource_version: str


_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])


def without_managed_fields(raw: bytes, kind: Resource) -> bytes:
    """The object's JSON as `kubectl get -o json` shows it; the rest is not even parsed."""
    top = _TOP.decode(raw)
    metadata = _TOP.decode(top["metadata"])
    metadata.pop("managedFields", None)
    head = {
        "apiVersion": msgspec.Raw(msgspec.json.encode(kind.api_version)),
        "kind": msgspec.Raw(msgspec.json.encode(kind.kind)),
        "metadata": msgspec.Raw(msgspec.json.encode(metadata)),
    }
    return msgspec.json.encode({**top, **head})


def known(kind: int, found: LiveObject, raw: bytes) -> Known:
    spec, status, metadata = found.spec, found.status, found.metadata
    holder: Any = spec.template.spec if kind == RULE else spec
    return Known(
        kind=kind,
        uid=metadata.uid,
        namespace=metadata.namespace,
        name=metadata.name,
        version=version_of(metadata),
        doc=without_managed_fields(raw, KINDS[kind]),
        labels=metadata.labels or {},
        project=holder.project,
        tags=frozenset(holder.tags or ()),
        title=spec.title,
        due=spec.due,
        completed=spec.completed,
        task=spec.task_ref.name,
        message=spec.message,
        fired_at=status.fired_at,
        fired_count=status.fired_count,
    )


def known_skipped(kind: int, skipped: Skipped) -> Known | None:
    """An object that does not fit its type is there all the same; it can be filtered by its metadata."""
    if not skipped.metadata.uid:
        return None
    return known(kind, LiveObject(skipped.metadata), skipped.raw)


def version_of(metadata: Metadata) -> int:
    """A resourceVersion as a number: of one kind they compare (Kubernetes says so since 1.35)."""
    return int(metadata.resource_version or 0)
