"""What a part imports is declared for it, and what is declared is imported."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OURS = {
    "todotasks",
    "todo_operator",
    "todo_webhook",
    "chat_gateway",
    "todo_consumers",
    "todo_cli",
    "tests",
    "bench",
}

# extra -> the folders that may use it beside what core itself needs
FOLDERS = {
    "operator": ("operator",),
    "consumers": ("consumers",),
    "gateway": ("chat-gateway",),
    "webhook": ("webhook",),
    "cli": ("cli",),
    "test": ("tests", "bench"),
}
# What `core` does only for whoever has installed that extra, and says so where it is not.
OPTIONAL_IN_CORE = {"mcp", "tracing"}
# Compared with in a bench, where somebody has installed them.
ONLY_IF_THERE = {"dateparser", "parsedatetime"}
# Declared for another reason than an import of ours.
NOT_IMPORTED = {
    "tzdata": "the data of zoneinfo, where the system has none",
    "hatchling": "builds the distribution without isolation",
    "import-linter": "a command of the checks",
    "mypy": "a command of the checks",
    "ruff": "a command of the checks",
    "schemathesis": "a command that a test starts",
    "pytest-rerunfailures": "a plugin of pytest",
    "pytest-timeout": "a plugin of pytest",
    "pytest-xdist": "a plugin of pytest",
    "types-python-dateutil": "types for mypy",
    "types-pyyaml": "types for mypy",
}


# A package that many distributions have a part of: which of them, by the beginning of the module's name.
SHARED = {
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry.exporter": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry": "opentelemetry-api",
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[\[<>=!~; ]", text, maxsplit=1)[0]) for text in requirements}


@cache
def declared() -> dict[str, set[str]]:
    """Extra (`core` for what all need) -> the distributions that pyproject.toml names for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {extra: names(found) for extra, found in project["optional-dependencies"].items()}
    return {"core": names(project["dependencies"]), **extras}


def modules(folder: str) -> Iterator[str]:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module


@cache
def imported(*folders: str) -> frozenset[str]:
    """The distributions whose modules the folders import; a module that none provides stands for itself."""
    provided = packages_distributions()
    named = {module for folder in folders for module in modules(folder)}
    parts = {next((name for name in SHARED if f"{module}.".startswith(f"{name}.")), "") for module in named}
    tops = {module.partition(".")[0] for module in named} - SHARED.keys()
    return frozenset(SHARED[part] for part in parts if part) | frozenset(
        canonical(distribution)
        for top in tops - OURS - ONLY_IF_THERE - set(sys.stdlib_module_names)
        for distribution in provided.get(top, [top])
    )


@pytest.mark.parametrize("extra", FOLDERS)
def test_what_a_part_imports_is_declared_for_it(extra: str) -> None:
    allowed = declared()["core"] | declared()[extra]
    if extra == "cli":
        allowed |= declared()["mcp"]  # `todotasks mcp` says which extra it needs
    if extra == "test":
        allowed = set().union(*declared().values())
    assert imported(*FOLDERS[extra]) - allowed == set()


def test_what_core_imports_is_declared_for_all() -> None:
    optional = set().union(*(declared()[extra] for extra in OPTIONAL_IN_CORE))
    assert imported("core") - declared()["core"] - optional == set()


@pytest.mark.parametrize("extra", FOLDERS)
def test_what_is_declared_for_a_part_is_imported_there(extra: str) -> None:
    used = imported(*FOLDERS[extra]) | set(NOT_IMPORTED)
    if any(declared()[optional] <= declared()[extra] for optional in OPTIONAL_IN_CORE):
        used |= imported("core")
    assert declared()[extra] - used == set()


def test_what_is_declared_for_all_is_imported_by_core_or_by_more_than_one_part() -> None:
    parts = [imported(*folders) for extra, folders in FOLDERS.items() if extra != "test"]
    shared = {name for name in set().union(*parts) if sum(name in part for part in parts) > 1}
    assert declared()["core"] - imported("core") - shared - set(NOT_IMPORTED) == set()


def test_nothing_is_excused_that_is_not_declared() -> None:
    assert set(NOT_IMPORTED) - set().union(*declared().values()) == set()


def test_an_extra_of_a_dependency_is_there_because_it_is_used() -> None:
    """`psycopg[pool]` was declared for long after the pool had become ours."""
    text = (ROOT / "pyproject.toml").read_text()
    extras = {found for group in re.findall(r'"[\w-]+\[([\w,]+)\]', text) for found in group.split(",")}
    assert extras == {"binary"}
