"""`todotasks verify`: is it really working, from end to end?"""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from todo_cli.local.folder import Folder
from todo_cli.verify import Step, Verification, Verifier
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.settings import Settings, SettingsError

DEFAULT_TIMEOUT = 30.0  # seconds a step


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path(".todotasks"), show_default=True)
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Instead of the data folder's.")
@click.option("--namespace", default="default", show_default=True, help="Where the task is made.")
@click.option("--timeout", default=DEFAULT_TIMEOUT, show_default=True, help="Seconds each step may take.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def verify(data_dir: Path, kubeconfig: Path | None, namespace: str, timeout: float, as_json: bool) -> None:
    """Run one task through the running system and say what was seen, and when.

    Addresses come from TODO_DATABASE_URL, TODO_KAFKA_* and --kubeconfig, else from what `todotasks up`
    started in --data-dir. The exit code is 1 when a step was not seen.
    """
    database_url, kafka = addresses(data_dir)
    config = KubeConfig.load(kubeconfig or own_kubeconfig(data_dir))
    console = Console(stderr=as_json)

    def on_step(step: Step) -> None:
        if not as_json:
            mark = "[red]✗[/]" if step.problem else "[green]✓[/]"
            console.print(f"{mark} {step.what}", highlight=False)

    async def run() -> Verification:
        async with KubeClient(config) as kube:
            verifier = Verifier(
                kube, database_url, kafka, namespace=namespace, timeout=timeout, on_step=on_step
            )
            return await verifier.run()

    result = asyncio.run(run())
    if as_json:
        click.echo(json.dumps({"ok": result.ok, "steps": [asdict(step) for step in result.steps]}, indent=2))
    else:
        console.print(table(result))
        console.print("Everything works." if result.ok else "[red]Something is missing; see above.[/]")
    sys.exit(0 if result.ok else 1)


def table(result: Verification) -> Table:
    shown = Table("what", "after", "seen", title="One task through the system")
    for step in result.steps:
        after = "" if step.seconds is None else f"{step.seconds * 1000:.0f} ms"
        seen = f"[red]{step.problem}[/] (owed by: {step.owed_by})" if step.problem else step.seen
        shown.add_row(step.what, after, seen)
    return shown


def own_kubeconfig(data_dir: Path) -> Path | None:
    """The data folder's kubeconfig, if there is one; None lets the usual places be searched."""
    path = data_dir / "kubeconfig"
    return path if path.exists() else None


def addresses(data_dir: Path) -> tuple[str, dict[str, str]]:
    """The database URL and the Kafka client's settings; the environment wins over the data folder."""
    folder = Folder.existing(data_dir)

    def found(service: str) -> str:
        run = folder.read_run(service) if folder is not None else None
        return run.address if run is not None else ""

    try:
        settings = Settings.load()
    except SettingsError as error:
        raise click.ClickException("; ".join(error.problems)) from error
    database_url = settings.database_url.reveal() if settings.database_url else found("postgres")
    kafka = dict(settings.kafka)
    if not kafka.get("bootstrap.servers") and (bootstrap := found("kafka")):
        kafka["bootstrap.servers"] = bootstrap
    missing = [
        what
        for what, there in (
            ("PostgreSQL (TODO_DATABASE_URL)", database_url),
            ("Kafka (TODO_KAFKA_BOOTSTRAP)", "bootstrap.servers" in kafka),
        )
        if not there
    ]
    if missing:
        raise click.ClickException(
            f"no address known of {' and '.join(missing)}, and nothing runs in {data_dir}. "
            "Start everything with `todotasks up`, or say where it is."
        )
    return database_url, kafka
