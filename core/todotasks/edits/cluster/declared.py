"""What a file declares of an object that a chat edit has changed: whoever applies the file puts it back.

Who applies by server-side apply (Flux, Argo CD, `kubectl apply --server-side`) stands in `managedFields` with
the operation Apply, field by field; `kubectl apply` without it leaves the whole file in an annotation. Pure.
"""

import json
from dataclasses import dataclass

from todotasks.edits.model.edit import Document, EditResult

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KUBECTL = "kubectl apply"


# Fields of which an object has one. Where one was put in another's place, the file does not put it back: it
# is refused, which was said when it was planned.
EXCLUSIVE = (frozenset({"cron", "rrule", "simple"}), frozenset({"until", "count"}))


# Fields that are read together: what stays of them changes the meaning of what is put back.
TOGETHER = (
    frozenset({"cron", "rrule", "simple", "start", "until", "count", "timeZone", "basis"}),
    frozenset({"due", "timeZone"}),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """`by` applies these fields (paths such as spec.cron); none for an object that was deleted. `stays`: what
    was changed with them, is read together with them, and is declared by nobody."""

    by: str
    fields: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def declared(result: EditResult) -> Declared | None:
    """None where no file says anything of what was changed."""
    before, edit = result.before, result.edit
    if before is None or result.result != "done":
        return None
    managers = _managers(before)
    if edit.verb == "delete":
        return Declared(managers[0][0]) if managers else None
    touched = (edit.patch or {}).get("spec") or {}
    for name, spec in managers:
        fields = tuple(_paths(touched, spec, "spec"))
        if fields:
            return Declared(name, fields, tuple(_stays(touched, spec)))
    return None


def _stays(touched: Document, names: Document) -> list[str]:
    out: list[str] = []
    for group in TOGETHER:
        together = {key: value for key, value in touched.items() if key in group and value is not None}
        if not any(key in names for key in together):
            continue
        for key, value in together.items():
            if key not in names:
                out.append(f"spec.{key}")
            elif isinstance(value, dict) and names[key]:
                inner = [name for name in value if value[name] is not None and name not in names[key]]
                out += [f"spec.{key}.{name}" for name in inner]
    return list(dict.fromkeys(out))


def _managers(document: Document) -> list[tuple[str, Document]]:
    """Each who applies it, and the spec as nested names of what is declared."""
    metadata = document.get("metadata") or {}
    found = [
        (str(entry.get("manager", "")), _names((entry.get("fieldsV1") or {}).get("f:spec") or {}))
        for entry in metadata.get("managedFields") or ()
        if entry.get("operation") == "Apply" and not entry.get("subresource")
    ]
    text = (metadata.get("annotations") or {}).get(LAST_APPLIED)
    if text is not None:
        try:
            applied = json.loads(text)
        except ValueError:
            applied = {}
        spec = applied.get("spec") if isinstance(applied, dict) else None
        found.append((KUBECTL, _nested(spec)))
    return found


def _names(fields: Document) -> Document:
    """`{"f:template": {"f:spec": {…}}}` by plain names; elements of lists count as the list."""
    return {key[2:]: _names(inner) for key, inner in fields.items() if key.startswith("f:")}


def _nested(value: object) -> Document:
    return {key: _nested(inner) for key, inner in value.items()} if isinstance(value, dict) else {}


def _paths(touched: Document, names: Document, path: str) -> list[str]:
    out: list[str] = []
    for key, value in touched.items():
        if key not in names or _is_replaced(key, touched):
            continue
        if isinstance(value, dict) and names[key]:
            out += _paths(value, names[key], f"{path}.{key}")
        else:
            out.append(f"{path}.{key}")
    return out


def _is_replaced(key: str, touched: Document) -> bool:
    """Whether it went because another one of which there can be only one has come."""
    if touched[key] is not None:
        return False
    others = (other for group in EXCLUSIVE if key in group for other in group - {key})
    return any(touched.get(other) is not None for other in others)
