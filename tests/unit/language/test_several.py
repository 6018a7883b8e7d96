"""Several tasks in one message, and one task that is told in several clauses."""

import pytest

from tests.unit.language.saying import read


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Buy milk. Call mom.", ["Buy milk", "Call mom"]),
        ("call mom. email bob. pay rent.", ["call mom", "email bob", "pay rent"]),
        ("fix the sink! call the plumber!", ["fix the sink", "call the plumber"]),
        ("book a flight. book a hotel.", ["book a flight", "book a hotel"]),
        ("pay rent, pay electricity and pay water", ["pay rent", "pay electricity", "pay water"]),
        ("buy bread and buy butter", ["buy bread", "buy butter"]),
        ("call mom and call dad", ["call mom", "call dad"]),
        ("call mom, then email bob", ["call mom", "email bob"]),
        ("call mom then email bob", ["call mom", "email bob"]),
        ("call mom and then email bob", ["call mom", "email bob"]),
        ("Kauf Milch. Ruf Mama an.", ["Kauf Milch", "Ruf Mama an"]),
        ("Milch kaufen. Mama anrufen.", ["Milch kaufen", "Mama anrufen"]),
        ("kaufe brot und kaufe butter", ["kaufe brot", "kaufe butter"]),
        ("ruf mama an, dann schreib bob", ["ruf mama an", "schreib bob"]),
    ],
)
def test_two_tasks_said_in_full_are_two(text: str, titles: list[str]) -> None:
    assert [(each.action, each.title) for each in read(text).commands] == [("create", t) for t in titles]


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        ("Buy milk tomorrow. Call mom on friday.", ["2026-03-05", "2026-03-06"]),
        ("buy milk tomorrow and call mom on friday", ["2026-03-05", "2026-03-06"]),
        ("pay rent tomorrow then call the bank on friday", ["2026-03-05", "2026-03-06"]),
        ("meet bob at 5. call mom at 6.", ["2026-03-04 17:00:00+01:00", "2026-03-04 18:00:00+01:00"]),
        ("pay rent on the 15th. call the bank tomorrow.", ["2026-03-15", "2026-03-05"]),
        ("kauf milch morgen. ruf mama am freitag an.", ["2026-03-05", "2026-03-06"]),
    ],
)
def test_each_has_its_own_time(text: str, dues: list[str]) -> None:
    assert [str(each.due) for each in read(text).commands] == dues


@pytest.mark.parametrize(
    "text",
    [
        "call Tom and ask about the invoice",
        "buy milk and eggs",
        "buy milk, eggs and bread",
        "buy milk. eggs. bread",
        "call the vet and book an appointment",
        "go to the shop and buy milk",
        "clean and polish the silver",
        "wash and dry the clothes",
        "wash then dry the clothes",
        "pick up kids then drop them at school",
        "write the report and send it to bob",
        "review PR 5. merge it",
        "email dr. smith",
        "meet at st. james park",
        "read about vitamin c. and d",
        "call Tom. He knows about the invoice",
        "Herrn Dr. Meier anrufen",
    ],
)
def test_what_goes_on_about_the_same_is_one(text: str) -> None:
    reading = read(text)
    assert (reading.title, reading.more) == (text, ())


def test_what_is_said_behind_the_last_of_several_may_be_said_of_all() -> None:
    reading = read("fix login bug and fix logout bug tomorrow")
    assert (reading.title, str(reading.due), reading.more) == (
        "fix login bug and fix logout bug",
        "2026-03-05",
        (),
    )


def test_a_command_and_a_task_are_two() -> None:
    first, second = read("mark the report as done. Buy milk tomorrow.").commands
    assert (first.action, first.target) == ("complete", "report")
    assert (second.title, str(second.due)) == ("Buy milk", "2026-03-05")


def test_quotation_marks_keep_sentences_together() -> None:
    assert read('buy "milk. buy eggs" tomorrow').more == ()


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("buy milk and call mom", ["buy milk", "call mom"]),
        ("pay rent and water the plants", ["pay rent", "water the plants"]),
        ("order paint, book the hall, and invite Ana", ["order paint", "book the hall", "invite Ana"]),
        ("Milch kaufen und Mama anrufen", ["Milch kaufen", "Mama anrufen"]),
    ],
)
def test_two_verbs_with_a_thing_each_are_two_tasks(text: str, titles: list[str]) -> None:
    assert [each.title for each in read(text).commands] == titles


def test_a_time_at_the_end_of_one_breath_is_said_of_all_of_it() -> None:
    found = read("email Tom and print the tickets tomorrow")
    assert [str(each.due) for each in found.commands] == ["2026-03-05", "2026-03-05"]


@pytest.mark.parametrize(
    ("text", "action", "said"),
    [
        ("it rains anyway, so scrap the picnic planning", "delete", "picnic planning"),
        ("We are not going after all, so please remove 'exchange money'.", "delete", "exchange money"),
        ("my bike needs fixing, can you put that on the list?", "create", "my bike needs fixing"),
        ("the landlord called again, put down call him back", "create", "call him back"),
        ("ich war schon einkaufen, also lösch den Einkaufszettel", "delete", "Einkaufszettel"),
    ],
)
def test_what_is_only_told_before_a_command_is_no_part_of_it(text: str, action: str, said: str) -> None:
    found = read(text)
    assert (found.action, found.title or found.target) == (action, said)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("um add uh pick up the parcel", "pick up the parcel"),
        ("new task call the insurance company comma due next monday", "call the insurance company"),
        ("okay so i need to uh send the cards by um the fifteenth", "send the cards"),
        ("fix the comma in the readme of the project", "fix the comma in the readme of the project"),
        ("äh ich muss noch ähm die Gäste einladen", "Gäste einladen"),
    ],
)
def test_sounds_and_spoken_signs_of_dictation_are_no_words(text: str, title: str) -> None:
    assert read(text).title == title
