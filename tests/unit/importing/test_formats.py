"""What is read of each format, and what is said about the rest."""

# ruff: noqa: E501 - a table is read along its line

import io
import zipfile
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.importing import exports
from todo_cli.importing.formats import FORMATS, read_file
from todo_cli.importing.model import Context, Export, ImportFailed
from todo_cli.importing.objects import Made, plan
from todo_cli.importing.taskwarrior import rrule_of
from todo_cli.importing.vikunja import every, plain

CONTEXT = Context(datetime(2026, 11, 29, 10, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
FILES = {
    "todoist": ("Home [220474322].csv", exports.TODOIST_CSV),
    "todoist-json": ("sync.json", exports.as_bytes(exports.TODOIST_JSON)),
    "vikunja": ("data.json", exports.as_bytes(exports.vikunja())),
    "taskwarrior": ("export.json", exports.as_bytes(exports.TASKWARRIOR)),
    "ics": ("personal.ics", exports.ICS),
}


def imported(name: str, data: bytes, *, completed: bool = False) -> tuple[dict[str, Made], Export]:
    (export,) = read_file(name, data, CONTEXT)
    return {made.title: made for made in plan(export, CONTEXT, with_completed=completed).made}, export


def spec(made: Made) -> dict[str, Any]:
    return dict(made.body["spec"])


def remarks(export: Export) -> list[str]:
    return [str(remark) for remark in export.remarks]


@pytest.mark.parametrize("which", FILES)
def test_each_export_is_recognised_by_how_it_looks(which: str) -> None:
    (export,) = read_file(*FILES[which], CONTEXT)
    assert export.source == which.removesuffix("-json")
    assert export.items


def test_todoist_csv_becomes_tasks_parts_and_rules() -> None:
    made, export = imported(*FILES["todoist"])
    assert spec(made["Renew the passport"]) == {
        "title": "Renew the passport", "notes": "Form, photo,\nold passport\n\nThe office closes at noon on Fridays",
        "priority": "Urgent", "tags": ["errands", "papers"], "project": "Home", "assignee": "Ben",
        "due": "2027-03-14T17:00:00+01:00", "timeZone": "Europe/Berlin",
    }  # fmt: skip
    assert spec(made["Find the birth certificate"])["parent"] == made["Renew the passport"].name
    machine = spec(made["Descale the machine"])
    assert (machine["rrule"], machine["basis"]) == ("FREQ=WEEKLY;INTERVAL=3", "Completion")
    assert machine["template"]["spec"]["project"] == "Home / Kitchen"
    assert spec(made["Draft the roadmap"])["template"]["subtasks"] == [{"title": "Write the outline"}]
    assert spec(made["Müll rausbringen"])["rrule"] == "FREQ=WEEKLY;BYDAY=MO;BYHOUR=19;BYMINUTE=0"
    assert remarks(export) == [
        "line 10, DEADLINE: “Draft the roadmap”: a second date (2027-04-01); kept in the notes",
        "line 10, DURATION: “Draft the roadmap”: how long it takes (45 minute) has no place here",
        "line 13, DATE: “Call the vet”: “after the second full moon” was not understood; kept in the notes",
    ]
    assert spec(made["Call the vet"])["notes"] == "Todoist: after the second full moon"


def test_a_time_in_a_zone_that_nobody_knows_is_remarked() -> None:
    todo = "BEGIN:VTODO\r\nUID:z\r\nSUMMARY:Call\r\nDUE;TZID=Our Office:20261201T090000\r\nEND:VTODO\r\n"
    made, export = imported("a.ics", f"BEGIN:VCALENDAR\r\n{todo}END:VCALENDAR\r\n".encode())
    assert spec(made["Call"])["due"] == "2026-12-01T09:00"
    assert remarks(export) == [
        "line 2, DUE: “Call”: there is no time zone “Our Office”, nor does the file describe it: its time is read in Europe/Berlin"
    ]


def test_a_calendar_that_breaks_off_is_not_read_by_half() -> None:
    with pytest.raises(ImportFailed, match="breaks off: of its calendars 1 begin and 0 end"):
        read_file("a.ics", exports.ICS[: len(exports.ICS) // 2], CONTEXT)


def test_a_remark_shows_the_beginning_of_a_long_title() -> None:
    todo = "BEGIN:VTODO\r\nUID:z\r\nSUMMARY:" + "a" * 9000 + "\r\nCONTACT:x\r\nEND:VTODO\r\n"
    _, export = imported("a.ics", f"BEGIN:VCALENDAR\r\n{todo}END:VCALENDAR\r\n".encode())
    assert {len(remark.what) for remark in export.remarks} == {61}


@pytest.mark.parametrize("indent", ["", "-1", "٣", "9" * 5000])
def test_an_indent_of_a_csv_may_be_anything(indent: str) -> None:
    made, _ = imported("Home.csv", f"TYPE,CONTENT,PRIORITY,INDENT\ntask,One,4,{indent}\n".encode())
    assert set(made) == {"One"}


def test_the_first_task_of_a_csv_stands_on_its_second_line() -> None:
    lines = "TYPE,CONTENT,PRIORITY,INDENT,DATE\ntask,One,4,1,some day\ntask,Two,4,1,some day\n"
    export = imported("Home.csv", lines.encode())[1]
    assert [remark.split(",")[0] for remark in remarks(export)] == ["line 2", "line 3"]


def test_todoist_json_becomes_tasks_and_rules_from_the_open_occurrence() -> None:
    made, export = imported(*FILES["todoist-json"])
    assert spec(made["Buy milk"]) == {
        "title": "Buy milk", "notes": "Whole milk", "priority": "Urgent", "tags": ["Food", "to-buy"],
        "project": "Household", "assignee": "Ben", "due": "2027-03-05", "reminders": [{"before": "1d"}],
        "links": [{"url": "https://files.example.com/list.pdf", "title": "list.pdf"}],
    }  # fmt: skip
    lawn = spec(made["Mow the lawn"])
    assert (lawn["rrule"], lawn["start"]) == (
        "FREQ=WEEKLY;INTERVAL=2;BYHOUR=10;BYMINUTE=0",
        "2027-03-06T10:00",
    )
    assert lawn["template"]["subtasks"] == [{"title": "Empty the box", "priority": "Medium"}]
    assert set(made) == {"Buy milk", "Mow the lawn"}, "neither what is done, nor what was deleted"
    assert [remark.where for remark in export.remarks] == [
        "items[0].duration",
        "notes[0].file_attachment",
        "reminders[1]",
    ]


def test_vikunja_becomes_tasks_with_relations_reminders_and_plain_notes() -> None:
    made, export = imported(*FILES["vikunja"])
    fence = spec(made["Paint the fence"])
    assert fence["notes"] == "Two coats:\n- primer\n- green & gold\n\nben: Ask Erna first"
    assert (fence["project"], fence["priority"], fence["tags"]) == ("Home / Garden", "Urgent", ["out-door"])
    assert fence["reminders"] == [{"before": "1d"}, {"at": "2027-03-01T08:00:00+01:00"}]
    assert "dependsOn" not in fence, "what it waits for is done"
    assert spec(made["Buy brushes"])["parent"] == made["Paint the fence"].name
    assert spec(made["Change the filter"])["basis"] == "Completion"
    assert (spec(made["Pay the rent"])["rrule"], spec(made["Pay the rent"])["start"]) == (
        "FREQ=MONTHLY",
        "2027-02-01",
    )
    assert [remark.where for remark in export.remarks] == [
        "[1].tasks[0].assignees", "[1].tasks[0].percent_done", "[1].tasks[0].attachments[0]", "[1].tasks[5].repeat_after",
    ]  # fmt: skip


def test_vikunja_before_021_is_read_too() -> None:
    task = exports.vikunja_task(1, "Old", reminder_dates=["2027-01-01T08:00:00Z"])
    made, _ = imported(
        "data.json",
        exports.as_bytes(
            [{"id": 1, "title": "Mine", "projects": [{"id": 7, "title": "Shed", "tasks": [task]}]}]
        ),
    )
    assert spec(made["Old"]) == {
        "title": "Old",
        "project": "Shed",
        "reminders": [{"at": "2027-01-01T09:00:00+01:00"}],
    }


def test_the_same_number_on_another_server_of_vikunja_is_another_task() -> None:
    here, there = (
        exports.vikunja_task(1, "Sweep"),
        exports.vikunja_task(1, "Sweep", created="2020-05-05T00:00:00Z"),
    )
    names = {
        made["Sweep"].name
        for made, _ in (
            imported("data.json", exports.as_bytes([{"id": 1, "title": "P", "tasks": [task]}]))
            for task in (here, there)
        )
    }
    assert len(names) == 2


def test_taskwarrior_becomes_tasks_and_rules_and_what_the_rule_makes_is_left_to_it() -> None:
    made, export = imported(*FILES["taskwarrior"])
    assert spec(made["Pay the electrician"]) == {
        "title": "Pay the electrician", "notes": "Invoice 17 & 18\n\nestimate: 2h", "priority": "High",
        "tags": ["money", "phone"], "project": "Home / Garden", "due": "2027-03-06",
        "dependsOn": [made["Read the meter"].name],
    }  # fmt: skip
    plants = spec(made["Water the plants"])
    assert (plants["rrule"], plants["start"]) == ("FREQ=DAILY;INTERVAL=3", "2027-01-07T09:00"), (
        "from the open one"
    )
    assert set(made) == {"Pay the electrician", "Read the meter", "Water the plants"}
    assert [remark.where for remark in export.remarks] == ["[0].estimate", "[1].wait", "[0], depends"]


def test_taskwarrior_of_old_wrote_an_object_a_line() -> None:
    lines = b",\n".join(exports.as_bytes(task) for task in exports.TASKWARRIOR)
    assert imported("old", lines)[0] == imported(*FILES["taskwarrior"])[0]


def test_a_calendar_becomes_tasks_with_their_lines() -> None:
    made, export = imported(*FILES["ics"])
    assert spec(made["Book the flights, all three"]) == {
        "title": "Book the flights, all three", "priority": "Urgent", "tags": ["travel", "family"], "project": "Personal",
        "notes": "Window seats\nif there are any that are not too far back in the aircraft; else aisle\n\nBegins: 2027-03-01",
        "links": [{"url": "https://flights.example.com/1"}], "due": "2027-03-05T18:00:00+01:00", "timeZone": "Europe/Berlin",
        "reminders": [{"before": "1d"}],
    }  # fmt: skip
    assert spec(made["Choose the seats"])["parent"] == made["Book the flights, all three"].name
    tax = spec(made["Tax return"])
    assert (tax["start"], tax["except"], tax["timeZone"]) == (
        "2027-01-31T09:00",
        ["2028-01-31"],
        "Europe/Berlin",
    )
    assert made["Every second"].kind == "TodoTask"
    assert (
        remarks(export)[-1]
        == "line 63, schedule: “Every second”: there is at most one occurrence a minute: it is made once"
    )
    assert "line 20, GEO: “Book the flights, all three”: has no place here" in remarks(export)


def test_what_is_done_is_taken_along_when_asked_for() -> None:
    made, _ = imported(*FILES["taskwarrior"], completed=True)
    assert spec(made["Buy stamps"]) == {"title": "Buy stamps", "completed": True}


def test_a_zip_is_opened_and_each_list_in_it_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Home [22].csv", exports.TODOIST_CSV)
        archive.writestr("Work [23].csv", exports.TODOIST_CSV)
        archive.writestr("readme.txt", "not a list")
    found = read_file("backup.zip", packed.getvalue(), CONTEXT)
    assert [export.items[0].project for export in found] == ["Home", "Work"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.json", b"", "a.json: the file is empty"),
        ("a.json", b"{}", "a.json: no format is recognised; accepted is a CSV or JSON of Todoist"),
        ("a.txt", b"- buy milk", "no format is recognised (line 1: not JSON"),
        (
            "a.csv",
            b"TYPE,CONTENT,PRIORITY,INDENT\ntask,\xff\xfe,1,1\n",
            "a CSV of Todoist is UTF-8, this is not (byte 34)",
        ),
        (
            "a.ics",
            b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY\r\nEND:VCALENDAR\r\n",
            "not a calendar of RFC 5545",
        ),
    ],
)
def test_a_file_that_is_nothing_of_all_this_is_refused_with_what_is_accepted(
    name: str, data: bytes, says: str
) -> None:
    with pytest.raises(ImportFailed) as refused:
        read_file(name, data, CONTEXT)
    assert says in str(refused.value)


@pytest.mark.parametrize("said", FORMATS)
def test_a_file_of_another_format_than_said_is_refused(said: str) -> None:
    other = FILES["vikunja" if said != "vikunja" else "taskwarrior"]
    with pytest.raises(ImportFailed):
        read_file(*other, CONTEXT, said)


@pytest.mark.parametrize(
    ("recur", "rrule"),
    [
        ("weekly", "FREQ=WEEKLY"), ("3wks", "FREQ=WEEKLY;INTERVAL=3"), ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("2q", "FREQ=MONTHLY;INTERVAL=6"), ("P1M", "FREQ=MONTHLY"), ("P14D", "FREQ=DAILY;INTERVAL=14"), ("PT12H", "FREQ=HOURLY;INTERVAL=12"),
        ("P1M2D", None), ("10 secs", None), ("0d", None), ("whenever", None), ("semiannual", "FREQ=MONTHLY;INTERVAL=6"),
    ],
)  # fmt: skip
def test_periods_of_taskwarrior(recur: str, rrule: str | None) -> None:
    assert rrule_of(recur) == rrule


@pytest.mark.parametrize(
    ("seconds", "rrule"),
    [
        (604800, "FREQ=WEEKLY"),
        (86400, "FREQ=DAILY"),
        (172800, "FREQ=DAILY;INTERVAL=2"),
        (5400, "FREQ=MINUTELY;INTERVAL=90"),
        (10, None),
        (-1, None),
    ],
)
def test_periods_of_vikunja(seconds: int, rrule: str | None) -> None:
    assert every(seconds) == rrule


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b &lt; c</p>", "a\nb < c"), ("<ul><li>x</li><li>y</li></ul>", "- x\n- y"), ("plain & simple", "plain & simple"),
        ("a<br>b<br/>c", "a\nb\nc"), (None, ""),
    ],
)  # fmt: skip
def test_html_becomes_what_a_person_would_type(markup: object, text: str) -> None:
    assert plain(markup) == text


FIELDS = st.sampled_from(
    [
        "items",
        "tasks",
        "results",
        "content",
        "title",
        "description",
        "uuid",
        "status",
        "due",
        "date",
        "string",
        "is_recurring",
        "labels",
        "reminders",
        "related_tasks",
        "subtask",
        "id",
        "parent_id",
        "recur",
        "depends",
        "annotations",
        "tags",
        "repeat_after",
        "repeat_mode",
        "notes",
        "due_date",
        "assignees",
        "comments",
        "projects",
        "priority",
        "until",
        "attachments",
        "datetime",
        "timezone",
        "lang",
        "deadline",
        "sections",
        "project_id",
        "section_id",
        "name",
        "responsible_uid",
        "file_attachment",
        "file_url",
        "wait",
        "item_id",
        "minute_offset",
        "type",
        "parent",
        "blocked",
        "blocking",
        "parenttask",
        "username",
        "relative_period",
        "relative_to",
        "reminder",
        "reminder_dates",
        "parent_project_id",
        "percent_done",
        "created",
        "done",
        "checked",
        "start_date",
        "file",
        "project",
    ]
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
TELLING = st.sampled_from(
    ["recurring", "pending", "weekly", "9999-12-31T23:59:00Z", "0001-01-01T00:00:00Z", "2027-01-01", "99991231T235959Z", "every day",
     "Europe/Berlin", "relative", "absolute", "due_date", "a", "b", "https://x.example/"]
)  # fmt: skip
ANYTHING = st.recursive(
    PLAIN | TELLING,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=9),
    max_leaves=30,
)
TASK = st.dictionaries(FIELDS, ANYTHING, min_size=2, max_size=14)
DOCUMENTS = st.one_of(
    st.lists(TASK, max_size=4).map(
        lambda found: {"items": found, "notes": found, "reminders": found, "projects": found}
    ),
    st.lists(TASK.map(lambda task: {**task, "title": "x", "tasks": [task, task]}), max_size=3),
    st.lists(
        TASK.map(lambda task: {"uuid": "u", "description": "d", "status": "pending", **task}), max_size=4
    ),
    ANYTHING,
)


@given(DOCUMENTS)
def test_no_json_brings_the_reader_down(document: Any) -> None:
    try:
        found = read_file("any.json", exports.as_bytes(document), CONTEXT)
    except ImportFailed:
        return
    for export in found:
        plan(export, CONTEXT, with_completed=True)


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=8), max_size=8))
def test_no_csv_brings_the_reader_down(rows: list[list[str]]) -> None:
    text = "TYPE,CONTENT,PRIORITY,INDENT,DATE\n" + "\n".join("task," + ",".join(row) for row in rows)
    try:
        (export,) = read_file("any.csv", text.encode("utf-8", "replace"), CONTEXT)
    except ImportFailed:
        return
    plan(export, CONTEXT)
