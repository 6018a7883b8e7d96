"""Where conversations and answers are kept: PostgreSQL, so that every replica knows them, or this process."""

from collections import OrderedDict
from typing import Protocol

import structlog

from todotasks.edits.model.conversation import Conversation
from todotasks.edits.session.stores import MemoryStore
from todotasks.store import StoreError, StoreUnavailable

MOST_ANSWERS = 2_000  # kept in memory where there is no PostgreSQL

log = structlog.get_logger(__name__)


class Remembers(Protocol):
    """A `ConversationStore` that keeps answers too."""

    async def load(self, owner: str, conversation: str) -> Conversation | None: ...

    async def save(self, owner: str, conversation: Conversation) -> bool: ...

    async def recall(self, owner: str, key: str) -> tuple[bytes, bytes] | None: ...

    async def remember(self, owner: str, key: str, body_hash: bytes, answer: bytes) -> None: ...


class Memory(MemoryStore):
    """Of one process."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()

    async def recall(self, owner: str, key: str) -> tuple[bytes, bytes] | None:
        return self._answers.get((owner, key))

    async def remember(self, owner: str, key: str, body_hash: bytes, answer: bytes) -> None:
        self._answers.setdefault((owner, key), (body_hash, answer))
        while len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)


class Forgiving:
    """PostgreSQL's memory, without which a task can still be written: what fails was not remembered."""

    def __init__(self, store: Remembers) -> None:
        self._store = store

    async def load(self, owner: str, conversation: str) -> Conversation | None:
        try:
            return await self._store.load(owner, conversation)
        except StoreUnavailable as error:
            log.warning("conversation_not_read", error=str(error))
            return None

    async def save(self, owner: str, conversation: Conversation) -> bool:
        try:
            return await self._store.save(owner, conversation)
        except StoreError as error:
            log.warning("conversation_not_saved", error=str(error))
            return False

    async def recall(self, owner: str, key: str) -> tuple[bytes, bytes] | None:
        try:
            return await self._store.recall(owner, key)
        except StoreUnavailable as error:
            log.warning("answer_not_recalled", error=str(error))
            return None

    async def remember(self, owner: str, key: str, body_hash: bytes, answer: bytes) -> None:
        try:
            await self._store.remember(owner, key, body_hash, answer)
        except StoreError as error:
            log.warning("answer_not_remembered", error=str(error))
