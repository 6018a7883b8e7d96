"""Words that mean something else where there is such a task: stopping, resuming, reminding; reminders that
go while the task stays."""

from typing import Any

import pytest

from tests.unit.language.saying import fields, read


@pytest.mark.parametrize(
    ("text", "target", "resume"),
    [
        ("stop pay rent", "pay rent", False),
        ("stop the watering", "watering", False),
        ("pause the watering", "watering", False),
        ("pause pay rent", "pay rent", False),
        ("suspend my yoga", "yoga", False),
        ("pause the watering series", "watering", False),
        ("resume the weekly report", "weekly report", True),
        ("restart the weekly report", "weekly report", True),
        ("continue pay rent", "pay rent", True),
        ("unpause the rent", "rent", True),
        ("start pay rent again", "pay rent", True),
        ("resume the watering rule", "watering", True),
        ("pausiere das gießen", "gießen", False),
        ("setze die miete aus", "miete", False),
        ("setze die miete fort", "miete", True),
        ("nimm die miete wieder auf", "miete", True),
        ("die miete pausieren", "miete", False),
        ("die miete fortsetzen", "miete", True),
    ],
)
def test_what_comes_back_is_paused_and_goes_on(text: str, target: str, resume: bool) -> None:
    found = fields(text)
    assert (found["action"], found["target"], found["resume"]) == ("recurrence-stop", target, resume)


@pytest.mark.parametrize(
    "text",
    ["stop smoking", "stop at the bakery", "stop by anna's house", "restart the server", "stop eating sugar"],
)
def test_what_only_sounds_like_it_is_to_be_done(text: str) -> None:
    assert (read(text).action, read(text).title) == ("create", text)


@pytest.mark.parametrize(
    "text",
    ["pause for thought article", "pause the music", "resume the podcast", "continue reading the book"],
)
def test_what_another_assistant_pauses_is_no_recurring_task(text: str) -> None:
    assert read(text).action not in {"recurrence-stop", "recurrence-change"}


@pytest.mark.parametrize(
    ("text", "titles", "action"),
    [
        ("stop watering the plants", ("water the plants",), "recurrence-stop"),
        ("stop watering the plants", ("pay rent",), "create"),
        ("stop paying rent", ("pay rent",), "recurrence-stop"),
        ("stop the subscription", ("pay rent",), "create"),  # no such task: it is a new one
        ("stop the subscription", ("renew the subscription",), "recurrence-stop"),
        ("stop smoking", (), "create"),
        ("continue the novel", ("read the novel",), "recurrence-stop"),
        ("remind me about the report tomorrow at 9am", ("report",), "remind"),
    ],
)
def test_the_titles_that_are_there_decide(text: str, titles: tuple[str, ...], action: str) -> None:
    assert read(text).hangs_on_titles
    reading = read(text, titles=titles)
    assert reading.action == action
    assert not reading.hangs_on_titles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("remind me about the report tomorrow at 9am", "report"),
        ("remind me tomorrow at 9am about the report", "Report"),
        ("remind me tomorrow at 9am of call mom", "call mom"),
        ("erinnere mich morgen um 9 uhr an den bericht", "Bericht"),
    ],
)
def test_a_task_that_is_there_gets_a_reminder_and_another_is_made(text: str, title: str) -> None:
    known = fields(text, titles=("pay rent", title))
    assert (known["target"].lower(), known["title"]) == (title.lower(), None)
    assert known["reminders"] == [{"at": "2026-03-05T09:00:00+01:00"}]
    unknown = fields(text, titles=("pay rent",))
    assert (unknown["target"], unknown["title"].lower()) == (None, title.lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clear the reminders of the dentist", {"target": "dentist"}),
        ("delete the reminder for the dentist", {"target": "dentist"}),
        ("remove all reminders from the dentist", {"target": "dentist"}),
        ("turn off the reminders for the dentist", {"target": "dentist"}),
        ("cancel the reminder about the report", {"target": "report"}),
        ("remove the reminders", {"target": None, "filter": None}),  # of what was last shown
        ("delete all reminders", {"filter": {"all": True}}),
        ("lösche die erinnerungen vom zahnarzt", {"target": "zahnarzt"}),
        ("entferne alle erinnerungen an den bericht", {"target": "bericht"}),
    ],
)
def test_reminders_go_and_the_task_stays(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert (found["action"], found["clearReminders"]) == ("delete", True)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("text", ["delete the dentist", "cancel the reminder to call mom", "delete buy milk"])
def test_a_task_is_deleted_itself(text: str) -> None:
    assert (fields(text)["action"], fields(text)["clearReminders"]) == ("delete", False)


@pytest.mark.parametrize(
    ("text", "title", "priority"),
    [
        ("finish slides !high", "finish slides", "High"),
        ("buy milk !urgent", "buy milk", "Urgent"),
        ("!low sort photos", "sort photos", "Low"),
        ("call mom tomorrow !medium", "call mom", "Medium"),
        ("fenster putzen !hoch", "fenster putzen", "High"),
        ("say hello!", "say hello", None),
        ("shout !hooray", "shout !hooray", None),
    ],
)
def test_a_level_behind_an_exclamation_mark_is_a_priority(
    text: str, title: str, priority: str | None
) -> None:
    assert (read(text).title, read(text).priority) == (title, priority)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make report a high priority task assigned to anna", {"priority": "High", "assignee": "anna"}),
        ("make the report an urgent task", {"priority": "Urgent"}),
        ("make report a low priority item", {"priority": "Low"}),
        ("turn the report into a high priority task", {"priority": "High"}),
    ],
)
def test_a_task_is_made_one_of_a_level(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert (found["action"], found["target"]) == ("update", "report")
    assert {name: found[name] for name in expected} == expected
