"""`todotasks audit`: ask the log, count it, export it, and prove that it was not altered.

For whoever runs the installation: it reads PostgreSQL itself (TODO_DATABASE_URL, else what `todotasks up`
started in --data-dir). People ask the gateway (`/v1/audit`), which asks the API server whether they may.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from todo_cli.local.folder import Folder
from todotasks.api.due import DueError, resolve_due
from todotasks.audit import BadKey, Head, Verdict, Verifier, key_id, read_public_key
from todotasks.audit.export import as_csv, as_jsonl
from todotasks.audit.published import MAP_NAME, load_heads
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import KubeConfigError, KubeError, NotFound
from todotasks.kube.resources import CONFIGMAPS
from todotasks.settings import Settings, SettingsError
from todotasks.store import Store, StoreError
from todotasks.store.audit import AuditQuery, AuditRow

EXIT_ALTERED = 3
PAGE = 1_000
WIDE = 200  # characters of a line, where there is no terminal
BAR = 40  # characters of the longest bar

T = TypeVar("T")


@click.group()
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path(".todotasks"), show_default=True)
@click.pass_context
def audit(ctx: click.Context, data_dir: Path) -> None:
    """Who did what and when, and whether the record was altered."""
    ctx.obj = data_dir


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--until", default=None, help="Before this moment or day."),
        click.option("--since", default=None, help="From this moment or day on."),
        click.option("-q", "--words", default=None, help="Words of actor, action, object and title."),
        click.option("--name", default=None, help="The object's name."),
        click.option("--kind", default=None, help="TodoTask, RecurrenceRule, Reminder, …"),
        click.option(
            "--source", default=None, type=click.Choice(["attempt", "observed", "delivery", "time", "gap"])
        ),
        click.option("--action", default=None, help="task.created, create, reminder.failed, …"),
        click.option("--actor", default=None, help="The user name, whole."),
        click.option("-n", "--namespace", multiple=True, help="Again and again; default: all."),
    ):
        command = option(command)
    return command


@audit.command("list")
@_filters
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="Each entry whole, one a line.")
@click.pass_obj
def list_(data_dir: Path, /, limit: int, as_json: bool, **filters: Any) -> None:
    """The newest entries first."""
    query = _query(limit=limit, **filters)
    rows = _with_store(data_dir, lambda store: store.audit.find(query))
    if as_json:
        sys.stdout.buffer.write(as_jsonl(row.shown for row in rows))
        return
    table = Table(box=None, header_style="bold")
    for column in ("SEQ", "AT", "WHO", "WHAT", "OBJECT", "CHANGED"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*_cells(row))
    console = Console()
    if not console.is_terminal:  # a file or a pipe has no width
        console = Console(width=WIDE)
    console.print(table)


@audit.command()
@_filters
@click.option(
    "--by", default="action", show_default=True, type=click.Choice(["action", "actor", "day", "namespace"])
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def stats(data_dir: Path, /, by: str, as_json: bool, **filters: Any) -> None:
    """How many entries, as a plot."""
    query = _query(**filters)
    groups = _with_store(data_dir, lambda store: store.audit.count(query, by))
    if as_json:
        click.echo(msgspec.json.encode([{"key": key, "count": count} for key, count in groups]).decode())
        return
    most = max((count for _, count in groups), default=1)
    width = max((len(key) for key, _ in groups), default=0)
    for key, count in groups:
        click.echo(
            f"{key or '(nobody)':<{max(width, 8)}}  {'█' * max(1, round(count / most * BAR))} {count:,}"
        )


@audit.command()
@_filters
@click.option("--format", "form", default="jsonl", show_default=True, type=click.Choice(["jsonl", "csv"]))
@click.pass_obj
def export(data_dir: Path, /, form: str, **filters: Any) -> None:
    """Everything that fits, to standard output, the newest first."""

    async def run(store: Store) -> None:
        query = _query(limit=PAGE, **filters)
        first = True
        while True:
            rows = await store.audit.find(query)
            shown = [row.shown for row in rows]
            sys.stdout.buffer.write(as_csv(shown, header=first) if form == "csv" else as_jsonl(shown))
            if len(rows) < PAGE:
                return
            first, query = False, msgspec.structs.replace(query, before=rows[-1].seq)

    _with_store(data_dir, run)


@audit.command()
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads as JSON lines (of the topic audit-heads), instead of the ConfigMap.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public key to trust (PEM).",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def verify(data_dir: Path, heads: Path | None, key: Path | None, as_json: bool) -> None:
    """Walk the whole chain against the heads that were published. Exit code 3: it was altered."""
    published, texts = _from_file(heads) if heads else asyncio.run(_from_cluster(data_dir))
    keys = _trusted([key.read_text()] if key else texts)
    verdict = _with_store(data_dir, lambda store: _walk(store, published, keys, quiet=as_json))
    if as_json:
        click.echo(msgspec.json.encode(verdict).decode())
    else:
        _say(verdict, published, keys, pinned=key is not None)
    if not verdict.holds:
        sys.exit(EXIT_ALTERED)


async def _walk(
    store: Store, published: list[Head], keys: dict[str, Ed25519PublicKey], *, quiet: bool
) -> Verdict:
    verifier = Verifier(published, keys, stored=await store.audit.closing_heads())
    first, last = await store.audit.span()
    with Progress(console=Console(stderr=True), disable=quiet or not sys.stderr.isatty()) as progress:
        bar = progress.add_task("verifying", total=last - first + 1)
        async for rows in store.audit.walk():
            progress.advance(bar, len(rows))
            # In a thread: meanwhile the next page comes in.
            if not await asyncio.to_thread(verifier.feed, rows):
                break
    return verifier.verdict()


def _say(verdict: Verdict, published: list[Head], keys: dict[str, Ed25519PublicKey], *, pinned: bool) -> None:
    click.echo(
        f"{verdict.rows:,} rows, {verdict.first} to {verdict.last}; {verdict.heads} of "
        f"{len(published)} heads met."
    )
    whose = "" if pinned else " (as it stands beside the heads; pin it with --key)"
    click.echo(f"Key {', '.join(keys) or 'none'}{whose}.")
    if verdict.finding is not None:
        click.echo(f"✗ {verdict.finding.flaw} at row {verdict.finding.seq}: {verdict.finding.message}.")
        return
    click.echo(f"✓ Nothing was altered up to row {verdict.vouched}, which the newest head vouches for.")
    behind = verdict.last - verdict.vouched
    if behind > 0:
        click.echo(f"  The {behind:,} rows behind it follow from it, but nobody has vouched for them yet.")


def _from_file(path: Path) -> tuple[list[Head], list[str]]:
    class Line(msgspec.Struct, rename="camel"):
        head: Head
        public_key: str = ""

    try:
        lines = [
            msgspec.json.decode(line, type=Line) for line in path.read_bytes().splitlines() if line.strip()
        ]
    except msgspec.DecodeError as error:
        raise click.ClickException(f"{path} is not JSON lines of heads: {error}") from error
    return [line.head for line in lines], [line.public_key for line in lines if line.public_key]


async def _from_cluster(data_dir: Path) -> tuple[list[Head], list[str]]:
    settings = _settings()
    folder = Folder.existing(data_dir)
    own = None if folder is None else folder.root / "kubeconfig"
    try:
        config = KubeConfig.load(
            settings.kubeconfig or (str(own) if own is not None and own.exists() else None)
        )
        async with KubeClient(config) as kube:
            found = await kube.get(CONFIGMAPS, MAP_NAME, settings.namespace)
    except NotFound as error:
        raise click.ClickException(
            f"there is no ConfigMap {MAP_NAME} in {settings.namespace}: has todo-audit ever run? "
            f"(--heads FILE takes others)"
        ) from error
    except (KubeError, KubeConfigError) as error:
        raise click.ClickException(f"the published heads cannot be read: {error}") from error
    heads, keys = load_heads(found.get("data") or {})
    return heads, list(keys.values())


def _trusted(texts: list[str]) -> dict[str, Ed25519PublicKey]:
    keys = {}
    for text in texts:
        try:
            key = read_public_key(text)
        except BadKey as error:
            raise click.ClickException(f"the public key: {error}") from error
        keys[key_id(key)] = key
    return keys


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        raise click.ClickException("; ".join(error.problems)) from error


def _with_store(data_dir: Path, ask: Callable[[Store], Awaitable[T]]) -> T:
    settings, folder = _settings(), Folder.existing(data_dir)
    run = folder.read_run("postgres") if folder is not None else None
    url = settings.database_url.reveal() if settings.database_url else run.address if run else ""
    if not url:
        raise click.ClickException(
            f"where is PostgreSQL? Set TODO_DATABASE_URL, or start `todotasks up` with its data in {data_dir}"
        )

    async def asked() -> T:
        async with await Store.open(url, application_name="todotasks-audit-cli") as store:
            return await ask(store)

    try:
        return asyncio.run(asked())
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def _query(
    namespace: tuple[str, ...] = (),
    words: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 50,
    **fields: str | None,
) -> AuditQuery:
    return AuditQuery(
        namespaces=namespace or None,
        text=words,
        since=_moment("--since", since),
        until=_moment("--until", until),
        limit=limit,
        **fields,  # type: ignore[arg-type]
    )


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return resolve_due(text).instant
    except DueError as error:
        raise click.BadParameter(error.message, param_hint=option) from error


def _cells(row: AuditRow) -> tuple[str, ...]:
    entry, related = row.entry, row.related or {}
    actor = entry.get("actor") or (related.get("actor") and f"{related['actor']} (asked)") or "unknown"
    if entry["source"] == "attempt":
        what = f"{entry['action']} {'→ ' + str(related['seq']) if related else '→ not observed'}"
    else:
        what = str(entry["action"])
    thing = "/".join(filter(None, (entry.get("namespace"), entry.get("name"))))
    return str(row.seq), str(entry["at"])[:19], actor, what, thing, ", ".join(entry.get("changed", ()))
