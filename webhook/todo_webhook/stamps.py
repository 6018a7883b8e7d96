"""Stamps, and one way of writing a schedule, for servers without MutatingAdmissionPolicy v1 (before 1.36):
the same as `manifests/base/policies`.

Pure: from a request to a JSON Patch (RFC 6902). A test holds it to the policies, case by case.
"""

from typing import Any

from todo_webhook.review import Request
from todotasks.api.meta import TAG_LABEL_PREFIX
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, tag_labels

Patch = list[dict[str, Any]]


WAYS = ("cron", "rrule", "simple")  # of writing a schedule, of which a rule has exactly one


def stamps(request: Request) -> Patch:
    """What has to be changed of the object; empty where it is right already."""
    if request.object is None or request.sub_resource:
        return []
    meta, patch = request.object.metadata, []
    actor = request.user_info.username
    right = (meta.annotations or {}).get(ANNOTATION_LAST_ACTOR) == actor
    labels = _labels(meta.labels, request.object.spec) if request.resource.resource == "todotasks" else []
    if not right and (labels or _changes(request)):
        if meta.annotations is None:
            value = {ANNOTATION_LAST_ACTOR: actor}
            patch.append({"op": "add", "path": "/metadata/annotations", "value": value})
        else:
            path = f"/metadata/annotations/{_escaped(ANNOTATION_LAST_ACTOR)}"
            patch.append({"op": "add", "path": path, "value": actor})
    patch += labels
    if request.resource.resource == "recurrencerules":
        patch += _replaced(request)
    return patch


def _changes(request: Request) -> bool:
    """A write that changes nothing is nobody's."""
    new, old = request.object, request.old_object
    if old is None or new is None:
        return True
    return new.spec != old.spec or any(
        (getattr(new.metadata, name) or None) != (getattr(old.metadata, name) or None)
        for name in ("annotations", "labels", "finalizers", "owner_references")
    )


def _replaced(request: Request) -> Patch:
    """Who sets another way of writing than the one that is there means it instead."""
    new = request.object.spec if request.object is not None else None
    old = request.old_object.spec if request.old_object is not None else None
    if not isinstance(new, dict) or not isinstance(old, dict):
        return []
    added = [way for way in WAYS if way in new and way not in old]
    stale = [way for way in WAYS if way in new and way in old]
    if len(added) != 1 or len(stale) != 1:
        return []
    return [{"op": "remove", "path": f"/spec/{stale[0]}"}]


def _labels(labels: dict[str, str] | None, spec: object) -> Patch:
    tags = spec.get("tags") if isinstance(spec, dict) else None
    wanted = tag_labels(tags) if isinstance(tags, list) else []
    there = labels or {}
    patch: Patch = []
    if wanted and labels is None:
        patch.append({"op": "add", "path": "/metadata/labels", "value": {}})
    patch += [
        {"op": "remove", "path": f"/metadata/labels/{_escaped(key)}"}
        for key in there
        if key.startswith(TAG_LABEL_PREFIX) and key not in wanted
    ]
    return patch + [
        {"op": "add", "path": f"/metadata/labels/{_escaped(key)}", "value": ""}
        for key in wanted
        if key not in there
    ]


def _escaped(key: str) -> str:
    """As a part of a JSON Pointer."""
    return key.replace("~", "~0").replace("/", "~1")
