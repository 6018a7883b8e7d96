"""Things in sight that are nearly alike, and several changes of one thing in one breath."""

from datetime import datetime

import pytest

from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.understanding import Understanding, understand

NOW = datetime(2026, 3, 11, 10)
STREET = Sight(
    (
        Seen("Call Anna", key="anna"),
        Seen("Call Anna's dentist", key="dentist", due="2026-03-12T09:00"),
        Seen("Paint room 204", key="204"),
        Seen("Pay the gas bill", key="gas", due="2026-03-20"),
        Seen("Choir", key="choir", due="2026-03-12T14:00"),
        Seen("Deploy to staging", key="staging"),
        Seen("Sweep the yard", key="yard", assignee="marek"),
        Seen("Renew the passport", key="passport"),
        Seen("Deploy to production", key="production", completed=True),
    )
)


def said(text: str, sight: Sight = STREET) -> Understanding:
    return understand(text, NOW, sight=sight)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("call anna sunday at 11", "anna"),
        ("called anna", "anna"),
        ("spoke to anna's dentist", "dentist"),
        ("deployed to staging", "staging"),
        ("swept the yard", "yard"),
    ],
)
def test_a_title_that_is_said_whole_is_none_that_has_more_words(text: str, name: str) -> None:
    assert said(text).steps[0].reading.names == (name,)


@pytest.mark.parametrize("text", ["room 206 is painted", "painted room 206", "delete room 206"])
def test_what_has_another_number_is_asked_for(text: str) -> None:
    found = said(text)
    assert found.asks or found.steps[0].reading.names != ("204",)


@pytest.mark.parametrize(
    "text", ["deploy to staging failed", "the yard is blocked", "room 204 has a broken window"]
)
def test_what_went_wrong_is_not_completed(text: str) -> None:
    found = said(text)
    assert found.asks or found.steps[0].reading.intent not in {"complete", "reopen", "delete"}


@pytest.mark.parametrize("text", ["no choir tomorrow", "passport renewed till march 2036"])
def test_a_time_that_is_told_of_something_does_not_move_it(text: str) -> None:
    found = said(text)
    assert found.asks or found.steps[0].reading.action not in {"reschedule", "snooze"}


@pytest.mark.parametrize("count", [10, 11, 24, 40])
def test_of_more_twins_than_can_be_asked_about_none_is_taken(count: int) -> None:
    sight = Sight(tuple(Seen(f"Call Anna from shop {k}", key=str(k)) for k in range(count)))
    found = said("called anna from the shop", sight)
    assert found.asks or not found.steps[0].reading.names


@pytest.mark.parametrize("text", ["is the gas bill paid?", "is the yard swept", "did I sweep the yard?"])
def test_a_question_whether_something_is_done_does_nothing_to_it(text: str) -> None:
    found = said(text)
    assert (found.asks, found.steps[0].reading.intent) == (False, "list")


@pytest.mark.parametrize("text", ["delete the passport reminder", "remove the yard reminders"])
def test_a_reminder_is_the_task_or_what_reminds_of_it_and_that_is_asked(text: str) -> None:
    found = said(text)
    assert found.asks
    choices = [reading for _, reading in found.steps[0].choices]
    assert [(each.action, each.clear_reminders) for each in choices] == [("delete", False), ("delete", True)]


@pytest.mark.parametrize("text", ["paint room 206", "feed the cat", "call Anna's mother"])
def test_another_one_of_its_kind_is_a_new_task(text: str) -> None:
    found = said(text)
    assert found.steps[0].reading.title == text


def test_several_changes_of_one_thing_are_all_made() -> None:
    found = said("move the gas bill to 1 april 5pm, priority high, tag bills")
    reading = found.steps[0].reading
    assert (reading.names, found.asks) == (("gas",), False)
    assert str(reading.due)[:16] == "2026-04-01 17:00"
    assert (reading.priority, reading.tags) == ("High", ("bills",))


def test_it_is_what_was_named_in_the_same_breath() -> None:
    found = said("assign the gas bill to Kim and make it high")
    assert {step.reading.names for step in found.steps} == {("gas",)}
    assert {step.reading.assignee for step in found.steps} >= {"Kim"}
    assert {step.reading.priority for step in found.steps} >= {"High"}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("give the gas bill to marek", "marek"),
        ("the gas bill goes to Dr Nadeem", "Dr Nadeem"),
        ("marek takes the gas bill", "marek"),
    ],
)
def test_a_task_is_given_to_whom_the_words_around_the_name_say(text: str, person: str) -> None:
    found = said(text)
    assert (found.steps[0].reading.names, found.steps[0].reading.assignee) == (("gas",), person)


def test_a_rhythm_that_is_said_of_something_in_sight_is_asked_for_or_its_own() -> None:
    found = said("choir is every friday now")
    assert found.asks or found.steps[0].reading.action == "recurrence-change"
