"""What `/v1/chat` and `/v1/edits` have in common: conversations, idempotency keys, time limits, statuses.

    key seen before? ─▶ the stored answer (another body: 409)
    else Chat ─▶ Reply ─▶ remembered under the key ─▶ 200

An answer is a 200 also when it says "you may not": the message was read and answered. Only what is no answer
is a problem: a token that ran out (401), a frame that does not fit (422), no API server (503).

With PostgreSQL every replica knows conversations and keys. Without it, or while it is away, a chat still
works: this process remembers what it can, and the answer says when it could not.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from aiohttp import web

from chat_gateway.base.problems import (
    UNEXPECTED,
    FieldProblem,
    Refused,
    refused_by,
    unauthorized,
)
from chat_gateway.conversations.memory import Remembers
from chat_gateway.conversations.service import CHAT, CONVERSATIONS
from chat_gateway.http.context import (
    CALLER,
    CORRELATION,
    Gateway,
    gateway_of,
)
from chat_gateway.http.routes import JSON
from chat_gateway.http.sse import Events, wants_events
from todotasks.edits.model.reply import Reply, wire
from todotasks.edits.session.chat import Chat, Progress
from todotasks.kube.errors import KubeError
from todotasks.store import StoreError

RETRY_AFTER = 2  # seconds

log = structlog.get_logger(__name__)


Work = Callable[[Chat, Remembers, Progress | None], Awaitable[Reply]]


# ── answering ────────────────────────────────────────────────────────────────────────────────────────
async def respond(request: web.Request, key: str, work: Work) -> web.StreamResponse:
    """As events where the client asks for them, else as JSON."""
    if wants_events(request):
        return await as_events(request, key, work)
    return web.Response(body=await answered(request, key, work), content_type=JSON)


async def answered(request: web.Request, key: str, work: Work, progress: Progress | None = None) -> bytes:
    """The answer as JSON. Once for a key: what was answered before is answered again, and not done again."""
    gateway, memory = gateway_of(request), request.app[CONVERSATIONS]
    owner = request[CALLER].owner
    body_hash = hashlib.sha256(request.path.encode() + b"\0" + await request.read()).digest()
    if key and (known := await memory.recall(owner, key)) is not None:
        if known[0] != body_hash:
            raise Refused(
                409,
                "Conflict",
                "idempotencyKey: it belongs to another message of the last day; give a new one a new key.",
                errors=(FieldProblem("idempotencyKey", "belongs to another message"),),
            )
        return known[1]
    answer = await _in_time(gateway, work(request.app[CHAT], memory, progress))
    note(answer)
    if answer.problem is not None and answer.problem.reason == "Unauthorized":
        gateway.identities.forget(request[CALLER])
    refuse_what_is_no_answer(answer)
    body = msgspec.json.encode(wire(answer))
    if key and worth_keeping(answer):
        await memory.remember(owner, key, body_hash, body)
    return body


async def _in_time(gateway: Gateway, work: Awaitable[Reply]) -> Reply:
    limit = gateway.settings.request_timeout
    try:
        async with asyncio.timeout(limit) as waiting:
            return await work
    except TimeoutError:
        if not waiting.expired():
            raise
        raise Refused(
            504,
            "Timeout",
            f"This took longer than {limit:g} s and was given up. Sent again with the same idempotencyKey, "
            "it goes on where it was; without one, look first what was done.",
        ) from None


def note(answer: Reply) -> None:
    """How it went, without a word of what was said: words and titles are people's own."""
    results = Counter(done.result for done in answer.edits)
    log.info(
        "answered",
        source=answer.source,
        edits=dict(results),
        question=answer.question.kind if answer.question is not None else None,
        problem=answer.problem.reason if answer.problem is not None else None,
    )


def worth_keeping(answer: Reply) -> bool:
    """What may turn out otherwise when it is tried again is tried again."""
    did = any(done.result in {"done", "unchanged"} for done in answer.edits)
    return not answer.dry_run and (did or answer.problem is None)


def refuse_what_is_no_answer(answer: Reply) -> None:
    problem = answer.problem
    if problem is None or any(done.result == "done" for done in answer.edits):
        return
    if problem.reason == "Unauthorized":
        raise unauthorized(problem.message)
    if problem.reason == "Unavailable":
        raise Refused(503, "Unavailable", problem.message, retry_after=RETRY_AFTER)
    if not answer.conversation:
        path = (FieldProblem.of(problem.field, problem.message),) if problem.field else ()
        raise Refused(422, "Invalid", problem.message, errors=path)


async def as_events(request: web.Request, key: str, work: Work) -> web.StreamResponse:
    """The same as events: `reading`, `progress`, and at the end `answer`, or `problem` with what would have
    been the body of the refusal."""
    async with Events(request) as events:

        async def progress(event: str, data: dict[str, object]) -> None:
            await events.send(event, data)

        try:
            await events.send("answer", await answered(request, key, work, progress))
        except Refused as refused:
            problem = refused
        except (KubeError, StoreError) as error:
            log.warning("not_served", error=str(error), kind=type(error).__name__)
            problem = refused_by(error)
        except Exception:  # the answer has begun: nobody else can say it
            log.exception("unexpected")
            problem = Refused(500, "InternalError", UNEXPECTED)
        else:
            return events.response
        await events.send("problem", problem.response(request[CORRELATION]).body)
    return events.response
