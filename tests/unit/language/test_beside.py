"""Two clauses in one breath: what "it" points back at, and what is said of a task while it is made."""

import pytest

from tests.unit.language.saying import NOW, fields, read
from todotasks.language import Context, parse


@pytest.mark.parametrize(
    ("text", "action", "target"),
    [
        ("the plumber didn't come, so set that one back to open", "reopen", "plumber"),
        ("the bread order is not finish yet, make it open again", "reopen", "bread order"),
        ("I said the hem was done but it's come undone, so please restore it", "reopen", "hem"),
        ("no need to worry about the leaking tap any more, it's fixed", "complete", "leaking tap"),
        ("rent was paid, mark it done", "complete", "rent"),
        ("can't make yoga tomorrow, shift it to Friday", "reschedule", "yoga"),
        (
            "just put the last coat on the fence, so that's finished",
            "complete",
            "put the last coat on the fence",
        ),
        ("we sold the caravan so delete the insurance task", "delete", "insurance"),
        ("tick off the vet, we went this morning", "complete", "vet"),
    ],
)
def test_it_is_what_was_told_before_it(text: str, action: str, target: str) -> None:
    found = read(text)
    assert (found.action, found.target, found.reference) == (action, target, None)


def test_it_stays_a_reference_where_only_people_are_spoken_of() -> None:
    found = read("I'm running late, push it an hour")
    assert found.target is None or "late" not in found.target


def test_it_is_what_the_conversation_is_about_where_nothing_else_is_named() -> None:
    context = Context(language="en", recent=("Call the bank",))
    found = parse("the weather is bad, move it to friday", NOW, context=context)
    assert found.target != "weather"


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("buy milk, make it urgent", {"title": "buy milk", "priority": "Urgent"}),
        ("add buy milk, move it to friday", {"title": "buy milk", "due": "2026-03-06"}),
        ("call the plumber, assign it to Tom", {"title": "call the plumber", "assignee": "Tom"}),
        ("Have Tom check the alarms, assign it to him", {"title": "check the alarms", "assignee": "Tom"}),
        (
            "add patch the host to this sprint's list, do it fri",
            {"title": "patch the host", "due": "2026-03-06"},
        ),
        ("water the ferns, make it weekly", {"title": "water the ferns", "rrule": "FREQ=WEEKLY"}),
    ],
)
def test_what_is_said_of_a_task_while_it_is_made_belongs_to_it(text: str, expect: dict[str, str]) -> None:
    found = fields(text)
    assert found["intent"] == "create"
    assert {name: found[name] for name in expect} == expect
    assert "commands" not in found


@pytest.mark.parametrize("text", ["write the report and send it to bob", "wrap the gift, give it to Anna"])
def test_what_is_done_with_a_thing_stays_in_the_title(text: str) -> None:
    assert fields(text)["title"] == text


def test_a_greeting_of_several_words_is_left_out() -> None:
    assert read("got it, sent Wanda the seating plan").target == "sent Wanda the seating plan"
    assert read("good morning! what's due today").action == "list"
