"""Completion offers what the given command accepts, and nothing else. No cluster is asked here."""

import click
import pytest

from todo_cli.plugin.completion import NO_FILES, completions
from todo_cli.plugin.main import todo


@click.command()
@click.option("--colour", type=click.Choice(["red", "green"]))
@click.option("--quick", is_flag=True)
@click.option("--name")
def painted() -> None: ...


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        (["--"], ["--colour", "--quick", "--name", "--help"]),
        (["--q"], ["--quick"]),
        (["--colour", ""], ["red", "green"]),
        (["--colour=g"], ["--colour=green"]),
        (["--colour="], ["--colour=red", "--colour=green"]),
        (["--name", ""], []),
    ],
)
def test_the_flags_and_values_of_the_command_given_are_offered(given: list[str], offered: list[str]) -> None:
    assert completions(given, painted) == [*offered, NO_FILES]


def test_every_flag_of_kubectl_todo_is_offered() -> None:
    flags = {
        name
        for option in todo.params
        if not getattr(option, "hidden", False)
        for name in (*option.opts, *option.secondary_opts)
        if name[:2] == "--"
    }
    assert flags <= set(completions(["--"], todo))
    assert "--cache-dir" not in completions(["--"], todo), "it has no effect"


def test_the_dry_run_takes_no_value_from_the_next_word() -> None:
    assert "list" in [line.split("\t")[0] for line in completions(["--dry-run", "li"], todo)]


def test_the_shells_of_completion_are_offered() -> None:
    assert completions(["completion", ""], todo) == ["bash", "zsh", "fish", NO_FILES]
