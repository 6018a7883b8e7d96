"""JSON merge patches (RFC 7386): what one comes to, and the one that leads from a document to another.

Pure. A patch that changes nothing is found out here before it is sent, and undo makes its patch here.
"""

from typing import Any

from todotasks.edits.model.edit import Document


def merged(document: Document, patch: Document) -> Document:
    """The document after the patch."""
    result = dict(document)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            there = result.get(key)
            result[key] = merged(there if isinstance(there, dict) else {}, value)
        else:
            result[key] = value
    return result


def changes_nothing(document: Document, patch: Document) -> bool:
    return merged(document, patch) == document


def difference(present: Document, wanted: Document) -> Document:
    """The merge patch that makes `wanted` of `present`. Neither may hold nulls: a patch cannot write one."""
    patch: Document = {key: None for key in present if key not in wanted}
    for key, value in wanted.items():
        if key not in present:
            patch[key] = value
        elif isinstance(value, dict) and isinstance(present[key], dict):
            if inner := difference(present[key], value):
                patch[key] = inner
        elif value != present[key] or type(value) is not type(present[key]):
            patch[key] = value
    return patch


def part(document: Document, keys: list[str]) -> dict[str, Any]:
    """The fields of these names that are there."""
    return {key: document[key] for key in keys if key in document}
