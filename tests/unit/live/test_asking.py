"""Filters, selectors and cursors: what is asked for, as values."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from chat_gateway.base.problems import Refused
from chat_gateway.live.cursor import SEAL_LENGTH, BadCursor, Cursors
from chat_gateway.live.filters import Filter, LiveParameters, filter_of
from chat_gateway.live.objects import REMINDER, RULE, TASK, Known
from chat_gateway.live.selector import SelectorError, matches, parse_selector
from todotasks.settings import Secret

LABELS = {"tier": "web", "tag.todotasks.dev/home": "true", "empty": ""}
A_TASK = Known(TASK, "u", "home", "rent", 7, b"{}", LABELS, "flat", frozenset({"home", "money"}))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("  ", True),
        ("tier", True),
        ("!tier", False),
        ("! other", True),
        ("tier=web", True),
        ("tier == web", True),
        ("tier!=web", False),
        ("other!=web", True),
        ("tier in (db, web)", True),
        ("tier in (db)", False),
        ("tier notin (db)", True),
        ("other notin (db)", True),
        ("other in (db)", False),
        ("empty=", True),
        ("empty in (,x)", True),
        ("tier in (web),!other,tag.todotasks.dev/home=true", True),
        ("tier,other", False),
        ("in", False),
        ("notin=x", False),
    ],
)
def test_a_selector_means_what_it_means_to_kubectl(text: str, holds: bool) -> None:
    assert matches(parse_selector(text), LABELS) is holds


@pytest.mark.parametrize(
    "text",
    [",", "a,", ",a", "a b", "a===b", "a=b=c", "a in", "a in b",
     "a in (b", "a in (b))", "-a", "a=-b",
     "a/b/c=d", "A" * 64, "a=" + "b" * 64, "a>1", "ä=b", "a=b c", "/a", "a/", "(a)", "a\x00"],
)  # fmt: skip
def test_what_is_no_selector_is_refused(text: str) -> None:
    with pytest.raises(SelectorError):
        parse_selector(text)
    with pytest.raises(Refused) as refused:
        filter_of(LiveParameters(label_selector=text))
    assert refused.value.errors[0].path == "labelSelector"


@given(st.text(max_size=60))
def test_any_text_is_a_selector_or_is_refused(text: str) -> None:
    try:
        parse_selector(text)
    except SelectorError:
        return


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({}, True),
        ({"project": "flat"}, True),
        ({"project": "other"}, False),
        ({"tags": frozenset({"home"})}, True),
        ({"tags": frozenset({"home", "work"})}, False),
        ({"selector": parse_selector("tier=db")}, False),
    ],
)
def test_all_that_is_asked_for_holds_together(asked: dict[str, Any], fits: bool) -> None:
    assert Filter((), (TASK, RULE), **asked).fits(A_TASK) is fits


def test_project_and_tags_are_not_asked_of_reminders() -> None:
    reminder = replace(A_TASK, kind=REMINDER, project=None, tags=frozenset())
    assert Filter((), (TASK, REMINDER), project="other", tags=frozenset({"x"})).fits(reminder)


def test_a_change_is_what_it_is_to_who_looks_through_the_filter() -> None:
    filter, elsewhere = Filter((), (TASK,), project="flat"), replace(A_TASK, project="other")
    assert filter.change(None, A_TASK) == "ADDED"
    assert filter.change(elsewhere, A_TASK) == "ADDED"
    assert filter.change(A_TASK, A_TASK) == "MODIFIED"
    assert filter.change(A_TASK, elsewhere) == "DELETED"
    assert filter.change(A_TASK, None) == "DELETED"
    assert filter.change(elsewhere, elsewhere) is None
    assert filter.change(elsewhere, None) is None


def test_the_same_filter_said_in_another_order_is_the_same() -> None:
    one = LiveParameters(
        namespace=("b", "a"), kind=("reminders", "todotasks"), tag=("x", "y"), label_selector="a,b"
    )
    other = LiveParameters(
        namespace=("a", "b", "a"), kind=("todotasks", "reminders"), tag=("y", "x"), label_selector="b , a"
    )
    assert filter_of(one) == filter_of(other)
    assert filter_of(one).canonical() == filter_of(other).canonical()


# ── cursors ──────────────────────────────────────────────────────────────────────────────────────────
OLD, NEW = (Secret(Fernet.generate_key().decode()) for _ in range(2))
VECTOR = (5, 0, 2**63, 7)


def cursor_of(cursors: Cursors, owner: str = "alice", filter: bytes = b"f") -> str:
    return (cursors.where(VECTOR) + b"." + cursors.seal(owner, filter)).decode()


def test_a_cursor_is_opened_by_every_process_of_the_same_keys() -> None:
    assert Cursors((NEW, OLD)).open(cursor_of(Cursors((OLD,))), "alice", b"f") == VECTOR
    assert len(Cursors((OLD,)).seal("alice", b"f")) == SEAL_LENGTH


@pytest.mark.parametrize(
    ("owner", "filter", "keys"),
    [("bob", b"f", (OLD,)), ("alice", b"g", (OLD,)), ("alice", b"f", (NEW,)), ("alicef", b"", (OLD,))],
    ids=["another user", "another filter", "another key", "the same letters"],
)
def test_a_cursor_of_somebody_or_something_else_is_none(
    owner: str, filter: bytes, keys: tuple[Secret, ...]
) -> None:
    with pytest.raises(BadCursor):
        Cursors(keys).open(cursor_of(Cursors((OLD,))), owner, filter)


def test_a_cursor_of_another_cluster_is_none() -> None:
    here, there = Cursors((OLD,)), Cursors((OLD,))
    there.cluster = b"another"
    with pytest.raises(BadCursor):
        here.open(cursor_of(there), "alice", b"f")


@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda each: each.hex() + "." + each.hex()))
def test_any_text_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursors((OLD,)).open(text, "alice", b"f")


@given(st.integers(0, 200), st.sampled_from("AZaz09-_"))
def test_a_cursor_that_was_tampered_with_is_none(at: int, letter: str) -> None:
    cursor = cursor_of(Cursors((OLD,)))
    at %= len(cursor)
    changed = cursor[:at] + letter + cursor[at + 1 :]
    where = changed.partition(".")[0]
    if changed != cursor and len(where) == len(cursor.partition(".")[0]) and at != len(where) - 1:
        with pytest.raises(BadCursor):
            Cursors((OLD,)).open(changed, "alice", b"f")
