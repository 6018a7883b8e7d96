"""Options that several commands have, and how their errors reach a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from todo_cli.local.errors import LocalError

data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    default=Path(".todotasks"),
    show_default=True,
    envvar="TODO_DATA_DIR",
    help="The folder of everything that this run keeps.",
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """A LocalError is a message for a person; everything else is a bug and keeps its traceback."""
    try:
        yield
    except LocalError as error:
        raise click.ClickException(str(error)) from error
