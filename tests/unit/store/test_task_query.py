"""What may be asked for, and where the next page begins."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.sealed import PLAIN
from todotasks.store import BadQuery, TaskQuery, check_query
from todotasks.store.search.query import (
    SORTS,
    Position,
    decode_cursor,
    encode_cursor,
)
from todotasks.store.search.statement import ORDERS, key_types

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def a_query(**given: Any) -> TaskQuery:
    return TaskQuery(**{"namespaces": ("home",), **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limit": 0}, "limit: 0 is out of range: 1 to 200"),
        ({"limit": 201}, "limit: 201 is out of range"),
        ({"q": "x" * 257}, "q: 257 characters are too many: at most 256"),
        ({"q": " ".join("bcdefghjk")}, "q: 9 words are too many: at most 8"),
        (
            {"q": "& | !"},
            "has nothing in it that could be found: letters, digits, or a sign",
        ),
        ({"q": "_"}, "has nothing in it that could be found"),
        ({"namespaces": ()}, "namespace: 0 namespaces: name 1 to 200, or none for all"),
        ({"namespaces": ("home' | 'ns:other",)}, "cannot be the name of a namespace"),
        ({"sort": "colour"}, "is no order: one of due, priority, created"),
        ({"priorities": ("High", "Huge")}, "'Huge' is no priority: one of Urgent, High, Medium, Low"),
        ({"sort": "priority"}, "priority orders open tasks: add completed=false"),
        ({"sort": "completed", "completed": False}, "add completed=true"),
        ({"archived": True}, "archived .* is the order of archived tasks"),
        ({"sort": "archived"}, "only of them"),
        ({"due_from": datetime(2026, 1, 1)}, "due_from: .* has no offset"),
        ({"has_due": False, "due_to": NOW}, "excludes every range of due"),
        ({"project": "a\0b"}, "project: has a character that no task has"),
        ({"q": "pay \ud800"}, "q: has a character that no task has"),
        ({"tags": ("x",) * 33}, "33 tags are too many"),
    ],
)
def test_what_cannot_be_asked_for_is_said_with_its_place(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadQuery, match=said):
        check_query(a_query(**given))


@pytest.mark.parametrize(
    "given",
    [
        {"limit": 200},
        {"q": "the rent"},
        {"namespaces": None},
        {"sort": "priority", "completed": False},
        {"sort": "completed", "completed": True},
        {"archived": True, "sort": "archived", "descending": True},
        {"has_due": True, "due_to": NOW},
        {"due_from": NOW, "due_to": NOW},
    ],
)
def test_the_nearest_thing_that_can_be_asked_for_is_taken(given: dict[str, Any]) -> None:
    check_query(a_query(**given))


KEYS = {"timestamptz": "2026-11-21 09:00:00.25+00", "smallint": "2", "text": "pay rent”"}


@pytest.mark.parametrize("sort", SORTS)
def test_a_cursor_leads_back_to_where_it_was_made(sort: Any) -> None:
    query = a_query(sort=sort, q="pay rent")
    position = Position(tuple(KEYS[type_] for type_ in key_types(sort)), "uid-7", slips=True)
    cursor = encode_cursor(query, position, PLAIN)
    again = msgspec.structs.replace(query, cursor=cursor, limit=7)
    assert decode_cursor(again, key_types(sort), PLAIN) == position


@pytest.mark.parametrize(
    "changed",
    [
        {"namespaces": ("other",)},
        {"q": "rent"},
        {"descending": True},
        {"sort": "created"},
        {"completed": True},
        {"tags": ("work",)},
        {"due_to": NOW + timedelta(days=1)},
        {"viewer": "https://cluster bob"},
    ],
)
def test_a_cursor_of_another_search_is_refused(changed: dict[str, Any]) -> None:
    query = a_query(q="pay", due_to=NOW, viewer="https://cluster alice")
    cursor = encode_cursor(query, Position(("infinity",), "uid"), PLAIN)
    other = msgspec.structs.replace(query, cursor=cursor, **changed)
    with pytest.raises(BadQuery, match="belongs to another search"):
        decode_cursor(other, key_types(other.sort), PLAIN)


@pytest.mark.parametrize(
    ("sort", "keys", "uid"),
    [
        ("due", ("yesterday",), "uid"),  # PostgreSQL would take it
        ("due", ("2026-13-01 00:00:00+00",), "uid"),
        ("due", ("2026-11-21 09:00:00",), "uid"),
        ("due", ("2026-W47-6 09:00:00+00:00",), "uid"),  # Python would take it, PostgreSQL would not
        ("due", ("1", "2"), "uid"),
        ("due", (), "uid"),
        ("due", ("infinity",), "a\0b"),
        ("priority", ("1); drop table tasks", "infinity"), "uid"),
        ("title", ("a\0",), "uid"),
    ],
)
def test_a_cursor_that_somebody_made_up_is_refused(sort: Any, keys: tuple[str, ...], uid: str) -> None:
    query = a_query(sort=sort)
    forged = msgspec.structs.replace(query, cursor=encode_cursor(query, Position(keys, uid), PLAIN))
    with pytest.raises(BadQuery, match="is none that a search has given"):
        decode_cursor(forged, key_types(sort), PLAIN)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_any_other_text_is_no_cursor_and_nothing_worse(text: str) -> None:
    with pytest.raises(BadQuery, match="cursor"):
        decode_cursor(a_query(cursor=text), ("timestamptz",), PLAIN)


def test_every_order_has_keys() -> None:
    assert set(ORDERS) == set(SORTS)
