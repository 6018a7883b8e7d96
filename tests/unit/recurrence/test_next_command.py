"""`todotasks next`: one rule for a person, many for a pipeline."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from todo_cli.main import main
from todotasks.recurrence.requests import answer_line, answer_request

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["next", *arguments], input=given)


def ask(request: object) -> dict[str, Any]:
    return answer_request(request, NOW)


def test_shows_a_person_the_reading_and_the_next_five() -> None:
    shown = run("FREQ=MONTHLY;BYDAY=2TU", "--start", "2026-01-01T09:00", "--time-zone", "Europe/Berlin")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "on the second Tuesday of every month at 09:00, Europe/Berlin",
        "",
        "  Tue 13 Jan 2026  09:00  +0100",
        "  Tue 10 Feb 2026  09:00  +0100",
        "  Tue 10 Mar 2026  09:00  +0100",
        "  Tue 14 Apr 2026  09:00  +0200",
        "  Tue 12 May 2026  09:00  +0200",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["0 9 * * 1-5", "--after", "2026-11-21", "--count", "1"], "  Mon 23 Nov 2026  09:00  +0000"),
        (["@daily", "--after", "2026-11-21T12:00+09:00"], "  Sun 22 Nov 2026  00:00  +0900"),
        (
            ['{"frequency": "Weekly", "daysOfWeek": ["Monday"], "time": "09:00"}', "--start", "2026-11-21"],
            "  Mon 23 Nov 2026  09:00  +0000",
        ),
        (
            ["FREQ=DAILY;INTERVAL=3", "--start", "2026-01-01T19:00", "--completed", "2026-03-10T22:15"],
            "  Fri 13 Mar 2026  19:00  +0000",
        ),
        (["FREQ=DAILY;BYSECOND=30", "--start", "2026-01-01T19:00"], "  Thu 01 Jan 2026  19:00:30  +0000"),
        (["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "--start", "2026-01-01"], "  no occurrence"),
        (
            ["FREQ=WEEKLY;BYMONTHDAY=1", "--start", "2026-01-01"],
            "note: RFC 5545 has no BYMONTHDAY in WEEKLY rules; it is read as one more filter",
        ),
    ],
)
def test_tells_the_kinds_of_rules_apart_by_their_looks(arguments: list[str], line: str) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 0
    assert line in shown.stdout.splitlines()


def test_says_everything_that_is_wrong_and_fails() -> None:
    shown = run("FREQ=DAILY;INTERVAL=0;BYHOUR=25", "--time-zone", "Berlin", "--start", "x")
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert [line.split(":")[0] for line in shown.stderr.splitlines()] == [
        "timeZone",
        "start",
        "rrule",
        "rrule",
    ]


@pytest.mark.parametrize("arguments", [[], ["--jsonl", "FREQ=DAILY"], ["{nonsense"]])
def test_says_how_it_is_used(arguments: list[str]) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert "Usage: " in shown.stderr


def test_answers_line_by_line_in_the_order_of_the_input_and_goes_on_after_a_bad_one() -> None:
    lines = [
        b'{"rrule": "FREQ=DAILY", "start": "2026-01-01T09:00", "timeZone": "Europe/Berlin", "count": 1}',
        b"nonsense",
        b"",
        b"\xff\xfe",
        b'{"cron": "0 9 * * *", "after": "2026-01-01", "count": 1}',
        b'{"rrule": "FREQ=DAILY;INTERVAL=0", "start": "2026-01-01"}',
        b"[" * 100_000,
        b'{"simple": {"frequency": "Daily", "time": "07:00"}, "start": "2026-01-01", "count": 1}',
    ]
    shown = run("--jsonl", given=b"\n".join(lines))
    assert shown.exit_code == 0
    answers = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [answer.get("next") for answer in answers] == [
        ["2026-01-01T09:00:00+01:00"],
        None,
        None,
        ["2026-01-01T09:00:00+00:00"],
        None,
        None,
        ["2026-01-01T07:00:00+00:00"],
    ]
    assert answers[4]["error"][0]["path"] == "rrule"
    assert all(error["message"] for answer in answers for error in answer.get("error", []))


def test_answers_at_once_so_that_a_program_can_hold_a_conversation() -> None:
    command = [sys.executable, "-c", "from todo_cli.main import main; main()", "next", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for day in (1, 2, 3):
            talk.stdin.write(b'{"cron": "0 9 * * *", "count": 1, "after": "2026-01-0%d"}\n' % day)
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["next"] == [f"2026-01-0{day}T09:00:00+00:00"]
        talk.stdin.close()
        assert talk.wait(10) == 0


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        # Without `after`: from the start on, the start included.
        ({"rrule": "FREQ=DAILY", "start": "2026-01-01T09:00"}, "2026-01-01T09:00:00+00:00"),
        # What is null is not given.
        (
            {
                "rrule": "FREQ=DAILY",
                "start": "2026-01-01T09:00",
                "count": None,
                "after": None,
                "timeZone": None,
            },
            "2026-01-01T09:00:00+00:00",
        ),
        # `after` is strict.
        (
            {"rrule": "FREQ=DAILY", "start": "2026-01-01T09:00", "after": "2026-01-01T09:00"},
            "2026-01-02T09:00:00+00:00",
        ),
        # Without a zone: the offset that was written, else UTC.
        ({"cron": "0 9 * * *", "after": "2026-01-01T10:00+05:30"}, "2026-01-02T09:00:00+05:30"),
        ({"rrule": "FREQ=DAILY", "start": "2026-01-01T09:00-03:00"}, "2026-01-01T09:00:00-03:00"),
        ({"cron": "0 9 * * *", "start": "2026-01-01"}, "2026-01-01T09:00:00+00:00"),
        # Without both: from now on.
        ({"cron": "0 9 * * *"}, "2026-11-22T09:00:00+00:00"),
        ({"rrule": "FREQ=DAILY;BYHOUR=18"}, "2026-11-21T18:00:00+00:00"),
        # Without a start, a rule begins on the day of `after`.
        ({"rrule": "FREQ=WEEKLY", "after": "2026-01-01T10:00"}, "2026-01-08T00:00:00+00:00"),
        (
            {
                "rrule": "FREQ=DAILY;INTERVAL=3",
                "start": "2026-01-01T19:00",
                "basis": "Completion",
                "after": "2026-03-10T22:15",
            },
            "2026-03-13T19:00:00+00:00",
        ),
        # Offsets with seconds cannot be written in RFC 3339.
        (
            {"rrule": "FREQ=DAILY", "start": "1890-01-01T00:53:28", "timeZone": "Europe/Berlin"},
            "1890-01-01T00:00:00+00:00",
        ),
    ],
)
def test_where_a_question_begins(request_: dict[str, object], expected: str) -> None:
    assert ask(request_)["next"][0] == expected


def test_a_question_is_answered_up_to_its_until_and_without_its_exceptions() -> None:
    answer = ask(
        {
            "rrule": "FREQ=DAILY",
            "start": "2026-01-01T09:00",
            "until": "2026-01-04",
            "except": ["2026-01-02", "2026-01-03T09:00"],
            "count": 9,
        }
    )
    assert answer["next"] == ["2026-01-01T09:00:00+00:00", "2026-01-04T09:00:00+00:00"]
    assert answer["explain"] == "every day at 09:00, UTC, until 4 January 2026, except 2 dates"


@pytest.mark.parametrize(
    ("request_", "paths"),
    [
        (None, [""]),
        ("FREQ=DAILY", [""]),
        ({}, ["rrule"]),
        ({"rrule": "FREQ=DAILY", "cron": "* * * * *"}, ["cron"]),
        ({"rrule": 1, "start": 2, "timeZone": [], "after": {}}, ["rrule", "start", "after", "timeZone"]),
        ({"cron": "* * * * *", "count": 0}, ["count"]),
        ({"cron": "* * * * *", "count": True}, ["count"]),
        ({"cron": "* * * * *", "count": 1e9}, ["count"]),
        ({"cron": "* * * * *", "timezone": "UTC"}, ["timezone"]),
        ({"cron": "* * * * *", "except": "2026-01-01"}, ["except"]),
        ({"cron": "* * * * *", "after": "then"}, ["after"]),
        ({"cron": "* * * * *", "basis": "Completion"}, ["after"]),
        ({"cron": "* * * * *", "basis": "Done"}, ["basis"]),
        ({"simple": "daily"}, ["simple"]),
        ({"simple": {"nth": 1.5, "days": []}}, ["simple.days", "simple.nth", "simple.frequency"]),
        ({"simple": {"frequency": "Hourly", "time": "9"}}, ["simple.frequency", "simple.time"]),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_says_why_for_each_field(
    request_: object, paths: list[str]
) -> None:
    assert [error["path"] for error in ask(request_)["error"]] == paths


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
FIELDS = ("rrule", "cron", "simple", "start", "until", "except", "timeZone", "after", "count", "basis")
TEXTS = st.text() | st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=YEARLY;BYDAY=1MO",
        "0 9 * * *",
        "2026-01-01",
        "9999-12-29T23:59",
        "0001-01-03",
        "UTC",
    ]
)


@settings(max_examples=300, deadline=None)
@given(request_=st.dictionaries(st.sampled_from(FIELDS), TEXTS | JSON, max_size=5) | JSON)
def test_any_json_gets_an_answer(request_: object) -> None:
    answer = json.loads(answer_line(json.dumps(request_).encode(), NOW))
    assert ("next" in answer) != ("error" in answer)


@settings(max_examples=300, deadline=None)
@given(line=st.binary())
def test_any_bytes_get_an_answer(line: bytes) -> None:
    answer = json.loads(answer_line(line, NOW))
    assert ("next" in answer) != ("error" in answer)
