"""`todo-notifier`: reads the settings, runs one `Process`. Exit codes: 0 asked to, 1 failed, 2 settings."""

import asyncio
import sys

import structlog
import uvloop

from todo_consumers.notifier.process import Process
from todo_consumers.notifier.settings import NotifierSettings
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import SettingsError
from todotasks.store import BadDatabaseUrl
from todotasks.telemetry import announce, setup_logging, setup_tracing

EXIT_FAILED = 1
EXIT_UNUSABLE = 2

log = structlog.get_logger(__name__)


def main() -> int:
    try:
        settings = NotifierSettings.load(required=("database_url", "kafka"))
        config = KubeConfig.load(settings.kubeconfig)
        setup_tracing("notifier")
    except SettingsError as error:
        print("\n".join(f"todo-notifier: {problem}" for problem in error.problems), file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    except KubeConfigError as error:
        print(f"todo-notifier: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    setup_logging(settings, "notifier")
    announce("notifier")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(Process(settings, config).run())
    except BadDatabaseUrl as error:
        print(f"todo-notifier: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_UNUSABLE
    except Exception:
        log.exception("ended_by_an_error")
        return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
