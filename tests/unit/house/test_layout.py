"""The shape of the repository, where a slip would break things far away from it."""

import ast
import operator
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MOST_MODULES = 12  # a package's, besides its __init__
MOST_LINES = 620  # a module's; about as long as one subject needs: what is longer has two
SOURCE_FOLDERS = ("core", "operator", "webhook", "chat-gateway", "consumers", "cli")


def test_the_folder_operator_does_not_shadow_the_standard_library() -> None:
    assert operator.itemgetter(0)([7]) == 7
    assert not (ROOT / "operator" / "__init__.py").exists()
    assert not list((ROOT / "operator").glob("conftest.py"))


def test_an_interpreter_started_in_the_root_finds_the_standard_operator() -> None:
    code = "import operator; print(operator.itemgetter.__name__)"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "itemgetter"


def test_no_test_or_conftest_lives_beside_the_sources() -> None:
    strays = [
        path
        for folder in SOURCE_FOLDERS
        for pattern in ("test_*.py", "conftest.py")
        for path in (ROOT / folder).rglob(pattern)
    ]
    assert strays == []


def packages(folder: str) -> Iterator[Path]:
    """The folders with modules in them, whether they have an `__init__` or not."""
    for path in (ROOT / folder, *(ROOT / folder).rglob("*/")):
        if path.name != "__pycache__" and list(path.glob("*.py")):
            yield path


@pytest.mark.parametrize("folder", SOURCE_FOLDERS)
def test_a_package_has_no_more_modules_than_one_takes_in_at_a_glance(folder: str) -> None:
    full = {
        str(path.relative_to(ROOT)): modules
        for path in packages(folder)
        if (modules := len([each for each in path.glob("*.py") if each.name != "__init__.py"])) > MOST_MODULES
    }
    assert full == {}


@pytest.mark.parametrize("folder", SOURCE_FOLDERS)
def test_every_package_says_what_it_is_for_and_what_it_may_import(folder: str) -> None:
    silent = {
        str(path.relative_to(ROOT)): lines
        for path in packages(folder)
        if (lines := len(docstring(path / "__init__.py").splitlines())) < 3
    }
    assert silent == {}


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or "" if path.exists() else ""


@pytest.mark.parametrize("folder", SOURCE_FOLDERS)
def test_a_module_stays_short_enough_for_one_subject(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for folder in SOURCE_FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if (text := path.read_text().strip()) and not text.startswith(('"""', "#!"))
    ]
    assert silent == []


def test_lock_files_carry_names_versions_and_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--index-url" not in text, lock.name
        assert "--hash=sha256:" in text, lock.name
