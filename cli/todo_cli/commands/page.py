"""`todotasks page`: a link that opens the web page, signed in. `todotasks samples`: tasks to see there."""

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import click

from todo_cli.commands.options import data_dir, plain_errors
from todo_cli.local.folder import Folder
from todo_cli.local.processes.leftovers import SUPERVISOR
from todo_cli.local.samples import objects, zone_here
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


@click.command()
@click.option("--namespace", "-n", default="default", show_default=True, help="Where they are made.")
@click.option("--delete", is_flag=True, help="Delete them again.")
def samples(namespace: str, delete: bool) -> None:
    """Make a week of tasks, rules and a mail channel around today, with the kubectl on the PATH.

    Their label todotasks.dev/sample tells them from your own.
    """
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise click.ClickException("There is no kubectl on the PATH. `todotasks up` prints where its own is.")
    if delete:
        kinds = "recurrencerules,todotasks,notificationchannels"
        command = [kubectl, "delete", kinds, "-n", namespace, "-l", "todotasks.dev/sample=true"]
        raise SystemExit(subprocess.run(command, check=False).returncode)
    body = {
        "apiVersion": "v1",
        "kind": "List",
        "items": objects(datetime.now().astimezone().date(), zone_here()),
    }
    done = subprocess.run(
        [kubectl, "apply", "-n", namespace, "-f", "-"], input=json.dumps(body), text=True, check=False
    )
    raise SystemExit(done.returncode)
