"""The stamps, for servers without MutatingAdmissionPolicy v1 (before 1.36): the same as
`manifests/base/policies`.

Pure: from a request to a JSON Patch (RFC 6902). A test holds it to the policies, case by case.
"""

from typing import Any

from todo_webhook.review import Request
from todotasks.api.meta import TAG_LABEL_PREFIX
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, tag_labels

Patch = list[dict[str, Any]]


def stamps(request: Request) -> Patch:
    """What has to be changed of the object; empty where it is right already."""
    if request.object is None or request.sub_resource:
        return []
    meta, patch = request.object.metadata, []
    if meta.annotations is None:
        patch.append(
            {
                "op": "add",
                "path": "/metadata/annotations",
                "value": {ANNOTATION_LAST_ACTOR: request.user_info.username},
            }
        )
    elif meta.annotations.get(ANNOTATION_LAST_ACTOR) != request.user_info.username:
        path = f"/metadata/annotations/{_escaped(ANNOTATION_LAST_ACTOR)}"
        patch.append({"op": "add", "path": path, "value": request.user_info.username})
    if request.resource.resource == "todotasks":
        patch += _labels(meta.labels, request.object.spec)
    return patch


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
