"""msgspec's sentence about what does not fit, as a place and as words that say what would.

    "Invalid enum value 'TodoTask' - at `$.kind[0]`"
    → kind[0]: 'TodoTask' is none of todotasks, recurrencerules, reminders, notificationchannels

What is accepted is looked up in the JSON Schema of the type, the same that `/openapi.json` shows.
"""

import re
from ast import literal_eval
from functools import cache
from typing import Any

import msgspec
from msgspec import Meta

from chat_gateway.base.problems import FieldProblem

# What is said in the place of a regular expression: no person reads one.
_FORMS: dict[str, str] = {}
_PATTERN = re.compile(r"^Expected `str` matching regex (?P<pattern>'.*'|\".*\")$", re.DOTALL)
# msgspec: "Expected `int`, got `str` - at `$.commands[0].limit`"
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)
_VALUE = re.compile(r"^Invalid (?:enum )?value (?P<value>.*)$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")
LONGEST = 200  # characters of a name that is repeated to whoever sent it

Schema = dict[str, Any]


def say_forms(*types: Any) -> None:
    """Of annotated types with a pattern: where one does not fit, its description says what does."""
    for each in types:
        for meta in each.__metadata__:
            if isinstance(meta, Meta) and meta.pattern is not None:
                assert meta.description, f"{meta.pattern} has no description"
                _FORMS[meta.pattern] = meta.description


def field_problem(message: str, type: Any = None, given: Any = None) -> FieldProblem:
    """msgspec's sentence, taken apart. `given` is what should have been a `type`."""
    found = _AT.match(message)
    assert found is not None
    path = (found["path"] or "").removeprefix("$").removeprefix(".")
    what = found["what"]
    if pattern := _PATTERN.match(what):
        form = _FORMS.get(literal_eval(pattern["pattern"]))
        what = f"Expected {form[:1].lower()}{form[1:]}" if form else "Has another form than is accepted here"
    elif value := _VALUE.match(what):
        if choices := _choices(type, path, given):
            what = f"{value['value'][:LONGEST]} is none of {', '.join(choices)}"
    elif field := _UNKNOWN.match(what) or _MISSING.match(what):
        missing = _MISSING.match(what) is not None
        accepted = sorted(_part(type, path, given).get("properties", ()))
        name = field["field"][:LONGEST]
        path = f"{path}.{name}" if path else name
        what = "is missing" if missing else "there is no such field"
        if accepted and not missing:
            what = f"{what}; accepted: {', '.join(accepted)}"
    return FieldProblem(path, what)


def sentence(problem: FieldProblem) -> str:
    return f"{problem.path}: {problem.detail}" if problem.path else problem.detail


def _choices(type: Any, path: str, given: Any) -> list[str]:
    """The values that are accepted at a path: of an enumeration, or of the field that tells a union's parts
    from each other."""
    if choices := _part(type, path, given).get("enum"):
        return sorted(map(str, choices), key=lambda choice: (choice.lstrip("-"), choice[:1] == "-"))
    around, _, last = path.rpartition(".")
    discriminator = _part(type, around, given, whole=True).get("discriminator", {})
    return list(discriminator.get("mapping", ())) if discriminator.get("propertyName") == last else []


def _part(type: Any, path: str, given: Any, *, whole: bool = False) -> Schema:
    """The schema of what stands at a path; `whole`: a union as it is, not the part of it that was meant."""
    if type is None:
        return {}
    root, components = _schema(type)
    steps = list(_STEP.finditer(path))
    part = _followed(root, components, given, whole=whole and not steps)
    for number, step in enumerate(steps):
        name, index = step[1], step[2]
        if name is not None:
            part = part.get("properties", {}).get(name, {})
        else:
            part = part.get("items") or part.get("additionalProperties") or {}
        given = _inside(given, name, index)
        part = _followed(part, components, given, whole=whole and number == len(steps) - 1)
    return part


def _inside(given: Any, name: str | None, index: str | None) -> Any:
    if name is not None:
        return given.get(name) if isinstance(given, dict) else None
    at = int(index) if index and index.isdecimal() else None
    return given[at] if isinstance(given, list) and at is not None and at < len(given) else None


def _followed(part: Schema, components: Schema, given: Any, *, whole: bool) -> Schema:
    """Through references, through "or null", and into the part of a union that the value says it is."""
    while True:
        if (reference := part.get("$ref")) is not None:
            part = components[reference.rpartition("/")[2]]
        elif "anyOf" not in part:
            return part
        elif "discriminator" in part:
            mapping = part["discriminator"]["mapping"]
            says = given.get(part["discriminator"]["propertyName"]) if isinstance(given, dict) else None
            if whole or not isinstance(says, str) or says not in mapping:
                return part
            part = {"$ref": mapping[says]}
        else:
            choices = [choice for choice in part["anyOf"] if choice != {"type": "null"}]
            if len(choices) != 1:
                return part
            part = choices[0]


@cache
def _schema(type: Any) -> tuple[Schema, Schema]:
    (root,), components = msgspec.json.schema_components((type,))
    return root, components
