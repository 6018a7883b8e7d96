"""`todo-operator`: reads the settings, starts one `Process`, and turns its end into an exit code.

0: asked to stop. 1: something failed that a new start may heal. 2: settings or options. 3: somebody else
leads now (see `process`). Whoever runs us starts us again after anything but 0.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Sequence

import structlog
import uvloop

from todo_operator.process.lifecycle import COMPONENTS, Process, check_components
from todotasks.channel_settings import ChannelSettings
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import SettingsError
from todotasks.store import BadDatabaseUrl
from todotasks.telemetry import announce, setup_logging, setup_tracing

EXIT_FAILED = 1
EXIT_UNUSABLE = 2

# When the collector looks for cycles. By default after 700 new objects, over and over through a cache of a
# million that has none: a fifth of the time in which ten thousand reminders are told.
COLLECT_AFTER = (10_000, 20, 20)

log = structlog.get_logger(__name__)


def read_options(arguments: Sequence[str] | None) -> frozenset[str]:
    parser = argparse.ArgumentParser(
        prog="todo-operator",
        description="Brings the tasks of a cluster to life and keeps the record. Settings are environment "
        "variables TODO_…, or lines of the file TODO_SETTINGS_FILE.",
    )
    parser.add_argument(
        "--components",
        default=",".join(COMPONENTS),
        metavar="A,B,…",
        help="what this process does, of: %(default)s (default: all)",
    )
    chosen = frozenset(part.strip() for part in parser.parse_args(arguments).components.split(",") if part)
    problem = check_components(chosen)
    if problem is not None:
        parser.error(problem)
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    components = read_options(arguments)
    required = ("database_url", "kafka") if "relay" in components else ("database_url",)
    try:
        settings = ChannelSettings.load(required=required)
        config = KubeConfig.load(settings.kubeconfig)
        setup_tracing("operator")
    except SettingsError as error:
        print("\n".join(f"todo-operator: {problem}" for problem in error.problems), file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    except KubeConfigError as error:
        print(f"todo-operator: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    component = "relay" if components == {"relay"} else "operator"
    setup_logging(settings, component)
    gc.set_threshold(*COLLECT_AFTER)
    announce(component)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(Process(settings, config, components).run())
    except BadDatabaseUrl as error:
        print(f"todo-operator: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    except Exception:
        log.exception("ended_by_an_error")
        return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
