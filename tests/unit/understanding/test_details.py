"""A change that does not say into what, and the value when it is said."""

from datetime import UTC, datetime

import pytest

from todotasks.language import Context
from todotasks.language.details import Unfinished, read_detail, read_unfinished

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "slot", "words"),
    [
        ("move the dentist", "due", "the dentist"),
        ("please push the dentist back", "due", "the dentist"),
        ("reschedule the dentist to another day", "due", "the dentist"),
        ("snooze it", "snooze", "it"),
        ("assign the report to someone else", "assignee", "the report"),
        ("rename the report", "title", "the report"),
        ("change the priority of the report", "priority", "the report"),
        ("tag the report", "tag", "the report"),
        ("verschieb bitte den Zahnarzt", "due", "bitte den Zahnarzt"),
        ("kannst du den Zahnarzt verschieben", "due", "den Zahnarzt"),
        ("benenne den Bericht um", "title", "den Bericht"),
        ("weise den Bericht zu", "assignee", "den Bericht"),
    ],
)
def test_a_change_without_a_value_leaves_it_open(text: str, slot: str, words: str) -> None:
    assert read_unfinished(text) == Unfinished(slot, words)


@pytest.mark.parametrize(
    "text", ["buy milk", "the dentist", "move", "when is the dentist?", "call the dentist"]
)
def test_what_changes_nothing_leaves_nothing_open(text: str) -> None:
    assert read_unfinished(text) is None


@pytest.mark.parametrize(
    ("slot", "text", "field", "value"),
    [
        ("due", "to saturday at 10", "due", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("due", "a day earlier", "shift", "-P1D"),
        ("due", "eine Woche später", "shift", "P7D"),
        ("snooze", "for 2 days", "shift", "P2D"),
        ("assignee", "to Anna", "assignee", "Anna"),
        ("assignee", "an Anna", "assignee", "Anna"),
        ("title", "orthodontist", "title", "orthodontist"),
        ("title", "to final report", "title", "final report"),
        ("priority", "hoch", "priority", "High"),
        ("tag", "#health", "tags", ("health",)),
        ("tag", "mit Arbeit", "tags", ("arbeit",)),
    ],
)
def test_a_value_makes_the_change(slot: str, text: str, field: str, value: object) -> None:
    found = read_detail(slot, text, NOW, UTC, Context())
    assert found is not None
    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("due", "buy bread"),
        ("due", "done"),
        ("assignee", "buy milk tomorrow"),
        ("title", "add lunch with Bo on friday"),
        ("title", "show my list"),
        ("priority", "not so important"),
        ("due", "why?"),
    ],
)
def test_another_message_is_no_value(slot: str, text: str) -> None:
    assert read_detail(slot, text, NOW, UTC, Context()) is None
