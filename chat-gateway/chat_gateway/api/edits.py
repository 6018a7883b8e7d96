"""`POST /v1/edits`: typed commands, without the words. The same edits, questions and answers as a chat's."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from chat_gateway.api.chat import Id, Language, Zone
from chat_gateway.api.common import respond
from chat_gateway.conversations.memory import Remembers
from chat_gateway.http import sse
from chat_gateway.http.context import CALLER
from chat_gateway.http.decode import Namespace, json_body
from chat_gateway.http.mistakes import say_forms
from chat_gateway.http.routes import JSON, Route
from todotasks.edits.model.command import Command, Duration, Shift
from todotasks.edits.model.message import DEFAULT_NAMESPACE, Message
from todotasks.edits.model.reply import Reply, ReplyBody
from todotasks.edits.session.chat import Chat, Progress

MOST_COMMANDS = 50

say_forms(Duration, Shift)


class EditsRequest(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    commands: Annotated[tuple[Command, ...], Meta(min_length=1, max_length=MOST_COMMANDS)]
    namespace: Namespace = DEFAULT_NAMESPACE
    time_zone: Zone | None = None
    dry_run: bool = False
    conversation: Id = ""
    idempotency_key: Id = ""
    language: Annotated[Language, Meta(description="of the reply; auto: English")] = "auto"
    confirmed: Annotated[
        bool, Meta(description="you have asked already: bulk edits and deletes are done")
    ] = False


async def edits(request: web.Request) -> web.StreamResponse:
    body = await json_body(request, EditsRequest)
    caller = request[CALLER]
    message = Message(
        namespace=body.namespace,
        time_zone=body.time_zone,
        dry_run=body.dry_run,
        conversation=body.conversation,
        idempotency_key=body.idempotency_key,
        language=body.language,
    )

    async def run(chat: Chat, memory: Remembers, progress: Progress | None) -> Reply:
        return await chat.run(
            body.commands,
            message,
            client=caller.client,
            owner=caller.owner,
            me=caller.username,
            store=memory,
            confirmed=body.confirmed,
            progress=progress,
        )

    return await respond(request, body.idempotency_key, run)


ROUTES = (
    Route(
        method="POST",
        path="/v1/edits",
        holds="lists",
        handler=edits,
        tag="chat",
        summary="Do typed commands",
        description="What a page's check box sends, and what a chat's words become. The same as /v1/chat "
        "otherwise: it asks before bulk edits and deletes, unless `confirmed`.",
        body=EditsRequest,
        answer=ReplyBody,
        media_types=(JSON, sse.MEDIA_TYPE),
        problems=(409, 503, 504),
        stream=True,
    ),
)
