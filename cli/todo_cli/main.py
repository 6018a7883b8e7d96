"""`todotasks`: everything a person or a pipeline calls by hand.

A command's module is imported only when it is called: `todotasks parse` must not pay for the
control plane's imports, nor `kubectl todo` for the operator's.
"""

from importlib import import_module

import click

import todotasks
from todo_cli.pipes import Piped

# name → (module, attribute, one line of help). The help stands here, so that `--help` imports nothing.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "up": ("todo_cli.commands.up", "up", "Start everything on this machine."),
    "down": ("todo_cli.commands.down", "down", "Stop what `up` started; the data stays."),
    "status": ("todo_cli.commands.status", "status", "Say what runs where, and whether it is healthy."),
    "page": ("todo_cli.commands.page", "page", "Print a link that opens the web page, signed in."),
    "samples": ("todo_cli.commands.page", "samples", "Make a week of tasks around today."),
    "verify": ("todo_cli.commands.verify", "verify", "Run one task through the running system."),
    "events": ("todo_cli.commands.events", "events", "Print what happened, from Kafka."),
    "import": ("todo_cli.importing.command", "import_", "Bring in the tasks of another program."),
    "audit": ("todo_cli.commands.audit", "audit", "Say who did what, and prove that the record is whole."),
    "next": ("todo_cli.commands.next", "next_", "Say when a rule fires next, and what it says in words."),
    "parse": ("todo_cli.commands.parse", "parse", "Show how words are understood."),
    "mcp": ("todo_cli.commands.mcp", "mcp", "Offer the tools to a program, over stdio (MCP)."),
}


class LazyGroup(Piped, click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(todotasks.__version__, prog_name="todotasks")
def main() -> None:
    """A todo list whose database is the Kubernetes API."""
