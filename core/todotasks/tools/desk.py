"""One person's tools: each call is carried out with their token, in their conversation.

    call(name, arguments) ─ arguments ─┬─ explain: nothing of the cluster is asked
                                       ├─ confirm: the question that waits, if it is still that one
                                       └─ command: Chat.run, as for every other way in

A question is named by what it asks, so a yes never goes to another one that has taken its place.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.conversation import ConversationStore, Pending
from todotasks.edits.model.message import Message
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.chat import Chat
from todotasks.kube import KubeClient
from todotasks.tools.arguments import ArgumentsError, Call, read_call
from todotasks.tools.explain import explain
from todotasks.tools.results import Result, refusal, result_of
from todotasks.tools.schema import CallOptions
from todotasks.tools.table import Confirm, Explain

CONVERSATION = "mcp"  # where a call names none
DESK = "todotasks.desk"  # where an HTTP server puts the caller's desk into a request's scope


class Desk:
    """`client` is the API server as `owner` reaches it; `me` is the name that "assign it to me" means."""

    def __init__(
        self,
        *,
        chat: Chat,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str = "",
        namespace: str = "default",
        time_zone: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._chat = chat
        self._client = client
        self._owner = owner
        self._store = store
        self._me = me
        self._namespace = namespace
        self._time_zone = time_zone
        self._now = now

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Result:
        """What the call comes to; one that is wrong in itself is a result too, so that it can be mended."""
        try:
            call = read_call(name, arguments)
            if isinstance(call.arguments, Explain):
                return await self._explain(call.arguments, call.options)
        except ArgumentsError as error:
            return refusal(str(error))
        if isinstance(call.arguments, Confirm):
            return await self._confirm(call.arguments, call.options)
        return await self._result(await self._run(call))

    async def _run(self, call: Call) -> Reply:
        return await self._chat.run(
            (call.command,),
            self._message(call.options),
            client=self._client,
            owner=self._owner,
            store=self._store,
            me=self._me,
        )

    async def _explain(self, asked: Explain, options: CallOptions) -> Result:
        name = options.time_zone or self._time_zone or DEFAULT_ZONE
        try:
            zone = load_zone(name)
        except ZoneError as error:
            raise ArgumentsError(f"timeZone: {error}") from None
        # In a thread: an odd schedule takes a while, and others wait for this loop.
        text, data = await asyncio.to_thread(explain, asked, self._now().astimezone(zone), zone, name)
        return Result(text, data)

    async def _confirm(self, confirm: Confirm, options: CallOptions) -> Result:
        message = self._message(options)
        conversation = await self._store.load(self._owner, message.conversation)
        pending = conversation.pending if conversation is not None else None
        if pending is None or question_id(pending) != confirm.question:
            return refusal(
                f"question: {confirm.question!r} does not wait for an answer (any more); nothing was done. "
                "Call the tool again.",
                "NotFound",
            )
        if pending.kind == "choice" and confirm.answer == "yes":
            return refusal(f"answer: say which, by its number, 1 to {len(pending.rows)}, or no")
        if pending.kind == "confirm" and isinstance(confirm.answer, int):
            return refusal("answer: say yes or no")
        # A crash or another message from here on: the edits are those of the question or are refused.
        answer = await self._chat.say(
            msgspec.structs.replace(message, text=str(confirm.answer), language="en"),
            client=self._client,
            owner=self._owner,
            store=self._store,
            me=self._me,
        )
        return await self._result(answer)

    def _message(self, options: CallOptions) -> Message:
        return Message(
            namespace=options.namespace or self._namespace,
            time_zone=options.time_zone or self._time_zone,
            dry_run=options.dry_run,
            idempotency_key=options.idempotency_key or "",
            conversation=options.conversation or CONVERSATION,
        )

    async def _result(self, answer: Reply) -> Result:
        if answer.question is None:
            return result_of(answer, "")
        conversation = await self._store.load(self._owner, answer.conversation)
        pending = conversation.pending if conversation is not None else None
        return result_of(answer, question_id(pending) if pending is not None else "")


def question_id(pending: Pending) -> str:
    """Of what would be done, on which objects, and when it was asked."""
    return hashlib.sha256(msgspec.json.encode(pending)).hexdigest()[:16]
