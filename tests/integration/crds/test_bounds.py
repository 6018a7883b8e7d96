"""Each bound, enumeration, type and required field of the specs, tried one beyond.

The cases are made from the CRDs, so a new field is tried as soon as it is there: a valid object that has
the field, with just that value changed.
"""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.integration.crds.all_cases import CASES
from tests.integration.crds.cases import RESOURCES, Case, Spec
from tests.support import crds
from tests.support.crds import Node, Schema
from todotasks.kube import KubeClient
from todotasks.kube.errors import BadRequest, Invalid

ACCEPTED = [case for case in CASES if not case.refused]
#: Fields that no valid object has; the rules' own cases are about them.
NEVER_ACCEPTED = {
    "spec.template.spec.due",
    "spec.template.spec.completed",
    "spec.template.spec.reminders[].at",
}
FIELDS = [
    node
    for node in crds.all_nodes()
    if node.path.startswith("spec") and node.path not in NEVER_ACCEPTED and not node.path.endswith(".*")
]

Step = str | int


class Beyond(NamedTuple):
    """A value that must not be, and what the API server says of it."""

    about: str
    value: Any
    message: str


def beyond(schema: Schema, valid: Any) -> Iterator[Beyond]:
    """Values just outside of what a schema allows."""
    if "maxLength" in schema:
        n = schema["maxLength"]
        yield Beyond("too long", "a" * (n + 1), f"may not be more than {n} bytes")
    if schema.get("minLength"):
        yield Beyond("empty", "", f"should be at least {schema['minLength']} chars long")
    if "enum" in schema:
        yield Beyond(
            "not listed", "nonsense", f'Unsupported value: "nonsense": supported values: {listed(schema)}'
        )
    if "minimum" in schema:
        n = schema["minimum"]
        yield Beyond("too small", n - 1, f"should be greater than or equal to {n}")
    if "maximum" in schema:
        n = schema["maximum"]
        yield Beyond("too big", n + 1, f"should be less than or equal to {n}")
    if "maxItems" in schema and "enum" not in schema["items"]:
        n = schema["maxItems"]
        yield Beyond("too many", [unlike(valid[0], i) for i in range(n + 1)], f"must have at most {n} items")
    if "minItems" in schema:
        yield Beyond("none", [], f"should have at least {schema['minItems']} items")
    if "maxProperties" in schema:
        n = schema["maxProperties"]
        yield Beyond("too many", {f"k{i}": "v" for i in range(n + 1)}, f"must have at most {n} items")
    wrong = "text" if schema["type"] == "object" else {}
    yield Beyond("of another type", wrong, f"must be of type {schema.get('format', schema['type'])}")


def listed(schema: Schema) -> str:
    return ", ".join(f'"{value}"' for value in schema["enum"])


def unlike(item: Any, i: int) -> Any:
    """The i-th of a list of items that differ."""
    if isinstance(item, str):
        return f"a{i}"
    return {
        name: unlike(value, i) if name in {"url", "title", "before"} else value
        for name, value in item.items()
    }


def steps(path: str) -> list[Step]:
    """`spec.tags[].x` as what to follow in an object: the first item stands for all."""
    found: list[Step] = []
    for part in path.split("."):
        found.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            found.append(0)
    return found


def follow(value: Any, path: list[Step]) -> Any:
    for step in path:
        value = value[step]
    return value


def example(node: Node) -> tuple[Case, Any] | None:
    """An accepted case that has the field, and the field's value in it."""
    for case in ACCEPTED:
        if case.kind == node.kind:
            try:
                return case, follow({"spec": case.spec}, steps(node.path))
            except (KeyError, IndexError):
                continue
    return None


def changed(spec: Spec, path: list[Step], value: Any) -> Spec:
    body = copy.deepcopy({"spec": spec})
    follow(body, path[:-1])[path[-1]] = value
    return body


def attempts() -> Iterator[tuple[str, Node, Case, Beyond]]:
    for node in FIELDS:
        found = example(node)
        if found is not None:
            for attempt in beyond(node.schema, found[1]):
                yield f"{node.kind} {node.path}: {attempt.about}", node, found[0], attempt


ATTEMPTS = list(attempts())


def printed(path: str) -> str:
    """A path as the API server prints it."""
    return path.replace("[]", "[0]")


async def refusal(kube: KubeClient, kind: str, body: dict[str, Any], name: str) -> list[tuple[str, str]]:
    try:
        await kube.create(
            RESOURCES[kind],
            {**body, "metadata": {"name": name, "namespace": "default"}},
            "default",
            dry_run=True,
        )
    except Invalid as error:
        return [(cause.field, cause.message) for cause in error.causes]
    return []


@pytest.mark.parametrize("node", FIELDS, ids=[f"{node.kind}.{node.path}" for node in FIELDS])
def test_each_field_has_an_accepted_case(node: Node) -> None:
    assert example(node) is not None


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=[label for label, *_ in ATTEMPTS])
async def test_one_beyond_is_refused(kube: KubeClient, attempt: tuple[str, Node, Case, Beyond]) -> None:
    _, node, case, tried = attempt
    said = await refusal(kube, case.kind, changed(case.spec, steps(node.path), tried.value), case.name)
    assert any(field == printed(node.path) and tried.message in message for field, message in said), said


REQUIRED = [
    (node, name)
    for node in FIELDS
    if node.schema["type"] == "object"
    for name in node.schema.get("required", ())
]


@pytest.mark.parametrize(
    ("node", "name"), REQUIRED, ids=[f"{n.kind}.{n.path}.{name}" for n, name in REQUIRED]
)
async def test_a_required_field_is_asked_for(kube: KubeClient, node: Node, name: str) -> None:
    found = example(node)
    assert found is not None
    body = copy.deepcopy({"spec": found[0].spec})
    del follow(body, steps(node.path))[name]
    said = await refusal(kube, node.kind, body, found[0].name)
    assert (f"{printed(node.path)}.{name}", "Required value") in said


OBJECTS = [node for node in FIELDS if "properties" in node.schema]


@pytest.mark.parametrize("node", OBJECTS, ids=[f"{node.kind}.{node.path}" for node in OBJECTS])
async def test_a_misspelled_field_is_named(kube: KubeClient, node: Node) -> None:
    found = example(node)
    assert found is not None
    body = changed(found[0].spec, [*steps(node.path), "titel"], "Pay the rent")
    body["metadata"] = {"name": found[0].name}
    with pytest.raises(BadRequest) as error:
        await kube.create(RESOURCES[node.kind], body, "default", dry_run=True)
    assert f'unknown field "{printed(node.path)}.titel"' in str(error.value)


OPTIONAL = [
    (node, name)
    for node in FIELDS
    for name in node.schema.get("properties", {})
    if name not in node.schema.get("required", ()) and f"{node.path}.{name}" not in NEVER_ACCEPTED
]


@pytest.mark.parametrize(
    ("node", "name"), OPTIONAL, ids=[f"{n.kind}.{n.path}.{name}" for n, name in OPTIONAL]
)
async def test_a_null_is_as_good_as_nothing(kube: KubeClient, node: Node, name: str) -> None:
    found = example(node)
    assert found is not None
    path = steps(node.path)
    null = changed(found[0].spec, [*path, name], None)
    absent = copy.deepcopy(null)
    del follow(absent, path)[name]
    assert await refusal(kube, node.kind, null, found[0].name) == await refusal(
        kube, node.kind, absent, found[0].name
    )
