"""What the API server and PostgreSQL say, as answers; nothing of the inside gets out."""

import json
from typing import Any

import pytest

from chat_gateway.base.problems import FieldProblem, Refused, refused_by
from todotasks.kube.errors import (
    Cause,
    Conflict,
    Forbidden,
    Invalid,
    KubeError,
    NotFound,
    NotServed,
    ServerError,
    TooManyRequests,
    UndecodableAnswer,
    Unreachable,
)
from todotasks.store import StoreError, StoreUnavailable

INSIDE = "cannot connect to https://10.0.0.1:6443 as postgresql://app:secret@db"


def body(refused: Refused) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(refused.response("id-1").body)  # type: ignore[arg-type]
    return content


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (Unreachable(INSIDE), 503, "Unavailable"),
        (NotServed(404, "NotServed", "is the kind installed?"), 503, "Unavailable"),
        (ServerError(500, "InternalError", INSIDE), 503, "Unavailable"),
        (TooManyRequests(429, "TooManyRequests", "later"), 429, "TooManyRequests"),
        (Forbidden(403, "Forbidden", "no"), 403, "Forbidden"),
        (NotFound(404, "NotFound", "there is none"), 404, "NotFound"),
        (Conflict(409, "Conflict", "changed"), 409, "Conflict"),
        (Invalid(422, "Invalid", "no"), 422, "Invalid"),
        (UndecodableAnswer(INSIDE), 500, "InternalError"),
        (StoreUnavailable(INSIDE), 503, "Unavailable"),
        (StoreError(INSIDE), 500, "InternalError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_error_becomes_one_kind_of_refusal(
    error: KubeError | StoreError, status: int, reason: str
) -> None:
    refused = refused_by(error)
    said = body(refused)
    assert (said["status"], said["reason"]) == (status, reason)
    assert said["type"] == f"urn:todotasks:problem:{reason}"
    assert said["correlationId"] == "id-1"
    assert "10.0.0.1" not in str(said)
    assert "secret" not in str(said)
    assert ("Retry-After" in refused.headers) is (status in {429, 503})


def test_the_fields_that_the_api_server_complains_about_keep_their_paths() -> None:
    error = Invalid(422, "Invalid", "no", causes=(Cause("spec.due", "must be a date"),))
    assert body(refused_by(error))["errors"] == [{"path": "spec.due", "detail": "must be a date"}]


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("spec.due: must be a date", "must be a date"),
        ("This is not accepted: spec.due: must be a date", "must be a date"),
        ("must be a date", "must be a date"),
        ("spec.dues: no such field", "spec.dues: no such field"),
        ("spec.due: ", "spec.due: "),
    ],
)
def test_a_mistake_does_not_repeat_the_path_that_stands_beside_it(message: str, detail: str) -> None:
    assert FieldProblem.of("spec.due", message) == FieldProblem("spec.due", detail)


@pytest.mark.parametrize(("seconds", "header"), [(0.02, "1"), (1.0, "1"), (1.2, "2"), (10.0, "10")])
def test_when_to_come_back_is_whole_seconds_and_never_too_early(seconds: float, header: str) -> None:
    assert Refused(429, "TooManyRequests", "later", retry_after=seconds).headers["Retry-After"] == header
