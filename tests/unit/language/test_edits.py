"""Changes of a task in everyday words: every way to say it, with every way to name the task and the value."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.language.saying import fields

TASKS = [
    "dentist", "car inspection", "buy milk", "call mom", "weekly report", "plumber", "tax return",
    "book flights",
    "kitchen tiles", "gym", "water the plants", "passport renewal", "standup", "team lunch", "fix the sink",
    "electricity bill", "laundry", "invoice 42", "onboarding doc", "slides",
]  # fmt: skip
NAMED = ["{0}", "the {0} task", "the {0}", '"{0}"', "task {0}", "my {0} task"]
TIMES = {
    "friday": "2026-03-06", "tomorrow": "2026-03-05", "next monday": "2026-03-09", "march 20": "2026-03-20",
    "saturday at 3pm": "2026-03-07T15:00", "the 15th": "2026-03-15", "tomorrow morning": "2026-03-05T09:00",
    "5pm": "2026-03-04T17:00",
}  # fmt: skip
LENGTHS = {"an hour": "PT1H", "two days": "P2D", "30 minutes": "PT30M", "3 days": "P3D"}
PEOPLE = {"Anna": "Anna", "Bob": "Bob", "me": "me", "@carol": "carol"}
LEVELS = {"high": "High", "urgent": "Urgent", "low": "Low", "medium": "Medium"}
TAGS = {"home": ["home"], "work": ["work"], "errands": ["errands"]}
NEW_TITLES = {text: text for text in ("buy oat milk", "Q2 report", "call mom and dad")}

# action → ways to say it, and which field carries the value
SAID: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("reschedule", "due", TIMES, [
        "move {x} to {v}", "push {x} to {v}", "reschedule {x} for {v}", "postpone {x} until {v}",
        "{x} should be {v} instead", "change the due date of {x} to {v}", "set {x} due {v}",
        "let's move {x} to {v}", "bump {x} to {v}", "set the deadline for {x} to {v}",
        "put {x} off until {v}",
        "can we move {x} to {v}", "{x} has moved to {v}", "the deadline for {x} is now {v}",
        "{x} is due {v} now",
        "due date for {x}: {v}", "make {x} due {v}", "do {x} {v} instead",
    ]),
    ("reschedule", "shift", LENGTHS, [
        "push {x} back {v}", "postpone {x} by {v}", "delay {x} by {v}", "move {x} {v} later",
        "extend {x} by {v}",
    ]),
    ("reschedule", "shift", {said: f"-{value}" for said, value in LENGTHS.items()}, [
        "move {x} up by {v}", "bring {x} forward by {v}", "move {x} {v} earlier", "pull {x} in by {v}",
    ]),
    ("complete", "", {"": None}, [
        "mark {x} as done", "{x} is done", "complete {x}", "check off {x}", "done with {x}", "tick {x} off",
        "mark {x} complete", "{x} is finished", "i'm done with {x}", "set {x} as done",
        "close {x}", "{x} done",
        "i just finished {x}", "can you mark {x} as done", "{x} has been completed",
    ]),
    ("reopen", "", {"": None}, [
        "reopen {x}", "mark {x} as not done", "uncheck {x}", "{x} isn't done", "{x} is not done yet",
        "open {x} again", "set {x} back to open", "i didn't finish {x}", "mark {x} as incomplete",
        "put {x} back on the list",
    ]),
    ("delete", "", {"": None}, [
        "delete {x}", "remove {x} from my list", "get rid of {x}", "cancel {x}", "drop {x}",
        "take {x} off my list",
        "forget about {x}", "i don't need {x} anymore", "please remove {x}",
    ]),
    ("update", "assignee", PEOPLE, [
        "assign {x} to {v}", "give {x} to {v}", "hand {x} over to {v}", "assign {v} to {x}",
        "set the assignee of {x} to {v}", "make {v} responsible for {x}", "delegate {x} to {v}",
    ]),
    ("update", "priority", LEVELS, [
        "set {x} to {v}", "make {x} {v} priority", "set the priority of {x} to {v}", "mark {x} as {v}",
        "{x} should be {v} priority", "give {x} {v} priority", "{x} is {v} priority",
    ]),
    ("update", "tags", TAGS, [
        "tag {x} with {v}", "add tag {v} to {x}", "tag {x} #{v}", "add #{v} to {x}",
        "put the tag {v} on {x}",
    ]),
    ("update", "removeTags", TAGS, [
        "remove tag {v} from {x}", "remove #{v} from {x}", "take the {v} tag off {x}", "untag {v} from {x}",
    ]),
    ("update", "title", NEW_TITLES, [
        "rename {x} to {v}", "change the title of {x} to {v}", "{x} should be called {v}",
        "retitle {x} to {v}",
    ]),
    ("snooze", "due", TIMES, ["snooze {x} until {v}", "hide {x} until {v}",
    "remind me again about {x} {v}"]),
    ("snooze", "shift", LENGTHS, ["snooze {x} for {v}", "remind me about {x} again in {v}"]),
    ("recurrence-stop", "", {"": None}, [
        "stop repeating {x}", "{x} should no longer repeat", "don't repeat {x} anymore",
        "make {x} not repeat",
    ]),
    ("recurrence-skip", "", {"": None}, ["skip {x} this week", "skip the next {x}", "skip {x} this time"]),
]  # fmt: skip
CASES = [(action, field, values, way) for action, field, values, ways in SAID for way in ways]


@given(st.sampled_from(CASES), st.sampled_from(TASKS), st.sampled_from(NAMED), st.data())
@settings(max_examples=600, deadline=None)
def test_a_change_names_its_task_and_its_value(
    case: tuple[str, str, dict[str, Any], str], task: str, named: str, data: st.DataObject
) -> None:
    action, field, values, way = case
    said = data.draw(st.sampled_from(sorted(values)))
    found = fields(way.format(x=named.format(task), v=said))
    assert found["action"] == action
    assert found["target"] is not None
    assert found["target"].removeprefix("the ") == task
    if field:
        value = found[field]
        assert (value[: len(values[said])] if field == "due" else value) == values[said]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("undo", {"action": "undo", "count": None}),
        ("undo the last two", {"action": "undo", "count": 2}),
        ("undo both", {"action": "undo", "count": 2}),
        ("roll back the last five edits", {"action": "undo", "count": 5}),
        ("what's on today", {"action": "summary", "filter": {"due": {"start": "2026-03-04",
        "end": "2026-03-04"}}}),
        ("what's on this week", {"action": "summary", "filter": {"due": {"start": "2026-03-02",
        "end": "2026-03-09"}}}),
        ("what's next", {"action": "list", "filter": {}}),
        ("what's overdue", {"action": "list", "filter": {"overdue": True}}),
        ("show everything tagged home", {"action": "list", "filter": {"tags": ["home"]}}),
        ("show Tom's tasks", {"action": "list", "filter": {"assignee": "Tom"}}),
        (
            "list p1 tasks due this week",
            {
                "action": "list",
                "filter": {"priority": "Urgent", "due": {"start": "2026-03-02", "end": "2026-03-09"}},
            },
        ),
    ],
)  # fmt: skip
def test_what_the_chat_asks_for_most(text: str, expected: dict[str, Any]) -> None:
    found = fields(text)
    assert {name: found[name] for name in expected} == expected


def test_a_tag_on_a_new_task_changes_no_other() -> None:
    assert fields("add buy milk #home")["action"] == "create"
    assert fields("add #home to buy milk")["action"] == "update"
