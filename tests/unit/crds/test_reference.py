"""The reference pages say what the CRDs say."""

from pathlib import Path

import pytest

from tests.support import crds
from todo_cli import reference

KINDS = reference.load(crds.CRDS)
PAGES = reference.pages(KINDS)


def test_the_pages_in_the_repository_are_those_of_the_crds() -> None:
    assert reference.main(["--check"]) == 0, "run: python -m todo_cli.reference"


def test_each_kind_has_a_page_and_a_line_in_the_index() -> None:
    for kind in KINDS:
        assert f"]({kind.page})" in PAGES["README.md"]
        assert PAGES[kind.page].splitlines()[2] == f"# {kind.name}"


@pytest.mark.parametrize(
    "rule", crds.all_rules(), ids=lambda rule: f"{rule.kind}.{rule.path}: {rule.message}"
)
def test_each_rule_is_on_the_page_of_its_kind(rule: crds.Rule) -> None:
    page = next(kind.page for kind in KINDS if kind.name == rule.kind)
    assert rule.message in PAGES[page]


def test_each_field_is_on_the_page_of_its_kind() -> None:
    pages = {kind.name: PAGES[kind.page] for kind in KINDS}
    for node in crds.all_nodes():
        if node.path.startswith(("spec.", "status.")):
            name = node.path.split(".")[-1].removesuffix("[]")
            assert name == "*" or f"| `{name}` |" in pages[node.kind], node.path


def test_no_page_has_a_word_that_markdown_would_swallow() -> None:
    for name, text in PAGES.items():
        body = text.split("-->", 1)[1]
        outside_code = "".join(body.split("`")[::2])
        assert "<" not in outside_code, name


def test_a_page_that_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--docs", str(tmp_path)]) == 0
    (tmp_path / "todotasks.md").write_text("old")
    (tmp_path / "reminders.md").unlink()
    (tmp_path / "chores.md").write_text("of a kind that is gone")
    assert reference.main(["--check", "--docs", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "chores.md belongs to no kind" in said
    assert "reminders.md is missing" in said
    assert "todotasks.md differs from the CRDs" in said
    assert reference.main(["--docs", str(tmp_path)]) == 0
    assert not (tmp_path / "chores.md").exists()


def test_a_folder_without_crds_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no CustomResourceDefinition"):
        reference.load(tmp_path)
