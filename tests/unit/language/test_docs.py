"""The examples of docs/language.md are run; every field of the contract stands in its table."""

import doctest
import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from tests.unit.language.saying import fields
from todo_cli.main import main

PAGE = (Path(__file__).parents[3] / "docs" / "language.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_command_in_the_docs_prints_what_they_say() -> None:
    (block,) = blocks("console")
    command, _, expected = block.replace("\\\n", "").partition("\n")
    shown = CliRunner().invoke(main, shlex.split(command.removeprefix("$ todotasks ")))
    assert shown.output.startswith(expected.removesuffix("…\n"))  # the fields follow


def test_the_python_in_the_docs_answers_what_they_say() -> None:
    assert blocks("pycon")
    for block in blocks("pycon"):
        example = doctest.DocTestParser().get_doctest(block, {}, "docs/language.md", None, None)
        assert doctest.DocTestRunner(verbose=False).run(example).failed == 0, block


def test_the_table_has_every_field_of_a_reading() -> None:
    table = PAGE.split("## Line by line")[1].split("## How words are read")[0]
    listed = {
        name
        for row in re.findall(r"^\| (.+?) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert set(fields("mark 1 done and delete 2")) <= listed
