"""An edit of one object: what is sent to the API server, and what became of it.

An `Edit` is one request, complete before it is sent: `kubectl` is the command that does the same. An
`EditResult` is what came of it, with the object before and after for undo.
"""

from typing import Any, Literal

import msgspec

from todotasks.api import ObjectKey

Verb = Literal["create", "patch", "delete"]
Plural = Literal["todotasks", "recurrencerules", "reminders"]
Result = Literal["done", "dry-run", "unchanged", "planned", "refused"]
Document = dict[str, Any]


def plain(value: Any) -> Any:
    """A typed value as JSON has it: objects and lists only, so that it compares with what was decoded."""
    return msgspec.json.decode(msgspec.json.encode(value))


class Value(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How all of this travels as JSON."""


class Edit(Value, frozen=True):
    """One request: `manifest` for create, `patch` (a JSON merge patch) for patch, neither for delete.

    `uid`, `resource_version` and `generation` are those of the object as it was when the edit was planned: if
    it is another one by now, or its spec was changed, the edit is refused (409) and nothing is overwritten. A
    new resourceVersion of the same generation is only a new status, which the operator writes at any time.
    """

    verb: Verb
    resource: Plural
    namespace: str
    name: str
    title: str = ""  # of the task, for the reply
    manifest: Document | None = None
    patch: Document | None = None
    uid: str | None = None
    resource_version: str | None = None
    generation: int = 0
    kubectl: str = ""

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.namespace, self.name)


class Problem(Value, frozen=True):
    """Why something was not done, in plain words; `field` is a path such as `spec.due`."""

    reason: str  # Forbidden, NotFound, Conflict, Invalid, Ambiguous, Unclear, TooMany, Unavailable …
    message: str
    field: str | None = None
    status: int | None = None  # of the API server's answer


class EditResult(Value, frozen=True):
    """What became of one edit. `before` and `after` are the objects, for undo; `wire` leaves them out."""

    edit: Edit
    result: Result
    problem: Problem | None = None
    before: Document | None = None
    after: Document | None = None
