"""Changes of many tasks: what the words narrow them to is in the filter, and never becomes "everything"."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.language.saying import fields, read
from todotasks.language import describe

TODAY = {"start": "2026-03-04", "end": "2026-03-04"}
TOMORROW = {"start": "2026-03-05", "end": "2026-03-05"}
FRIDAY = {"start": "2026-03-06", "end": "2026-03-06"}
BEFORE_FRIDAY = {"start": None, "end": "2026-03-06"}
MONDAY = {"start": "2026-03-09", "end": "2026-03-09"}
WEEK = {"start": "2026-03-02", "end": "2026-03-09"}


@pytest.mark.parametrize(
    ("text", "which", "where"),
    [
        ("move everything due today to tomorrow", TODAY, {"due": "2026-03-05"}),
        ("move all tasks due today to monday", TODAY, {"due": "2026-03-09"}),
        ("move everything from monday to tuesday", MONDAY, {"due": "2026-03-10"}),
        ("move all of today's tasks to tomorrow", TODAY, {"due": "2026-03-05"}),
        ("reschedule today's tasks to friday", TODAY, {"due": "2026-03-06"}),
        ("postpone all tasks for tomorrow until monday", TOMORROW, {"due": "2026-03-09"}),
        ("move everything on monday to tuesday", MONDAY, {"due": "2026-03-10"}),
        ("move everything due in 2 days to monday", FRIDAY, {"due": "2026-03-09"}),
        ("postpone everything due this week by a week", WEEK, {"shift": "P7D", "due": None}),
        ("push everything due today by 2 days", TODAY, {"shift": "P2D", "due": None}),
        ("snooze everything due today until tomorrow", TODAY, {"action": "snooze", "due": "2026-03-05"}),
        ("set everything due today to high priority", TODAY, {"priority": "High", "due": None}),
        ("move everything to tomorrow that is due today", TODAY, {"due": "2026-03-05"}),
        ("defer everything due before friday to friday", BEFORE_FRIDAY, {"due": "2026-03-06"}),
        ("move everything due by friday to monday", BEFORE_FRIDAY, {"due": "2026-03-09"}),
        ("make all tasks due tomorrow urgent", TOMORROW, {"priority": "Urgent", "due": None}),
        ("assign everything due today to anna", TODAY, {"assignee": "anna", "due": None}),
        ("move everything due today", TODAY, {"due": None, "shift": None}),  # where to was not said
        ("verschiebe alles von heute auf morgen", TODAY, {"due": "2026-03-05"}),
        ("verschiebe alles was heute fällig ist auf morgen", TODAY, {"due": "2026-03-05"}),
        ("verschiebe alle heute fälligen aufgaben auf montag", TODAY, {"due": "2026-03-09"}),
        ("verschiebe die aufgaben von heute auf morgen", TODAY, {"due": "2026-03-05"}),
        ("verschiebe alles diese woche um eine woche", WEEK, {"shift": "P7D", "due": None}),
    ],
)
def test_the_time_in_the_words_that_name_tasks_says_which_and_the_other_where_to(
    text: str, which: dict[str, str], where: dict[str, Any]
) -> None:
    found = fields(text)
    assert (found["filter"], found["target"]) == ({"due": which}, None)
    assert {name: found[name] for name in where} == where


WAYS = ["move {} to friday", "postpone {} until friday", "reschedule {} to friday", "push {} by 2 days"]
MANY = ["everything", "all tasks", "all my tasks", "all of the tasks", "all open tasks"]
TIMES = {"today": TODAY, "tomorrow": TOMORROW, "this week": WEEK}


@given(
    st.sampled_from(WAYS), st.sampled_from(MANY), st.sampled_from(["due {}", "for {}", "planned for {}"]),
    st.sampled_from(sorted(TIMES)),
)  # fmt: skip
def test_no_way_to_say_it_loses_the_time(way: str, many: str, tied: str, time: str) -> None:
    found = fields(way.format(f"{many} {tied.format(time)}"))
    assert found["action"] == "reschedule"
    assert found["filter"]["due"] == TIMES[time]


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("move all urgent tasks to friday", {"priority": "Urgent"}),
        ("move all high priority tasks due today to friday", {"priority": "High", "due": TODAY}),
        ("delete all my shopping tasks", {"text": "shopping"}),
        ("complete all the garden tasks", {"text": "garden"}),
        ("delete all tasks about the garden", {"text": "garden"}),
        ("delete all overdue shopping tasks", {"overdue": True, "text": "shopping"}),
        ("complete all #home tasks due today", {"tags": ["home"], "due": TODAY}),
        ("move everything tagged #old to friday", {"tags": ["old"]}),
        ("tag all shopping tasks with #later", {"text": "shopping"}),
        ("tag all overdue tasks #later", {"overdue": True}),
        ("move everything in project x to project y", {"project": "x"}),
        ("set all high priority tasks to low", {"priority": "High"}),
        ("cancel all my meetings", {"text": "meeting"}),
        ("cancel all my meetings today", {"text": "meeting", "due": TODAY}),
        ("move all meetings on friday to monday", {"text": "meeting", "due": FRIDAY}),
        ("lösche alle einkaufsaufgaben", {"text": "einkauf"}),
        ("lösche alle dringenden aufgaben", {"priority": "Urgent"}),
        ("verschiebe alle termine am freitag auf montag", {"text": "termin", "due": FRIDAY}),
        ("erledige alle aufgaben mit #home", {"tags": ["home"]}),
        ("delete everything", {"all": True}),
        ("set everything due friday", {"all": True}),
        ("move all my tasks to friday", {"all": True}),
    ],
)
def test_tags_levels_kinds_and_words_of_titles_narrow(text: str, narrowed: dict[str, Any]) -> None:
    assert fields(text)["filter"] == narrowed


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("move all hands meeting to friday", "all hands meeting"),
        ("complete all hands meeting", "all hands meeting"),
        ("delete the shopping task", "shopping"),
        ("delete shopping tasks", "shopping tasks"),
        ("delete all tasks except the report", "all tasks except the report"),  # no such title: it says so
        ("move all tasks with bob to friday", "all tasks with bob"),
        ("move the report from today to tomorrow", "report"),
    ],
)
def test_what_is_no_narrowing_stays_a_title(text: str, target: str) -> None:
    found = fields(text)
    assert (found["target"], found["filter"]) == (target, None)


def test_the_reading_says_which_and_where_to() -> None:
    said = describe(read("move all urgent tasks due today to tomorrow"))
    assert said == (
        "Reschedule every task (on Wednesday, 4 March 2026 (all day); priority Urgent):"
        " due Thursday, 5 March 2026 (all day)."
    )


@pytest.mark.parametrize("text", ["email everything to bob", "read all about kubernetes"])
def test_a_task_may_speak_of_all(text: str) -> None:
    assert (read(text).action, read(text).title) == ("create", text)
