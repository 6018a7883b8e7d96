"""What undo remembers of a message: one entry an object, within bounds; and the merge patches it makes."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from todotasks.edits.cluster.undo import (
    MOST_UNDO_BYTES,
    folded,
    following,
    remember,
    remember_message,
)
from todotasks.edits.model.conversation import MOST_UNDO, Undoable
from todotasks.edits.model.edit import Document, Edit, EditResult
from todotasks.edits.model.merge import changes_nothing, difference, merged

FIELDS = ("title", "due", "notes", "project")
values = st.one_of(st.booleans(), st.integers(0, 3), st.text("ab", max_size=2), st.lists(st.integers(0, 2)))
documents = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), values, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), st.one_of(values, inner), max_size=4),
    max_leaves=8,
)


# ── merge patches ────────────────────────────────────────────────────────────────────────────────────
@given(documents, documents)
def test_the_difference_leads_from_one_document_to_the_other(present: Document, wanted: Document) -> None:
    assert merged(present, difference(present, wanted)) == wanted


@given(documents)
def test_no_difference_is_an_empty_patch(document: Document) -> None:
    assert difference(document, document) == {}
    assert changes_nothing(document, {})


def test_null_removes_and_a_list_is_replaced() -> None:
    document = {"spec": {"tags": ["a", "b"], "due": "2026-03-06"}}
    patch = {"spec": {"tags": ["b"], "due": None}}
    assert merged(document, patch) == {"spec": {"tags": ["b"]}}
    assert not changes_nothing(document, patch)
    assert changes_nothing({"spec": {"tags": ["b"]}}, patch)


# ── what is remembered ───────────────────────────────────────────────────────────────────────────────
def task(spec: dict[str, Any], uid: str = "u") -> Document:
    return {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "rent", "uid": uid, "resourceVersion": "7", "generation": 2},
        "spec": spec,
        "status": {"observedGeneration": 2},
    }


def done(verb: Any, before: dict[str, Any] | None, after: dict[str, Any] | None, **more: Any) -> EditResult:
    patch = None
    if verb == "patch":
        patch = {"spec": difference(before or {}, after or {})}
    return EditResult(
        edit=Edit(verb, "todotasks", "home", "rent", title="Pay rent", patch=patch),
        result="done",
        before=None if before is None else task(before),
        after=None if after is None else task(after),
        **more,
    )


def remembered(*edits: EditResult) -> tuple[Undoable, ...]:
    return folded([undoable for each in edits if (undoable := remember(each)) is not None])


def test_of_a_patch_only_the_fields_that_it_touched_are_kept() -> None:
    (one,) = remembered(done("patch", {"title": "a", "due": "x"}, {"title": "a", "due": "y"}))
    assert (one.before, one.after) == ({"spec": {"due": "x"}}, {"spec": {"due": "y"}})


def test_of_a_deleted_object_what_the_api_server_wrote_is_not_kept() -> None:
    (one,) = remembered(done("delete", {"title": "a"}, None))
    assert one.before == {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "rent"},
        "spec": {"title": "a"},
    }


def test_what_was_not_done_is_not_remembered() -> None:
    edit = Edit("patch", "todotasks", "home", "rent", patch={"spec": {"due": "x"}})
    for result in ("dry-run", "unchanged", "planned", "refused"):
        assert remember(EditResult(edit=edit, result=result)) is None  # type: ignore[arg-type]


def test_two_edits_of_one_object_are_taken_back_as_one() -> None:
    (one,) = remembered(
        done("patch", {"title": "a"}, {"title": "a", "due": "x"}),
        done("patch", {"title": "a", "due": "x"}, {"title": "b", "due": "y"}),
    )
    assert one.before == {"spec": {"title": "a"}}
    assert one.after == {"spec": {"title": "b", "due": "y"}}


def test_what_was_made_and_changed_is_deleted_as_it_became() -> None:
    (one,) = remembered(
        done("create", None, {"title": "a", "due": "x"}),
        done("patch", {"title": "a", "due": "x"}, {"title": "b"}),
    )
    assert (one.verb, one.after) == ("create", {"spec": {"title": "b"}})


def test_what_was_made_and_deleted_left_nothing() -> None:
    assert remembered(done("create", None, {"title": "a"}), done("delete", {"title": "a"}, None)) == ()


def test_what_was_changed_and_deleted_comes_back_as_it_was_first() -> None:
    (one,) = remembered(
        done("patch", {"title": "a", "due": "x"}, {"title": "b"}),
        done("delete", {"title": "b", "notes": "n"}, None),
    )
    assert one.verb == "delete" and one.before is not None
    assert one.before["spec"] == {"title": "a", "due": "x", "notes": "n"}


specs = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2), max_size=4)


@given(st.lists(specs, min_size=2, max_size=5))
def test_any_number_of_changes_folds_into_the_way_back(states: list[dict[str, Any]]) -> None:
    edits = [done("patch", a, b) for a, b in itertools.pairwise(states)]
    for one in remembered(*edits):
        before, after = (one.before or {})["spec"], (one.after or {})["spec"]
        touched = {*before, *after}
        assert before == {key: value for key, value in states[0].items() if key in touched}
        assert after == {key: value for key, value in states[-1].items() if key in touched}
        untouched = set(FIELDS) - touched
        assert all(states[0].get(key) == states[-1].get(key) for key in untouched)


def test_the_history_has_bounds() -> None:
    history: tuple[tuple[Undoable, ...], ...] = ()
    for _ in range(MOST_UNDO + 5):
        history, kept = remember_message(history, [done("patch", {"due": "x"}, {"due": "y"})], MOST_UNDO)
        assert kept
    assert len(history) == MOST_UNDO
    huge = done("delete", {"notes": "n" * MOST_UNDO_BYTES}, None)
    assert remember_message(history, [huge], MOST_UNDO) == ((), False), (
        "nothing before it can be undone either"
    )


def test_an_object_that_was_made_again_is_followed() -> None:
    earlier = remembered(done("patch", {"due": "x"}, {"due": "y"}))
    ((one,),) = following((earlier,), {"u": "new"})
    assert one.uid == "new"
