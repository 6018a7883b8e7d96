"""What a published schema may become: itself, or itself with new optional properties.

Both directions count. What lies in Kafka was written under the old schema and must fit the new one; who
was built against the old one must be able to read what is written under the new one. So a removed,
renamed or newly required property is refused, and so is a narrower *or* wider type: a reader that knows
four priorities breaks on a fifth. All of these are a new type, `….v2`.
"""

from typing import Any

JSON = dict[str, Any]
PROSE = frozenset({"title", "description", "examples", "$comment"})


def breaking_changes(old: JSON, new: JSON) -> list[str]:
    """Sentences on what is not compatible, each with its path; empty if all is well."""
    return _compare(old, new, old, new, "data", frozenset())


def _compare(
    old: Any, new: Any, old_root: JSON, new_root: JSON, path: str, seen: frozenset[str]
) -> list[str]:
    if "$ref" in old and old["$ref"] in seen:
        return []  # a type that holds itself was compared on the way here
    seen = seen | {old["$ref"]} if "$ref" in old else seen
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    found = _properties(old, new, old_root, new_root, path, seen)
    for keyword in sorted((old.keys() | new.keys()) - PROSE - {"properties", "required", "$defs"}):
        was, now = old.get(keyword), new.get(keyword)
        if keyword == "enum":
            found += [
                f"{path}: the value {value!r} was removed" for value in was or () if value not in (now or ())
            ]
            found += [
                f"{path}: the value {value!r} is new" for value in now or () if value not in (was or ())
            ]
        elif keyword in ("items", "additionalProperties") and isinstance(was, dict) and isinstance(now, dict):
            found += _compare(was, now, old_root, new_root, f"{path}[]", seen)
        elif keyword == "anyOf" and was and now and len(was) == len(now):
            for index, (one, other) in enumerate(zip(was, now, strict=True)):
                found += _compare(one, other, old_root, new_root, f"{path}|{index}", seen)
        elif was != now:
            found.append(f"{path}: {keyword} was {was!r}, is {now!r}")
    return found


def _properties(
    old: JSON, new: JSON, old_root: JSON, new_root: JSON, path: str, seen: frozenset[str]
) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    found = []
    for name, schema in before.items():
        if name in after:
            found += _compare(schema, after[name], old_root, new_root, f"{path}.{name}", seen)
        else:
            found.append(f"{path}.{name}: was removed")
    was, now = set(old.get("required", ())), set(new.get("required", ()))
    found += [f"{path}.{name}: is newly required" for name in sorted(now - was)]
    found += [f"{path}.{name}: may now be missing" for name in sorted(was - now) if name in after]
    return found


def _resolve(schema: JSON, root: JSON) -> JSON:
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        resolved: JSON = root["$defs"][name]
        schema = resolved
    return schema
