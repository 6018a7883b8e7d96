"""An object as events show it, and the difference of two such states.

A state is plain JSON (dicts, lists, strings) in the shape of the API: with the defaults that a consumer
would otherwise have to know (`priority`, `completed`), and without what says nothing about the object:
`managedFields`, kubectl's copy of the manifest, our own stamps, empty lists and maps. Two states that
are equal here differ in nothing that an event should tell.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from todotasks.api import GROUP_VERSION, RecurrenceRule, Reminder, TodoTask
from todotasks.api.meta import ANNOTATION_RECONCILE_AT, TAG_LABEL_PREFIX
from todotasks.api.stamps import (
    ANNOTATION_LAST_ACTOR,
    ANNOTATION_MAIL_LINK_OF,
    ANNOTATION_MAIL_LINKS_USED,
    ANNOTATION_TRACEPARENT,
)

JSON = dict[str, Any]

# Annotations that change with every request or repeat the spec. kubectl's copy of the manifest would
# double each event, and keeps values that were removed since.
_SILENT_ANNOTATIONS: Final = frozenset(
    {
        ANNOTATION_LAST_ACTOR,
        ANNOTATION_MAIL_LINK_OF,
        ANNOTATION_MAIL_LINKS_USED,
        ANNOTATION_TRACEPARENT,
        ANNOTATION_RECONCILE_AT,
        "kubectl.kubernetes.io/last-applied-configuration",
    }
)

_TASK_DEFAULTS: Final[JSON] = {"title": "", "priority": "Medium", "completed": False}
_RULE_DEFAULTS: Final[JSON] = {
    "basis": "Schedule",
    "concurrencyPolicy": "Allow",
    "missedPolicy": "Latest",
    "suspend": False,
}
_REMINDER_DEFAULTS: Final[JSON] = {"suspend": False}

# What the states above always have, by struct: the schemas say so too.
ALWAYS_PRESENT: Final[dict[str, tuple[str, ...]]] = {
    "Metadata": ("name", "namespace", "uid", "resourceVersion"),
    "TodoTask": ("apiVersion", "kind", "metadata", "spec", "status"),
    "TodoTaskSpec": tuple(_TASK_DEFAULTS),
    "TodoTaskStatus": ("observedGeneration",),
    "RecurrenceRule": ("apiVersion", "kind", "metadata", "spec", "status"),
    "RecurrenceRuleSpec": ("template", *_RULE_DEFAULTS),
    "RecurrenceRuleStatus": ("observedGeneration",),
    "TaskTemplate": ("spec",),
}


def task_state(task: TodoTask) -> JSON:
    return _state("TodoTask", task, {**_TASK_DEFAULTS, **_plain(task.spec)})


def rule_state(rule: RecurrenceRule) -> JSON:
    spec = {**_RULE_DEFAULTS, **_plain(rule.spec)}
    occurrence = {**_TASK_DEFAULTS, **_plain(rule.spec.template.spec)}
    spec["template"] = {**spec.get("template", {}), "spec": occurrence}
    return _state("RecurrenceRule", rule, spec)


def reminder_state(reminder: Reminder) -> JSON:
    return _state("Reminder", reminder, {**_REMINDER_DEFAULTS, **_plain(reminder.spec)})


def difference(old: JSON, new: JSON) -> tuple[tuple[str, ...], JSON]:
    """The fields that changed, and the merge patch (RFC 7396) that leads from `new` back to `old`.

    Looks at what a person decides: the spec, labels, annotations.
    """
    changed: list[str] = []
    previous: JSON = {}
    for part, fields in (("spec", None), ("metadata", ("labels", "annotations"))):
        before, after = old[part], new[part]
        if before == after:
            continue
        for field in sorted(fields or {*before, *after}):
            was, now = before.get(field), after.get(field)
            if was != now:
                changed.append(f"{part}.{field}")
                previous.setdefault(part, {})[field] = merge_patch(now, was)
    return tuple(changed), previous


def merge_patch(source: Any, target: Any) -> Any:
    """The JSON merge patch that makes `target` of `source`. None is "not there", as in merge patches."""
    if not isinstance(source, dict) or not isinstance(target, dict):
        return target
    patch: JSON = {name: None for name in source if name not in target}
    for name, value in target.items():
        if name not in source:
            patch[name] = value
        elif source[name] != value:
            patch[name] = merge_patch(source[name], value)
    return patch


def _state(kind: str, obj: TodoTask | RecurrenceRule | Reminder, spec: JSON) -> JSON:
    return {
        "apiVersion": GROUP_VERSION,
        "kind": kind,
        "metadata": _metadata(obj),
        "spec": spec,
        "status": {"observedGeneration": -1, **_plain(obj.status)},
    }


def _metadata(obj: TodoTask | RecurrenceRule | Reminder) -> JSON:
    meta = obj.metadata
    plain = {"name": "", "namespace": "", "uid": "", "resourceVersion": "", **_plain(meta)}
    for field, values, silent in (
        ("labels", meta.labels, _is_silent_label),
        ("annotations", meta.annotations, _is_silent_annotation),
    ):
        kept = _without(values, silent) if values else None
        if kept:
            plain[field] = kept
        else:
            plain.pop(field, None)
    return plain


def _plain(value: msgspec.Struct) -> JSON:
    """JSON values without empty lists and maps: `tags: []` and no tags are the same wish."""
    built: JSON = msgspec.to_builtins(value)
    empty = [name for name, field in built.items() if field is None or field in ((), {}, [])]
    for name in empty:
        del built[name]
    return built


def _without(values: dict[str, str], silent: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in values.items() if not silent(name)}


def _is_silent_label(name: str) -> bool:
    """The labels that mirror spec.tags change with it; the spec tells."""
    return name.startswith(TAG_LABEL_PREFIX)


def _is_silent_annotation(name: str) -> bool:
    return name in _SILENT_ANNOTATIONS
