"""The CRDs as data: what the tests about them walk through."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

CRDS = Path(__file__).parents[2] / "crds"

Schema = Mapping[str, Any]


class Node(NamedTuple):
    """A schema within a CRD. `path` is as in `spec.reminders[].before`; a map's values are `.*`."""

    kind: str
    path: str
    schema: Schema


class Rule(NamedTuple):
    """A CEL rule and where it stands."""

    kind: str
    path: str
    rule: str
    message: str


@functools.cache
def load() -> dict[str, dict[str, Any]]:
    """Kind to CRD."""
    documents = [yaml.safe_load(path.read_text()) for path in sorted(CRDS.glob("todotasks.dev_*.yaml"))]
    return {document["spec"]["names"]["kind"]: document for document in documents}


def version(crd: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = crd["spec"]["versions"][0]
    return found


def nodes(kind: str, crd: Mapping[str, Any]) -> Iterator[Node]:
    """Every schema of a CRD, the root first."""
    yield from _walk(kind, "", version(crd)["schema"]["openAPIV3Schema"])


def _walk(kind: str, path: str, schema: Schema) -> Iterator[Node]:
    yield Node(kind, path, schema)
    for name, field in schema.get("properties", {}).items():
        yield from _walk(kind, f"{path}.{name}".removeprefix("."), field)
    if "items" in schema:
        yield from _walk(kind, f"{path}[]", schema["items"])
    if "additionalProperties" in schema:
        yield from _walk(kind, f"{path}.*", schema["additionalProperties"])


@functools.cache
def all_nodes() -> list[Node]:
    return [node for kind, crd in load().items() for node in nodes(kind, crd)]


def all_rules() -> list[Rule]:
    return [
        Rule(node.kind, node.path, " ".join(rule["rule"].split()), rule["message"])
        for node in all_nodes()
        for rule in node.schema.get("x-kubernetes-validations", ())
    ]
