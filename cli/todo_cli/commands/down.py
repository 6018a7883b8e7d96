"""`todotasks down`: stop what `up` started. The data stays."""

import signal
from pathlib import Path

import click

from todo_cli.commands.options import data_dir, plain_errors
from todo_cli.local.folder import Folder
from todo_cli.local.processes import process
from todo_cli.local.processes.leftovers import SUPERVISOR, stop_leftovers
from todo_cli.local.progress import Progress

STOP_TIMEOUT = 180.0  # seconds; each service has its own, shorter one


@click.command()
@data_dir
def down(data_dir: Path) -> None:
    """Stop what `up` started; the data stays."""
    progress = Progress(click.echo)
    with plain_errors():
        folder = Folder.existing(data_dir)
        if folder is None:
            click.echo(f"Nothing runs: there is no data folder {data_dir.absolute()}.")
            return
        run = folder.read_run(SUPERVISOR)
        if run is not None:
            with progress.step(f"todotasks (pid {run.process.pid}) stopped"):
                process.send(run.process, signal.SIGTERM)
                if not process.wait_gone(run.process, STOP_TIMEOUT):
                    pid = run.process.pid
                    raise click.ClickException(
                        f"pid {pid} has not stopped after {STOP_TIMEOUT:.0f} s. See {folder.log('up')}; "
                        f"`kill -9 {pid}` and a second `todotasks down` end it."
                    )
        # What a supervisor that was killed has left behind.
        with folder.exclusive():
            left = stop_leftovers(folder, progress)
        if run is None and not left:
            click.echo(f"Nothing runs in {folder.root}.")
        else:
            click.echo(f"Stopped. The data is in {folder.root}.")
