"""The small parts: paths, errors, lines, bodies, retries, the token bucket, the decoder."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.api import Metadata, TodoTask
from todotasks.kube import Change, PartialObject, Skipped
from todotasks.kube.connection.sender import wait_before_retry
from todotasks.kube.connection.wire import encode, namespace_of
from todotasks.kube.errors import (
    AlreadyExists,
    ApiError,
    BadRequest,
    Cause,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotServed,
    ServerError,
    TooManyRequests,
    Unauthorized,
    UndecodableAnswer,
    Unreachable,
    error_from_answer,
)
from todotasks.kube.resources import BY_KIND, NAMESPACES, OUR_KINDS, SECRETS, TODOTASKS
from todotasks.kube.watch.lines import LineSplitter
from todotasks.kube.watch.observed import Bookmark, LineDecoder


# ── paths ────────────────────────────────────────────────────────────────────────────────────────────
def test_paths_are_those_of_the_api_server() -> None:
    assert TODOTASKS.path() == "/apis/todotasks.dev/v1/todotasks"
    assert TODOTASKS.path("home") == "/apis/todotasks.dev/v1/namespaces/home/todotasks"
    assert TODOTASKS.path("home", "rent", "status") == (
        "/apis/todotasks.dev/v1/namespaces/home/todotasks/rent/status"
    )
    assert SECRETS.path("home", "mail") == "/api/v1/namespaces/home/secrets/mail"
    assert NAMESPACES.path(None, "home") == "/api/v1/namespaces/home"
    assert NAMESPACES.path("ignored", "home") == "/api/v1/namespaces/home"


def test_a_name_without_its_namespace_is_refused() -> None:
    with pytest.raises(ValueError, match="'rent' lives in a namespace"):
        TODOTASKS.path(None, "rent")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a%2fb", "a?x", "a#x", "a b", "a\n", "a\\b", "\x00"])
def test_no_name_leads_to_another_path(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        TODOTASKS.path("home", name)


def test_every_kind_is_found_by_its_name() -> None:
    assert BY_KIND["TodoTask"] is TODOTASKS
    assert {"TodoTask", "RecurrenceRule", "Reminder", "NotificationChannel"} == {
        one.kind for one in OUR_KINDS
    }
    assert (TODOTASKS.label, SECRETS.label) == ("todotasks.todotasks.dev", "secrets")
    assert (TODOTASKS.api_version, SECRETS.api_version) == ("todotasks.dev/v1", "v1")


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────
def status(code: int, reason: str = "", **more: object) -> bytes:
    return json.dumps({"kind": "Status", "code": code, "reason": reason, "message": "words", **more}).encode()


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (400, status(400), BadRequest),
        (401, status(401), Unauthorized),
        (403, status(403), Forbidden),
        (404, status(404, "NotFound"), NotFound),
        (404, b"404 page not found\n", NotServed),
        (409, status(409, "Conflict"), Conflict),
        (409, status(409, "AlreadyExists"), AlreadyExists),
        (410, status(410, "Expired"), Gone),
        (410, status(410, "Gone"), Gone),
        (422, status(422, "Invalid"), Invalid),
        (429, status(429), TooManyRequests),
        (500, status(500), ServerError),
        (503, b"<html>", ServerError),
        (418, status(418), ApiError),
    ],
)
def test_each_answer_has_its_error(code: int, body: bytes, kind: type[ApiError]) -> None:
    error = error_from_answer(code, body)
    assert type(error) is kind
    assert error.status == code


def test_causes_are_kept_and_the_noise_is_dropped() -> None:
    causes = [
        {"reason": "FieldValueInvalid", "message": "Invalid value: give due or at", "field": "spec.due"},
        {
            "message": 'Invalid value: "null": some validation rules were not checked because the object was '
            "invalid; correct the existing errors to complete validation",
            "field": "<nil>",
        },
    ]
    error = error_from_answer(422, status(422, "Invalid", details={"name": "rent", "causes": causes}))
    assert error.causes == (Cause("spec.due", "Invalid value: give due or at"),)
    assert error.details == {"name": "rent"}
    assert str(error) == "words"


def test_another_object_of_the_same_name_is_a_conflict_for_every_kind() -> None:
    causes = [{"message": "Invalid value: field is immutable", "field": "metadata.uid"}]
    assert isinstance(error_from_answer(422, status(422, "Invalid", details={"causes": causes})), Conflict)


def test_what_no_api_server_said_is_quoted_in_short() -> None:
    error = error_from_answer(502, b"<html>" + b"x" * 10_000)
    assert str(error).startswith("<html>xxx")
    assert len(str(error)) == 500
    assert "empty body" in str(error_from_answer(502, b""))


def test_the_wait_stands_in_the_header_or_in_the_status() -> None:
    body = status(429, details={"retryAfterSeconds": 7})
    assert error_from_answer(429, body).retry_after == 7
    assert error_from_answer(429, body, 3.0).retry_after == 3


# ── retries ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("error", "idempotent", "again"),
    [
        (TooManyRequests(429, "", ""), False, True),
        (ServerError(500, "", "", retry_after=1), False, True),
        (ServerError(503, "ServiceUnavailable", ""), False, True),  # the API server's own: it has not begun
        (ServerError(503, "", ""), False, False),  # a proxy's: who knows
        (ServerError(503, "", ""), True, True),
        (ServerError(504, "", ""), True, True),
        (ServerError(500, "InternalError", ""), True, False),
        (Unreachable("", sent=False), False, True),
        (Unreachable("", sent=True), False, False),
        (Unreachable("", sent=True), True, True),
        (Unreachable("", sent=False, retriable=False), True, False),
        (Conflict(409, "", ""), True, False),
        (Forbidden(403, "", ""), True, False),
    ],
)
def test_a_request_is_sent_again_only_where_it_cannot_happen_twice(
    error: ApiError | Unreachable, idempotent: bool, again: bool
) -> None:
    assert (wait_before_retry(error, idempotent, 0.2) is not None) is again


def test_the_wait_is_jittered_told_and_bounded() -> None:
    assert 0.1 <= (wait_before_retry(Unreachable("", sent=False), True, 0.2) or 0) <= 0.2
    assert wait_before_retry(TooManyRequests(429, "", "", retry_after=3), True, 0.2) == 3
    assert wait_before_retry(TooManyRequests(429, "", "", retry_after=600), True, 0.2) == 10


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────
@given(st.lists(st.binary(min_size=1).map(lambda line: line.replace(b"\n", b"x"))), st.data())
def test_lines_come_out_whole_however_they_are_cut(lines: list[bytes], data: st.DataObject) -> None:
    text = b"".join(line + b"\n" for line in lines)
    splitter = LineSplitter()
    found: list[bytes] = []
    while text:
        size = data.draw(st.integers(1, len(text)))
        found += splitter.feed(text[:size])
        text = text[size:]
    assert found == lines


def test_a_rest_without_a_line_feed_is_no_line() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"one\n\n\r") == [b"one"]
    assert splitter.feed(b"two") == []
    assert splitter.feed(b"\n") == [b"\rtwo"]


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────────
def test_whole_objects_get_their_kind_and_patches_do_not() -> None:
    written = json.loads(encode({"metadata": {"name": "rent"}}, TODOTASKS))
    assert (written["apiVersion"], written["kind"]) == ("todotasks.dev/v1", "TodoTask")
    struct = json.loads(encode(TodoTask(metadata=Metadata(name="rent")), TODOTASKS))
    assert (struct["apiVersion"], struct["kind"]) == ("todotasks.dev/v1", "TodoTask")
    assert json.loads(encode({"spec": {"completed": True}})) == {"spec": {"completed": True}}
    assert encode(b"as it is", TODOTASKS) == b"as it is"


def test_an_object_says_where_it_belongs() -> None:
    assert namespace_of(TODOTASKS, {"metadata": {"namespace": "home"}}) == "home"
    assert namespace_of(TODOTASKS, TodoTask(metadata=Metadata(namespace="home"))) == "home"
    with pytest.raises(ValueError, match="none was given"):
        namespace_of(TODOTASKS, {"metadata": {}})


# ── the decoder of watch lines ───────────────────────────────────────────────────────────────────────
TASK = b'{"metadata":{"name":"rent","uid":"u","resourceVersion":"7"},"spec":{"title":"x"}}'


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "DELETED"])
@pytest.mark.parametrize("layout", [b'{"type":"%s","object":%s}', b'{ "object": %s, "type": "%s" }'])
def test_an_event_is_read_in_any_layout(kind: str, layout: bytes) -> None:
    parts = (kind.encode(), TASK) if layout.startswith(b'{"type"') else (TASK, kind.encode())
    change = LineDecoder(TodoTask).line(layout % parts)
    assert isinstance(change, Change)
    assert (change.type, change.object.metadata.name, change.raw) == (kind, "rent", TASK)


def test_a_bookmark_and_an_error_are_told_from_objects() -> None:
    decoder = LineDecoder(TodoTask)
    plain = (
        b'{"type":"BOOKMARK","object":'
        b'{"kind":"TodoTask","metadata":{"resourceVersion":"9","creationTimestamp":null}}}'
    )
    assert decoder.line(plain) == Bookmark("9", False)
    end = plain.replace(b'"9"', b'"9","annotations":{"k8s.io/initial-events-end":"true"}')
    assert decoder.line(end) == Bookmark("9", True)
    error = decoder.line(b'{"type":"ERROR","object":%s}' % status(410, "Expired"))
    assert isinstance(error, Gone)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'{"metadata":{"name":"odd","uid":"u","resourceVersion":"7"},"spec":{"title":5}}', "odd"),
        (b'{"metadata":{"name":"odd","labels":3}}', ""),
        (b'{"metadata":{"name":"odd","uid":"\xff"}}', ""),
    ],
)
def test_an_object_that_does_not_fit_is_skipped_with_what_can_be_read(raw: bytes, name: str) -> None:
    found = LineDecoder(TodoTask).line(b'{"type":"DELETED","object":%s}' % raw)
    assert isinstance(found, Skipped)
    assert (found.type, found.metadata.name) == ("DELETED", name)
    assert found.error


@pytest.mark.parametrize(
    "line", [b"", b"nonsense", b'{"type":"OTHER","object":{}}', b'{"type":"ADDED"}', b"[1]"]
)
def test_a_line_that_is_no_event_is_an_error_of_ours(line: bytes) -> None:
    with pytest.raises(UndecodableAnswer):
        LineDecoder(TodoTask).line(line)


@given(st.binary())
def test_no_line_raises_anything_else(line: bytes) -> None:
    with suppress(UndecodableAnswer):
        LineDecoder(PartialObject).line(b'{"type":"ADDED","object":' + line + b"}")


@given(st.text(), st.text())
def test_the_short_way_reads_what_the_long_way_reads(name: str, title: str) -> None:
    raw = msgspec.json.encode({"metadata": {"name": name}, "spec": {"title": title}})
    short = LineDecoder(TodoTask).line(b'{"type":"ADDED","object":' + raw + b"}")
    long = LineDecoder(TodoTask).line(b'{"type": "ADDED","object":' + raw + b"}")
    assert short == long
