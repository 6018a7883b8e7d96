"""A pipe that is closed early (`| head -1`) has what it wanted: no error, and no noise."""

import os
import sys
from typing import Any

import click


class ClosedEarly(Exception):
    """Whoever reads standard output has gone. Not an OSError: click would end with 1."""


class Piped(click.Command):
    """A command as the program. Mixed in before click's class."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ClosedEarly from error
        except SystemExit:
            _flush()
            raise
        return found

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except ClosedEarly:
            # What is still buffered goes nowhere, also when the interpreter flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ClosedEarly from error
