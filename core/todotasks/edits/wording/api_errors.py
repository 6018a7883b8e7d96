"""What the API server refused, in plain words: `KubeError` in, `Problem` out. Pure.

The reader knows todo lists, not HTTP: the text says what may not be done, where, and what to ask for. The
API server's own sentence stays in it where it is the explanation (a rule of the CRD, a webhook, a quota).
"""

import re

from todotasks.edits.model.edit import Edit, Problem
from todotasks.edits.wording.formatting import clean, quoted
from todotasks.kube.errors import (
    AlreadyExists,
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    KubeConfigError,
    KubeError,
    NotFound,
    NotServed,
    ServerError,
    TooManyRequests,
    Unauthorized,
    Unreachable,
)

LONGEST_TEXT = 500  # characters kept of a text that others wrote
MOST_CAUSES = 20

_ROLE_MISSING = re.compile(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\S+) resource "(?P<resource>[^"]+)"'
    r' in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]*)"| at the cluster scope)?'
)
_ENDING = "because it is being terminated"
_QUOTA = "exceeded quota"
_WEBHOOK = re.compile(r'admission webhook "(?P<name>[^"]+)" denied the request: (?P<said>.*)', re.DOTALL)
_POLICY = re.compile(r"ValidatingAdmissionPolicy .*? denied request: (?P<said>.*)", re.DOTALL)


def problem_of(error: KubeError, *, namespace: str = "", what: str = "") -> Problem:
    """`what` is the object in words, such as “rent”, where one was meant; none: it was only looked."""
    if isinstance(error, Unreachable):
        return _unreachable(error, looking=not what)
    if isinstance(error, KubeConfigError):
        return Problem(reason="Unavailable", message=f"The kubeconfig cannot be used: {_text(error)}.")
    if not isinstance(error, ApiError):
        text = f"The API server's answer cannot be used: {_text(error)}."
        return Problem(reason="Unavailable", message=text)
    reason, message, field = _said(error, namespace, what)
    return Problem(reason=reason, message=message, field=field, status=error.status)


def problem_of_edit(error: KubeError, edit: Edit) -> Problem:
    return problem_of(error, namespace=edit.namespace, what=quoted(edit.title or edit.name))


def _unreachable(error: Unreachable, *, looking: bool) -> Problem:
    if not error.retriable:
        text = "The API server shows a certificate that is not trusted here. Nothing was done."
    elif error.sent and looking:
        text = "The API server did not answer in time. Nothing was done; try again in a moment."
    elif error.sent:
        text = (
            "The API server did not answer in time, so it is not known whether this was done. "
            "Look before you try again."
        )
    else:
        text = "The API server cannot be reached. Nothing was done; try again in a moment."
    return Problem(reason="Unavailable", message=text)


def _said(error: ApiError, namespace: str, what: str) -> tuple[str, str, str | None]:
    """Reason, message and the field, of each kind of refusal."""
    thing = what or "The object"
    match error:
        case Forbidden():
            return *_forbidden(error), None
        case Unauthorized():
            return "Unauthorized", "The API server does not accept your token: log in again.", None
        case Invalid() | BadRequest():
            return _invalid(error)
        case AlreadyExists():
            return "AlreadyExists", f"There is already an object with the name of {thing}.", None
        case Conflict() | Gone():
            return "Conflict", f"{thing} was changed meanwhile. Look at it and say it again.", None
        case NotServed():
            text = "The API server does not know todo tasks: the CRDs of todotasks.dev are not installed."
            return "NotInstalled", text, None
        case NotFound():
            if error.details.get("kind") == "namespaces":
                return "NotFound", f"There is no namespace {error.details.get('name') or namespace}.", None
            return "NotFound", f"{thing} is not there any more.", None
        case TooManyRequests():
            return "TooManyRequests", "The API server has too much to do. Try again in a moment.", None
        case ServerError():
            text = "The API server has trouble of its own and did not do this"
            return "Unavailable", f"{text}: {_text(error)}. Try again in a moment.", None
        case _:
            return error.reason or "Refused", f"The API server refused: {_text(error)}.", None


def _forbidden(error: ApiError) -> tuple[str, str]:
    if found := _ROLE_MISSING.search(error.message):
        verb, resource, group = found["verb"], found["resource"], found["group"]
        where = f"in namespace {found['namespace']}" if found["namespace"] else "in all namespaces"
        label = f"{resource}.{group}" if group else resource
        return "Forbidden", (
            f"You may not {verb} {resource} {where} (the API server says no to {clean(found['user'])}): "
            f"ask for a role with the verb {verb} on {label}."
        )
    if _ENDING in error.message:
        return "Forbidden", "The namespace is being deleted: nothing new can be made in it."
    if _QUOTA in error.message:
        said = error.message[error.message.index(_QUOTA) :]
        return "QuotaExceeded", f"The namespace is full: {clean(said, LONGEST_TEXT)}."
    if found := _WEBHOOK.search(error.message) or _POLICY.search(error.message):
        return "Forbidden", f"A rule of this cluster refuses it: {clean(found['said'], LONGEST_TEXT)}"
    return "Forbidden", f"The API server does not allow this: {_text(error)}."


def _invalid(error: ApiError) -> tuple[str, str, str | None]:
    """Each complaint with the path of its field, all at once."""
    causes = error.causes[:MOST_CAUSES]
    if not causes:
        return "Invalid", f"The API server does not accept this: {_text(error)}.", None
    told = [f"{clean(cause.field)}: {clean(cause.message, LONGEST_TEXT)}" for cause in causes if cause.field]
    told += [clean(cause.message, LONGEST_TEXT) for cause in causes if not cause.field]
    field = causes[0].field if len(causes) == 1 else None
    return "Invalid", "This is not accepted: " + "; ".join(told), field or None


def _text(error: KubeError) -> str:
    return clean(str(error), LONGEST_TEXT).rstrip(".")
