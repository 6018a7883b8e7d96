"""Conversations and answers in PostgreSQL: every replica of a gateway knows them, no other owner does."""

import asyncio

import msgspec
import pytest

from tests.integration.store.support import Database, value
from todotasks.edits.model.command import CreateTask, TaskFields
from todotasks.edits.model.conversation import (
    Conversation,
    Pending,
    Shown,
    Undoable,
)
from todotasks.store import Store, TooLarge
from todotasks.store import conversations as keeping

TALK = Conversation(
    "c-1",
    "home",
    shown=(
        Shown(
            "todotasks",
            "pay-rent",
            "Pay “rent” \0 😀",
        ),
    ),
    pending=Pending("confirm", (CreateTask(TaskFields("Pay rent")),)),
    undo=(
        (Undoable("delete", "todotasks", "home", "pay-rent", "uid", "7", before={"spec": {"title": "x"}}),),
    ),
)


@pytest.fixture
async def kept(store: Store, database: Database) -> Store:
    await database.execute("truncate conversations, answers")
    return store


async def test_what_was_saved_is_loaded_by_another_replica_with_its_version_counted_up(
    kept: Store, postgres_url: str
) -> None:
    assert await kept.conversations.save("alice", TALK)
    async with await Store.open(postgres_url) as other:
        found = await other.conversations.load("alice", "c-1")
        assert found == msgspec.structs.replace(TALK, version=1)
        assert await other.conversations.save("alice", found)
    found = await kept.conversations.load("alice", "c-1")
    assert found is not None
    assert found.version == 2


async def test_of_two_messages_at_once_one_is_told_to_begin_again(kept: Store) -> None:
    await kept.conversations.save("alice", TALK)
    loaded = await kept.conversations.load("alice", "c-1")
    assert loaded is not None
    saved = await asyncio.gather(*(kept.conversations.save("alice", loaded) for _ in range(6)))
    assert sorted(saved) == [False] * 5 + [True]


async def test_a_conversation_belongs_to_one_owner(kept: Store) -> None:
    await kept.conversations.save("alice", TALK)
    assert await kept.conversations.load("bob", "c-1") is None
    assert await kept.conversations.save("bob", Conversation("c-1"))
    found = await kept.conversations.load("alice", "c-1")
    assert found is not None
    assert found.namespace == "home"


async def test_the_oldest_undo_goes_where_a_conversation_grows_too_large(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LARGEST", 2000)
    (step,) = TALK.undo
    many = msgspec.structs.replace(TALK, undo=((step[0], step[0]), *[step] * 40))
    assert await kept.conversations.save("alice", many)
    found = await kept.conversations.load("alice", "c-1")
    assert found is not None
    assert 0 < len(found.undo) < 41
    assert found.undo == many.undo[: len(found.undo)]
    monkeypatch.setattr(keeping, "LARGEST", 20)
    with pytest.raises(TooLarge, match="at most 20 are kept"):
        await kept.conversations.save("alice", many)


async def test_one_that_this_program_cannot_read_begins_anew_and_can_be_saved(
    kept: Store, database: Database
) -> None:
    await kept.conversations.save("alice", TALK)
    await database.execute("update conversations set body = 'not json'")
    found = await kept.conversations.load("alice", "c-1")
    assert found == Conversation("c-1", version=1)
    assert await kept.conversations.save("alice", found)


async def test_after_thirty_days_it_is_forgotten_and_its_name_is_free(
    kept: Store, database: Database
) -> None:
    await kept.conversations.save("alice", TALK)
    await database.execute("update conversations set updated_at = now() - interval '31 days'")
    assert await kept.conversations.load("alice", "c-1") is None
    assert await kept.conversations.save("alice", Conversation("c-1"))
    await database.execute("update conversations set updated_at = now() - interval '31 days'")
    assert await kept.conversations.prune() == 1
    assert await value(database, "select count(*) from conversations") == 0


async def test_the_same_request_again_gets_the_first_answer_for_a_day(
    kept: Store, database: Database
) -> None:
    talks = kept.conversations
    assert await talks.recall("alice", "k") is None
    await talks.remember("alice", "k", b"hash", b"\0\xff answer")
    await talks.remember("alice", "k", b"other", b"later")
    assert await talks.recall("alice", "k") == (b"hash", b"\0\xff answer")
    assert await talks.recall("bob", "k") is None
    await database.execute("update answers set at = now() - interval '25 hours'")
    assert await talks.recall("alice", "k") is None
    await talks.remember("alice", "k", b"other", b"later")
    assert await talks.recall("alice", "k") == (b"other", b"later")
    assert await talks.prune() == 0


async def test_a_name_that_is_too_long_is_said(kept: Store) -> None:
    with pytest.raises(TooLarge, match="idempotencyKey: 257 characters"):
        await kept.conversations.recall("alice", "k" * 257)
