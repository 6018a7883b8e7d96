"""Conversations in memory and in files: never saved over a newer one, readable by nobody else."""

import stat
from pathlib import Path

import msgspec
import pytest

from todotasks.edits.model.conversation import Conversation, ConversationStore, Shown
from todotasks.edits.session.stores import FileStore, MemoryStore

SHOWN = (Shown("todotasks", "rent", "Pay rent", "u"),)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ConversationStore:
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "conversations")


async def test_what_is_saved_is_loaded_and_counts_up(store: ConversationStore) -> None:
    assert await store.load("alice", "c") is None
    assert await store.save("alice", Conversation("c", "home", SHOWN))
    found = await store.load("alice", "c")
    assert found == Conversation("c", "home", SHOWN, version=1)


async def test_a_newer_conversation_is_not_overwritten(store: ConversationStore) -> None:
    await store.save("alice", Conversation("c", "home"))
    first, second = await store.load("alice", "c"), await store.load("alice", "c")
    assert first is not None and second is not None
    assert await store.save("alice", msgspec.structs.replace(first, shown=SHOWN))
    assert not await store.save("alice", second)
    found = await store.load("alice", "c")
    assert found is not None and found.shown == SHOWN


@pytest.mark.parametrize(
    ("owner", "conversation"), [("bob", "c"), ("alice", "d"), ("alic", "ec"), ("../alice", "c")]
)
async def test_each_owner_has_conversations_of_their_own(
    store: ConversationStore, owner: str, conversation: str
) -> None:
    await store.save("alice", Conversation("c", "home", SHOWN))
    assert await store.load(owner, conversation) is None


async def test_memory_forgets_what_was_not_used_for_longest() -> None:
    store = MemoryStore(most=2)
    for name in ("a", "b"):
        await store.save("alice", Conversation(name))
    await store.load("alice", "a")
    await store.save("alice", Conversation("c"))
    assert await store.load("alice", "b") is None
    assert await store.load("alice", "a") is not None


async def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    await FileStore(folder).save("alice", Conversation("c"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


async def test_a_damaged_file_counts_as_none_and_is_replaced(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    await store.save("alice", Conversation("c"))
    (file,) = tmp_path.glob("*.json")
    file.write_text("{half")
    assert await store.load("alice", "c") is None
    assert await store.save("alice", Conversation("c", "home"))
