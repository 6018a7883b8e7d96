"""From a task to the row a search reads, and to the JSON that goes to PostgreSQL."""

import base64
import json
from datetime import UTC, datetime

import msgspec
import pytest

from todotasks.api import Condition, Metadata, TodoTask, TodoTaskSpec, TodoTaskStatus
from todotasks.store import PRIORITY_RANKS, OutboxMessage, TaskRow, parse_resource_version, task_row
from todotasks.store.encode import encode_message, encode_task, plain_task
from todotasks.text.analysis import document

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def a_task(**spec: object) -> TodoTask:
    return TodoTask(
        metadata=Metadata(name="rent", namespace="home", uid="u", resource_version="7", generation=2),
        spec=msgspec.convert({"title": "Pay rent", **spec}, TodoTaskSpec),
    )


def a_row(**spec: object) -> TaskRow:
    return task_row(a_task(**spec), at=NOW)


def encoded(row: TaskRow) -> dict[str, object]:
    decoded = json.loads(encode_task(row))
    assert isinstance(decoded, dict)
    return decoded


def test_a_task_becomes_a_row_with_its_document() -> None:
    row = a_row(tags=["home"], assignee="jo", parent="flat")
    assert (row.uid, row.namespace, row.name, row.resource_version, row.generation) == (
        "u",
        "home",
        "rent",
        7,
        2,
    )
    assert (row.title, row.tags, row.assignee, row.parent, row.priority) == (
        "Pay rent",
        ("home",),
        "jo",
        "flat",
        "Medium",
    )
    assert msgspec.json.decode(row.doc, type=TodoTask) == a_task(tags=["home"], assignee="jo", parent="flat")


@pytest.mark.parametrize("status", ["True", "False", "Unknown"])
def test_overdue_and_blocked_are_what_the_conditions_say(status: str) -> None:
    conditions = msgspec.convert(
        [{"type": type_, "status": status, "reason": "Because"} for type_ in ("Overdue", "Blocked")],
        tuple[Condition, ...],
    )
    task = msgspec.structs.replace(a_task(), status=TodoTaskStatus(conditions=conditions))
    row = task_row(task, at=NOW)
    assert (row.overdue, row.blocked) == (status == "True", status == "True")


@pytest.mark.parametrize(
    ("due", "all_day"),
    [("2026-12-01", True), ("2026-12-01T09:00:00Z", False), ("2026-12-01T09:00", False), (None, False)],
)
def test_a_due_without_a_time_is_all_day(due: str | None, all_day: bool) -> None:
    assert a_row(due=due).all_day is all_day


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("", 0), ("abc", 0), ("-1", 0), ("٣", 0)])
def test_a_resource_version_is_a_number_or_nothing(text: str, number: int) -> None:
    assert parse_resource_version(text) == number


def test_ranks_ascend_from_urgent_to_low() -> None:
    assert sorted(PRIORITY_RANKS, key=PRIORITY_RANKS.__getitem__) == ["Urgent", "High", "Medium", "Low"]
    assert encoded(a_row(priority="Urgent"))["priority_rank"] == 1


def test_the_search_hash_changes_with_the_text_and_only_with_it() -> None:
    base = encoded(a_row(notes="n"))["search_hash"]
    assert encoded(a_row(notes="n", assignee="jo", completed=True))["search_hash"] == base
    others = [
        a_row(notes="m"),
        a_row(),
        a_row(title="Pay rents", notes="n"),
        a_row(title="Pay rent\0n"),
        a_row(notes="n", tags=["t"]),
    ]
    assert base not in [encoded(row)["search_hash"] for row in others]


def test_a_row_carries_the_lexemes_that_a_list_in_memory_would_be_compared_with() -> None:
    row = a_row(title="Café", notes="see INV-7", tags=["work"])
    assert set(str(encoded(row)["lexemes"]).split()) == document("Café", "see INV-7", ["work"])  # type: ignore[call-overload]


def test_the_plain_form_keeps_identity_state_and_document() -> None:
    row = a_row(title="x" * 9999, notes="n" * 9999, tags=["t" * 9999], project="p", completed=True)
    plain = plain_task(row)
    assert (plain.uid, plain.completed, plain.doc) == (row.uid, True, row.doc)
    assert (len(plain.title), plain.tags, plain.project) == (200, (), None)
    assert encoded(plain)["lexemes"] == "x" * 64  # and not the notes in the document


def test_any_bytes_of_a_message_survive_as_base64() -> None:
    message = OutboxMessage("id", "topic", "key", bytes(range(256)), {"h": "v"})
    assert json.loads(encode_message((3, message))) == {
        "n": 3,
        "id": "id",
        "topic": "topic",
        "key": "key",
        "value": base64.b64encode(bytes(range(256))).decode(),
        "headers": {"h": "v"},
    }
