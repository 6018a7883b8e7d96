"""The CRDs and the Structs of `todotasks.api` say the same: every field here is a field there, alike."""

from collections.abc import Iterator
from typing import Any

import msgspec
import msgspec.inspect as mi
import pytest

from tests.support import crds
from todotasks import api

STRUCTS = {
    "NotificationChannel": api.NotificationChannel,
    "RecurrenceRule": api.RecurrenceRule,
    "Reminder": api.Reminder,
    "TodoTask": api.TodoTask,
}


def differences(path: str, schema: crds.Schema, given: mi.Type) -> Iterator[str]:
    """What a CRD's schema and a Struct's type disagree on."""
    type_ = required(given)
    if isinstance(type_, mi.StructType):
        yield from differences_of_objects(path, schema, type_)
    elif isinstance(type_, mi.VarTupleType):
        if schema["type"] != "array":
            yield f"{path}: {schema['type']} in the CRD, a list in the Struct"
        else:
            yield from differences(f"{path}[]", schema["items"], type_.item_type)
    elif isinstance(type_, mi.DictType):
        yield from differences(f"{path}.*", schema["additionalProperties"], type_.value_type)
    elif scalar(schema) != scalar_of(type_):
        yield f"{path}: {scalar(schema)} in the CRD, {scalar_of(type_)} in the Struct"


def differences_of_objects(path: str, schema: crds.Schema, struct: mi.StructType) -> Iterator[str]:
    fields = {field.encode_name: field for field in struct.fields}
    properties = schema.get("properties", {})
    for name in sorted(properties.keys() - fields.keys()):
        yield f"{path}.{name}: only in the CRD"
    for name in sorted(fields.keys() - properties.keys()):
        yield f"{path}.{name}: only in the Struct"
    for name in sorted(fields.keys() & properties.keys()):
        field, inner = fields[name], properties[name]
        if (path, name) == ("", "metadata"):
            continue  # the API server's own, the same for every kind
        if (
            "default" in inner
            and not isinstance(inner["default"], dict)
            and field.default != inner["default"]
        ):
            yield f"{path}.{name}: defaults to {inner['default']} in the CRD, {field.default} in the Struct"
        yield from differences(f"{path}.{name}", inner, field.type)


def required(type_: mi.Type) -> mi.Type:
    """Without the `| None` of an optional field."""
    if isinstance(type_, mi.UnionType):
        (type_,) = (member for member in type_.types if not isinstance(member, mi.NoneType))
    return type_


def scalar(schema: crds.Schema) -> object:
    if "enum" in schema:
        return tuple(sorted(schema["enum"]))
    return schema.get("format") if schema.get("format") == "date-time" else schema["type"]


def scalar_of(type_: mi.Type) -> object:
    if isinstance(type_, mi.LiteralType):
        return tuple(sorted(map(str, type_.values)))
    names = {
        mi.StrType: "string",
        mi.IntType: "integer",
        mi.BoolType: "boolean",
        mi.DateTimeType: "date-time",
    }
    return names.get(type(type_), type_)


@pytest.mark.parametrize("kind", STRUCTS)
def test_each_property_of_the_crd_is_a_field_of_the_struct_and_vice_versa(kind: str) -> None:
    schema = crds.version(crds.load()[kind])["schema"]["openAPIV3Schema"]
    struct = mi.type_info(STRUCTS[kind])
    assert isinstance(struct, mi.StructType)
    assert list(differences("", schema, struct)) == []


def test_no_kind_is_without_a_struct() -> None:
    assert crds.load().keys() == STRUCTS.keys()


def test_the_default_status_of_the_crd_is_that_of_the_struct() -> None:
    for kind, crd in crds.load().items():
        default: Any = crds.version(crd)["schema"]["openAPIV3Schema"]["properties"]["status"]["default"]
        found = msgspec.convert({"metadata": {}, "status": default}, STRUCTS[kind])
        assert found.status == STRUCTS[kind](metadata=api.Metadata()).status


def test_the_longest_message_of_a_condition_is_the_same_on_both_sides() -> None:
    longest = {
        node.schema["maxLength"] for node in crds.all_nodes() if node.path == "status.conditions[].message"
    }
    assert longest == {api.conditions.MESSAGE_MAX_LENGTH}
