"""A new task in everyday words: however it begins and in whatever order its parts stand, all are found."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.language.saying import fields

BEGINNINGS = [
    "", "add ", "add a task to ", "new task: ", "todo: ", "please add ", "remind me to ", "i need to ",
    "can you add ", "create a task to ", "don't forget to ", "add task ", "hey, add ",
]  # fmt: skip
TITLES = [
    "buy milk", "call mom", "water the plants", "pay the electricity bill", "fix the kitchen sink",
    "email Sarah the contract", "clean the garage", "prepare slides", "renew passport", "walk the dog",
    "pick up dry cleaning", "write the report", "read chapter 4", "send invoice to Bob", "take out the trash",
    "review Anna's document", "buy 2 bottles of wine", "go to the gym", "do the laundry", "visit grandma",
    "check tire pressure", "finish homework", "open a bank account", "close the deal with ACME",
    "find a plumber", "stop by the pharmacy", "study for the exam",
]  # fmt: skip
TIMES = {
    "tomorrow": "2026-03-05", "on friday": "2026-03-06", "next monday": "2026-03-09",
    "tmrw 6pm": "2026-03-05T18:00", "tomorrow at 5pm": "2026-03-05T17:00",
    "at 3pm on saturday": "2026-03-07T15:00", "by march 20": "2026-03-20",
    "in 2 hours": "2026-03-04T12:00", "on the 15th": "2026-03-15", "next week": "2026-03-11",
    "12/24": "2026-12-24", "in 3 days": "2026-03-07", "fri 9am": "2026-03-06T09:00",
    "today": "2026-03-04",
}  # fmt: skip
MARKERS = {
    "#home": ("tags", ["home"]),
    "p1": ("priority", "Urgent"),
    "!!": ("priority", "High"),
    "high priority": ("priority", "High"),
    "@bob": ("assignee", "bob"),
    "+kitchen": ("project", "kitchen"),
}


@given(
    st.sampled_from(BEGINNINGS),
    st.sampled_from(TITLES),
    st.sampled_from(sorted(TIMES)),
    st.sampled_from(sorted(MARKERS)),
    st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_a_new_task_is_read_in_full(
    beginning: str, title: str, when: str, marker: str, marker_first: bool
) -> None:
    found = fields(
        f"{beginning}{title} {marker} {when}" if marker_first else f"{beginning}{title} {when} {marker}"
    )
    slot, value = MARKERS[marker]
    assert found["intent"] == "create"
    assert (found["title"], found[slot]) == (title, value)
    assert found["due"][: len(TIMES[when])] == TIMES[when]


@given(st.permutations(["call the bank", "#money", "p2", "@anna", "tomorrow at 9"]))
@settings(max_examples=60, deadline=None)
def test_markers_stand_anywhere_around_a_title(parts: list[str]) -> None:
    found = fields(" ".join(parts))
    assert (found["action"], found["title"]) == ("create", "call the bank")
    assert (found["tags"], found["priority"], found["assignee"]) == (["money"], "High", "anna")
    assert found["due"] == "2026-03-05T09:00:00+01:00"


def test_markers_in_the_middle_of_a_title_leave_it_whole() -> None:
    for markers in permutations(["#house", "p3", "@bob"]):
        found = fields(f"buy {markers[0]} new {markers[1]} hinges {markers[2]} for the door")
        assert found["title"] == "buy new hinges for the door"
        assert (found["tags"], found["priority"], found["assignee"]) == (["house"], "Medium", "bob")
