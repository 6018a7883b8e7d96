"""`POST /v1/chat`: what a person says becomes edits, done with their token.

As JSON, or with `Accept: text/event-stream` as events: how it was read comes at once, then how far it is,
then the answer.
"""

import time
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api import outcomes
from chat_gateway.api.common import respond
from chat_gateway.conversations.memory import Remembers
from chat_gateway.conversations.mirror import mirror_for
from chat_gateway.http import sse
from chat_gateway.http.context import CALLER, gateway_of
from chat_gateway.http.decode import Namespace, json_body
from chat_gateway.http.mistakes import say_forms
from chat_gateway.http.routes import JSON, Route
from todotasks.edits.model.message import (
    DEFAULT_NAMESPACE,
    LONGEST_ID,
    LONGEST_MESSAGE,
    Message,
)
from todotasks.edits.model.reply import Reply, ReplyBody
from todotasks.edits.session.chat import Chat, Progress

Id = Annotated[str, Meta(max_length=LONGEST_ID)]
Zone = Annotated[str, Meta(max_length=64, description="IANA name; default: the namespace's, else UTC")]
Language = Annotated[str, Meta(pattern="^(auto|en|de)$", description="One of auto, en and de")]
DayOrder = Annotated[
    str,
    Meta(pattern="^(DMY|MDY)?$", description="How 3/4 is read: DMY or MDY; empty: as the language has it"),
]
say_forms(Language, DayOrder)


class ChatRequest(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_MESSAGE)]
    namespace: Namespace = DEFAULT_NAMESPACE
    time_zone: Zone | None = None
    dry_run: bool = False
    conversation: Annotated[str, Meta(max_length=LONGEST_ID, description="that of the last answer")] = ""
    idempotency_key: Annotated[
        str, Meta(max_length=LONGEST_ID, description="the same message with the same key is done once")
    ] = ""
    language: Language = "auto"
    day_order: DayOrder = ""


async def chat(request: web.Request) -> web.StreamResponse:
    body = await json_body(request, ChatRequest)
    caller = request[CALLER]
    message = Message(
        text=body.text,
        namespace=body.namespace,
        time_zone=body.time_zone,
        dry_run=body.dry_run,
        conversation=body.conversation,
        idempotency_key=body.idempotency_key,
        language=body.language,
        day_order=body.day_order,
    )

    async def say(chat: Chat, memory: Remembers, progress: Progress | None) -> Reply:
        began = time.perf_counter()
        reply = await chat.say(
            message,
            client=caller.client,
            owner=caller.owner,
            me=caller.username,
            store=memory,
            progress=progress,
            mirror=mirror_for(gateway_of(request), caller),
        )
        outcomes.count(reply, time.perf_counter() - began)
        return reply

    return await respond(request, body.idempotency_key, say)


ROUTES = (
    Route(
        method="POST",
        path="/v1/chat",
        holds="lists",
        handler=chat,
        tag="chat",
        summary="Say what is to be done",
        description="Reads the words, does the edits as you, and says how they were read and which "
        "`kubectl` commands do the same. With `Accept: text/event-stream` the events are `reading`, "
        "`progress`, `answer` (or `problem`).",
        body=ChatRequest,
        answer=ReplyBody,
        media_types=(JSON, sse.MEDIA_TYPE),
        problems=(409, 503, 504),
        stream=True,  # the answer keeps its own time
    ),
)
