"""`todotasks page`: a link that opens the web page, signed in."""

from pathlib import Path

import click

from todo_cli.commands.options import data_dir, plain_errors
from todo_cli.local.folder import Folder
from todo_cli.local.processes.leftovers import SUPERVISOR
from todo_cli.local.sign_in import sign_in_link


@click.command()
@data_dir
def page(data_dir: Path) -> None:
    """Print a link that opens the web page, signed in as you. It works once, within ten minutes."""
    with plain_errors():
        folder = Folder.existing(data_dir)
        run = folder.read_run(SUPERVISOR) if folder is not None else None
        gateway = folder.runs().get("gateway") if folder is not None else None
        if folder is None or run is None or gateway is None:
            raise click.ClickException(
                f"No gateway runs in {data_dir.absolute()}. `todotasks up` starts one."
            )
        link = sign_in_link(Path(run.address), gateway.address)
        if link is None:
            raise click.ClickException(
                f"The kubeconfig {run.address} has no token, or the gateway does not answer. Open "
                f"{gateway.address}/ and paste a token: kubectl create token SERVICEACCOUNT"
            )
        click.echo(link)
