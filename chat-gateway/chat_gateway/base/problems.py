"""Every refusal is `application/problem+json` (RFC 9457), whoever found it.

    raise Refused(404, "NotFound", "There is no such page.")

`reason` is a stable word for programs (those of the Kubernetes API where there is one), `detail` is a
sentence for people: what was given, what would be accepted. `errors` names the place of each mistake in
the body or the query. What went wrong inside (addresses, tracebacks) stays in the log, under the
correlation id that the problem carries.
"""

from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from todotasks.kube.errors import (
    ApiError,
    Forbidden,
    KubeError,
    NotServed,
    ServerError,
    TooManyRequests,
    Unauthorized,
    Unreachable,
)
from todotasks.store import StoreError, StoreUnavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds, where nobody said better


class FieldProblem(msgspec.Struct, frozen=True):
    """One mistake; `path` is like `commands[0].task.due`, or the name of a query parameter."""

    path: str
    detail: str

    @classmethod
    def of(cls, path: str, message: str) -> "FieldProblem":
        """Of a message for people, which names the path too: here that stands beside it."""
        _, named, rest = message.partition(f"{path}: ")
        return cls(path, rest if named and rest else message)


class HttpProblem(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a refusal."""

    type: str
    title: str
    status: int
    detail: str
    reason: str
    errors: tuple[FieldProblem, ...] = ()
    correlation_id: str = ""


class Refused(Exception):
    """Raise it anywhere in a handler; the frame answers with it."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        errors: tuple[FieldProblem, ...] = (),
        headers: dict[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(max(1, -int(-retry_after // 1)))

    def response(self, correlation_id: str = "") -> web.Response:
        problem = HttpProblem(
            type=f"urn:todotasks:problem:{self.reason}",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            reason=self.reason,
            errors=self.errors,
            correlation_id=correlation_id,
        )
        # `content_type` and not a header: with a header aiohttp would guess a charset of its own.
        return web.Response(
            status=self.status,
            body=msgspec.json.encode(problem),
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


UNEXPECTED = "Something went wrong here. It is in our log under the correlation id of this answer."
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="todotasks"'}
BASIC_CHALLENGE = 'Basic realm="todotasks", charset="UTF-8"'


def unauthorized(detail: str) -> Refused:
    return Refused(401, "Unauthorized", detail, headers=_CHALLENGE)


def refused_by(error: KubeError | StoreError) -> Refused:
    """What the API server or PostgreSQL said, as our answer."""
    match error:
        case Unauthorized():
            return unauthorized("The API server does not accept this token; it may have expired.")
        case Unreachable() | NotServed() | ServerError():
            after = error.retry_after if isinstance(error, ApiError) and error.retry_after else RETRY_AFTER
            detail = "The Kubernetes API does not answer now. Nothing is lost; try again in a moment."
            return Refused(503, "Unavailable", detail, retry_after=after)
        case TooManyRequests():
            detail = "The Kubernetes API is busy; try again in a moment."
            return Refused(429, "TooManyRequests", detail, retry_after=error.retry_after or RETRY_AFTER)
        case ApiError():
            errors = tuple(FieldProblem.of(cause.field, cause.message) for cause in error.causes)
            reason = "Forbidden" if isinstance(error, Forbidden) else error.reason or "Refused"
            status = error.status if 400 <= error.status < 500 else 502
            return Refused(status, reason, error.message, errors=errors)
        case StoreUnavailable():
            detail = "This needs PostgreSQL, which does not answer now. Tasks can still be read and written."
            return Refused(503, "Unavailable", detail, retry_after=RETRY_AFTER)
        case _:
            return Refused(500, "InternalError", UNEXPECTED)


def refused_by_http(error: web.HTTPException) -> Refused:
    """aiohttp's own: no such path, no such method, too large."""
    allowed = error.headers.get("Allow")
    match error.status:
        case 404:
            detail = "There is nothing here. /openapi.json lists every path."
            return Refused(404, "NotFound", detail)
        case 405:
            return Refused(
                405,
                "MethodNotAllowed",
                f"This path takes {allowed}." if allowed else "This path does not take that method.",
                headers={"Allow": allowed} if allowed else None,
            )
        case 413:
            return too_large()
        case status:
            return Refused(
                status, HTTPStatus(status).name.title().replace("_", ""), HTTPStatus(status).phrase
            )


BODY_LIMIT = 64 * 1024  # bytes


def too_large() -> Refused:
    return Refused(
        413,
        "TooLarge",
        f"A body may have {BODY_LIMIT // 1024} KiB.",
        headers={"Connection": "close"},
    )


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Any msgspec value as JSON."""
    return web.Response(
        status=status, body=msgspec.json.encode(value), content_type="application/json", headers=headers
    )
