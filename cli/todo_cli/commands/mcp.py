"""`todotasks mcp`: the tools for a program on this machine, by the Model Context Protocol over stdio.

It acts as the user of the kubeconfig and needs no gateway. What undo and "it" mean is kept in a folder of the
user's, so it outlives the process. Standard output belongs to the protocol; the log goes to standard error.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

import click

from todo_cli.person import state_folder, username, zone_of_machine
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import FileStore
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import Settings, SettingsError
from todotasks.telemetry.logs import setup_logging
from todotasks.tools.desk import Desk

MISSING = "The Model Context Protocol needs its SDK: pip install 'todotasks[mcp]'"


@click.command()
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Default: as kubectl finds it.")
@click.option("--context", help="Of the kubeconfig.  [default: its current one]")
@click.option("-n", "--namespace", help="Where the tasks are.  [default: the context's]")
@click.option("--time-zone", metavar="IANA", help="Of the person.  [default: this machine's]")
def mcp(kubeconfig: Path | None, context: str | None, namespace: str | None, time_zone: str | None) -> None:
    """Serve search, create, edit and the rest as tools over standard input and output.

    \b
    An MCP client starts it by itself, for example with
      {"mcpServers": {"todotasks": {"command": "todotasks", "args": ["mcp", "-n", "home"]}}}
    """
    try:
        settings = Settings.load()
        config = KubeConfig.load(kubeconfig, context)
        if time_zone is not None:
            load_zone(time_zone)
    except (SettingsError, KubeConfigError) as error:
        raise click.ClickException(str(error)) from error
    except ZoneError as error:
        raise click.UsageError(f"--time-zone: {error}") from error
    setup_logging(settings, "mcp")
    with suppress(KeyboardInterrupt):  # a client may end us so
        asyncio.run(serve(config, namespace or config.namespace, time_zone or zone_of_machine()))


async def serve(config: KubeConfig, namespace: str, time_zone: str | None) -> None:
    try:
        from mcp.server.stdio import stdio_server  # noqa: PLC0415 - a second, which --help need not wait for

        from todotasks.tools.mcp_server import build_server  # noqa: PLC0415
    except ImportError as error:
        raise click.ClickException(f"{MISSING} ({error})") from error
    async with KubeClient(config) as kube:
        desk = Desk(
            chat=Chat(),
            client=kube,
            owner=f"{config.server} {namespace}",
            me=await username(kube),
            store=FileStore(state_folder() / "mcp"),
            namespace=namespace,
            time_zone=time_zone,
        )
        server = build_server(lambda context: desk)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
