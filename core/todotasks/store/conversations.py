"""What the gateway remembers in PostgreSQL: conversations, and the answers to requests with an idempotency
key.

PostgreSQL alone knows these, and so every replica of the gateway does; a lost table loses what "it" meant,
what undo takes back, and that a repeated request was answered before, never a task. All of it belongs to an
owner, as the API server names the caller, and no one else can reach it. It is forgotten after its time.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from todotasks.edits.model.conversation import Conversation
from todotasks.store.connections import ConnectionPool
from todotasks.store.errors import StoreError
from todotasks.store.sql import QUERIES
from todotasks.store.text import clean

KEEP_CONVERSATIONS: Final = 30 * 86_400.0  # seconds after the last message
KEEP_ANSWERS: Final = 86_400.0  # seconds
LARGEST: Final = 4 * 1024 * 1024  # bytes of a conversation or an answer
LONGEST_KEY: Final = 256  # characters of an id or an idempotency key


class TooLarge(StoreError):
    """It cannot be remembered: larger than anything that a person says."""


class Conversations:
    """Keeps the promise of `todotasks.edits.model.conversation.ConversationStore`."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    async def load(self, owner: str, conversation: str) -> Conversation | None:
        """None too for one that a newer program wrote and this one cannot read."""
        parameters = {
            "owner": clean(owner),
            "id": _short("conversation", conversation),
            "keep": KEEP_CONVERSATIONS,
        }
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["load_conversation"], parameters)).fetchone()
        if row is None:
            return None
        version, body = row
        try:
            found = msgspec.json.decode(body, type=Conversation)
        except msgspec.MsgspecError:
            found = Conversation(conversation)
        return msgspec.structs.replace(found, version=version)

    async def save(self, owner: str, conversation: Conversation) -> bool:
        """What undo takes back is dropped, the oldest first, where it would be too large to keep."""
        parameters = {
            "owner": clean(owner),
            "id": _short("conversation", conversation.id),
            "version": conversation.version,
            "body": _bounded(conversation),
            "keep": KEEP_CONVERSATIONS,
        }
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["save_conversation"], parameters)).fetchone()
        return row is not None

    async def recall(self, owner: str, key: str) -> tuple[bytes, bytes] | None:
        """(hash of the body, answer) of the request that had this key within a day."""
        parameters = {"owner": clean(owner), "key": _short("idempotencyKey", key), "keep": KEEP_ANSWERS}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(QUERIES["recall_answer"], parameters)).fetchone()
        return None if row is None else (bytes(row[0]), bytes(row[1]))

    async def remember(self, owner: str, key: str, body_hash: bytes, answer: bytes) -> None:
        """The first answer stays: it says what was done."""
        if len(answer) > LARGEST:
            raise TooLarge(f"the answer has {len(answer):,} bytes: at most {LARGEST:,} are kept")
        parameters = {
            **{"owner": clean(owner), "key": _short("idempotencyKey", key), "keep": KEEP_ANSWERS},
            **{"body_hash": body_hash, "answer": answer},
        }
        async with self._pool.connection() as conn:
            await conn.execute(QUERIES["remember_answer"], parameters)

    async def prune(self) -> int:
        """Delete what is past its time; how many. It is not given out any more even before."""
        counts: Mapping[str, float] = {
            "prune_conversations": KEEP_CONVERSATIONS,
            "prune_answers": KEEP_ANSWERS,
        }
        async with self._pool.connection() as conn:
            return sum(
                [
                    (await conn.execute(QUERIES[name], {"keep": keep})).rowcount
                    for name, keep in counts.items()
                ]
            )


def _short(field: str, value: str) -> str:
    if len(value) > LONGEST_KEY:
        raise TooLarge(f"{field}: {len(value)} characters are too many: at most {LONGEST_KEY}")
    return clean(value)


def _bounded(conversation: Conversation) -> bytes:
    while True:
        body = msgspec.json.encode(conversation)
        if len(body) <= LARGEST:
            return body
        if not conversation.undo:
            raise TooLarge(f"the conversation has {len(body):,} bytes: at most {LARGEST:,} are kept")
        conversation = msgspec.structs.replace(conversation, undo=conversation.undo[:-1])
