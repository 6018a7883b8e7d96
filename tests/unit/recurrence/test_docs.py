"""The examples of docs/recurrence.md are run; its table of exceptions is the one of the corpus test."""

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.recurrence.test_corpora import CRON_EXCEPTIONS
from todo_cli.main import main
from todotasks.recurrence.requests import answer_request

PAGE = (Path(__file__).parents[3] / "docs" / "recurrence.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", blocks("console"))
def test_a_command_in_the_docs_prints_what_they_say(block: str) -> None:
    command, _, expected = block.partition("\n")
    shown = CliRunner().invoke(main, shlex.split(command.removeprefix("$ todotasks ")))
    assert shown.output == expected


def test_the_questions_in_the_docs_get_these_answers() -> None:
    (block,) = blocks("jsonl")
    lines = [json.loads(line) for line in block.splitlines()]
    assert lines
    for request, expected in zip(lines[::2], lines[1::2], strict=True):
        assert answer_request(request, datetime(2026, 11, 21, tzinfo=UTC)) == expected


def test_the_python_in_the_docs_runs() -> None:
    (block,) = blocks("python")
    exec(block, {})


def test_the_docs_list_every_exception_of_the_corpus_test() -> None:
    table = PAGE.split("## Where test data says otherwise")[1]
    listed = {f"cron-{number}" for number in re.findall(r"\b(0\d{3})\b", table)}
    # Refused either way, and therefore no exception in the test.
    assert listed == {*CRON_EXCEPTIONS, "cron-0053", "cron-0054"}
