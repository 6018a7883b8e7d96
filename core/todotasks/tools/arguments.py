"""From a call's JSON to options and a command, or to a sentence that says what is wrong and what would do.

The same check for MCP clients and for the model behind the chat: a call that this refuses has no effect.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from todotasks.edits.model.command import Command
from todotasks.tools.schema import CallOptions, Schema, arguments_schema, call_schema
from todotasks.tools.table import BY_NAME, TOOLS, Tool

_OPTION_NAMES = frozenset(CallOptions.__struct_encode_fields__)  # as in JSON
_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_INDEX = re.compile(r"\[[^\]]*\]$")


class ArgumentsError(ValueError):
    """What is wrong with a call: the field's path, and what would be accepted."""


class Call(NamedTuple):
    tool: Tool
    arguments: Any  # of the type that the tool says
    options: CallOptions

    @property
    def command(self) -> Command:
        assert self.tool.command is not None
        return self.tool.command(self.arguments)


def read_call(name: str, arguments: Mapping[str, Any]) -> Call:
    """A call with options, as an MCP client makes it."""
    tool = _tool(name)
    arguments = without_null(arguments)
    own = arguments_schema(tool)["properties"]
    options = {key: value for key, value in arguments.items() if key in _OPTION_NAMES and key not in own}
    rest = {key: value for key, value in arguments.items() if key not in options}
    schema = call_schema(tool)
    _refuse_unknown(dict(arguments), schema, schema, "")
    return Call(tool, _convert(rest, tool.arguments, schema), _convert(options, CallOptions, schema))


def read_command(name: str, arguments: Mapping[str, Any]) -> Command:
    """A call without options, as the model behind the chat makes it."""
    tool = _tool(name)
    if not tool.for_model or tool.command is None:
        raise ArgumentsError(f"{name}: not offered here; there are {_names_for_model()}")
    schema = arguments_schema(tool)
    arguments = without_null(arguments)
    _refuse_unknown(dict(arguments), schema, schema, "")
    return tool.command(_convert(arguments, tool.arguments, schema))


def without_null(value: Any) -> Any:
    """Fields that are null are not said, at any depth. (An item of a list that is null stays, an error.)"""
    if isinstance(value, Mapping):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value


def _tool(name: str) -> Tool:
    tool = BY_NAME.get(name)
    if tool is None:
        raise ArgumentsError(f"{name[:64]!r} is no tool; there are {', '.join(BY_NAME)}")
    return tool


def _names_for_model() -> str:
    return ", ".join(tool.name for tool in TOOLS if tool.for_model)


def _convert(value: Mapping[str, Any], kind: type[Any], schema: Schema) -> Any:
    try:
        return msgspec.convert(dict(value), kind)
    except msgspec.ValidationError as error:
        raise ArgumentsError(_in_words(str(error), schema)) from None


def _refuse_unknown(value: Any, part: Schema, schema: Schema, path: str) -> None:
    """msgspec does it for the commands; the API's own types in them would ignore a misspelt field."""
    part = _followed(part, schema)
    if isinstance(value, list) and "items" in part:
        for index, item in enumerate(value):
            _refuse_unknown(item, part["items"], schema, f"{path}[{index}]")
    elif isinstance(value, dict) and "properties" in part:
        for name, item in value.items():
            field = f"{path}.{name}" if path else str(name)
            if name not in part["properties"]:
                accepted = ", ".join(sorted(part["properties"]))
                raise ArgumentsError(f"{field[:200]}: there is no such field; accepted are {accepted}")
            _refuse_unknown(item, part["properties"][name], schema, field)


def _in_words(said: str, schema: Schema) -> str:
    place = _PLACE.search(said)
    path = place["path"] if place else ""
    said = _PLACE.sub("", said)
    choices = _at(schema, path).get("enum")
    accepted = f"; accepted are {', '.join(map(str, choices))}" if choices else ""
    return f"{path or 'arguments'}: {said[:1].lower()}{said[1:]}{accepted}"


def _at(schema: Schema, path: str) -> Schema:
    """The part of the schema that a path such as `changes.reminders[...]` leads to."""
    part = schema
    for step in path.split(".") if path else ():
        name = _INDEX.sub("", step)
        part = _followed(part.get("properties", {}).get(name, {}), schema)
        if name != step:
            part = _followed(part.get("items", {}), schema)
    return part


def _followed(part: Schema, schema: Schema) -> Schema:
    choices = [choice for choice in part.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        part = choices[0]
    reference = part.get("$ref")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else part
