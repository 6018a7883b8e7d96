"""What `kubectl describe` shows of our events."""

import pytest

from todo_consumers.audit.notices import Notice, notice_of
from todo_consumers.audit.telling import body_of, event_name
from todotasks.events.examples import examples

NOTICES = {event.type.split(".", 2)[2]: notice_of(event) for event in examples()}


@pytest.mark.parametrize(
    ("event", "kind", "reason", "warning", "note"),
    [
        ("reminder.due.v1", "TodoTask", "ReminderFired", False, "through phone"),
        ("reminder.failed.v1", "TodoTask", "DeliveryFailed", True, "after 5 attempts: The server refused"),
        ("recurrence.scheduled.v1", "RecurrenceRule", "OccurrenceMade", False, "Made the task pay-rent for"),
        ("recurrence.skipped.v1", "RecurrenceRule", "OccurrenceSkipped", False, "still open"),
        ("recurrence.missed.v1", "RecurrenceRule", "OccurrencesMissed", True, "2 occurrences passed"),
        ("recurrence.exhausted.v1", "RecurrenceRule", "Exhausted", False, "it has made 12"),
    ],
)
def test_what_matters_is_told(event: str, kind: str, reason: str, warning: bool, note: str) -> None:
    found = NOTICES[event]
    assert found is not None
    assert (found.kind, found.reason, found.warning) == (kind, reason, warning)
    assert note in found.note


def test_nothing_else_is() -> None:
    told = {name for name, notice in NOTICES.items() if notice is not None}
    assert told == {
        "reminder.due.v1",
        "reminder.failed.v1",
        *(f"recurrence.{word}.v1" for word in ("scheduled", "skipped", "missed", "exhausted")),
    }


def test_repeats_have_one_name_and_other_reasons_another() -> None:
    notice = NOTICES["reminder.due.v1"]
    assert isinstance(notice, Notice)
    assert event_name(notice) == event_name(notice._replace(note="later"))
    assert event_name(notice) != event_name(notice._replace(reason="DeliveryFailed"))
    assert event_name(notice) != event_name(notice._replace(uid="another"))
    assert body_of(notice, "n")["involvedObject"]["uid"] == notice.uid
