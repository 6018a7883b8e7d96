"""The workflows are what GitHub would take, and run nothing that can change behind our back."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.programs import program

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text())
    return document


def test_actionlint_has_nothing_against_them() -> None:
    said = subprocess.run(
        [program("actionlint"), "-no-color", *WORKFLOWS], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_an_action_is_named_by_its_commit_and_the_version_that_it_was(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    foreign = [(what, note) for what, note in used if not what.startswith("./")]
    assert foreign
    for what, note in foreign:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", what), what
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", note), what


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_a_job_says_what_else_it_may(path: Path) -> None:
    document = read(path)
    assert document["permissions"] == {"contents": "read"}
    for job in document["jobs"].values():
        assert "permissions" not in job or job["permissions"]["contents"] == "read"
        assert "uses" in job or job["timeout-minutes"] <= 60


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_somebody_else_may_write_gets_into_no_script(path: Path) -> None:
    """`${{ … }}` in a script is pasted into it before the shell reads it; an environment variable is not."""
    scripts = [step.get("run", "") for job in read(path)["jobs"].values() for step in job.get("steps", ())]
    assert [script for script in scripts if "${{" in script] == []


def test_every_python_that_we_promise_is_tested() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert promised == ">=3.11,<3.15"
    matrix = read(ROOT / ".github/workflows/test.yml")["jobs"]["suite"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_every_image_that_the_dockerfile_makes_is_built() -> None:
    stages = set(re.findall(r"^FROM runtime AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    matrix = read(ROOT / ".github/workflows/release.yml")["jobs"]["images"]["strategy"]["matrix"]
    assert set(matrix["part"]) == stages
