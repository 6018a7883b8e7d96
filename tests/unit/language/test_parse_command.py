"""`todotasks parse`, by hand and line by line."""

import json

from click.testing import CliRunner, Result

from todo_cli.commands.parse import parse

CONTRACT = {
    "intent", "action", "title", "due", "interval", "rrule", "start", "priority", "tags", "project",
    "assignee", "reminders", "target", "ordinals", "shift", "filter", "spans", "reading",
}  # fmt: skip


def run(*arguments: str, lines: str = "") -> Result:
    return CliRunner().invoke(parse, list(arguments), input=lines)


def test_words_are_shown_with_the_reading_and_what_it_was_read_from() -> None:
    result = run("--now", "2026-03-04T10:00:00", "--zone", "Europe/Berlin", "buy milk tomorrow p1")
    assert result.exit_code == 0
    assert "Thursday, 5 March 2026 (all day)" in result.output
    assert "“tomorrow”" in result.output


def test_each_line_is_answered_with_every_field_of_the_contract() -> None:
    request = {
        "text": "pay rent on friday at 5pm",
        "now": "2026-03-04T10:00:00+01:00",
        "timeZone": "Europe/Berlin",
    }
    answer = json.loads(run("--jsonl", lines=json.dumps(request)).output)
    assert set(answer) >= CONTRACT
    assert (answer["intent"], answer["title"]) == ("create", "pay rent")
    assert answer["due"] == "2026-03-06T17:00:00+01:00"


def test_a_time_in_utc_ends_with_z() -> None:
    request = {"text": "tomorrow at 5pm", "now": "2026-03-04T10:00:00Z", "timeZone": "UTC"}
    assert json.loads(run("--jsonl", lines=json.dumps(request)).output)["due"] == "2026-03-05T17:00:00Z"


def test_a_bad_line_gives_an_error_and_the_rest_goes_on() -> None:
    bad = ["no json", '{"text": 5}', '{"text": "x", "timeZone": "Mars/X"}', '{"text": "x", "now": "soon"}']
    lines = "\n".join([*bad, '{"text": "buy milk"}'])
    answers = [json.loads(line) for line in run("--jsonl", lines=lines).output.splitlines()]
    assert [("error" in answer, answer.get("line")) for answer in answers[:4]] == [
        (True, n) for n in (1, 2, 3, 4)
    ]
    assert "Mars/X" in answers[2]["error"]
    assert answers[4]["title"] == "buy milk"


def test_nothing_said_is_a_usage_error() -> None:
    assert run().exit_code == 2
