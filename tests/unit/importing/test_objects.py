"""Items within the bounds of the API, and their relations."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_cli.importing.model import Context, Export, Item, Schedule
from todo_cli.importing.objects import LONGEST_SLUG, Made, plan

CONTEXT = Context(datetime(2026, 11, 29, 10, tzinfo=UTC), ZoneInfo("Europe/Berlin"))


def an_item(key: str = "a", **said: Any) -> Item:
    return Item(key, f"line {key}", said.pop("title", f"task {key}"), **said)


def planned(*items: Item) -> tuple[dict[str, Made], list[str]]:
    export = Export("test", list(items))
    made = plan(export, CONTEXT).made
    return {each.mark.partition("/")[2]: each for each in made}, [str(remark) for remark in export.remarks]


def one(item: Item) -> tuple[dict[str, Any], list[str]]:
    made, remarks = planned(item)
    return made[item.key].body["spec"], remarks


def test_a_name_is_the_same_each_time_and_another_for_another_item() -> None:
    first, again = planned(an_item())[0]["a"].name, planned(an_item())[0]["a"].name
    assert first == again == "task-a-" + first[-8:]
    assert planned(an_item("b", title="task a"))[0]["b"].name != first


@given(st.text(min_size=1, max_size=600))
def test_every_title_gives_a_name_that_kubernetes_takes_and_a_title_within_bounds(title: str) -> None:
    made, _ = planned(an_item(title=title))
    for each in made.values():
        assert len(each.name) <= LONGEST_SLUG + 9
        assert each.name.replace("-", "").isalnum()
        assert each.name[0] != "-"
        assert 1 <= len(each.body["spec"]["title"]) <= 512


@pytest.mark.parametrize(
    ("said", "field", "value", "remark"),
    [
        ({"title": "x" * 600}, "title", "x" * 512, "cut to 512 of 600 characters"),
        ({"title": "a\u202eb\x00c"}, "title", "a b c", None),
        ({"notes": ["n" * 20_000]}, "notes", "n" * 16_384, "cut to 16384 of 20000 characters"),
        ({"tags": ["#two words", "a,b", "two words"]}, "tags", ["two-words", "a-b"], None),
        (
            {"tags": [f"t{number}" for number in range(40)]},
            "tags",
            [f"t{n}" for n in range(32)],
            "of 40 the first 32",
        ),
        (
            {"links": [{"url": "file:///etc/passwd"}]},
            "notes",
            "file:///etc/passwd",
            "no http, https or mailto",
        ),
        ({"due": "2027-02-30"}, "notes", "Due: 2027-02-30", "kept in the notes"),
        ({"due": "2027-02-03T10:00"}, "timeZone", "Europe/Berlin", None),
        ({"reminders": [{"at": "2026-01-01T09:00"}]}, "reminders", None, "is past: it would fire at once"),
        ({"reminders": [{"before": "1d"}]}, "reminders", None, "a due time that it does not have"),
        ({"due": "2026-11-29", "reminders": [{"before": "1d"}]}, "reminders", None, "is past"),
        ({"due": "2027-01-01", "reminders": [{"before": "1d"}] * 2}, "reminders", [{"before": "1d"}], None),
        ({"depends_on": ["gone"]}, "dependsOn", None, "waits for gone, which is not in the file"),
        ({"parent": "gone"}, "parent", None, "its parent gone is not in the file: it stands alone"),
    ],
)
def test_what_is_out_of_bounds_is_brought_within_and_said(
    said: dict[str, Any], field: str, value: Any, remark: str | None
) -> None:
    spec, remarks = one(an_item(**said))
    assert spec.get(field) == value
    assert any(remark in each for each in remarks) if remark else remarks == []


def test_parents_in_a_circle_stand_alone_and_the_part_of_something_done_moves_up() -> None:
    made, remarks = planned(an_item("a", parent="b"), an_item("b", parent="a"))
    assert sum("parent" in each.body["spec"] for each in made.values()) == 1, (
        "one link is cut, which ends the circle"
    )
    assert "its parents go round in a circle" in remarks[0]
    made, remarks = planned(an_item("a"), an_item("b", parent="a", completed=True), an_item("c", parent="b"))
    assert made["c"].body["spec"]["parent"] == made["a"].name
    assert remarks == []


def test_parents_are_made_before_their_parts_whatever_the_order_of_the_file() -> None:
    made, _ = planned(an_item("c", parent="b"), an_item("b", parent="a"), an_item("a"))
    assert list(made) == ["a", "b", "c"]


def test_a_rule_is_early_enough_for_its_reminders() -> None:
    item = an_item(
        schedule=Schedule({"rrule": "FREQ=DAILY", "start": "2027-01-01T09:00"}), reminders=[{"before": "1d"}]
    )
    spec, _ = one(item)
    assert spec["leadTime"] == "1d1h"
    assert spec["template"]["spec"]["reminders"] == [{"before": "1d"}]


@pytest.mark.parametrize("rrule", ["FREQ=SECONDLY", "FREQ=DAILY;BYWEEKNO=99", "nonsense"])
def test_a_schedule_that_we_do_not_have_makes_a_task_once(rrule: str) -> None:
    made, remarks = planned(an_item(schedule=Schedule({"rrule": rrule, "start": "2027-01-01"})))
    assert made["a"].kind == "TodoTask"
    assert made["a"].body["spec"]["due"] == "2027-01-01"
    assert "it is made once" in remarks[0]
    assert rrule in made["a"].body["spec"]["notes"]


def test_two_of_the_same_id_are_one_and_said() -> None:
    made, remarks = planned(an_item("a"), an_item("a", title="again"))
    assert len(made) == 1
    assert "the second of this id" in remarks[0]


def test_an_item_without_a_title_is_said_with_its_place() -> None:
    made, remarks = planned(an_item(title=" \x00 "))
    assert made == {}
    assert remarks == ["line a: it has no title, so it is not made"]
