"""What `/v1/chat`, `/v1/edits` and `/mcp` share: one Chat, its language model where TODO_LLM_URL names one,
and where conversations are kept."""

from collections.abc import AsyncIterator

from aiohttp import web

from chat_gateway.conversations.memory import Forgiving, Memory, Remembers
from chat_gateway.http.context import GATEWAY
from todotasks.assistant import Assistant
from todotasks.edits.session.chat import Chat

CHAT = web.AppKey("chat", Chat)
CONVERSATIONS: web.AppKey[Remembers] = web.AppKey("conversations")


async def resources(app: web.Application) -> AsyncIterator[None]:
    gateway = app[GATEWAY]
    assistant = Assistant.of(gateway.settings)
    # A test may have put a Chat with a clock of its own.
    app.setdefault(CHAT, Chat(interpreter=assistant, sealer=app[GATEWAY].cursors))
    app[CONVERSATIONS] = Memory() if gateway.store is None else Forgiving(gateway.store.conversations)
    yield
    if assistant is not None:
        await assistant.close()
