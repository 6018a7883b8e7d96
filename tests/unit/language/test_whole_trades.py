"""Kinds of wording that people of many trades brought: each with its near twin that is read otherwise.

The moment is Wednesday, 4 March 2026, 10:00.
"""

import pytest

from tests.unit.language.saying import fields, read


@pytest.mark.parametrize(
    ("text", "action", "target"),
    [
        ("flights to Lisbon booked", "complete", "flights to Lisbon"),
        ("minutes for May typed and circulated", "complete", "minutes for May"),
        ("ladder's up", "complete", "ladder"),
        ("the lads have painted the fence", "complete", "fence"),
        ("the sheets have now been changed", "complete", "sheets"),
        ("the fines are paid for", "complete", "fines"),
        ("done w/ the inventory", "complete", "inventory"),
        ("plumber not booked", "create", None),
        ("the fence the lads have painted yesterday looks good", "create", None),
        ("delete the paint order we've got enough", "delete", "paint order"),
        ("never mind the raffle, sold out", "delete", "raffle"),
        ("call off the barbecue", "delete", "barbecue"),
        ("call Tom off the record", "create", None),
        ("no need to wash the van, we sold it", "delete", "wash the van"),
        ("no, need to wash the van", "create", None),
        ("didn't mean to tick off the invoice", "reopen", "invoice"),
        ("the roofer never showed up, reopen that", "reopen", "roofer"),
        ("put off the stock take till friday", "reschedule", "stock take"),
        ("the audit isn't till friday", "reschedule", "audit"),
        ("swap the shift to friday", "reschedule", "shift"),
        ("swap the winter tyres on friday", "create", None),
    ],
)
def test_what_is_told_of_a_thing_and_what_is_to_be_done(text: str, action: str, target: str | None) -> None:
    found = read(text)
    assert (found.action, found.target) == (action, target)


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("vaccination 14 mar 11.20", "vaccination", "2026-03-14T11:20:00+01:00"),
        ("service 24/3 9.15", "service", "2026-03-24T09:15:00+01:00"),
        ("register fri 3.20", "register", "2026-03-06T15:20:00+01:00"),
        ("install version 11.20", "install version 11.20", None),
        ("meet Ana tomorrow at 9 hours", "meet Ana", "2026-03-05T09:00:00+01:00"),
        ("worm the ewes week on monday", "worm the ewes", "2026-03-16"),
        ("forgot to sign the form do that tomorrow", "sign the form", "2026-03-05"),
        ("put me down for the optician friday", "optician", "2026-03-06"),
    ],
)
def test_times_and_openings_of_new_people(text: str, title: str, due: str | None) -> None:
    found = fields(text)
    assert (found["title"], found["due"]) == (title, due)


def test_two_days_at_one_time_are_one_rule() -> None:
    found = fields("briefing every monday 7.30 and thursday 7.30")
    assert found["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=7;BYMINUTE=30"


def test_a_rule_begins_with_the_week_that_is_said() -> None:
    assert fields("staff meeting every other wednesday 9am from next week")["start"] == "2026-03-09"


@pytest.mark.parametrize(
    "text",
    ["move the report to friday and make it urgent", "move the report to friday, and mark it as urgent"],
)
def test_two_changes_of_one_task_are_one(text: str) -> None:
    found = fields(text)
    assert (found["target"], found["due"], found["priority"]) == ("report", "2026-03-06", "Urgent")
    assert not found.get("commands")


def test_who_does_it_may_stand_behind() -> None:
    assert fields("linen order – Priya's on it")["assignee"] == "Priya"
    assert fields("postmortem assign to Lukas due friday")["assignee"] == "Lukas"
    assert fields("find somebody to assign to the desk")["assignee"] is None


def test_all_of_a_person_is_narrowed_to_that_person() -> None:
    assert fields("push all of Helen's tasks to monday")["filter"] == {"assignee": "Helen"}
