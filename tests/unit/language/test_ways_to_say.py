"""Ways to say things that were once misread: numbers that are names, lists of tasks, what depends on what."""

from typing import Any

import pytest

from tests.unit.language.saying import fields, read


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("add A4 paper", "A4 paper", None),
        ("order part no. 12-05-77", "order part no. 12-05-77", None),
        ("call 555 1234 about order 12/7", "call 555 1234 about order 12/7", None),
        ("reply to ticket 4/12 by friday", "reply to ticket 4/12", "2026-03-06"),
        ("fly MH370 friday", "fly MH370", "2026-03-06"),
        ("meet at gate B12 at 6pm", "meet at gate B12", "2026-03-04T18:00:00+01:00"),
        ("send the contract to Ms. Friday on Tuesday", "send the contract to Ms. Friday", "2026-03-10"),
        ("buy 2 tickets for the 7pm show by the 20th", "buy 2 tickets for the 7pm show", "2026-03-20"),
        ("dentist 3/14", "dentist", "2026-03-14"),
    ],
)
def test_a_number_or_a_day_that_is_a_name_stays_in_the_title(text: str, title: str, due: str | None) -> None:
    found = fields(text)
    assert (found["action"], found["title"], found["due"]) == ("create", title, due)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("new task: wash car; vacuum car; polish car", ["wash car", "vacuum car", "polish car"]),
        ("add three things: eggs, flour and sugar", ["eggs", "flour", "sugar"]),
        (
            "add wash dishes and call Bob at 5 and buy stamps tomorrow",
            ["wash dishes", "call Bob", "buy stamps"],
        ),
        ("tasks: call Tom tomorrow, buy stamps", ["call Tom", "buy stamps"]),
        ("call bob at 5 and email ann at 6", ["call bob", "email ann"]),
        ("neue Aufgaben: Müll rausbringen, Auto waschen", ["Müll rausbringen", "Auto waschen"]),
        ("add call Tom and ask about the invoice", ["call Tom and ask about the invoice"]),
        ("buy eggs, flour and sugar", ["buy eggs, flour and sugar"]),
        ("add clean and oil the bike", ["clean and oil the bike"]),
    ],
)
def test_several_tasks_in_one_breath_are_several(text: str, titles: list[str]) -> None:
    assert [each.title for each in read(text).commands] == titles


@pytest.mark.parametrize(
    "text",
    [
        "vacuum today",
        "vacuum the living room",
        "order pizza for the team friday noon",
        "book a taxi for 6am",
        "take the lasagne out of the oven at 7pm",
        "reply to the august bookings email",
        "get sun cream before the trip",
    ],
)
def test_an_errand_is_a_task(text: str) -> None:
    assert fields(text)["action"] == "create"


@pytest.mark.parametrize("text", ["order me a pizza", "book me a taxi", "send an email to mom", "play jazz"])
def test_what_is_asked_of_another_assistant_is_not(text: str) -> None:
    assert fields(text)["action"] == "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make the flights depend on the passport", {"target": "flights", "dependsOn": "passport"}),
        ("the van is blocked by the permit", {"target": "van", "dependsOn": "permit"}),
        (
            "the flights no longer depend on the passport",
            {"target": "flights", "dependsOn": "passport", "clearDepends": True},
        ),
        (
            "change the report to #trip instead of #family",
            {"target": "report", "tags": ["trip"], "removeTags": ["family"]},
        ),
        ("remove all tags from the report", {"target": "report", "removeTags": ["*"]}),
        ("lower the priority again", {"reference": "it", "priorityStep": -1}),
        ("the fence is not urgent anymore", {"target": "fence", "priority": "Low"}),
        ("the report is urgent again", {"target": "report", "priority": "Urgent"}),
        ("move aunt Erna to Monday same time", {"target": "aunt Erna", "due": "2026-03-09"}),
        ("snooze the pasta 10 minutes", {"target": "pasta", "shift": "PT10M"}),
        ("assign the budget email to Ben", {"target": "budget email", "assignee": "Ben"}),
        (
            "just this once move the standup to tuesday",
            {"target": "standup", "due": "2026-03-10", "occurrences": "this"},
        ),
        (
            "stop standup until 1 april",
            {"action": "recurrence-stop", "target": "standup", "due": "2026-04-01"},
        ),
        ("skip the next one", {"action": "recurrence-skip", "reference": "it"}),
    ],
)
def test_a_change_is_read_in_full(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert found["intent"] == "update"
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("list done", {"completed": True}),
        ("show completed", {"completed": True}),
        ("what did I do today?", {"completed": True, "due": {"start": "2026-03-04", "end": "2026-03-04"}}),
        ("show my week", {"due": {"start": "2026-03-02", "end": "2026-03-09"}}),
        ("show #home or #money", {"tags": ["home", "money"], "anyTag": True}),
        ("list everything tagged home or money", {"tags": ["home", "money"], "anyTag": True}),
        ("show #home and #money", {"tags": ["home", "money"]}),
        ("tasks of project Travel", {"project": "Travel"}),
        ("list my work tasks", {"text": "work"}),
    ],
)
def test_a_list_is_narrowed_as_said(text: str, which: dict[str, Any]) -> None:
    found = fields(text)
    assert (found["action"], found["filter"]) == ("list", which)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the reminder", "never mind the reminder", "turn off the reminder", "turn the reminder off",
        "get rid of the reminder", "I don't need the reminder anymore", "unset that reminder please",
    ],
)  # fmt: skip
def test_a_reminder_goes_and_its_task_stays(text: str) -> None:
    assert fields(text)["clearReminders"]


