"""Kinds of wording that new people brought: each with its near twin that is read otherwise."""

import pytest

from tests.unit.language.saying import fields, read


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on the 24th and 25th, what do I have?", "2026-03-24", "2026-03-25"),
        ("what do I have on friday and saturday", "2026-03-06", "2026-03-07"),
        ("show me April", "2026-04-01", "2026-05-01"),
        ("show me March", "2026-03-01", "2026-04-01"),
    ],
)
def test_the_days_that_a_list_is_asked_for(text: str, start: str, end: str) -> None:
    found = fields(text)
    assert (found["intent"], found["filter"]["due"]) == ("list", {"start": start, "end": end})


def test_a_month_that_something_is_about_is_a_word() -> None:
    assert read("do I have anything about march in my list?").target == "march"


@pytest.mark.parametrize(
    ("text", "title", "times"),
    [
        ("ping me at 2 and again at 4 re: timesheets", "re: timesheets", ["14:00", "16:00"]),
        ("remind me to take the pill at 1 and again at 5", "take the pill", ["13:00", "17:00"]),
    ],
)
def test_one_reminder_at_two_times(text: str, title: str, times: list[str]) -> None:
    found = fields(text)
    assert found["title"] == title
    assert [each["at"][11:16] for each in found["reminders"]] == times


def test_others_may_be_reminded_too() -> None:
    assert fields("remind Jess and me at 5pm about the deposit")["title"] == "deposit"


def test_a_bell_asks_for_a_reminder() -> None:
    found = fields("Dentist for Ines 6 April 15:20 ⏰ 2h before")
    assert (found["title"], found["reminders"]) == ("Dentist for Ines", [{"before": "2h"}])


@pytest.mark.parametrize(
    ("text", "action", "said"),
    [
        ("make the bed daily at 6am", "recurrence-create", "make the bed"),
        ("make the report weekly", "recurrence-change", "report"),
        ("team lunch should repeat monthly from now on", "recurrence-change", "team lunch"),
        ("water the plants daily from now on", "recurrence-create", "water the plants"),
        ("Tutor Ben every Wednesday from September on", "recurrence-create", "Tutor Ben"),
        ("check if the 42 bus runs on Sundays", "create", "check if the 42 bus runs on Sundays"),
        ("rubbish out tues + fri 7am weekly", "recurrence-create", "rubbish out"),
    ],
)
def test_what_repeats_and_what_only_speaks_of_it(text: str, action: str, said: str) -> None:
    found = fields(text)
    assert (found["action"], found["title"] or found["target"]) == (action, said)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("drop the dish back to Mrs Okafor on sunday", "create"),
        ("drop the dishes task", "delete"),
        ("find out who has the key", "create"),
        ("show Mei the new dashboard tomorrow", "create"),
        ("show the new dashboard task", "show"),
        ("kitchen roll + foil + cling film", "create"),
        ("show tasks tagged errands that are due tomorrow", "list"),
        ("did you see the match on sunday?", "none"),
        ("leave the hedge till friday", "reschedule"),
        ("leave the oven on till friday", "create"),
        ("walk the dog and give him his tablet", "create"),
        ("fix heading 3.2 in section 12", "create"),
        ("change the title to buy bread", "update"),
        ("night round finished at 0015", "complete"),
        ("show me all tasks I completed in December", "list"),
        ("the invoice hasn't actually gone out yet", "reopen"),
    ],
)
def test_the_same_verb_in_another_sentence(text: str, action: str) -> None:
    assert read(text).action == action


@pytest.mark.parametrize(
    ("text", "filter_"),
    [
        ("list all tasks in the Loft project", {"project": "Loft"}),
        ("give me a rundown of Project Osprey", {"project": "Osprey"}),
        ("which jobs has Oskar got", {"assignee": "Oskar"}),
        ("show p1s", {"priority": "Urgent"}),
    ],
)
def test_what_narrows_a_list(text: str, filter_: dict[str, str]) -> None:
    assert fields(text)["filter"] == filter_


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("call Tom at 5.30 re the lease", "call Tom re the lease", "2026-03-04T17:30:00+01:00"),
        ("site talk monday 7.30, whole crew", "site talk, whole crew", "2026-03-09T07:30:00+01:00"),
        ("sat 10-12 help Priya move", "help Priya move", "2026-03-07T10:00:00+01:00"),
        ("ring the bank Thursday week at 11 am", "ring the bank", "2026-03-12T11:00:00+01:00"),
        ("raise the rent from april onwards", "raise the rent", "2026-04-01"),
        ("I mustn't forget Tom's present", "Tom's present", None),
        ("we ought to sweep the chimney before it gets cold", "sweep the chimney before it gets cold", None),
        ("skip needs emptying friday", "skip needs emptying", "2026-03-06"),
        ("file the defence in Hobbs v Crane", "file the defence in Hobbs v Crane", None),
        ("get Baz to look at the scaffold", "get Baz to look at the scaffold", None),
        ("swap my shift with Dee", "swap my shift with Dee", None),
        ("mach einen Termin beim Friseur", "Termin beim Friseur", None),
        ("Lampe kaufen nicht vergessen", "Lampe kaufen", None),
    ],
)
def test_ways_to_ask_for_something_new(text: str, title: str, due: str | None) -> None:
    found = fields(text)
    assert (found["action"], found["title"], found["due"]) == ("create", title, due)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("bass practice every tues n thurs", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("rotate the logs @weekly", "FREQ=WEEKLY"),
        ("check the oven every 8 hours from 10pm", "FREQ=DAILY;BYHOUR=6,14,22;BYMINUTE=0"),
    ],
)
def test_rhythms_in_short(text: str, rule: str) -> None:
    assert fields(text)["rrule"] == rule


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("fetched the parcel", "complete"),
        ("I've already restocked the trolley", "complete"),
        ("shred the old papers", "create"),
        ("feed the cat", "create"),
        ("it rained all day yesterday", "none"),
        ("it needs fixing", "create"),
        ("I've written to Auntie Vi", "complete"),
        ("I have to write to Auntie Vi", "create"),
        ("I need remember to send the form", "create"),
        ("Das Protokoll hab ich gerade verschickt", "complete"),
        ("bin the inspection, client pulled it", "delete"),
    ],
)
def test_what_was_done_and_what_is_only_told(text: str, action: str) -> None:
    assert read(text).action == action
