"""The JSON schemas of the tools, made of the commands' types.

What msgspec writes is complete and long: every optional field says `anyOf … null`, its default and how long
a text may be. A model pays for each word of it, so that is left out here; the check of a call (`arguments`)
is by the types and stays whole. MCP clients, which check a call by the schema, are told that null is as good
as nothing said.
"""

from functools import cache
from typing import Any

import msgspec

from todotasks.tools.table import Tool

Schema = dict[str, Any]

_UNSAID = {"title", "minLength", "maxLength", "minItems", "maxItems"}
_MAPS = ("properties", "$defs")  # whose keys are names, not words of JSON Schema


class CallOptions(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """What a call may say beside the command."""

    namespace: str | None = None
    time_zone: str | None = None
    dry_run: bool = False
    idempotency_key: str | None = None
    conversation: str | None = None


_OPTIONS: Schema = {
    "namespace": {"type": "string"},
    "timeZone": {"type": "string", "description": "IANA name"},
    "dryRun": {"type": "boolean"},
    "idempotencyKey": {"type": "string", "description": "the same key does it once"},
    "conversation": {"type": "string"},
}
_FOR_READING = ("namespace", "timeZone", "conversation")


@cache
def arguments_schema(tool: Tool) -> Schema:
    """Of the command alone: what the model behind the chat may say."""
    whole = msgspec.json.schema(tool.arguments)
    definitions = {name: _slim(part) for name, part in whole["$defs"].items()}
    own = definitions.pop(whole["$ref"].rpartition("/")[2])
    own["properties"].pop("action", None)
    own["required"] = [name for name in own.get("required", ()) if name != "action"]
    own.pop("description", None)  # the tool's own says more
    return {**own, "$defs": definitions} if definitions else own


@cache
def call_schema(tool: Tool) -> Schema:
    """With what an MCP client may say besides."""
    own = arguments_schema(tool)
    names = tuple(_OPTIONS) if tool.options else _FOR_READING
    options = {name: _OPTIONS[name] for name in names if name not in own["properties"]}
    whole: Schema = _nullable({**own, "properties": {**own["properties"], **options}})
    return whole


def _nullable(schema: Any) -> Any:
    """A field that need not be said may also be null: many clients send every field that they know."""
    if not isinstance(schema, dict):
        return schema
    schema = dict(schema)
    for key in _MAPS:
        if key in schema:
            schema[key] = {name: _nullable(part) for name, part in schema[key].items()}
    if "items" in schema:
        schema["items"] = _nullable(schema["items"])
    if "properties" in schema:
        required = schema.get("required", ())
        schema["properties"] = {
            name: part if name in required else _or_null(part) for name, part in schema["properties"].items()
        }
    return schema


def _or_null(part: Schema) -> Schema:
    if isinstance(part.get("type"), str) and "enum" not in part:
        return {**part, "type": [part["type"], "null"]}
    if "anyOf" in part:
        return {**part, "anyOf": [*part["anyOf"], {"type": "null"}]}
    outer: Schema = {key: part[key] for key in ("description", "default") if key in part}
    return {**outer, "anyOf": [{k: v for k, v in part.items() if k not in outer}, {"type": "null"}]}


def _slim(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_slim(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    slim: Schema = {}
    for key, value in schema.items():
        if key in _MAPS:
            slim[key] = {name: _slim(part) for name, part in value.items()}
        elif key == "description":
            slim[key] = " ".join(value.split())
        elif key not in _UNSAID and (value or key not in {"default", "required"}):
            slim[key] = _slim(value)
    if "properties" in slim:
        slim["additionalProperties"] = False  # the API's own types ignore what they do not know; we do not
    choices = slim.get("anyOf")
    if choices:
        choices = [choice for choice in choices if choice != {"type": "null"}]
        slim["anyOf"] = choices
        if len(choices) == 1:
            slim = {**choices[0], **{key: value for key, value in slim.items() if key != "anyOf"}}
    return slim
