"""Queries and bodies as typed values: what fits, and the sentence where it does not."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from chat_gateway.api.chat import ChatRequest
from chat_gateway.api.edits import EditsRequest
from chat_gateway.base.problems import Refused
from chat_gateway.http.decode import Namespace, read_query, takes_many
from chat_gateway.http.mistakes import field_problem


class Query(msgspec.Struct, frozen=True, rename="camel"):
    q: str | None = None
    tags: Annotated[tuple[str, ...], Meta(max_length=2)] = ()
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    has_due: bool | None = None
    sort: Literal["due", "title"] = "due"
    namespace: Namespace | None = None


def read(text: str) -> Query:
    return read_query(make_mocked_request("GET", f"/x?{text}"), Query)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Query()),
        ("q=milk%20%26%20eggs", Query(q="milk & eggs")),
        ("q=null", Query(q="null")),
        ("q=12", Query(q="12")),
        ("tags=home&tags=p1", Query(tags=("home", "p1"))),
        ("limit=7&hasDue=true&sort=title", Query(limit=7, has_due=True, sort="title")),
    ],
)
def test_a_query_is_read_by_its_types(text: str, expected: Query) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("limits=3", "limits", "accepted: hasDue, limit, namespace, q, sort, tags"),
        ("limit=3&limit=4", "limit", "once"),
        ("limit=0", "limit", ">= 1"),
        ("limit=many", "limit", "int"),
        ("hasDue=perhaps", "hasDue", "bool"),
        ("sort=colour", "sort", "'colour' is none of due, title"),
        ("tags=a&tags=b&tags=c", "tags", "<= 2"),
        ("namespace=a%2Fb", "namespace", "small letters"),
        ("namespace=home%0A", "namespace", "small letters"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(text: str, path: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read(text)
    assert caught.value.status == 400
    assert caught.value.errors[0].path == path
    assert words in caught.value.detail


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_query_is_anything_but_read_or_refused(name: str, value: str) -> None:
    refusals = []
    try:
        read(f"{quote(name)}={quote(value)}&namespace={quote(value)}")
    except Refused as refused:
        refusals.append((refused.status, bool(refused.errors)))
    assert set(refusals) <= {(400, True)}


@pytest.mark.parametrize(
    ("message", "path", "detail"),
    [
        (
            "Expected `int`, got `str` - at `$.commands[0].limit`",
            "commands[0].limit",
            "Expected `int`, got `str`",
        ),
        ("Expected `object`, got `array`", "", "Expected `object`, got `array`"),
        ("Object contains unknown field `a` - at `$`", "a", "there is no such field"),
    ],
)
def test_a_message_of_msgspec_is_taken_apart(message: str, path: str, detail: str) -> None:
    problem = field_problem(message)
    assert (problem.path, problem.detail) == (path, detail)


@pytest.mark.parametrize(
    ("type", "many"),
    [
        (tuple[str, ...], True),
        (list[int], True),
        (str, False),
        (str | None, False),
        (Annotated[tuple[str, ...], 1], True),
    ],
)
def test_a_parameter_may_be_repeated_if_its_type_holds_many(type: Any, many: bool) -> None:
    assert takes_many(type) is many


@pytest.mark.parametrize("name", ["Home", "my_home", "-x", "x" * 64, "a.b"])
def test_a_name_that_no_namespace_has_is_refused_in_words_and_without_a_regular_expression(name: str) -> None:
    with pytest.raises(Refused) as refused:
        read(f"namespace={name}")
    assert "namespace: " in refused.value.detail
    assert "^" not in refused.value.detail and "regex" not in refused.value.detail
    if len(name) < 64:
        assert "small letters, digits and '-'" in refused.value.detail


@pytest.mark.parametrize(
    ("type", "body", "path", "detail"),
    [
        (ChatRequest, {}, "text", "is missing"),
        (
            ChatRequest,
            {"text": "x", "txt": 1},
            "txt",
            "there is no such field; accepted: conversation, dayOrder, dryRun, idempotencyKey, language, "
            "namespace, text, timeZone",
        ),
        (ChatRequest, {"text": "x", "language": "fr"}, "language", "Expected one of auto, en and de"),
        (EditsRequest, {"commands": [{}]}, "commands[0].action", "is missing"),
        (
            EditsRequest,
            {"commands": [{"action": "undo", "titel": 1}]},
            "commands[0].titel",
            "there is no such field; accepted: action, count",
        ),
        (
            EditsRequest,
            {"commands": [{"action": "create", "task": {"title": "x", "priority": "Huge"}}]},
            "commands[0].task.priority",
            "'Huge' is none of High, Low, Medium, Urgent",
        ),
    ],
)
def test_what_is_wrong_with_a_body_says_what_is_accepted(
    type: type[Any], body: dict[str, Any], path: str, detail: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(json.dumps(body).encode(), type=type)
    problem = field_problem(str(caught.value), type, body)
    assert (problem.path, problem.detail) == (path, detail)


def test_a_command_that_does_not_exist_is_told_which_do() -> None:
    body = {"commands": [{"action": "finish"}]}
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(body, EditsRequest)
    problem = field_problem(str(caught.value), EditsRequest, body)
    assert problem.path == "commands[0].action"
    assert problem.detail.startswith("'finish' is none of ")
    assert {"complete", "create", "delete", "undo"} <= set(problem.detail.split(" none of ")[1].split(", "))
