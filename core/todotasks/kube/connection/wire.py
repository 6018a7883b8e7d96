"""Bodies and queries as the API server wants them, and its answers as the types we asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from todotasks.kube.errors import UndecodableAnswer
from todotasks.kube.resources import Resource

Document = dict[str, Any]
Body = Mapping[str, Any] | Sequence[Any] | bytes | msgspec.Struct | msgspec.Raw
FieldValidation = Literal["Strict", "Warn", "Ignore"]


def query(**values: object) -> dict[str, str]:
    """The parameters that say something."""
    return {key: str(value) for key, value in values.items() if value not in (None, "")}


def write_query(
    dry_run: bool, field_manager: str | None, field_validation: FieldValidation
) -> dict[str, str]:
    return query(
        fieldManager=field_manager, fieldValidation=field_validation, dryRun="All" if dry_run else None
    )


def namespace_of(resource: Resource, body: Body) -> str:
    """Where an object says that it belongs, for a create without a namespace of its own."""
    if isinstance(body, Mapping):
        namespace = (body.get("metadata") or {}).get("namespace")
    else:
        namespace = getattr(getattr(body, "metadata", None), "namespace", None)
    if not namespace:
        raise ValueError(f"a {resource.kind} lives in a namespace, and none was given")
    return str(namespace)


def encode(body: Body, resource: Resource | None = None) -> bytes:
    """JSON. Whole objects (those with a `resource`) get the apiVersion and kind they are written under."""
    if isinstance(body, bytes):
        return body
    if resource is not None and isinstance(body, msgspec.Struct):
        body = msgspec.to_builtins(body)
    if resource is not None and isinstance(body, Mapping):
        body = {**body, "apiVersion": resource.api_version, "kind": resource.kind}
    return msgspec.json.encode(body)


def decode(data: bytes | msgspec.Raw, type: Any = None) -> Any:
    """The answer as `type`; None means a dict of whatever it is."""
    try:
        return msgspec.json.decode(data, type=dict[str, Any] if type is None else type)
    except msgspec.DecodeError as error:
        raise UndecodableAnswer(f"the API server's answer is not what was asked for: {error}") from error
