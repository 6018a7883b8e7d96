"""`POST /v1/parse`: how words would be understood, and nothing done. What a page shows while one types.

Without `inSight` by the words alone, which costs the API server nothing; with it compared with the caller's
tasks, as the chat would.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.chat import DayOrder, Language, Zone
from chat_gateway.base.problems import FieldProblem, Refused, json_response
from chat_gateway.http.decode import Namespace, json_body
from chat_gateway.http.routes import Route
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.message import DEFAULT_NAMESPACE
from todotasks.language import Context, describe, parse
from todotasks.language.reading.serialize import as_object

LONGEST = 2000  # characters; what one types into one line


class ParseRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    namespace: Namespace = DEFAULT_NAMESPACE
    time_zone: Zone | None = None
    language: Language = "auto"
    day_order: DayOrder = ""


class ParseReply(msgspec.Struct, frozen=True):
    """`readings`, one for each command, with slots and spans as `todotasks parse --jsonl` has them."""

    reading: str
    readings: tuple[dict[str, Any], ...]


async def read(request: web.Request) -> web.Response:
    """By the words alone: no task is looked at, so it costs the API server nothing."""
    body = await json_body(request, ParseRequest)
    try:
        zone = load_zone(body.time_zone or "UTC")
    except ZoneError as error:
        raise Refused(422, "Invalid", str(error), errors=(FieldProblem("timeZone", str(error)),)) from error
    context = Context(language=body.language, day_order=body.day_order)
    reading = parse(body.text, datetime.now(UTC), zone, context)
    commands = reading.commands
    return json_response(
        ParseReply(" ".join(describe(each) for each in commands), tuple(as_object(each) for each in commands))
    )


ROUTES = (
    Route(
        method="POST",
        path="/v1/parse",
        handler=read,
        tag="chat",
        summary="How words would be understood",
        description="Nothing is done and no task is looked at. Spans say which characters were read as what.",
        body=ParseRequest,
        answer=ParseReply,
    ),
)
