"""`todotasks import`: tasks of another program, from what it exports. A dry run unless told otherwise."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import yaml

from todo_cli.commands.options import data_dir
from todo_cli.commands.verify import own_kubeconfig
from todo_cli.importing.cluster import Outcome, carry
from todo_cli.importing.formats import FORMATS, read_file
from todo_cli.importing.model import Context, Export, ImportFailed
from todo_cli.importing.objects import Made, Plan, plan
from todo_cli.person import zone_of_machine
from todotasks.api.meta import ANNOTATION_TIME_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError, KubeError
from todotasks.kube.resources import NAMESPACES

SHOWN = 40  # objects of a dry run that are listed, unless --json or --yaml


@click.command(name="import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--from", "source", type=click.Choice(FORMATS), help="Which format.  [default: as the file looks]"
)
@click.option("--apply", "apply_", is_flag=True, help="Make the objects. Without it nothing is stored.")
@click.option("--completed", is_flag=True, help="Take along what is done already.")
@click.option("-n", "--namespace", default="default", show_default=True, help="Where they are made.")
@click.option(
    "--zone", metavar="IANA", help="Where the times live.  [default: the namespace's, else this machine's]"
)
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the objects, for Git; no cluster is asked.")
@click.option("--json", "as_json", is_flag=True, help="Print what was, or would be, done as JSON.")
@click.option(
    "--kubeconfig", type=click.Path(path_type=Path), help="Instead of the data folder's, or kubectl's."
)
@data_dir
def import_(  # noqa: PLR0917 - click calls it by name
    files: tuple[Path, ...],
    source: str | None,
    apply_: bool,
    completed: bool,
    namespace: str,
    zone: str | None,
    as_yaml: bool,
    as_json: bool,
    kubeconfig: Path | None,
    data_dir: Path,
) -> None:
    """Bring in tasks from FILES: of Todoist (CSV, JSON), Vikunja (zip, data.json), Taskwarrior (task export),
    or a calendar (.ics).

    Without --apply it is a dry run: the API server checks every object and stores none. Importing again makes
    nothing twice and changes nothing that is there. What has no place in a task is listed, with its line or
    field. The exit code is 1 when an object was refused.
    """
    if as_yaml and apply_:
        raise click.UsageError("--yaml only prints; it does not go with --apply")
    given = _zone(zone)
    if as_yaml:
        context = Context(datetime.now(UTC), given or _machine())
        exports = _read(files, source, context)
        plans = [plan(export, context, with_completed=completed) for export in exports]
        click.echo(
            yaml.safe_dump_all(
                [made.body for each in plans for made in each.made], allow_unicode=True, sort_keys=False
            ),
            nl=False,
        )
        for line in _left(exports):
            click.echo(line, err=True)
        return
    try:
        config = KubeConfig.load(kubeconfig or own_kubeconfig(data_dir))
        said = asyncio.run(
            _run(config, files, source, given, namespace, completed=completed, dry_run=not apply_)
        )
    except KubeConfigError as error:
        raise click.ClickException(f"{error}. Without a cluster, --yaml prints the objects.") from error
    except KubeError as error:
        raise click.ClickException(
            f"{error}. Nothing more was made; import once more when it answers."
        ) from error
    exports, plans, outcomes, context = said
    if as_json:
        click.echo(
            json.dumps(_as_json(exports, plans, outcomes, dry_run=not apply_), indent=2, ensure_ascii=False)
        )
    else:
        for line in _shown(exports, plans, outcomes, context, namespace, dry_run=not apply_):
            click.echo(line)
    sys.exit(1 if any(outcome.result == "refused" for outcome in outcomes) else 0)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return load_zone(name)
    except ZoneError as error:
        raise click.UsageError(f"--zone: {error}") from error


def _machine() -> ZoneInfo:
    return load_zone(zone_of_machine() or "UTC")


def _read(files: Sequence[Path], source: str | None, context: Context) -> list[Export]:
    """Everything is read before anything is made: a file that is broken stops the import."""
    try:
        return [
            export for file in files for export in read_file(file.name, file.read_bytes(), context, source)
        ]
    except ImportFailed as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error


async def _run(
    config: KubeConfig,
    files: Sequence[Path],
    source: str | None,
    zone: ZoneInfo | None,
    namespace: str,
    *,
    completed: bool,
    dry_run: bool,
) -> tuple[list[Export], list[Plan], list[Outcome], Context]:
    async with KubeClient(config) as kube:
        context = Context(datetime.now(UTC), zone or await _zone_of(kube, namespace) or _machine())
        exports = _read(files, source, context)
        plans = [plan(export, context, with_completed=completed) for export in exports]
        outcomes = await carry(
            kube, namespace, [made for each in plans for made in each.made], dry_run=dry_run
        )
    return exports, plans, outcomes, context


async def _zone_of(kube: KubeClient, namespace: str) -> ZoneInfo | None:
    """The namespace's own; who may not read it, or finds nonsense there, has the machine's."""
    try:
        found = await kube.get(NAMESPACES, namespace)
        return load_zone((found["metadata"].get("annotations") or {})[ANNOTATION_TIME_ZONE])
    except (KubeError, KeyError, ZoneError):
        return None


# -- what is said ---------------------------------------------------------------------------------


def _shown(
    exports: Sequence[Export],
    plans: Sequence[Plan],
    outcomes: Sequence[Outcome],
    context: Context,
    namespace: str,
    *,
    dry_run: bool,
) -> list[str]:
    done = "would be made" if dry_run else "made"
    lines = [f"Times are read in {context.zone.key}.", ""]
    lines += [f"  {_line(outcome, done)}" for outcome in outcomes[:SHOWN]]
    if len(outcomes) > SHOWN:
        lines.append(f"  … and {len(outcomes) - SHOWN} more (--json lists all)")
    refused = [outcome for outcome in outcomes[SHOWN:] if outcome.result == "refused"]
    lines += [f"  {_line(outcome, done)}" for outcome in refused]
    lines += _left(exports)
    counted = Counter(outcome.result for outcome in outcomes)
    said = [f"{counted['made']} {done} in {namespace}", f"{counted['there']} there already"]
    if left_out := sum(each.completed for each in plans):
        said.append(f"{left_out} done and left out (--completed takes them along)")
    if counted["refused"]:
        said.append(f"{counted['refused']} refused")
    lines += ["", f"{'; '.join(said)}."]
    if dry_run:
        lines.append("Nothing was stored. --apply makes them.")
    return lines


def _line(outcome: Outcome, done: str) -> str:
    made = outcome.object
    kind = "recurrencerule" if made.kind == "RecurrenceRule" else "todotask"
    spec = made.body["spec"]
    when = f", due {spec['due']}" if "due" in spec else f", {spec['rrule']}" if "rrule" in spec else ""
    said = {
        "made": done,
        "there": f"there already, as {outcome.message}",
        "refused": f"REFUSED: {outcome.message}",
    }
    return f"{kind}/{made.name}: {made.title}{when}: {said[outcome.result]}"


def _left(exports: Sequence[Export]) -> list[str]:
    remarks = [remark for export in exports for remark in export.remarks]
    return (
        ["", f"Not carried over, or not as it was ({len(remarks)}):", *(f"  {each}" for each in remarks)]
        if remarks
        else []
    )


def _as_json(
    exports: Sequence[Export], plans: Sequence[Plan], outcomes: Sequence[Outcome], *, dry_run: bool
) -> dict[str, object]:
    return {
        "dryRun": dry_run,
        "objects": [_as_object(outcome.object, outcome) for outcome in outcomes],
        "completedLeftOut": sum(each.completed for each in plans),
        "remarks": [
            {"where": remark.where, "title": remark.what, "why": remark.why}
            for export in exports
            for remark in export.remarks
        ],
    }


def _as_object(made: Made, outcome: Outcome) -> dict[str, str]:
    said = {
        "kind": made.kind,
        "name": made.name,
        "from": made.mark,
        "where": made.where,
        "result": outcome.result,
    }
    return said | ({"message": outcome.message} if outcome.message else {})
