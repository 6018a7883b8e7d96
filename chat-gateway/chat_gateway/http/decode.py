"""What a request says, as typed values; every mistake comes back with its place.

    body = await json_body(request, ChatRequest)
    query = read_query(request, TaskQuery)

Unknown names are refused in both (`forbid_unknown_fields` in the body's type is the type's own choice):
a misspelt filter that is ignored answers a question that nobody asked.
"""

import asyncio
from contextlib import suppress
from typing import Annotated, Any, TypeVar, get_origin

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.base.problems import FieldProblem, Refused
from chat_gateway.http.mistakes import field_problem, say_forms, sentence

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

BODY_WITHIN = 10.0  # seconds

# A name as the API server takes it, so that nothing else gets into one of its paths. (`$` alone would let
# a line feed at the end through.)
Namespace = Annotated[
    str,
    Meta(
        max_length=63,
        pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$(?!\n)",
        description="A namespace: small letters, digits and '-', a letter or digit first and last",
    ),
]

say_forms(Namespace)


async def json_body(request: web.Request, type: type[T]) -> T:
    """The body as `type`: 415 if it says that it is no JSON, 400 if it is none, 422 if it does not fit."""
    require_json(request)
    content = await _content(request)
    try:
        return msgspec.json.decode(content, type=type)
    except msgspec.ValidationError as error:
        problem = field_problem(str(error), type, _decoded(content))
        raise Refused(
            422, "Invalid", f"The body does not fit: {sentence(problem)}", errors=(problem,)
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "BadRequest", f"The body is no JSON: {error}.") from None


def _decoded(content: bytes) -> Any:
    """What came, for saying what is wrong with it. It may break off behind the mistake."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(content)
    return None


def require_json(request: web.Request) -> None:
    if request.content_type != "application/json" or "Content-Type" not in request.headers:
        given = request.headers.get("Content-Type", "none")[:100]
        raise Refused(
            415, "UnsupportedMediaType", f"The body must be application/json, got Content-Type {given!r}."
        )


async def _content(request: web.Request) -> bytes:
    """The body; a sender that dawdles or stops half-way keeps nobody."""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await request.read()
    except TimeoutError:
        detail = f"The body did not come within {BODY_WITHIN:g} s."
        raise Refused(408, "Timeout", detail, headers={"Connection": "close"}) from None
    except web.RequestPayloadError:
        raise Refused(400, "BadRequest", "The body broke off, or is not encoded as it says.") from None


def read_query(request: web.Request, type: type[S]) -> S:
    """The query as `type`. A field of a tuple type may be given again and again, any other one once."""
    fields = {each.encode_name: each for each in msgspec.structs.fields(type)}
    given: dict[str, Any] = {}
    mistakes: list[FieldProblem] = []
    for name in dict.fromkeys(request.query):
        if name not in fields:
            accepted = ", ".join(sorted(fields)) or "none"
            mistakes.append(FieldProblem(name, f"is no parameter here; accepted: {accepted}"))
            continue
        values = request.query.getall(name)
        if takes_many(fields[name].type):
            given[name] = values
        elif len(values) > 1:
            mistakes.append(FieldProblem(name, f"may be given once, got it {len(values)} times"))
        else:
            given[name] = values[0]
    if not mistakes:
        try:
            return msgspec.convert(given, type, strict=False)
        except msgspec.ValidationError as error:
            mistakes.append(field_problem(str(error), type, given))
    raise Refused(
        400,
        "BadRequest",
        f"The query does not fit: {'; '.join(sentence(each) for each in mistakes)}",
        errors=tuple(mistakes),
    )


def takes_many(type: Any) -> bool:
    """Whether a field of this type is a parameter that may be repeated."""
    while get_origin(type) is not None and hasattr(type, "__metadata__"):
        type = type.__origin__
    return (get_origin(type) or type) in {tuple, list, set, frozenset}
