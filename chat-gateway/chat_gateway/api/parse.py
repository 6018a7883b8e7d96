"""`POST /v1/parse`: how words would be understood, and nothing done. What a page shows while one types.

The same understanding as the chat's: compared with what the caller may list, where there are too many with
what the mirror finds.
"""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.chat import DayOrder, Id, Language, Zone
from chat_gateway.base.problems import FieldProblem, Refused, json_response, unauthorized
from chat_gateway.conversations.mirror import mirror_for
from chat_gateway.conversations.service import CHAT, CONVERSATIONS
from chat_gateway.http.context import CALLER, gateway_of
from chat_gateway.http.decode import Namespace, json_body
from chat_gateway.http.routes import Route
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.edit import Problem
from todotasks.edits.model.message import DEFAULT_NAMESPACE, Message
from todotasks.language import describe
from todotasks.language.grounded import grounded_objects

LONGEST = 2000  # characters; what one types into one line


class ParseRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    namespace: Namespace = DEFAULT_NAMESPACE
    time_zone: Zone | None = None
    language: Language = "auto"
    day_order: DayOrder = ""
    conversation: Id = ""


class ParseReply(msgspec.Struct, frozen=True):
    """`readings`, one for each command, with slots, spans, `targets`, `asks`, `candidates` as `todotasks
    parse --jsonl` has them. `asks`: the chat would ask before it does anything of it."""

    reading: str
    readings: tuple[dict[str, Any], ...]
    asks: bool


async def read(request: web.Request) -> web.Response:
    """Compared with what the caller may list, as the chat compares it; who may not list is read by the words
    alone."""
    body = await json_body(request, ParseRequest)
    try:
        load_zone(body.time_zone or "UTC")
    except ZoneError as error:
        raise Refused(422, "Invalid", str(error), errors=(FieldProblem("timeZone", str(error)),)) from error
    gateway, caller = gateway_of(request), request[CALLER]
    message = Message(
        text=body.text,
        namespace=body.namespace,
        time_zone=body.time_zone,
        language=body.language,
        day_order=body.day_order,
        conversation=body.conversation,
    )
    found = await request.app[CHAT].preview(
        message,
        client=caller.client,
        owner=caller.owner,
        store=request.app[CONVERSATIONS],
        mirror=mirror_for(gateway, caller),
    )
    if isinstance(found, Problem):
        raise _refused(found)
    understood, sight = found
    return json_response(
        ParseReply(
            " ".join(describe(each) for each in understood.readings),
            tuple(grounded_objects(understood, sight)),
            understood.asks,
        )
    )


def _refused(problem: Problem) -> Refused:
    if problem.reason == "Unauthorized":
        return unauthorized(problem.message)
    if problem.reason == "Unavailable":
        return Refused(503, "Unavailable", problem.message, retry_after=2)
    status = 404 if problem.reason == "NotFound" else 422
    errors = (FieldProblem.of(problem.field, problem.message),) if problem.field else ()
    return Refused(status, problem.reason, problem.message, errors=errors)


ROUTES = (
    Route(
        method="POST",
        path="/v1/parse",
        holds="lists",
        handler=read,
        tag="chat",
        summary="How words would be understood",
        description="Nothing is done. The words are compared with the tasks that you may list, as in the "
        "chat. Spans say which characters were read as what.",
        body=ParseRequest,
        answer=ParseReply,
        problems=(404, 503),
    ),
)
