"""AdmissionReview v1: its bytes in, the answer's bytes out, the record of what was admitted beside it.

Whatever is sent gets an answer: what is no AdmissionReview is a `BadReview` (the server makes 400 of it),
and an error of ours lets the object in with a warning. The operator looks at everything again and says in a
condition what is wrong, so a mistake in the webhook must not keep people from their lists.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec
import structlog

from todo_webhook import metrics
from todo_webhook.rules import Context, Verdict, judge
from todo_webhook.world import World
from todotasks.api.stamps import fresh_traceparent

API_VERSION = "admission.k8s.io/v1"
MOST_WARNINGS = 20
LONGEST_WARNING = 250  # characters; the API server cuts what is longer, and all beyond 4,096

log = structlog.get_logger(__name__)


class BadReview(ValueError):
    """No AdmissionReview v1; the message says what is missing."""


class User(msgspec.Struct, frozen=True):
    """authentication.k8s.io/v1 UserInfo, without what is not recorded."""

    username: str = ""
    uid: str = ""
    groups: tuple[str, ...] | None = None


class Kind(msgspec.Struct, frozen=True):
    group: str = ""
    version: str = ""
    kind: str = ""


class Plural(msgspec.Struct, frozen=True):
    group: str = ""
    version: str = ""
    resource: str = ""


class Meta(msgspec.Struct, frozen=True, rename="camel"):
    """The part of metadata that is looked at."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    finalizers: tuple[str, ...] | None = None
    owner_references: tuple[dict[str, Any], ...] | None = None


class Thing(msgspec.Struct, frozen=True):
    """An object under review: its spec as it came."""

    metadata: Meta = Meta()
    spec: Any = None


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """admission.k8s.io/v1 AdmissionRequest."""

    uid: str
    kind: Kind = Kind()
    resource: Plural = Plural()
    sub_resource: str = ""
    name: str = ""
    namespace: str = ""
    operation: Literal["CREATE", "UPDATE", "DELETE", "CONNECT"] = "CREATE"
    user_info: User = User()
    object: Thing | None = None
    old_object: Thing | None = None
    dry_run: bool | None = None

    @property
    def thing(self) -> Thing:
        return self.object or self.old_object or Thing()

    @property
    def traceparent(self) -> str | None:
        """The trace of this very write, where it has one: what an earlier write left there is not it."""
        if self.object is None or self.operation == "DELETE":
            return None
        old = self.old_object.metadata.annotations if self.old_object else None
        new = self.object.metadata.annotations
        return fresh_traceparent(old, new, creating=self.operation == "CREATE")


class _Review(msgspec.Struct, frozen=True, rename="camel"):
    api_version: str = ""
    request: Request | None = None


_DECODER = msgspec.json.Decoder(_Review)
_ENCODER = msgspec.json.Encoder()


def read_review(body: bytes) -> Request:
    """The request of an AdmissionReview. Raises `BadReview`."""
    try:
        review = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadReview(f"not an AdmissionReview: {error}") from error
    if review.api_version != API_VERSION:
        raise BadReview(f'apiVersion is "{review.api_version[:60]}", accepted is {API_VERSION}')
    if review.request is None:
        raise BadReview("request is missing")
    return review.request


def decide(request: Request, world: World, now: datetime) -> Verdict:
    """The verdict; never an exception."""
    return judging(request, world, now)()


def judging(request: Request, world: World, now: datetime) -> Callable[[], Verdict]:
    """What gives the verdict, and never an exception. The world is looked at here; the rest is arithmetic,
    for which another thread does as well."""
    if request.operation not in {"CREATE", "UPDATE"} or request.sub_resource or request.object is None:
        return Verdict
    try:
        context = world.context(
            request.namespace or request.object.metadata.namespace,
            request.name or request.object.metadata.name,
            now,
            creating=request.operation == "CREATE",
        )
        old = request.old_object.spec if request.operation == "UPDATE" and request.old_object else None
    except Exception:
        failed = _failed(request)
        return lambda: failed
    return partial(_judged, request, request.object.spec, old, context)


def _judged(request: Request, spec: object, old: object | None, context: Context) -> Verdict:
    try:
        return judge(request.kind.kind, spec, old, context)
    except Exception:
        return _failed(request)


def _failed(request: Request) -> Verdict:
    log.exception("rule_failed", kind=request.kind.kind, operation=request.operation)
    metrics.FAILURES.labels("rule").inc()
    return Verdict(warnings=("todotasks could not check this object; its conditions will say what is wrong",))


def patched(request: Request, patch: list[dict[str, Any]]) -> bytes:
    """The AdmissionReview that lets a request in with a change (JSON Patch)."""
    response: dict[str, Any] = {"uid": _unicode(request.uid), "allowed": True}
    if patch:
        response["patchType"] = "JSONPatch"
        response["patch"] = base64.b64encode(_ENCODER.encode(patch)).decode()
    return _ENCODER.encode({"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response})


def answer(request: Request, verdict: Verdict) -> bytes:
    """The AdmissionReview that answers a request. With `details` kubectl says it as it says the schema's
    errors:
    `The TodoTask "rent" is invalid:` and each field on a line."""
    response: dict[str, Any] = {"uid": _unicode(request.uid), "allowed": not verdict.errors}
    if verdict.warnings:
        response["warnings"] = [_short(warning) for warning in verdict.warnings[:MOST_WARNINGS]]
    if verdict.errors:
        response["status"] = {
            "status": "Failure",
            "code": 422,
            "reason": "Invalid",
            "message": _unicode(verdict.message),
            "details": {
                "name": _unicode(request.name or request.thing.metadata.name),
                "group": _unicode(request.kind.group),
                "kind": _unicode(request.kind.kind),
                "causes": [
                    {
                        "reason": "FieldValueInvalid",
                        "field": _unicode(error.path),
                        "message": _unicode(error.message),
                    }
                    for error in verdict.errors[:MOST_WARNINGS]
                ],
            },
        }
    return _ENCODER.encode({"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response})


def _unicode(text: str) -> str:
    """Without halves of surrogate pairs, which JSON can be sent with and UTF-8 cannot be written with."""
    return text.encode("utf-8", "replace").decode()


def _short(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= LONGEST_WARNING else plain[: LONGEST_WARNING - 1] + "…"


Clock = Callable[[], datetime]
