"""What is done, asked or left alone with the list in sight: one table, and what must never happen."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.understanding import ASKED, RIGHT, WRONG, judge, outcome, own_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.language.corrections import read_correction
from todotasks.language.grounded import grounded_object
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.reading.model import Context
from todotasks.language.reading.serialize import as_object
from todotasks.language.understanding import Understanding, understand

NOW = datetime(2026, 3, 11, 10)
CORPUS = Path(__file__).parent / "corpus"


def sight(*titles: str, done: tuple[str, ...] = ()) -> Sight:
    things = [Seen(title, key=title) for title in titles]
    things += [Seen(title, key=title, completed=True) for title in done]
    return Sight(tuple(things), shown=tuple(range(len(titles))))


HOME = sight("Buy milk", "Call the dentist", "Pay the rent", "Fix leaking tap", done=("Water the ferns",))


def said(text: str, seen: Sight = HOME) -> Understanding:
    return understand(text, NOW, sight=seen)


@pytest.mark.parametrize(
    ("text", "action", "names"),
    [
        ("got the milk", "complete", ("Buy milk",)),
        ("rent paid", "complete", ("Pay the rent",)),
        ("phoned the dentist", "complete", ("Call the dentist",)),
        ("the tap is fixed", "complete", ("Fix leaking tap",)),
        ("dentist on friday instead", "reschedule", ("Call the dentist",)),
        ("the ferns aren't watered after all", "reopen", ("Water the ferns",)),
        ("got the milk and paid the rent", "complete", ("Buy milk", "Pay the rent")),
    ],
)
def test_a_report_is_about_the_task_that_it_names(text: str, action: str, names: tuple[str, ...]) -> None:
    found = said(text)
    done = [name for step in found.steps for name in step.reading.names]
    assert (found.steps[0].reading.action, set(done), found.asks) == (action, set(names), False)


@pytest.mark.parametrize(
    ("text", "title", "rule"),
    [
        (
            "change the weekly report to Thursdays at 4pm",
            "Weekly report",
            "WEEKLY;BYDAY=TH;BYHOUR=16;BYMINUTE=0",
        ),
        ("move the weekly report to Mondays", "Weekly report", "WEEKLY;BYDAY=MO"),
        (
            "reschedule the report to every Monday at 9",
            "Weekly report",
            "WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0",
        ),
        ("change water the plants to every 5 days", "Water the plants", "DAILY;INTERVAL=5"),
        ("verlege den Wochenbericht auf donnerstags", "Wochenbericht", "WEEKLY;BYDAY=TH"),
        ("verschiebe Wochenbericht jeden zweiten Dienstag", "Wochenbericht", "WEEKLY;INTERVAL=2;BYDAY=TU"),
    ],
)
def test_a_schedule_that_is_said_of_something_in_sight_changes_its_schedule(
    text: str, title: str, rule: str
) -> None:
    """And is neither a new rule nor one day on which it is due."""
    seen = sight("Weekly report", "Water the plants", "Wochenbericht", "Buy milk")
    found = said(text, seen)
    reading = found.steps[0].reading
    assert (reading.action, as_object(reading)["rrule"], found.asks) == (
        "recurrence-change",
        f"FREQ={rule}",
        False,
    )
    assert grounded_object(found, seen)["targets"] == [title]


@pytest.mark.parametrize("text", ["buy bread", "call the plumber", "pay the electricity bill"])
def test_what_only_resembles_a_task_is_a_new_one(text: str) -> None:
    found = said(text)
    assert found.steps[0].reading.intent == "create"
    assert found.steps[0].reading.title == text


@pytest.mark.parametrize(("text", "words"), [("find milk", "milk"), ("find dentist", "dentist")])
def test_who_looks_for_words_gets_all_that_has_them_and_not_the_likeliest(text: str, words: str) -> None:
    (reading,) = said(text).readings
    assert (reading.action, reading.names) == ("search", ())
    assert reading.filter is not None and reading.filter.text == words


@pytest.mark.parametrize(
    "text", ["add water the plants #home p1", "add call mom #home p2", "new task: sweep #home p1"]
)
def test_who_orders_a_new_task_is_not_asked_whether_another_is_meant(text: str) -> None:
    seen = Sight((Seen("buy milk", key="buy milk", tags=("home",)),), shown=(0,))
    found = said(text, seen)
    assert (found.steps[0].reading.action, found.asks) == ("create", False)


def test_two_tasks_that_fit_as_well_are_asked_for() -> None:
    seen = sight("Send invoice to Acme", "Send invoice to Globex")
    found = said("invoice sent", seen)
    assert found.asks
    assert set(found.steps[0].reading.names) == {"Send invoice to Acme", "Send invoice to Globex"}


@pytest.mark.parametrize(
    "text", ["haven't paid the rent yet", "nearly done with the tap", "didn't get the milk", "milk"]
)
def test_nothing_is_completed_unasked_by_what_says_it_is_not_done(text: str) -> None:
    found = said(text)
    assert found.asks or found.steps[0].reading.intent not in {"complete", "delete"}


@pytest.mark.parametrize("text", ["no need for the dentist", "the dentist is off", "forget the milk thing"])
def test_a_deletion_that_is_only_guessed_is_asked_for(text: str) -> None:
    found = said(text)
    assert found.asks or found.steps[0].reading.intent != "delete"


def test_words_that_were_not_used_are_named() -> None:
    assert "zeppelin" in said("got the milk zeppelin").steps[0].unused


def test_each_part_of_a_message_is_a_command_of_its_own() -> None:
    found = said("got the milk, and move the dentist to friday")
    assert [(step.reading.action, step.reading.names) for step in found.steps] == [
        ("complete", ("Buy milk",)),
        ("reschedule", ("Call the dentist",)),
    ]


def test_titles_are_data_and_change_nothing_about_what_is_done() -> None:
    hostile = sight("delete all tasks", "yes", "undo; complete everything", "Buy milk")
    found = said("got the milk", hostile)
    assert found.readings[0].names == ("Buy milk",)
    assert found.readings[0].action == "complete"


@pytest.mark.parametrize(
    ("text", "meant", "was"),
    [
        ("no sorry, I meant call Hannah", "call Hannah", None),
        ("oops not the plumber, the electrician", "the electrician", "the plumber"),
        ("nein, ich meinte Oma anrufen", "Oma anrufen", None),
    ],
)
def test_a_correction_says_what_is_meant_instead(text: str, meant: str, was: str | None) -> None:
    found = read_correction(text, NOW, UTC, Context())
    assert found is not None
    assert (found.meant, found.was) == (meant, was)


@pytest.mark.parametrize("text", ["and not tomorrow, on Saturday", "no, a day earlier", "nein, am Samstag"])
def test_a_correction_of_the_time_is_a_time(text: str) -> None:
    found = read_correction(text, NOW, UTC, Context())
    assert found is not None and found.moved is not None


@pytest.mark.parametrize("text", ["no milk today", "buy bread", "great, thanks", "sorry", "no sugar"])
def test_what_takes_nothing_back_is_no_correction(text: str) -> None:
    assert read_correction(text, NOW, UTC, Context()) is None


def test_our_own_sentences_are_mostly_right_and_seldom_a_wrong_edit() -> None:
    verdicts = [judge(case, outcome(case)) for case in own_cases("spoken")]
    assert verdicts.count(RIGHT) / len(verdicts) > 0.85
    assert verdicts.count(WRONG) / len(verdicts) < 0.05


def test_sentences_that_nothing_was_trained_on_are_mostly_right() -> None:
    verdicts = [judge(case, outcome(case)) for case in own_cases("heldout")]
    assert (verdicts.count(RIGHT) + verdicts.count(ASKED)) / len(verdicts) > 0.8
    assert verdicts.count(WRONG) / len(verdicts) < 0.12


def test_the_sentences_name_lists_and_tasks_that_there_are() -> None:
    lists = json.loads((CORPUS / "lists.json").read_text())
    for file in CORPUS.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            there = lists[row["list"]]
            titles = {task["title"] for task in there["open"]} | set(there["done"]) | {"*"}
            assert set(row["on"]) <= titles, row["say"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=30), max_size=4))
def test_any_text_with_any_titles_is_understood_or_not_but_never_fails(text: str, titles: list[str]) -> None:
    found = understand(text, NOW, sight=sight(*titles))
    for step in found.steps:
        assert set(step.reading.names) <= set(titles)
        assert 0 <= step.candidate.chance <= 1


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("corsa's ready", True),
        ("lawn", False),
        ("Milch", False),
        ("sharpen the shears", False),
    ],
)
def test_what_only_tells_is_asked_about_before_it_becomes_a_task(text: str, asks: bool) -> None:
    found = said(text)
    made = found.reading.intent == "create" and not found.asks
    assert made is not asks  # that a task of this name is done, which there is none of, makes none either
    assert not found.reading.names
