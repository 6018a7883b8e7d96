"""The JSON Schemas (2020-12) of the data of each event, made from the types in `todotasks.events.data`.

They describe what is *written*: a field that may be left out is optional and never null, one that is
always there is required. A reader must let unknown fields pass (a later version may add some), so nothing
is closed. The files in `schemas/` are what is published; `load` reads them, `build` makes them.
"""

from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec
from msgspec import inspect

from todotasks.events.state import ALWAYS_PRESENT
from todotasks.events.types import EVENT_TYPES, EventType

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FOLDER: Final = "schemas"

JSON = dict[str, Any]

_SCALARS: Final[dict[type[inspect.Type], JSON]] = {
    inspect.DateTimeType: {"type": "string", "format": "date-time"},
    inspect.StrType: {"type": "string"},
    inspect.BoolType: {"type": "boolean"},
    inspect.IntType: {"type": "integer"},
}


def file_name(event_type: EventType) -> str:
    return f"{event_type.name}.json"


@cache
def load(event_type: str) -> JSON:
    """The published schema of a type."""
    entry = EVENT_TYPES[event_type]
    text = resources.files("todotasks.events").joinpath(FOLDER, file_name(entry)).read_bytes()
    schema: JSON = msgspec.json.decode(text)
    return schema


def build(event_type: EventType) -> JSON:
    """The schema as the types say it now."""
    definitions: JSON = {}
    top = _struct(inspect.type_info(event_type.data), definitions)
    schema = {
        "$schema": DIALECT,
        "$id": event_type.schema,
        "title": event_type.short,
        "description": event_type.meaning,
        **top,
    }
    if definitions:
        schema["$defs"] = dict(sorted(definitions.items()))
    return schema


def render(schema: JSON) -> bytes:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def _struct(info: inspect.Type, definitions: JSON) -> JSON:
    assert isinstance(info, inspect.StructType)
    left_out_if_default = info.cls.__struct_config__.omit_defaults
    always = ALWAYS_PRESENT.get(info.cls.__name__, ())
    properties: JSON = {}
    required: list[str] = []
    for field in info.fields:
        name = field.encode_name
        sure = field.required or not left_out_if_default or name in always
        properties[name] = _type(field.type, definitions, nullable=sure)
        if sure:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required}


def _type(info: inspect.Type, definitions: JSON, *, nullable: bool = True) -> JSON:
    match info:
        case inspect.StructType(cls=cls):
            name = cls.__name__
            if name not in definitions:
                definitions[name] = {}  # before its fields: a type may hold itself
                definitions[name] = _struct(info, definitions)
            return {"$ref": f"#/$defs/{name}"}
        case inspect.UnionType(types=members):
            parts = [m for m in members if not isinstance(m, inspect.NoneType)]
            schemas = [_type(m, definitions) for m in parts]
            if nullable and len(parts) < len(members):
                schemas.append({"type": "null"})
            return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        case inspect.LiteralType(values=values):
            return {"enum": sorted(values)}
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return {"type": "array", "items": _type(item, definitions)}
        case inspect.DictType(value_type=inspect.AnyType()):
            return {"type": "object"}
        case inspect.DictType(value_type=value):
            return {"type": "object", "additionalProperties": _type(value, definitions)}
        case _ if type(info) in _SCALARS:
            return dict(_SCALARS[type(info)])
        case _:
            raise TypeError(f"no schema for {info} yet: add the case, and one to the compatibility check")
