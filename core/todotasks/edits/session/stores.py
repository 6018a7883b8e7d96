"""Conversations in memory and in files. (PostgreSQL's are in `todotasks.store`: every replica knows those.)

A store keeps the promise of `ConversationStore`: `save` counts the version up and refuses to save over one
that the caller has not seen. A file that cannot be read counts as none: what is lost is what "it" meant and
what undo takes back, never a task.
"""

import asyncio
import fcntl
import hashlib
import os
from collections import OrderedDict
from pathlib import Path

import msgspec

from todotasks.edits.model.conversation import Conversation

MOST_IN_MEMORY = 1_000  # conversations; the ones not used for longest go


class MemoryStore:
    """For one process: tests, `todotasks mcp`, a gateway without PostgreSQL."""

    def __init__(self, most: int = MOST_IN_MEMORY) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], Conversation] = OrderedDict()

    async def load(self, owner: str, conversation: str) -> Conversation | None:
        found = self._kept.get((owner, conversation))
        if found is not None:
            self._kept.move_to_end((owner, conversation))
        return found

    async def save(self, owner: str, conversation: Conversation) -> bool:
        key = (owner, conversation.id)
        there = self._kept.get(key)
        if there is not None and there.version != conversation.version:
            return False
        self._kept[key] = _next_version(conversation)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return True


class FileStore:
    """For one person on one machine: a folder with a file for each conversation, readable by nobody else."""

    def __init__(self, folder: Path, *, or_in_memory: bool = False) -> None:
        """`or_in_memory`: where the folder cannot be read or written, they last as long as the process, and
        `trouble` says why."""
        self._folder = folder
        self._memory = MemoryStore() if or_in_memory else None
        self.trouble: str | None = None

    async def load(self, owner: str, conversation: str) -> Conversation | None:
        try:
            return await asyncio.to_thread(_read, self._path(owner, conversation))
        except OSError as error:
            return await self._instead(error).load(owner, conversation)

    async def save(self, owner: str, conversation: Conversation) -> bool:
        try:
            if self.trouble is None:
                return await asyncio.to_thread(self._save, self._path(owner, conversation.id), conversation)
        except OSError as error:
            self._instead(error)
        assert self._memory is not None
        return await self._memory.save(owner, conversation)

    def _instead(self, error: OSError) -> MemoryStore:
        if self._memory is None:
            raise error
        self.trouble = f"{error.filename or self._folder}: {error.strerror}"
        return self._memory

    def _path(self, owner: str, conversation: str) -> Path:
        """Names come from people: a hash leads to no other folder."""
        return self._folder / (hashlib.sha256(f"{owner}\0{conversation}".encode()).hexdigest()[:32] + ".json")

    def _save(self, path: Path, conversation: Conversation) -> bool:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Two commands in two terminals: the lock file stays, as deleting it would let a third one in.
        lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            there = _read(path)
            if there is not None and there.version != conversation.version:
                return False
            _write(path, msgspec.json.encode(_next_version(conversation)))
        finally:
            os.close(lock)
        return True


def _read(path: Path) -> Conversation | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Conversation)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing: a crash leaves the former file."""
    beside = path.with_suffix(".new")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def _next_version(conversation: Conversation) -> Conversation:
    return msgspec.structs.replace(conversation, version=conversation.version + 1)
