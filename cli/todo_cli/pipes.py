"""Standard output: a pipe that is closed early (`| head -1`) has what it wanted, no error and no noise; that
a disk is full is said; what a locale cannot write becomes a question mark.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class ClosedEarly(Exception):
    """Whoever reads standard output has gone. Not an OSError: click would end with 1."""


class _NotWritten(Exception):
    """Standard output takes no more: why."""


class Piped(click.Command):
    """A command as the program. Mixed in before click's class."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _named():  # `--help` is printed here
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _named():
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except ClosedEarly:
            _forget_what_is_buffered()
            sys.exit(0)
        except _NotWritten as error:
            _forget_what_is_buffered()
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)


@contextmanager
def _named() -> Iterator[None]:
    """What went wrong with standard output, as ours: click would end with 1, silently."""
    try:
        try:
            yield
        except (SystemExit, click.exceptions.Exit):
            sys.stdout.flush()
            raise
    except BrokenPipeError as error:
        raise ClosedEarly from error
    except OSError as error:
        if error.errno in FULL:
            where = error.filename or "standard output"
            raise _NotWritten(f"{where} cannot be written: {error.strerror}") from error
        raise


def _forget_what_is_buffered() -> None:
    """It goes nowhere, also when the interpreter flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_what_can_be_written() -> None:
    """What the locale cannot write (a title, where it knows no UTF-8) becomes a question mark."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def write_to_a_shell(text: str) -> None:
    """Candidates, of which the shell may have had enough."""
    try:
        write_document(text)
    except BrokenPipeError:
        _forget_what_is_buffered()


def write_document(text: str) -> None:
    """For a program, which reads UTF-8 whatever the locale, as it does from kubectl."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
