"""Build and fetch, ahead of time, what a first start would: `python -m todo_cli.local.prepare`.

`make test` does it before pytest, which captures what its fixtures print, so that nobody waits minutes
in front of an empty screen.
"""

import sys

import click

from todo_cli.local.backing import class_archive, kafka
from todo_cli.local.controlplane import binaries
from todo_cli.local.errors import LocalError
from todo_cli.local.progress import Progress


def main() -> None:
    progress = Progress(click.echo)
    try:
        found = binaries.obtain(progress)
        click.echo(f"control plane: {found.apiserver.path.parent} ({found.apiserver.source})")
        missing = kafka.why_not()
        if missing is None:
            jars = kafka.obtain(progress)
            click.echo(f"Apache Kafka: {jars}")
            class_archive.obtain(jars, progress)
        else:
            click.echo(f"Apache Kafka: not here, {missing}")
    except LocalError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
