"""What every kind's facts have in common: which object it is, and how one is read that may not fit its type.

Facts are the part of an object that decisions are made of. The rest is dropped where the object enters the
operator.

An object written around the CRD's rules (by an older CRD, or straight into etcd) may not decode at all.
It still becomes facts, with `unreadable` saying why, so that it gets a condition instead of silence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypedDict, TypeVar

import msgspec

from todotasks.api import Metadata, ObjectKey
from todotasks.api.meta import ANNOTATION_RECONCILE_AT

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # where an object does not say when it was created

SpecT = TypeVar("SpecT", bound=msgspec.Struct)
StatusT = TypeVar("StatusT", bound=msgspec.Struct)


class ObjectFacts(msgspec.Struct, frozen=True, gc=False):
    """Which object it is, in which state. A kind's facts add its spec and status."""

    namespace: str
    name: str
    uid: str
    resource_version: int = 0
    generation: int = 0
    deleting: bool = False
    unreadable: str | None = None  # what of its spec cannot be read
    asked: str | None = None  # the annotation with which somebody asks for a look

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)


class Identity(TypedDict):
    """The fields of `ObjectFacts`."""

    namespace: str
    name: str
    uid: str
    resource_version: int
    generation: int
    deleting: bool
    unreadable: str | None
    asked: str | None


def identity(meta: Metadata, unreadable: str | None) -> Identity:
    return {
        "namespace": meta.namespace,
        "name": meta.name,
        "uid": meta.uid,
        # Comparable as a number since Kubernetes 1.35 says so (KEP-5504); always has been with etcd.
        "resource_version": int(meta.resource_version or 0),
        "generation": meta.generation,
        "deleting": meta.deletion_timestamp is not None,
        "unreadable": unreadable,
        "asked": meta.annotation(ANNOTATION_RECONCILE_AT),
    }


class Envelope(msgspec.Struct):
    """Any object of ours, with whatever spec and status."""

    metadata: Metadata
    spec: Any = None
    status: Any = None


def read_parts(
    body: Mapping[str, Any], spec_type: type[SpecT], status_type: type[StatusT]
) -> tuple[Metadata, SpecT, StatusT, str | None]:
    """Metadata, spec and status of any kind, and what of the spec cannot be read (None: all of it can).

    A status that cannot be read counts as none: the whole of it is written anew.
    """
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
