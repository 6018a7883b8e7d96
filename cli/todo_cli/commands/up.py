"""`todotasks up`: start everything on this machine, and keep it running."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from todo_cli.commands.options import data_dir, plain_errors
from todo_cli.local.backing.choice import Options
from todo_cli.local.errors import AlreadyRunning
from todo_cli.local.folder import Folder
from todo_cli.local.parts import PARTS
from todo_cli.local.processes.leftovers import SUPERVISOR
from todo_cli.local.progress import Progress
from todo_cli.local.supervisor import READY, Supervisor

PORT_NAMES = (
    *("kube-apiserver", "etcd", "etcd-peer", "kafka", "kafka-controller", "smtp"),
    *(f"{part.name}-health" for part in PARTS),
    *(part.name for part in PARTS if part.serves),
)
FOLLOW = 0.1  # seconds between two looks at a detached run


@click.command()
@data_dir
@click.option(
    "--kubeconfig",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Use the cluster of this kubeconfig instead of starting an API server.",
)
@click.option("--kind", is_flag=True, help="Use a kind cluster instead (needs Docker and kind).")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="SERVICE=NUMBER",
    help="Give a service another port, kept from then on: kube-apiserver=7443, kafka=9092, …",
)
@click.option("--no-parts", is_flag=True, help="Start only what todotasks stands on, none of its own parts.")
@click.option("--detach", "-d", is_flag=True, help="Return when everything is ready, and leave it running.")
def up(
    *,
    data_dir: Path,
    kubeconfig: Path | None,
    kind: bool,
    ports: tuple[str, ...],
    no_parts: bool,
    detach: bool,
) -> None:
    """Start everything on this machine.

    Takes what is there (a cluster, a PostgreSQL, a Kafka, a mail server) and starts what is not. A second
    `up` in the same folder finds the first.
    """
    if kind and kubeconfig is not None:
        raise click.UsageError("--kind and --kubeconfig exclude each other: each names the cluster to use")
    progress = Progress(click.echo)
    with plain_errors():
        folder = Folder.open(data_dir)
        if folder.is_held():
            _say_already_running(folder)
            return
        for name, number in (_parse_port(given) for given in ports):
            folder.set_port(name, number)
        if detach:
            _detach(folder, kubeconfig, kind, no_parts)
            return
        options = Options(kubeconfig=kubeconfig, kind=kind, parts=not no_parts)
        try:
            Supervisor(folder, options, progress).run()
        except AlreadyRunning:  # another `up` was faster by a moment
            _say_already_running(folder)


def _parse_port(given: str) -> tuple[str, int]:
    name, _, number = given.partition("=")
    if name not in PORT_NAMES or not number.isdecimal() or not 0 < int(number) < 65536:
        raise click.BadParameter(
            f"{given!r}: must be like kube-apiserver=7443, with one of {', '.join(PORT_NAMES)} and a port "
            "from 1 to 65535",
            param_hint="--port",
        )
    return name, int(number)


def _say_already_running(folder: Folder) -> None:
    run = folder.read_run(SUPERVISOR)
    who = f"pid {run.process.pid}, {run.taken}" if run is not None else "just starting"
    click.echo(f"todotasks is already running in {folder.root} ({who}). Nothing was started.")
    click.echo("`todotasks status` says how things are, `todotasks down` stops them.")


def _detach(folder: Folder, kubeconfig: Path | None, kind: bool, no_parts: bool) -> None:
    """Start the same command in a session of its own, and show what it says until it is ready."""
    log = folder.log("up")
    command = [sys.executable, "-m", "todo_cli", "up", f"--data-dir={folder.root}"]
    command += [f"--kubeconfig={kubeconfig.absolute()}"] if kubeconfig is not None else []
    command += ["--kind"] if kind else []
    command += ["--no-parts"] if no_parts else []
    folder.rotate_log("up")
    with log.open("ab") as out:
        start = out.tell()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        code = _follow(folder, child, log, start)
    except KeyboardInterrupt:
        child.send_signal(signal.SIGTERM)
        child.wait()
        raise
    if code is None:
        click.echo(f"It goes on in the background (pid {child.pid}); what it says is in {log}.")
    else:
        sys.exit(code or 1)


def _follow(folder: Folder, child: "subprocess.Popen[bytes]", log: Path, start: int) -> int | None:
    """Show a log from `start` until the run is ready (None) or has ended (its exit code)."""
    with log.open("rb") as lines:
        lines.seek(start)
        while True:
            code = child.poll()
            run = folder.read_run(SUPERVISOR)
            ready = run is not None and run.process.pid == child.pid and run.taken == READY
            if ready:
                time.sleep(FOLLOW)  # the last lines are written right after it is ready
            with contextlib.suppress(BrokenPipeError):
                os.write(sys.stdout.fileno(), lines.read())
            if ready or code is not None:
                return None if ready else code
            time.sleep(FOLLOW)
