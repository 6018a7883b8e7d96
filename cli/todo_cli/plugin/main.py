"""`kubectl todo …`: the command line. kubectl runs `kubectl-todo` when it finds that on the PATH."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import get_args

import click

from todo_cli.connection import Connection, connection_options, kubectls_own_options
from todo_cli.person import zone_of_machine
from todo_cli.pipes import Piped, write_to_a_shell, write_what_can_be_written
from todo_cli.plugin.asking import ONLY_LISTS, Local, UsageError, Watch, asked, overview
from todo_cli.plugin.flags import arguments
from todo_cli.plugin.printing.formats import Format
from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.command import Sort

DRY_RUNS = ("none", "client", "server")
LIMIT = 50  # rows of a list

EPILOG = f"""\b
Verbs:
{overview()}

\b
Or just say it:
  kubectl todo "remind me to water the plants every 3 days at 7pm #home"
  kubectl todo "move everything due today to tomorrow"

Numbers are those of the last list. Exit codes: 0 done, 1 refused or failed, 2 wrong usage or a question
that waits for an answer (`kubectl todo yes`).
"""


@click.command(cls=Piped, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.argument("words", nargs=-1)
@click.option("-n", "--namespace", help="Where the tasks are.  [default: the context's]")
@click.option(
    "-A", "--all-namespaces", is_flag=True, help="Of `list`, `next`, `today` and `rules`: everywhere."
)
@connection_options
@kubectls_own_options
@click.option(
    "--dry-run",
    type=click.Choice(DRY_RUNS),
    default="none",
    help="server (or alone), client: only ask.",
)
@click.option(
    "-o",
    "--output",
    type=Format(),
    help="kubectl: the commands that do the same. Of its own formats, too: jsonpath=…, custom-columns=…",
)
@click.option("-y", "--yes", is_flag=True, help="Do what would be asked about (bulk edits and deletes).")
@click.option("--sort", type=click.Choice(get_args(Sort)), help="Of `list`.  [default: due]")
@click.option("--limit", type=click.IntRange(1, 200), help=f"Of `list`.  [default: {LIMIT}]")
@click.option("--absolute", is_flag=True, help="Dates in full.")
@click.option("--color/--no-color", default=None, help="Default: on a terminal; NO_COLOR is respected.")
@click.option("--time-zone", metavar="IANA", help="Yours.  [default: the namespace's, else this machine's]")
@click.option("--language", type=click.Choice(["auto", "en", "de"]), default="auto", show_default=True)
def todo(  # noqa: PLR0917 - click passes options by name
    words: tuple[str, ...], namespace: str | None, all_namespaces: bool, connection: Connection, dry_run: str,
    output: str | None, yes: bool, sort: Sort | None, limit: int | None, absolute: bool,
    color: bool | None, time_zone: str | None, language: str,
) -> None:  # fmt: skip
    """Todo tasks in your own words, as edits of resources with your own rights."""
    try:
        zone = load_zone(time_zone or zone_of_machine() or DEFAULT_ZONE)
    except ZoneError as error:
        raise click.UsageError(f"--time-zone: {error}") from error
    now = datetime.now(UTC).astimezone(zone)
    try:
        what = asked(words, now=now, zone=zone, sort=sort or "due", limit=limit or LIMIT)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if isinstance(what, Local) and what.verb != "edit":
        sys.exit(_local(what, str(zone), language))
    if isinstance(what, Local) and not what.words:
        raise click.UsageError("edit: expected a task, for example: kubectl todo edit rent")
    # Asked for only now: `help` and `parse` need none of it.
    from todo_cli.plugin.printing.tables import Look  # noqa: PLC0415
    from todo_cli.plugin.talk import Options, talk  # noqa: PLC0415
    from todotasks.kube.errors import KubeConfigError  # noqa: PLC0415

    try:
        config = connection.config()
    except KubeConfigError as error:
        raise click.ClickException(str(error)) from error
    options = Options(
        namespace=namespace or config.namespace,
        time_zone=time_zone,
        language=language,
        dry_run=dry_run != "none",
        output=output or "",
        yes=yes,
        look=Look(now, zone, wide=output == "wide", absolute=absolute, color=color),
        kubectl_flags=connection.flags(),
        request_timeout=connection.request_timeout,
        limit=limit,
        sort=sort,
    )
    try:
        if all_namespaces and (isinstance(what, (Watch, Local))):
            raise click.UsageError(f"-A: {ONLY_LISTS}")
        if isinstance(what, Watch):
            from todo_cli.plugin.watching import watch  # noqa: PLC0415

            sys.exit(asyncio.run(watch(what, config, options)))
        if all_namespaces:
            from todo_cli.plugin.everywhere import everywhere  # noqa: PLC0415

            sys.exit(asyncio.run(everywhere(what, config, options)))
        sys.exit(asyncio.run(talk(what, config, options)))
    except KeyboardInterrupt:
        sys.exit(130)


def _local(what: Local, zone: str, language: str) -> int:
    if what.verb == "parse":
        from todo_cli.commands.parse import parse  # noqa: PLC0415

        parse.main(
            ["--zone", zone, "--language", language, "--", *what.words], prog_name="kubectl todo parse"
        )
    if what.verb == "completion":
        from todo_cli.plugin.completion import SCRIPTS  # noqa: PLC0415

        shell = what.words[0] if what.words else ""
        if shell not in SCRIPTS:
            raise click.UsageError(f"completion {shell!r}: expected one of {', '.join(SCRIPTS)}")
        click.echo(SCRIPTS[shell], nl=False)
        return 0
    click.echo(todo.get_help(click.Context(todo, info_name="kubectl todo")))
    return 0


def main() -> None:
    write_what_can_be_written()
    try:
        words = arguments(sys.argv[1:], todo)
    except click.UsageError as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    todo.main(words, prog_name="kubectl todo")


def complete() -> None:
    """`kubectl_complete-todo`: kubectl calls it with the words behind `todo`, the last one unfinished."""
    from todo_cli.plugin.completion import completions  # noqa: PLC0415

    write_to_a_shell("\n".join(completions(sys.argv[1:], todo)))


if __name__ == "__main__":
    main()
