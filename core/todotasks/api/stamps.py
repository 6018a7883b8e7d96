"""The stamps of an object: who wrote it last, and the tags of a task as labels. Pure.

The API server sets them (`manifests/base/policies/stamps.yaml`), whatever a writer puts there. A writer that
knows its own name and sets them rightly itself spares the API server that work: nothing is left to stamp.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from todotasks.api.meta import TAG_LABEL_PREFIX

ANNOTATION_LAST_ACTOR: Final = "todotasks.dev/last-actor"  # the user name of whoever wrote the object last
# W3C Trace Context of the edit that wrote it, where traces are on. Anybody may write it: nothing hangs on it.
ANNOTATION_TRACEPARENT: Final = "todotasks.dev/traceparent"

# Whom the gateway acts as for a link in a mail, and nobody else may: manifests/base/rbac/mail_links.yaml.
MAIL_LINK_USER: Final = "todotasks:mail-link"
ANNOTATION_MAIL_LINK_OF: Final = (
    "todotasks.dev/mail-link-of"  # to whom the mail went whose link was used last
)
ANNOTATION_MAIL_LINKS_USED: Final = "todotasks.dev/mail-links-used"  # `<id>:<until, seconds since 1970>` …

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?", re.ASCII)
_LOWER = {ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def fresh_traceparent(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, *, creating: bool = False
) -> str | None:
    """The trace of the change between two states of the annotations; None where another change left it there.

    Whoever writes next without traces leaves the annotation as it is: theirs is another story.
    """
    now = (new or {}).get(ANNOTATION_TRACEPARENT)
    return now if creating or now != (old or {}).get(ANNOTATION_TRACEPARENT) else None


def actor_of(annotations: Mapping[str, str]) -> str | None:
    """Who wrote the object last; of a mail's link, whose mail it was. Only where that user is stamped, for an
    annotation alone can be written by anybody."""
    actor = annotations.get(ANNOTATION_LAST_ACTOR)
    if actor == MAIL_LINK_USER and (recipient := annotations.get(ANNOTATION_MAIL_LINK_OF)):
        return f"mail link of {recipient}"
    return actor


def tag_labels(tags: Iterable[object]) -> list[str]:
    """The labels of tags, once each. A tag that cannot be a label's name, even in lower case, has none."""
    texts = (tag.translate(_LOWER) for tag in tags if isinstance(tag, str))
    return list(dict.fromkeys(f"{TAG_LABEL_PREFIX}{text}" for text in texts if _LABEL.fullmatch(text)))


def stamped(body: Mapping[str, Any], actor: str, *, is_task: bool) -> dict[str, Any]:
    """A new object's body with the stamps that `actor` gets; `body` stays as it is."""
    meta = body.get("metadata") or {}
    stamps: dict[str, Any] = {
        "annotations": {**(meta.get("annotations") or {}), ANNOTATION_LAST_ACTOR: actor}
    }
    labels = dict(meta.get("labels") or {})
    if is_task:
        wanted = tag_labels((body.get("spec") or {}).get("tags") or ())
        labels = {k: v for k, v in labels.items() if not k.startswith(TAG_LABEL_PREFIX) or k in wanted}
        labels |= {label: "" for label in wanted if label not in labels}
    if labels:
        stamps["labels"] = labels
    return {**body, "metadata": {**{k: v for k, v in meta.items() if k != "labels"}, **stamps}}
