"""Two messages of one conversation at once: what undo knows afterwards is what both have left of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.edits.model.conversation import MOST_UNDO, Conversation, Undoable
from todotasks.edits.session.saving import Saver, merged_history
from todotasks.edits.session.stores import MemoryStore


def message(name: str) -> tuple[Undoable, ...]:
    return (Undoable("create", "todotasks", "home", name, f"uid-{name}", "1"),)


A, B, C, D = (message(name) for name in "abcd")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        pytest.param((A, B), (B,), (A, B), (B,), id="an undo alone"),
        pytest.param((A, B), (B,), (C, A, B), (C, B), id="an undo while another message does something"),
        pytest.param((A, B), (C, A, B), (B,), (C, B), id="something done while another message undoes"),
        pytest.param((A, B), (B,), (B,), (B,), id="the same undo twice"),
        pytest.param((A,), (C, A), (D, A), (C, D, A), id="both do something"),
        pytest.param((A, B), (), (C, A, B), (C,), id="two undone at once"),
    ],
)
def test_what_a_message_takes_back_is_not_put_in_again_by_another_one(
    base: tuple[tuple[Undoable, ...], ...],
    ours: tuple[tuple[Undoable, ...], ...],
    theirs: tuple[tuple[Undoable, ...], ...],
    expected: tuple[tuple[Undoable, ...], ...],
) -> None:
    assert merged_history(base, ours, theirs) == expected


@given(
    base=st.lists(st.integers(0, 9), unique=True, max_size=6),
    data=st.data(),
)
def test_whoever_saves_first_the_history_holds_the_same(base: list[int], data: st.DataObject) -> None:
    def changed(new: int) -> tuple[tuple[Undoable, ...], ...]:
        kept = data.draw(st.lists(st.sampled_from(base), unique=True)) if base else []
        added = data.draw(st.sets(st.integers(new, new + 3), max_size=3))
        return tuple(message(str(k)) for k in (*added, *(each for each in base if each in kept)))

    before = tuple(message(str(k)) for k in base)
    one, other = changed(100), changed(200)
    assert set(merged_history(before, one, other)) == set(merged_history(before, other, one))
    assert len(merged_history(before, one, other)) <= MOST_UNDO


async def test_an_undo_that_another_message_overtakes_stays_undone() -> None:
    store = MemoryStore()
    await store.save("alice", Conversation("c", undo=(A, B)))
    loaded = await store.load("alice", "c")
    assert loaded is not None
    undo, other = Saver(store, "alice", loaded.undo), Saver(store, "alice", loaded.undo)
    await other(Conversation("c", undo=(C, A, B), version=loaded.version))
    saved = await undo(Conversation("c", undo=(B,), version=loaded.version))
    assert saved is not None and saved.undo == (C, B)
