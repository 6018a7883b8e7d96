"""The README's tour, typed as it stands: every command, in order, on a system in a new folder.

The examples of the other pages are typed by `test_pages`.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.pages import Step, pattern, plain, steps

# The webhook sees what was made a moment ago a moment later: then it warns of it.
LATE = re.compile(r"^Warning: spec\.parent: there is no task .*\n", re.MULTILINE)
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0  # seconds for all of it; a first start compiles


def typed(commands: list[str], folder: Path, environment: dict[str, str]) -> list[tuple[int, str]]:
    """In one shell, as a person does: what is exported stays."""
    script = "".join(
        f"{{ {command}\n}} > {folder}/{number}.out 2>&1 < /dev/null; echo $? > {folder}/{number}.code\n"
        for number, command in enumerate(commands)
    )
    subprocess.run(
        ["bash", "-c", script], cwd=folder / "checkout", env=environment, timeout=PATIENCE, check=False
    )
    return [
        (int((folder / f"{number}.code").read_text()), (folder / f"{number}.out").read_text())
        for number in range(len(commands))
    ]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A folder that looks like a fresh clone, with its environment made; nothing runs in it afterwards."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in {".todotasks", ".git", ".venv"}:
            (folder / entry.name).symlink_to(entry)
    # Installed just now: `make` would install this folder over the environment that the test runs in.
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(ROOT / ".venv" / "bin")
    (folder / ".venv" / ".installed").touch()
    yield folder
    subprocess.run([ROOT / ".venv/bin/todotasks", "down", "--data-dir", folder / ".todotasks"], check=False)


def test_every_block_of_the_tour_prints_what_the_page_shows(checkout: Path, tmp_path: Path) -> None:
    page = (ROOT / "README.md").read_text()
    tour = page[page.index("## Five minutes") : page.index("## What is promised")]
    todo = steps(tour)
    assert len(todo) > 20
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(tmp_path / "state"), "PAGER": "cat"}
    results = typed([step.command for step in todo], tmp_path, environment)
    for step, (code, out) in zip(todo, results, strict=True):
        assert code == 0, f"$ {step.command}\n{out}"
        assert re.fullmatch(pattern(step.output), plain(LATE.sub("", out))), (
            f"$ {step.command}\n{out}\nexpected\n{step.output}"
        )


# Of the pages in docs/, the commands that need no system: `test_pages` has the others.
OFFLINE = re.compile(r"todotasks (next|parse)\b")
EXAMPLES = [
    pytest.param(step, id=f"{page.name}-{number}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for number, step in enumerate(steps(page.read_text()))
    if OFFLINE.match(step.command)
]


@pytest.mark.parametrize("step", EXAMPLES)
def test_an_example_of_a_page_prints_what_the_page_shows(step: Step, tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    environment = {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    [(_, out)] = typed([step.command], tmp_path, environment)
    assert re.fullmatch(pattern(step.output), plain(LATE.sub("", out))), (
        f"$ {step.command}\n{out}\nthe page:\n{step.output}"
    )


def test_the_reader_of_pages_takes_what_continues_a_command() -> None:
    page = '```console\n$ a "x\n  y" \\\n  z\none\n…\nlast … s\n$ b\n```\n```console\nmake up\n```\n'
    first, second = steps(page)
    assert first == Step('a "x\n  y" \\\n  z', "one\n…\nlast … s")
    assert second == Step("b", "")
    assert re.fullmatch(pattern(first.output), "one\nlast 3 s\n")
    assert re.fullmatch(pattern(first.output), "one\nmore\n\nlast 3 s\n")
    assert not re.fullmatch(pattern(first.output), "one\nmore\n")
    assert not re.fullmatch(pattern(second.output), "something\n")


def test_the_reader_of_pages_takes_what_stands_there_for_a_command_and_why_a_block_is_not_run() -> None:
    page = (
        "```console\n$ kubectl apply -f - <<EOT\nkind: x\nEOT\nx created\n```\n"
        "<!-- not run: it does not end -->\n```console\n$ watch\na\n```\n"
    )
    assert steps(page) == [
        Step("kubectl apply -f - <<EOT\nkind: x\nEOT", "x created"),
        Step("watch", "a", "it does not end"),
    ]