def test_a_reminder_may_be_before_another_task() -> None:
    for text, title, other in (
        ("remind me to call Bob 15 minutes before the meeting", "call Bob", "meeting"),
        ("remind me 15 minutes before the dentist to leave", "leave", "dentist"),
    ):
        found = fields(text)
        assert (found["title"], found["reminders"]) == (title, [{"before": "15m", "of": other}])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "task add wash +home due:fri priority:H",
            {"title": "wash", "tags": ["home"], "due": "2026-03-06", "priority": "High"},
        ),
        (
            "add feed sourdough recur:weekly due:sat project:kitchen",
            {"title": "feed sourdough", "rrule": "FREQ=WEEKLY;BYDAY=SA", "project": "kitchen"},
        ),
        (
            '/remind me "renew the certificate" on 2 May at 9am',
            {"action": "remind", "title": "renew the certificate", "due": "2026-05-02T09:00:00+02:00"},
        ),
        ("/remind @bob send the slides tomorrow", {"title": "send the slides", "assignee": "bob"}),
        ("task done 3", {"action": "complete", "ordinals": [3]}),
        ("submit timesheet at 4pm, high", {"title": "submit timesheet", "priority": "High"}),
        ("in 30 minutes remind me to go home", {"title": "go home", "due": "2026-03-04T10:30:00+01:00"}),
        ("send it by COB friday", {"title": "send it", "due": "2026-03-06T17:00:00+01:00"}),
        ("haircut friday 1730", {"title": "haircut", "due": "2026-03-06T17:30:00+01:00"}),
        ("vaccination, friday week, 10:20", {"title": "vaccination", "due": "2026-03-13T10:20:00+01:00"}),
    ],
)
def test_other_tools_and_short_ways_to_write_are_read(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sport mo mi fr 7 Uhr",
            {"title": "Sport", "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=7;BYMINUTE=0"},
        ),
        ("lösche die Erinnerung", {"action": "delete", "clearReminders": True}),
        ("die Flüge hängen vom Pass ab", {"target": "Flüge", "dependsOn": "Pass"}),
        ("entferne alle Tags vom Bericht", {"target": "Bericht", "removeTags": ["*"]}),
        ("zeige erledigte", {"action": "list", "filter": {"completed": True}}),
        ("zeige #haus oder #garten", {"filter": {"tags": ["haus", "garten"], "anyTag": True}}),
        ("der Zaun ist nicht mehr dringend", {"target": "Zaun", "priority": "Low"}),
        ("die Priorität wieder senken", {"reference": "it", "priorityStep": -1}),
        ("pausiere Yoga bis 1. April", {"action": "recurrence-stop", "target": "Yoga", "due": "2026-04-01"}),
        ("überspringe das nächste", {"action": "recurrence-skip", "reference": "it"}),
        ("verschiebe die Besprechung auf Freitag, gleiche Uhrzeit", {"target": "Besprechung"}),
        (
            "in 30 Minuten erinnere mich nach Hause zu gehen",
            {"action": "remind", "title": "nach Hause gehen"},
        ),
        ("Bericht bis Feierabend", {"title": "Bericht", "due": "2026-03-04T17:00:00+01:00"}),
    ],
)
def test_german_is_read_alike(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert {name: found[name] for name in expected} == expected
