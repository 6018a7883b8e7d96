"""The three clusters: formatted, one choice in all of them, and valid where their providers can be had."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.programs import program

ROOT = Path(__file__).parents[3] / "infrastructure"
CLOUDS = sorted(path.parent.name for path in ROOT.glob("*/main.tf"))


def tofu(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("tofu"), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=280
    )


def test_there_is_one_for_each_cloud_that_the_page_names() -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)) == CLOUDS
    assert CLOUDS == ["aks", "gke", "oke"]


def test_they_are_formatted() -> None:
    said = tofu("fmt", "-check", "-diff", "-recursive", folder=ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nobody_but_those_who_are_named_reaches_the_api_server(cloud: str) -> None:
    variables = (ROOT / cloud / "variables.tf").read_text()
    authorized = variables[variables.index('variable "authorized"') :]
    assert "default" not in authorized[: authorized.index("\n}\n")]
    assert 'contains(var.authorized, "0.0.0.0/0")' in authorized
    assert "var.authorized" in (ROOT / cloud / "main.tf").read_text()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_variable_is_used_and_every_one_that_is_used_is_there(cloud: str) -> None:
    texts = "\n".join(path.read_text() for path in (ROOT / cloud).glob("*.tf"))
    assert set(re.findall(r'^variable "(\w+)"', texts, re.MULTILINE)) == set(re.findall(r"var\.(\w+)", texts))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_valid(cloud: str, tmp_path: Path) -> None:
    if not os.environ.get("TEST_TOFU_PROVIDERS"):
        pytest.skip("needs the cloud's provider, 100 MB and more from a registry: TEST_TOFU_PROVIDERS=1")
    folder = shutil.copytree(ROOT / cloud, tmp_path / cloud)
    for step in (("init", "-backend=false", "-input=false"), ("validate",)):
        said = tofu(*step, folder=folder)
        assert said.returncode == 0, said.stdout + said.stderr
