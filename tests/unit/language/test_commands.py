"""Commands: our own wordings as a whole, and what holds for every reading."""

import pytest
from bench.language import differences, own_cases
from bench.language import read as read_case

from tests.unit.language.saying import fields, read

OWN_SHARE = 0.97  # of the lines that the grammar was written with
HELD_OUT_SHARE = 0.90  # of those that it was not


def test_our_own_wordings_are_read_as_written_down() -> None:
    cases = list(own_cases(held_out=False))
    wrong = [
        f"{case.text!r}: {found}"
        for case in cases
        if (found := list(differences(case.expect, read_case(case))))
    ]
    assert 1 - len(wrong) / len(cases) >= OWN_SHARE, "\n".join(wrong)


def test_wordings_that_were_set_aside_are_read_nearly_as_well() -> None:
    cases = list(own_cases(held_out=True))
    right = sum(not list(differences(case.expect, read_case(case))) for case in cases)
    assert right / len(cases) >= HELD_OUT_SHARE


def test_the_example_of_the_front_page_is_read_in_full() -> None:
    found = fields("remind me to water the plants every 3 days at 7pm starting tomorrow #home p1")
    assert found["title"] == "water the plants"
    assert found["rrule"] == "FREQ=DAILY;INTERVAL=3;BYHOUR=19;BYMINUTE=0"
    assert (found["start"], found["priority"], found["tags"]) == ("2026-03-05", "Urgent", ["home"])


def test_several_commands_in_one_message_are_several_readings() -> None:
    reading = read("mark 1 as done, delete 2 and rename 3 to call Tom")
    assert [each.action for each in reading.commands] == ["complete", "delete", "update"]
    assert [each.ordinals for each in reading.commands] == [(1,), (2,), (3,)]


def test_a_task_with_an_and_stays_one_task() -> None:
    assert read("call Tom and ask about the invoice").more == ()


def test_quotation_marks_protect_what_they_enclose() -> None:
    reading = read('add "delete old backups on friday" for monday')
    assert (reading.title, str(reading.due)) == ("delete old backups on friday", "2026-03-09")


@pytest.mark.parametrize(
    ("text", "ordinals", "reference"),
    [
        ("complete the second one", (2,), None),
        ("delete 1, 3 and 4", (1, 3, 4), None),
        ("complete the first two", (1, 2), None),
        ("delete the last one", (-1,), None),
        ("delete 2-4", (2, 3, 4), None),
        ("delete it", (), "it"),
        ("move them all to monday", (), "them"),
    ],
)
def test_ordinals_and_pronouns_point_at_the_conversation(
    text: str, ordinals: tuple[int, ...], reference: str | None
) -> None:
    reading = read(text)
    assert (reading.ordinals, reading.reference, reading.target) == (ordinals, reference, None)


def test_every_understood_stretch_names_its_characters() -> None:
    text = "buy #groceries milk tmrw p1 and eggs"
    spans = {span.slot: span.text for span in read(text).spans}
    assert spans["tag"] == "#groceries"
    assert spans["due"] == "tmrw"
    assert spans["priority"] == "p1"


def test_finishing_a_known_task_completes_it_and_an_unknown_one_is_new() -> None:
    assert read("finish the essay", titles=("essay",)).action == "complete"
    assert read("finish the essay").action == "create"


def test_a_message_too_long_to_be_a_command_is_cut_and_says_so() -> None:
    reading = read("buy milk " + "and more " * 2_000)
    assert any("beginning" in remark for remark in reading.remarks)


def test_a_long_note_is_not_cut() -> None:
    note = "detail " * 1_000
    assert (read("add a note to the report: " + note).notes or "").endswith(note[-200:])
