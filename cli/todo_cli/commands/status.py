"""`todotasks status`: what runs where, and whether it is healthy. Asks each service, believes no file."""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import msgspec
import psutil

from todo_cli.commands import figures
from todo_cli.commands.options import data_dir, plain_errors
from todo_cli.local.folder import Folder, RunFile
from todo_cli.local.processes.leftovers import SUPERVISOR
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.process import alive

EXIT_UNHEALTHY = 1
MEBIBYTE = 2**20


class ServiceStatus(msgspec.Struct, rename="camel"):
    """One service, as asked just now. What is not ours has no pid and no log."""

    name: str
    healthy: bool
    reason: str | None
    address: str
    taken: str
    pid: int | None = None
    memory_bytes: int | None = None
    log: str | None = None
    version: str | None = None
    lag: dict[str, float] = msgspec.field(default_factory=dict)  # what waits in it, by what it is


class Status(msgspec.Struct, rename="camel"):
    """What `status --json` prints."""

    data_dir: str
    running: bool = False
    healthy: bool = False
    phase: str | None = None
    pid: int | None = None
    seconds_running: int | None = None
    kubeconfig: str | None = None
    mail_folder: str | None = None
    mails: int = 0
    services: list[ServiceStatus] = msgspec.field(default_factory=list)


@click.command()
@data_dir
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def status(data_dir: Path, as_json: bool) -> None:
    """Say what runs where, and whether it is healthy. Exit code 0 when all of it is."""
    with plain_errors():
        report = ask(Folder.existing(data_dir), data_dir.absolute())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        _print(report)
    sys.exit(0 if report.healthy else EXIT_UNHEALTHY)


def ask(folder: Folder | None, root: Path) -> Status:
    """Ask every service that runs in a folder, all at once: one that hangs does not delay the others."""
    if folder is None:
        return Status(str(root))
    supervisor = folder.read_run(SUPERVISOR)
    # A service of a run that goes on is listed also when it has just ended; after a run, only what lives.
    runs = folder.runs() if supervisor is not None else folder.running()
    runs.pop(SUPERVISOR, None)
    with ThreadPoolExecutor(max_workers=len(runs) or 1) as pool:
        services = list(pool.map(lambda item: _service(folder, *item), runs.items()))
    report = Status(str(folder.root), services=services)
    report.mail_folder = str(folder.root / "mail")
    report.mails = len(list((folder.root / "mail").glob("*.eml")))
    if supervisor is not None:
        report.running = True
        report.healthy = all(service.healthy for service in services)
        report.phase = supervisor.taken
        report.pid = supervisor.process.pid
        report.seconds_running = round(time.time() - supervisor.process.created)
        report.kubeconfig = supervisor.address
    return report


def _service(folder: Folder, name: str, run: RunFile) -> ServiceStatus:
    missing = run.probe.missing() if alive(run.process) else "it does not run"
    service = ServiceStatus(name, missing is None, missing, without_password(run.address), run.taken)
    health = folder.known_port(f"{name}-health")
    said = figures.NONE if health is None else figures.ask(name, f"http://{LOOPBACK}:{health}")
    service.version = said.version or figures.version_in(run.taken)
    service.lag = said.lag
    if not run.external:
        service.pid = run.process.pid
        service.memory_bytes = _memory(run.process.pid)
        service.log = str(folder.log(name))
    return service


def _memory(pid: int) -> int | None:
    """Resident memory of a process and its children (PostgreSQL has many)."""
    try:
        process = psutil.Process(pid)
        return sum(int(each.memory_info().rss) for each in (process, *process.children(recursive=True)))
    except psutil.Error:
        return None


def without_password(address: str) -> str:
    """An address as it may be shown: in a URL, in its query and in libpq's `password=…` words."""
    address = re.sub(r"//([^/@:]*):.+@", r"//\1:***@", address)
    return re.sub(r"(password=)('[^']*'|[^&\s]*)", r"\1***", address)


def _print(report: Status) -> None:
    if report.running:
        since = f"pid {report.pid}, for {report.seconds_running} s"
        click.echo(f"todotasks in {report.data_dir}: {report.phase}, {since}")
    else:
        click.echo(f"todotasks does not run in {report.data_dir}. `todotasks up` starts it.")
    if report.services:
        _print_table(report.services)
    if report.running:
        click.echo(f"{report.mails} mails in {report.mail_folder}")
        click.echo(f"export KUBECONFIG={report.kubeconfig}")
    elif report.services:
        click.echo("These were left by a run that was killed. `todotasks down` stops them.")


def _print_table(services: list[ServiceStatus]) -> None:
    rows = [("", "SERVICE", "VERSION", "WAITS", "PID", "MEMORY", "ADDRESS", "TAKEN")]
    for service in services:
        memory = "-" if service.memory_bytes is None else f"{service.memory_bytes // MEBIBYTE} MiB"
        mark = "✓" if service.healthy else "✗"
        pid = "-" if service.pid is None else str(service.pid)
        waits = figures.told(service.lag)
        version = service.version or "-"
        rows.append((mark, service.name, version, waits, pid, memory, service.address or "-", service.taken))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for service in services:
        if not service.healthy:
            where = f" Its log: {service.log}" if service.log else ""
            click.echo(f"✗ {service.name}: {service.reason}.{where}")
