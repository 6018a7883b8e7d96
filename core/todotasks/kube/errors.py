"""What can go wrong between us and the API server.

    KubeError
    ├── KubeConfigError        no usable kubeconfig; says which file and which field
    ├── Unreachable            no answer: refused, reset, timed out (`sent`: it may have been carried out)
    │   └── Unanswered         the connection stands, and nothing came in the time that was given
    ├── UndecodableAnswer      an answer that is not what the type promises
    └── ApiError               the API server said no, in its own words
        ├── BadRequest         400
        ├── Unauthorized       401
        ├── Forbidden          403
        ├── NotFound           404, there is no such object
        ├── NotServed          404, nobody serves this path: the kind is not installed, or not yet
        ├── Conflict           409, the object changed meanwhile, is another one, or an apply conflict
        ├── AlreadyExists      409, reason AlreadyExists
        ├── Gone               410, resourceVersion or continue token expired
        ├── Invalid            422, with `causes`
        ├── TooManyRequests    429
        └── ServerError        5xx

The message is the API server's, unchanged: it is what kubectl prints, and people search for it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec


class KubeError(Exception):
    """Anything that this package raises on purpose."""


class KubeConfigError(KubeError):
    """The kubeconfig cannot be used."""


class Unreachable(KubeError):
    """No answer came. `sent` is False when the request certainly never left (connection refused);
    `retriable` is False when waiting does not help (a certificate that we do not trust)."""

    def __init__(self, message: str, *, sent: bool = True, retriable: bool = True) -> None:
        super().__init__(message)
        self.sent = sent
        self.retriable = retriable


class Unanswered(Unreachable):
    """Nothing came in time over a connection that stands. Whoever asks again should wait longer."""


class UndecodableAnswer(KubeError):
    """The API server's answer does not fit the type it was asked as."""


class Cause(NamedTuple):
    """One field's complaint, as in `spec.due: Invalid value: …`."""

    field: str
    message: str


class _CauseDoc(msgspec.Struct):
    reason: str = ""
    message: str = ""
    field: str = ""


class _Details(msgspec.Struct, rename="camel"):
    name: str = ""
    group: str = ""
    kind: str = ""
    uid: str = ""
    causes: list[_CauseDoc] | None = None
    retry_after_seconds: float | None = None


class Status(msgspec.Struct):
    """metav1.Status: the body of every refusal, and the object of a watch's ERROR."""

    kind: str = ""
    status: str = ""
    message: str = ""
    reason: str = ""
    code: int = 0
    details: _Details | None = None


class ApiError(KubeError):
    """The API server answered with a refusal."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        details: Mapping[str, object] | None = None,
        retry_after: float | None = None,
        causes: tuple[Cause, ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.details: Mapping[str, object] = details or {}
        self.retry_after = retry_after
        self.causes = causes

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.status} {self.reason}: {self.message})"


class BadRequest(ApiError): ...


class Unauthorized(ApiError): ...


class Forbidden(ApiError): ...


class NotFound(ApiError): ...


class NotServed(ApiError):
    """Not a `NotFound`: while a CRD is being made, its objects are there and their path is not."""


class Conflict(ApiError): ...


class AlreadyExists(ApiError): ...


class Gone(ApiError): ...


class Invalid(ApiError): ...


class TooManyRequests(ApiError): ...


class ServerError(ApiError): ...


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    422: Invalid,
    429: TooManyRequests,
}
_STATUS_DECODER = msgspec.json.Decoder(Status)

# What the API server adds to a 422 when the schema stopped the CEL rules from running. It is no fault
# of any field, and a person who reads it can do nothing about it.
_NOISE = "some validation rules were not checked because the object was invalid"

LONGEST_FOREIGN_TEXT = 500  # characters kept of an answer that is no Status (a proxy's HTML page)


def error_from_status(status: Status, code: int = 0, retry_after: float | None = None) -> ApiError:
    """The typed error for a metav1.Status."""
    code = code or status.code or 500
    details = status.details or _Details()
    if retry_after is None:
        retry_after = details.retry_after_seconds
    causes = tuple(
        Cause(cause.field, cause.message) for cause in details.causes or () if _NOISE not in cause.message
    )
    known: type[ApiError] = _BY_STATUS.get(code, ServerError if code >= 500 else ApiError)
    if status.reason == "AlreadyExists":
        known = AlreadyExists
    elif status.reason in {"Expired", "Gone"}:
        known = Gone
    elif any(cause.field == "metadata.uid" for cause in causes):
        # A patch that names a uid met another object of the same name. For built-in kinds that is a 409,
        # for custom resources a 422 on an immutable field; to a caller it is one thing.
        known = Conflict
    return known(
        code,
        status.reason,
        status.message or f"the API server answered {code} without a reason",
        details={key: value for key in ("name", "group", "kind", "uid") if (value := getattr(details, key))},
        retry_after=retry_after,
        causes=causes,
    )


def error_from_answer(code: int, body: bytes, retry_after: float | None = None) -> ApiError:
    """The typed error for an HTTP answer, whoever wrote it: the API server, or a proxy before it."""
    try:
        status = _STATUS_DECODER.decode(body)
    except msgspec.DecodeError:
        status = Status()
    if status.kind != "Status":
        if code == 404:
            text = "the API server serves no such path: is the kind installed?"
            return NotServed(404, "NotServed", text, retry_after=retry_after)
        text = body.decode("utf-8", "replace").strip()[:LONGEST_FOREIGN_TEXT]
        status = Status(message=text or f"HTTP {code} with an empty body")
    return error_from_status(status, code, retry_after)
